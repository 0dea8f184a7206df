"""What is expected of borders and of supply: beliefs of what will pass, what end users would take
at usual prices up the chain, and what is believed to come (M5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, group_sum, run_sum
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.expectations import Chain, Expectations
from coercivity.model.parts.politics import Politics


class TradeTables(NamedTuple):
    """Tables that expectations read, and the border between them."""

    firms: Firms
    needs: Needs
    offers: Offers
    links: Links
    border: Border


class Use(NamedTuple):
    """What end users would take at usual prices: by need, the run of every firm that serves it, and
    what would be bought of each offer if nothing were held back (t/month).
    """

    need: FloatArray
    run: FloatArray
    offer: FloatArray


def remember_rules(
    expected: Expectations, *, border: Border, politics: Politics, clock: Clock, p: Parameters
) -> None:
    """A run that begins under rules of before finds traders who have had answers since the office's
    time was over, and got what they asked for:

    b = 1 - (1 - b0) (1 - k)^max(n - v, 0)

    b share of usual trade that is believed to pass, b0 what is first expected of an office (0-1), n
    age of the rule, of the oldest on a lane, and v the office's time (months), k speed per month
    (`believe`). Source: assumed, as licences in hand are.
    """
    if clock.month:
        return
    old = border.rules_of_before(politics.in_force, clock.start, p.licence_clock_months)
    for _, age, review, bound in old:
        months = age - 1  # by the month before the first
        unknown = (1.0 - p.first_answer) * (1.0 - p.belief_speed) ** max(months - review, 0.0)
        expected.since[bound], expected.said[bound] = months, p.first_answer
        expected.passes[bound] = 1.0 - unknown


def believe(expected: Expectations, *, border: Border, first_share: float, speed: float) -> None:
    """Beliefs of what passes: in the month of an act they jump to what it says on the last day (a
    licence: the share first expected of an office), also where it comes on top of another, and are
    then corrected by what passed.

    b <- b + k (x - b);  b share of usual trade that is believed to pass (0-1), x what passed of
    last month's orders, k speed per month. Source: adaptive expectations (Nerlove 1958).
    """
    acts = border.at_the_end("licensed", "banned", "cut", "halted")
    if not acts.any():
        expected.said, expected.since = np.ones(border.size), np.full(border.size, np.inf)
        expected.passes = expected.passes + speed * (1.0 - expected.passes)
        return
    licensed, banned, cut, halted = acts
    shut = (banned + halted > 0.0) | (cut >= 1.0)
    holds = (licensed + cut > 0.0) | shut
    first = np.where(shut, 0.0, np.where(licensed > 0.0, first_share, 1.0) * (1.0 - cut))
    new = holds & (~np.isfinite(expected.since) | (first < expected.said - 1e-9))
    expected.said = np.where(holds, first, 1.0)
    expected.since = np.where(holds, np.where(new, 0.0, expected.since + 1.0), np.inf)
    seen = np.where(holds, np.minimum(expected.passed, 1.0), 1.0)
    expected.passes = np.where(
        new, np.minimum(first, expected.passes), expected.passes + speed * (seen - expected.passes)
    )
    expected.passes[0] = 1.0  # trade at home


def note_what_passed(expected: Expectations, *, border: Border, links: Links) -> None:
    """What passed of the month's orders, by channel."""
    orders = group_sum(links.orders, border.channel, border.size)
    allowed = group_sum(links.allowed, border.channel, border.size)
    seen = allowed / np.maximum(orders, 1e-9)
    expected.passed = np.where(orders > 1e-9, seen, expected.passed)  # no orders tell nothing


def use_at_usual_prices(chain: Chain, tables: TradeTables) -> Use:
    """What would be used if no more than usual were left out for its price, from the plans of end
    users up the chain by recipes and usual suppliers: no stock that is built up or run down is in
    it, so that prices do not answer the swings of orders.

    D_need = run x coefficient (1 - x_u) / (1 - x);  run of a maker: sum of p0 D over its goods /
    sum p0 y

    x part of the use that is left out for a while, x_u what of it has become usual, p0 prices of
    the start, y yields.
    """
    firms, needs, offers, links = tables[:4]
    whole = needs.coefficient * (1.0 - needs.usual_swap) / (1.0 - needs.swap)
    use, runs, asked = np.zeros(len(needs)), firms.plan.copy(), np.zeros(len(offers))
    for stage in reversed(chain.stages):
        if len(stage.offers):
            sold = asked[stage.offers] * stage.runs
            runs[stage.firms] = group_sum(sold, stage.makers, len(firms))[stage.firms]
        use[stage.needs] = whole[stage.needs] * runs[stage.need_firms]
        drawn = links.share[stage.links] * use[stage.link_needs]
        asked += group_sum(drawn, stage.link_offers, len(offers))
    return Use(use, runs, asked)


class Draw(NamedTuple):
    """What is believed to be let pass: part of a need that each supplier may bring, and whether its
    border holds nothing back (None where no border does), by link; what is drawn so at usual
    prices, by offer and by good and side of the border (t/month).
    """

    passes: FloatArray
    free: BoolArray | None
    offer: FloatArray
    side: FloatArray


def believed_draw(expected: Expectations, use: Use, tables: TradeTables) -> Draw:
    """What is drawn of each offer over borders as they are believed to stand: s b and sum of s b D.

    s share of a supplier, b belief of what passes, D use (t/month).
    """
    _, _, offers, links, border = tables
    passes = links.share * expected.passes[border.channel]
    drawn = group_sum(passes * use.need[links.need], links.offer, len(offers))
    held = np.isfinite(expected.since)
    free = (~held)[border.channel] if held.any() else None
    return Draw(passes, free, drawn, by_side(expected, drawn))


def by_side(expected: Expectations, of_offer: FloatArray) -> FloatArray:
    """Sums over offers of a good on one side of the border, and not nothing."""
    sides = expected.chain.sides
    return np.maximum(group_sum(of_offer, sides, 2 * len(expected.abroad)), 1e-9)


def believed_supply(
    expected: Expectations,
    use: Use,
    capacity: FloatArray,
    tables: TradeTables,
    *,
    draw: Draw,
    horizon: float,
) -> tuple[FloatArray, FloatArray]:
    """(what can be had, t/month by good and side; run that is believed possible, t/month by firm),
    from the mines down: what may not pass, and what its makers will lack, does not come. Sellers of
    a good on one side of the exporter's border stand in for one another.

    C = sum y K + Z / T
    K_maker <= run x least of its needs' sum of s b max(min(1, C / sum s b D), C / sum s D), the
    last over a border that holds nothing back

    draw: s b and sum s b D (`believed_draw`), C what can be had, K run that is possible and D use
    (t/month), Z stock beyond the usual (t), T months over which it is counted. A plant can run
    more than is called for where there is more of its input than all would use, and by as much. Of
    what comes along with other goods comes what plants have lately made, for nobody runs one for
    it.
    """
    firms, _, offers, _, _ = tables
    able = np.where(firms.is_mine, capacity * firms.available, capacity)
    usual = by_side(expected, use.offer)
    spare = np.maximum(offers.stock - offers.cover * use.offer, 0.0) / horizon
    can = group_sum(spare, expected.chain.sides, len(usual))
    most = np.where(offers.lead > 0.0, np.inf, expected.runs[offers.firm])
    for stage in expected.chain.stages:
        if len(stage.needs):
            let, more = np.minimum(can / draw.side, 1.0), can / usual
            if draw.free is None:
                comes = np.maximum(let, more)[stage.from_side]
            else:
                over = more[stage.from_side] * draw.free[stage.links]
                comes = np.maximum(let[stage.from_side], over)
            comes = run_sum(draw.passes[stage.links] * comes, stage.first)
            worst = np.minimum.reduceat(comes, stage.user_first)
            able[stage.users] = np.minimum(able[stage.users], worst * use.run[stage.users])
        run = np.minimum(able[stage.makers], most[stage.offers])
        can += group_sum(stage.yields * run, stage.sides, len(usual))
    return can, able


def believed_flow(
    expected: Expectations, can: FloatArray, tables: TradeTables, *, draw: Draw
) -> FloatArray:
    """Share of its use that is believed to come, by need: f = sum of s b min(1, C / sum s b D), of
    what can be had, C, by good and side (`believed_supply`).
    """
    _, needs, _, links, _ = tables
    let = np.minimum(can / draw.side, 1.0)[expected.chain.sides[links.offer]]
    return np.minimum(run_sum(draw.passes * let, needs.link_first), 1.0)
