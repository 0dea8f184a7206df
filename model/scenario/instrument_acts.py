"""Acts of instruments of packages: a scenario holds the shipped acts that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.basis.errors import InputError, Phrase, shorten, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.installed import entry, load_plugin, names
from coercivity.model.scenario.act_fields import COMMON
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import not_of_kind, read_days, read_field
from coercivity.model.scenario.instrument import KIND, Instrument

MOST_ACTS: Final = 500  # of one act; a scenario holds at most four times as many


def instrument_named(facts: Facts, name: str) -> Instrument:
    """The instrument that a package adds. Raises InputError, one line, if it does not work."""
    made: Instrument = load_plugin(KIND, name, Instrument)
    if name in kinds_of(facts):
        raise InputError(
            "a kind of act that ships has this name", "give it another", where=made.where
        )
    return made


def acts_of(
    facts: Facts, raw: object, where: str | Phrase, number: int, earlier: Mapping[str, Event]
) -> tuple[tuple[Any, str | Phrase, int], ...]:
    """The acts that one entry of a scenario stands for, each with where it stands and its number:
    itself, where its kind ships. Raises InputError, one line, for an instrument that is written
    wrong or fails.
    """
    kind = raw.get("kind") if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping) or not isinstance(kind, str) or kind in kinds_of(facts):
        return ((raw, where, number),)
    known = names(KIND)
    if not known:
        return ((raw, where, number),)
    name = shorten(raw.get("id", f"E{number:03d}"), 30)
    here = Phrase.of("{place}, event {number} ({id})", place=where, number=number, id=name)
    if kind not in known:
        raise unknown_value_error("kind", kind, (*kinds_of(facts), *known), here)
    instrument = instrument_named(facts, kind)
    acts = _expand_instrument(instrument, _act(facts, raw, instrument, here, earlier), here)
    place = Phrase.of(
        "{place}, event {number} ({id}, instrument '{name}' of {package})",
        place=where,
        number=number,
        id=name,
        name=kind,
        package=entry(KIND, kind).package,
    )
    return tuple(
        ({"id": name if len(acts) == 1 else f"{name[:36]}-{count}", **act}, place, count)
        for count, act in enumerate(acts, start=1)
    )


def _act(
    facts: Facts,
    raw: Mapping[Any, Any],
    instrument: Instrument,
    where: Phrase,
    earlier: Mapping[str, Event],
) -> dict[str, Any]:
    """The act as somebody wrote it, checked as far as its instrument says what is right."""
    for key in raw:
        if not is_name(key, COMMON) and not is_name(key, instrument.fields):
            raise not_of_kind(key, instrument.name, (*COMMON, *instrument.fields), where)
    date, end = read_days(raw, where)
    act = {**raw, "date": date, **({"end": end} if end else {})}
    fields = instrument.fields.items()
    return act | {
        name: read_field(facts, name, field, raw.get(name), where, date, earlier)
        for name, field in fields
    }


def _expand_instrument(
    instrument: Instrument, act: Mapping[str, Any], where: Phrase
) -> list[Mapping[str, Any]]:
    """The acts that an instrument makes of one."""
    acts: list[Mapping[str, Any]] = []
    try:
        for one in instrument.expand(MappingProxyType(act)):
            acts.append(one)
            if len(acts) > MOST_ACTS:
                break
    except MemoryError:
        raise
    except Exception as error:
        raise InputError(
            "{place} fails with {type}: {reason}",
            "mend it, or its act",
            where=where,
            place=Phrase(instrument.where),
            type=type(error).__name__,
            reason=Phrase(shorten(error, 200)),
        ) from error
    if not 1 <= len(acts) <= MOST_ACTS or not all(isinstance(one, Mapping) for one in acts):
        raise InputError(
            "{place} gives {value}",
            "it has to give 1 to {high} acts, each a mapping as a scenario file writes it",
            where=where,
            place=Phrase(instrument.where),
            value=acts,
            high=MOST_ACTS,
        )
    return acts
