"""The result of a run: frozen, with its provenance; tables are made when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.model.basis.display import card_of, display_function
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.results import (
    dependence_table,
    event_tables,
    production_tables,
    trade_tables,
)
from coercivity.model.results.frames import with_dates
from coercivity.model.results.provenance import provenance_hashes
from coercivity.model.results.records import Records
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from coercivity.model.results.explanation_form import Explanation

HeadlineRule = Callable[["Result"], dict[str, "float | None"]]

# what makes each table from records and month names
BUILDERS: Mapping[str, Callable[[Records, tuple[str, ...]], pd.DataFrame]] = {
    "prices": trade_tables.prices,
    "trade": trade_tables.trade,
    "output": production_tables.output,
    "stocks": production_tables.stocks,
    "dependence": dependence_table.dependence,
    "capacity": production_tables.capacity,
    "licences": trade_tables.licences,
    "policy": event_tables.policy,
    "spending": trade_tables.spending,
    "leaks": trade_tables.leaks,
    "macro": production_tables.macro,
    "stoppages": event_tables.stoppages,
    "decisions": event_tables.decisions,
    "events": event_tables.events,
    "firms": production_tables.firms,
}
TABLES: tuple[str, ...] = tuple(BUILDERS)


@dataclass(frozen=True, eq=False)
class Result:
    """A finished run: scenario, seed, version, parameter hash, months, and on request tidy tables
    (units in `.attrs["units"]`) and headlines.

    It holds read-only arrays and can be sent between processes. `records` is None for a run that
    was told not to record.
    """

    scenario: Scenario
    seed: int
    version: str
    parameter_hash: str
    months: tuple[str, ...]
    records: Records | None
    rule: HeadlineRule
    world: str = "World"  # the class that ran; with its mark where it is not the shipped one
    # hashes of the facts and the code that made it; none for those of this installation
    made: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> Facts:
        """The facts that it is told by: those of its records, else those of its scenario."""
        return self.scenario.facts if self.records is None else self.records.facts

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that `table` makes."""
        return TABLES if self.records is not None else ()

    def table(self, name: str, dates: str = "text") -> pd.DataFrame:
        """Make one table anew: a frame of its own for whoever asks.

        dates: "text" leaves months YYYY-MM; "period" and "timestamp" order them, so that they can
        be compared and resampled (`frames.with_dates`). Raises InputError for an unknown name, an
        unknown form, or a run that did not record.
        """
        if name not in TABLES:
            raise unknown_value_error("table", name, TABLES)
        if self.records is None:
            raise InputError(
                "table '{value}' cannot be made: this run did not record",
                "run it with record=True",
                value=name,
            )
        return with_dates(BUILDERS[name](self.records, self.months), dates)

    def headlines(self) -> dict[str, float | None]:
        """Return {id: value} (model/data/headlines.csv), None where not defined in this run."""
        return self.rule(self)

    def provenance(self) -> Mapping[str, Any]:
        """Return what makes this run again: scenario (name, fingerprint), seed, version, hashes of
        parameters, facts and code, class, start and months.
        """
        scenario = self.scenario
        return {
            "scenario": scenario.name,
            "fingerprint": scenario.fingerprint(),
            "seed": self.seed,
            "version": self.version,
            "parameter_hash": self.parameter_hash,
            **(dict(self.made) or provenance_hashes(self.scenario.facts)),
            "world": self.world,
            "start": scenario.start,
            "months": len(self.months),
        }

    @property
    def plots(self) -> tuple[str, ...]:
        """Names of the figures that `plot` draws; none for a run that did not record."""
        return display_function("plots of runs")(self)

    def plot(
        self,
        name: str | None = None,
        *,
        state: str | None = None,
        good: str | Sequence[str] = (),
    ) -> Figure:
        """Draw one figure of `plots`, the first where none is named, seen from a state (Japan).

        good: of which goods or groups of goods, for prices, dependence and cover; else of rare
        earths, or of the goods that the measures name where the facts are not the shipped ones.
        Returns a matplotlib Figure that pyplot knows nothing of, so that a notebook shows it once.
        Raises InputError for an unknown name, state or good, for a run that did not record, and
        without matplotlib (`pip install "coercivity[plot]"`).
        """
        return display_function("figure of runs")(self, name, state=state, good=good)

    def explain(
        self,
        headline: str = "first_stop_days",
        *,
        twin: Result | None = None,
        state: str | None = None,
        **made_by: Any,
    ) -> Explanation:
        """Tell why a headline is what it is: the causal trail of this run against its twin with the
        same luck, what changes first before the rest.

        twin: the run to compare with; else the same scenario without the measure that the headlines
        count from is run once more (as long as this run took), `made_by` being further keywords of
        `run` for it. state: who the headline is seen from (Japan). Returns an Explanation: print
        it, show it in a notebook, or read `.steps`, a frame. Raises InputError for an unknown
        headline, a script without a measure and no twin, and a twin of other months or luck.
        """
        explain = display_function("explanation")
        return explain(self, headline, twin=twin, state=state, **made_by)

    def to_xarray(self, tables: Sequence[str] | None = None) -> xr.Dataset:
        """Return tables as an xarray.Dataset: a variable `<table>_<column>` for each column of
        numbers, along month (datetime64), state, good and whatever else says what a row is; `units`
        in the attributes, NaN where the table has no row.

        tables: names; else those whose grid is not mostly empty. Raises InputError for a table
        without months or numbers, for a run that did not record, and without xarray (`pip install
        "coercivity[xarray]"`).
        """
        return display_function("grid of a run")(self, tables)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the run to a folder, or to one file where *path* ends in .zip; `coercivity.load`
        reads it back to the last bit. Returns the absolute path.

        It holds the scenario as YAML, a manifest with versions, seed, hashes and headlines, and the
        records as arrays, without pickle. All of it is there or nothing. Raises InputError where
        something is there already; overwrite=True takes the place of what `save` wrote, and of
        nothing else.
        """
        return display_function("files of a run")(self, path, overwrite)

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        return card_of(self, lambda: display_function("card of a run")(self))

    def __repr__(self) -> str:
        other = f"{self.world}, " if self.world != "World" else ""
        return (
            f"Result({self.scenario.name}, seed {self.seed}, {other}{self.months[0]} to "
            f"{self.months[-1]}, {self.version}, {self.parameter_hash})"
        )


@lru_cache(maxsize=1)
def model_version() -> str:
    """Version of the installed package; 0 when it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("coercivity")
    except PackageNotFoundError:
        return "0"
