"""Production: the scarcest input sets the pace; ore fixes the by-products; what is lost or left
unfinished is booked (M1).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.firms import end_user, processor
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts import elements
from coercivity.model.parts.elements import Elements, book
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support

HALVES = 50  # by which the day of a stop is found: as exactly as numbers are kept
WEEKS = (np.arange(4) + 0.5) / 4.0  # middle of each quarter of a month


def produce(
    firms: Firms, needs: Needs, offers: Offers, elements: Elements, *, p: Parameters
) -> None:
    """Run = min(wish, capacity, stock / need) over inputs (Leontief); inputs leave stock, outputs
    enter it, lines that lack a part stop. An end user stands for many lines, of which each stops
    for the scarcest of its parts: run = min(wish exp(-sum_k H_k), stock / need) (`have_all`); what
    they do not use stays. Where inputs go into different goods (catalysts, glass, machinery) each
    is used as far as it lasts: run = sum_k w_k min(wish exp(-H_k), stock_k / need_k), w share of
    input k in what inputs cost at the start.
    """
    count = len(firms)
    limit = np.full(count, np.inf)
    per_need = needs.stock / np.maximum(needs.coefficient, 1e-15)
    limit[needs.users] = np.minimum.reduceat(per_need, needs.user_first)  # needs are sorted by firm
    burnt = np.where(
        firms.available < 1.0, firms.available * (1.0 + p.overtime) * firms.plan, np.inf
    )
    capacity = np.where(firms.is_end, burnt, firms.capacity * firms.available)
    most = np.maximum(np.minimum(firms.wish, capacity), 0.0)
    use = needs.coefficient * most[needs.firm]
    before, after = used_up(needs, use)
    strain = strain_by_week(needs, use, before, after, p=p)
    run = np.minimum(most * have_all(strain, firms=firms, needs=needs), limit)
    pace = run[needs.firm]
    apart = needs.apart_rows
    alone = end_user.lines_left(strain[:, apart])
    pace[apart] = np.minimum(most[needs.firm[apart]] * alone, per_need[apart])
    run[needs.apart_firms] = np.add.reduceat(needs.part[apart] * pace[apart], needs.apart_first)
    _stop_days(firms, needs, p=p)
    firms.run = run
    used = np.minimum(needs.coefficient * pace, needs.stock)
    needs.take(used)
    needs.used = used
    potential = offers.yields * run[offers.firm]
    output = finish(offers, potential)
    offers.made = output
    offers.put(output)
    book(elements, used, potential, output)
    _margins(firms, needs=needs, offers=offers)


def used_up(needs: Needs, use: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of its normal stock that each input has lost before the month, and will have lost after
    it if `use` (t) is taken: 1 - S / N, N = c E.

    S stock (t), c normal cover (months), E expected use (t/month). What a firm holds beyond its
    normal stock counts below zero.
    """
    normal = np.maximum(needs.cover * needs.expected, 1e-15)
    before = 1.0 - np.maximum(needs.stock - needs.arrived, 0.0) / normal
    return before, before + (use - needs.arrived) / normal


def strain_by_week(
    needs: Needs, use: FloatArray, before: FloatArray, after: FloatArray, *, p: Parameters
) -> FloatArray:
    """Strain on the lines of end users by input, weeks x needs (`end_user.strain`); plants have
    none: what they feed is one material.

    D(u) = min(D0 + u (D1 - D0), max(D0, De))

    u part of the month that has passed, De where so few lines are left that arrivals are enough for
    them (`end_user.first_stops` at the share of `use` that arrives): there stocks fall no further.
    """
    rows = np.flatnonzero(needs.of_end)
    out = np.zeros((len(WEEKS), len(needs)))
    falls = fall(rows, use, before, after, needs=needs, p=p)
    out[:, rows] = strain_after(np.expand_dims(WEEKS, 1), falls, needs.parts[rows], p=p)
    return out


def fall(
    rows: IntArray,
    use: FloatArray,
    before: FloatArray,
    after: FloatArray,
    *,
    needs: Needs,
    p: Parameters,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(D0, D1, max(D0, De)) of inputs at `rows`, as in `strain_by_week`."""
    start = before[rows]
    arrive = (needs.arrived[rows] / np.maximum(use[rows], 1e-15)).clip(1e-300, 1.0)
    least = end_user.first_stops(needs.parts[rows], arrive, p.part_spread)
    return start, after[rows], np.maximum(start, least)


def strain_after(
    part: FloatArray,
    falls: tuple[FloatArray, FloatArray, FloatArray],
    parts: FloatArray,
    *,
    p: Parameters,
) -> FloatArray:
    """Strain by input after a part of the month (0-1)."""
    start, end, rest = falls
    gone = np.minimum(start + part * (end - start), rest)
    return end_user.strain(gone, parts, p.part_spread)


def have_all(strain: FloatArray, *, firms: Firms, needs: Needs) -> FloatArray:
    """Share of a firm's lines that have all parts of all inputs (`end_user.lines_left`)."""
    share = np.ones(len(firms))
    together = np.add.reduceat(strain, needs.user_first, axis=1)  # needs are sorted by firm
    share[needs.users] = end_user.lines_left(together)
    return share


def finish(offers: Offers, potential: FloatArray) -> FloatArray:
    """What leaves the plants of what the ore gave (t): by-products as far as they sell, from what
    lay unfinished where the ore gives less.
    """
    orders, opening, lead = offers.orders, offers.opening, offers.lead
    output = processor.finished(potential, orders, opening, lead)
    left = offers.unfinished
    old = processor.drawn(potential, orders, opening, left) * (lead <= 0.0)
    offers.unfinished = np.minimum(left - old + potential - output, processor.KEPT * orders)
    return output + old


def _stop_days(firms: Firms, needs: Needs, *, p: Parameters) -> None:
    """Part of the month (0-1) that passes before a line lacks an input; 1 where none is lacking.

    A plant's stock before arrivals lasts t = S0 / (use - arrivals) of a month when arrivals do not
    keep up. Of an end user's lines see `_stop_days_of_lines`.
    """
    want = needs.coefficient * firms.wish[needs.firm]
    before = np.maximum(needs.stock - needs.arrived, 0.0)
    gap = np.maximum(want - needs.arrived, 1e-15)
    lasts = np.where(needs.stock < want * (1.0 - 1e-9), np.minimum(before / gap, 1.0), 1.0)
    rows = np.flatnonzero(needs.of_end)
    lasts[rows], strain = _stop_days_of_lines(rows, want, needs=needs, p=p)
    needs.strain = np.zeros(len(needs))
    needs.strain[rows] = strain
    firms.lasts = np.ones(len(firms))
    firms.lasts[needs.users] = np.minimum.reduceat(lasts, needs.user_first)
    needs.lacking = lasts < 1.0


def _stop_days_of_lines(
    rows: IntArray, want: FloatArray, *, needs: Needs, p: Parameters
) -> tuple[FloatArray, FloatArray]:
    """(part of the month that passes until so many of an end user's lines stand that it counts;
    strain H at the end of the month), by input at `rows`.

    t: sum_k H_k(t) = -ln q;  lacking: the sum at the end is more, and H_k > 0

    q share of lines below which a firm counts as stopped (`stop_threshold`), H_k(t) strain as in
    `strain_by_week`, over 1e-4 (`end_user.FEWEST`) to be named at all. Inputs that go into
    different goods are taken one by one.
    """
    before, after = used_up(needs, want)
    falls = fall(rows, want, before, after, needs=needs, p=p)
    lines, limit = needs.parts[rows], -np.log(p.stop_threshold)
    one = needs.firm[rows].copy()
    apart = np.isin(rows, needs.apart_rows)
    one[apart] = one.max(initial=0) + 1 + np.arange(int(apart.sum()))
    _, one = np.unique(one, return_inverse=True)
    at_end = strain_after(np.ones(len(rows)), falls, lines, p=p)
    short = (group_sum(at_end, one, len(rows)) > limit * (1.0 + 1e-9))[one]
    lasts, some = np.ones(len(rows)), np.flatnonzero(short)
    if len(some):
        _, who = np.unique(one[some], return_inverse=True)
        least = tuple(column[some] for column in falls)
        lasts[some] = _crossing(who, least, lines[some], limit, p=p)[who]
    lasts[at_end <= end_user.FEWEST] = 1.0
    return lasts, at_end


def _crossing(
    who: IntArray,
    falls: tuple[FloatArray, ...],
    lines: FloatArray,
    limit: float,
    *,
    p: Parameters,
) -> FloatArray:
    """Part of the month after which the strain of each firm (`who`, by input) passes a limit that
    it passes by the end: by halves; 0 where it was beyond it before.
    """
    start, end, rest = falls
    count = int(who.max()) + 1

    def beyond(part: FloatArray) -> BoolArray:
        strain = strain_after(part[who], (start, end, rest), lines, p=p)
        return np.asarray(group_sum(strain, who, count) > limit)

    low, high = np.zeros(count), np.ones(count)
    at_once = beyond(low)
    for _ in range(HALVES):
        middle = 0.5 * (low + high)
        past = beyond(middle)
        low, high = np.where(past, low, middle), np.where(past, middle, high)
    return np.where(at_once, 0.0, low)


def _margins(firms: Firms, *, needs: Needs, offers: Offers) -> None:
    """Margin = revenue per t of run at asking prices over paid input cost and conversion, less one.
    Paid, not replacement: full stocks are not thrown away.
    """
    firms.cost = np.maximum(
        group_sum(needs.coefficient * needs.paid, needs.firm, len(firms)) + firms.conversion, 1e-9
    )
    revenue = group_sum(offers.yields * offers.ask, offers.firm, len(firms))
    firms.margin = np.where(revenue > 0, revenue / firms.cost - 1.0, 0.0)


def held(
    *, needs: Needs, offers: Offers, freight: Freight, supply: SupplyPolicy, support: Support
) -> FloatArray:
    """Element tonnes now in stocks, in transit and with traders and the state (t of oxide
    equivalent).
    """
    reserve = support.reserve
    return elements.held(
        needs, offers, freight.transit, supply.hoard, supply.stockpile, reserve.sum(axis=0)
    )
