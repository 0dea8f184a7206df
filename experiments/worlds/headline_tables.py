"""What the formulas of the headlines read of a run, out of the tables of a Result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from coercivity.experiments.quantities.headlines import (
    EXPORTER,
    FOCUS,
    focal_date,
    headlines_of,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.agents.base.arrays import FloatArray
    from coercivity.model.results.records import Records


class FinishedRun(Protocol):
    """What the headlines need of a Result."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def seed(self) -> int: ...
    @property
    def months(self) -> tuple[str, ...]: ...
    @property
    def records(self) -> Records | None: ...
    @property
    def tables(self) -> Iterable[str]: ...
    def table(self, name: str) -> pd.DataFrame: ...


class TableSource:
    """What the formulas read, from the tables of a Result; each table is made once."""

    def __init__(self, result: FinishedRun, target: str = FOCUS) -> None:
        self.result, self.target, self.months = result, target, tuple(result.months)
        self.facts = result.facts
        self.held: dict[str, pd.DataFrame] = {}

    def _table(self, name: str, **where: str) -> pd.DataFrame:
        """The rows of a table in which the columns named have these values."""
        import numpy as np

        if name not in self.held:
            self.held[name] = self.result.table(name)
        frame = self.held[name]
        return (
            frame[
                np.logical_and.reduce([frame[column] == value for column, value in where.items()])
            ]
            if where
            else frame
        )

    def _months_by(
        self, frame: pd.DataFrame, value: str, fill: float, **names: Sequence[str]
    ) -> FloatArray:
        """A column as an array of months x one axis a keyword, which gives the names along it."""
        import numpy as np
        import pandas as pd

        axes: dict[str, Sequence[str]] = {"month": self.months, **names}
        out = np.full([len(of) for of in axes.values()], fill)
        out[
            tuple(
                pd.Categorical(frame[column], categories=list(of)).codes
                for column, of in axes.items()
            )
        ] = frame[value]
        return out

    def stops(self, of: str) -> list[tuple[str, str, str]]:
        rows = self._table("stoppages", state=self.target, stage="end_use")
        spells = zip(
            rows["sector"].astype(str), rows["firm"].astype(str), rows["first_day"], strict=True
        )
        return [(sector, firm, day) for sector, firm, day in spells if isinstance(day, str) and day]

    def firms(self, of: str) -> dict[str, int]:
        name = "firms" if "firms" in self.result.tables else "stoppages"
        rows = self._table(name, state=self.target, stage="end_use")
        if name == "stoppages" and not rows["first_day"].isna().any():
            # only firms that stopped are listed: their number says nothing about the others
            return {}
        return {
            str(sector): int(count)
            for sector, count in rows.groupby(rows["sector"].astype(str))["firm"].nunique().items()
        }

    def flow(self, of: str) -> FloatArray:
        return self._months_by(
            self._table("macro", state=self.target), of, 0.0, sector=self.facts.sectors
        )

    def home_price(self, of: str) -> FloatArray:
        return self._months_by(
            self._table("prices", good=of), "home", math.nan, state=self.facts.states
        )

    def dependence(self, of: str) -> FloatArray:
        rows = self._table(
            "dependence",
            state=self.target,
            supplier=EXPORTER,
            measure="tonnes",
            group="all",
            basis=of,
        )
        return self._months_by(rows, "share", math.nan)

    def separation(self, of: str) -> FloatArray:
        rows, facts = self._table("output", stage="separation"), self.facts
        return self._months_by(rows, "tonnes", math.nan, state=facts.states, good=facts.goods)


def compute_headlines(
    result: FinishedRun,
    since: str | None = None,
    target: str = FOCUS,
    usual: FinishedRun | None = None,
) -> dict[str, float | None]:
    """Return {id: value or None} in the order of the headline table of a target state.

    *since* is the focal day 'YYYY-MM-DD'; a twin without measures is counted from the day of the
    other one's. Without it the scenario of the result decides. usual: the run whose usual prices
    price multiples are over, None for this one.
    """
    day = since or focal_date(result.scenario, result.months, target)
    base = TableSource(usual, target) if usual is not None else None
    return headlines_of(TableSource(result, target), day, usual=base)
