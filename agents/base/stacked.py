"""Arrays of several holders as rows of one, so that a rule reaches all of them in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter, is_not
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from coercivity.agents.base.part import Part


class Stacked(Part):
    """Equally long arrays that holders have under these names. Each holder's own array is a row of
    the stack, under its name as before.
    """

    def __init__(self, *names: str) -> None:
        self.names = names
        self.get = tuple(attrgetter(name) for name in names)
        self.rows: list[NDArray[Any]] = []
        self.array: NDArray[Any] = np.zeros((len(names), 0, 0))

    def of(self, holders: Sequence[Any]) -> NDArray[Any]:
        """Names x holders x length. Gathered anew where a holder has come, gone or has been given
        another array.
        """
        rows = [row for get in self.get for row in map(get, holders)]
        if len(rows) != len(self.rows) or any(map(is_not, rows, self.rows)):
            gathered = np.array(rows)
            self.array = gathered.reshape(len(self.names), len(holders), *gathered.shape[1:])
            self.rows = list(gathered)
            places = [(one, name) for name in self.names for one in holders]
            for (one, name), row in zip(places, self.rows, strict=True):
                setattr(one, name, row)
        return self.array

    def copy(self) -> Self:
        """None yet: the copies of the holders have arrays of their own."""
        return type(self)(*self.names)

    def __reduce__(self) -> tuple[Any, ...]:
        """Nor of what is stored or copied deeply, for rows would be copied apart from the stack."""
        return type(self), self.names
