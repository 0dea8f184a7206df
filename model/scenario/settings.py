"""What a scenario sets by name: parameters, mechanisms, and how each government decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from coercivity.model.basis.errors import (
    InputError,
    Phrase,
    suggest,
    unknown_value_error,
    wrong_field,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import MECHANISMS
from coercivity.model.basis.gone_names import GONE_MECHANISMS
from coercivity.model.basis.inputs import is_name, plain_text
from coercivity.model.basis.parameters import check_value, parameters_of
from coercivity.model.scenario.mechanism import mechanism_named, mechanism_names

MODES: Final = ("scripted", "autonomous", "played")


def read_parameters(facts: Facts, raw: Mapping[str, Any], where: str | Phrase) -> dict[str, float]:
    """Changed parameters, each within its range."""
    table = parameters_of(facts)
    chosen: dict[str, float] = {}
    for key, value in read_mapping(raw, "parameters", where).items():
        number = check_value(table, key, value, where)
        chosen[key] = number  # only now: what is no name may not even be a text
    return chosen


def read_mechanisms(raw: Mapping[str, Any], where: str | Phrase) -> dict[str, bool]:
    """Mechanisms that are switched on or off."""
    mechanisms = read_mapping(raw, "mechanisms", where)
    for key, value in mechanisms.items():
        if is_name(key, GONE_MECHANISMS):
            raise InputError(
                "mechanism {mechanism} is of an earlier version",
                "leave it out: nothing takes its place",
                where=where,
                mechanism=key,
            )
        if not is_name(key, MECHANISMS):  # only then is it asked what packages add
            check_known(key, "mechanism", (*MECHANISMS, *mechanism_names()), where)
            _check_loadable(key, where)
        if not isinstance(value, bool):
            raise InputError(
                "mechanism {mechanism} '{value}' is neither on nor off",
                "write {mechanism}: false or {mechanism}: true",
                where=where,
                mechanism=key,
                value=value,
            )
    return mechanisms


def _check_loadable(name: str, where: str | Phrase) -> None:
    """Refuse a mechanism of a package that cannot be loaded."""
    try:
        mechanism_named(name)
    except InputError as error:
        raise error.within(where) from None


def read_governments(facts: Facts, raw: Mapping[str, Any], where: str | Phrase) -> dict[str, str]:
    """How governments decide, by name."""
    governments = read_mapping(raw, "governments", where)
    for key, value in governments.items():
        check_known(key, "government", facts.governments, where)
        if not is_name(value, MODES):
            raise InputError(
                "government {state} '{value}' is not known",
                suggest(value, MODES),
                where=where,
                state=key,
                value=value,
            )
    return governments


def check_known(value: object, field: str, options: Sequence[str], where: str | Phrase) -> None:
    """Raise InputError unless *value* is one of the names that a field may have."""
    if not is_name(value, options):
        raise unknown_value_error(field, value, options, where)


def read_mapping(raw: Mapping[str, Any], key: str, where: str | Phrase) -> dict[str, Any]:
    """The names and values under a key, none where it is not there."""
    value = raw.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise InputError(
            "{field} '{value}' is not a list of name: value",
            "write one name: value a line",
            **wrong_field(where, key, value),
        )
    return dict(value or {})


def read_sources(raw: Mapping[str, Any], where: str | Phrase) -> tuple[str, ...]:
    """The sources of a scenario, a line each."""
    value = raw.get("sources") or ()
    if not isinstance(value, (str, list, tuple)):
        raise InputError(
            "{field} '{value}' is not a list",
            "write one source a line after '- '",
            **wrong_field(where, "sources", value),
        )
    return tuple(
        read_line(entry, "sources", where, 1000)
        for entry in ([value] if isinstance(value, str) else value)
    )


def read_line(value: object, key: str, where: str | Phrase, limit: int) -> str:
    """A text of a scenario on one line."""
    return plain_text("" if value is None else value, key, limit, where)
