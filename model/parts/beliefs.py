"""What firms believe of exporters, and how far a sender's word is believed (M7)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.base.part import Part
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import Parameters


class Beliefs(Part):
    """Alarm of each importing state (rows) about each exporting state (columns), 0-1; distrust the
    same by good, for who withholds one good is not feared for another; credibility per exporter,
    0-1.
    """

    SHARED = ("import_shares", "usual")

    def __init__(self, facts: Facts, credibility: float) -> None:
        self.facts = facts
        S = len(facts.states)
        self.alarm = np.zeros((S, S))
        self.withheld = np.zeros((S, S, len(facts.goods)))  # distrust by good
        # what each state imports of each other at the start, by good (USD thousand/month)
        self.usual = np.ones((S, S, len(facts.goods)))
        self.credibility = np.full(S, credibility)
        # share of each exporter (columns) in what a state imports at the start, by value
        self.import_shares = np.zeros((S, S))

    @property
    def exporter_alarm(self) -> FloatArray:
        """Alarm of each state about the exporter that the story is about."""
        return self.alarm[:, self.facts.china]

    @property
    def distrust(self) -> FloatArray:
        """Distrust of an exporter by each state, mean over what it imports of it at the start."""
        mean = np.asarray((self.withheld * self.usual).sum(axis=2) / self.usual.sum(axis=2))
        mean.setflags(write=False)  # what is written belongs into `withheld`
        return mean

    def of_links(self, pair: IntArray, good: IntArray) -> FloatArray:
        """Distrust of a good's exporter, by importer x exporter and good of each link."""
        return self.withheld.take(pair * self.withheld.shape[2] + good)

    def of_exporter(self, importer: IntArray, good: IntArray) -> FloatArray:
        """Distrust of the exporter that the story is about, by importer and good."""
        return self.withheld[importer, self.facts.china, good]

    def fade(self, p: Parameters) -> None:
        """A month: b <- b 2^(-1/h), h the half-life of alarm and of distrust."""
        self.alarm *= 0.5 ** (1.0 / p.alarm_half_life)
        self.withheld *= 0.5 ** (1.0 / p.distrust_half_life)

    def news(self, exporter: int, weight: FloatArray, goods: Sequence[int] = ()) -> None:
        """News of weight w (0-1 per importer) closes that part of the gap to full alarm, and half
        of it in distrust of the goods that it names, of all where it names none: b <- b + w (1 -
        b).
        """
        self.alarm[:, exporter] += weight * (1.0 - self.alarm[:, exporter])
        before = self.withheld[:, exporter]
        fresh = 0.5 * weight[:, None] * (1.0 - before)
        named = list(goods) or slice(None)
        before[:, named] += fresh[:, named]
