"""The core month once more, as plain Mesa code: one agent per firm, plain attributes, lists and
loops. Read it as the specification.

It is written from the equations in the docstrings of `agents/` and `model/`, not from their arrays.
What bans, licences and quotas do to orders is outside it; what they let people expect is in
foresight.py, how much may be dug in mining_plan.py. Parameters come from the world's parameter
table (`self.p`); numbers that stand in the equations are named here.
"""

from __future__ import annotations

from math import exp
from typing import Any

from tools.check.oracle.parts import Need, Offer
from tools.check.oracle.producer import DAYS, FRINGE_UTILISATION, NOTHING, Producer, between

LEAST_FILL = 0.02  # a supplier that never delivers still gets a trickle of trust
SEEK_FILL, SEEK_DISTRUST = 0.9, 0.1  # below and above which a need looks for new suppliers
SCARCEST_POWER = 4.0  # of the mean over co-products
LARGE_BY_PRODUCT = 0.1  # t per t fed, from which a plant runs for a by-product too
# months of unsold ore at which digging stops, and over which it tapers; the same of oxides
QUOTA_UNSOLD, QUOTA_TAPER = 18.0, 12.0
SEPARATED_UNSOLD, SEPARATED_TAPER = 6.0, 3.6
SEPARATED_SLOPE = 1.5  # run that they lose per loss beyond what they can bear
LEVEL_2009, LEVEL_MONTHS = 0.6, 180  # of costs, and months in which they rise to 1
MOST_OVER_CAPACITY = 1.3  # orders beyond this do not move a plant's wish
ENTRANT_SHARE, ENTRANT_UNSOLD = 0.3, 3.0
FRINGE_MOST, FRINGE_UNSOLD, FRINGE_TAPER = 0.98, 6.0, 3.0
THROTTLE_LEAST, THROTTLE_SLOPE = 0.25, 3.0  # running below cost
BACKLOG_MONTHS = 6.0
MAKER_FLOOR = 0.9  # of the price that just keeps the cost of the start
REPLACEMENT_MONTHS = 2.0
FRINGE_ELASTICITY = 0.1  # short-run response of mines and plants outside China to price
BEARABLE_LOSS = 0.15  # loss that a plant on orders bears before it runs slower
PLANT_ADJUSTMENT = 24.0  # months over which a separator of clay closes the gap of its stock
ORDER_LIMIT = 2.5  # largest monthly order over expected use


class Firm(Producer):
    """A firm: its stocks, its suppliers and customers, and what it decides in a month."""

    def __init__(self, model: Any, **attributes: Any) -> None:
        super().__init__(model)
        self.p = model.p
        self.needs: list[Need] = []
        self.offers: list[Offer] = []
        self.__dict__.update(attributes)
        upstream = self.process.startswith(("mine_", "separate_"))
        self.is_end_user = not self.process.startswith(("mine_", "separate_", "make_"))
        # who refines, melts or works wafers runs round the clock
        self.runs_all_day = self.process in ("semiconductors_ceramics", "catalysts_glass")
        # of metal, magnets, motors: runs on orders, enters with a third of its capacity
        self.is_maker = self.process.startswith("make_")
        # runs while it earns, whatever the orders
        self.is_fringe = upstream and self.state != "China"
        self.has_quota = self.process.startswith("mine_") and self.state == "China"
        self.separates_quota = self.process == "separate_light" and self.state == "China"

    @property
    def _smoothing(self) -> float:
        """Months over which it smooths its use; an end user knows its plan."""
        return 1.0 if self.is_end_user else float(self.p.use_smoothing)

    # ---- arrivals

    def arrive(self) -> None:
        """Costs are those of the month; what was shipped to arrive in it enters stock."""
        self.conversion *= self.model.dearer
        self.capex *= self.model.dearer
        for need in self.needs:
            need.arrived = need.due.pop(self.model.month, 0.0)
            need.stock += need.arrived
            need.pipeline -= need.arrived

    # ---- how hard to run, and what to order (M1, M3)

    def plan_run(self) -> None:
        """End users: their plan and overtime. Plants: orders, quota, or as long as they earn; each
        moves part of the way to its wish.
        """
        p = self.p
        if self.is_end_user:
            owed = self.backlog + max(p.finished_stock - self.finished, 0.0)
            late = 0.0 if self.runs_all_day else owed / BACKLOG_MONTHS
            self.desired = self.plan + min(p.overtime * self.plan, late)
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
            spare = self.margin + BEARABLE_LOSS
            wanted *= between(THROTTLE_LEAST, 1.0 + SEPARATED_SLOPE * spare, 1.0)
        else:
            throttle = between(
                THROTTLE_LEAST, 1.0 + THROTTLE_SLOPE * (self.margin + BEARABLE_LOSS), 1.0
            )
            wanted = min(self._run_for_orders(), MOST_OVER_CAPACITY * max(self.capacity, 1e-12))
            if not self.is_maker:  # who passes costs on runs while it sells
                wanted *= throttle
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
        months = p.order_book_months if self.is_maker else PLANT_ADJUSTMENT
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
        now = then = 0.0
        for offer in self.offers:
            now += offer.yields * offer.ask
            then += offer.yields * offer.base_price
        pace = min(FRINGE_UTILISATION * max(now / then, 0.1) ** FRINGE_ELASTICITY, FRINGE_MOST)
        margin = self.margin + self._of_its_mine() + BEARABLE_LOSS
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
            wished = need.coefficient * self.wish
            need.expected += (wished - need.expected) / self._smoothing
            self._choose_suppliers(need)
            wanted = self._order_up_to(need)
            need.wanted = wanted
            came = sum(link.share * link.fill for link in need.links)
            for link in need.links:  # what some have not brought is asked of those that deliver
                link.orders = wanted * link.share
                if came > NOTHING:
                    again = max(1.0 - came, 0.0)
                    link.orders += wanted * again * link.share * link.fill / came

    def _choose_suppliers(self, need: Need) -> None:
        """s* ~ weight (cost / base cost)^-b exp(-g distrust) fill over qualified links, with a
        least part for sources outside China; shares move part of the way to s*.
        """
        p = self.p
        sensitivity = self.model.sensitivity[need.good] * p.cost_sensitivity
        distrust = [
            self.model.distrust[self.state, link.offer.firm.state, need.good] for link in need.links
        ]
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
        """O = clip(D + (D (c + L) - S - P) / T, 0, most D)."""
        p = self.p
        lead = sum(link.share * link.days / DAYS for link in need.links)
        use = need.expected * (1.0 + self.trend * self._smoothing / 12.0)
        gap = use * (need.cover + lead) - need.stock - need.pipeline
        return between(0.0, use + gap / p.order_adjustment, ORDER_LIMIT * use)

    def charge(self) -> None:
        """What a tonne costs here, no tax or right to export counted: ask e^c (1 + VAT not
        refunded) + freight, c the gap that is paid on average; on the spot the gap of the day.
        Every order may cross.
        """
        for need in self.needs:
            for link in need.links:
                price = link.offer.ask * (1.0 + link.vat)
                link.cost = price * exp(link.channel.contract) + link.freight
                link.spot = price * exp(link.channel.premium) + link.freight
                link.allowed = link.orders

    # ---- rationing

    def grant(self) -> None:
        """First round: plants of the own owner first, then the others pro rata to orders."""
        for offer in self.offers:
            called = wanted = 0.0
            for link in offer.links:
                if link.need.firm.mine is self:
                    called += link.allowed
                else:
                    wanted += link.allowed
            first = min(1.0, offer.stock / called) if called > 0.0 else 1.0
            stock = max(offer.stock - called, 0.0)
            part = min(1.0, stock / wanted) if wanted > 0.0 else 1.0
            offer.asked, offer.left = called + wanted, max(stock - wanted, 0.0)
            for link in offer.links:
                own = link.need.firm.mine is self
                link.shipped = link.allowed * (first if own else part)

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
            got = sum(link.shipped for link in need.links)
            missing = min(missing, max(need.wanted - got, 0.0))
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
        """p = max(min(A e^s, C), L): a good is asked for what it is thought to be worth, times how
        scarce it is expected to be, within what its users bear, ores within their netback, and not
        below a floor.
        """
        model, cost = self.model, self.conversion
        for need in self.needs:
            now = sum(link.share * link.cost for link in need.links)
            need.replacement += (now - need.replacement) / REPLACEMENT_MONTHS
            cost += need.coefficient * need.replacement
        for offer in self.offers:
            floor, ceiling = offer.floor * model.rise, model.bearable[offer.good]
            if offer.pricing == "manufactured":  # what it costs to make one more
                worth = offer.base_price * cost / self.base_cost
                floor = MAKER_FLOOR * worth / (1.0 + max(self.base_margin, 0.0))
            elif offer.pricing == "concentrate":  # what it holds, at world prices
                worth = offer.base_price * model.basket[offer.good]
                ceiling = min(ceiling, model.netback[offer.good])
            else:
                worth = offer.base_price * model.rise * model.anchor[offer.good]
            scarce = offer.scarcity if self.capacity > 0.0 else 0.0
            offer.ask = max(min(worth * exp(scarce), ceiling), floor)
