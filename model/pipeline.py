"""Capacity that is being built and the money that it takes, by firm and month (M9)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray, IntArray

LONGEST = 140  # months beyond the end of a run for which plans are kept


class Pipeline:
    """What opens (t/month of run) and what is spent on it (USD million), months x firms; `building` is the sum still to open."""

    ARRAYS = ("arrivals", "spend", "building", "cancelled", "lapse")

    def __init__(self, firms: int, months: int) -> None:
        self.arrivals, self.spend = np.zeros((months + LONGEST, firms)), np.zeros((months + LONGEST, firms))
        self.building, self.cancelled = np.zeros(firms), np.zeros(firms)  # t/month of run; cancelled in this month
        self.lapse = np.zeros(firms)  # announced tonnes that will not be built; given up when the rest opens

    def add(self, rows: IntArray, month: IntArray | int, tonnes: FloatArray, ramp: FloatArray | float, slow: np.ndarray | bool = False) -> None:
        """Tonnes a month that start in `month` and reach full output over `ramp` months in equal steps; slow: by 1 - exp(-t / ramp), cut at three ramps.

        Source of the slow form: new separators (facts/behaviour_rules 5.2).
        """
        month, ramp, slow = (np.broadcast_to(value, rows.shape) for value in (month, np.maximum(np.rint(ramp), 1.0), slow))
        step = np.arange(int(np.where(slow, 3.0 * ramp, ramp).max(initial=1.0)))[:, None]
        even = (step < ramp) / ramp
        late = np.where(step < np.floor(3.0 * ramp), np.exp(-step / ramp), 0.0)
        weight = np.where(slow, late / np.maximum(late.sum(axis=0), 1e-300), even)
        when = month[None, :].astype(np.int64) + step
        kept = when < len(self.arrivals)
        self.arrivals[np.minimum(when, len(self.arrivals) - 1), rows[None, :]] += np.where(kept, weight * tonnes, 0.0)
        self.building[rows] += tonnes

    def pay(self, rows: IntArray, month: int, months: IntArray, amount: FloatArray) -> None:
        """Spread amounts (USD million) evenly over the building months that begin in `month`."""
        months = np.maximum(months, 1)
        step = np.arange(int(months.max(initial=1)))[:, None]
        when = np.minimum(month + step, len(self.spend) - 1)
        self.spend[when, rows[None, :]] += np.where(step < months, amount / months, 0.0)

    def drop(self, rows: IntArray, month: int) -> None:
        """Give up what would open after `month`."""
        self.arrivals[month + 1 :, rows] = 0.0
        self.spend[month + 1 :, rows] = 0.0
        self.cancelled[rows] += self.building[rows]
        self.building[rows] = 0.0
        self.lapse[rows] = 0.0

    def open(self, month: int) -> FloatArray:
        """Tonnes a month that open now; what was announced beyond them lapses with the first of them."""
        opening = self.arrivals[month] if month < len(self.arrivals) else np.zeros(len(self.building))
        gone = np.where(opening > 0, self.lapse, 0.0)
        self.cancelled = self.cancelled + gone
        self.lapse = self.lapse - gone
        self.building = np.maximum(self.building - opening - gone, 0.0)
        return opening

    def copy(self) -> Pipeline:
        """A pipeline with arrays of its own."""
        other = Pipeline.__new__(Pipeline)
        for name in self.ARRAYS:
            setattr(other, name, getattr(self, name).copy())
        return other
