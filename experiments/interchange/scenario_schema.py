"""The JSON Schema of a scenario file, made from the kinds of events, the parameter table and the
specs of own rows.

It knows names, types, ranges and which field belongs to which kind. It does not know the calendar,
ids of earlier events or whether a world can begin so: `coercivity scenarios check` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from coercivity.experiments.interchange.schema_parts import (
    DAY,
    DRAFT,
    Schema,
    cell,
    mapping,
    number_range_schema,
    one_or_more,
    or_nothing,
    parameters,
    text,
)
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.fixed_names import EU, MECHANISMS, WORLD
from coercivity.model.basis.overlay import LONGEST, MOST_ROWS, OWN, OWN_TABLES
from coercivity.model.basis.table_specs import CONFIDENCE
from coercivity.model.scenario.act_kinds import Field, Kind, kinds_of
from coercivity.model.scenario.event_checks import COMMON
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import DEFAULT_MONTHS, KEYS, MAX_EVENTS, MAX_MONTHS
from coercivity.model.scenario.settings import MODES

DATE: Final[Schema] = {"type": "string", "format": "date", "pattern": DAY}


def scenario_schema() -> Schema:
    """The schema of a scenario file."""
    return {
        "$schema": DRAFT,
        "title": "Coercivity scenario",
        "description": "What is scripted in a run. Check it whole: coercivity scenarios check FILE",
        **scenario_body(""),
        "$defs": scenario_parts(""),
    }


def scenario_body(prefix: str) -> Schema:
    """The keys of a scenario; *prefix* begins the names of the parts that it refers to."""
    facts = Facts.default()
    acts = {
        "type": ["array", "null"],
        "items": {"$ref": f"#/$defs/{prefix}event"},
        "maxItems": MAX_EVENTS,
    }
    lines = {"anyOf": [text(1000), {"type": "array", "items": text(1000)}]}
    months = {"type": "integer", "minimum": 1, "maximum": MAX_MONTHS, "default": DEFAULT_MONTHS}
    keys: dict[str, Schema] = {
        "name": text(80, empty=False),
        "title": text(200),
        "data": or_nothing({"type": "string"})
        | {"description": "a data folder laid over the shipped tables: its path, or its name"},
        "why": text(5000) | {"description": "what the scenario is to find out"},
        "sources": lines | {"description": "where the acts are published, one source a line"},
        "base": {"enum": [*list_scenarios(), "", None]}
        | {"description": "a shipped scenario whose acts come before those of this file"},
        "start": {"enum": list(facts.starts)},
        "months": months,
        "parameters": mapping(
            {name: {"$ref": f"#/$defs/{prefix}p.{name}"} for name in parameters()}
        ),
        "mechanisms": mapping(
            {
                name: {"type": "boolean", "description": facts.descriptions[name]}
                for name in MECHANISMS
            }
        ),
        "governments": mapping({name: {"enum": list(MODES)} for name in facts.governments}),
        "tables": mapping({name: _own_rows(name) for name in OWN_TABLES}),
        "events": acts,
        "choices": acts | {"description": "what players chose"},
    }
    ordered = {key: keys[key] for key in KEYS}
    return mapping(ordered, nothing=False, required=["name", "start"])


def scenario_parts(prefix: str) -> dict[str, Schema]:
    """What a scenario refers to: each parameter, an event, and an event of each kind."""
    kinds = kinds_of(Facts.default())
    return {
        **{f"{prefix}p.{name}": known for name, known in parameters().items()},
        f"{prefix}event": {
            "type": "object",
            "required": ["date", "kind"],
            "properties": {"kind": {"enum": list(kinds)}},
            "allOf": [
                {
                    "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                    "then": {"$ref": f"#/$defs/{prefix}event.{name}"},
                }
                for name in kinds
            ],
        },
        **{f"{prefix}event.{name}": _event(name, kind) for name, kind in kinds.items()},
    }


def _event(name: str, kind: Kind) -> Schema:
    """An event of one kind."""
    facts = Facts.default()
    common: dict[str, Schema] = {
        "date": DATE | {"description": "the first day"},
        "end": DATE if kind.end else {"anyOf": [DATE, {"enum": ["", None]}]},
        "id": text(40, empty=False),
        "kind": {"const": name, "description": kind.description},
        "actor": {"enum": list(facts.governments) if kind.actor else [*facts.governments, None]},
        "targets": one_or_more((*facts.states, EU, WORLD)) if kind.actor and kind.towards else {},
        "goods": one_or_more((*facts.good_groups, *facts.good_groups["all"])),
        "text": text(2000),
        "source": text(1000),
    }
    must = ["date", *(["end"] if kind.end else []), "kind", *(["actor"] if kind.actor else [])]
    must += ["targets"] if kind.actor and kind.towards and not kind.targets else []
    must += [key for key, field in kind.fields.items() if field.required]
    keys = {key: common[key] for key in COMMON if key != "goods" or kind.goods}
    keys |= {key: _field(field) for key, field in kind.fields.items()}
    labelled = {key: _label(name, key) | told for key, told in keys.items()}
    return mapping(labelled, nothing=False, required=must, title=name, description=kind.description)


def _field(field: Field) -> Schema:
    """A field that only some kinds have."""
    told: Schema
    if field.check == "number":
        told = number_range_schema(field.low, field.high)
    elif field.check == "choice":
        told = {"enum": list(field.options)}
    elif field.check == "names":
        told = one_or_more(field.options)
    elif field.check == "text":
        told = text(80)
    else:
        told = {"type": "string", "description": "the id of an earlier event"}
    if field.required:
        return told
    default = {"default": field.default} if isinstance(field.default, float) else {}
    return or_nothing(told) | default


def _label(kind: str, key: str) -> Schema:
    """The words of a field in the form of the lab, where it has some."""
    rows = [row for row in load_table("act_words") if row["field"] == key]
    row = next((row for row in rows if row["kind"] in (kind, "")), None)
    own = next((row for row in rows if row["kind"] == kind), row)
    if own is None:
        return {}
    unit = own["unit"] if not own["unit"].startswith("%") else ""  # a file holds shares
    return {"title": f"{own['label']}, {unit}" if unit else own["label"]}


def _own_rows(name: str) -> Schema:
    """Own rows of a table."""
    spec = Facts.default().specs[name]
    columns = {column.name: column for column in spec.columns}
    if "confidence" in columns:
        columns["confidence"] = replace(columns["confidence"], options=(*CONFIDENCE, OWN))
    row: dict[str, Any] = mapping(
        {key: cell(column, LONGEST) for key, column in columns.items()},
        nothing=False,
        required=[key for key in spec.key if key != "start"],
    )
    return {"type": ["array", "null"], "items": row, "maxItems": MOST_ROWS}
