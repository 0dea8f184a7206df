"""What the firm of the oracle does with what it has: it ships, runs, counts its losses and learns.
What it plans, orders and asks for stands in firm.py.
"""

from __future__ import annotations

from math import exp, gamma, log
from typing import TYPE_CHECKING, Any

from coercivity.agents.base.mesa import BaseAgent
from tools.check.oracle.parts import Need

FINISH_ALL, FINISH_NONE = 3.0, 6.0  # months of a by-product in stock: all, no surplus is finished
KEPT = 24.0  # months of orders of a by-product that lie unfinished at most
FRINGE_UTILISATION = 0.85  # share of capacity at which plants outside China run while they earn
APART = ("catalysts_glass", "industrial")  # whose inputs go into different goods
FEWEST_LINES = 1e-4  # share of lines that is not counted
WEEKS = (0.125, 0.375, 0.625, 0.875)  # of a month, at which lines without a part are counted
DAYS, MOST_WHOLE = 30.0, 1  # of a month; months after which the first part of a shipment arrives
NEED_FILL_MONTHS = 2.0
NOTHING = 1e-9  # share of normal use below which a tonnage counts as none (rounding)
PAID_PART, LINK_FILL_MONTHS = 0.5, 4.0
HEAVY = ("dysprosium_oxide", "terbium_oxide")
SPARED = ("ndpr_metal", "magnet_heat_resistant", "magnet_smco")  # leaner grades, smaller magnets
LEAST_HEARD = 0.05  # of the usual price, below which nobody hears it fall
SWAP_MONTHS, SWAP_MOST, SWAP_BACK = 3.0, 0.5, 0.1  # back: use beyond the usual where cheap
REDESIGN_LEAST, REDESIGN_MOST = -1.5, 0.3  # logs of use
LICENCE_SHOWN_UP = 6.0  # time over which use that grows is documented for a licence
LICENCE_SHOWN_DOWN = 120.0  # time over which use that falls is forgotten for a licence
# speed at which habit follows what suppliers bring, at full distrust of the exporter
HABIT_SPEED = 0.0537
REDESIGN_MONTHS = 70.1  # in which redesign closes most of its gap
THRIFT_FLOOR = 0.4  # least share of the original use that thrifting leaves
STOP_THRESHOLD = 0.9  # share of its plan below which a line counts as stopped


def between(low: float, value: float, high: float) -> float:
    """The value, kept within low and high."""
    return max(low, min(value, high))


class Producer(BaseAgent):
    """The second half of a firm's month."""

    mine: Producer | None  # of the same owner
    backlog: float
    lasts: float

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

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
            got = value = 0.0
            for link in need.links:
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
            served = min(got / need.wanted, 1.0) if need.wanted > 1e-12 else 1.0
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
        limit = -log(STOP_THRESHOLD)

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
                held = offer.opening / max(offer.orders, possible, 1e-12)
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
        """Use is documented; relationships move; recipes answer what a kilogram costs or is worth,
        soon and for a while, slowly and for good.
        """
        p = self.p
        for need in self.needs:
            gap = need.used - need.documented
            need.documented += gap / (LICENCE_SHOWN_UP if gap > 0.0 else LICENCE_SHOWN_DOWN)
            doubt = self.model.distrust[self.state, "China", need.good]
            came = sum(link.share * link.fill for link in need.links)
            for link in need.links:
                brings = link.share * link.fill / came if came > 1e-9 else link.share
                link.habit += HABIT_SPEED * doubt * (brings - link.habit)
                link.weight += p.relationship_speed * (
                    0.5 * link.share + 0.5 * link.habit - link.weight
                )
            self._adapt_recipe(need)

    def _adapt_recipe(self, need: Need) -> None:
        """a = a0 t (1 - x) e^R:  x moves in a quarter to 1 - r^-e, R in years to -e' ln r, r what a
        kilogram costs to replace or is worth, whichever is more, over its price of the start in the
        money of the month; t falls by diffusion, in magnets that stand heat.
        """
        p = self.p
        dear = max(need.replacement, need.worth) / (need.price_start * self.model.rise)
        price = max(dear, LEAST_HEARD)
        if self.can_spare(need.good):
            left_out = between(-SWAP_BACK, 1.0 - price**-p.swap_elasticity, SWAP_MOST)
            need.swap += (left_out - need.swap) / SWAP_MONTHS
            aim = -self.model.redesign[need.good] * log(price)
            need.redesign += (aim - need.redesign) / REDESIGN_MONTHS
        if self.process == "make_magnet_heat_resistant" and need.good in HEAVY:
            left_to_save = max(need.thrift - THRIFT_FLOOR, 0.0) / (1.0 - THRIFT_FLOOR)
            need.thrift *= 1.0 - p.diffusion_trend / 12.0 * min(dear, 1.0) * left_to_save
        lasting = exp(between(REDESIGN_LEAST, need.redesign, REDESIGN_MOST))
        need.coefficient = need.recipe * need.thrift * (1.0 - need.swap) * lasting

    def can_spare(self, good: str) -> bool:
        """End users can do with less of anything, makers of what grades and sizes save."""
        heavy = self.process == "make_magnet_heat_resistant" and good in HEAVY
        return self.is_end_user or heavy or good in SPARED
