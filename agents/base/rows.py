"""Some rows of a table under the same names: how an actor holds what is its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import IntArray, as_run
from coercivity.agents.base.table import Table

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Rows:
    """A table as a few of its rows: a column is read at these rows, and a store goes to them and
    leaves the others alone.

    A column that is read is a copy or not as it happens, so a rule stores whole columns and never
    into one. Relations to other rows (the firm of an offer, the need of a link) are given as they
    count inside the set; an index of the table's own rows is given as places in the set. What
    counts in the tables of all alone is refused: `of_all` has what to write instead.
    """

    __slots__ = ("_at", "_columns", "_of_all", "_own", "_relations", "_table")

    def __init__(
        self, table: Table, rows: IntArray, of_all: Mapping[str, str] = NOTHING, **relations: Any
    ) -> None:
        store = object.__setattr__
        store(self, "_table", table)
        store(self, "_at", as_run(rows))
        store(self, "_columns", vars(table))
        store(self, "_of_all", of_all)
        store(self, "_relations", {"count": len(rows), "_rows": rows, **relations})
        store(self, "_own", table.plain.difference(of_all, self._relations))

    def __getattr__(self, name: str) -> Any:
        if name in self._own:
            return self._columns[name][self._at]
        relations = self._relations
        if name in relations:
            return relations[name]
        if name in self._of_all:
            raise AttributeError(
                f"{type(self._table).__name__}.{name} counts in the tables of all firms and "
                f"means nothing among the rows of a set; {self._of_all[name]}"
            )
        declared = self._table.declared.get(name)
        value = getattr(self._table, name)
        if declared is None:
            return value
        rows = relations["_rows"]
        if declared.kind == "rows":
            return np.flatnonzero(np.isin(rows, value))
        return tuple(value[row] for row in rows)

    def __setattr__(self, name: str, value: Any) -> None:
        """The whole column is made anew, for others may still look at the old one."""
        if name not in self._columns:
            if name in self._table.declared:
                raise AttributeError(
                    f"column '{name}' of {type(self._table).__name__} has not been filled yet; "
                    "fill it for all rows first"
                )
            raise self._table.unknown(name)
        whole = self._columns[name].copy()
        whole[self._at] = value
        setattr(self._table, name, whole)

    def __len__(self) -> int:
        return int(self._relations["count"])
