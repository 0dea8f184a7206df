"""Columns under agents: a relation is a set of equally long NumPy arrays, and an agent is a row of one.

A rule is written once for the whole column; an agent's attribute reads and writes its row. A row is an identity: rows are
never swapped or removed, so two worlds that began alike keep the same rows for the same firms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Table:
    """Equally long columns, given by keyword; `table.name` is the array itself."""

    def __init__(self, **columns: NDArray[Any]) -> None:
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of one table differ in length: {sorted(lengths)}")
        self.columns: tuple[str, ...] = tuple(columns)
        for name, values in columns.items():
            setattr(self, name, values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def __len__(self) -> int:
        return len(getattr(self, self.columns[0])) if self.columns else 0

    def add_columns(self, **columns: NDArray[Any]) -> None:
        """Give the table further columns of the same length."""
        for name, values in columns.items():
            if self.columns and len(values) != len(self):
                raise ValueError(f"column {name} has {len(values)} rows, the table has {len(self)}")
            setattr(self, name, values)
        self.columns += tuple(name for name in columns if name not in self.columns)

    def lock(self) -> Self:
        """Make all columns read-only, for a table that many share; its copies are writable."""
        for name in self.columns:
            getattr(self, name).setflags(write=False)
        return self

    def copy(self) -> Self:
        """A table with arrays of its own."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        for name in self.columns:
            setattr(other, name, getattr(self, name).copy())
        return other


class Column:
    """Descriptor: `agent.stock` is row `agent.row` of column `stock` of the model's table `table_name`."""

    def __init__(self, table_name: str, column: str | None = None) -> None:
        self.table_name = table_name
        self.column = column or ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = self.column or name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return getattr(getattr(agent.model, self.table_name), self.column)[agent.row].item()

    def __set__(self, agent: Any, value: float) -> None:
        getattr(getattr(agent.model, self.table_name), self.column)[agent.row] = value


def run_first(values: IntArray) -> IntArray:
    """First row of each run of equal values; of a sorted column, of each value."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def run_sum(values: FloatArray, first: IntArray) -> FloatArray:
    """Sum over runs of a sorted table: run k begins at row first[k]. The same join as `group_sum`, where no run is empty."""
    total: FloatArray = np.add.reduceat(values, first)
    return total


def group_sum(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Sum of `values` within each group: the only join there is (group ids 0..groups-1)."""
    return cast(FloatArray, np.bincount(group, weights=values, minlength=groups))
