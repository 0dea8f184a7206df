"""The core month once more, as plain Mesa code: one agent per firm, plain attributes, lists and
loops. Read it as the specification.

It is written from the equations in the docstrings of `agents/` and `model/`, not from their arrays,
and knows no measure at any border: bans, licences, quotas and premia are outside it. Parameters
come from the world's parameter table (`self.p`); numbers that stand in the equations are named
here.
"""

from __future__ import annotations

from math import exp, gamma, log
from typing import TYPE_CHECKING, Any

from coercivity.agents.base.mesa import BaseAgent
from tools.check.oracle.parts import Need, Offer

FEAR = 3.3  # chance of a cut-off at full alarm over the cost of holding
PRICE_COVER_POWER = -0.15  # dear goods are stocked less
TREND_STEEPNESS, TREND_LEAST, TREND_MOST = 6.0, -0.5, 1.5
LEAST_FILL = 0.02  # a supplier that never delivers still gets a trickle of trust
SEEK_FILL, SEEK_DISTRUST = 0.9, 0.1  # below and above which a need looks for new suppliers
SCARCEST_POWER = 4.0  # of the mean over co-products
LARGE_BY_PRODUCT = 0.1  # t per t fed, from which a plant runs for a by-product too
FINISH_ALL, FINISH_NONE = 3.0, 6.0  # months of a by-product in stock: all, no surplus is finished
# months of unsold ore at which digging stops, and over which it tapers; the same of oxides
QUOTA_UNSOLD, QUOTA_TAPER = 18.0, 12.0
SEPARATED_UNSOLD, SEPARATED_TAPER = 6.0, 3.6
SEPARATED_SLOPE = 1.5  # run that they lose per loss beyond what they can bear
KEPT = 24.0  # months of orders of a by-product that lie unfinished at most
APART = ("catalysts_glass", "industrial")  # whose inputs go into different goods
FEWEST_LINES = 1e-4  # share of lines that is not counted
WEEKS = (0.125, 0.375, 0.625, 0.875)  # of a month, at which lines without a part are counted
LEVEL_2009, LEVEL_MONTHS = 0.6, 180  # of costs, and months in which they rise to 1
OXIDE_MONTHS = 3.0  # to qualify a second source of an oxide, for which parity leaves its margin
DAYS, MOST_WHOLE = 30.0, 1  # of a month; months after which the first part of a shipment arrives
RECENT_MONTHS = 3.0
DELIVERS = 0.5  # part of orders that the exporter must deliver to be an alternative
MOST_OVER_CAPACITY = 1.3  # orders beyond this do not move a plant's wish
ENTRANT_SHARE, ENTRANT_UNSOLD = 0.3, 3.0
FRINGE_MOST, FRINGE_UNSOLD, FRINGE_TAPER = 0.98, 6.0, 3.0
THROTTLE_LEAST, THROTTLE_SLOPE = 0.25, 3.0  # running below cost
BACKLOG_MONTHS = 6.0
SCARCE_LEAST, SCARCE_MOST, CONVEX_FROM = -1.5, 2.5, 0.5
ETA = {"commodity": 1.0, "manufactured": 0.6, "concentrate": 0.5}  # of the parameter price_eta
STEEP = {"commodity": 1.0, "manufactured": 0.0, "concentrate": 0.3}  # of the parameter price_steep
MAKER_FLOOR = 0.9  # of the price that just keeps the cost of the start
ANCHOR_STEP = 0.3
REPLACEMENT_MONTHS, PAID_PART, LINK_FILL_MONTHS = 2.0, 0.5, 4.0
NEED_FILL_MONTHS, LAG_MONTHS, GROWTH_MONTHS = 2.0, 9.0, 4.0
NOTHING = 1e-9  # share of normal use below which a tonnage counts as none (rounding)


def between(low: float, value: float, high: float) -> float:
    """The value, kept within low and high."""
    return max(low, min(value, high))


class Firm(BaseAgent):
    """A firm: its stocks, its suppliers and customers, and what it decides in a month."""

    mine: Firm | None  # of the same owner
    backlog: float
    lasts: float

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, model: Any, **attributes: Any) -> None:
        super().__init__(model)
        self.p = model.p
        self.needs: list[Need] = []
        self.offers: list[Offer] = []
        self.__dict__.update(attributes)
        upstream = self.process.startswith(("mine_", "separate_"))
        self.is_end_user = not self.process.startswith(("mine_", "separate_", "make_"))
        # of metal, magnets, motors: runs on orders, enters with a third of its capacity
        self.is_maker = self.process.startswith("make_")
        # runs while it earns, whatever the orders
        self.is_fringe = upstream and self.state != "China"
        self.has_quota = self.process.startswith("mine_") and self.state == "China"
        self.separates_quota = self.process == "separate_light" and self.state == "China"

    # ---- arrivals

    def arrive(self) -> None:
        """Costs are those of the month; what was shipped to arrive in it enters stock."""
        self.conversion *= self.model.dearer
        self.capex *= self.model.dearer
        for need in self.needs:
            need.arrived = need.due.pop(self.model.month, 0.0)
            need.stock += need.arrived
            need.pipeline -= need.arrived

    # ---- how hard to run, and what to order (M1, M2, M3)

    def plan_run(self) -> None:
        """End users: their plan and overtime. Plants: orders, quota, or as long as they earn; each
        moves part of the way to its wish.
        """
        p = self.p
        if self.is_end_user:
            self.desired = self.plan + min(
                p.overtime * self.plan,
                (self.backlog + max(p.finished_stock - self.finished, 0.0)) / BACKLOG_MONTHS,
            )
            self.wish = self.desired
            return
        capacity = self.capacity * self.available
        if self.is_fringe:
            wanted = self._run_while_it_earns(capacity)
        elif self.has_quota:
            wanted = self.quota * between(
                0.0, (QUOTA_UNSOLD - self._unsold_months()) / QUOTA_TAPER, 1.0
            )
        elif self.separates_quota:
            wanted = self.quota * between(
                0.0, (SEPARATED_UNSOLD - self._unsold_months()) / SEPARATED_TAPER, 1.0
            )
            spare = self.margin + p.bearable_loss
            wanted *= between(THROTTLE_LEAST, 1.0 + SEPARATED_SLOPE * spare, 1.0)
        else:
            throttle = between(
                THROTTLE_LEAST, 1.0 + THROTTLE_SLOPE * (self.margin + p.bearable_loss), 1.0
            )
            wanted = throttle * min(
                self._run_for_orders(), MOST_OVER_CAPACITY * max(self.capacity, 1e-12)
            )
        desired = self.desired + self._speed() * (wanted - self.desired)
        if self.is_maker and self.margin > 0.0:
            desired = max(
                desired,
                ENTRANT_SHARE
                * capacity
                * between(0.0, ENTRANT_UNSOLD - self._unsold_months(), 1.0),
            )
        self.desired = max(desired, 0.0)
        self.wish = min(self.desired, capacity)

    def _speed(self) -> float:
        """Part of the gap to the wished run that is closed in a month."""
        p = self.p
        if self.is_maker:
            return float(p.maker_speed)
        of_clay = self.process == "separate_heavy" and not self.is_fringe
        return float(p.clay_speed if of_clay else p.run_speed)

    def _run_for_orders(self) -> float:
        """The run of the scarcest lead or large by-product: r = (sum w (q*/y)^4 / sum w)^(1/4), w =
        price x yield, q* = max(0, O + (c O - S) / T).
        """
        p = self.p
        total = weights = 0.0
        speed = self._speed()
        months = p.order_book_months if self.is_maker else p.plant_adjustment
        for offer in self.offers:
            foreseen = offer.orders * (1.0 + self.trend * (p.order_memory + 1.0 / speed) / 12.0)
            run = (
                max(0.0, foreseen + (offer.cover * foreseen - offer.stock) / months) / offer.yields
            )
            if offer.lead or offer.yields >= LARGE_BY_PRODUCT:
                weight = offer.ask * offer.yields
                total += weight * run**SCARCEST_POWER
                weights += weight
        return (total / weights) ** (1.0 / SCARCEST_POWER)

    def _run_while_it_earns(self, capacity: float) -> float:
        """r = min(u q^e, 0.98) K m t: q value of output over its start, m margin and t unsold stock
        taper it.
        """
        p = self.p
        now = then = 0.0
        for offer in self.offers:
            now += offer.yields * offer.ask
            then += offer.yields * offer.base_price
        pace = min(p.fringe_utilisation * max(now / then, 0.1) ** p.fringe_elasticity, FRINGE_MOST)
        margin = self.margin + self._of_its_mine() + p.bearable_loss
        earning = between(0.0, 1.0 + 3.0 * margin, 1.0)
        selling = between(0.0, (FRINGE_UNSOLD - self._unsold_months()) / FRINGE_TAPER, 1.0)
        return capacity * pace * earning * selling

    def _of_its_mine(self) -> float:
        """What the mine of the same owner earns on the ore of a tonne, over the cost of the tonne;
        a separator looks at both.
        """
        if self.mine is None or not self.process.startswith("separate_"):
            return 0.0
        return self.mine.margin * self.mine.cost / self.cost

    def _unsold_months(self) -> float:
        """Value of lead products beyond a month's orders, in months of output at capacity."""
        unsold = month = 0.0
        for offer in self.offers:
            if offer.lead:
                unsold += max(offer.stock - offer.orders, 0.0) * offer.ask
                month += offer.yields * offer.ask
        return unsold / (month * max(self.capacity, 1e-12))

    def order(self) -> None:
        """Every need: revise expected use, choose suppliers, order up to the target, spread the
        order.
        """
        for need in self.needs:
            need.expected += (need.coefficient * self.wish - need.expected) / self.p.use_smoothing
            self._choose_suppliers(need)
            wanted = self._order_up_to(need)
            for link in need.links:
                link.orders = wanted * link.share

    def _choose_suppliers(self, need: Need) -> None:
        """s* ~ weight (cost / base cost)^-b exp(-g distrust) fill over qualified links, with a
        least part for sources outside China; shares move part of the way to s*.
        """
        p = self.p
        sensitivity = self.model.sensitivity[need.good] * p.cost_sensitivity
        distrust = [self.model.distrust[self.state][link.offer.firm.state] for link in need.links]
        felt = 0.0
        for link, doubt in zip(need.links, distrust, strict=True):
            felt += link.share * doubt
        seeking = need.fill < SEEK_FILL or felt > SEEK_DISTRUST
        pulls = []
        for link, doubt in zip(need.links, distrust, strict=True):
            if link.qualify > 0.0:  # without base trade: counts after its months of seeking
                link.seek += 1.0 if seeking else 0.0
                link.qualified = link.opened and link.seek >= link.qualify * p.qualification_time
            pull = (
                link.weight
                * (link.cost / link.base_cost) ** -sensitivity
                * exp(-p.distrust_gain * doubt)
                * max(link.fill, LEAST_FILL)
            )
            pulls.append(pull if link.qualified else 0.0)
        total = sum(pulls)
        targets = [
            pull / total if total > 0.0 else link.share  # all stand closed: wait for them
            for link, pull in zip(need.links, pulls, strict=True)
        ]
        if total > 0.0:
            targets = self._own_ore_first(need, targets)
        for link, target in zip(need.links, targets, strict=True):
            link.share += p.share_speed * (target - link.share)

    def _own_ore_first(self, need: Need, targets: list[float]) -> list[float]:
        """s*_m = min(1, S K / (D sum K)) fill of the own mine, the others in proportion for the
        rest; K capacity of the plants of the mine.
        """
        own = [link.offer.firm is self.mine for link in need.links]
        others = sum(target for target, mine in zip(targets, own, strict=True) if not mine)
        if not any(own) or others <= 0.0:
            return targets
        link = need.links[own.index(True)]
        plants = sum(firm.capacity for firm in self.model.firms if firm.mine is self.mine)
        ore = link.offer.stock * self.capacity / max(plants, 1e-12)
        part = min(1.0, ore / max(need.expected, 1e-12)) * max(link.fill, LEAST_FILL)
        return [
            part if mine else target * (1.0 - part) / others
            for target, mine in zip(targets, own, strict=True)
        ]

    def _order_up_to(self, need: Need) -> float:
        """O = clip(D + (D (c* + L) - S - P) / T, 0, most D);  c* = c (1 + k alarm) (1 + s g) (paid
        / reference)^-0.15.
        """
        p = self.p
        alarm = lead = 0.0
        for link in need.links:
            alarm += link.share * self.model.alarm[self.state][link.offer.firm.state]
            lead += link.share * link.days / DAYS
        growth = 0.5 * need.growth + 0.5 * self.model.quote_growth[need.good]
        excess = (
            growth - p.trend_band
            if growth > p.trend_band
            else growth + p.trend_band
            if growth < -p.trend_band
            else 0.0
        )
        trend = between(TREND_LEAST, TREND_STEEPNESS * excess, TREND_MOST)
        need.alarm = between(0.0, alarm, 1.0)
        feared = p.precaution_months * need.alarm * log(1.0 + FEAR * need.stake)
        nerves = 1.0 + p.trend_cover_gain * trend
        cover = (need.cover + feared) * nerves * (need.paid / need.reference) ** PRICE_COVER_POWER
        use = need.expected * (1.0 + self.trend * p.use_smoothing / 12.0)
        gap = use * (cover + lead) - need.stock - need.pipeline
        return between(0.0, use + gap / p.order_adjustment, p.order_limit * use)

    def charge(self) -> None:
        """What a tonne will cost here, with no measure in force: ask (1 + VAT not refunded) +
        freight. Every order may cross.
        """
        for need in self.needs:
            for link in need.links:
                link.cost = link.spot = link.offer.ask * (1.0 + link.vat) + link.freight
                link.allowed = link.orders

    # ---- rationing (M4)

    def grant(self) -> None:
        """First round. Plants of the own owner first; what is left, if short, a part pro rata to
        all, the rest tier by tier (home, large or old customers, others).
        """
        even = self.p.even_ration
        for offer in self.offers:
            called = 0.0
            asked = [0.0, 0.0, 0.0]
            for link in offer.links:
                if link.need.firm.mine is self:
                    called += link.allowed
                else:
                    asked[link.tier] += link.allowed
            wanted, stock = sum(asked), max(offer.stock - called, 0.0)
            part = [1.0, 1.0, 1.0]
            if wanted > stock:
                remaining = stock
                for tier in range(3):
                    served = min(asked[tier], remaining)
                    remaining -= served
                    by_tier = served / asked[tier] if asked[tier] > 0.0 else 0.0
                    part[tier] = even * stock / wanted + (1.0 - even) * by_tier
            first = min(1.0, offer.stock / called) if called > 0.0 else 1.0
            offer.asked, offer.left = called + wanted, max(stock - wanted, 0.0)
            for link in offer.links:
                own = link.need.firm.mine is self
                link.shipped = link.allowed * (first if own else part[link.tier])

    def ask_again(self) -> None:
        """Second round: what was not granted is asked, once, of qualified suppliers in proportion
        to what they have left.
        """
        for need in self.needs:
            missing = room = 0.0
            for link in need.links:
                short = link.orders - link.shipped
                if short >= NOTHING * need.base_use:
                    missing += short
                if link.qualified:
                    room += link.offer.left
            for link in need.links:
                link.extra = (
                    missing * link.offer.left / room if link.qualified and room > 0.0 else 0.0
                )

    def grant_again(self) -> None:
        """Sellers share what they have left pro rata; the orders that they remember are those that
        they could see.
        """
        for offer in self.offers:
            asked = 0.0
            for link in offer.links:
                asked += link.extra
            part = min(1.0, offer.left / asked) if asked > 0.0 else 0.0
            beyond = 0.0
            for link in offer.links:
                link.shipped += link.extra * part
                beyond += max(link.shipped - link.allowed, 0.0)
            offer.orders += (offer.asked + beyond - offer.orders) / self.p.order_memory

    # ---- prices (M5)

    def post_prices(self) -> None:
        """ln p* = ln A + eta x + eta2 max(0, x - 0.5)^2; ln p moves a part of the way, at most a
        step; never below the floor, nor above what users bear; ores not above netback, others than
        the exporter not above parity with it.
        """
        p = self.p
        cost = self.conversion
        for need in self.needs:
            now = 0.0
            for link in need.links:
                now += link.share * link.cost
            need.replacement += (now - need.replacement) / REPLACEMENT_MONTHS
            cost += need.coefficient * need.replacement
        for offer in self.offers:
            wanted, there = self.model.market_of(offer)
            offer.scarcity = between(
                SCARCE_LEAST, log(max(wanted, 1e-9) / max(there, 1e-9)), SCARCE_MOST
            )
            if self.capacity <= 0.0:  # who cannot make a good asks what it is thought to be worth
                offer.scarcity = 0.0
            rise = self.model.level / self.model.level_start
            floor, ceiling = offer.floor * rise, min(self.model.bearable[offer.good], offer.parity)
            if offer.pricing == "manufactured":  # replacement cost
                offer.anchor = offer.base_price * cost / self.base_cost
                floor = (
                    MAKER_FLOOR
                    * offer.base_price
                    * cost
                    / self.base_cost
                    / (1.0 + max(self.base_margin, 0.0))
                )
            elif offer.pricing == "concentrate":  # what it holds, at world prices
                offer.anchor = offer.base_price * self.model.basket[offer.good]
                ceiling = min(ceiling, self.model.netback[offer.good])
            else:  # slowly after the price, more slowly back to the long run
                pull = between(-ANCHOR_STEP, log(offer.ask / offer.anchor), ANCHOR_STEP)
                offer.anchor *= exp(
                    p.anchor_to_price * pull
                    + p.anchor_to_base * (log(offer.base_price * rise) - log(offer.anchor))
                )
            convex = max(offer.scarcity - CONVEX_FROM, 0.0) ** 2
            wish = (
                log(offer.anchor)
                + ETA[offer.pricing] * p.price_eta * offer.scarcity
                + STEEP[offer.pricing] * p.price_steep * convex
            )
            wish = min(wish, log(ceiling))
            move = between(-p.price_step, p.price_speed * (wish - log(offer.ask)), p.price_step)
            before = offer.ask
            offer.ask = max(offer.ask * exp(move), floor)
            if offer.ask > offer.parity:  # by a formula on the exporter's quote
                least = max(offer.parity, floor, before * exp(-p.price_step))
                offer.ask = min(offer.ask, least)

    # ---- shipping

    def ship(self) -> None:
        """What was granted leaves the seller and is on its way to the buyer."""
        for offer in self.offers:
            out = 0.0
            offer.opening = offer.stock
            for link in offer.links:
                out += link.shipped
                whole = min(int(link.days / DAYS), MOST_WHOLE)
                late = link.days / DAYS - whole
                for month, part in ((whole, 1.0 - late), (whole + 1, late)):
                    if month == 0:
                        link.need.here += link.shipped * part
                        continue
                    arrival = self.model.month + month
                    due = link.need.due.get(arrival, 0.0)
                    link.need.due[arrival] = due + link.shipped * part
            offer.stock = max(offer.stock - out, 0.0)
            offer.sales += (out - offer.sales) / self.p.order_memory

    def count_deliveries(self) -> None:
        """Buyers note what they got: pipeline, price paid, and how well they were served."""
        for need in self.needs:
            wanted = got = value = 0.0
            for link in need.links:
                wanted += link.orders
                got += link.shipped
                value += link.shipped * link.cost
                if link.orders > 1e-12:
                    link.fill += (
                        min(link.shipped / link.orders, 1.0) - link.fill
                    ) / LINK_FILL_MONTHS
            need.arrived += need.here
            need.stock += need.here
            need.pipeline += got - need.here
            need.here = 0.0
            if got > NOTHING * need.base_use:
                need.paid += PAID_PART * (value / got - need.paid)
            served = min(got / wanted, 1.0) if wanted > 1e-12 else 1.0
            need.fill += (served - need.fill) / NEED_FILL_MONTHS

    # ---- production (M1, M14)

    def _used_up(self, need: Need, use: float) -> tuple[float, float]:
        """Share of the normal stock that is gone before and after the month."""
        normal = max(need.cover * need.expected, 1e-15)
        before = 1.0 - max(need.stock - need.arrived, 0.0) / normal
        return before, before + (use - need.arrived) / normal

    def _first_stops(self, need: Need, kept: float) -> float:
        """Share of the normal stock that is gone when a share of lines has all its parts left."""
        shape = self.p.part_spread**-1.086
        return (-log(kept) / need.parts) ** (1.0 / shape) / gamma(1.0 + 1.0 / shape)

    def _strains(self, need: Need, most: float) -> list[float]:
        """Strain on the lines by week: stocks fall until arrivals are enough for those left."""
        return [self._strain_at(need, week, most) for week in WEEKS]

    def _left(self, strain: list[float]) -> float:
        """Share of lines that have all parts, by their strain week by week; dust counts as none."""
        share = sum(exp(-h) for h in strain) / len(WEEKS)
        return 1.0 if share > 1.0 - FEWEST_LINES else share

    def _count_days(self, need: Need) -> None:
        """Whether a line lacks the input, and after which part of the month."""
        use = need.coefficient * self.wish
        # stock before arrivals is used up, arrivals alone do not keep up
        short = need.stock < use * (1.0 - 1e-9)
        part = max(need.stock - need.arrived, 0.0) / max(use - need.arrived, 1e-15)
        need.lacking = short and part < 1.0
        if need.lacking:
            self.lasts = min(self.lasts, part)

    def _strain_at(self, need: Need, part: float, most: float) -> float:
        """Strain of one input after a part of the month in which the firm wants to run `most`."""
        use, shape = need.coefficient * most, self.p.part_spread**-1.086
        before, after = self._used_up(need, use)
        arrive = between(1e-300, need.arrived / max(use, 1e-15), 1.0)
        gone = min(before + part * (after - before), max(before, self._first_stops(need, arrive)))
        return need.parts * (gamma(1.0 + 1.0 / shape) * max(gone, 0.0)) ** shape

    def _count_days_of_lines(self, needs: list[Need], most: float) -> None:
        """The inputs of a line strain it together: it stands when so few have all parts."""
        limit = -log(self.p.stop_threshold)

        def beyond(part: float) -> float:
            return sum(self._strain_at(need, part, most) for need in needs) - limit

        short = beyond(1.0) > 1e-9 * limit
        low, high = 0.0, 1.0
        if short and beyond(0.0) <= 0.0:
            for _ in range(50):
                middle = (low + high) / 2.0
                low, high = (low, middle) if beyond(middle) > 0.0 else (middle, high)
        for need in needs:
            need.lacking = short and self._strain_at(need, 1.0, most) > FEWEST_LINES
            if need.lacking:
                self.lasts = min(self.lasts, low)

    def produce(self) -> None:
        """Run = min(wish, capacity, stock / coefficient), or where inputs go into different goods
        the mean of that over inputs, by their part; of an end user's lines those run that have all
        parts; by-products are finished only as far as they sell, and from what lay unfinished where
        orders outrun the ore.
        """
        p = self.p
        if self.is_end_user:  # a fire caps a line; otherwise overtime is the only limit
            run = (
                self.wish
                if self.available >= 1.0
                else min(self.wish, self.available * (1.0 + p.overtime) * self.plan)
            )
        else:
            run = min(self.wish, self.capacity * self.available)
        self.lasts = 1.0
        most = max(run, 0.0)
        strains = [[0.0] * len(WEEKS) for _ in self.needs]
        if self.is_end_user:
            strains = [self._strains(need, most) for need in self.needs]
        together = [sum(week) for week in zip(*strains, strict=True)]
        if together:
            run = min(run, most * self._left(together))
        for need, strain in zip(self.needs, strains, strict=True):
            need.pace = most * self._left(strain)
            if need.coefficient > 0.0:
                need.pace = min(need.pace, need.stock / need.coefficient)
                run = min(run, need.stock / need.coefficient)
            if not self.is_end_user:
                self._count_days(need)
        self.run = max(run, 0.0)
        apart = self.process in APART
        if self.is_end_user:
            for together_used in [[need] for need in self.needs] if apart else [self.needs]:
                self._count_days_of_lines(together_used, most)
        if apart:
            self.run = sum(need.part * need.pace for need in self.needs)
        for need in self.needs:
            pace = need.pace if apart else self.run
            need.used = min(need.coefficient * pace, need.stock)
            need.stock -= need.used
        for offer in self.offers:
            possible = offer.yields * self.run
            if offer.lead:
                offer.made = possible
            else:
                held = offer.opening / max(offer.orders, 1e-12)
                room = between(0.0, (FINISH_NONE - held) / (FINISH_NONE - FINISH_ALL), 1.0)
                offer.made = possible * room + min(possible, offer.orders) * (1.0 - room)
            offer.unfinished += possible - offer.made
            if not offer.lead:
                gap = max(offer.orders - offer.opening, 0.0)
                old = min(
                    offer.unfinished - possible + offer.made,
                    max(offer.orders + gap - possible, 0.0),
                )
                offer.unfinished -= old
                offer.made += old
            offer.unfinished = min(offer.unfinished, KEPT * offer.orders)
            offer.stock += offer.made
        self._margin()
        self._book()
        if self.is_end_user:
            self._account_losses()

    def _margin(self) -> None:
        """Revenue per tonne of run at asking prices over what its inputs cost and conversion, less
        one.
        """
        cost = self.conversion
        revenue = 0.0
        for need in self.needs:
            cost += need.coefficient * need.paid
        for offer in self.offers:
            revenue += offer.yields * offer.ask
        self.cost = max(cost, 1e-9)
        self.margin = revenue / self.cost - 1.0 if revenue > 0.0 else 0.0

    def _book(self) -> None:
        """Where each element went (t of oxide equivalent)."""
        books, content = self.model.books, self.model.content
        for element in range(self.model.elements):
            entered = possible = made = 0.0
            for need in self.needs:
                entered += need.used * content[need.good][element]
            for offer in self.offers:
                possible += offer.yields * self.run * content[offer.good][element]
                made += offer.made * content[offer.good][element]
            if self.is_end_user:
                books["used"][element] += entered
            elif self.process.startswith("mine_"):
                books["mined"][element] += made
            elif self.process.startswith(("make_magnet", "make_motor")):
                books["pressed"][element] += entered
            else:
                books["lost"][element] += entered - possible
                books["residue"][element] += possible - made

    def _account_losses(self) -> None:
        """Missed output draws on finished goods, then waits as backlog, some of it lost; extra
        output serves the backlog, then the shelf.
        """
        p = self.p
        short = self.plan - self.run if self.plan - self.run >= NOTHING else 0.0
        extra = max(self.run - self.plan, 0.0)
        absorbed = min(short, self.finished)
        made_up = min(extra, self.backlog * (1.0 - p.backlog_loss))
        refill = min(extra - made_up, max(p.finished_stock - self.finished, 0.0))
        self.finished += refill - absorbed
        gone = p.backlog_loss * self.backlog
        self.backlog = max(self.backlog - gone + short - absorbed - made_up, 0.0)

    # ---- memories, relationships and recipes (M3, M11)

    def take_scrap(self) -> None:
        """Oxide from worn-out magnets: scrap of the own state, shared by its plants by expected
        use, and a part of what no plant of its state takes.
        """
        for need in self.needs:
            scrap = self.model.scrap.get(need.good)
            if scrap is None or self.process != scrap.process or need.expected <= 0.0:
                continue
            need.stock += need.expected * (
                scrap.of_state.get(self.state, 0.0) / scrap.use_of_state[self.state]
                + scrap.of_nobody / scrap.use
            )

    def adapt(self) -> None:
        """Price memories and relationships move; recipes answer the price, reversibly and, beyond a
        band, for good.
        """
        p = self.p
        for need in self.needs:
            need.growth += (log(need.paid / need.paid_before) - need.growth) / GROWTH_MONTHS
            need.paid_before = need.paid
            need.reference += (need.paid - need.reference) / p.reference_months
            need.recent += (need.paid - need.recent) / RECENT_MONTHS
            need.lagged += (need.paid - need.lagged) / LAG_MONTHS
            doubt = self.model.distrust[self.state]["China"]
            came = sum(link.share * link.fill for link in need.links)
            for link in need.links:
                brings = link.share * link.fill / came if came > 1e-9 else link.share
                link.habit += p.habit_speed * doubt * (brings - link.habit)
                link.weight += p.relationship_speed * (
                    0.5 * link.share + 0.5 * link.habit - link.weight
                )
            saves, rate, drift = self._response(need.good)
            ratio = need.lagged / need.reference
            need.thrift = max(
                p.thrift_floor,
                need.thrift * (1.0 - rate / 12.0 * max(0.0, log(ratio) - p.thrift_band)),
            )
            left_to_save = max(need.thrift - p.thrift_floor, 0.0) / (1.0 - p.thrift_floor)
            pays = min(ratio, 1.0)
            need.thrift -= need.thrift * drift / 12.0 * pays * left_to_save
            if saves:  # those who can save; new means come years after the push
                push = max(0.0, log(ratio) - p.thrift_band) + p.innovation_alarm * max(
                    0.0, need.alarm - p.innovation_alarm_band
                )
                need.research += (push - need.research) / p.innovation_months
                need.saving -= (
                    max(need.saving - p.innovation_floor, 0.0)
                    * p.innovation_rate
                    / 12.0
                    * need.research
                )
            kept = p.choke_slack * self._kept(need, need.recent) + (
                1.0 - p.choke_slack
            ) * self._kept(need, need.lagged)
            need.coefficient = need.recipe * need.thrift * need.saving * kept / need.usual

    def _kept(self, need: Need, price: float) -> float:
        """Share of the uses that still take a good at its price: s = 1 / (1 + (p / p50)^nu)."""
        return 1.0 / (1.0 + (price / need.choke) ** self.p.choke_steep)

    def _response(self, good: str) -> tuple[bool, float, float]:
        """(whether research saves, thrifting per year, diffusion per year): Dy and Tb in
        magnets, bulk oxides and the rest at end users; plants have fixed recipes.
        """
        p = self.p
        if self.process == "make_magnet_heat_resistant" and good in (
            "dysprosium_oxide",
            "terbium_oxide",
        ):
            return True, p.thrift_rate_heavy, p.diffusion_trend
        if self.is_end_user and good in (
            "lanthanum_oxide",
            "cerium_oxide",
            "yttrium_oxide",
            "seg_oxide",
        ):
            return True, p.thrift_rate_bulk, 0.0
        if self.is_end_user:
            return True, p.thrift_rate_light, 0.0
        return False, 0.0, 0.0
