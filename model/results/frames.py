"""Tidy frames from codes and numbers: names as categories, units and notes in `attrs`, months in
order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents.base.arrays import BoolArray

if TYPE_CHECKING:
    import pandas as pd

Coded = tuple[np.ndarray, Sequence[str]]  # codes into names


def frame(
    columns: Mapping[str, Coded | np.ndarray | list[Any]],
    units: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """A frame of these columns in this order; a pair (codes, names) becomes a category column, a
    list is text. NaN stays null.
    """
    import pandas as pd

    made: dict[str, Any] = {}
    for name, column in columns.items():
        made[name] = named(*column) if isinstance(column, tuple) else column
        if isinstance(column, list) and not any(column):
            made[name] = pd.Series(column, dtype="str")  # nothing tells pandas that this is text
    table = pd.DataFrame(made, copy=False)
    table.attrs["units"] = dict(units)
    if notes:
        table.attrs["notes"] = dict(notes)
    return table


def named(codes: np.ndarray, names: Sequence[Any]) -> pd.Categorical:
    """A category column from codes into names; -1 is null."""
    import pandas as pd

    categories: Any = list(names)
    return pd.Categorical.from_codes(codes, categories)


def ever(values: np.ndarray) -> BoolArray:
    """Columns of a months x columns array that are above zero in some month."""
    return np.asarray((values > 0).any(axis=0), dtype=bool)


def tall(months: int, groups: int, keep: BoolArray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Row indices of a months x groups array written month by month: (month of each row, group of
    each row), for the groups kept.
    """
    chosen = np.arange(groups) if keep is None else np.flatnonzero(keep)
    return np.repeat(np.arange(months), len(chosen)), np.tile(chosen, months)
