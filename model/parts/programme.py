"""One act of public support and its account (M10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.part import Part
from coercivity.model.scenario.event import Event

CAPEX = ("grant", "equity", "loan")  # in the order in which they are drawn
PLANTS = (*CAPEX, "tax_credit", "price_floor", "offtake")
SUPPORT = (*PLANTS, "stockpile")
# months over which a promise without an end is weighed, as in the contracts of 2025 and 2026 (T048:
# 10 years)
OPEN_END = 120


@dataclass
class Programme(Part):
    """One act of support and its account. Arrays are by firm, in USD million unless said
    otherwise.
    """

    SHARED: ClassVar[tuple[str, ...]] = ("sells", "home", "place", "sources")

    event: Event
    covered: BoolArray  # firms that it is for
    payers: FloatArray  # share of the cost by state, at the state that stands for its government
    promised: FloatArray  # committed to plants that decided, not yet paid
    balance: FloatArray  # lent and not yet repaid
    drawn: FloatArray  # month of the first draw on a loan, -1 before
    stake: FloatArray  # paid for shares
    sells: IntArray  # offers of covered plants in the goods of the act
    open: bool = True
    spent: float = 0.0  # paid out
    home: IntArray | None = None  # of a stockpile: needs of home users in its goods
    place: IntArray | None = None  # state x GOODS + good of each of them
    # by state that buys for a stockpile: offers from which it may, and of each the channel (0 at
    # home), good and state
    sources: dict[int, tuple[IntArray, ...]] = field(default_factory=dict)
    members: tuple[str, ...] = ()  # governments that pool their support, when last looked at
    returned: float = 0.0  # repayments, dividends, sales of what was bought, shares of high prices

    @cached_property
    def kind(self) -> str:
        """Kind of its act."""
        return self.event.kind

    @property
    def left(self) -> float:
        """USD million neither paid nor promised (only capital is)."""
        return self.left_beside(float(self.promised.sum()) if self.kind in CAPEX else 0.0)

    def left_beside(self, promised: float) -> float:
        """USD million neither paid nor promised. A stockpile is a revolving fund: what it sells for
        is spent again.
        """
        back = self.returned if self.kind == "stockpile" else 0.0
        return max(float(self.event.get("budget")) + back - self.spent - promised, 0.0)

    def months_left(self, start: str, month: int) -> int:
        """Months to its last day, at least 1."""
        end = self.event.end_index(start)
        return max(
            (self.event.month_index(start) + OPEN_END - 1 if end is None else end) - month + 1, 1
        )


def new_programme(event: Event, firms: int) -> Programme:
    """A programme before its first payment."""
    none = np.zeros(0, dtype=np.int64)
    return Programme(
        event,
        np.zeros(firms, dtype=bool),
        np.zeros(len(event.facts.states)),
        np.zeros(firms),
        np.zeros(firms),
        np.full(firms, -1.0),
        np.zeros(firms),
        none,
    )
