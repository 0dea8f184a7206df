"""What every firm decides as a buyer: how much it wants and from whom (M3)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_sum, with_rows
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.information import Beliefs, Border, Leaks, Parameters, Politics, Switches

# time over which use that grows is documented for a licence (months; assumed: as old as a mean of
# the last year, whose use is what papers show (decision 0042); 3 to 12)
LICENCE_SHOWN_UP = 6.0
# time over which use that falls is forgotten for a licence (months; assumed: a bad year is hardly
# held against a customer (decision 0036); 24 to 240)
LICENCE_SHOWN_DOWN = 120.0
# speed at which habit follows what suppliers bring, at full distrust of the exporter (per month;
# Japan's dependence fell within four years of 2010 and came back over ten (japan_imports.csv);
# outcomes to 2024 (decision 0093); 0 to 0.2)
HABIT_SPEED = 0.0537
# largest monthly order (x expected use; assumed; 1.5 to 4)
ORDER_LIMIT = 2.5


def expected_use(expected: FloatArray, desired_use: FloatArray, months: FloatArray) -> FloatArray:
    """A firm expects to use what it has lately *wanted* to use; an end user, what it plans.

    D <- D + (a y* - D) / tau
    D expected use (t/month), a input per unit of run (t), y* desired run, tau smoothing (months; 1
    of end users, whose own plan of the month it is).
    Desired, never realised: expecting what a shortage allowed locks the shortage in.
    Source: order-up-to policies (Sterman 2000, ch. 17). See decision 0016.
    """
    return expected + (desired_use - expected) / months


def forecast(expected: FloatArray, trend: FloatArray, months: FloatArray) -> FloatArray:
    """Smoothing looks back; planning looks ahead by as much: F = D (1 + g tau / 12), g the yearly
    growth that the firm plans for.

    Without it every stage orders a little late and then too much, and steady growth arrives
    upstream as a wave. See decisions 0001 and 0016.
    """
    return expected * (1.0 + trend * months / 12.0)


def order_quantity(
    expected: FloatArray,
    cover: FloatArray,
    lead: FloatArray,
    stock: FloatArray,
    pipeline: FloatArray,
    months: float,
    most: float,
) -> FloatArray:
    """Order up to expected use over cover and lead, closing the gap over some months.

    O = clip(D + (D (c* + L) - S - P) / T, 0, most D)
    S stock after arrivals and before use (t), P what is on its way and a lot of what waits (t), L
    lead (months), T adjustment (months).
    Source: Sterman (2000), stock management structure; most = 2.5 keeps a first month back from
    buying a year.
    """
    return (expected + (expected * (cover + lead) - stock - pipeline) / months).clip(
        0.0, most * expected
    )


def still_lacking(
    expected: FloatArray, cover: FloatArray, lead: FloatArray, stock: FloatArray, ships: FloatArray
) -> FloatArray:
    """What a buyer still wants of what it has ordered and waits for: w = max(0, D (1 + c* + L) - S
    - P); the rest it takes back, or all that waited for a licence comes when nobody lacks it.

    P what ships (t), a queue not counted; the others as in `order_quantity`. Assumed.
    """
    return np.maximum(expected * (1.0 + cover + lead) - stock - ships, 0.0)


def sourcing_target(
    weight: FloatArray,
    cost_ratio: FloatArray,
    aversion: FloatArray | float,
    fill: FloatArray,
    qualified: FloatArray,
    need: IntArray,
    first: IntArray,
    sensitivity: FloatArray,
) -> FloatArray:
    """Share of a need that each supplier would get: relationship times a logit of cost, distrust
    and past delivery.

    s*_l ~ w_l q_l^-b exp(-a_l) max(fill_l, 0.02) over qualified links l of one need
    w relationship weight, q delivered cost over its base, b sensitivity, aversion a = g distrust in
    [0, 1] of the seller's state, fill the part of orders delivered. Links are sorted by need, and
    need n has its first at row first[n].
    Static around slow weights: shares multiplied month by month are an integrator and cycle.
    Source: random-utility supplier choice (McFadden 1974). See decision 0016.
    """
    pull = qualified * weight
    pull *= np.exp(-(sensitivity * np.log(cost_ratio) + aversion))
    pull *= fill.clip(0.02, 1.0)
    pull *= (1.0 / (run_sum(pull, first) + 1e-300)).take(need)
    return pull


def own_ore_first(
    own: FloatArray, others: FloatArray, group: IntArray, part: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A plant turns to the mine of its owner for what that can give, and for the rest to others as
    it would: s*_m = k, s*_l <- s*_l (1 - k) / sum over l of s*_l.

    own and others target shares of the own mine and of the others, of which group has the place of
    the plant, k part of the plant's use that the mine can give (0-1). Who has no other stays as it
    is. Contracts with others run out first, as for any change of suppliers (`follow`).
    See decision 0035. Source: as `seller.first_call`.
    """
    rest = group_sum(others, group, len(own))
    some = rest > 0.0
    kept = np.where(some, (1.0 - part) / (rest + 1e-300), 1.0)
    return np.where(some, part, own), others * kept[group]


def turned_away(strength: float) -> float:
    """What is left of the pull of a seller that a buyer has decided to turn away from, a factor on
    its weight w.

    t = max(1 - strength, 0.02)

    The floor is that of past delivery: where no other supplier has qualified the need is still
    served (assumed).
    """
    return max(1.0 - strength, 0.02)


def follow(share: FloatArray, target: FloatArray, speed: float) -> FloatArray:
    """Shares move a part of the way each month, because most tonnage is under contract: s <- s +
    theta (s* - s).
    """
    moved = target - share
    moved *= speed
    moved += share
    return moved


def relationship(
    weight: FloatArray, share: FloatArray, usual: FloatArray, speed: float
) -> FloatArray:
    """Relationships follow trade, half anchored to habit.

    w <- w + speed (s/2 + w0/2 - w)

    s share of the orders now, w0 habit. The anchor stays in, or one shock locks in for ever.
    """
    drawn = share + usual
    drawn *= 0.5 * speed
    drawn += (1.0 - speed) * weight
    return drawn


def delivered(share: FloatArray, fill: FloatArray, need: IntArray, first: IntArray) -> FloatArray:
    """Part of what a need gets that each of its suppliers brings: r_l = s_l f_l / sum s f; the
    share s of the orders where nothing comes.

    f part of orders delivered. Links are sorted by need, need n has its first at row first[n].
    """
    came = share * fill
    total = run_sum(came, first)
    came /= (total + 1e-300).take(need)
    nothing = total <= 1e-9
    return np.where(nothing.take(need), share, came) if nothing.any() else came


def orders_spread(
    share: FloatArray, fill: FloatArray, need: IntArray, first: IntArray
) -> FloatArray:
    """Orders go to suppliers by their shares, and what some have lately not brought is asked of
    those that deliver, besides: o_l = s_l + r_l (1 - sum s f), r_l = s_l f_l / sum s f.

    s share of a supplier, f part of orders delivered, of what is asked besides, too: in a shortage
    orders are inflated, at most twofold (Lee et al. 1997). Nothing is asked twice of who gets
    nothing from anybody. Without it who distrusts a seller waits for years, with a fifth of its
    stock, for another that cannot make more. Source: multiple sourcing (Tomlin 2006).
    """
    came = share * fill
    total = run_sum(came, first)
    again = (1.0 - total).clip(0.0) / np.where(total > 1e-9, total, np.inf)
    return share + came * again.take(need)


def habit(before: FloatArray, came: FloatArray, distrust: FloatArray, speed: float) -> FloatArray:
    """What a buyer holds to be its normal suppliers follows what they bring (`delivered`), as far
    as it distrusts the exporter: w0 <- w0 + v d (r - w0).

    r part of what comes, d distrust (0-1), v speed at full distrust (per month). Who is frightened
    looks for new suppliers and makes those that deliver its own within few years; as fear fades
    habits set again, and what was left comes back slowly. In calm nothing moves. See decisions
    0023 and 0042.
    """
    moved = came - before
    moved *= speed * distrust
    moved += before
    return moved


def documented_use(shown: FloatArray, used: FloatArray, up: float, down: float) -> FloatArray:
    """Use that a firm can show to a licensing office (t/month), a mean as old as that of the last
    year in which a bad one counts little: d <- d + (u - d) / T, T months up (LICENCE_SHOWN_UP),
    many more down.

    A mean that moves by a sixth is as old as that of the last twelve months, half a year. With 12
    months up what is shown lags by a year, growth eats the room of a licence, and a shortage is
    locked in. See decision 0042.
    """
    gap = used - shown
    return shown + np.maximum(gap / up, gap / down)


class Buyer(FirmSet):
    """Firms as buyers: what they expect to use, how much they want to hold, and from whom they
    order.
    """

    def order(
        self,
        *,
        border: Border,
        leaks: Leaks,
        beliefs: Beliefs,
        politics: Politics,
        p: Parameters,
        on: Switches,
    ) -> None:
        """Buyers revise what they expect to use, set their target cover, order the gap, and spread
        it over suppliers (t/month per link).
        """
        firms, needs, links = self.firms, self.needs, self.links
        if not len(needs):
            return
        months = np.where(needs.of_end, 1.0, p.use_smoothing)
        needs.expected = expected_use(
            needs.expected, needs.coefficient * firms.wish[needs.firm], months
        )
        target = self.source(leaks=leaks, beliefs=beliefs, politics=politics, p=p, on=on)
        if on["M3"]:
            links.share = follow(links.share, target, p.share_speed)
        share, first, travel = links.share, needs.link_first, links.travel
        waits = border.licensed.any()
        wait = self.of_links(border.wait()) if waits else 0.0
        lead = run_sum(share * (travel + wait if waits else travel), first)
        cover = self.wanted_cover(politics)
        use = forecast(needs.expected, firms.trend[needs.firm], months)
        on_the_way = needs.pipeline + needs.counted
        wanted = order_quantity(
            use, cover, lead, needs.stock, on_the_way, p.order_adjustment, ORDER_LIMIT
        )
        if leaks.active:  # what was re-sold to a barred target is bought again
            wanted = wanted + self.of_needs(leaks.resold)
        needs.wanted = wanted
        needs.lack = still_lacking(use, cover, lead, needs.stock, needs.pipeline)
        orders = wanted.take(links.need)
        orders *= orders_spread(share, links.fill, links.need, first)
        links.orders = orders

    def wanted_cover(self, politics: Politics) -> FloatArray:
        """Months of use that each need is to have left in stock: its normal cover, and what an act
        of the firm adds.
        """
        return self.needs.cover + self.of_needs(politics.firm_acts.cover)

    def source(
        self, *, leaks: Leaks, beliefs: Beliefs, politics: Politics, p: Parameters, on: Switches
    ) -> FloatArray:
        """Target shares: relationship, delivered cost relative to the start, distrust, and how well
        a supplier has delivered; qualification advances.

        A need seeks new suppliers while it distrusts, misses deliveries or has decided to turn away
        (a firm's act); a link without base trade counts after its months of seeking (3 oxides, 6
        metal, 9 magnets) and once its plant has opened.
        """
        needs, links = self.needs, self.links
        first, acts = needs.link_first, politics.firm_acts
        wary = bool(beliefs.withheld.any())
        aversion: FloatArray | float = 0.0
        seeking = needs.fill < 0.9
        if wary:
            aversion = p.distrust_gain * beliefs.of_links(links.pair, links.good)
            averse = run_sum(links.share * aversion, first)
            seeking = seeking | (averse > 0.1 * p.distrust_gain)
        weight = links.weight
        if isinstance(leaks.lure, np.ndarray):
            weight = weight * self.of_links(leaks.lure)
        if acts.seeking is not None:
            seeking = seeking | self.of_needs(acts.seeking)
            weight = weight * self.of_links(acts.pull)
        rows = links.new_rows[seeking.take(links.new_needs)]
        if len(rows):
            seek = links.seek.take(rows) + 1.0
            links.seek = with_rows(links.seek, rows, seek)
            if on["M3"]:
                counts = seek >= links.qualify.take(rows) * p.qualification_time
                counts &= links.opened.take(rows)
                links.qualified = with_rows(links.qualified, rows, counts)
        cost_ratio = links.cost / links.base_cost
        target = sourcing_target(
            weight,
            cost_ratio,
            aversion,
            links.fill,
            links.qualified,
            links.need,
            first,
            links.sensitivity,
        )
        if len(links.own_rows):
            target = self.own_ore_first(target)
        if target.sum() < len(needs) - 0.5:  # the shares of a need sum to one, or to nothing:
            # all that it knows stand closed, and it waits for them to open again
            stranded = (run_sum(target, first) <= 0.0).take(links.need)
            target = np.where(stranded, links.share, target)
        return target

    def own_ore_first(self, target: FloatArray) -> FloatArray:
        """Target shares of plants that have a mine of their own (rule `own_ore_first`).

        k = min(1, S K / (D sum K)) max(fill, 0.02)

        S what the mine has in stock (t), K capacity of the plant, summed over those of the mine, D
        expected use of the plant (t/month), fill the part of orders that came: ore that a border
        holds back feeds nobody.
        """
        needs, links = self.needs, self.links
        own, beside = links.own_rows, links.beside_rows
        need = links.need[own]
        ore = self.of_its_mine(own) / np.maximum(needs.expected[need], 1e-12)
        part = np.minimum(ore, 1.0) * links.fill[own].clip(0.02, 1.0)
        group = np.searchsorted(need, links.need[beside])
        out = target.copy()
        out[own], out[beside] = own_ore_first(target[own], target[beside], group, part)
        return out

    def of_its_mine(self, own: IntArray) -> FloatArray:
        """Ore that the mine of the same owner has for a plant (t), by link: its stock, shared by
        the plants of the mine by capacity. own: links of this set to own mines.
        """
        firms, offers, _, links = self.tables
        every = links.own_rows
        mine, capacity = links.offer[every], firms.capacity[links.user[every]]
        weight = group_sum(capacity, mine, len(offers))
        if not self.whole:
            some = np.isin(every, self.link_rows[own])
            mine, capacity = mine[some], capacity[some]
        return offers.stock[mine] * capacity / np.maximum(weight[mine], 1e-12)

    def document_use(self) -> None:
        """What buyers have used is documented."""
        needs = self.needs
        needs.documented = documented_use(
            needs.documented, needs.used, LICENCE_SHOWN_UP, LICENCE_SHOWN_DOWN
        )

    def renew_relationships(self, *, beliefs: Beliefs, p: Parameters, on: Switches) -> None:
        """Relationships follow trade slowly, half anchored to habit; habit moves with distrust
        (M3).
        """
        links = self.links
        if on["M3"]:
            if beliefs.withheld.any():
                distrust = beliefs.of_exporter(links.importer, links.good)
                came = delivered(links.share, links.fill, links.need, self.needs.link_first)
                links.habit = habit(links.habit, came, distrust, HABIT_SPEED)
            links.weight = relationship(
                links.weight, links.share, links.habit, p.relationship_speed
            )
