"""Recycling: rare earths of magnets at the end of their life come back as oxides, a little and late (M11).

What is pressed into magnets (books: pressed) is in use from then on, until it wears out. The part that is collected goes to the plants that use the oxide,
those of the own state first; the rest is gone. In use + worn out = in use at the start + pressed, and worn out = recycled + discarded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import recycler
from coercivity.agents.columns import FloatArray, group_sum
from coercivity.agents.part import Part
from coercivity.model.goods import GOOD, PROCESS, goods
from coercivity.model.names import STATES

if TYPE_CHECKING:
    from coercivity.model.world import World

S = len(STATES)
OXIDES = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")  # what is worth getting out of a magnet
USERS = {"ndpr_oxide": "make_metal", "dysprosium_oxide": "make_magnet_heat_resistant", "terbium_oxide": "make_magnet_heat_resistant"}
MAGNETIC = ("magnet_standard", "magnet_heat_resistant", "motor_standard", "motor_heat_resistant")


class Recycling(Part):
    """Rare earths in magnets in use (t of oxide, one entry for each of OXIDES), the share collected, and what came of it so far."""

    SHARED = ("element", "start", "rows", "firm", "kind", "lane", "where")

    def __init__(self, world: World) -> None:
        p, needs, firms = world.p, world.needs, world.firms
        content = world.elements.content["pressed"]
        self.element = [int(goods().content[GOOD[good]].argmax()) for good in OXIDES]
        self.in_use = recycler.in_use_at_start(needs.base_use @ content, p.magnet_growth_before / 12.0, 12.0 * p.magnet_life)[self.element]
        self.start = self.in_use.copy()
        self.share = p.recycling_share
        self.booked = world.elements.books["pressed"][self.element]
        self.recycled, self.discarded = np.zeros(len(OXIDES)), np.zeros(len(OXIDES))
        self.tonnes = np.zeros(len(OXIDES))  # recycled this month
        rows = [np.flatnonzero((needs.good == GOOD[good]) & (firms.process[needs.firm] == PROCESS[USERS[good]])) for good in OXIDES]
        self.rows = np.concatenate(rows)  # needs that can take it
        self.firm = needs.firm[self.rows]
        self.kind = np.repeat(np.arange(len(OXIDES)), [len(r) for r in rows])
        self.lane = self.kind * S + firms.state[self.firm]
        built_in = world.firms.is_end[needs.firm] & np.isin(needs.good, [GOOD[good] for good in MAGNETIC])
        use = group_sum(needs.base_use * built_in, firms.state[needs.firm], S)
        self.where = use / max(float(use.sum()), 1e-12)  # where magnets wear out: where they were built in

    @property
    def unaccounted(self) -> FloatArray:
        """In use + recycled + discarded - (in use at the start + pressed): zero to rounding (t)."""
        return self.in_use + self.recycled + self.discarded - self.start - self.booked


def recycle(world: World) -> None:
    """Magnets enter use and wear out; what is collected becomes stock of plants, who pay scrap dealers of their state what they pay for oxide.

    D = W / L;  recycled = c y D;  a state's plants share its own scrap by expected use; scrap of states without such plants is shared by all.
    """
    state, p, needs, money = world.recycling, world.p, world.needs, world.money
    pressed = world.elements.books["pressed"][state.element]
    worn = recycler.worn_out(state.in_use, 12.0 * p.magnet_life)
    rows = [GOOD[good] for good in OXIDES]
    value = float(state.in_use @ world.market.quote[rows]) / max(float(state.in_use @ world.market.quote_start[rows]), 1e-300)
    state.share = recycler.collection(state.share, value, p.recycling_share, p.recycling_elasticity, p.recycling_most, p.recycling_months)
    expected = needs.expected[state.rows]
    home = group_sum(expected, state.lane, len(OXIDES) * S)
    back = np.where(group_sum(expected, state.kind, len(OXIDES)) > 0, state.share * p.recycling_yield * worn, 0.0)
    scrap = (back[:, None] * state.where).ravel()
    kept = np.where(home > 0, scrap, 0.0)  # by plants of the own state
    pool = (scrap - kept).reshape(-1, S).sum(axis=1) / np.maximum(home.reshape(-1, S).sum(axis=1), 1e-300)
    got = expected * ((kept / np.maximum(home, 1e-300))[state.lane] + pool[state.kind])
    needs.stock[state.rows] += got
    money.pay("scrap", state.firm, money.near["traders"][state.firm], got * needs.paid[state.rows] / 1000.0)
    state.tonnes = group_sum(got, state.kind, len(OXIDES))
    state.in_use = state.in_use + pressed - state.booked - worn
    state.booked = pressed
    state.recycled = state.recycled + state.tonnes
    state.discarded = state.discarded + worn - state.tonnes
    world.elements.books["recycled"][state.element] += state.tonnes
