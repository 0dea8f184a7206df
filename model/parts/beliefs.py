"""What firms believe of exporters, and how far a sender's word is believed (M7)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part
from coercivity.model.basis.facts import Facts


class Beliefs(Part):
    """Alarm and distrust of each importing state (rows) about each exporting state (columns), 0-1;
    credibility per exporter, 0-1.
    """

    SHARED = ("import_shares",)

    def __init__(self, facts: Facts, credibility: float) -> None:
        self.facts = facts
        S = len(facts.states)
        self.alarm = np.zeros((S, S))
        self.distrust = np.zeros((S, S))
        self.credibility = np.full(S, credibility)
        self.import_shares = np.zeros(
            (S, S)
        )  # share of each exporter (columns) in what a state imports at the start, by value

    @property
    def exporter_alarm(self) -> FloatArray:
        """Alarm of each state about the exporter that the story is about."""
        return self.alarm[:, self.facts.china]

    @property
    def exporter_distrust(self) -> FloatArray:
        """Distrust of that exporter by each state."""
        return self.distrust[:, self.facts.china]

    def news(self, exporter: int, weight: FloatArray) -> None:
        """News of weight w (0-1 per importer) closes that part of the gap to full alarm, and half
        of it in distrust: b <- b + w (1 - b).
        """
        self.alarm[:, exporter] += weight * (1.0 - self.alarm[:, exporter])
        self.distrust[:, exporter] += 0.5 * weight * (1.0 - self.distrust[:, exporter])
