"""Prices that look ahead: what a kilogram is worth to those abroad whom a border keeps from it, and
what holders ask for what is at hand and believed to come (M5).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.firms.investor import FRINGE_UTILISATION
from coercivity.agents.firms.valuation import believed_delay, holders_rise, worth_of_more
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import goods
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.expectations import Expectations
from coercivity.model.parts.market import Market
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.trade.expectations import (
    Draw,
    TradeTables,
    Use,
    believe,
    believed_draw,
    believed_flow,
    believed_supply,
    use_at_usual_prices,
)
from coercivity.model.trade.export_quota import export_rent

UNBOUND = 1e9  # t/month
RUN_MONTHS = 6.0  # over which traders read what plants make; assumed


def look_ahead(
    needs: Needs,
    border: Border,
    expected: Expectations,
    market: Market,
    *,
    tables: TradeTables,
    supply: SupplyPolicy,
    lost: float,
    more_cover: FloatArray | float,
    p: Parameters,
) -> None:
    """Beliefs are renewed; the gap across held borders opens or closes; the scarcity of each offer
    is worked out. lost: part of what is dug without a quota that is believed to end; more_cover:
    months of use that firms have decided to hold beyond their usual cover, by need.
    """
    expected.runs = expected.runs + (tables.firms.run - expected.runs) / RUN_MONTHS
    believe(expected, border=border, first_share=p.first_answer, speed=p.belief_speed)
    use = use_at_usual_prices(expected.chain, tables)
    capacity = believed_capacity(tables, supply, lost)
    draw, horizon = believed_draw(expected, use, tables), p.look_ahead_months
    _, able = believed_supply(expected, use, capacity, tables, draw=draw, horizon=horizon)
    if draw.free is not None or expected.held.any():
        # what is scarce at home is dear at home already: abroad only what a border holds back
        inside = np.where(tables.firms.inside, UNBOUND, capacity)
        can, _ = believed_supply(expected, use, inside, tables, draw=draw, horizon=horizon)
        flow = believed_flow(expected, can, tables, draw=draw)
        value_abroad(needs, expected, use, flow, market=market, tables=tables, p=p)
        open_gap(border, expected, speed=p.share_speed)
    else:
        needs.worth = needs.paid.copy()
        expected.abroad = np.ones_like(expected.abroad)
    count_unserved(expected, use, tables, draw=draw)
    asked = asked_under_quotas(expected, use, tables) if border.quota.any() else draw.offer
    market.scarcity = scarcity_of_offers(
        expected,
        asked,
        able,
        use=use,
        more_cover=more_cover,
        market=market,
        tables=tables,
        p=p,
    )
    speed: FloatArray | float = p.worth_speed
    if expected.held.any():
        held = expected.held[needs.good] & ~tables.firms.inside[needs.firm]
        speed = np.where(held, 0.0, speed)
    grow_used_to(needs, speed=speed)


def grow_used_to(needs: Needs, *, speed: FloatArray | float) -> None:
    """What is left out for its price becomes usual as that price is thought to be the worth
    (`learned_worth`), but where a border holds the good back, for no border is for ever:

    x_u <- x_u + k (x - x_u)

    x part of a use that is left out for a while, x_u what of it is usual, k speed (per month; none
    for needs outside of a good that a border holds back).
    """
    needs.usual_swap = needs.usual_swap + speed * (needs.swap - needs.usual_swap)


def believed_capacity(tables: TradeTables, supply: SupplyPolicy, lost: float) -> FloatArray:
    """Run that is believed possible at usual prices (t/month): of mines and plants outside China
    what they run of their capacity (`fringe_run`), of holders of quotas what they are allowed, of
    mines less what is dug without a quota and believed to end.
    """
    at, firms = supply.at, tables.firms
    out = np.where(firms.is_fringe, FRINGE_UTILISATION, 1.0) * firms.capacity
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
    tables: TradeTables,
    p: Parameters,
) -> None:
    """What one more kilogram is worth to each user outside, no less than it pays (rule
    `worth_of_more`, over the usual price, for scarcity is that of the usual use), and by good on
    average over what it costs behind the border. Its shelf is what it has and what is on its way,
    and it can do with less as fast as it leaves out and designs out.
    """
    firms, _, offers, links, border = tables
    goods, outside = len(firms.facts.goods), ~firms.inside[needs.firm]
    left = 1.0 - needs.usual_swap  # worth is over the price of the start, so is use
    shelf = left * np.maximum(needs.stock + needs.pipeline, 0.0) / np.maximum(use.need, 1e-12)
    clock = border.review_months(np.arange(border.size), p.licence_clock_months)
    to_go = np.where(border.licensed > 0.0, np.maximum(clock - expected.since, 0.0), 0.0)
    clock = np.zeros(len(needs))
    if to_go.any():
        clock = run_sum(links.share * to_go[border.channel], needs.link_first)
    usual = np.maximum(needs.price_start * market.rise, 1e-9)
    core = np.maximum(market.ceiling[needs.good] / usual, 1.0)
    delay = delay_of_needs(expected, tables, usual=p.delay_months)
    elasticity = p.swap_elasticity + p.redesign_elasticity
    least = cost_behind(offers, firms, market)[needs.good]
    rise = worth_of_more(left * flow, shelf, clock, core, delay, elasticity, least)
    needs.worth = np.where(outside, np.maximum(usual * rise, needs.paid), needs.paid)
    weight = use.need * outside
    whole = np.maximum(group_sum(weight, needs.good, goods), 1e-12)
    dearer = weight * np.maximum(rise / least, 1.0)
    expected.abroad = np.maximum(group_sum(dearer, needs.good, goods) / whole, 1.0)


def cost_behind(offers: Offers, firms: Firms, market: Market) -> FloatArray:
    """What a good costs behind the border over its usual price where that is less (0.001 to 1, by
    good): where nothing is scarce a kilogram is worth that, and the gap is over that.
    """
    goods = len(firms.facts.goods)
    behind = np.maximum(offers.sales, 1e-12) * firms.inside[offers.firm]
    asked = group_sum(behind * offers.ask, offers.good, goods)
    usual = market.rise * group_sum(behind * offers.base_price, offers.good, goods)
    cost = np.divide(asked, usual, out=np.ones(goods), where=usual > 0.0)
    return np.clip(cost, 1e-3, 1.0)


def delay_of_needs(expected: Expectations, tables: TradeTables, *, usual: float) -> FloatArray:
    """Months for which each user believes to wait beyond an office's clock (rule `believed_delay`),
    of the quickest held lane of its suppliers; the usual ones where a ban or a cut holds it, for
    these give nobody an answer.
    """
    border = tables.border
    delay = believed_delay(expected.passes, expected.said, usual)
    delay = np.where(border.cut + border.shut + border.banned > 0.0, usual, delay)
    delay = np.where(np.isfinite(expected.since), delay, usual)
    of_links = np.where(tables.links.share > 0.0, delay[border.channel], usual)
    return np.asarray(np.minimum.reduceat(of_links, tables.needs.link_first))


def open_gap(border: Border, expected: Expectations, *, speed: float) -> None:
    """The spot abroad stands above the exporter's price by what a kilogram is worth there, on the
    day of the act; what is paid on average follows as contracts lapse.

    m = ln W where a border holds;  c <- min(m, c + s (m - c))

    W worth of a kilogram abroad over what it costs behind the border, s part of the tonnes that is
    contracted anew in a month. Sellers outside ask m of oxides and metal, which have a quote, and c
    of magnets and motors, which are made to a customer's drawing and sold by contract.
    """
    held = np.isfinite(expected.since)
    border.premium = np.where(held, np.log(expected.abroad)[border.good], 0.0)
    moved = border.contract + speed * (border.premium - border.contract)
    border.contract = np.minimum(border.premium, moved)
    expected.held = np.zeros(len(expected.abroad), dtype=bool)
    goods_held = border.good[held]
    expected.held[goods_held] = True
    expected.gap = np.zeros(len(expected.abroad))
    parts = goods(border.facts).stage[border.good] > STAGES.index("metal")
    asked = np.where(parts, border.contract, border.premium)
    np.maximum.at(expected.gap, goods_held, asked[held])


def count_unserved(expected: Expectations, use: Use, tables: TradeTables, *, draw: Draw) -> None:
    """What users outside would buy of makers outside (t/month by good): all but what is believed to
    come over the exporter's border.
    """
    _, needs, _, links, _ = tables
    left = run_sum(links.share - draw.passes * expected.chain.behind, needs.link_first)
    missed = use.need * ~tables.firms.inside[needs.firm] * left
    expected.unserved = group_sum(missed, needs.good, len(expected.abroad))


def asked_under_quotas(expected: Expectations, use: Use, tables: TradeTables) -> FloatArray:
    """What is asked of each offer at usual prices (t/month): as it is drawn (`believed_draw`), and
    under a quota what that let through last month.
    """
    _, _, offers, links, border = tables
    let = np.where(border.quota > 0.0, border.rationed, 1.0)
    passes = (expected.passes * let)[border.channel]
    return group_sum(links.share * passes * use.need[links.need], links.offer, len(offers))


def scarcity_of_offers(
    expected: Expectations,
    asked: FloatArray,
    able: FloatArray,
    *,
    use: Use,
    more_cover: FloatArray | float,
    market: Market,
    tables: TradeTables,
    p: Parameters,
) -> FloatArray:
    """Log of what is asked over what a good is thought to be worth, by offer. Holders at home by
    what must last (rule `holders_rise`); makers pass their costs on and at most come down; sellers
    outside a border ask what goods from behind it cost there (`beside_imports`); ore is worth its
    basket.

    a = (F + Z / T) / D;  s = r + ln(1 + psi R / p)

    F believed output and D what would be used at usual prices (t/month), Z stock beyond the usual
    (t, `stock_beyond_usual`), T months that holders look ahead, R worth of a right to export and p
    price (USD/kg; mean of all sales), psi how far who holds a good at home may hope for one.
    Demand, output and stock outside count at home in the share that borders are believed to let
    through: one that holds nothing back parts no market.
    """
    firms, _, offers, _, border = tables
    goods, sides = len(firms.facts.goods), expected.chain.sides
    pool, apart = offers.good * 2, expected.held.any()
    if apart:
        held = expected.held[offers.good]
        pool = np.where(held, sides, pool)
    wanted = group_sum(asked, pool, 2 * goods)
    made = group_sum(offers.yields * able[offers.firm], pool, 2 * goods)
    beyond = stock_beyond_usual(
        expected, asked, pool, use=use, tables=tables, more_cover=more_cover
    )
    made = with_by_products(expected, made, wanted, market=market, tables=tables)
    if apart:
        part = believed_pass_share(expected, border) * expected.held
        for sums in (wanted, made, beyond):
            sums[1::2] += part * sums[::2]
    comes = np.where(np.repeat(market.led, 2), np.minimum(made, wanted), made)
    lasts = (comes + beyond / p.look_ahead_months) / np.maximum(wanted, 1e-9)
    rise = np.where(wanted > 0.0, holders_rise(lasts, p.scarcity_elasticity), 0.0)
    right = export_rent(border)
    rent = right / np.maximum(market.quote, 1e-9)
    if apart:
        outside = held & ~firms.inside[offers.firm]
        pool = np.where(outside, offers.good * 2 + 1, pool)  # what is asked behind the border
    out = (rise + np.repeat(np.log1p(p.rent_at_home * rent), 2))[pool]
    out = np.where(offers.to_order, np.minimum(out, 0.0), out)
    out = beside_imports(out, expected, right, market=market, tables=tables)
    return np.where(offers.is_ore, 0.0, out)


def beside_imports(
    scarce: FloatArray,
    expected: Expectations,
    right: FloatArray,
    *,
    market: Market,
    tables: TradeTables,
) -> FloatArray:
    """Sellers outside ask what goods from behind the border cost there, for one market has one
    price (log over what a good is thought to be worth, by offer):

    s' = ln(e^(s + c) + R / A)

    s log of scarcity, c gap across a border (`open_gap`), R worth of a right to export and A what
    the good is thought to be worth (USD/kg). What is made to order bears rights in the cost of its
    inputs. Source: the law of one price; export quotas favoured miners elsewhere (panel report on
    DS431, 2014).
    """
    firms, _, offers, _, _ = tables
    outside = ~firms.inside[offers.firm]
    out = scarce + np.where(outside, expected.gap[offers.good], 0.0)
    if not right.any():
        return out
    worth = np.maximum(offers.base_price * market.worth[offers.good], 1e-9)
    bears = outside & ~offers.to_order
    return np.where(bears, np.log(np.exp(out) + right[offers.good] / worth), out)


def believed_pass_share(expected: Expectations, border: Border) -> FloatArray:
    """Share of the exporter's sales abroad at the start that is believed to pass (0-1), by good; 1
    where there were none.
    """
    usual = border.normal * ((border.exporter == border.facts.china) & (border.keys > 0))
    goods = len(expected.abroad)
    whole = group_sum(usual, border.good, goods)
    passes = group_sum(usual * expected.passes, border.good, goods)
    return np.where(whole > 0.0, passes / np.maximum(whole, 1e-12), 1.0)


def stock_beyond_usual(
    expected: Expectations,
    asked: FloatArray,
    pool: IntArray,
    *,
    use: Use,
    tables: TradeTables,
    more_cover: FloatArray | float,
) -> FloatArray:
    """Stock of a good beyond the usual, sellers' and users' (t by pool), for goods that users have
    laid in are no scarcer than those that sellers hold:

    Z = max(S - U, 0) + min(S - U', 0)

    S stock of sellers and users and what is on its way, U usual stock of all that would be used if
    nothing were held back, U' of what is let pass (t): stock for a trade that a border holds is
    neither a glut, for it is kept, nor a want. U is c A summed over offers and (c + L) D over
    needs, c normal cover and L lead (months), A what is asked of an offer and D what a need would
    use at usual prices (t/month). By use and not by sales, which swing with what users lay in.
    Source: competitive storage counts all stocks (Deaton & Laroque 1992).
    """
    firms, needs, offers, links, _ = tables
    sides = 2 * len(firms.facts.goods)
    side = needs.good * 2
    if expected.held.any():
        side += expected.held[needs.good] & firms.inside[needs.firm]
    lead = run_sum(links.share * links.travel, needs.link_first)
    usual = (needs.cover + more_cover + lead) * use.need
    beyond = group_sum(needs.stock + needs.pipeline - usual, side, sides)
    beyond += group_sum(offers.stock - offers.cover * use.offer, pool, sides)
    kept = group_sum(offers.cover * (use.offer - asked), pool, sides)
    return np.maximum(beyond, 0.0) + np.minimum(beyond + np.maximum(kept, 0.0), 0.0)


def by_good(by_side: FloatArray) -> FloatArray:
    """Sums over both sides of the border."""
    return by_side.reshape(-1, 2).sum(axis=1)


def with_by_products(
    expected: Expectations,
    made: FloatArray,
    wanted: FloatArray,
    *,
    market: Market,
    tables: TradeTables,
) -> FloatArray:
    """What is believed to be made (t/month by side): of goods that nobody runs a plant for what is
    in the ore, over what of it found users at the start.
    """
    offers = tables.offers
    goods = len(expected.abroad)
    in_ore = group_sum(offers.yields * expected.runs[offers.firm], offers.good, goods)
    if not expected.sold_of_ore.any():  # the first month
        expected.sold_of_ore = np.maximum(in_ore / np.maximum(by_good(wanted), 1e-9), 1.0)
    part = made / np.maximum(np.repeat(by_good(made), 2), 1e-9)
    return np.where(
        np.repeat(market.led, 2), made, np.repeat(in_ore / expected.sold_of_ore, 2) * part
    )
