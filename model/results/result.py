"""The result of a run: frozen, with its provenance; tables are made from its records when somebody
asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.layers import is_serving
from coercivity.model.results.provenance import made_with
from coercivity.model.results.records import Records
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

HeadlineRule = Callable[["Result"], dict[str, "float | None"]]

TABLES: tuple[str, ...] = (
    "prices",
    "trade",
    "output",
    "stocks",
    "dependence",
    "capacity",
    "licences",
    "policy",
    "spending",
    "leaks",
    "macro",
    "stoppages",
    "decisions",
    "events",
    "firms",
)


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
    world: str = (
        "World"  # the class that ran; with a hash of its file where it is not the shipped one
    )

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that `table` makes."""
        return TABLES if self.records is not None else ()

    def table(self, name: str) -> pd.DataFrame:
        """Make one table anew: a frame of its own for whoever asks. Raises InputError for an
        unknown name or a run that did not record.
        """
        from coercivity.model.results.tables import build_table

        if name not in TABLES:
            raise InputError(f"table '{shorten(name)}' is not known; {suggest(name, TABLES)}")
        if self.records is None:
            raise InputError(
                f"table '{name}' cannot be made: this run did not record; run it with record=True"
            )
        return build_table(name, self.records, self.months)

    def headlines(self) -> dict[str, float | None]:
        """Return {id: value}, None where a number is not defined in this run; see
        model/data/headlines.csv.
        """
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
            **made_with(),
            "world": self.world,
            "start": scenario.start,
            "months": len(self.months),
        }

    def __reduce_ex__(self, protocol: Any) -> Any:
        """As it is; from a process that answers one with other facts, with its tables made."""
        if is_serving():
            from coercivity.model.results.told import ToldResult, as_it_is, told

            if not isinstance(self, ToldResult):
                return as_it_is, (told(self),)
        return super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        return (
            f"Result({self.scenario.name}, seed {self.seed}, {self.months[0]} to "
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
