"""Arrays of several holders as rows of one, so that a rule reaches all of them in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_not
from typing import Any, Self

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part


class Stacked(Part):
    """Equally long arrays that holders have under these names. Each holder's own array is a row of
    the stack, under its name as before.
    """

    def __init__(self, *names: str) -> None:
        self.names = names
        self.rows: list[FloatArray] = []
        self.array = np.zeros((len(names), 0, 0))

    def of(self, holders: Sequence[Any]) -> FloatArray:
        """Names x holders x length. Gathered anew where a holder has come or has another array."""
        rows = [getattr(one, name) for name in self.names for one in holders]
        if len(rows) != len(self.rows) or any(map(is_not, rows, self.rows)):
            self.array = np.array(rows, dtype=np.float64)
            for (name, one), row in zip(
                [(name, one) for name in self.names for one in holders], self.array, strict=True
            ):
                setattr(one, name, row)
            self.rows = [getattr(one, name) for name in self.names for one in holders]
            self.array = self.array.reshape(len(self.names), len(holders), -1)
        return self.array

    def copy(self) -> Self:
        """None yet: the copies of the holders have arrays of their own."""
        return type(self)(*self.names)
