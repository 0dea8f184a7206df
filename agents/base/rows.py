"""Some rows of a table under the same names: how an actor holds what is its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.base.table import Table


class Rows:
    """A table as a few of its rows: a column is read at these rows, and a store goes to them and leaves the others alone.

    A column that is read is a copy or not as it happens, so a rule stores whole columns and never into one. Relations to
    other rows (the firm of an offer, the need of a link) are given as they count inside the set; an index of the table's
    own rows is given as places in the set.
    """

    __slots__ = ("_at", "_relations", "_table")

    def __init__(self, table: Table, at: IntArray, **relations: Any) -> None:
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_at", at)
        object.__setattr__(self, "_relations", relations)

    def __getattr__(self, name: str) -> Any:
        if name in self._relations:
            return self._relations[name]
        value = getattr(self._table, name)
        declared = self._table.declared.get(name)
        if declared is None:
            return value
        if declared.kind == "rows":
            return np.flatnonzero(np.isin(self._at, value))
        return (
            tuple(value[row] for row in self._at) if declared.kind == "label" else value[self._at]
        )

    def __setattr__(self, name: str, value: Any) -> None:
        """The whole column is made anew, for others may still look at the old one."""
        whole = getattr(self._table, name).copy()
        whole[self._at] = value
        setattr(self._table, name, whole)

    def __len__(self) -> int:
        return len(self._at)
