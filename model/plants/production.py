"""Production: the scarcest input sets the pace; ore fixes the by-products; what is lost or left
unfinished is booked (M1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    group_sum,
    run_first,
    run_sum,
)
from coercivity.agents.firms import end_user, processor
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.elements import Elements, book

# sections and rounds by which the day of a stop is found, as exactly as numbers are kept: to 2^-48
# of a month either way, and one is quicker for few inputs, the other for many
FEW, IN_FEW, IN_MANY = 16, (64, 8), (16, 12)
WEEKS = (np.arange(4) + 0.5) / 4.0  # middle of each quarter of a month
DAYS = np.append(WEEKS, 1.0)[:, None]  # and its end


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
    limit = np.full(len(firms), np.inf)
    per_need = needs.stock / np.maximum(needs.coefficient, 1e-15)
    limit[needs.users] = np.minimum.reduceat(per_need, needs.user_first)  # needs are sorted by firm
    most = np.maximum(np.minimum(firms.wish, _capacity(firms, p=p)), 0.0)
    wish = most[needs.firm]
    falls = fall(needs.coefficient * wish, needs=needs, p=p)
    strain = strain_after(DAYS, falls, p=p)
    at_end = strain[-1]
    left = have_all(strain[:-1], falls, needs=needs)
    most[needs.end_users] *= left[needs.end_lines]
    run = np.minimum(most, limit)
    pace, apart = run[needs.firm], needs.apart_rows
    pace[apart] = alone = np.minimum(wish[apart] * left[needs.apart_lines], per_need[apart])
    run[needs.apart_firms] = np.add.reduceat(needs.part[apart] * alone, needs.apart_first)
    needs.strain = np.zeros(len(needs))
    needs.strain[needs.end_rows[falls.rows]] = at_end
    _stop_days(firms, needs, _stop_days_of_lines(at_end, falls, needs=needs, p=p))
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


def _capacity(firms: Firms, *, p: Parameters) -> FloatArray:
    """The most that firms can run; end users that no shock has struck have no bound."""
    room, struck = firms.capacity * firms.available, firms.available < 1.0
    burnt: FloatArray | float = np.inf
    if struck.any():
        burnt = np.where(struck, firms.available * (1.0 + p.overtime) * firms.plan, np.inf)
    return np.where(firms.is_end, burnt, room)


def used_up(needs: Needs, use: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of its normal stock that each input of end users has lost before the month, and will
    have lost after it if `use` (t, by input of theirs) is taken: 1 - S / N, N = c E.

    S stock (t), c normal cover (months), E expected use (t/month). What a firm holds beyond its
    normal stock counts below zero.
    """
    rows = needs.end_run
    normal = np.maximum(needs.cover[rows] * needs.expected[rows], 1e-15)
    arrived = needs.arrived[rows]
    before = 1.0 - np.maximum(needs.stock[rows] - arrived, 0.0) / normal
    return before, before + (use - arrived) / normal


class StockFall(NamedTuple):
    """How the stocks of end users' inputs fall within a month (`fall`), an array each by input that
    loses some of its normal stock; the others strain no line.

    rows: places among the inputs of end users; one: number of those that stop a line together;
    parts n of a line; start D0, loss D1 - D0, rest max(D0, De).
    """

    rows: IntArray
    one: IntArray
    parts: FloatArray
    start: FloatArray
    loss: FloatArray
    rest: FloatArray

    def of(self, which: IntArray | BoolArray) -> StockFall:
        """Some of these inputs."""
        return StockFall._make(column[which] for column in self)


def fall(use: FloatArray, *, needs: Needs, p: Parameters) -> StockFall:
    """How the stocks of end users' inputs fall within the month, if `use` (t, by input) is taken:

    D(u) = min(D0 + u (D1 - D0), max(D0, De))

    u part of the month that has passed, D share of its normal stock that an input has lost
    (`used_up`: D0 before, D1 after), De where so few lines are left that arrivals are enough for
    them (`end_user.first_stops` at the share of `use` that arrives): there stocks fall no further.
    """
    start, end = used_up(needs, use[needs.end_run])
    some = (np.maximum(start, end) > 0.0).nonzero()[0]
    rows, start = needs.end_rows[some], start[some]
    arrive = (needs.arrived[rows] / np.maximum(use[rows], 1e-15)).clip(1e-300, 1.0)
    parts = needs.parts[rows]
    least = end_user.first_stops(parts, arrive, p.part_spread)
    one = needs.stop_together[some]
    return StockFall(some, one, parts, start, end[some] - start, np.maximum(start, least))


def strain_after(part: FloatArray | float, falls: StockFall, *, p: Parameters) -> FloatArray:
    """Strain on the lines of end users by input (`end_user.strain`) after a part of the month
    (0-1); plants have none: what they feed is one material.
    """
    gone = np.minimum(falls.start + part * falls.loss, falls.rest)
    return end_user.strain(gone, falls.parts, p.part_spread)


def have_all(strain: FloatArray, falls: StockFall, *, needs: Needs) -> FloatArray:
    """Share of lines that have all parts (`end_user.lines_left`), by number of the inputs that stop
    them together: all inputs of an end user, or one where they go into different goods. strain:
    weeks x inputs that fall.
    """
    first = run_first(falls.one)
    together = np.add.reduceat(strain, first, axis=1)
    left = np.ones(len(needs.end_rows))
    left[falls.one[first]] = end_user.lines_left(together)
    return left


def finish(offers: Offers, potential: FloatArray) -> FloatArray:
    """What leaves the plants of what the ore gave (t): by-products as far as they sell, from what
    lay unfinished where the ore gives less.
    """
    orders, opening, lead = offers.orders, offers.opening, offers.lead
    output = processor.finished_output(potential, orders, opening, lead)
    left = offers.unfinished
    old = processor.finished_backlog(potential, orders, opening, left) * (lead <= 0.0)
    offers.unfinished = np.minimum(left - old + potential - output, processor.KEPT * orders)
    return output + old


def _stop_days(firms: Firms, needs: Needs, of_lines: FloatArray) -> None:
    """Part of the month (0-1) that passes before a line lacks an input; 1 where none is lacking.

    A plant's stock before arrivals lasts t = S0 / (use - arrivals) of a month when arrivals do not
    keep up. of_lines: the same by input of end users, see `_stop_days_of_lines`.
    """
    want = needs.coefficient * firms.wish[needs.firm]
    before = np.maximum(needs.stock - needs.arrived, 0.0)
    gap = np.maximum(want - needs.arrived, 1e-15)
    lasts = np.where(needs.stock < want * (1.0 - 1e-9), np.minimum(before / gap, 1.0), 1.0)
    lasts[needs.end_run] = of_lines
    firms.lasts = np.ones(len(firms))
    firms.lasts[needs.users] = np.minimum.reduceat(lasts, needs.user_first)
    needs.lacking = lasts < 1.0


def _stop_days_of_lines(
    at_end: FloatArray, falls: StockFall, *, needs: Needs, p: Parameters
) -> FloatArray:
    """Part of the month that passes until so many of an end user's lines stand that it counts, by
    input of end users.

    t: sum_k H_k(t) = -ln q;  lacking: the sum at the end is more, and H_k > 0

    q share of lines below which a firm counts as stopped (`end_user.STOP_THRESHOLD`), H_k(t) strain
    (`strain_after`; at_end: at t = 1), over 1e-4 (`end_user.FEWEST`) to be named at all. Inputs
    that go into different goods are taken one by one.
    """
    limit = -np.log(end_user.STOP_THRESHOLD)
    lasts = np.ones(len(needs.end_rows))
    total = group_sum(at_end, falls.one, len(lasts))
    some = (total > limit * (1.0 + 1e-9))[falls.one].nonzero()[0]
    if len(some):
        falls, at_end = falls.of(some), at_end[some]
        named = at_end > end_user.FEWEST
        lasts[falls.rows] = np.where(named, _crossing(falls, limit, p=p), 1.0)
    return lasts


def _crossing(falls: StockFall, limit: float, *, p: Parameters) -> FloatArray:
    """Part of the month after which the strain of the inputs that stop together passes a limit that
    it passes by the end, by input; 0 where it was beyond it before.
    """
    count = np.bincount(falls.one)
    length = count[count > 0]
    first = length.cumsum() - length
    after = np.zeros(len(length))
    later = run_sum(strain_after(0.0, falls, p=p), first) <= limit
    if later.any():
        after[later] = _search(length[later], falls.of(later.repeat(length)), limit, p=p)
    return after.repeat(length)


def _search(length: IntArray, falls: StockFall, limit: float, *, p: Parameters) -> FloatArray:
    """The same by run of so many inputs that stop together, where the limit is passed within the
    month. The month is cut into sections, the one in which it passes again, and so on.
    """
    first, run = length.cumsum() - length, np.arange(len(length)).repeat(length)
    sections, rounds = IN_FEW if len(run) <= FEW else IN_MANY
    low, width, steps = np.zeros(len(length)), 1.0, np.arange(1.0, sections)[:, None]
    for _ in range(rounds):
        width /= sections
        part = low[run] + width * steps
        strain = np.add.reduceat(strain_after(part, falls, p=p), first, axis=1)
        low += width * (strain <= limit).sum(axis=0)
    return low


def _margins(firms: Firms, *, needs: Needs, offers: Offers) -> None:
    """Margin = revenue per t of run at asking prices over paid input cost and conversion, less one.
    Paid, not replacement: full stocks are not thrown away.
    """
    firms.cost = np.maximum(
        group_sum(needs.coefficient * needs.paid, needs.firm, len(firms)) + firms.conversion, 1e-9
    )
    revenue = group_sum(offers.yields * offers.ask, offers.firm, len(firms))
    firms.margin = np.where(revenue > 0, revenue / firms.cost - 1.0, 0.0)
