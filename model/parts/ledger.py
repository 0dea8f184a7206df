"""The book of a run: monthly copies of columns, events, decisions, payments, leaks."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.base.part import Part
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.government_view import Decision
from coercivity.model.parts.lanes import Lanes

YEAR = 12
Leak = tuple[int, IntArray, FloatArray]  # route, via and to and good in one code, t
Happening = tuple[int, str, str, Phrase]  # month, actor, kind, what happened


class Ledger(Part):
    """Monthly copies of columns (when recording) and the events (always)."""

    def __init__(self, record: bool) -> None:
        self.record_columns = record
        self.lanes: Lanes | None = None  # looked up when the first month is recorded
        # months x columns with room for more months; as many rows as `acts` are written
        self.page: dict[str, np.ndarray] = {}
        self.events: list[Happening] = []
        self.decisions: list[Decision] = []
        self.acts: list[tuple[tuple[str, str], ...]] = []
        self.leaks: list[list[Leak]] = []  # route, via, to and good, t
        # month by month: columns of the payment book, USD million
        self.payments: list[FloatArray] = []

    def event(self, month: int, actor: str, kind: str, told: Phrase) -> None:
        """Note what happened this month."""
        self.events.append((month, actor, kind, told))

    def write(
        self,
        values: dict[str, np.ndarray],
        months: int,
        paid: FloatArray,
        leaks: list[Leak],
        acts: tuple[tuple[str, str], ...],
    ) -> None:
        """Write a month down: columns by name, payments, leaks, and the acts in force; months: how
        many the run is asked to have. Raises TypeError where a column would lose its fractions.
        """
        for name, array in self.page.items():  # all, before any is written
            if not np.can_cast(kind := values[name].dtype, array.dtype, "same_kind"):
                raise TypeError(f"column {name} was {array.dtype} and is {kind}; keep it {kind}")
        row = len(self.acts)
        if not self.page or row == len(self.page["run"]):
            written, self.page = self.page, {}
            for name, array in values.items():
                self.page[name] = np.empty((max(months, row + YEAR), len(array)), array.dtype)
                self.page[name][:row] = written.get(name, array)
        for name, array in self.page.items():
            array[row] = values[name]
        self.payments.append(paid)
        self.leaks.append(leaks)
        self.acts.append(acts)

    def arrays(self) -> dict[str, np.ndarray]:
        """Months x columns, read-only."""
        months = len(self.acts)  # looked at once: behind a face every look walks them all
        out = {name: array[:months] for name, array in self.page.items()}
        for array in out.values():
            array.setflags(write=False)
        return out
