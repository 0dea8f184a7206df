"""Recycling: rare earths of magnets at the end of their life come back as oxides, a little and late
(M11).

What is pressed into magnets (books: pressed) is in use from then on, until it wears out. The part
that is collected goes to the plants that use the oxide, those of the own state first; the rest is
gone. In use + worn out = in use at the start + pressed, and worn out = recycled + discarded.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.dealers import recycler
from coercivity.agents.tables import Needs
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.elements import Elements
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.recycling import MAGNET_LIFE, OXIDES, RECYCLING_SHARE, Recycling

# part of the rare earths in collected magnets that comes back as oxide (assumed, 0.7 to 0.98:
# hydrometallurgy recovers most of it; it multiplies the share that is collected)
YIELD = 0.9
# most of the magnets at the end of their life that can be collected (assumed, 0.1 to 0.6: small
# magnets in many products are not worth taking out)
MOST = 0.3
# response of collection to the value of what a magnet holds (log/log; assumed; 0 to 2)
RECYCLING_ELASTICITY = 1.0
# mean time in which collection follows the price (months; assumed: collection and plants have to be
# built; 12 to 72)
RECYCLING_MONTHS = 36.0


def recycle(
    needs: Needs,
    elements: Elements,
    recycling: Recycling,
    money: Money,
    *,
    market: Market,
    p: Parameters,
) -> None:
    """Add magnets to use, retire worn ones, and give what is collected of them to plants, who pay
    scrap dealers of their state what they pay for oxide. D = W / L, D retired in the month (t), W
    in use (t), L life (months)."""
    state = recycling
    pressed = elements.books["pressed"][state.element]
    worn = recycler.worn_out(state.in_use, 12.0 * MAGNET_LIFE)
    collect(state, market=market, p=p)
    got = shares_of_scrap(worn, recycling=state, needs=needs)
    needs.put(got, state.rows)
    money.pay(
        "scrap",
        state.firm,
        money.near["traders"][state.firm],
        got * needs.paid[state.rows] / 1000.0,
    )
    state.tonnes = group_sum(got, state.kind, len(OXIDES))
    state.in_use = state.in_use + pressed - state.booked - worn
    state.booked = pressed
    state.recycled = state.recycled + state.tonnes
    state.discarded = state.discarded + worn - state.tonnes
    elements.books["recycled"][state.element] += state.tonnes


def collect(recycling: Recycling, *, market: Market, p: Parameters) -> None:
    """The share collected follows the value of what is in use, over that at the start's prices."""
    rows = np.array([p.facts.good_row[good] for good in OXIDES])
    value = float(recycling.in_use @ market.quote[rows]) / max(
        float(recycling.in_use @ market.quote_start[rows]), 1e-300
    )
    recycling.share = recycler.collection(
        recycling.share,
        value,
        RECYCLING_SHARE,
        RECYCLING_ELASTICITY,
        MOST,
        RECYCLING_MONTHS,
    )


def shares_of_scrap(worn: FloatArray, *, recycling: Recycling, needs: Needs) -> FloatArray:
    """What each need that takes scrap gets of it, t.

    recycled = c y D by oxide: c share collected, y yield, D worn out (t). A state's
    plants share its own scrap by expected use; scrap of states without such plants is shared by
    all.
    """
    S = len(needs.facts.states)
    state, expected = recycling, needs.expected[recycling.rows]
    at_home = group_sum(expected, state.lane, len(OXIDES) * S).reshape(-1, S)
    of_all = at_home.sum(axis=1)
    back = np.where(of_all > 0, state.share * YIELD * worn, 0.0)
    scrap = back[:, None] * state.where
    kept = at_home > 0  # by plants of the own state
    pool = np.where(kept, 0.0, scrap).sum(axis=1) / np.maximum(of_all, 1e-300)
    own = np.where(kept, scrap, 0.0) / np.maximum(at_home, 1e-300)
    return expected * (own.take(state.lane) + pool[state.kind])
