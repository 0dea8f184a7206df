"""What a scenario file says of an event becomes an Event, or one line that names the field, the
value and the fix.
"""

from __future__ import annotations

import datetime as _dt
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.basis.calendar import parse_date
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.inputs import as_number, is_name, plain_text
from coercivity.model.basis.names import (
    EU,
    EU_STATES,
    GOOD_GROUPS,
    GOVERNMENTS,
    STATES,
    WORLD,
    expand_goods,
)
from coercivity.model.scenario.event import Event, decided_in_run
from coercivity.model.scenario.field import COMMON as COMMON
from coercivity.model.scenario.field import Field
from coercivity.model.scenario.kinds import KINDS, Kind
from coercivity.model.scenario.support_checks import SUPPORT, check_event, check_of

_NONE: Final[Mapping[str, Event]] = MappingProxyType({})
_AIMS: Final = (*STATES, EU, WORLD)


def event_from_dict(
    raw: object, where: str, number: int, earlier: Mapping[str, Event] = _NONE
) -> Event:
    """Return the Event that *raw* (one entry of ``events``, the *number*-th) describes. *earlier*
    events, by their ids, can be suspended.

    Raises InputError with one line that names the file, the event, the field, the value and the
    fix.
    """
    where = f"{where}, event {number}"
    if not isinstance(raw, Mapping):
        raise InputError(
            f"{where}: '{shorten(raw)}' is not an event; "
            "write keys and values, for example date: 2026-01-06"
        )
    name = raw.get("id", f"E{number:03d}")
    where = f"{where} ({shorten(name, 30)})"
    kind_name = _choice(raw.get("kind"), "kind", tuple(KINDS), where)
    kind = KINDS[kind_name]
    _check_keys(raw, kind_name, where)
    date, end = _days(raw, kind_name, where)
    actor = _actor(raw.get("actor"), kind, where)
    event = Event(
        date=date,
        kind=kind_name,
        targets=_targets(raw, kind_name, where),
        id=plain_text(name, f"{where}: id", 40),
        end=end,
        actor=actor,
        goods=_goods(raw, kind, where),
        fields=tuple(
            sorted(
                (key, read_field(key, spec, raw.get(key), where, date, earlier))
                for key, spec in kind.fields.items()
            )
        ),
        text=plain_text(raw.get("text", ""), f"{where}: text", 2000),
        source=plain_text(raw.get("source", ""), f"{where}: source", 1000),
    )
    if kind_name in SUPPORT and raw.get("firm") is not None and not event.get("firm"):
        raise InputError(
            f"{where}: firm '{shorten(raw['firm'])}' is blank; write a name, or leave it out for "
            "all firms in the hosts"
        )
    if event.get("of") in earlier:
        check_of(event, earlier[event.get("of")], where)
    _check_targets(event, where)
    check_event(event, where)
    return event


def _check_keys(raw: Mapping[Any, Any], kind_name: str, where: str) -> None:
    """Refuse a key that an event of this kind does not have."""
    kind = KINDS[kind_name]
    allowed = [key for key in COMMON if key != "goods" or kind.goods]
    for key in raw:
        if not is_name(key, allowed) and not is_name(key, kind.fields):
            raise InputError(
                f"{where}: key '{shorten(key)}' is not known for a {kind_name}; "
                f"{suggest(key, (*allowed, *kind.fields))}"
            )


def _days(raw: Mapping[Any, Any], kind_name: str, where: str) -> tuple[str, str]:
    """(first day, last day) of an event; the last is empty where it stays."""
    if "date" not in raw:
        raise InputError(f"{where}: date is missing; write date: YYYY-MM-DD")
    date = read_date(raw["date"], f"{where}: date")
    end = read_date(raw["end"], f"{where}: end") if raw.get("end") else ""
    if end and end < date:
        raise InputError(
            f"{where}: end '{end}' is before date '{date}'; "
            "an event ends on or after the day it begins"
        )
    if KINDS[kind_name].end and not end:
        raise InputError(
            f"{where}: end is missing; a {kind_name} needs its last day, write end: YYYY-MM-DD"
        )
    return date, end


def _targets(raw: Mapping[Any, Any], kind_name: str, where: str) -> tuple[str, ...]:
    """States, EU or World that an event is aimed at; none for kinds that are aimed at nobody."""
    kind = KINDS[kind_name]
    if not (kind.actor and kind.towards):
        return ()
    if not (kind.targets or "targets" in raw):
        raise InputError(
            f"{where}: targets is missing; a {kind_name} needs them, for example targets: [Japan]"
        )
    return _names(raw.get("targets", kind.targets), "targets", _AIMS, where)


def _check_targets(event: Event, where: str) -> None:
    """Refuse an act that is aimed at its actor's own states alone."""
    if event.targets and not event.target_states():
        raise InputError(
            f"{where}: targets '{shorten(', '.join(event.targets))}' are the actor's own states; "
            "name another state, EU or World"
        )


def read_field(
    key: str, spec: Field, value: object, where: str, date: str, earlier: Mapping[str, Event]
) -> Any:
    """The value of a field of an act, its default where none is given. Raises InputError, *where*
    first.
    """
    if value is None:
        if spec.required:
            hint = "the id of an earlier event" if spec.check == "id" else _range(spec)
            hint = f"one of {', '.join(spec.options[:4])}, ..." if spec.options else hint
            raise InputError(f"{where}: {key} is missing; write {key}: {hint}")
        return spec.default
    if spec.check == "number":
        return check_number(value, f"{where}: {key}", spec.low, spec.high)
    if spec.check == "choice":
        return _choice(value, key, spec.options, where)
    if spec.check == "names":
        return _names(value, key, spec.options, where)
    if spec.check == "text":
        return plain_text(value, f"{where}: {key}", 80)
    if isinstance(value, str) and value not in earlier and decided_in_run(value):
        return value  # an act that a government decides while the world runs
    if not is_name(value, earlier):
        fix = suggest(value, earlier) if earlier else "list that event first"
        raise InputError(
            f"{where}: {key} '{shorten(value)}' is not the id of an earlier event; {fix}"
        )
    if earlier[value].date > date:
        raise InputError(
            f"{where}: {key} '{value}' begins on {earlier[value].date}, after {date}; a "
            "suspension comes after what it suspends"
        )
    return value


def _range(spec: Field) -> str:
    return (
        f"a number from {spec.low:g} to {spec.high:g}"
        if spec.high < float("inf")
        else f"a number, {spec.low:g} or more"
    )


def check_number(value: object, where: str, low: float, high: float) -> float:
    """Return *value* as a float within [low, high]. Raises InputError naming *where*, the value and
    the range.
    """
    number = as_number(value) if isinstance(value, (int, float)) else math.nan
    if not (low <= number <= high and math.isfinite(number)):
        raise InputError(
            f"{where} '{shorten(value)}' does not fit; use "
            f"{_range(Field('number', low=low, high=high))}"
        )
    return number


def _choice(value: object, key: str, options: tuple[str, ...], where: str) -> str:
    if value is None:
        raise InputError(f"{where}: {key} is missing; {suggest('', options)}")
    if not is_name(value, options):
        raise InputError(
            f"{where}: {key} '{shorten(value)}' is not known; {suggest(value, options)}"
        )
    return value


def _names(value: object, key: str, options: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not isinstance(value, (str, list, tuple)) or not value:
        raise InputError(
            f"{where}: {key} '{shorten(value)}' is not a list of names; write {key}: "
            f"[{options[0]}, {options[1]}]"
        )
    return tuple(
        dict.fromkeys(
            _choice(name, key, options, where)
            for name in ([value] if isinstance(value, str) else value)
        )
    )


def _actor(value: object, kind: Kind, where: str) -> str:
    if value is None and not kind.actor:
        return ""
    if is_name(value, EU_STATES):
        raise InputError(
            f"{where}: actor '{value}' has no government of its own here; write actor: EU"
        )
    return _choice(value, "actor", GOVERNMENTS, where)


def _goods(raw: Mapping[Any, Any], kind: Kind, where: str) -> tuple[str, ...]:
    if not kind.goods:
        return ()
    value = raw.get("goods", kind.goods)
    return expand_goods(_names(value, "goods", (*GOOD_GROUPS, *GOOD_GROUPS["all"]), where))


def read_date(value: object, where: str) -> str:
    """A day as YYYY-MM-DD, whatever YAML made of it."""
    return parse_date(
        value.isoformat() if isinstance(value, _dt.date) else value, where
    ).isoformat()
