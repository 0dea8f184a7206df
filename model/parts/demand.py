"""Growth of end use and what has been added to it (M15)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part
from coercivity.model.basis.facts import Facts


class Demand(Part):
    """Growth that everyone foresees (log since the start, months x states x sectors), and what has
    been added to it: swings and cases (log).
    """

    SHARED = ("growth",)

    def __init__(self, facts: Facts, growth: FloatArray) -> None:
        S, K = len(facts.states), len(facts.sectors)
        self.growth = growth
        self.sector, self.state, self.case = np.zeros(K), np.zeros((S, K)), np.zeros((S, K))
