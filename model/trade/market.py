"""The market: short stock is rationed, unfilled orders get a second round, sellers post prices (M4, M5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.firms import seller
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import GOOD, PROCESS, goods, processes
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.market import PLANT_OF, Market, public_quote

if TYPE_CHECKING:
    from coercivity.model.basis.parameters import Parameters


def clear(
    needs: Needs,
    offers: Offers,
    links: Links,
    market: Market,
    *,
    firms: Firms,
    border: Border,
    p: Parameters,
    on: Switches,
) -> None:
    """Sellers grant orders from stock, buyers ask once more where they were left short; then prices move for next month.

    Orders that a seller remembers are those that it could see: what was allowed, and what was asked of it beyond that.
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
    post_prices(needs, offers, market, firms=firms, links=links, p=p, on=on)


def _unfilled(
    granted: FloatArray, *, needs: Needs, links: Links, border: Border
) -> FloatArray | None:
    """Orders that were not granted, by need (t); what waits for a licence is not among them. None where there are none beyond a billionth of normal use."""
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


def post_prices(
    needs: Needs,
    offers: Offers,
    market: Market,
    *,
    firms: Firms,
    links: Links,
    p: Parameters,
    on: Switches,
) -> None:
    """Sellers move asking prices: commodities on a slow anchor, makers on replacement cost, concentrates on the value of their basket.

    A = drifting level | p0 (unit cost / its start) | p0 (basket value / its start).  eta is scaled by 7/6 for makers and 1/2 for concentrates, eta2 by 0.3
    for both: they pass costs on and are bought under contract. Makers do not ask less than 0.9 of their unit cost. Scales by experiment (assumed).
    Ores are not asked more for than their netback: beyond it (tried) scarce ore stops the plants that work it up in the midst of a shortage of oxides, their
    orders fall, the ore cheapens, and heavy oxides swing with a period of a year.
    """
    if not on["M5"]:
        return
    replacement = run_sum(links.share * links.cost, needs.link_first)
    needs.replacement += (replacement - needs.replacement) / 2.0
    offers.scarcity = seller.scarcity(offers.orders, offers.stock, p.seller_cover)
    offers.scarcity[offers.shut_rows] = (
        0.0  # who cannot make a good asks what it is thought to be worth
    )
    cost = (
        group_sum(needs.coefficient * needs.replacement, needs.firm, len(firms)) + firms.conversion
    )
    cost_ratio = (cost / firms.base_cost)[offers.firm]
    drifted = seller.drift_anchor(
        offers.anchor, offers.ask, offers.base_price, p.anchor_to_price, p.anchor_to_base
    )
    replaced = offers.base_price * cost_ratio
    offers.anchor = np.where(
        offers.to_order,
        replaced,
        np.where(offers.is_ore, offers.base_price * market.basket_value[offers.good], drifted),
    )
    floor = np.where(
        offers.to_order,
        0.9 * replaced / (1.0 + np.maximum(firms.base_margin, 0.0))[offers.firm],
        offers.floor,
    )
    offers.ask = seller.posted_price(
        offers.ask,
        offers.anchor,
        offers.scarcity,
        floor,
        netback(market=market)[offers.good],
        offers.eta,
        offers.eta_steep,
        p.price_speed,
        p.price_step,
    )
    old = market.quote
    market.quote = public_quote(offers)
    market.quote_growth += (np.log(market.quote / old) - market.quote_growth) / 4.0


def netback(*, market: Market) -> FloatArray:
    """What a tonne of ore leaves to a separator that just covers its costs (USD/kg), by good: N = sum y q - k; no bound (infinite) for other goods.

    y oxides per tonne fed (t/t), q public quotes, k conversion cost of those who separate it, a mean by their runs at the start (USD/kg).
    """
    out = np.full(len(market.quote), np.inf)
    for ore, cost in market.separation_cost.items():
        out[GOOD[ore]] = max(
            float(processes().outputs[PROCESS[PLANT_OF[ore]]] @ market.quote) - cost, 1e-3
        )
    return out


def separation_cost(firms: Firms) -> dict[str, float]:
    """Conversion cost of a tonne of ore (USD/kg) by ore: mean over plants by their runs at the start."""
    found = {}
    for ore, plant in PLANT_OF.items():
        rows = firms.process == PROCESS[plant]
        found[ore] = float(np.average(firms.conversion[rows], weights=firms.base_run[rows]))
    return found


def remember_prices(needs: Needs, *, p: Parameters) -> None:
    """Buyers' price memories: a slow reference, a nine-month lag, and the smoothed growth of what they pay."""
    growth = np.log(np.maximum(needs.paid, 1e-12) / np.maximum(needs.paid_before, 1e-12))
    needs.growth += (growth - needs.growth) / 4.0
    needs.reference += (needs.paid - needs.reference) / p.reference_months
    needs.lagged += (needs.paid - needs.lagged) / 9.0
    needs.paid_before = needs.paid.copy()


def pricing_terms(
    good: IntArray, p: Parameters
) -> tuple[BoolArray, BoolArray, FloatArray, FloatArray]:
    """Per offer: whether it is made to order, whether it is a concentrate, and the response of its price to scarcity (eta, eta2)."""
    pricing = np.array(goods().pricing)[good]
    made, ore = pricing == "manufactured", pricing == "concentrate"
    return (
        made,
        ore,
        p.price_eta * np.where(ore, 0.5, np.where(made, 7.0 / 6.0, 1.0)),
        p.price_steep * np.where(made | ore, 0.3, 1.0),
    )
