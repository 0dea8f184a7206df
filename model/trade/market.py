"""The market: short stock is rationed, unfilled orders get a second round (M4); prices are those
that sellers post (agents/firms/seller.py).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.firms import seller
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import PROCESS, goods
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.market import PLANT_OF


def clear(
    offers: Offers,
    links: Links,
    *,
    needs: Needs,
    border: Border,
    p: Parameters,
    on: Switches,
) -> None:
    """Sellers grant orders from stock, buyers ask once more where they were left short.

    Orders that a seller remembers are those that it could see: what was allowed, and what was asked
    of it beyond that.
    """
    granted, seen = seller.ration(
        links.allowed, links.queue, offers.stock, p.even_ration if on["M4"] else 1.0
    )
    unfilled = _unfilled(granted, needs=needs, links=links, border=border)
    if unfilled is not None:
        left = np.maximum(offers.stock - seen, 0.0)
        asks = (
            (unfilled > 0).take(links.need) & (left > 0).take(links.offer) & (links.qualified > 0)
        )
        rows = asks.nonzero()[0]
        rows = rows[
            (links.blocked[rows] <= 0.0)
            & (border.licensed + border.banned + border.quota <= 0.0)[border.channel[rows]]
        ]
        offer = links.offer[rows]
        now = granted[rows] + seller.second_round(
            unfilled, left, links.need[rows], offer, len(needs)
        )
        granted[rows] = now
        seen += group_sum(np.maximum(now - links.allowed[rows], 0.0), offer, len(offers))
    links.shipped = granted
    offers.orders += (seen - offers.orders) / p.order_memory


def _unfilled(
    granted: FloatArray, *, needs: Needs, links: Links, border: Border
) -> FloatArray | None:
    """Orders that were not granted, by need (t); what waits for a licence is not among them. None
    where there are none beyond a billionth of normal use.
    """
    licensed = border.licensed
    short = links.orders - granted
    rows = (short > links.nothing).nonzero()[0]
    missing = short[rows]
    if licensed.any():
        waits = licensed[border.channel[rows]] > 0
        missing = missing - np.where(waits, links.orders[rows] * (1.0 - links.blocked[rows]), 0.0)
        enough = missing > links.nothing[rows]
        rows, missing = rows[enough], missing[enough]
    return group_sum(missing, links.need[rows], len(needs)) if len(rows) else None


def separation_cost(firms: Firms) -> dict[str, float]:
    """Conversion cost of a tonne of ore (USD/kg) by ore: mean over plants by their runs at the
    start.
    """
    costs = {}
    for ore, plant in PLANT_OF.items():
        rows = firms.process == PROCESS[plant]
        costs[ore] = float(np.average(firms.conversion[rows], weights=firms.base_run[rows]))
    return costs


def pricing_terms(
    good: IntArray, p: Parameters
) -> tuple[BoolArray, BoolArray, FloatArray, FloatArray]:
    """Per offer: whether it is made to order, whether it is a concentrate, and the response of its
    price to scarcity (eta, eta2).
    """
    pricing = np.array(goods().pricing)[good]
    manufactured, ore = pricing == "manufactured", pricing == "concentrate"
    return (
        manufactured,
        ore,
        p.price_eta * np.where(ore, 0.5, np.where(manufactured, 7.0 / 6.0, 1.0)),
        p.price_steep * np.where(manufactured | ore, 0.3, 1.0),
    )
