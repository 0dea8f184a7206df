"""The JSON Schema of a design of a sweep, made from the methods, the parameter table, headlines and
targets.

It knows names, types, ranges and what a method asks for. What only a look at other keys or files
tells (columns of one length, too many runs, a scenario file) is for `coercivity sweep run` to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coercivity.experiments.backtest.evidence_targets import load_targets
from coercivity.experiments.interchange.scenario_schema import scenario_body, scenario_parts
from coercivity.experiments.interchange.schema_parts import (
    AS_TEXT,
    DRAFT,
    Schema,
    mapping,
    or_nothing,
    parameters,
    text,
)
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.sweep.axes import BOUNDED, VALUED
from coercivity.experiments.sweep.design import DEFAULT_METHOD, KEYS, METHODS, TEXT_KEY
from coercivity.experiments.sweep.keys import MOST_RUNS, SAMPLED
from coercivity.experiments.sweep.rows import EVIDENCE
from coercivity.experiments.worlds.draws import WORLD_SIZE, drawn_parameters
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.luck import MOST_SEED
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import TABLES
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import MAX_MONTHS

PREFIX: Final = "scenario."  # begins the names of the parts that belong to scenarios
PATH: Final = r"[./\\]"  # a name with one of these is the path of a scenario file
MOST_DRAWS: Final = 10_000  # of the method collection


def design_schema() -> Schema:
    """The schema of a design."""
    return {
        "$schema": DRAFT,
        "title": "Coercivity design of a sweep",
        "description": "Scenarios, parameters, seeds and outcomes of many runs (docs/sweeps.md).",
        **mapping(_keys(), nothing=False, required=["scenario"]),
        "allOf": [*_by_method()],
        "$defs": {
            "scenario": scenario_body(PREFIX),
            **scenario_parts(PREFIX),
            **{f"one.{name}": _number(name) for name in parameters()},
            "values": mapping({name: _values(name) for name in parameters()}),
            "bounds": _bounds(),
            "held": _fixed_values_schema(),
        },
    }


def _keys() -> dict[str, Schema]:
    """What may stand behind each key, whatever the method."""
    whole = {"type": "integer", "minimum": 1, "maximum": MOST_RUNS}
    seed = {"type": "integer", "minimum": 0, "maximum": MOST_SEED - 1}
    scenario = {
        "anyOf": [
            {"enum": list(list_scenarios())},
            {"type": "string", "pattern": PATH, "description": "the path of a scenario file"},
            {"$ref": "#/$defs/scenario"},
        ]
    }
    targets = [EVIDENCE + target.id for target in load_targets()]
    keys: dict[str, Schema] = {
        "name": text(2000),
        "why": text(2000),
        "data": or_nothing({"type": "string"})
        | {"description": "a data folder laid over the shipped tables: its path, or its name"},
        "scenario": {"anyOf": [*scenario["anyOf"], _list(scenario)]},
        "months": or_nothing({"type": "integer", "minimum": 1, "maximum": MAX_MONTHS}),
        "seeds": or_nothing({"anyOf": [whole, _list(seed)]})
        | {"description": "a number N for seeds 0 to N-1, or a list"},
        "method": or_nothing({"enum": list(METHODS), "default": DEFAULT_METHOD}),
        "samples": or_nothing(whole),
        "design_seed": or_nothing(seed) | {"description": "places the points"},
        "second_order": or_nothing({"type": "boolean"}),
        "parameters": {"description": "values (list, grid) or bounds (lhs, sobol, morris, oat)"},
        "outcomes": or_nothing(
            _one_or_list_schema((*(row.id for row in headline_table(Facts.default())), *targets))
        )
        | {"description": "headlines, or evidence:ID; all headlines without any"},
        "keep": or_nothing(
            {"anyOf": [_one_or_list_schema(TABLES), {"type": "array", "maxItems": 0}]}
        ),
        "world": or_nothing({"type": "string"})
        | {"description": "your own class of world, module:Class or file.py:Class"},
        TEXT_KEY: or_nothing(
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/scenario"}}
        ),
    }
    return {key: keys[key] for key in (*KEYS, TEXT_KEY)}


def _list(one: Schema) -> Schema:
    """A list of different ones, not empty."""
    return {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}


def _one_or_list_schema(names: Iterable[str]) -> Schema:
    """One of these names, or a list of different ones."""
    one = {"enum": list(names)}
    return {"anyOf": [one, _list(one)]}


def _by_method() -> list[Schema]:
    """What each method asks for."""
    powers = [1 << power for power in range(1, MOST_RUNS.bit_length()) if 1 << power <= MOST_RUNS]
    samples: dict[str, Schema] = {
        "lhs": {},
        "sobol": {"enum": powers, "description": "a power of two"},
        "morris": {"minimum": 2, "description": "trajectories"},
        "collection": {"maximum": MOST_DRAWS},
    }
    rules = []
    for method in METHODS:
        keys: dict[str, Schema] = {
            "parameters": {"$ref": f"#/$defs/{_moves_schema(method)}"},
            "samples": {"type": "integer", **samples[method]}
            if method in SAMPLED
            else {"type": "null"},
        }
        if method != "sobol":
            keys["second_order"] = {"type": "null"}
        must = [*(["samples"] if method in SAMPLED else [])]
        must += ["parameters"] if method in BOUNDED else []
        asked: Schema = {"properties": keys, **({"required": must} if must else {})}
        rules.append({"if": _method_schema(method), "then": asked})
    return rules


def _moves_schema(method: str) -> str:
    return "values" if method in VALUED else "bounds" if method in BOUNDED else "held"


def _method_schema(method: str) -> Schema:
    """A design of this method, which is that of a design that names none where it is the
    default.
    """
    if method == DEFAULT_METHOD:
        return {"properties": {"method": {"enum": [method, None]}}}
    return {"properties": {"method": {"const": method}}, "required": ["method"]}


def _number(name: str) -> Schema:
    """A value of a parameter; also one that YAML takes for a text, 1e-3."""
    known = {"$ref": f"#/$defs/{PREFIX}p.{name}"}
    whole: Schema = {"multipleOf": 1} if name in WORLD_SIZE else {}
    return {"anyOf": [known, {"type": "string", "pattern": AS_TEXT}], **whole}


def _parameter_value_ref(name: str) -> Schema:
    """A value of a parameter, where it stands among the parts."""
    return {"$ref": f"#/$defs/one.{name}"}


def _values(name: str) -> Schema:
    """Values of a parameter, for methods that take values."""
    return {
        "anyOf": [
            _parameter_value_ref(name),
            {"type": "array", "items": _parameter_value_ref(name), "minItems": 1},
        ]
    }


def _bounds() -> Schema:
    """Bounds of parameters, for methods that draw; at least one has to move."""
    table = load_parameters()
    moves = [row.name for row in table if row.low < row.high and row.name not in WORLD_SIZE]

    def bounded(name: str) -> Schema:
        ends = mapping({end: _parameter_value_ref(name) for end in ("low", "high")}, nothing=False)
        return {
            "anyOf": [
                _parameter_value_ref(name),
                *([{"const": "table"}, ends] if name in moves else []),
            ]
        }

    named = mapping({name: bounded(name) for name in parameters()}, nothing=False)
    all_held = {"type": "object", "additionalProperties": {"type": "number"}}
    return {"anyOf": [{"const": "table"}, _list({"enum": moves}), named | {"not": all_held}]}


def _fixed_values_schema() -> Schema:
    """Values of what a collection does not move itself."""
    drawn = {row.name for row in drawn_parameters()}
    free = {name: _parameter_value_ref(name) for name in parameters() if name not in drawn}
    nothing = [{"const": "table"}, {"type": "array", "maxItems": 0}]
    return {"anyOf": [mapping(free), *nothing]}
