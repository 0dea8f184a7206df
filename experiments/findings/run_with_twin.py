"""A run beside its twin with the same luck, and what findings read of the tables of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.past_months import is_past
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.facts import Facts

if TYPE_CHECKING:
    import pandas as pd

MONTHS: Final = 24  # of the count, in which the office and the stocks are looked at
MOST: Final = 12  # records under a finding
END: Final = "end_use"  # stage of the makers whom the headlines count


@dataclass(frozen=True)
class Pair:
    """A run and its twin, looked at for a state from a day on."""

    mine: FinishedRun
    twin: FinishedRun
    state: str
    since: str

    def tables(self, name: str, **where: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the rows of a table of both in which the columns named have these values, months
        as text.
        """
        return select_rows(self.mine, name, where), select_rows(self.twin, name, where)

    def counted(self, name: str, **where: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the same of the months that are looked at."""
        mine, twin = (
            rows[(rows["month"] >= self.first) & (rows["month"] <= self.last)]
            for rows in self.tables(name, **where)
        )
        return mine, twin

    @property
    def first(self) -> str:
        """The month of the count."""
        return self.since[:7]

    @property
    def last(self) -> str:
        """The last month of those that are looked at."""
        at = month_index(self.mine.months[0], self.first) + MONTHS - 1
        return month_name(self.mine.months[0], min(at, len(self.mine.months) - 1))


def select_rows(run: FinishedRun, name: str, where: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a table in which the columns named have these values, months as text."""
    frame = run.table(name)
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.assign(month=frame["month"].astype(str)) if "month" in frame else frame


def first_months(rows: pd.DataFrame, first: str) -> dict[str, str]:
    """Return the month of each actor's first event from a month on, in the order of time."""
    rows = rows[rows["month"] >= first]
    found: dict[str, str] = {}
    for actor, month in zip(rows["actor"].astype(str), rows["month"], strict=True):
        found.setdefault(actor, month)
    return found


def maker(
    facts: Facts, row: Mapping[Any, Any], *days: str, count: int = 1, begins: bool = False
) -> Finding:
    """Return the makers of a row of the table stoppages; without a name where one of the days on
    which the line stops lies in a month that is past. begins: at the head of a sentence.
    """
    unnamed = count > 1 or any(is_past(facts, day) for day in days)
    return Finding.of(
        "maker",
        name="" if unnamed else str(row["firm"]),
        sector=str(row["sector"]),
        state=str(row["state"]),
        count=count,
        begins=begins,
    )


def stop_records(facts: Facts, rows: pd.DataFrame) -> tuple[Finding, ...]:
    """Return lines that stop, in the order of the rows; those of a month that is past together by
    sector and state.
    """
    columns = ("first_day", "firm", "sector", "state", "missing")
    lines = Counter(
        (day, "" if is_past(facts, day) else firm, sector, state, good)
        for day, firm, sector, state, good in zip(
            *(rows[column].astype(str) for column in columns), strict=True
        )
    )
    found = [
        Finding.of(
            "record.stop",
            day=day,
            firm=maker(facts, {"firm": firm, "sector": sector, "state": state}, day, count=count),
            good=good,
        )
        for (day, firm, sector, state, good), count in [*lines.items()][:MOST]
    ]
    if left := sum([*lines.values()][MOST:]):
        found.append(Finding.of("record.more", count=left))
    return tuple(found)
