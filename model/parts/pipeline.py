"""Capacity that is being built and the money that it takes, by firm and month (M9)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part

LONGEST = 140  # months beyond the end of a run for which plans are kept


class Pipeline(Part):
    """What opens (t/month of run) and what is spent on it (USD million), months x firms; `building`
    is the sum still to open.
    """

    def __init__(self, firms: int, months: int) -> None:
        self.arrivals = np.zeros((months + LONGEST, firms))
        self.spend = np.zeros((months + LONGEST, firms))
        self.building = np.zeros(firms)
        self.cancelled = np.zeros(firms)  # t/month of run; cancelled in this month
        # announced tonnes that will not be built; given up when the rest opens
        self.lapse = np.zeros(firms)
        self.larger = np.zeros(firms)  # still to open of enlargements, which run as they were paid
        self.paid_until = 0  # from this month on nothing is to be spent

    def add(
        self,
        rows: IntArray,
        month: IntArray | int,
        tonnes: FloatArray,
        ramp: FloatArray | float,
        slow: np.ndarray | bool = False,
    ) -> None:
        """Tonnes a month that start in `month` and reach full output over `ramp` months in equal
        steps; slow: by 1 - exp(-t / ramp), cut at three ramps.

        Source of the slow form: new separators (behaviour rules 5.2).
        """
        ramp = np.maximum(np.rint(ramp), np.ones(len(rows)))
        some = bool(np.any(slow))
        months = (np.where(slow, 3.0 * ramp, ramp) if some else ramp).astype(np.int64)
        which, step = _by_month(months)
        weight = (1.0 / ramp * tonnes)[which]
        if some:
            late = (slow & (months > 0))[which].nonzero()[0]
            late_rows = which[late]
            part = np.exp(-step[late] / ramp[late_rows])
            weight[late] = (
                part / group_sum(part, late_rows, len(rows))[late_rows] * tonnes[late_rows]
            )
        begin = month if isinstance(month, int) else month[which]
        self._spread(self.arrivals, rows[which], begin + step, weight)
        self.building[rows] += tonnes

    def announce(self, rows: IntArray, tonnes: FloatArray) -> None:
        """Tonnes a month that are thought to be under way and will never run: they lapse when the
        rest opens.
        """
        self.lapse[rows] += tonnes
        self.building[rows] += tonnes

    def enlarge(self, rows: IntArray, tonnes: FloatArray) -> None:
        """So much of what was added enlarges plants: all that is paid for runs."""
        self.larger[rows] += tonnes

    def of_larger(self, month: int) -> FloatArray:
        """Enlargements among what opens in `month` (t/month), in proportion to what is still to
        open; they are under way no more.
        """
        left = np.maximum(self.building - self.lapse, 1e-15)
        larger = np.minimum(self._due(month) * self.larger / left, self.larger)
        self.larger = self.larger - larger
        return larger

    def begin(self, rows: IntArray, tonnes: FloatArray) -> None:
        """Tonnes a month (months x rows) that start at full output from the first month on; nothing
        is planned there yet.
        """
        self.arrivals[: len(tonnes), rows] = tonnes
        # month by month, as if they were added one after the other
        self.building[rows] = np.add.accumulate(tonnes, axis=0)[-1]

    def pay(self, rows: IntArray, month: int, months: IntArray, amount: FloatArray) -> None:
        """Spread amounts (USD million) evenly over the building months that begin in `month`."""
        months = np.maximum(months, 1)
        which, step = _by_month(months)
        self._spread(self.spend, rows[which], month + step, (amount / months)[which])
        self.paid_until = max(self.paid_until, month + int(months.max(initial=0)))

    def to_be_spent(self, month: int) -> FloatArray:
        """What is still to be spent from a month on, by firm (USD million)."""
        ahead: FloatArray = self.spend[month : self.paid_until].sum(axis=0)
        return ahead

    def _spread(self, plan: FloatArray, rows: IntArray, when: IntArray, amount: FloatArray) -> None:
        """Add amounts to months of a plan, no place twice; what lies beyond its end is left out."""
        place = when * len(self.building) + rows
        within = when < len(plan)
        if not within.all():
            place, amount = place[within], amount[within]
        plan.reshape(-1)[place] += amount

    def drop(self, rows: IntArray, month: int) -> None:
        """Give up what would open after `month`."""
        self.arrivals[month + 1 :, rows] = 0.0
        self.spend[month + 1 :, rows] = 0.0
        self.cancelled[rows] += self.building[rows]
        self.building[rows] = 0.0
        self.lapse[rows], self.larger[rows] = 0.0, 0.0

    def open(self, month: int) -> FloatArray:
        """Tonnes a month that open now; what was announced beyond them lapses with the first of
        them.
        """
        opening = self._due(month)
        if not opening.any():
            return opening
        gone = np.where(opening > 0, self.lapse, 0.0)
        self.cancelled = self.cancelled + gone
        self.lapse = self.lapse - gone
        self.building = np.maximum(self.building - opening - gone, 0.0)
        return opening

    def _due(self, month: int) -> FloatArray:
        return self.arrivals[month] if month < len(self.arrivals) else np.zeros(len(self.building))


def _by_month(months: IntArray) -> tuple[IntArray, IntArray]:
    """(which, step): each entry as often as it has months, and the months of each counted from
    0.
    """
    which = np.arange(len(months)).repeat(months)
    return which, np.arange(len(which)) - (months.cumsum() - months)[which]
