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
    total: FloatArray = np.add.reduceat(values, first)
    return total


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
