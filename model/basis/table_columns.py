"""What a column of a table of ``model/data`` may hold, and short words to say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

ANY: Final = float("inf")


@dataclass(frozen=True)
class Column:
    """A column: kind is text, number, whole, month or date; options limit a text; blank allows an
    empty cell.
    """

    name: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    low: float = -ANY
    high: float = ANY
    blank: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in ("number", "whole")


@dataclass(frozen=True)
class Spec:
    """A table: its columns and the columns that together may not repeat."""

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the required columns."""
        return tuple(column.name for column in self.columns)


def spec(key: str, *parts: str | Sequence[Column]) -> Spec:
    """A table by its key, names with blanks between them, and its columns (`columns`)."""
    return Spec(columns(*parts), tuple(key.split()))


def columns(*parts: str | Sequence[Column]) -> tuple[Column, ...]:
    """Columns one after the other. In place of some may stand the names of texts with blanks
    between them; a name with a question mark is that of a text that may be left out.
    """
    return tuple(
        column for part in parts for column in (_texts(part) if isinstance(part, str) else part)
    )


def _texts(names: str) -> Sequence[Column]:
    return [Column(name.rstrip("?"), blank=name.endswith("?")) for name in names.split()]


def one_of(names: str, *options: str) -> Sequence[Column]:
    """Each one of some texts."""
    return [Column(name, options=options) for name in names.split()]


def number(
    names: str, low: float = 0.0, high: float = ANY, blank: bool = False
) -> Sequence[Column]:
    """Numbers from low to high."""
    return [Column(name, "number", (), low, high, blank) for name in names.split()]


def whole_number_column(
    names: str, low: float, high: float, blank: bool = False
) -> Sequence[Column]:
    """Whole numbers from low to high."""
    return [Column(name, "whole", (), low, high, blank) for name in names.split()]


def share(names: str) -> Sequence[Column]:
    """Shares, 0 to 1."""
    return number(names, 0.0, 1.0)


def date(names: str, blank: bool = False) -> Sequence[Column]:
    """Days, YYYY-MM-DD."""
    return [Column(name, "date", blank=blank) for name in names.split()]


def month(names: str, blank: bool = False) -> Sequence[Column]:
    """Months, YYYY-MM."""
    return [Column(name, "month", blank=blank) for name in names.split()]
