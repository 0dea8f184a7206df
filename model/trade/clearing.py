"""The market: short stock is rationed, unfilled orders get a second round; prices are those
that sellers post (agents/firms/seller.py).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    group_sum,
    run_sum,
    with_rows,
)
from coercivity.agents.firms import seller
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods, processes
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border, open_ways

# what makers themselves leave out of a recipe when it is dear: their price bounds it, not their
# good's
CHOKED_AT_MAKERS = ("dysprosium_oxide", "terbium_oxide")
STEEPNESS = 2.2  # how alike the uses of a good are in the price at which they give it up; assumed


def clear(
    offers: Offers,
    links: Links,
    *,
    needs: Needs,
    border: Border,
    p: Parameters,
) -> None:
    """Sellers grant orders from stock, mines to the plants of their owner first; buyers ask once
    more where they were left short.

    Orders that a seller remembers are those that it could see: what was allowed, and what was asked
    of it beyond that.
    """
    granted, seen = _grant(offers, links)
    unfilled = _unfilled(granted, needs=needs, links=links, border=border)
    if unfilled is not None:
        left = np.maximum(offers.stock - seen, 0.0)
        asks = (unfilled > 0).take(links.need) & (left > 0).take(links.offer)
        rows = (asks & (links.qualified > 0) & open_ways(links, border).open_).nonzero()[0]
        offer, need = links.offer.take(rows), links.need.take(rows)
        now = granted.take(rows)
        now += seller.second_round(unfilled, left, need, offer, len(needs))
        granted[rows] = now
        now -= links.allowed.take(rows)
        seen += group_sum(np.maximum(now, 0.0), offer, len(offers))
    links.shipped = granted
    offers.orders += (seen - offers.orders) / p.order_memory


def _grant(offers: Offers, links: Links) -> tuple[FloatArray, FloatArray]:
    """(tonnes granted by link, orders by offer): first plants from the mine of their owner, then
    the others.
    """
    own = links.own_rows
    if not len(own):
        return seller.ration(links.allowed, links.offer, offers.stock)
    call, mine = links.allowed[own], links.offer[own]
    served = seller.first_call(call, mine, offers.stock)
    others = with_rows(links.allowed, own, 0.0)
    left = np.maximum(offers.stock - group_sum(served, mine, len(offers)), 0.0)
    granted, seen = seller.ration(others, links.offer, left)
    granted[own] = served
    return granted, seen + group_sum(call, mine, len(offers))


def _unfilled(
    granted: FloatArray, *, needs: Needs, links: Links, border: Border
) -> FloatArray | None:
    """What each need lacks of what it wants this month (t), as far as orders were not granted; what
    waits for a licence is no such order. None where nothing lacks beyond a billionth of normal use.
    """
    missing = links.orders - granted
    if border.licensed.any():
        missing -= links.orders * links.applies
    rows = (missing > links.nothing).nonzero()[0]
    if not len(rows):
        return None
    unfilled = group_sum(missing.take(rows), links.need.take(rows), len(needs))
    lacks = np.maximum(needs.wanted - run_sum(granted, needs.link_first), 0.0)
    return np.minimum(unfilled, lacks)


def bearable_prices(choke: FloatArray, facts: Facts) -> FloatArray:
    """Price of each good (USD/kg) at which three quarters of even the most patient users have gone:
    C = p50 3^(1/nu), nu 2.2 (assumed); of what only makers buy, what the dearest of their goods
    leaves for it.

    C_in = max over goods made of C_out / a, a tonnes per tonne made: a loose bound.
    """
    most = np.max(np.where(np.isfinite(choke), choke, 0.0), axis=0)
    most *= 3.0 ** (1.0 / STEEPNESS)
    table = processes(facts)
    for process in reversed(range(len(facts.processes))):
        made = np.flatnonzero(table.outputs[process])
        for good in np.flatnonzero(table.inputs[process]):
            if len(made) and facts.goods[good] not in facts.plant_of:
                left = float((most[made] / table.inputs[process, good]).max())
                direct = facts.goods[good] in CHOKED_AT_MAKERS
                most[good] = most[good] if direct else max(most[good], left)
    return np.where(most > 0.0, most, np.inf)


def separation_cost(firms: Firms) -> dict[str, float]:
    """Conversion cost of a tonne of ore (USD/kg) by ore: mean over plants by their runs at the
    start.
    """
    facts = firms.facts
    costs = {}
    for ore, plant in facts.plant_of.items():
        rows = firms.process == facts.process_row[plant]
        costs[ore] = float(np.average(firms.conversion[rows], weights=firms.base_run[rows]))
    return costs


def pricing_terms(good: IntArray, facts: Facts) -> tuple[BoolArray, BoolArray]:
    """Per offer: whether it is made to order, and whether it is a concentrate."""
    pricing = np.array(goods(facts).pricing)[good]
    return pricing == "manufactured", pricing == "concentrate"
