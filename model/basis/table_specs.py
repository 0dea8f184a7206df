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
    columns,
    date,
    month,
    number,
    one_of,
    share,
    spec,
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

# shares of GDP need value added and GDP at the prices of one year
PRICE_YEAR: Final = 2023
_PRICE_YEAR = whole_number_column("price_year", PRICE_YEAR, PRICE_YEAR)
_DUG = columns(number("tonnes_per_year"), number("beyond_quota", blank=True))


def _ranged_columns(name: str, most: float, least: float = 0.0) -> tuple[Column, ...]:
    """A number with its range, and where it comes from."""
    return columns(number(f"{name} low high", least, most), TAIL)


def table_specs(names: Names) -> Mapping[str, Spec]:
    """The specification of each table, by its name, where these are the known names."""
    start, state = one_of("start", *names.starts), one_of("state", *names.states)
    good, sector = one_of("good", *names.goods), one_of("sector", *names.sectors)
    process = one_of("process", *names.processes)
    any_process = one_of("process", *names.processes, *names.sectors)
    return MappingProxyType(
        {
            # and a column for each calibrated parameter, checked by experiments/worlds/draws.py
            "collection": spec("id", "id"),
            **NAME_SPECS,
            "states": spec(
                "state", state, one_of("government", *names.governments), "region", TAIL
            ),
            "content": spec(
                "good element",
                good,
                one_of("element", *names.elements),
                number("tonnes_per_tonne"),
                TAIL,
            ),
            "recipes": spec(
                "process role good",
                any_process,
                one_of("role", "input", "output"),
                good,
                number("coefficient"),
                TAIL,
            ),
            "price_level": spec("month", "month", number("level", 0.01), TAIL),
            "prices_start": spec(
                "start good market", start, good, "market", number("usd_per_kg", 0.001), TAIL
            ),
            "stage_output": spec("start process state", start, process, state, _DUG, TAIL),
            "end_use": spec(
                "start state sector good",
                start,
                state,
                sector,
                good,
                number("tonnes_per_year"),
                TAIL,
            ),
            "trade_prior": spec(
                "start good origin destination",
                start,
                good,
                one_of("origin destination", *names.states),
                share("share"),
                TAIL,
            ),
            "cover": spec(
                "kind state",
                one_of("kind", *names.processes, *names.sectors),
                one_of("state", *names.states, "All"),
                number("months_low", 0.0, MOST_COVER),
                number("months_median", LEAST_COVER, MOST_COVER),
                number("months_high", 0.0, MOST_COVER),
                TAIL,
            ),
            "choke": spec(
                "user good",
                one_of("user", *names.processes, *names.sectors, "All"),
                good,
                _ranged_columns("usd_per_kg", 1e5),
            ),
            "parts": spec(
                "sector good",
                one_of("sector", *names.sectors, "All"),
                one_of("good", *names.goods, "All"),
                _ranged_columns("parts", 100.0, least=1.0),
            ),
            "pits": spec("state", state, _ranged_columns("most_tonnes_per_year", 1e6)),
            "lanes": spec(
                "origin destination", "origin destination", _ranged_columns("days", 60.0)
            ),
            "headings": spec("good", good, "heading", TAIL),
            "conversion_cost": spec(
                "process state",
                process,
                one_of("state", *names.states, "Other", "All"),
                number("usd_per_kg"),
                TAIL,
            ),
            "value_added": spec(
                "state sector",
                state,
                sector,
                number("usd_bn"),
                _PRICE_YEAR,
                share("dependent_share dependent_low dependent_high"),
                TAIL,
            ),
            "multipliers": spec(
                "state sector", state, sector, number("multiplier low high", 1.0, 10.0), TAIL
            ),
            "growth": spec(
                "sector region start_year",
                sector,
                one_of("region", "World", "Outside China", *names.states),
                whole_number_column("start_year end_year", 1990, 2100),
                number("growth_per_year", -1.0, 5.0),
                TAIL,
            ),
            "demand_cases": spec(
                "case sector date",
                one_of("case", "ev", "ai_hardware", "defence", "clean_energy", "humanoid"),
                sector,
                date("date end"),
                number("growth_per_year", 0.0, 2.0),
                number("tonnes", blank=True),
                TAIL,
            ),
            "firms": spec(
                "start process state firm", start, process, state, "firm", share("share"), TAIL
            ),
            "projects": spec(
                "start name process",
                start,
                "name",
                process,
                state,
                number("tonnes_per_year", 0.0, MOST_BUILT),
                month("first_month"),
                whole_number_column("patient", 0, 1),
                TAIL,
            ),
            "options": spec(
                "start name process",
                start,
                "name",
                process,
                state,
                number("tonnes_per_year"),
                month("from_month"),
                one_of("kind", "named", "generic", "sister"),
                number("capex_usd_m", 0.1, blank=True),
                TAIL,
            ),
            "integrated": spec("start plant", start, "plant mine", TAIL),
            "capex": spec(
                "process state",
                process,
                one_of("state", *names.states, "Other"),
                number("usd_per_t_year low high", 1.0),
                TAIL,
            ),
            "gdp": spec(
                "state year",
                state,
                whole_number_column("year", 1990, 2100),
                _PRICE_YEAR,
                number("usd_bn"),
                TAIL,
            ),
            "targets_start": spec(
                "start id",
                start,
                "id quantity",
                number("fact", -ANY, blank=True),
                number("tolerance", blank=True),
                one_of("tolerance_kind", "relative", "absolute_points", "none"),
                "unit",
                TAIL,
            ),
            "record": spec(
                "episode series period",
                "episode series period",
                number("value", -ANY),
                "unit",
                TAIL,
            ),
            **FACT_SPECS,
            "timeline": spec(
                "id",
                "id",
                date("date"),
                date("end_date", blank=True),
                "actor targets? action_type action scope? severity_stated?",
                whole_number_column("severity_code_analyst", 0, 5, blank=True),
                "trigger? official_framing? source url?",
                one_of("confidence", *CONFIDENCE),
            ),
            "instruments": spec(
                "instrument",
                "instrument",
                whole_number_column("rung", 0, 20),
                share("bite lost_sales alarm strikes_back least_capability most_capability"),
                one_of("scope", "target", "world"),
                whole_number_column("months pause", 0, 60),
                "goods?",
                TAIL,
            ),
            "hazard_test": spec("id", "id metric threshold unit why", TAIL),
            "governments": spec(
                "government",
                one_of("government", *names.governments),
                share("capability_2009 capability_2024 audience_trade audience_sovereignty"),
                TAIL,
            ),
            # in_sample: the answer, or the four months without one, was over by the end of 2024.
            # measure: what answered it; empty if nothing did or the timeline has no row.
            # coincident: other measures in those months that reach the provoker.
            # episode: triggers that belong together.
            "triggers": spec(
                "id",
                "id",
                date("date"),
                one_of("provoker provoked", *names.governments),
                one_of("issue", "sovereignty", "technology", "trade"),
                share("severity"),
                "text measure?",
                one_of("instrument", *_INSTRUMENTS),
                whole_number_column("lag_days", 0, 122, blank=True),
                one_of("in_sample", "yes", "no"),
                "episode coincident?",
                TAIL,
            ),
            "counter_leverage": spec(
                "government",
                one_of("government", *names.governments),
                share("counter_leverage low high"),
                TAIL,
            ),
            "capability": spec(
                "date", date("date"), "step", share("level low high"), "measure?", TAIL
            ),
            "actors": spec("actor", "actor maps_to", TAIL),
            "plants": spec("name stage", "name", state, one_of("stage", *STAGES), TAIL),
            "parameters": spec(
                "name",
                "name",
                number("value low high", -ANY),
                "unit? source",
                one_of("status", *STATUS),
                "group description",
            ),
            "headlines": spec("id", "id label formula unit?"),
            # low, high, step: what a visitor of the lab may choose; rest: the scenario as it is;
            # options: words for 0, 1, ... where the unit is a choice.
            "levers": spec(
                "id",
                "id group label unit",
                number("low high step rest"),
                "options? what example limits source",
            ),
            # Plain words for the kinds of act (field blank) and their fields (group blank; kind
            # blank: of all kinds that have it) of model/scenario/act_kinds.py, for whoever writes
            # an act in a form (experiments/lab/acts.py). said: the field's part of what an act
            # says, with its {value}.
            "act_words": spec("kind field", "kind? field? group? label unit? said? note?"),
            # low, high: the claim holds in a draw whose metric lies between them.
            # placebo: mechanisms or name=value, by ";".
            # flip: a parameter or a lever of the scenario.
            "claims": spec(
                "id",
                "id claim who words other_who other_words metric unit",
                number("low high", -ANY, blank=True),
                "threshold scenario placebo placebo_words flip",
                number("flip_low flip_high", -ANY),
                "flip_unit source url? other_source other_url?",
                one_of("confidence", *CONFIDENCE),
                "note? cannot",
            ),
        }
    )
