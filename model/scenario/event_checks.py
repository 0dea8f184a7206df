"""Events of a scenario file; a wrong one costs a line that names field, value and fix."""

from __future__ import annotations

import datetime as _dt
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.basis.calendar import parse_date
from coercivity.model.basis.errors import (
    InputError,
    Phrase,
    shorten,
    suggest,
    unknown_value_error,
    wrong_field,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU, WORLD
from coercivity.model.basis.inputs import as_number, is_name, plain_text
from coercivity.model.scenario.act_fields import COMMON as COMMON
from coercivity.model.scenario.act_fields import Field
from coercivity.model.scenario.act_kinds import Kind, kinds_of
from coercivity.model.scenario.event import Event, decided_in_run, event_place
from coercivity.model.scenario.support_checks import SUPPORT, check_event, check_of

_NONE: Final[Mapping[str, Event]] = MappingProxyType({})


def event_from_dict(
    facts: Facts,
    raw: object,
    where: str | Phrase,
    number: int,
    earlier: Mapping[str, Event] = _NONE,
) -> Event:
    """Return the Event that *raw* (one entry of ``events``, the *number*-th) describes. *earlier*
    events, by their ids, can be suspended.

    Raises InputError with one line that names the file, the event, the field, the value and the
    fix.
    """
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is not an event",
            "write keys and values, for example date: 2026-01-06",
            where=event_place(where, number),
            value=raw,
        )
    name = raw.get("id", f"E{number:03d}")
    where = Phrase.of(
        "{place}, event {number} ({id})", place=where, number=number, id=shorten(name, 30)
    )
    kind_name = _choice(raw.get("kind"), "kind", tuple(kinds_of(facts)), where)
    kind = kinds_of(facts)[kind_name]
    _check_keys(facts, raw, kind_name, where)
    date, end = _days(facts, raw, kind_name, where)
    actor = _actor(facts, raw.get("actor"), kind, where)
    event = Event(
        date=date,
        kind=kind_name,
        targets=_targets(facts, raw, kind_name, where),
        id=plain_text(name, "id", 40, where),
        end=end,
        actor=actor,
        goods=_goods(facts, raw, kind, where),
        fields=tuple(
            sorted(
                (key, read_field(facts, key, spec, raw.get(key), where, date, earlier))
                for key, spec in kind.fields.items()
            )
        ),
        text=plain_text(raw.get("text", ""), "text", 2000, where),
        source=plain_text(raw.get("source", ""), "source", 1000, where),
        facts=facts,
    )
    if kind_name in SUPPORT and raw.get("firm") is not None and not event.get("firm"):
        raise InputError(
            "{field} '{value}' is blank",
            "write a name, or leave it out for all firms in the hosts",
            **wrong_field(where, "firm", raw["firm"]),
        )
    if event.get("of") in earlier:
        check_of(event, earlier[event.get("of")], where)
    _check_targets(event, where)
    check_event(event, where)
    return event


def _check_keys(facts: Facts, raw: Mapping[Any, Any], kind_name: str, where: Phrase) -> None:
    """Refuse a key that an event of this kind does not have."""
    kind = kinds_of(facts)[kind_name]
    allowed = [key for key in COMMON if key != "goods" or kind.goods]
    for key in raw:
        if not is_name(key, allowed) and not is_name(key, kind.fields):
            raise not_of_kind(key, kind_name, (*allowed, *kind.fields), where)


def not_of_kind(key: object, kind: str, known: tuple[str, ...], where: Phrase) -> InputError:
    """What is wrong with a key that acts of a kind do not have."""
    return InputError(
        "key '{value}' is not known for kind '{kind}'",
        suggest(key, known),
        where=where,
        value=key,
        kind=kind,
    )


def _days(facts: Facts, raw: Mapping[Any, Any], kind_name: str, where: Phrase) -> tuple[str, str]:
    """(first day, last day) of an event; the last is empty where it stays."""
    date, end = read_days(raw, where)
    if end and end < date:
        raise InputError(
            "{field} '{value}' is before {begins} '{low}'",
            "an event ends on or after the day it begins",
            **wrong_field(where, "end", end),
            begins=Phrase.of("{field}", field="date"),
            low=date,
        )
    if kinds_of(facts)[kind_name].end and not end:
        raise end_missing("end", kind_name, where)
    return date, end


def read_days(raw: Mapping[Any, Any], where: Phrase) -> tuple[str, str]:
    """(first day, last day) as they are written; the last is empty where there is none."""
    if "date" not in raw:
        raise InputError(
            "{field} is missing", "write {field}: YYYY-MM-DD", where=where, field="date"
        )
    date = read_date(raw["date"], "date", where)
    end = raw.get("end")
    return date, "" if end in (None, "") else read_date(end, "end", where)


def end_missing(field: str, kind: str, where: Phrase) -> InputError:
    """What is wrong with an act that has to end and does not say when."""
    return InputError(
        "{field} is missing",
        "write {field}: YYYY-MM-DD, as kind '{kind}' needs its last day",
        where=where,
        field=field,
        kind=kind,
    )


def _targets(
    facts: Facts, raw: Mapping[Any, Any], kind_name: str, where: Phrase
) -> tuple[str, ...]:
    """States, EU or World that an event is aimed at; none for kinds that are aimed at nobody."""
    kind = kinds_of(facts)[kind_name]
    if not (kind.actor and kind.towards):
        return ()
    if not (kind.targets or "targets" in raw):
        raise InputError(
            "{field} is missing",
            "write for example {field}: [Japan], as kind '{kind}' needs them",
            where=where,
            field="targets",
            kind=kind_name,
        )
    return _names(raw.get("targets", kind.targets), "targets", (*facts.states, EU, WORLD), where)


def _check_targets(event: Event, where: Phrase) -> None:
    """Refuse an act that is aimed at its actor's own states alone."""
    if event.targets and not event.target_states():
        raise InputError(
            "{field} '{value}' are the actor's own states",
            "name another state, EU or World",
            **wrong_field(where, "targets", ", ".join(event.targets)),
        )


def read_field(
    facts: Facts,
    key: str,
    spec: Field,
    value: object,
    where: Phrase,
    date: str,
    earlier: Mapping[str, Event],
) -> Any:
    """The value of a field of an act, or its default. Raises InputError, *where* first."""
    if value is None:
        if spec.required:
            raise InputError("{field} is missing", _hint(key, spec), where=where, field=key)
        return spec.default
    if spec.check == "number":
        return check_number(value, key, where, spec.low, spec.high)
    if spec.check == "choice":
        return _choice(value, key, spec.options, where)
    if spec.check == "names":
        return _names(value, key, spec.options, where)
    if spec.check == "text":
        return plain_text(value, key, 80, where)
    if isinstance(value, str) and value not in earlier and decided_in_run(facts, value):
        return value  # an act that a government decides while the world runs
    if not is_name(value, earlier):
        raise InputError(
            "{field} '{value}' is not the id of an earlier event",
            suggest(value, earlier) if earlier else "list that event first",
            **wrong_field(where, key, value),
        )
    if earlier[value].date > date:
        raise InputError(
            "{field} '{value}' begins on {low}, after {high}",
            "let this act begin later",
            **wrong_field(where, key, value),
            low=earlier[value].date,
            high=date,
        )
    return value


def _hint(key: str, spec: Field) -> Phrase:
    """What may be written in a field that is missing."""
    ends = {"low": f"{spec.low:g}", "high": f"{spec.high:g}"}
    if spec.options:
        return Phrase.of("write {field}: one of {names}, ...", field=key, names=spec.options[:4])
    if spec.check == "id":
        return Phrase.of("write {field}: the id of an earlier event", field=key)
    if spec.high < math.inf:
        return Phrase.of("write {field}: a number from {low} to {high}", field=key, **ends)
    return Phrase.of("write {field}: a number, {low} or more", field=key, **ends)


def check_number(value: object, field: str, where: str | Phrase, low: float, high: float) -> float:
    """Return *value* as a float. Raises InputError naming *where*, unless in [low, high]."""
    number = as_number(value) if isinstance(value, (int, float)) else math.nan
    if not (low <= number <= high and math.isfinite(number)):
        raise InputError(
            "{field} '{value}' does not fit",
            number_wanted(low, high),
            **wrong_field(where, field, value),
        )
    return number


def number_wanted(low: float, high: float) -> Phrase:
    """The fix for a number outside of its range."""
    if high < math.inf:
        return Phrase.of("use a number from {low} to {high}", low=f"{low:g}", high=f"{high:g}")
    return Phrase.of("use a number, {low} or more", low=f"{low:g}")


def _choice(value: object, key: str, options: tuple[str, ...], where: Phrase) -> str:
    if value is None:
        raise InputError("{field} is missing", suggest("", options), where=where, field=key)
    if not is_name(value, options):
        raise unknown_value_error(key, value, options, where)
    return value


def _names(value: object, key: str, options: tuple[str, ...], where: Phrase) -> tuple[str, ...]:
    if not isinstance(value, (str, list, tuple)) or not value:
        raise InputError(
            "{field} '{value}' is not a list of names",
            "write {field}: [{one}, {other}]",
            **wrong_field(where, key, value),
            one=options[0],
            other=options[1],
        )
    return tuple(
        dict.fromkeys(
            _choice(name, key, options, where)
            for name in ([value] if isinstance(value, str) else value)
        )
    )


def _actor(facts: Facts, value: object, kind: Kind, where: Phrase) -> str:
    if value is None and not kind.actor:
        return ""
    if is_name(value, facts.eu_states):
        raise InputError(
            "{field} '{value}' has no government of its own here",
            "write {field}: {state}",
            **wrong_field(where, "actor", value),
            state=EU,
        )
    return _choice(value, "actor", facts.governments, where)


def _goods(facts: Facts, raw: Mapping[Any, Any], kind: Kind, where: Phrase) -> tuple[str, ...]:
    if not kind.goods:
        return ()
    value = raw.get("goods", kind.goods)
    return facts.expand_goods(
        _names(value, "goods", (*facts.good_groups, *facts.good_groups["all"]), where)
    )


def read_date(value: object, field: str, where: Phrase) -> str:
    """A day as YYYY-MM-DD, whatever YAML made of it."""
    return parse_date(
        value.isoformat() if isinstance(value, _dt.date) else value, field, where
    ).isoformat()
