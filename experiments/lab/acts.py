"""Acts that a visitor of the lab writes: any kind that a scenario file has, by anybody, against or
for anybody, from any month of the run on.

Fields and their limits are those of ``model/scenario/act_kinds.py``, plain words for them stand in
``model/data/act_words.csv``. In an address an act is one field,

    act=kind:licensing,actor:China,targets:Germany,goods:dysprosium/terbium,from:2026-03,days:120

names of a list with / between them, and % codes for these signs within a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from coercivity.experiments.lab.act_words import (
    BEGINS,
    DATES,
    ENDS,
    Say,
    field_words,
    fields_of,
    kind_words,
    value_words,
)
from coercivity.experiments.lab.levers import first_month, story_day
from coercivity.experiments.quantities.headlines import EXPORTER, focal_event
from coercivity.model.basis.calendar import (
    days_in_month,
    month_index,
    month_name,
    month_names,
    parse_date,
)
from coercivity.model.basis.errors import InputError, Phrase, shorten, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import WORLD
from coercivity.model.basis.inputs import as_number, is_name, read_number
from coercivity.model.scenario.act_kinds import Field, kinds_of
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import end_missing, event_from_dict
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict, scenario_place
from coercivity.model.scenario.support_checks import SUPPORT

MOST_ACTS: Final = 12
LISTS: Final = ("targets", "goods")
# held before anything happened, so from the first month of the run on where nothing else is said
BEFORE: Final = ("firm_stock", "stockpile")
# two of these at once on the same lanes or firms contradict each other
ONCE: Final = (
    "licensing",
    "quota",
    "export_duty",
    "import_tariff",
    "dual_use_ban",
    "blanket_ban",
    "cut",
    "customs_halt",
    "technology_ban",
    "extraterritorial",
    "general_licence",
    "truce",
    "stockpile",
    "firm_stock",
    "sales_end",
)
# what a form shows until something else is said, where a kind has no default of its own
EXAMPLES: Final[Mapping[str, Any]] = {
    "process": "make_magnet_heat_resistant",
    "good": "heavy_concentrate",
    "sectors": ("ev_drivetrains",),
    "tonnes": 10_000.0,
    "rate": 0.25,
    "share": 0.5,
    "size": 1.0,
    "budget": 500.0,
    "cover": 3.0,
    "floor": 110.0,
    "growth": 0.1,
    "strength": 0.5,
}


@dataclass(frozen=True)
class Act:
    """One act as it was written: dates are days, `fields` those of its kind that differ from what
    is taken for granted.
    """

    kind: str
    date: str
    end: str = ""
    actor: str = ""
    targets: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()

    def said(self) -> dict[str, Any]:
        """Everything that was said, by name, as the form and the address have it."""
        common = {
            "kind": self.kind,
            "actor": self.actor,
            "targets": self.targets,
            "goods": self.goods,
            **dict(self.fields),
            BEGINS: _month_or_day(self.date, "01"),
            ENDS: _month_or_day(self.end, f"{days_in_month(self.end[:7]):02d}" if self.end else ""),
        }
        return {name: value for name, value in common.items() if value not in ("", ())}


def default_of(kind: str, field: str, scenario: Scenario, state: str) -> Any:
    """What stands in the form before anything is typed: the exporter against the state looked at,
    its government as giver, from the month in which the story begins.
    """
    kinds = kinds_of(Facts.default())
    if field == BEGINS:
        if kind in ("suspension", "dispute"):  # about the act that the story is about
            return story_day(scenario)
        return scenario.start if kind in BEFORE else first_month(scenario)
    if field == ENDS:
        begins = default_of(kind, BEGINS, scenario, state)
        return month_name(begins, 11) if kinds[kind].end else ""
    if field == "actor":
        return _actor(kind, state)
    if field == "targets":
        actor = _actor(kind, state)
        if actor != EXPORTER:
            return (EXPORTER,)
        return (WORLD,) if state == EXPORTER or kind == "suspension" else (state,)
    if field == "goods":
        return (kinds[kind].goods,)
    known = kinds[kind].fields[field]
    if known.check == "names" and field in ("states", "members", "to"):
        return _states(kind, field, state)
    if field == "state":
        return "Myanmar" if kind == "mine_closure" else EXPORTER if kind == "sales_end" else state
    if known.check == "id":
        story = focal_event(scenario, month_names(scenario.start, scenario.months))
        return story.id if story is not None else ""
    if known.required:
        return EXAMPLES[field]
    return () if known.check == "names" and known.default == known.options else known.default


def _actor(kind: str, state: str) -> str:
    """Who acts where nobody else is chosen: the exporter, or the government of the state looked at
    for what is done for it.
    """
    ours = kind in (*SUPPORT, "coalition", "import_tariff", "dispute", "concession")
    own = Facts.default().government_of(state)
    if not ours:
        return EXPORTER
    return own if own != EXPORTER else "United States"


def _states(kind: str, field: str, state: str) -> tuple[str, ...]:
    if kind == "demand_case":
        return ()  # all
    if field == "members":
        return (_actor(kind, state),)
    return (state,) if kind == "firm_stock" or state != EXPORTER else ("Japan",)


# ---------------------------------------------------------------- what was written is checked


def check_acts(scenario: Scenario, raws: Iterable[object]) -> tuple[Act, ...]:
    """The acts, each checked by itself and against the others. Raises InputError, one line that
    names the act, the field, the value and what to write instead.
    """
    written = list(raws)
    if len(written) > MOST_ACTS:
        raise too_many(len(written))
    acts = tuple(check_act(scenario, raw, number) for number, raw in enumerate(written, start=1))
    for number, act in enumerate(acts, start=1):
        for before, other in enumerate(acts[: number - 1], start=1):
            _check_pair(scenario, other, act, before, number)
    return acts


def too_many(count: int) -> InputError:
    """What is wrong with so many acts."""
    return InputError(
        "acts: {count} are too many", "use at most {high}", count=count, high=MOST_ACTS
    )


def check_act(scenario: Scenario, raw: object, number: int) -> Act:
    """One act; what is blank is as if it had not been said. Raises InputError."""
    kinds = kinds_of(Facts.default())
    if isinstance(raw, Act):
        raw = raw.said()
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is no act",
            "write kind:licensing,actor:China,...",
            where=_place(number),
            value=raw,
        )
    kind = raw.get("kind")
    if not is_name(kind, kinds):
        raise unknown_value_error("kind", kind, kinds, _place(number))
    where = _place(number, kind)
    given = {name: value for name, value in raw.items() if name != "kind" and not _blank(value)}
    for name in given:
        if not is_name(name, fields_of(kind)):
            raise InputError(
                "{written} '{value}' does not belong to it",
                "use {names}",
                where=where,
                written=name,
                value=given[name],
                names=fields_of(kind),
            )
    date, end = _dates(scenario, kind, given, where)
    event = _event_of(kind, given, date, end, scenario, number, where)
    taken = {
        name: event.get(name)
        for name, field in kinds[kind].fields.items()
        if field.required or event.get(name) != field.default
    }
    return Act(
        kind=kind,
        date=date,
        end=end,
        actor=event.actor,
        targets=event.targets,
        goods=tuple(dict.fromkeys(_names(given.get("goods", kinds[kind].goods))))
        if kinds[kind].goods
        else (),
        fields=tuple((name, taken[name]) for name in kinds[kind].fields if name in taken),
    )


def _place(number: int, kind: str = "") -> Phrase:
    """Where an act stands: by its number, and what its kind is called within a sentence."""
    if not kind:
        return Phrase.of("act {act_number}", act_number=number)
    label = kind_words(kind).label
    return Phrase.of(
        "act {act_number}, {act_label}",
        act_number=number,
        act_label=label[:1].lower() + label[1:],
        act=kind,
    )


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, (str, list, tuple)) and not value)


def _dates(
    scenario: Scenario, kind: str, given: Mapping[str, object], where: Phrase
) -> tuple[str, str]:
    """First and last day. Raises InputError for what is no date, for one outside of the run, and
    for an end before the beginning.
    """
    last = month_name(scenario.start, scenario.months - 1)
    date = _day(given.get(BEGINS, default_of(kind, BEGINS, scenario, EXPORTER)), BEGINS, where)
    if not 0 <= month_index(scenario.start, date) < scenario.months:
        raise InputError(
            "{field} '{value}' is not within the run",
            "use a month from {low} to {high}",
            where=where,
            field=BEGINS,
            value=given.get(BEGINS),
            low=scenario.start,
            high=last,
        )
    if ENDS not in given:
        if kinds_of(Facts.default())[kind].end:
            raise end_missing(ENDS, kind, where)
        return date, ""
    end = _day(given[ENDS], ENDS, where)
    if end < date:
        raise InputError(
            "{field} '{value}' is before {begins} '{low}'",
            "use a later month, or leave it empty",
            where=where,
            field=ENDS,
            value=given[ENDS],
            begins=Phrase.of("{field}", field=BEGINS),
            low=_month_or_day(date, "01"),
        )
    return date, end


def _day(value: object, name: str, where: Phrase) -> str:
    """The day of a date, or the first or last of a month."""
    text = shorten(value).strip()
    try:
        if len(text) == 7:
            first = parse_date(f"{text}-01").isoformat()
            return first if name == BEGINS else f"{text}-{days_in_month(text):02d}"
        return parse_date(text).isoformat()
    except InputError:
        raise InputError(
            "{field} '{value}' is not a date",
            "write a month as 2026-03 or a day as 2026-03-15",
            where=where,
            field=name,
            value=text,
        ) from None


def _month_or_day(date: str, whole: str) -> str:
    """A date as a month where it is the first (or the last) day of one."""
    return date[:7] if date[8:] == whole else date


def _event_of(
    kind: str,
    given: Mapping[str, object],
    date: str,
    end: str,
    scenario: Scenario,
    number: int,
    where: Phrase,
) -> Event:
    """The act as an event that has passed all checks of a scenario file. Raises InputError."""
    raw: dict[str, Any] = {"kind": kind, "date": date, "id": f"own-{number}"}
    if end:
        raw["end"] = end
    for name, value in given.items():
        if name not in DATES:
            raw[name] = _read_field_value(
                value, kinds_of(Facts.default())[kind].fields.get(name), name, where
            )
    earlier = {event.id: event for event in (*scenario.events, *scenario.choices)}
    try:
        return event_from_dict(scenario.facts, raw, "act", number, earlier)
    except InputError as error:
        raise InputError(error.what, error.fix, where=where) from None


def _read_field_value(value: object, field: Field | None, name: str, where: Phrase) -> object:
    """A value as a scenario file has it: a number, a text or a list of names."""
    if field is not None and field.check == "number":
        number = read_number(value) if isinstance(value, str) else as_number(value)
        if number != number:
            raise InputError(
                "{field} '{value}' is not a number",
                "write for example {example}",
                where=where,
                field=name,
                value=value,
                example=f"{EXAMPLES.get(name, 120 if name == 'days' else 1):g}",
            )
        return number
    if name in LISTS or (field is not None and field.check == "names"):
        return list(_names(value))
    return value


def _names(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _check_pair(scenario: Scenario, one: Act, other: Act, first: int, second: int) -> None:
    """Refuse two acts of one kind that bind the same lanes or firms at once."""
    if one.kind != other.kind or one.kind not in ONCE or one.actor != other.actor:
        return
    a, b = (event_of(scenario, act, 1) for act in (one, other))
    if dict(one.fields).get("firm") != dict(other.fields).get("firm"):
        return
    for mine, theirs in (
        (a.target_states(), b.target_states()),
        (a.goods, b.goods),
        (a.get("states", ()), b.get("states", ())),
        ((a.get("state"),), (b.get("state"),)),
        (a.get("to", ()), b.get("to", ())),
    ):
        if (mine or theirs) and not set(mine) & set(theirs):
            return
    begins = max(one.date, other.date)
    if any(act.end and act.end < begins for act in (one, other)):
        return
    raise InputError(
        "{field} '{value}' meets act {act_number}, of the same kind on the same firms, still in "
        "force"
        if one.kind == "firm_stock"
        else "{field} '{value}' meets act {act_number}, of the same kind on the same goods and "
        "states, still in force",
        "end one before the other begins, or write one act for both",
        where=_place(second, other.kind),
        field=BEGINS,
        value=_month_or_day(other.date, "01"),
        act_number=first,
    )


# ---------------------------------------------------------------- what becomes of it


def event_of(scenario: Scenario, act: Act, number: int) -> Event:
    """The act as an event, checked by itself. Raises InputError."""
    earlier = {event.id: event for event in (*scenario.events, *scenario.choices)}
    return event_from_dict(scenario.facts, _raw(act, number), "act", number, earlier)


def _raw(act: Act, number: int) -> dict[str, Any]:
    """The act as a scenario file writes it."""
    raw = {
        "date": act.date,
        "end": act.end,
        "id": f"own-{number}-{act.kind}",
        "kind": act.kind,
        "actor": act.actor,
        "targets": list(act.targets),
        "goods": list(act.goods),
        **{name: list(v) if isinstance(v, tuple) else v for name, v in act.fields},
        "text": f"{in_words(act)}.",
    }
    return {name: value for name, value in raw.items() if value not in ("", [])}


def with_acts(scenario: Scenario, acts: Sequence[Act]) -> Scenario:
    """The scenario with the acts: as choices of their actors, or as events beside what a government
    decides by its rule. Raises InputError as a scenario file would.

    Numbers go on after those of a file that was taken from the lab and holds such acts already.
    """
    if not acts:
        return scenario
    there = {event.id for event in (*scenario.events, *scenario.choices)}
    numbers = _free_act_numbers(there)
    raw = scenario.to_dict()
    names = {}
    for place, act in enumerate(acts, 1):
        of_rule = scenario.mode_of(act.actor) == "autonomous"
        part = "events" if of_rule else "choices"
        written = _raw(act, next(numbers))
        raw[part] = [*raw.get(part, []), written]
        names[written["id"]] = _place(place, act.kind)
    try:
        return scenario_from_dict(raw, scenario_place(scenario))
    except InputError as error:
        raise _as_written(error, names) from None


def _as_written(error: InputError, names: Mapping[str, Phrase]) -> InputError:
    """A refusal of a scenario file in the words of who wrote the acts: the act in place of the
    file's event.
    """
    for place in error.places:
        event = place.fields.get("id") if isinstance(place, Phrase) else ""
        if isinstance(event, str) and event in names:
            return InputError(error.what, error.fix, where=names[event])
    return error


def _free_act_numbers(there: set[str]) -> Iterator[int]:
    """Numbers of acts that no id of these has."""
    taken = {name.split("-")[1] for name in there if name.startswith("own-") and "-" in name[4:]}
    return (number for number in range(1, 10_000) if str(number) not in taken)


def overlapping_acts(scenario: Scenario, act: Act) -> tuple[Event, ...]:
    """Acts of the scenario of the same kind and actor that stand on some of the same lanes while
    this one does.
    """
    mine = event_of(scenario, act, 1)
    return tuple(
        event
        for event in (*scenario.events, *scenario.choices)
        if event.kind == act.kind
        and event.actor == act.actor
        and act.kind in ONCE
        and (not act.end or event.date <= act.end)
        and (not event.end or event.end >= act.date)
        and (not mine.targets or set(event.target_states()) & set(mine.target_states()))
        and (not mine.goods or set(event.goods) & set(mine.goods))
    )


# ---------------------------------------------------------------- words and addresses


def in_words(act: Act, say: Say = str, numeral: Say = str) -> str:
    """What an act is, without its dates: 'Export licences: by China; against Germany; ...', what is
    taken for granted too. say: finds a text in the language that is spoken; numeral: writes a
    number with its signs.
    """
    said = act.said()
    parts = []
    for name in fields_of(act.kind):
        if name in DATES:
            continue
        field = kinds_of(Facts.default())[act.kind].fields.get(name)
        value = said.get(name, field.default if field else "")
        if not _blank(value) and (field is None or value != field.options):
            words = field_words(act.kind, name).said
            told = value_words(act.kind, name, value, say, numeral)
            parts.append(say(words).format(value=told))
    label = say(kind_words(act.kind).label)
    return f"{label}: {'; '.join(parts)}" if parts else label
