"""A history beside its twin, and what sentences of why read of the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coercivity.model.basis.calendar import month_index, month_name

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.worlds.headline_tables import FinishedRun

MONTHS: Final = 24  # of the count, in which the office and the stocks are looked at
EMPTY: Final = 0.1  # of the stock at the beginning: what is left counts as nothing
LEAST_TONNES: Final = 1.0


@dataclass(frozen=True)
class Pair:
    """A history and its twin, looked at for a state from a month on."""

    mine: FinishedRun
    twin: FinishedRun
    state: str
    since: str

    def tables(self, name: str, **where: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows of a table of both in which the columns named have these values, months as
        text.
        """
        return _rows(self.mine.table(name), where), _rows(self.twin.table(name), where)

    @property
    def first(self) -> str:
        """The month of the count."""
        return self.since[:7]

    @property
    def last(self) -> str:
        """The last month of those that are looked at."""
        at = month_index(self.mine.months[0], self.first) + MONTHS - 1
        return month_name(self.mine.months[0], min(at, len(self.mine.months) - 1))


def _rows(frame: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.assign(month=frame["month"].astype(str)) if "month" in frame else frame


def in_months_counted(rows: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """The rows of the months that are looked at."""
    return rows[(rows["month"] >= pair.first) & (rows["month"] <= pair.last)]


def begun_plants(rows: pd.DataFrame, first: str) -> dict[str, str]:
    """Actor -> month of the first event on or after a month, in the order of time."""
    rows = rows[rows["month"] >= first]
    found: dict[str, str] = {}
    for actor, month in zip(rows["actor"].astype(str), rows["month"], strict=True):
        found.setdefault(actor, month)
    return found


def tonnes_by_month(rows: pd.DataFrame) -> pd.Series:
    """Tonnes by month."""
    return rows.groupby("month", observed=True)["tonnes"].sum()


def month_used_up(held: pd.Series, pair: Pair) -> str | None:
    """The month in which the users' stocks are used up, '' where they are not; None where there
    were none to use up.
    """
    begins = float(held.get(pair.first, 0.0))
    if begins < LEAST_TONNES:
        return None
    seen = held[(held.index >= pair.first) & (held.index <= pair.last)]
    gone = seen[seen < EMPTY * begins]
    return str(gone.index[0]) if len(gone) else ""


def stops_counted(rows: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """Stops that begin in the months that are looked at, in the order of their days."""
    days = rows["first_day"].astype(str)
    known = days.str[:7]
    seen = rows[(known >= pair.first) & (known <= pair.last) & days.str.match(r"\d{4}")]
    return seen.assign(first_day=seen["first_day"].astype(str)).sort_values("first_day")


def answers_counted(rows: pd.DataFrame) -> Mapping[str, Any]:
    """Applications by answer."""
    return dict(rows[["filed", "granted", "refused"]].sum())
