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

OXIDES = (
    "ndpr_oxide",
    "dysprosium_oxide",
    "terbium_oxide",
)  # what is worth getting out of a magnet
USERS = {
    "ndpr_oxide": "make_metal",
    "dysprosium_oxide": "make_magnet_heat_resistant",
    "terbium_oxide": "make_magnet_heat_resistant",
}
MAGNETIC = ("magnet_standard", "magnet_heat_resistant", "motor_standard", "motor_heat_resistant")


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
            needs.base_use @ content, p.magnet_growth_before / 12.0, 12.0 * p.magnet_life
        )[self.element]
        self.start = self.in_use.copy()
        self.share = p.recycling_share
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
        self.where = use / max(
            float(use.sum()), 1e-12
        )  # where magnets wear out: where they were built in

    @property
    def unaccounted(self) -> FloatArray:
        """In use + recycled + discarded - (in use at the start + pressed): zero to rounding (t)."""
        return self.in_use + self.recycled + self.discarded - self.start - self.booked
