"""What each table of ``model/data`` must look like: its columns, their types, allowed values and
ranges, and its key.

Columns beyond the specification are allowed and read as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.names import (
    ELEMENTS,
    GOODS,
    GOVERNMENTS,
    PROCESSES,
    SECTORS,
    STAGES,
    STARTS,
    STATES,
)

_INF: Final = float("inf")


@dataclass(frozen=True)
class Column:
    """A column: kind is text, number, whole, month or date; options limit a text; blank allows an
    empty cell.
    """

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

_INSTRUMENTS: Final = (
    "threat",
    "licensing",
    "customs_halt",
    "dual_use_ban",
    "entity_list",
    "technology_ban",
    "extraterritorial",
    "quota",
    "none",
)

_CONFIDENCE = _one_of("confidence", *CONFIDENCE)
_TAIL = (_text("source"), _text("url", blank=True), _CONFIDENCE, _text("note", blank=True))
_START, _STATE, _GOOD, _SECTOR = (
    _one_of("start", *STARTS),
    _one_of("state", *STATES),
    _one_of("good", *GOODS),
    _one_of("sector", *SECTORS),
)
_PROCESS = _one_of("process", *PROCESSES)
_ANY_PROCESS = _one_of("process", *PROCESSES, *SECTORS)


def _share(name: str) -> Column:
    return _number(name, 0.0, 1.0)


SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        "collection": Spec(
            (_text("id"),), ("id",)
        ),  # and a column for each calibrated parameter, checked by experiments/worlds/draws.py
        "states": Spec(
            (_STATE, _one_of("government", *GOVERNMENTS), _text("region"), *_TAIL), ("state",)
        ),
        "goods": Spec(
            (
                _GOOD,
                _text("label"),
                _whole("lead", 0, 1),
                _one_of("pricing", "commodity", "manufactured", "concentrate"),
                _share("floor"),
                _whole("vat_wedge", 0, 1),
                _whole("qualification_months", 0, 60),
                _number("sensitivity", 0.0, 20.0),
                _share("leak"),
                *(_number(element) for element in ELEMENTS),
                *_TAIL,
            ),
            ("good",),
        ),
        "processes": Spec(
            (
                _ANY_PROCESS,
                _one_of("role", "input", "output"),
                _GOOD,
                _number("coefficient"),
                *_TAIL,
            ),
            ("process", "role", "good"),
        ),
        "prices_start": Spec(
            (_START, _GOOD, _text("market"), _number("usd_per_kg", 0.001), *_TAIL),
            ("start", "good", "market"),
        ),
        "stage_output": Spec(
            (_START, _PROCESS, _STATE, _number("tonnes_per_year"), *_TAIL),
            ("start", "process", "state"),
        ),
        "end_use": Spec(
            (_START, _STATE, _SECTOR, _GOOD, _number("tonnes_per_year"), *_TAIL),
            ("start", "state", "sector", "good"),
        ),
        "trade_prior": Spec(
            (
                _START,
                _GOOD,
                _one_of("origin", *STATES),
                _one_of("destination", *STATES),
                _share("share"),
                *_TAIL,
            ),
            ("start", "good", "origin", "destination"),
        ),
        "cover": Spec(
            (
                _one_of("kind", *PROCESSES, *SECTORS),
                _one_of("state", *STATES, "All"),
                *(
                    _number(name, 0.0, 60.0)
                    for name in ("months_low", "months_median", "months_high")
                ),
                *_TAIL,
            ),
            ("kind", "state"),
        ),
        "conversion_cost": Spec(
            (_PROCESS, _one_of("state", *STATES, "Other", "All"), _number("usd_per_kg"), *_TAIL),
            ("process", "state"),
        ),
        "value_added": Spec(
            (
                _STATE,
                _SECTOR,
                _number("usd_bn"),
                *(_share(name) for name in ("dependent_share", "dependent_low", "dependent_high")),
                *_TAIL,
            ),
            ("state", "sector"),
        ),
        "growth": Spec(
            (
                _SECTOR,
                _one_of("region", "World", "Outside China", *STATES),
                _whole("start_year", 1990, 2100),
                _whole("end_year", 1990, 2100),
                _number("growth_per_year", -1.0, 5.0),
                *_TAIL,
            ),
            ("sector", "region", "start_year"),
        ),
        "demand_cases": Spec(
            (
                _one_of("case", "ev", "ai_hardware", "defence", "clean_energy", "humanoid"),
                _SECTOR,
                Column("date", "date"),
                Column("end", "date"),
                _number("growth_per_year", 0.0, 2.0),
                _number("tonnes", blank=True),
                *_TAIL,
            ),
            ("case", "sector", "date"),
        ),
        "firms": Spec(
            (_START, _PROCESS, _STATE, _text("firm"), _share("share"), *_TAIL),
            ("start", "process", "state", "firm"),
        ),
        "projects": Spec(
            (
                _START,
                _text("name"),
                _PROCESS,
                _STATE,
                _number("tonnes_per_year"),
                Column("first_month", "month"),
                _whole("patient", 0, 1),
                *_TAIL,
            ),
            ("start", "name", "process"),
        ),
        "options": Spec(
            (
                _START,
                _text("name"),
                _PROCESS,
                _STATE,
                _number("tonnes_per_year"),
                Column("from_month", "month"),
                _one_of("kind", "named", "generic", "sister"),
                *_TAIL,
            ),
            ("start", "name", "process"),
        ),
        "integrated": Spec((_START, _text("plant"), _text("mine"), *_TAIL), ("start", "plant")),
        "capex": Spec(
            (
                _PROCESS,
                _one_of("state", *STATES, "Other"),
                _number("usd_per_t_year", 1.0),
                _number("low", 1.0),
                _number("high", 1.0),
                *_TAIL,
            ),
            ("process", "state"),
        ),
        "gdp": Spec(
            (_STATE, _whole("year", 1990, 2100), _number("usd_bn"), *_TAIL), ("state", "year")
        ),
        "targets_start": Spec(
            (
                _START,
                _text("id"),
                _text("quantity"),
                _number("fact", -_INF, blank=True),
                _number("tolerance", blank=True),
                _one_of("tolerance_kind", "relative", "absolute_points", "none"),
                _text("unit"),
                *_TAIL,
            ),
            ("start", "id"),
        ),
        "record": Spec(
            (
                _text("episode"),
                _text("series"),
                _text("period"),
                _number("value", -_INF),
                _text("unit"),
                *_TAIL,
            ),
            ("episode", "series", "period"),
        ),
        # Targets of calibration and backtest; docs/evidence.md says how they were chosen. before,
        # hit and event serve the benchmarks without a model.
        "evidence": Spec(
            (
                _text("id"),
                _text("episode"),
                _one_of("sample", "in", "kept_back", "out", "start"),
                _share("fit_weight"),
                _text("scenario"),
                _text("quantity"),
                _text("state", blank=True),
                _text("partner", blank=True),
                _text("good", blank=True),
                Column("from", "month"),
                Column("to", "month"),
                _one_of(
                    "statistic",
                    "mean",
                    "sum",
                    "max",
                    "min",
                    "log_change",
                    "ratio",
                    "first_day",
                    "sd_yearly_log",
                ),
                Column("base_from", "month", blank=True),
                Column("base_to", "month", blank=True),
                _number("value", -_INF),
                _number("tolerance"),
                _one_of("tolerance_kind", "absolute", "relative", "log"),
                _text("unit"),
                _number("before", -_INF, blank=True),
                _number("hit", 0.0, 1.0, blank=True),
                Column("event", "month", blank=True),
                _text("source"),
                _text("url"),
                _one_of("confidence", "high", "medium", "low"),
                _text("note"),
            ),
            ("id",),
        ),
        "timeline": Spec(
            (
                _text("id"),
                Column("date", "date"),
                Column("end_date", "date", blank=True),
                _text("actor"),
                _text("targets", blank=True),
                _text("action_type"),
                _text("action"),
                _text("scope", blank=True),
                _text("severity_stated", blank=True),
                _whole("severity_code_analyst", 0, 5, blank=True),
                _text("trigger", blank=True),
                _text("official_framing", blank=True),
                _text("source"),
                _text("url", blank=True),
                _CONFIDENCE,
            ),
            ("id",),
        ),
        "instruments": Spec(
            (
                _text("instrument"),
                _whole("rung", 0, 20),
                *(_share(name) for name in ("bite", "lost_sales", "alarm", "strikes_back")),
                _share("least_capability"),
                _share("most_capability"),
                _one_of("scope", "target", "world"),
                _whole("months", 0, 60),
                _whole("pause", 0, 60),
                _text("goods", blank=True),
                *_TAIL,
            ),
            ("instrument",),
        ),
        "hazard_test": Spec(
            (_text("id"), _text("metric"), _text("threshold"), _text("unit"), _text("why"), *_TAIL),
            ("id",),
        ),
        "governments": Spec(
            (
                _one_of("government", *GOVERNMENTS),
                *(_share(name) for name in ("capability_2009", "capability_2024")),
                _share("audience_trade"),
                _share("audience_sovereignty"),
                *_TAIL,
            ),
            ("government",),
        ),
        # in_sample: the answer, or the four months without one, was over by the end of 2024.
        # measure: what answered it; empty if nothing did or the timeline
        # has no row. coincident: other measures in those months that reach the provoker. episode:
        # triggers that belong together.
        "triggers": Spec(
            (
                _text("id"),
                Column("date", "date"),
                _one_of("provoker", *GOVERNMENTS),
                _one_of("provoked", *GOVERNMENTS),
                _one_of("issue", "sovereignty", "technology", "trade"),
                _share("severity"),
                _text("text"),
                _text("measure", blank=True),
                _one_of("instrument", *_INSTRUMENTS),
                _whole("lag_days", 0, 122, blank=True),
                _one_of("in_sample", "yes", "no"),
                _text("episode"),
                _text("coincident", blank=True),
                *_TAIL,
            ),
            ("id",),
        ),
        "counter_leverage": Spec(
            (
                _one_of("government", *GOVERNMENTS),
                _share("counter_leverage"),
                _share("low"),
                _share("high"),
                *_TAIL,
            ),
            ("government",),
        ),
        "capability": Spec(
            (
                Column("date", "date"),
                _text("step"),
                _share("level"),
                _share("low"),
                _share("high"),
                _text("measure", blank=True),
                *_TAIL,
            ),
            ("date",),
        ),
        "actors": Spec((_text("actor"), _text("maps_to"), *_TAIL), ("actor",)),
        "plants": Spec(
            (_text("name"), _STATE, _one_of("stage", *STAGES), *_TAIL), ("name", "stage")
        ),
        "parameters": Spec(
            (
                _text("name"),
                _number("value", -_INF),
                _number("low", -_INF),
                _number("high", -_INF),
                _text("unit", blank=True),
                _text("source"),
                _one_of("status", *STATUS),
                _text("group"),
                _text("description"),
            ),
            ("name",),
        ),
        "headlines": Spec(
            (_text("id"), _text("label"), _text("formula"), _text("unit", blank=True)), ("id",)
        ),
        # low, high, step: what a visitor of the lab may choose; rest: the scenario as it is;
        # options: words for 0, 1, ... where the unit is a choice.
        "levers": Spec(
            (
                *(_text(name) for name in ("id", "group", "label", "unit")),
                *(_number(name) for name in ("low", "high", "step", "rest")),
                _text("options", blank=True),
                *(_text(name) for name in ("what", "example", "limits", "source")),
            ),
            ("id",),
        ),
        # low, high: the claim holds in a draw whose metric lies between them. placebo: mechanisms
        # or name=value, by ";".
        # flip: a parameter or a lever of the scenario.
        "claims": Spec(
            (
                *(
                    _text(name)
                    for name in (
                        "id",
                        "claim",
                        "who",
                        "words",
                        "other_who",
                        "other_words",
                        "metric",
                    )
                ),
                _text("unit"),
                _number("low", -_INF, blank=True),
                _number("high", -_INF, blank=True),
                *(
                    _text(name)
                    for name in ("threshold", "scenario", "placebo", "placebo_words", "flip")
                ),
                _number("flip_low", -_INF),
                _number("flip_high", -_INF),
                _text("flip_unit"),
                _text("source"),
                _text("url", blank=True),
                _text("other_source"),
                _text("other_url", blank=True),
                _CONFIDENCE,
                _text("note", blank=True),
                _text("cannot"),
            ),
            ("id",),
        ),
        # The class game: experiments/game. A card has at most two choices, their options by "|";
        # its cost is cost + cost_rate x the choice that cost_by names.
        "game_seats": Spec(
            (
                _text("seat"),
                _text("actor"),
                _text("name"),
                _text("who"),
                _text("aims"),
                _number("budget"),
                *_TAIL,
            ),
            ("seat",),
        ),
        "game_goals": Spec(
            (
                _text("seat"),
                _text("goal"),
                _text("label"),
                _text("formula"),
                _text("unit"),
                _number("none", -_INF),
                _number("full", -_INF),
                _number("weight", 0.0, 1.0),
                *_TAIL,
            ),
            ("seat", "goal"),
        ),
        "game_cards": Spec(
            (
                *(_text(name) for name in ("seat", "card", "label", "does")),
                _text("choice_1", blank=True),
                _text("options_1", blank=True),
                _text("choice_2", blank=True),
                _text("options_2", blank=True),
                _number("cost"),
                _text("cost_by", blank=True),
                _number("cost_rate"),
                _text("limits"),
                _text("example"),
                Column("example_date", "date"),
                *_TAIL,
            ),
            ("seat", "card"),
        ),
        "game_deals": Spec(
            (
                *(
                    _text(name)
                    for name in (
                        "deal",
                        "label",
                        "first",
                        "other",
                        "does",
                        "first_must",
                        "other_must",
                    )
                ),
                _text("choice_1"),
                _text("options_1"),
                _text("choice_2", blank=True),
                _text("options_2", blank=True),
                _text("example"),
                Column("example_date", "date"),
                *_TAIL,
            ),
            ("deal",),
        ),
    }
)
