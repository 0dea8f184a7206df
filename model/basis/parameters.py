"""The one parameter table and the values of one run.

``model/data/parameters.csv`` gives every number of behaviour with its range, source and status; the
schema, the fields of the page's assumptions, the sweep bounds and the reference page are made from
it (the lab's sliders are acts: ``model/data/levers.csv``). Precedence: shipped < scenario file <
keyword.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from coercivity.model.basis.csv_tables import Table, read_table
from coercivity.model.basis.errors import (
    InputError,
    Phrase,
    suggest,
    unknown_value_error,
    wrong_field,
)
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.gone_names import GONE_PARAMETERS, NOW_CONSTANTS
from coercivity.model.basis.inputs import as_number, is_name, read_number


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    status: str  # measured | estimated | calibrated | assumed | definition
    group: str
    description: str
    url: str = ""


@dataclass(frozen=True)
class ParameterTable:
    """All parameters with their shipped values and ranges, in the order of the file."""

    rows: tuple[Parameter, ...]
    facts: Facts = field(compare=False, repr=False)  # whose table it is

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the file."""
        return tuple(row.name for row in self.rows)

    @cached_property
    def _by_name(self) -> dict[str, Parameter]:
        return {row.name: row for row in self.rows}

    def __getitem__(self, name: str) -> Parameter:
        """Return the row of *name*. Raises InputError with the nearest name when there is none."""
        if is_name(name, self._by_name):
            return self._by_name[name]
        raise unknown_parameter_error(name, self.names)

    def __contains__(self, name: object) -> bool:
        return is_name(name, self._by_name)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def defaults(self) -> Parameters:
        """Return the shipped values."""
        return Parameters(self, tuple(row.value for row in self.rows))

    def bounds(self) -> dict[str, tuple[float, float]]:
        """Return {name: (low, high)}, the documented range of each parameter."""
        return {row.name: (row.low, row.high) for row in self.rows}

    def schema(self) -> dict[str, Any]:
        """Return a JSON schema of {name: value}: ranges, defaults, units, descriptions."""
        properties = {
            row.name: {
                "type": "number",
                "minimum": row.low,
                "maximum": row.high,
                "default": row.value,
                "title": row.name.replace("_", " "),
                "description": row.description,
                "unit": row.unit,
                "group": row.group,
                "status": row.status,
            }
            for row in self.rows
        }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": False,
            "properties": properties,
        }


class Parameters:
    """The values of one run: ``p.name`` is a float, ``p.facts`` the facts that it rests on. Frozen
    and hashable; equal values are equal whatever route set them.
    """

    facts: Facts
    table: ParameterTable
    values: tuple[float, ...]

    def __init__(self, table: ParameterTable, values: tuple[float, ...]) -> None:
        # Plain instance attributes, so that p.name costs one dictionary look-up inside the month.
        vars(self).update(zip(table.names, values, strict=True))
        vars(self).update(table=table, values=values, facts=table.facts)

    def __getattr__(self, name: str) -> float:  # reached only for a name that is not there
        if name.startswith("_") or "table" not in vars(self):
            raise AttributeError(name)
        raise AttributeError(f"parameter '{name}' is not known; {suggest(name, self.table.names)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            f"parameters are frozen; use parameters.with_values({{'{name}': {value!r}}})"
        )

    def __delattr__(self, name: str) -> None:
        raise AttributeError("parameters are frozen")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Parameters)
            and self.values == other.values
            and self.table.names == other.table.names
        )

    def __hash__(self) -> int:
        return hash(self.values)

    def __repr__(self) -> str:
        changed = ", ".join(f"{name}={value:g}" for name, value in self.changed().items())
        return f"Parameters({self.hash}{', ' if changed else ''}{changed})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Parameters, (self.table, self.values)

    @property
    def hash(self) -> str:
        """12 hex digits that stand for all names and values (sha256), for provenance."""
        text = "\n".join(f"{name}={value!r}" for name, value in sorted(self.to_dict().items()))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, float]:
        """Return {name: value} in the order of the table."""
        return dict(zip(self.table.names, self.values, strict=True))

    def changed(self) -> dict[str, float]:
        """Return only what differs from the shipped values."""
        return {
            row.name: value
            for row, value in zip(self.table, self.values, strict=True)
            if value != row.value
        }

    def with_values(self, changes: Mapping[str, Any], where: str | Phrase = "") -> Parameters:
        """Return parameters with *changes* made. Raises InputError (with *where* first) for an
        unknown name or a value out of range.
        """
        if not changes:
            return self
        values = self.to_dict()
        for name, value in changes.items():
            values[name] = check_value(self.table, name, value, where)
        return Parameters(self.table, tuple(values.values()))


_RESERVED = frozenset(name for name in (*dir(Parameters), "table", "values", "facts"))
# keywords of the public functions, beside which a parameter is given by its name: no parameter may
# be called so (tests/api/test_signatures.py holds the list to the signatures)
KEYWORDS: Final = frozenset(
    [
        "at",
        "base",
        "base_data",
        "chunk",
        "collect",
        "columns",
        "complete",
        "corner",
        "dask",
        "data",
        "design",
        "design_seed",
        "drawn",
        "draws",
        "episodes",
        "exporter",
        "facts",
        "folder",
        "goods",
        "ids",
        "importers",
        "lines",
        "method",
        "mechanisms",
        "months",
        "name",
        "out",
        "outcomes",
        "parameters",
        "path",
        "progress",
        "record",
        "replications",
        "rng",
        "sample",
        "say",
        "scenario",
        "seed",
        "seeds",
        "sender",
        "series",
        "since",
        "source",
        "state",
        "target",
        "third_countries",
        "trajectories",
        "vectors",
        "waves",
        "workers",
        "world",
    ]
)


def check_value(
    table: ParameterTable, name: object, value: object, where: str | Phrase = ""
) -> float:
    """Return *value* as a float. Raises InputError for an unknown *name* and out of its range."""
    if name not in table:
        raise unknown_parameter_error(name, table.names, where)
    return check_range(table[str(name)], value, where)


def unknown_parameter_error(
    name: object, names: Sequence[str], where: str | Phrase = ""
) -> InputError:
    """Return the refusal of a name that is none of *names*: what took the place of a parameter of
    an earlier version, that it is a constant now, or the nearest name.
    """
    if not isinstance(name, str) or name not in {**GONE_PARAMETERS, **NOW_CONSTANTS}:
        return unknown_value_error("parameter", name, names, where)
    fix: str | Phrase = "leave it out: nothing takes its place"
    if name in NOW_CONSTANTS:
        value = f"{NOW_CONSTANTS[name]:g}"
        fix = Phrase.of("leave it out: it is a constant of the model now, {value}", value=value)
    elif instead := GONE_PARAMETERS[name]:
        fix = Phrase.of("leave it out, or set {instead}, which took its place", instead=instead)
    return InputError(
        "parameter {parameter} is of an earlier version", fix, where=where, parameter=name
    )


def check_range(row: Parameter, value: object, where: str | Phrase = "") -> float:
    """Return *value* as a float if the range of the parameter holds it, else raise InputError."""
    number = as_number(value)
    if math.isnan(number):
        raise InputError(
            "parameter {field} '{value}' is not a number",
            _range(row),
            **wrong_field(where, row.name, value),
        )
    if not row.low <= number <= row.high:
        raise InputError(
            "parameter {parameter} {value} is out of range",
            _range(row),
            where=where,
            parameter=row.name,
            value=f"{number:g}",
        )
    return number


def _range(row: Parameter) -> Phrase:
    """What a parameter may be, as the fix of a message."""
    low, high = f"{row.low:g}", f"{row.high:g}"
    if row.unit in ("", "1", "-", "none"):
        return Phrase.of("use a number from {low} to {high}", low=low, high=high)
    return Phrase.of("use a number from {low} to {high} {unit}", low=low, high=high, unit=row.unit)


def parse_settings(items: Iterable[str]) -> dict[str, float]:
    """Return {name: value} for 'name=value' texts as ``--set`` takes them. Raises InputError for a
    missing or unfit value, and for a name set twice.
    """
    table = load_parameters()
    settings: dict[str, float] = {}
    written: dict[str, str] = {}
    for item in items:
        name, equals, text = (part.strip() for part in item.partition("="))
        if not equals or not text or not name:
            row = table[name] if name in table else table.rows[0]
            raise InputError(
                "--set '{value}' has no value",
                "write --set name=value, for example --set {example}",
                value=item,
                example=f"{row.name}={row.value:g}",
            )
        number = read_number(text)
        value = check_value(table, name, text if math.isnan(number) else number, "--set")
        if name in settings:
            raise InputError(
                "--set {name} is given twice, '{first}' and '{value}'",
                "keep one of them",
                name=name,
                first=written[name],
                value=text,
            )
        settings[name], written[name] = value, text
    return settings


def parameters_from_table(facts: Facts, table: Table) -> ParameterTable:
    """Return the ParameterTable of a read *table*. Raises InputError where a value lies outside its
    own range, and for a name that is taken.
    """
    rows = []
    for number, raw in enumerate(table.rows):
        row = Parameter(**{key: raw[key] for key in Parameter.__dataclass_fields__ if key in raw})
        if not row.low <= row.value <= row.high:
            raise InputError(
                "{value} is outside {low} to {high}",
                "move it or widen low and high",
                where=table.place(number, "value"),
                value=f"{row.value:g}",
                low=f"{row.low:g}",
                high=f"{row.high:g}",
            )
        if not row.name.isidentifier() or row.name in _RESERVED or row.name.startswith("_"):
            raise InputError(
                "'{value}' cannot be a parameter",
                "use letters, digits and underscores",
                where=table.place(number, "name"),
                value=row.name,
            )
        if row.name in KEYWORDS:
            raise InputError(
                "'{value}' cannot be a parameter: functions have a keyword of that name",
                "write for example my_{value}",
                where=table.place(number, "name"),
                value=row.name,
            )
        rows.append(row)
    return ParameterTable(tuple(rows), facts)


@cached_by_facts
def parameters_of(facts: Facts) -> ParameterTable:
    """Return the parameters of these facts. Raises InputError naming row and column if broken."""
    return parameters_from_table(facts, facts.table("parameters"))


@lru_cache(maxsize=8)
def load_parameters(path: str | Path | None = None) -> ParameterTable:
    """Return the parameter table of the facts of this process, or the one at *path*. Raises
    InputError naming row and column of a broken row.
    """
    facts = Facts.default()
    if path is None:
        return parameters_of(facts)
    return parameters_from_table(facts, read_table(Path(path), facts.specs["parameters"]))
