"""What a column of a table of ``model/data`` may hold, and short words to say so."""

from __future__ import annotations

from collections.abc import Mapping
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


def text(name: str, blank: bool = False) -> Column:
    """A text."""
    return Column(name, blank=blank)


def one_of(name: str, *options: str, blank: bool = False) -> Column:
    """One of some texts."""
    return Column(name, options=options, blank=blank)


def number(name: str, low: float = 0.0, high: float = ANY, blank: bool = False) -> Column:
    """A number from low to high."""
    return Column(name, "number", low=low, high=high, blank=blank)


def whole_number_column(name: str, low: float, high: float, blank: bool = False) -> Column:
    """A whole number from low to high."""
    return Column(name, "whole", low=low, high=high, blank=blank)


def share(name: str) -> Column:
    """A share, 0 to 1."""
    return number(name, 0.0, 1.0)
