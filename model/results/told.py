"""A result as a process with other facts tells it: tables, headlines and provenance as they were
made there, for the names behind its arrays mean something there alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.results.result import TABLES, Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class ToldResult(Result):
    """A finished run of a process with other facts. It has no records."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    made_by: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that `table` gives."""
        return tuple(self.frames)

    def table(self, name: str, dates: str = "text") -> pd.DataFrame:
        """A copy of one table; dates: as for a run of this process. Raises InputError for an
        unknown name or form, or a run that did not record.
        """
        from coercivity.model.results.frames import with_dates

        if name not in TABLES:
            raise InputError(f"table '{shorten(name)}' is not known; {suggest(name, TABLES)}")
        if name not in self.frames:
            raise InputError(
                f"table '{name}' cannot be made: this run did not record; run it with record=True"
            )
        copy = self.frames[name].copy()
        copy.attrs = dict(self.frames[name].attrs)
        return with_dates(copy, dates)

    def headlines(self) -> dict[str, float | None]:
        """Return {id: value}, as they were counted where it ran."""
        return dict(self.numbers)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return object.__reduce_ex__(self, protocol)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Raises InputError: what it was recorded as is in the process that made it."""
        raise InputError(
            f"this run was made by another process, with the data '{self.scenario.data}'; to save "
            f"it, begin with coercivity.use_data({self.scenario.data!r}) and run it there"
        )

    def provenance(self) -> Mapping[str, Any]:
        """What makes this run again, with the facts that it was made with."""
        return dict(self.made_by)


def told(result: Result) -> ToldResult:
    """A result with everything made that somebody elsewhere may ask of it."""
    same = {one.name: getattr(result, one.name) for one in fields(Result)}
    return ToldResult(
        **{**same, "records": None},
        frames={name: result.table(name) for name in result.tables},
        numbers=result.headlines() if result.records is not None else {},
        made_by=dict(result.provenance()),
    )


def packed(result: Result) -> tuple[Any, ...]:
    """How a result is packed for a process with other facts."""
    return as_it_is, (told(result),)


def as_it_is(result: ToldResult) -> ToldResult:
    """What is unpacked in place of a result that was told."""
    return result
