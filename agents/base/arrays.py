"""Arrays by row and the sums that join tables: over groups, and over runs of a sorted column."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MANY = 2_500  # rows beyond which adding in place is faster than counting with weights
Values = TypeVar("Values", bound=NDArray[Any])


def run_first(values: IntArray) -> IntArray:
    """First row of each run of equal values; of a sorted column, of each value."""
    begins = np.ones(len(values), dtype=bool)
    begins[1:] = values[1:] != values[:-1]
    return begins.nonzero()[0]


def as_run(rows: IntArray) -> IntArray | slice:
    """Rows as a slice where they follow one another: a view of a column in place of a copy."""
    follow = len(rows) > 0 and int(rows[-1]) - int(rows[0]) == len(rows) - 1
    return slice(int(rows[0]), int(rows[-1]) + 1) if follow else rows


def run_sum(values: FloatArray, first: IntArray) -> FloatArray:
    """Sum over runs of a sorted table: run k begins at row first[k]. The same join as `group_sum`,
    where no run is empty.
    """
    return np.add.reduceat(values, first)


def group_sum(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Sum of `values` within each group, in the order of the rows: the only join there is (group
    ids 0..groups-1).
    """
    if len(values) > MANY:
        total = np.zeros(groups)
        np.add.at(total, group, values)
        return total
    return cast(FloatArray, np.bincount(group, weights=values, minlength=groups))


def with_rows(values: Values, rows: IntArray, new: Any) -> Values:
    """The values with some rows replaced; the array that was given stays as it is."""
    out = values.copy()
    out[rows] = new
    return out


class Unpickled:
    """Something whose arrays can be locked and unlocked, also after a pickle: what is read lies on
    the bytes of the pickle, and a lock on it cannot be undone.
    """

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(_on_own_memory(state, {}))


def _on_own_memory(value: Any, met: dict[int, tuple[Any, Any]]) -> Any:
    """The value. Arrays in it that own no data are replaced by copies, in the same containers."""
    if not isinstance(value, (np.ndarray, dict, list, tuple)):
        return value
    if id(value) in met:
        return met[id(value)][1]
    found = value
    if isinstance(value, np.ndarray):
        found = value if value.flags.owndata else value.copy(order="K")
    met[id(value)] = value, found  # the value too: an id is free once its holder is gone
    if isinstance(value, dict):
        value.update({name: _on_own_memory(item, met) for name, item in value.items()})
    elif isinstance(value, list):
        value[:] = [_on_own_memory(item, met) for item in value]
    elif isinstance(value, tuple):
        items = [_on_own_memory(item, met) for item in value]
        if any(a is not b for a, b in zip(items, value, strict=True)):
            found = getattr(type(value), "_make", type(value))(items)
            met[id(value)] = value, found
    return found
