"""What a design says about parameters: for each one its values (list, grid) or the bounds between
which it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from coercivity.experiments.worlds.draws import WORLD_SIZE, drawn_parameters
from coercivity.model.basis.errors import InputError, Phrase, suggest
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import is_name, read_number
from coercivity.model.basis.parameters import (
    Parameter,
    check_range,
    parameters_of,
    unknown_parameter_error,
)

VALUED: Final = ("list", "grid")  # methods that take the values of a parameter
BOUNDED: Final = ("lhs", "sobol", "morris", "oat")  # methods that take its bounds


@dataclass(frozen=True)
class Axis:
    """One swept parameter. low and high: the bounds used (those of the parameter table for list and
    grid). values: only for list and grid.
    """

    name: str
    low: float
    high: float
    values: tuple[float, ...] = ()

    def to_plain(self) -> Any:
        """Return what a design file holds after the name."""
        return list(self.values) if self.values else {"low": self.low, "high": self.high}


Fixed = tuple[tuple[str, float], ...]


def read_axes(facts: Facts, raw: object, method: str, where: str) -> tuple[tuple[Axis, ...], Fixed]:
    """Return the axes of the key `parameters` and, for methods that draw, what is held at one value
    (name: value); both in the order as written.

    Raises InputError naming the parameter, the value and the fix.
    """
    if method == "collection":
        return (), _read_fixed_values(facts, raw, where)
    raw = {} if raw is None else raw
    if method in VALUED:
        if not isinstance(raw, Mapping):
            raise InputError(
                "parameters '{value}' does not fit method {method}, which takes values",
                "write parameters: {{name: [values]}}, or use method lhs, sobol, morris or oat "
                "for bounds",
                where=where,
                value=raw,
                method=method,
            )
        axes = [
            _axis_of_values(_row(facts, name, where), value, method, where)
            for name, value in raw.items()
        ]
        _check_lengths(axes, method, where)
        return tuple(axes), ()
    named = _named_parameters(facts, raw, method, where)
    fixed = tuple(
        (row.name, _number(row, value, where)) for row, value in named if _is_number(value)
    )
    moved = [(row, value) for row, value in named if not _is_number(value)]
    if not moved:
        raise InputError(
            "parameters '{value}' moves nothing, but method {method} needs parameters that move",
            "write parameters: table (all that are not known), a list of names, or "
            "{{name: {{low: ..., high: ...}}}}",
            where=where,
            value=raw,
            method=method,
        )
    return tuple(_axis_of_bounds(row, value, method, where) for row, value in moved), fixed


def _read_fixed_values(facts: Facts, raw: object, where: str) -> Fixed:
    """What a collection may say about parameters: values of those that it does not move itself."""
    drawn = {row.name for row in drawn_parameters(facts)}
    if raw in (None, "table", []):
        return ()
    if not isinstance(raw, Mapping):
        raise InputError(
            "parameters '{value}' does not fit method collection, which moves all that "
            "are not known",
            "leave parameters out, or use method lhs to choose which parameters move",
            where=where,
            value=raw,
        )
    fixed = []
    for name, value in raw.items():
        row = _row(facts, name, where)
        if row.name in drawn or not _is_number(value):
            raise InputError(
                "parameter {parameter} '{value}' does not fit method collection, which "
                "moves all that are not known",
                "leave it out, or use method lhs"
                if row.name in drawn
                else Phrase.of(
                    "write {parameter}: {number}, one value",
                    parameter=row.name,
                    number=f"{row.value:g}",
                ),
                where=where,
                parameter=row.name,
                value=value,
            )
        fixed.append((row.name, _number(row, value, where)))
    return tuple(fixed)


def _is_number(value: object) -> bool:
    return isinstance(_parse_plain_number(value), (int, float)) and not isinstance(value, bool)


def _row(facts: Facts, name: object, where: str) -> Parameter:
    table = parameters_of(facts)
    if not is_name(name, table):
        raise unknown_parameter_error(name, table.names, where)
    return table[name]


def _axis_of_values(row: Parameter, value: object, method: str, where: str) -> Axis:
    if isinstance(value, Mapping) or value == "table":
        raise InputError(
            "parameter {parameter} '{value}' gives bounds, but method {method} takes values",
            "write {parameter}: [values], or use method lhs, sobol, morris or oat",
            where=where,
            parameter=row.name,
            value=value,
            method=method,
        )
    listed = list(value) if isinstance(value, (list, tuple)) else [value]
    if not listed:
        raise InputError(
            "parameter {parameter} '[]' is empty",
            "give at least one value from {low} to {high}",
            where=where,
            parameter=row.name,
            low=f"{row.low:g}",
            high=f"{row.high:g}",
        )
    return Axis(row.name, row.low, row.high, tuple(_number(row, entry, where) for entry in listed))


def _check_lengths(axes: Sequence[Axis], method: str, where: str) -> None:
    lengths = {axis.name: len(axis.values) for axis in axes if len(axis.values) > 1}
    if method == "list" and len(set(lengths.values())) > 1:
        raise InputError(
            "parameters differ in length ({lengths})",
            "give each the same number of values or one value, or use method grid",
            where=where,
            lengths=[
                Phrase.of("{parameter} has {count} values", parameter=name, count=length)
                for name, length in lengths.items()
            ],
        )


def _named_parameters(
    facts: Facts, raw: object, method: str, where: str
) -> list[tuple[Parameter, object]]:
    """Each parameter with what stands behind its name, from a mapping, a list of names or
    'table'.
    """
    if raw == "table":
        return [(row, "table") for row in drawn_parameters(facts)]
    if isinstance(raw, Mapping):
        pairs = [(_row(facts, name, where), value) for name, value in raw.items()]
    elif isinstance(raw, (list, tuple)):
        pairs = [(_row(facts, name, where), "table") for name in raw]
    else:
        raise InputError(
            "parameters '{value}' does not fit method {method}",
            "write parameters: table, a list of names, or {{name: {{low: ..., high: ...}}}}",
            where=where,
            value=raw,
            method=method,
        )
    names = [row.name for row, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError("parameter '{value}' stands twice", "keep one", where=where, value=twice)
    return pairs


def _axis_of_bounds(row: Parameter, value: object, method: str, where: str) -> Axis:
    if row.name in WORLD_SIZE:
        raise InputError(
            "parameter {parameter} is a whole number, which method {method} cannot draw",
            "write {parameter}: {value}, or use method list or grid",
            where=where,
            method=method,
            parameter=row.name,
            value=f"{row.value:g}",
        )
    if row.low >= row.high:
        raise InputError(
            "parameter {parameter} has no range in the parameter table (it is {value})",
            "leave it out",
            where=where,
            parameter=row.name,
            value=f"{row.value:g}",
        )
    if value == "table":
        return Axis(row.name, row.low, row.high)
    if not isinstance(value, Mapping):
        raise InputError(
            "parameter {parameter} '{value}' gives no bounds, which method {method} needs",
            "write {parameter}: table or {parameter}: {{low: {low}, high: {high}}}, or use method "
            "list or grid for values",
            where=where,
            parameter=row.name,
            value=value,
            method=method,
            low=f"{row.low:g}",
            high=f"{row.high:g}",
        )
    for key in value:
        if not is_name(key, ("low", "high")):
            raise InputError(
                "parameter {parameter}: key '{value}' is not known",
                suggest(key, ("low", "high")),
                where=where,
                parameter=row.name,
                value=key,
            )
    ends = {"low": row.low, "high": row.high} | {
        key: _read_bound(row, key, bound, where) for key, bound in value.items()
    }
    if ends["low"] >= ends["high"]:
        raise InputError(
            "parameter {parameter}: low {low} is not below high {high}",
            "give low first, within {least} to {most}",
            where=where,
            parameter=row.name,
            low=f"{ends['low']:g}",
            high=f"{ends['high']:g}",
            least=f"{row.low:g}",
            most=f"{row.high:g}",
        )
    return Axis(row.name, ends["low"], ends["high"])


def _read_bound(row: Parameter, key: str, value: object, where: str) -> float:
    # no -0.0: equal designs, equal bytes
    return check_range(row, _parse_plain_number(value), f"{where}, {key}") + 0.0


def _number(row: Parameter, value: Any, where: str) -> float:
    fits = (
        type(value) in (int, float) and row.low <= value <= row.high
    )  # the quick way: a list may hold a million values
    # no -0.0: equal designs, equal bytes
    number = (float(value) if fits else check_range(row, _parse_plain_number(value), where)) + 0.0
    if row.name in WORLD_SIZE and number != math.floor(number):
        raise InputError(
            "parameter {parameter} {value} is not a whole number",
            "use {below} or {above}",
            where=where,
            parameter=row.name,
            value=f"{number:g}",
            below=math.floor(number),
            above=math.ceil(number),
        )
    return number


def _parse_plain_number(value: object) -> object:
    """YAML reads 1e-3 (without a point) as text; a text that is nothing but a number in this form
    is that number.
    """
    if isinstance(value, str) and "e" in value.lower() and "_" not in value:
        number = read_number(value)
        return value if math.isnan(number) else number
    return value
