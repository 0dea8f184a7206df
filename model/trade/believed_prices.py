"""Prices that look ahead: what a kilogram is worth to those abroad whom a border keeps from it, and
what holders ask for what is at hand and believed to come (M5).
"""

from __future__ import annotations

import os

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.firms.valuation import holders_rise, worth_of_more
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.expectations import Expectations
from coercivity.model.parts.market import Market
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.trade.expectations import (
    UNBOUND,
    Use,
    believe,
    believed_supply,
    side_of,
    use_at_usual_prices,
)


def _f(name: str, value: float) -> float:
    return float(os.environ.get(name, value))


E, T, CLOCK, W, F0, K = (
    _f("E", 0.3),
    _f("T", 24.0),
    2.0,
    _f("W", 6.0),
    _f("F0", 0.64),
    _f("K", 0.31),
)
LOW, LOW_MADE, PSI = _f("LOW", 0.662), 0.45, _f("PSI", 0.3)
C11, KB = _f("C11", 0.9), _f("KB", 0.04)
SMOOTH = 6.0  # months over which what is in the ore is read


def look_ahead(
    needs: Needs,
    border: Border,
    expected: Expectations,
    market: Market,
    *,
    firms: Firms,
    offers: Offers,
    links: Links,
    supply: SupplyPolicy,
    lost: float,
    p: Parameters,
) -> None:
    """Beliefs are renewed; the gap across held borders opens or closes; the scarcity of each offer
    is worked out. lost: part of what is dug without a quota that is believed to end.
    """
    believe(expected, border=border, first_share=F0, speed=K)
    use = use_at_usual_prices(firms=firms, needs=needs, offers=offers, links=links)
    tables = {"firms": firms, "needs": needs, "offers": offers, "links": links, "border": border}
    capacity = believed_capacity(firms, supply, lost)
    _, able = believed_supply(expected, use, capacity, **tables)
    # what is scarce at home is dear at home already: abroad only what a border holds back counts
    boundless = np.where(firms.inside, UNBOUND, capacity)
    flow, _ = believed_supply(expected, use, boundless, **tables)
    value_abroad(needs, expected, use, flow, market=market, firms=firms, links=links, border=border)
    open_gap(border, expected)
    count_unserved(
        expected, use, firms=firms, needs=needs, offers=offers, links=links, border=border
    )
    market.tightness = scarcity_of_offers(
        expected,
        use,
        able,
        market=market,
        firms=firms,
        needs=needs,
        offers=offers,
        links=links,
        border=border,
    )


def believed_capacity(firms: Firms, supply: SupplyPolicy, lost: float) -> FloatArray:
    """Capacity that is believed to run (t/month): of holders of quotas what they are allowed, of
    mines less what is dug without a quota and believed to end.
    """
    at = supply.at
    out = firms.capacity.copy()
    out[at.limited] = np.minimum(out[at.limited], supply.allowed[at.limited])
    out[at.mines] *= 1.0 - lost * supply.illegal[at.mines]
    return out


def value_abroad(
    needs: Needs,
    expected: Expectations,
    use: Use,
    flow: FloatArray,
    *,
    market: Market,
    firms: Firms,
    links: Links,
    border: Border,
) -> None:
    """What one more kilogram is worth to each user outside, and on average by good."""
    goods, outside = len(firms.facts.goods), ~firms.inside[needs.firm]
    shelf = (needs.stock + needs.pipeline) / np.maximum(use.need, 1e-12) - 0.5
    left = np.where(np.isfinite(expected.since), np.maximum(CLOCK - expected.since, 0.0), 0.0)
    clock = run_sum(links.share * left[border.channel], needs.link_first)
    core = np.maximum(market.bearable[needs.good] / np.maximum(needs.reference, 1e-9), 1.0)
    rise = worth_of_more(flow, np.maximum(shelf, 0.0), clock, core, W, E)
    needs.worth = needs.paid * np.where(outside, rise, 1.0)
    weight = use.need * outside
    mean = group_sum(weight * rise, needs.good, goods) / np.maximum(
        group_sum(weight, needs.good, goods), 1e-12
    )
    expected.abroad = np.maximum(mean, 1.0)


def open_gap(border: Border, expected: Expectations) -> None:
    """The spot abroad stands above the exporter's price by what a kilogram is worth there, on the
    day of the act; what is paid on average follows as contracts lapse.
    """
    held = np.isfinite(expected.since)
    border.premium = np.where(held, np.log(expected.abroad)[border.good], 0.0)
    moved = border.contract + 0.4 * (border.premium - border.contract)
    border.contract = np.minimum(border.premium, moved)
    expected.held = np.zeros(len(expected.abroad), dtype=bool)
    expected.held[border.good[held]] = True


def count_unserved(
    expected: Expectations,
    use: Use,
    *,
    firms: Firms,
    needs: Needs,
    offers: Offers,
    links: Links,
    border: Border,
) -> None:
    """What users outside would buy of makers outside (t/month by good): what they do, and of their
    imports what is not believed to come.
    """
    behind = firms.inside[offers.firm][links.offer]
    part = np.where(behind, 1.0 - expected.passes[border.channel], 1.0)
    outside = ~firms.inside[needs.firm][links.need]
    expected.unserved = group_sum(
        links.share * use.need[links.need] * part * outside,
        needs.good[links.need],
        len(firms.facts.goods),
    )


def scarcity_of_offers(
    expected: Expectations,
    use: Use,
    able: FloatArray,
    *,
    market: Market,
    firms: Firms,
    needs: Needs,
    offers: Offers,
    links: Links,
    border: Border,
) -> FloatArray:
    """Log of what is asked over what a good is thought to be worth, by offer. Holders at home by
    what must last; makers pass their costs on and at most come down; sellers outside a held border
    ask what a kilogram is worth there; ore is worth its basket.
    """
    goods = len(firms.facts.goods)
    held = expected.held[offers.good]
    pool = np.where(held, side_of(offers, firms=firms), offers.good * 2)
    passes = np.where(border.channel > 0, expected.passes[border.channel], 1.0)
    passes = passes * np.where(border.quota[border.channel] > 0, expected.let, 1.0)
    asked = group_sum(links.share * passes * use.need[links.need], links.offer, len(offers))
    wanted = group_sum(asked, pool, 2 * goods)
    comes = np.minimum(group_sum(offers.yields * able[offers.firm], pool, 2 * goods), wanted)
    beyond = group_sum(offers.stock - offers.cover * offers.sales, pool, 2 * goods)
    comes, beyond = with_by_products(
        expected, comes, beyond, by_good(wanted), firms=firms, offers=offers
    )
    rise = holders_rise((comes + beyond / T) / np.maximum(wanted, 1e-9), E, LOW)
    rise = rise + np.repeat(np.log1p(PSI * rent_over_price(border, market)), 2)
    out = rise[pool]
    out = np.where(offers.to_order, np.clip(out, np.log(LOW_MADE), 0.0), out)
    outside = held & ~firms.inside[offers.firm]
    out = np.where(outside, np.log(expected.abroad)[offers.good], out)
    return np.where(offers.is_ore, 0.0, out)


def by_good(by_pool: FloatArray) -> FloatArray:
    """Sums over both sides of the border."""
    return by_pool.reshape(-1, 2).sum(axis=1)


def with_by_products(
    expected: Expectations,
    comes: FloatArray,
    beyond: FloatArray,
    wanted: FloatArray,
    *,
    firms: Firms,
    offers: Offers,
) -> tuple[FloatArray, FloatArray]:
    """Of goods that nobody runs a plant for comes what is in the ore, over what of it found users
    at the start; a surplus that is stored presses on no price.
    """
    goods = len(wanted)
    alone: BoolArray = group_sum(offers.lead * offers.yields, offers.good, goods) <= 0
    in_ore = group_sum(offers.yields * firms.run[offers.firm], offers.good, goods)
    if expected.in_ore is None:
        expected.in_ore = in_ore
        expected.sold_of_ore = np.maximum(in_ore / np.maximum(wanted, 1e-9), 1.0)
    expected.in_ore = expected.in_ore + (in_ore - expected.in_ore) / SMOOTH
    both: IntArray = np.arange(2 * goods) // 2
    part = comes / np.maximum(by_good(comes)[both], 1e-9)
    of_ore = (expected.in_ore / expected.sold_of_ore)[both] * part
    only = alone[both]
    return np.where(only, of_ore, comes), np.where(only, np.minimum(beyond, 0.0), beyond)


def rent_over_price(border: Border, market: Market) -> FloatArray:
    """What a right to export is worth over the home price, by good: who holds a good at home may
    come by one.
    """
    if not border.rent.any():
        return np.zeros(len(market.quote))
    from coercivity.model.politics.supply_policy import export_rent

    return export_rent(border) / np.maximum(market.quote, 1e-9)
