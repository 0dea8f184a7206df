"""Export quotas in force, each with its rights, its pool and its rent (M6)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.base.part import Part
from coercivity.model.scenario.event import Event

TRANCHE = 6  # months of a quota handed out at once


class Quota(Part):
    """One act that limits tonnes: where it binds, what is left of it, and what its rights are
    worth.
    """

    SHARED = ("event", "channels")

    def __init__(self, event: Event, channels: IntArray) -> None:
        self.event = event
        self.channels = channels  # that it binds
        self.share = 1.0  # of the month's days on which it is in force
        self.half = -1  # the half-year of the act that the pool is from
        self.end = -1  # its last month
        self.pool = 0.0  # t of it that may still go
        self.usable = 0.0  # t of it this month
        self.rent = 0.0  # USD/kg, what a right is worth on a day on which it is needed
        # part of the trade of the start that smugglers carry past it; None: not known yet
        self.smuggling_ratio: float | None = None
        self.smuggling_capacity = 0.0  # t that they may carry this month
        self.part = 0.0  # of what its channels let pass this month that is under it

    def hand_out(self, month: int, start: str) -> None:
        """A yearly quota is handed out in halves, as China did; what is unused lapses.

        pool = T n / N: T tonnes of the act, n months from now to the end of the half,
        N months of the act, months in part counted by their days.
        """
        event = self.event
        first, end = event.month_index(start), event.end_index(start)
        last = first + 2 * TRANCHE - 1 if end is None else end
        half = (month - first) // TRANCHE
        if self.half != half:
            self.half, self.end = half, min(first + TRANCHE * (half + 1) - 1, last)
            left = event.months(start, month, self.end)
            self.pool = event.get("tonnes") * left / event.months(start, first, last)

    def rights(self, month: int, start: str) -> float:
        """Tonnes that may go this month: of what is left in proportion to the days in force, and a
        quarter more, for licences come in batches; in the last month all of it.

        usable = min(1.25 pool w / left, pool);  w share of the month's days in force, left months
        to the end of the half with those in part by days
        """
        left = max(self.event.months(start, month, self.end), self.share)
        ahead = 1.25 if left > self.share else 1.0
        return min(self.pool * self.share / left * ahead, self.pool)

    def follow(self, before: list[Quota]) -> None:
        """A quota that follows on others takes over rent and smugglers of the one with which it has
        most channels in common: rights are dear because goods are scarce, whatever the act is
        called.
        """
        common = [len(np.intersect1d(self.channels, other.channels)) for other in before]
        if common and max(common) > 0:
            other = before[int(np.argmax(common))]
            self.rent, self.smuggling_ratio = other.rent, other.smuggling_ratio
