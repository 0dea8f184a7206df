"""Pieces of JSON Schema 2020-12 that scenarios and designs share. Only what editors know well is
used: no unevaluatedProperties, no dynamic references.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from coercivity.experiments.worlds.atomic import write_text
from coercivity.experiments.worlds.output_path import check_new_file
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.basis.table_columns import Column

Schema: TypeAlias = dict[str, Any]
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
DAY: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MONTH: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
# a number that YAML 1.1 takes for a text: 1e-3, without a point
AS_TEXT: Final = r"^ *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *$"
# no control characters; blanks of all kinds are made plain ones
PLAIN: Final = "^[^\\u0000-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f]*$"


def text(limit: int, *, empty: bool = True) -> Schema:
    """A text of so many characters; a number will do, and *empty* nothing too."""
    kinds = ["string", "number", "boolean", "null"] if empty else ["string", "number"]
    least = {} if empty else {"minLength": 1}
    return {"type": kinds, "maxLength": limit, "pattern": PLAIN, **least}


def or_nothing(schema: Schema) -> Schema:
    """The same, or a key with nothing behind it."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_or_more(options: Iterable[str]) -> Schema:
    """One of these names, or a list of some."""
    one = {"enum": list(options)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def mapping(properties: Mapping[str, Schema], *, nothing: bool = True, **more: Any) -> Schema:
    """Names with values, and no other name; *nothing*: may be left blank."""
    kinds: Any = ["object", "null"] if nothing else "object"
    return {"type": kinds, "properties": dict(properties), "additionalProperties": False, **more}


def number_range_schema(low: float, high: float) -> Schema:
    """A number from low to high."""
    ends = {"minimum": low, "maximum": high}
    limits = {key: end for key, end in ends.items() if math.isfinite(end)}
    return {"type": "number", **limits}


def parameters() -> dict[str, Schema]:
    """What each parameter may be, by name."""
    known: dict[str, Schema] = load_parameters().schema()["properties"]
    return known


def cell(column: Column, longest: int) -> Schema:
    """What a cell of a table of facts may be, as YAML reads it."""
    kinds = ["string", "number", "boolean"]
    told: Schema = {"type": kinds, "maxLength": longest}
    if column.is_number:
        told = number_range_schema(column.low, column.high) | {"type": ["number", "string"]}
        told["pattern"] = AS_TEXT
        if column.kind == "whole":
            told["multipleOf"] = 1
    elif column.options:
        told = {"enum": list(column.options)}
    elif column.kind in ("month", "date"):
        day = f"{MONTH}|{DAY}" if column.kind == "month" else DAY
        told = {"type": "string", "pattern": day}
    elif not column.blank:
        told["minLength"] = 1
    return {"anyOf": [told, {"enum": ["", None]}]} if column.blank else told


def write_schema(schema: Schema, to: str | Path) -> Path:
    """Write a schema into a new file and return its path. Raises InputError for another ending, a
    file that is there already, or a place that cannot be written.
    """
    path = check_new_file(to, "--out", (".json",), "scenario.schema")
    content = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    try:
        write_text(path, content)
    except OSError as error:
        raise InputError(
            "--out '{folder}' cannot be written ({reason})",
            "choose a folder where you may write",
            folder=Phrase(shorten(to, 200)),
            reason=error.strerror,
        ) from None
    return path
