"""Tidy frames: names as categories, units and notes in `attrs`, months in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray
from coercivity.model.basis.errors import InputError, Phrase

if TYPE_CHECKING:
    import pandas as pd

Coded = tuple[np.ndarray, Sequence[str]]  # codes into names
DATES: Final = ("text", "period", "timestamp")  # forms that months and days may have
DAY: Final = "YYYY-MM-DD"  # unit of a column of days


def frame(
    columns: Mapping[str, Coded | np.ndarray | list[Any]],
    units: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Columns in their order: (codes, names) become categories, lists text; NaN stays null."""
    import pandas as pd

    made: dict[str, Any] = {}
    for name, column in columns.items():
        made[name] = category_of_names(*column) if isinstance(column, tuple) else column
        if isinstance(column, list) and not any(column):
            made[name] = pd.Series(column, dtype="str")  # nothing tells pandas that this is text
    table = pd.DataFrame(made, copy=False)
    table.attrs["units"] = dict(units)
    if notes:
        table.attrs["notes"] = dict(notes)
    return table


def category_of_names(codes: np.ndarray, names: Sequence[Any]) -> pd.Categorical:
    """A category column from codes into names; -1 is null."""
    import pandas as pd

    categories: Any = list(names)
    return pd.Categorical.from_codes(codes, categories)


def ever_positive(values: np.ndarray) -> BoolArray:
    """Columns of a months x columns array that are above zero in some month."""
    return np.asarray((values > 0).any(axis=0), dtype=bool)


def tall_rows(
    months: int, groups: int, keep: BoolArray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Month and group of each row of a months x groups array, month by month, for groups kept."""
    chosen = np.arange(groups) if keep is None else np.flatnonzero(keep)
    return np.repeat(np.arange(months), len(chosen)), np.tile(chosen, months)


def with_dates(table: pd.DataFrame, dates: str) -> pd.DataFrame:
    """The same table with its months and days in one of DATES; it is changed and given back.

    text: as stored, YYYY-MM, categories in their order. period: ordered months (period[M]; days
    period[D]) that can be
    compared, counted with and used as an index. timestamp: first days of months (datetime64), which
    resample also by groups. Null stays null. Raises InputError for another form.
    """
    if dates not in DATES:
        raise InputError(
            "{field} '{value}' is not known",
            Phrase.of("use one of: {names}", names=DATES),
            field="dates",
            value=dates,
        )
    if dates == "text":
        month = table.get("month")
        if month is not None and month.dtype == "category" and not month.cat.ordered:
            table["month"] = month.cat.as_ordered()
        return table
    units = table.attrs.get("units", {})
    for column in table.columns:
        if column == "month" or units.get(column) == DAY:
            table[column] = _in_order(table[column], "M" if column == "month" else "D", dates)
    return table


def _in_order(texts: pd.Series, freq: str, dates: str) -> Any:
    """A column of dates as pandas orders them; each date is read once."""
    import pandas as pd

    codes, found = pd.factorize(texts)
    read: Any = pd.PeriodIndex([str(one) for one in found], freq=freq)
    if dates == "timestamp":
        read = read.to_timestamp()
    return pd.Series(read).reindex(codes).array
