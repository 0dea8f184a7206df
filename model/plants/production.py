"""Production: the scarcest input sets the pace; ore fixes the by-products; what is lost or left
unfinished is booked (M1).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.firms import processor
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts import elements
from coercivity.model.parts.elements import Elements, book
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support


def produce(
    firms: Firms, needs: Needs, offers: Offers, elements: Elements, *, p: Parameters
) -> None:
    """Run = min(wish, capacity, stock / need) over inputs (Leontief); inputs leave stock, outputs
    enter it, lines that lack a part stop. Where inputs go into different goods (catalysts,
    polish, glass) each is used as far as it lasts: run = sum_k w_k min(wish, stock_k / need_k), w
    share of input k in what inputs cost at the start.

    The day of a stop: stock before arrivals lasts t = S0 / (use - arrivals) of a month when
    arrivals do not keep up.
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
    run = np.minimum(most, limit)
    pace = run[needs.firm]
    apart = needs.apart_rows
    pace[apart] = np.minimum(most[needs.firm[apart]], per_need[apart])
    run[needs.apart_firms] = np.add.reduceat(needs.part[apart] * pace[apart], needs.apart_first)
    _stop_days(firms, needs)
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


def _stop_days(firms: Firms, needs: Needs) -> None:
    """Part of the month (0-1) that passes before a line lacks an input; 1 where none is lacking."""
    want = needs.coefficient * firms.wish[needs.firm]
    before = np.maximum(needs.stock - needs.arrived, 0.0)
    gap = np.maximum(want - needs.arrived, 1e-15)
    lasts = np.where(needs.stock < want * (1.0 - 1e-9), np.minimum(before / gap, 1.0), 1.0)
    firms.lasts = np.ones(len(firms))
    firms.lasts[needs.users] = np.minimum.reduceat(lasts, needs.user_first)
    needs.lacking = lasts < 1.0


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
