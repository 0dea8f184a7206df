"""What each table of ``model/data`` must look like: its columns, their types, allowed values and ranges, and its key.

Columns beyond the specification are allowed and read as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from coercivity.model.names import ELEMENTS, GOODS, GOVERNMENTS, PROCESSES, SECTORS, STAGES, STARTS, STATES

_INF: Final = float("inf")


@dataclass(frozen=True)
class Column:
    """A column: kind is text, number, whole, month or date; options limit a text; blank allows an empty cell."""

    name: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    low: float = -_INF
    high: float = _INF
    blank: bool = False


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


def _text(name: str, blank: bool = False) -> Column:
    return Column(name, blank=blank)


def _one_of(name: str, *options: str, blank: bool = False) -> Column:
    return Column(name, options=options, blank=blank)


def _number(name: str, low: float = 0.0, high: float = _INF, blank: bool = False) -> Column:
    return Column(name, "number", low=low, high=high, blank=blank)


def _whole(name: str, low: float, high: float, blank: bool = False) -> Column:
    return Column(name, "whole", low=low, high=high, blank=blank)


CONFIDENCE: Final = ("high", "medium", "low", "recall", "assumed")
STATUS: Final = ("measured", "estimated", "calibrated", "assumed")

_CONFIDENCE = _one_of("confidence", *CONFIDENCE)
_TAIL = (_text("source"), _text("url", blank=True), _CONFIDENCE, _text("note", blank=True))
_START, _STATE, _GOOD, _SECTOR = _one_of("start", *STARTS), _one_of("state", *STATES), _one_of("good", *GOODS), _one_of("sector", *SECTORS)
_PROCESS = _one_of("process", *PROCESSES)
_ANY_PROCESS = _one_of("process", *PROCESSES, *SECTORS)


def _share(name: str) -> Column:
    return _number(name, 0.0, 1.0)


SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        "states": Spec((_STATE, _one_of("government", *GOVERNMENTS), _text("region"), *_TAIL), ("state",)),
        "goods": Spec(
            (_GOOD, _text("label"), _whole("lead", 0, 1), _one_of("pricing", "commodity", "manufactured", "concentrate"), _share("floor"),
             _whole("vat_wedge", 0, 1), _whole("qualification_months", 0, 60), _number("sensitivity", 0.0, 20.0), _share("leak"),
             *(_number(element) for element in ELEMENTS), *_TAIL),
            ("good",),
        ),
        "processes": Spec((_ANY_PROCESS, _one_of("role", "input", "output"), _GOOD, _number("coefficient"), *_TAIL), ("process", "role", "good")),
        "prices_start": Spec((_START, _GOOD, _text("market"), _number("usd_per_kg", 0.001), *_TAIL), ("start", "good", "market")),
        "stage_output": Spec((_START, _PROCESS, _STATE, _number("tonnes_per_year"), *_TAIL), ("start", "process", "state")),
        "end_use": Spec((_START, _STATE, _SECTOR, _GOOD, _number("tonnes_per_year"), *_TAIL), ("start", "state", "sector", "good")),
        "trade_prior": Spec(
            (_START, _GOOD, _one_of("origin", *STATES), _one_of("destination", *STATES), _share("share"), *_TAIL),
            ("start", "good", "origin", "destination"),
        ),
        "cover": Spec(
            (_one_of("kind", *PROCESSES, *SECTORS), _one_of("state", *STATES, "All"),
             *(_number(name, 0.0, 60.0) for name in ("months_low", "months_median", "months_high")), *_TAIL),
            ("kind", "state"),
        ),
        "conversion_cost": Spec((_PROCESS, _one_of("state", *STATES, "Other", "All"), _number("usd_per_kg"), *_TAIL), ("process", "state")),
        "value_added": Spec(
            (_STATE, _SECTOR, _number("usd_bn"), *(_share(name) for name in ("dependent_share", "dependent_low", "dependent_high")), *_TAIL),
            ("state", "sector"),
        ),
        "growth": Spec(
            (_SECTOR, _one_of("region", "World", "Outside China", *STATES), _whole("start_year", 1990, 2100), _whole("end_year", 1990, 2100),
             _number("growth_per_year", -1.0, 5.0), *_TAIL),
            ("sector", "region", "start_year"),
        ),
        "firms": Spec((_START, _PROCESS, _STATE, _text("firm"), _share("share"), *_TAIL), ("start", "process", "state", "firm")),
        "projects": Spec(
            (_START, _text("name"), _PROCESS, _STATE, _number("tonnes_per_year"), Column("first_month", "month"), *_TAIL),
            ("start", "name", "process"),
        ),
        "gdp": Spec((_STATE, _whole("year", 1990, 2100), _number("usd_bn"), *_TAIL), ("state", "year")),
        "targets_start": Spec(
            (_START, _text("id"), _text("quantity"), _number("fact", -_INF, blank=True), _number("tolerance", blank=True),
             _one_of("tolerance_kind", "relative", "absolute_points", "none"), _text("unit"), *_TAIL),
            ("start", "id"),
        ),
        "record": Spec(
            (_text("episode"), _text("series"), _text("period"), _number("value", -_INF), _text("unit"), *_TAIL), ("episode", "series", "period")
        ),
        "timeline": Spec(
            (_text("id"), Column("date", "date"), Column("end_date", "date", blank=True), _text("actor"), _text("targets", blank=True),
             _text("action_type"), _text("action"), _text("scope", blank=True), _text("severity_stated", blank=True),
             _whole("severity_code_analyst", 0, 5, blank=True),
             _text("trigger", blank=True), _text("official_framing", blank=True), _text("source"), _text("url", blank=True), _CONFIDENCE),
            ("id",),
        ),
        "actors": Spec((_text("actor"), _text("maps_to"), *_TAIL), ("actor",)),
        "plants": Spec((_text("name"), _STATE, _one_of("stage", *STAGES), *_TAIL), ("name", "stage")),
        "parameters": Spec(
            (_text("name"), _number("value", -_INF), _number("low", -_INF), _number("high", -_INF), _text("unit", blank=True), _text("source"),
             _one_of("status", *STATUS), _text("group"), _text("description")),
            ("name",),
        ),
        "headlines": Spec((_text("id"), _text("label"), _text("formula"), _text("unit", blank=True)), ("id",)),
    }
)  # fmt: skip
