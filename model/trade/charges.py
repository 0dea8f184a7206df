"""What crossing a border costs: premium, non-refunded tax, duty, tariff, a quota's rent and freight
(M5, M6).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum, run_sum
from coercivity.agents.tables import Links, Needs, Offers
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border, HeldLinks
from coercivity.model.parts.market import Market


def charge(offers: Offers, links: Links, border: Border) -> None:
    """Delivered cost: ask e^c (1 + duty + VAT) (1 + tariff) + rent + freight (USD/kg), and the same
    on the spot, at e^m.

    c premium that is paid on average, m premium on the spot (log). Duty, tariff and rent are means
    over the days of the month, by the share of days on which their acts are in force; orders are
    spread evenly over the days. rent is the sum over the quotas that a channel is under. See
    decisions 0021 and 0028.
    """
    channel = border.channel
    offers.listed, border.premium_charged = (
        offers.ask,
        border.contract,
    )  # what this month's sales are settled at
    asking = offers.ask.take(links.offer)
    bids = border.premium.any()
    if not (bids or border.duty.any() or border.tariff.any() or border.rent.any()):
        asking *= links.taxed
        asking += links.freight
        links.cost = links.spot = asking
        return
    times = border.levies
    beside = links.freight
    if border.rent.any():
        beside = beside + border.rent.take(channel)
    links.cost = asking * (np.exp(border.contract) * times).take(channel) + beside
    links.spot = links.cost
    if bids:
        links.spot = asking * (np.exp(border.premium) * times).take(channel) + beside


def move_premia(
    border: Border,
    *,
    needs: Needs,
    offers: Offers,
    links: Links,
    market: Market,
    p: Parameters,
    on: Switches,
) -> None:
    """Where a border holds goods back, those abroad bid for what is there: the price on the spot is
    the asking price and, by the chance to go without, what going without costs beyond it; when the
    border opens the premium goes.

    m <- min(m + (m* - m) / 2, ln(B / a)),  m* = ln(1 + P (B / a - 1)),  or 0.2 m where nothing
    holds;  P / (1 - P) = k max(0, N / C - 1)
    c <- min(m, c + s (m - c)): what is paid on average follows as contracts lapse, and nobody stays
    under one that is dearer than the spot
    C stock and arrivals in sight of an importing state's buyers of a good (t; what waits for a
    licence is not in sight), N what they want of both for as long as they expect to wait, P chance
    to go without (0-1), k its odds where half is there, B what a kilogram is worth to its users and
    a the highest asking price of the channel (USD/kg; no premium where a > B), s part of the tonnes
    that is contracted anew in a month. See decisions 0017, 0028 and 0034.
    Source: who may run out bids by the loss that it avoids, as in the newsvendor's rule (Arrow,
    Harris & Marschak 1951); Rotterdam over China for antimony in 2024.
    """
    return
    if not on["M5"] or not (border.was_bound.any() or border.premium.any()):
        return
    held = held_links(border, links=links)
    at = held.channels
    odds = p.premium_gain * np.expm1(shortage(needs, links, border).take(held.lane))
    asked = np.maximum.reduceat(offers.ask.take(held.offer), held.first) if len(at) else odds
    dear = np.maximum(market.worth.take(held.good) / np.maximum(asked, 1e-9), 1.0)
    before = border.premium[at]
    moved = before + (np.log1p(odds / (1.0 + odds) * (dear - 1.0)) - before) / 2.0
    border.premium = 0.2 * border.premium
    border.premium[at] = np.minimum(moved, np.log(dear))
    border.premium[border.premium < 1e-4] = 0.0
    lapsed = border.contract + p.share_speed * (border.premium - border.contract)
    border.contract = np.minimum(border.premium, lapsed)
    if not (border.licensed.any() or border.shut.any() or border.dual_use.any()):
        border.was_bound = np.zeros(border.size)


def held_links(border: Border, *, links: Links) -> HeldLinks:
    """Links across the borders that hold goods back, looked up when those change."""
    if not np.array_equal(border.was_bound, border.held.bound):
        rows = np.flatnonzero((border.was_bound > 0).take(border.channel))
        rows = rows[np.argsort(border.channel[rows], kind="stable")]
        at, first = np.unique(border.channel[rows], return_index=True)
        good, lane = border.good[at], border.importer[at] * len(links.facts.goods) + border.good[at]
        border.held = HeldLinks(border.was_bound.copy(), at, good, lane, links.offer[rows], first)
    return border.held


def shortage(needs: Needs, links: Links, border: Border) -> FloatArray:
    """How far the buyers of each state are short of each good: max(0, ln(N / C)), states x goods in
    one row; N wanted and C actual stock with what is on its way (t), the use of
    the month included, as it is still to come. Who expects to wait for a licence wants as much more
    as it will use until then: on the day of a rule nothing has run out yet, and all are short.
    """
    facts = needs.facts
    S, G = len(facts.states), len(facts.goods)
    travel = run_sum(links.share * (links.travel + border.wait(links)), needs.link_first)
    if border.need_lane is None:
        border.need_lane = links.importer[needs.link_first] * G + needs.good
    lane = border.need_lane
    wanted = group_sum(needs.expected * (needs.cover + 1.0 + travel), lane, S * G)
    there = group_sum(needs.stock + needs.pipeline, lane, S * G)
    return np.maximum(np.log(np.maximum(wanted, 1e-12) / np.maximum(there, 1e-9)), 0.0)
