"""Scenarios: a frozen description of what is scripted in a run, read from YAML that a teacher can
write.

Precedence, in one place: shipped parameter value < scenario file < keyword (``with_changes``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.display import card_of, display_function
from coercivity.model.basis.errors import (
    InputError,
    Phrase,
    shorten,
    suggest,
    unknown_value_error,
    wrong_field,
)
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import MECHANISMS
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.layers import data_named_in_file
from coercivity.model.basis.overlay import (
    NO_ROWS,
    Beginning,
    OwnRows,
    merge_own_rows,
    raw_own_rows,
    read_tables,
)
from coercivity.model.basis.parameters import Parameters, parameters_of
from coercivity.model.basis.yaml_text import dump_yaml, parse_yaml, read_yaml
from coercivity.model.scenario.date_checks import check_dates
from coercivity.model.scenario.event import Event, event_place
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.files import (
    list_scenarios,
    read_data,
    scenario_file,
    scenario_files,
)
from coercivity.model.scenario.firm_checks import check_firm_acts
from coercivity.model.scenario.instrument_acts import acts_of
from coercivity.model.scenario.mechanism import Mechanism, mechanism_named
from coercivity.model.scenario.own_checks import check_own_rows
from coercivity.model.scenario.quota_checks import check_quotas
from coercivity.model.scenario.settings import (
    check_known,
    read_governments,
    read_line,
    read_mapping,
    read_mechanisms,
    read_parameters,
    read_sources,
)
from coercivity.model.scenario.support_checks import check_together

KEYS: Final = (
    "name",
    "title",
    "why",
    "sources",
    "base",
    "data",
    "start",
    "months",
    "parameters",
    "mechanisms",
    "governments",
    "tables",
    "events",
    "choices",
)
DEFAULT_MONTHS: Final = 180
MAX_MONTHS: Final = 600
# events and choices: thirty times the longest shipped scenario, three for each month of the longest
# run
MAX_EVENTS: Final = 2_000


@dataclass(frozen=True)
class Scenario:
    """What a run is asked: a start, a length, changed parameters, switches, who decides, rows of
    its own over shipped tables, dated events and choices.
    """

    name: str
    start: str  # YYYY-MM
    title: str = ""
    why: str = ""
    sources: tuple[str, ...] = ()
    months: int = DEFAULT_MONTHS
    parameters: tuple[tuple[str, float], ...] = ()
    mechanisms: tuple[tuple[str, bool], ...] = ()
    governments: tuple[tuple[str, str], ...] = ()
    events: tuple[Event, ...] = ()
    choices: tuple[Event, ...] = ()
    tables: OwnRows = NO_ROWS  # rows of its own over shipped tables (basis/overlay.py)
    data: str = ""  # the data folder that its names and tables come from (basis/layers.py)
    # the shipped scenario whose acts come first: what a longer run takes over more of. What is
    # written shows the acts themselves, so it belongs to no comparison
    base: str = field(default="", compare=False)
    facts: Facts = field(kw_only=True, repr=False)  # what its names and numbers are

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as a file writes it: plain values, no empty keys."""
        raw: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "why": self.why,
            "sources": list(self.sources),
            "data": self.data,
            "start": self.start,
            "months": self.months,
            "parameters": dict(self.parameters),
            "mechanisms": dict(self.mechanisms),
            "governments": dict(self.governments),
            "tables": raw_own_rows(self.tables),
            "events": [event.to_dict() for event in self.events],
            "choices": [event.to_dict() for event in self.choices],
        }
        return {key: value for key, value in raw.items() if value not in ("", [], {})}

    def to_yaml(self) -> str:
        """Return YAML that ``load_scenario`` reads back to an equal scenario."""
        return dump_yaml(self.to_dict())

    def fingerprint(self) -> str:
        """Return 12 hex digits (sha256 of canonical JSON), the same in every process anywhere."""
        return self.digest()[:12]

    def digest(self) -> str:
        """Return all 64 hex digits of the fingerprint: no two scenarios share them by design."""
        return self._digest

    def __hash__(self) -> int:
        """That of the fingerprint: pages ask for both often, and all acts are read for it once."""
        return int(self._digest[:15], 16)

    @cached_property
    def _digest(self) -> str:
        raw = self.to_dict()
        if self.data or self.facts.mark:  # what the folder holds, not where it lies
            raw["data"] = self.facts.mark
        if own := self.added:  # the file of a rule that a package adds, not only its name
            raw["mechanisms"] = {**raw["mechanisms"], **{one.name: one.mark for one in own}}
        text = json.dumps(raw, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def parameter_values(self) -> Parameters:
        """Return the shipped parameters with this scenario's changes."""
        shipped = parameters_of(self.facts).defaults()
        return shipped.with_values(dict(self.parameters), f"scenario {self.name}")

    def is_on(self, mechanism: str) -> bool:
        """Return whether a mechanism acts: "M1" to "M16" do unless switched off, those that
        packages add only where they are switched on.
        """
        return dict(self.mechanisms).get(mechanism, mechanism in MECHANISMS)

    @property
    def added(self) -> tuple[Mechanism, ...]:
        """The mechanisms of packages that are switched on, by name."""
        return tuple(
            mechanism_named(name) for name, on in self.mechanisms if on and name not in MECHANISMS
        )

    def mode_of(self, government: str) -> str:
        """Return "scripted" (the default), "autonomous" or "played"."""
        return dict(self.governments).get(government, "scripted")

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        return card_of(self, lambda: display_function("card of a scenario")(self))


def load_scenario(
    source: str | Path | Scenario | Mapping[str, Any], facts: Facts | None = None
) -> Scenario:
    """Return the Scenario for a shipped name, the path of a YAML file, a mapping, or a Scenario (as
    it is). facts: unless given, those of the data folder that it says, else those of this process.

    Raises InputError with one line that names the file, the field, the value and the fix.
    """
    if isinstance(source, Scenario):
        return source
    if isinstance(source, Mapping):
        return scenario_from_dict(source, "scenario", facts=facts or read_data(source, "scenario"))
    if not isinstance(source, (str, Path)):
        raise InputError(
            "scenario '{value}' is a {type}",
            "give a name, a path, a mapping or a Scenario",
            value=source,
            type=type(source).__name__,
        )
    if isinstance(source, str) and source in list_scenarios(facts):
        return load_shipped(source, facts)
    path = scenario_file(source)
    if path is not None:
        raw, beside = read_yaml(path), path.parent
        facts = facts or read_data(raw, path.name, beside)
        return scenario_from_dict(raw, path.name, beside, facts)
    raise InputError(
        "{field} '{value}' is not known",
        "{fix} (or give the path of a .yaml file)",
        field="scenario",
        value=source,
        fix=suggest(source, list_scenarios(facts)),
    )


def load_shipped(name: str, facts: Facts | None = None) -> Scenario:
    """Return the shipped scenario *name* and never touch another file; for names that come from
    outside, as in a URL. facts: those of this process unless given.
    """
    if not is_name(name, list_scenarios(facts)):
        raise unknown_value_error("scenario", name, list_scenarios(facts))
    return _load_shipped(facts or Facts.default(), name)


@cached_by_facts
def _load_shipped(facts: Facts, name: str) -> Scenario:
    path = scenario_files(facts)[name]
    return scenario_from_dict(read_yaml(path), f"{name}.yaml", path.parent, facts)


def parse_scenario(text: str | bytes, where: str | Phrase = "scenario") -> Scenario:
    """Return the Scenario in YAML *text*, for uploads: no file is read or written."""
    return scenario_from_dict(parse_yaml(text, where), where)


def scenario_from_dict(
    raw: object,
    where: str | Phrase = "scenario",
    beside: Path | None = None,
    facts: Facts | None = None,
) -> Scenario:
    """Return the checked Scenario of a mapping with the keys of a scenario file. *where* begins
    every message; *beside*: the folder where a path in it is looked for first; *facts*: those of
    this process unless given.

    A *base* gives its acts, choices, parameters, mechanisms, governments and tables; what the file
    says itself comes after them and wins.
    """
    facts = facts or Facts.default()
    known = _with_keys(facts, raw, where)
    # first: it says which names are known
    data = data_named_in_file(known.get("data"), facts.data, where, beside)
    start, months = known["start"], _months(known.get("months", DEFAULT_MONTHS), where)
    _known_start(facts, start, where)
    base = _base(facts, known, months, where)
    parameters = {**dict(base.parameters), **read_parameters(facts, known, where)}
    mechanisms = {**dict(base.mechanisms), **read_mechanisms(known, where)}
    governments = {**dict(base.governments), **read_governments(facts, known, where)}
    _check_count(known, where)
    by_id = {event.id: event for event in (*base.events, *base.choices)}
    events = (*base.events, *_events(facts, known, "events", where, by_id))
    scenario = Scenario(
        name=read_line(known["name"], "name", where, 80),
        title=read_line(known.get("title"), "title", where, 200),
        why=read_line(known.get("why"), "why", where, 5000),
        sources=read_sources(known, where),
        start=start,
        months=months,
        parameters=tuple(sorted(parameters.items())),
        mechanisms=tuple(sorted(mechanisms.items())),
        governments=tuple(sorted(governments.items())),
        events=events,
        choices=(*base.choices, *_events(facts, known, "choices", where, by_id)),
        tables=merge_own_rows(
            facts, base.tables, read_tables(facts, known.get("tables"), start, where)
        ),
        data=data,
        base=base.name,
        facts=facts,
    )
    acts = (*scenario.events, *scenario.choices)
    check_together(acts, start, where)
    firms_per_sector = round(scenario.parameter_values().firms_per_sector)
    begin = Beginning(facts, start, firms_per_sector, scenario.tables)
    check_own_rows(begin, Phrase.of("{place}, tables", place=where))
    check_firm_acts(acts, begin, where)
    check_quotas(acts, begin, where)
    _check_choices(scenario, where)
    check_dates(acts, start, months, where)
    return scenario


def _with_keys(facts: Facts, raw: object, where: str | Phrase) -> Mapping[str, Any]:
    """The mapping itself, with keys that are known and those that must be there."""
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is not a scenario",
            "write keys and values, at least name: and start:",
            where=where,
            value=raw,
        )
    for key in raw:
        if not is_name(key, KEYS):
            raise InputError(
                "key '{value}' is not known", suggest(key, KEYS), where=where, value=key
            )
    for key, example in (("name", "my-scenario"), ("start", facts.starts[-1])):
        if raw.get(key) is None or raw.get(key) == "":
            raise InputError(
                "{field} is missing",
                "write {field}: {example}",
                where=where,
                field=key,
                example=example,
            )
    return raw


def _known_start(facts: Facts, start: object, where: str | Phrase) -> None:
    """Refuse a start that no table has."""
    if not is_name(start, facts.starts):
        raise InputError(
            "{field} '{value}' is not a start that exists",
            "use one of: {names}",
            **wrong_field(where, "start", start),
            names=facts.starts,
        )


def _check_choices(scenario: Scenario, where: str | Phrase) -> None:
    """Refuse a player's choice for a government that decides by its rule."""
    for choice in scenario.choices:
        if choice.actor and scenario.mode_of(choice.actor) == "autonomous":
            raise InputError(
                "{state} decides by its rule",
                "write governments: {key}: played, or move it to events",
                where=Phrase.of("{place}, choice {id}", place=where, id=choice.id),
                state=choice.actor,
                key=choice.actor,
            )


def with_changes(
    scenario: Scenario,
    months: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    mechanisms: Mapping[str, bool] | None = None,
    governments: Mapping[str, str] | None = None,
    choices: Iterable[Event | Mapping[str, Any]] = (),
) -> Scenario:
    """Return *scenario* with keyword changes on top: they win over the file, as the file wins over
    the shipped values.

    *choices* are appended. What begins after a shorter end is dropped: it can change nothing. A
    longer run takes over what its base does later. Raises InputError as a file would.
    """
    raw = scenario.to_dict()
    if scenario.base and months is not None and _months(months, "keyword") > scenario.months:
        raw.update(_later_acts_of_base(scenario, months))
    for key, changes in (
        ("parameters", parameters),
        ("mechanisms", mechanisms),
        ("governments", governments),
    ):
        if changes is not None:
            raw[key] = {**raw.get(key, {}), **read_mapping({key: changes}, key, "keyword")}
    added = [choice.to_dict() if isinstance(choice, Event) else choice for choice in choices]
    if added:
        raw["choices"] = [*raw.get("choices", []), *added]
    if months is not None:
        last = month_name(scenario.start, _months(months, "keyword") - 1)
        raw["months"] = months
        for key in ("events", "choices"):
            raw[key] = [
                event
                for event in raw.get(key, [])
                if not isinstance(event, Mapping) or shorten(event.get("date", ""))[:7] <= last
            ]
    changed = scenario_from_dict(raw, scenario_place(scenario), facts=scenario.facts)
    return replace(changed, base=scenario.base)


def scenario_place(scenario: Scenario) -> Phrase:
    """Where something stands that is in no file, but in a scenario."""
    return Phrase.of("scenario {id}", id=scenario.name)


def _months(value: object, where: str | Phrase) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_MONTHS:
        raise InputError(
            "{field} '{value}' does not fit",
            "use a whole number from {low} to {high}",
            **wrong_field(where, "months", value),
            low=1,
            high=MAX_MONTHS,
        )
    return value


def _check_count(raw: Mapping[str, Any], where: str | Phrase) -> None:
    """Refuse a scenario with more acts than anybody reads, before each of them is looked at."""
    for key in ("events", "choices"):
        if raw.get(key) is not None and not isinstance(raw[key], (list, tuple)):
            raise InputError(
                "{field} '{value}' is not a list",
                "begin each entry with '- date:'",
                **wrong_field(where, key, raw[key]),
            )
    count = sum(len(raw.get(key) or ()) for key in ("events", "choices"))
    if count > MAX_EVENTS:
        raise InputError(
            "{count} events and choices are too many",
            "use at most {high} together",
            where=where,
            count=f"{count:,}",
            high=f"{MAX_EVENTS:,}",
        )


def _events(
    facts: Facts, raw: Mapping[str, Any], key: str, where: str | Phrase, by_id: dict[str, Event]
) -> tuple[Event, ...]:
    """The acts under a key; *by_id* holds those before them, and these too afterwards."""
    events_read: list[Event] = []
    for number, entry in enumerate(raw.get(key) or (), start=1):
        for act, place, count in acts_of(facts, entry, where, number, by_id):
            event = event_from_dict(facts, act, place, count, by_id)
            if event.id in by_id:
                raise InputError(
                    "{field} '{value}' is used twice",
                    "give each event its own id",
                    **wrong_field(event_place(place, count), "id", event.id),
                )
            by_id[event.id] = event
            events_read.append(event)
    return tuple(events_read)


def _base(facts: Facts, raw: Mapping[str, Any], months: int, where: str | Phrase) -> Scenario:
    """The shipped scenario that this one is based on, as far as it goes in so many months: acts
    that begin later are left out. An empty one where there is none.
    """
    if raw.get("base") is None or raw["base"] == "":
        return Scenario("", raw["start"], facts=facts)
    check_known(raw["base"], "base", list_scenarios(facts), where)
    base = load_shipped(raw["base"], facts)
    if base.start > raw["start"]:
        raise InputError(
            "{field} '{value}' starts in {low} and not in {high}",
            "write start: {low}",
            **wrong_field(where, "base", base.name),
            low=base.start,
            high=raw["start"],
        )
    return _as_it_goes_on(base, raw["start"], months)


def _as_it_goes_on(base: Scenario, start: str, months: int) -> Scenario:
    """A scenario from a start on, its own or a later one, for so many months; what has ended by
    then is remembered and no more.
    """
    whole = min(months + month_index(base.start, start), MAX_MONTHS)
    if whole != base.months:
        base = with_changes(base, months=whole)
    return base if base.start == start else replace(base, start=start, months=months)


def _later_acts_of_base(scenario: Scenario, months: int) -> dict[str, list[dict[str, Any]]]:
    """Events and choices with what the base does later, in its order and before the scenario's."""
    last = month_name(scenario.start, scenario.months - 1)
    base = _as_it_goes_on(load_shipped(scenario.base, scenario.facts), scenario.start, months)
    found = {}
    for key in ("events", "choices"):
        own, theirs = getattr(scenario, key), getattr(base, key)
        of_base = [event for event in theirs if event in own or event.date[:7] > last]
        acts = (*of_base, *(event for event in own if event not in theirs))
        found[key] = [event.to_dict() for event in acts]
    return found
