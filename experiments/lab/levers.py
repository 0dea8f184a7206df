"""The levers of the lab: ten acts in plain words for each state that is looked at, each of which
can be moved at the start of the story or at any later month.

A lever is an act that somebody may publish, never a parameter: what is assumed about the world
stands in the parameter table. ``model/data/levers.csv`` says what each does for Japan, and
``state_levers.py`` what becomes of it for another state; ``lever_acts.py`` writes their acts,
``pooling.py`` their coalitions, and ``apply_levers.py`` makes a scenario of moved levers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from coercivity.experiments.backtest.evidence_targets import LINE
from coercivity.experiments.lab.state_levers import ROLES, Lever, has_role, lever_of
from coercivity.experiments.quantities.headlines import FOCUS, focal_date, focal_event, name_in_id
from coercivity.model.basis.calendar import month_index, month_name, month_names, parse_month
from coercivity.model.basis.errors import InputError, Phrase, shorten, suggest
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.fixed_names import EU
from coercivity.model.basis.inputs import as_number, is_name, read_number
from coercivity.model.scenario.scenario import Scenario

# where a scenario tells no story, levers act when its first two years are over or, where it begins
# after the record, at once
QUIET_MONTHS: Final = 24


@cache
def lever_table(state: str = FOCUS) -> tuple[Lever, ...]:
    """The levers of a state that is looked at, in the order of the page."""
    if state == FOCUS:
        return tuple(_read_lever_row(dict(row)) for row in load_table("levers"))
    mine = [lever_of(state, lever) for lever in lever_table() if has_role(state, lever.role)]
    groups = tuple(dict.fromkeys(lever.group for lever in mine))
    return tuple(sorted(mine, key=lambda lever: groups.index(lever.group)))


def _read_lever_row(row: dict[str, object]) -> Lever:
    name = str(row["id"])
    options = tuple(filter(None, str(row["options"] or "").split("|")))
    everybody_s = ROLES[name] in ("licences", "floor")
    owner = "" if everybody_s else FOCUS
    return Lever(**{**row, "options": options, "role": ROLES[name], "owner": owner})  # type: ignore[arg-type]


@cache
def all_levers() -> Mapping[str, Lever]:
    """The levers of all states by id: Japan's first, then state by state."""
    found: dict[str, Lever] = {}
    for state in dict.fromkeys((FOCUS, *Facts.default().states)):
        for lever in lever_table(state):
            found.setdefault(lever.id, lever)
    return found


def is_lever(name: object) -> bool:
    """Whether there is a lever with this id."""
    return is_name(name, all_levers())


def find_lever(name: object) -> Lever:
    """The lever with this id. Raises InputError for an unknown one."""
    by_id = all_levers()
    if not is_name(name, by_id):
        known = [lever.id for lever in lever_table()]
        raise InputError(
            "{field} '{value}' is not known", _suggest_lever(name, known), field="lever", value=name
        )
    return by_id[name]


def _suggest_lever(name: object, known: list[str]) -> Phrase:
    """The fix for an unknown lever: the likest of all states', else Japan's."""
    likest = suggest(name, all_levers())
    return likest if "name" in likest.fields else suggest(name, known)


def lever_named(name: str, state: str) -> str:
    """The id of a lever that an address names by what it does alone, for the state looked at:
    `stockpile` is `eu_stockpile` for Germany. Any other name is as it was.
    """
    facts = Facts.default()
    if name in ROLES.values() and state in facts.states:
        for lever in lever_table(state):
            if lever.role == name:
                return lever.id
    mine = {f"{name_in_id(FOCUS)}_{role}": known for known, role in ROLES.items()}
    if name in mine:
        return mine[name]
    for state_of_eu in facts.eu_states:  # who writes germany_stockpile means the EU's
        begins = f"{name_in_id(state_of_eu)}_"
        if name.startswith(begins) and not is_lever(name):
            other = f"{name_in_id(EU)}_{name.removeprefix(begins)}"
            return other if is_lever(other) else name
    return name


def stops_near(lever: Lever, value: float) -> list[float]:
    """The other values at which a lever can stand, the nearest first; of two as near, the higher
    one.
    """
    count = round((lever.high - lever.low) / lever.step)
    stops = [round(lever.low + lever.step * number, 10) for number in range(count + 1)]
    return sorted((v for v in stops if v != value), key=lambda v: (round(abs(v - value), 10), -v))


def check_lever(name: object, value: object) -> tuple[str, float]:
    """Id and value of a lever. Raises InputError for an unknown one, and for a value that is no
    number or outside of its range.
    """
    lever = find_lever(name)
    number = read_number(value) if isinstance(value, str) else as_number(value)
    fits = lever.low <= number <= lever.high
    if not fits or (lever.options and number != int(number)):
        raise InputError(
            "{label} '{value}' does not fit",
            _lever_values_fix(lever),
            label=lever.phrase("label"),
            value=value,
        )
    return lever.id, number


def _lever_values_fix(lever: Lever) -> Phrase:
    """The fix for a value that a lever does not take."""
    if lever.options:
        names = [
            Phrase.of("{number} ({option})", number=number, option=Phrase(option))
            for number, option in enumerate(lever.options)
        ]
        return Phrase.of("use one of {names}", names=names)
    return Phrase.of(
        "use a number from {low} to {high} ({unit})",
        low=f"{lever.low:g}",
        high=f"{lever.high:g}",
        unit=lever.unit,
    )


def first_month(scenario: Scenario) -> str:
    """The month YYYY-MM from which levers act: that of the measure that the scenario is about;
    without one the third year, or the first month of a world that begins after the record.
    """
    names = month_names(scenario.start, scenario.months)
    event = focal_event(scenario, names)
    index = month_index(scenario.start, event.date) if event is not None else -1
    if index < 0:
        index = QUIET_MONTHS if scenario.start <= LINE else 0
    return names[min(index, len(names) - 1)]


def story_day(scenario: Scenario) -> str:
    """The day YYYY-MM-DD from which the lab counts: that of the measure that the scenario is about;
    where it tells no story, the first on which levers act.

    What replaces the measure comes on that day too.
    """
    day = focal_date(scenario, month_names(scenario.start, scenario.months))
    first = first_month(scenario)
    return day if day[:7] == first else f"{first}-01"


def check_month(scenario: Scenario, month: object) -> str:
    """A month of a change. Raises InputError for what is none, and for one outside of the
    scenario.
    """
    text = shorten(month)
    parse_month(text, "month of a change")
    index, last = month_index(scenario.start, text), month_name(scenario.start, scenario.months - 1)
    if len(text) != 7 or not 0 <= index < scenario.months:
        raise InputError(
            "{field} '{value}' is not within the run",
            "use a month from {low} to {high}",
            field="month of a change",
            value=text,
            low=scenario.start,
            high=last,
        )
    return text
