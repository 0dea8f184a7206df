"""What each table of ``model/data`` must look like: its columns, their types, allowed values and
ranges, and its key. Columns beyond it are allowed and read as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.fact_names import Names
from coercivity.model.basis.fact_specs import FACT_SPECS
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.name_specs import CONFIDENCE, NAME_SPECS, TAIL
from coercivity.model.basis.table_columns import (
    ANY,
    Column,
    Spec,
    number,
    one_of,
    share,
    text,
    whole_number_column,
)

LEAST_COVER: Final = 0.05  # months that a firm holds of an input, and the most it can
MOST_COVER: Final = 24.0
MOST_BUILT: Final = 200_000.0  # t a year of one plant; the largest mine digs 189,160 t
STATUS: Final = ("measured", "estimated", "calibrated", "assumed", "definition")

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

_CONFIDENCE = one_of("confidence", *CONFIDENCE)
_TAIL = TAIL
# shares of GDP need value added and GDP at the prices of one year
PRICE_YEAR: Final = 2023
_PRICE_YEAR = whole_number_column("price_year", PRICE_YEAR, PRICE_YEAR)
_DUG = (number("tonnes_per_year"), number("beyond_quota", blank=True))


def _ranged_columns(name: str, most: float, least: float = 0.0) -> tuple[Column, ...]:
    """A number with its range, and where it comes from."""
    return (*(number(column, least, most) for column in (name, "low", "high")), *_TAIL)


def table_specs(names: Names) -> Mapping[str, Spec]:
    """The specification of each table, by its name, where these are the known names."""
    start, state, good, sector = (
        one_of("start", *names.starts),
        one_of("state", *names.states),
        one_of("good", *names.goods),
        one_of("sector", *names.sectors),
    )
    process = one_of("process", *names.processes)
    any_process = one_of("process", *names.processes, *names.sectors)
    return MappingProxyType(
        {
            "collection": Spec(
                (text("id"),), ("id",)
            ),  # and a column for each calibrated parameter, checked by experiments/worlds/draws.py
            **NAME_SPECS,
            "states": Spec(
                (state, one_of("government", *names.governments), text("region"), *_TAIL),
                ("state",),
            ),
            "content": Spec(
                (good, one_of("element", *names.elements), number("tonnes_per_tonne"), *_TAIL),
                ("good", "element"),
            ),
            "recipes": Spec(
                (
                    any_process,
                    one_of("role", "input", "output"),
                    good,
                    number("coefficient"),
                    *_TAIL,
                ),
                ("process", "role", "good"),
            ),
            "price_level": Spec((text("month"), number("level", 0.01), *_TAIL), ("month",)),
            "prices_start": Spec(
                (start, good, text("market"), number("usd_per_kg", 0.001), *_TAIL),
                ("start", "good", "market"),
            ),
            "stage_output": Spec(
                (start, process, state, *_DUG, *_TAIL),
                ("start", "process", "state"),
            ),
            "end_use": Spec(
                (start, state, sector, good, number("tonnes_per_year"), *_TAIL),
                ("start", "state", "sector", "good"),
            ),
            "trade_prior": Spec(
                (
                    start,
                    good,
                    one_of("origin", *names.states),
                    one_of("destination", *names.states),
                    share("share"),
                    *_TAIL,
                ),
                ("start", "good", "origin", "destination"),
            ),
            "cover": Spec(
                (
                    one_of("kind", *names.processes, *names.sectors),
                    one_of("state", *names.states, "All"),
                    number("months_low", 0.0, MOST_COVER),
                    number("months_median", LEAST_COVER, MOST_COVER),
                    number("months_high", 0.0, MOST_COVER),
                    *_TAIL,
                ),
                ("kind", "state"),
            ),
            "choke": Spec(
                (
                    one_of("user", *names.processes, *names.sectors, "All"),
                    good,
                    *_ranged_columns("usd_per_kg", 1e5),
                ),
                ("user", "good"),
            ),
            "parts": Spec(
                (
                    one_of("sector", *names.sectors, "All"),
                    one_of("good", *names.goods, "All"),
                    *_ranged_columns("parts", 100.0, least=1.0),
                ),
                ("sector", "good"),
            ),
            "pits": Spec((state, *_ranged_columns("most_tonnes_per_year", 1e6)), ("state",)),
            "lanes": Spec(
                (text("origin"), text("destination"), *_ranged_columns("days", 60.0)),
                ("origin", "destination"),
            ),
            "headings": Spec((good, text("heading"), *_TAIL), ("good",)),
            "conversion_cost": Spec(
                (
                    process,
                    one_of("state", *names.states, "Other", "All"),
                    number("usd_per_kg"),
                    *_TAIL,
                ),
                ("process", "state"),
            ),
            "value_added": Spec(
                (
                    state,
                    sector,
                    number("usd_bn"),
                    _PRICE_YEAR,
                    *(
                        share(name)
                        for name in ("dependent_share", "dependent_low", "dependent_high")
                    ),
                    *_TAIL,
                ),
                ("state", "sector"),
            ),
            "multipliers": Spec(
                (
                    state,
                    sector,
                    *(number(name, 1.0, 10.0) for name in ("multiplier", "low", "high")),
                    *_TAIL,
                ),
                ("state", "sector"),
            ),
            "growth": Spec(
                (
                    sector,
                    one_of("region", "World", "Outside China", *names.states),
                    whole_number_column("start_year", 1990, 2100),
                    whole_number_column("end_year", 1990, 2100),
                    number("growth_per_year", -1.0, 5.0),
                    *_TAIL,
                ),
                ("sector", "region", "start_year"),
            ),
            "demand_cases": Spec(
                (
                    one_of("case", "ev", "ai_hardware", "defence", "clean_energy", "humanoid"),
                    sector,
                    Column("date", "date"),
                    Column("end", "date"),
                    number("growth_per_year", 0.0, 2.0),
                    number("tonnes", blank=True),
                    *_TAIL,
                ),
                ("case", "sector", "date"),
            ),
            "firms": Spec(
                (start, process, state, text("firm"), share("share"), *_TAIL),
                ("start", "process", "state", "firm"),
            ),
            "projects": Spec(
                (
                    start,
                    text("name"),
                    process,
                    state,
                    number("tonnes_per_year", 0.0, MOST_BUILT),
                    Column("first_month", "month"),
                    whole_number_column("patient", 0, 1),
                    *_TAIL,
                ),
                ("start", "name", "process"),
            ),
            "options": Spec(
                (
                    start,
                    text("name"),
                    process,
                    state,
                    number("tonnes_per_year"),
                    Column("from_month", "month"),
                    one_of("kind", "named", "generic", "sister"),
                    number("capex_usd_m", 0.1, blank=True),
                    *_TAIL,
                ),
                ("start", "name", "process"),
            ),
            "integrated": Spec((start, text("plant"), text("mine"), *_TAIL), ("start", "plant")),
            "capex": Spec(
                (
                    process,
                    one_of("state", *names.states, "Other"),
                    number("usd_per_t_year", 1.0),
                    number("low", 1.0),
                    number("high", 1.0),
                    *_TAIL,
                ),
                ("process", "state"),
            ),
            "gdp": Spec(
                (
                    state,
                    whole_number_column("year", 1990, 2100),
                    _PRICE_YEAR,
                    number("usd_bn"),
                    *_TAIL,
                ),
                ("state", "year"),
            ),
            "targets_start": Spec(
                (
                    start,
                    text("id"),
                    text("quantity"),
                    number("fact", -ANY, blank=True),
                    number("tolerance", blank=True),
                    one_of("tolerance_kind", "relative", "absolute_points", "none"),
                    text("unit"),
                    *_TAIL,
                ),
                ("start", "id"),
            ),
            "record": Spec(
                (
                    text("episode"),
                    text("series"),
                    text("period"),
                    number("value", -ANY),
                    text("unit"),
                    *_TAIL,
                ),
                ("episode", "series", "period"),
            ),
            **FACT_SPECS,
            "timeline": Spec(
                (
                    text("id"),
                    Column("date", "date"),
                    Column("end_date", "date", blank=True),
                    text("actor"),
                    text("targets", blank=True),
                    text("action_type"),
                    text("action"),
                    text("scope", blank=True),
                    text("severity_stated", blank=True),
                    whole_number_column("severity_code_analyst", 0, 5, blank=True),
                    text("trigger", blank=True),
                    text("official_framing", blank=True),
                    text("source"),
                    text("url", blank=True),
                    _CONFIDENCE,
                ),
                ("id",),
            ),
            "instruments": Spec(
                (
                    text("instrument"),
                    whole_number_column("rung", 0, 20),
                    *(share(name) for name in ("bite", "lost_sales", "alarm", "strikes_back")),
                    share("least_capability"),
                    share("most_capability"),
                    one_of("scope", "target", "world"),
                    whole_number_column("months", 0, 60),
                    whole_number_column("pause", 0, 60),
                    text("goods", blank=True),
                    *_TAIL,
                ),
                ("instrument",),
            ),
            "hazard_test": Spec(
                (text("id"), text("metric"), text("threshold"), text("unit"), text("why"), *_TAIL),
                ("id",),
            ),
            "governments": Spec(
                (
                    one_of("government", *names.governments),
                    *(share(name) for name in ("capability_2009", "capability_2024")),
                    share("audience_trade"),
                    share("audience_sovereignty"),
                    *_TAIL,
                ),
                ("government",),
            ),
            # in_sample: the answer, or the four months without one, was over by the end of 2024.
            # measure: what answered it; empty if nothing did or the timeline has no row.
            # coincident: other measures in those months that reach the provoker.
            # episode: triggers that belong together.
            "triggers": Spec(
                (
                    text("id"),
                    Column("date", "date"),
                    one_of("provoker", *names.governments),
                    one_of("provoked", *names.governments),
                    one_of("issue", "sovereignty", "technology", "trade"),
                    share("severity"),
                    text("text"),
                    text("measure", blank=True),
                    one_of("instrument", *_INSTRUMENTS),
                    whole_number_column("lag_days", 0, 122, blank=True),
                    one_of("in_sample", "yes", "no"),
                    text("episode"),
                    text("coincident", blank=True),
                    *_TAIL,
                ),
                ("id",),
            ),
            "counter_leverage": Spec(
                (
                    one_of("government", *names.governments),
                    share("counter_leverage"),
                    share("low"),
                    share("high"),
                    *_TAIL,
                ),
                ("government",),
            ),
            "capability": Spec(
                (
                    Column("date", "date"),
                    text("step"),
                    share("level"),
                    share("low"),
                    share("high"),
                    text("measure", blank=True),
                    *_TAIL,
                ),
                ("date",),
            ),
            "actors": Spec((text("actor"), text("maps_to"), *_TAIL), ("actor",)),
            "plants": Spec(
                (text("name"), state, one_of("stage", *STAGES), *_TAIL), ("name", "stage")
            ),
            "parameters": Spec(
                (
                    text("name"),
                    number("value", -ANY),
                    number("low", -ANY),
                    number("high", -ANY),
                    text("unit", blank=True),
                    text("source"),
                    one_of("status", *STATUS),
                    text("group"),
                    text("description"),
                ),
                ("name",),
            ),
            "headlines": Spec(
                (text("id"), text("label"), text("formula"), text("unit", blank=True)), ("id",)
            ),
            # low, high, step: what a visitor of the lab may choose; rest: the scenario as it is;
            # options: words for 0, 1, ... where the unit is a choice.
            "levers": Spec(
                (
                    *(text(name) for name in ("id", "group", "label", "unit")),
                    *(number(name) for name in ("low", "high", "step", "rest")),
                    text("options", blank=True),
                    *(text(name) for name in ("what", "example", "limits", "source")),
                ),
                ("id",),
            ),
            # Plain words for the kinds of act (field blank) and their fields (group blank; kind
            # blank: of all kinds that have it) of model/scenario/act_kinds.py, for whoever writes
            # an
            # act in a form (experiments/lab/acts.py). said: the field's part of what an act says,
            # with its {value}.
            "act_words": Spec(
                (
                    text("kind", blank=True),
                    text("field", blank=True),
                    text("group", blank=True),
                    text("label"),
                    text("unit", blank=True),
                    text("said", blank=True),
                    text("note", blank=True),
                ),
                ("kind", "field"),
            ),
            # low, high: the claim holds in a draw whose metric lies between them.
            # placebo: mechanisms or name=value, by ";".
            # flip: a parameter or a lever of the scenario.
            "claims": Spec(
                (
                    *(
                        text(name)
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
                    text("unit"),
                    number("low", -ANY, blank=True),
                    number("high", -ANY, blank=True),
                    *(
                        text(name)
                        for name in ("threshold", "scenario", "placebo", "placebo_words", "flip")
                    ),
                    number("flip_low", -ANY),
                    number("flip_high", -ANY),
                    text("flip_unit"),
                    text("source"),
                    text("url", blank=True),
                    text("other_source"),
                    text("other_url", blank=True),
                    _CONFIDENCE,
                    text("note", blank=True),
                    text("cannot"),
                ),
                ("id",),
            ),
        }
    )
