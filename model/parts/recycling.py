"""Rare earths in magnets in use, and what came back of them (M11)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.dealers import recycler
from coercivity.agents.tables import Firms, Needs
from coercivity.model.basis.goods import goods
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.elements import Elements

# what is worth getting out of a magnet
OXIDES = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")
USERS = {
    "ndpr_oxide": "make_metal",
    "dysprosium_oxide": "make_magnet_heat_resistant",
    "terbium_oxide": "make_magnet_heat_resistant",
}
MAGNETIC = ("magnet_standard", "magnet_heat_resistant", "motor_standard", "motor_heat_resistant")
# share of magnets at the end of their life that is collected at the prices of the start (share;
# Binnemans et al. 2013 (recalled): less than 1% of rare earths came back in 2011; 0 to 0.03)
RECYCLING_SHARE = 0.01
# mean life of a magnet in use (years; assumed: electronics 3-8, cars 15, wind turbines 25; 8 to 16)
MAGNET_LIFE = 12.0
# growth of magnet output before the start: how old the magnets in use are (log per year; assumed;
# 0.05 to 0.1)
MAGNET_GROWTH_BEFORE = 0.08


class Recycling(Part):
    """Rare earths in magnets in use (t of oxide, one entry for each of OXIDES), the share
    collected, and what came of it so far.
    """

    SHARED = ("element", "start", "rows", "firm", "kind", "lane", "where")

    def __init__(self, firms: Firms, needs: Needs, elements: Elements, p: Parameters) -> None:
        facts = p.facts
        S = len(facts.states)
        content = elements.content["pressed"]
        self.element = [int(goods(facts).content[facts.good_row[good]].argmax()) for good in OXIDES]
        self.in_use = recycler.in_use_at_start(
            needs.base_use @ content, MAGNET_GROWTH_BEFORE / 12.0, 12.0 * MAGNET_LIFE
        )[self.element]
        self.start = self.in_use.copy()
        self.share = RECYCLING_SHARE
        self.booked = elements.books["pressed"][self.element]
        self.recycled, self.discarded = np.zeros(len(OXIDES)), np.zeros(len(OXIDES))
        self.tonnes = np.zeros(len(OXIDES))  # recycled this month
        rows = [
            np.flatnonzero(
                (needs.good == facts.good_row[good])
                & (firms.process[needs.firm] == facts.process_row[USERS[good]])
            )
            for good in OXIDES
        ]
        self.rows = np.concatenate(rows)  # needs that can take it
        self.firm = needs.firm[self.rows]
        self.kind = np.repeat(np.arange(len(OXIDES)), [len(r) for r in rows])
        self.lane = self.kind * S + firms.state[self.firm]
        built_in = firms.is_end[needs.firm] & np.isin(
            needs.good, [facts.good_row[good] for good in MAGNETIC]
        )
        use = group_sum(needs.base_use * built_in, firms.state[needs.firm], S)
        # where magnets wear out: where they were built in
        self.where = use / max(float(use.sum()), 1e-12)

    @property
    def unaccounted(self) -> FloatArray:
        """In use + recycled + discarded - (in use at the start + pressed): zero to rounding (t)."""
        return self.in_use + self.recycled + self.discarded - self.start - self.booked
