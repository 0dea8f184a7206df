"""The market: short stock is rationed, unfilled orders get a second round, sellers post prices (M4, M5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import seller
from coercivity.agents.columns import group_sum, run_sum
from coercivity.model.goods import goods
from coercivity.model.names import GOODS

if TYPE_CHECKING:
    from coercivity.model.world import World

BASKET_ORDER = ("light_concentrate", "heavy_concentrate")


def clear(world: World) -> None:
    """Sellers grant orders from stock, buyers ask once more where they were left short; then prices move for next month."""
    links, needs, offers, p = world.links, world.needs, world.offers, world.p
    even = p.even_ration if world.on["M4"] else 1.0
    granted = seller.ration(world.allowed, links.offer, links.tier, offers.stock, even)
    left = np.maximum(offers.stock - group_sum(granted, links.offer, len(offers)), 0.0)
    short = np.maximum(world.orders - granted, 0.0)
    if world.border.licensed.any():
        short = np.maximum(short - np.where(world.border.licensed[world.border.channel] > 0, world.orders * (1.0 - links.blocked), 0.0), 0.0)
    missing = np.flatnonzero(short)
    missing = missing[short[missing] >= 1e-9 * needs.base_use[links.need[missing]]]
    if len(missing):
        unfilled = group_sum(short[missing], links.need[missing], len(needs))
        border = world.border
        rows = np.flatnonzero((unfilled > 0)[links.need] & (world.qualified > 0))  # only they ask again
        channel, offer = border.channel[rows], links.offer[rows]
        closed = (border.licensed + border.banned)[channel] > 0
        quota = border.quota[channel] > 0
        open_link = (links.blocked[rows] <= 0.0) & ~closed & ~quota
        granted[rows] += seller.second_round(unfilled, open_link, left, links.need[rows], offer, len(needs))
    world.shipped = granted
    orders = group_sum(np.maximum(world.allowed, granted), links.offer, len(offers))
    offers.orders += (orders - offers.orders) / p.order_memory
    post_prices(world)


def post_prices(world: World) -> None:
    """Sellers move asking prices: commodities on a slow anchor, makers on replacement cost, concentrates on the value of their basket.

    A = drifting level | p0 (unit cost / its start) | p0 (basket value / its start).  eta is scaled by 7/6 for makers and 1/2 for concentrates, eta2 by 0.3
    for both: they pass costs on and are bought under contract. Makers do not ask less than 0.9 of their unit cost. Scales by experiment (assumed).
    """
    offers, firms, needs, links, p = world.offers, world.firms, world.needs, world.links, world.p
    if not world.on["M5"]:
        return
    replacement = run_sum(links.share * links.cost, world.link_first)
    needs.replacement += (replacement - needs.replacement) / 2.0
    offers.scarcity = seller.scarcity(offers.orders, offers.stock, p.seller_cover)
    cost = group_sum(needs.coefficient * needs.replacement, needs.firm, len(firms)) + firms.conversion
    cost_ratio = (cost / firms.base_cost)[offers.firm]
    made, ore = world.pricing == 1, world.pricing == 2
    drifted = seller.drift_anchor(offers.anchor, offers.ask, offers.base_price, p.anchor_to_price, p.anchor_to_base)
    basket = world.basket_value()
    offers.anchor = np.where(made, offers.base_price * cost_ratio, np.where(ore, offers.base_price * basket[offers.good], drifted))
    eta = np.where(ore, 0.5 * p.price_eta, np.where(made, 7.0 / 6.0 * p.price_eta, p.price_eta))
    steep = np.where(made | ore, 0.3, 1.0) * p.price_steep
    unit_cost = offers.base_price * (cost / firms.base_cost / (1.0 + np.maximum(firms.base_margin, 0.0)))[offers.firm]
    floor = np.where(made, 0.9 * unit_cost, offers.floor)
    offers.ask = seller.posted_price(offers.ask, offers.anchor, offers.scarcity, floor, eta, steep, p.price_speed, p.price_step)
    old = world.quote
    world.quote = world.public_quote()
    world.quote_growth += (np.log(world.quote / old) - world.quote_growth) / 4.0


def remember_prices(world: World) -> None:
    """Buyers' price memories: a slow reference, a nine-month lag, and the smoothed growth of what they pay."""
    needs = world.needs
    growth = np.log(np.maximum(needs.paid, 1e-12) / np.maximum(world.paid_before, 1e-12))
    needs.growth += (growth - needs.growth) / 4.0
    needs.reference += (needs.paid - needs.reference) / world.p.reference_months
    needs.lagged += (needs.paid - needs.lagged) / 9.0
    world.paid_before = needs.paid.copy()


def pricing_codes(good: np.ndarray) -> np.ndarray:
    """0 commodity, 1 manufactured, 2 concentrate, per offer."""
    codes = {"commodity": 0, "manufactured": 1, "concentrate": 2}
    return np.array([codes[goods().pricing[g]] for g in range(len(GOODS))])[good]
