"""Works: everything about plants that is not a column of theirs: what is being built, what
investors read, where sisters stand, who is to close (M9).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.base.part import Part
from coercivity.model.basis.facts import Facts
from coercivity.model.parts.outlook import Outlook
from coercivity.model.parts.pipeline import Pipeline


class Site(NamedTuple):
    """Plants that are to be built or enlarged, an array each by plant.

    build: t/month of run that are paid for; cost: factor on what capacity costs; runs: share of
    them that will ever run, None for plants that are enlarged: all.
    """

    rows: IntArray
    build: FloatArray
    cost: float
    runs: FloatArray | None = None


class Works(Part):
    """What is being built and decided about plants."""

    SHARED = ("sisters", "sites", "callers")
    outlook: Outlook  # what investors can read of the market

    def __init__(self, facts: Facts, firms: int, months: int) -> None:
        self.pipeline = Pipeline(firms, months)
        # by process: the row inside the exporter, the row in a third state
        self.sisters = np.full((len(facts.process_row), 2), -1, dtype=np.int64)
        # by firm with sisters: its own row and theirs
        self.sites = np.full((firms, 3), -1, dtype=np.int64)
        # plants that stand from the next month on, and what becomes of them
        self.closing: list[tuple[IntArray, int]] = []
        self.begun: list[Site] = []  # decided on this month
        # by firm: what its users take when a line is there, over its orders of the year; 0 where
        # nobody tells
        self.called_off = np.zeros(firms)
        self.callers: dict[int, tuple[IntArray, ...]] = {}  # who tells them, by month of the year
        self.lead = np.zeros(0)  # months to build by firm; empty while the world is founded
        self.fed = 0.0  # t that separators outside the exporter were ever fed
        self.fed_last_year = 0.0  # the same at the end of the last year
        self.lead_under_ban: bool | None = None  # the technology ban they were looked up under
