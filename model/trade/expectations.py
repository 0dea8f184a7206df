"""What is expected of borders and of supply: beliefs of what will pass, what end users would take
at usual prices up the chain, and what is believed to come (M5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.parts.border import Border
from coercivity.model.parts.expectations import Expectations

HORIZON = 12.0  # months over which a stock beyond the usual is counted as flow
UNBOUND = 1e9


class Use(NamedTuple):
    """What end users would take at usual prices: by need (t/month), and the run of every firm that
    serves it (t/month)."""

    need: FloatArray
    run: FloatArray


def believe(expected: Expectations, *, border: Border, first_share: float, speed: float) -> None:
    """Beliefs of what passes: on the day of an act they jump to what it says (a licence: the share
    first expected of an office), and are then corrected by what passed.

    b <- b + k (x - b);  b share of usual trade that is believed to pass (0-1), x what passed of
    last month's orders, k speed per month.
    """
    holds = (border.licensed + border.shut + border.cut + border.banned + border.halted) > 0
    new = holds & ~np.isfinite(expected.since)
    expected.since = np.where(holds, np.where(new, 0.0, expected.since + 1.0), np.inf)
    first = np.where(border.licensed > 0, first_share, 1.0) * (1.0 - border.cut)
    first = np.where((border.banned > 0) | (border.shut >= 1), 0.0, first)
    seen = np.where(holds, np.minimum(expected.passed, 1.0), 1.0)
    expected.passes = np.where(new, first, expected.passes + speed * (seen - expected.passes))
    expected.passes[0] = 1.0  # trade at home


def note_what_passed(expected: Expectations, *, border: Border, links: Links) -> None:
    """What passed of the month's orders, by channel and link."""
    orders = group_sum(links.orders, border.channel, border.size)
    allowed = group_sum(links.allowed, border.channel, border.size)
    expected.passed = np.where(orders > 1e-9, allowed / np.maximum(orders, 1e-9), 1.0)
    part = np.minimum(links.allowed / np.maximum(links.orders, 1e-9), 1.0)
    expected.let = np.where(links.orders > 1e-9, part, 1.0)


def use_at_usual_prices(*, firms: Firms, needs: Needs, offers: Offers, links: Links) -> Use:
    """What would be used if nothing were left out for its price, from the plans of end users up the
    chain by recipes and usual suppliers: no stock that is built up or run down is in it.

    D_need = run x coefficient / (1 - swap);  run of a maker: sum of p0 D over its goods / sum p0 y
    """
    facts = firms.facts
    whole = needs.coefficient / (1.0 - needs.swap)
    use, runs = firms.plan[needs.firm] * whole, firms.plan.copy()
    value = group_sum(offers.base_price * offers.yields, offers.firm, len(firms))
    for process in range(facts.first_sector - 1, -1, -1):
        asked = group_sum(links.share * use[links.need], links.offer, len(offers))
        mine = firms.process[offers.firm] == process
        run = group_sum((asked * offers.base_price)[mine], offers.firm[mine], len(firms))
        these = firms.process == process
        runs[these] = (run / np.maximum(value, 1e-12))[these]
        rows = these[needs.firm]
        use[rows] = (whole * runs[needs.firm])[rows]
    return Use(use, runs)


def believed_supply(
    expected: Expectations,
    use: Use,
    capacity: FloatArray,
    *,
    firms: Firms,
    needs: Needs,
    offers: Offers,
    links: Links,
    border: Border,
) -> tuple[FloatArray, FloatArray]:
    """(share of its use that is believed to come, by need; run that is believed possible, t/month
    by firm), from the mines down: what may not pass, and what its makers will lack, does not come.
    Sellers of a good on one side of the exporter's border stand in for one another.
    """
    facts = firms.facts
    able = np.where(firms.is_mine, capacity * firms.available, capacity)
    flow = np.ones(len(needs))
    passes = expected.passes[border.channel]
    asked = group_sum(links.share * use.need[links.need] * passes, links.offer, len(offers))
    side = side_of(offers, firms=firms)
    all_asked = np.maximum(group_sum(asked, side, 2 * len(facts.goods)), 1e-9)
    spare = np.maximum(offers.stock - offers.cover * offers.sales, 0.0) / HORIZON
    kinds = firms.process[needs.firm]
    for process in np.unique(kinds):
        can = group_sum(offers.yields * able[offers.firm] + spare, side, 2 * len(facts.goods))
        part = np.minimum(can / all_asked, 1.0)[side]
        rows = kinds == process
        flow[rows] = run_sum(links.share * passes * part[links.offer], needs.link_first)[rows]
        worst = np.ones(len(firms))
        np.minimum.at(worst, needs.firm[rows], flow[rows])
        short = (firms.process == process) & (worst < 1.0 - 1e-6)
        able = np.where(short, np.minimum(able, worst * use.run), able)
    return np.minimum(flow, 1.0), able


def side_of(offers: Offers, *, firms: Firms) -> IntArray:
    """Good and side of the exporter's border of an offer: 2 good, or 2 good + 1 behind it."""
    return offers.good * 2 + firms.inside[offers.firm].astype(np.int64)
