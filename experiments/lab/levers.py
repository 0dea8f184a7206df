"""The levers of the lab: ten acts in plain words, each of which can be moved at the start of the
story or at any later month.

A lever is an act that somebody may publish, never a parameter: what is assumed about the world
stands in the parameter table. ``model/data/levers.csv`` says what each does; here a moved lever
becomes dated events, and takes away those that it replaces. Amounts that the table does not name
(shares of capital cost, hosts) are those of the kinds of event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from coercivity.experiments.worlds.headlines import (
    EXPORT_CONTROLS,
    EXPORTER,
    FOCUS,
    focal_date,
    focal_event,
)
from coercivity.model.basis.calendar import (
    days_in_month,
    month_index,
    month_name,
    month_names,
    parse_month,
)
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.inputs import as_number, is_name, read_number
from coercivity.model.basis.names import WORLD
from coercivity.model.scenario.event import Event, decided_in_run
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict

SIGNALS: Final = ("remark", "threat", "review")
LICENCES: Final = ("licensing", "extraterritorial", "general_licence")
# where a scenario tells no story, levers act from the third year on: the first two are close to the
# record
QUIET_MONTHS: Final = 24
ENOUGH: Final = 5000.0  # USD million: a stockpile buys what it aims at
FRIENDS: Final = (
    "Japan",
    "Australia",
    "Malaysia",
    "Vietnam",
    "United States",
    "France",
    "Rest of EU",
    "Canada",
    "Brazil",
)  # where supported plants may stand
# levers that ask what had been done in time: at the start of the story they count from the first
# month of the run
BEFORE: Final = ("japan_stockpile",)
FLOOR_BUDGET: Final = (
    2500.0  # USD million, as the floor of July 2025 in friend-shoring-together.yaml
)


@dataclass(frozen=True)
class Lever:
    """One lever: where it stands in the page, what it may be set to, and what the page says about
    it. `options` are words for 0, 1, ...
    """

    id: str
    group: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    rest: float
    options: tuple[str, ...]
    what: str
    example: str
    limits: str
    source: str


@dataclass(frozen=True)
class Span:
    """A lever's value from one month to another, counted from the start of the scenario; `last`
    None: to the end.
    """

    value: float
    first: int
    last: int | None


@cache
def lever_table() -> tuple[Lever, ...]:
    """The levers in the order of the page."""
    rows = (dict(row) for row in load_table("levers"))
    return tuple(
        Lever(
            **{
                **{name: row[name] for name in Lever.__dataclass_fields__},
                "options": tuple(filter(None, (row["options"] or "").split("|"))),
            }
        )
        for row in rows
    )


def is_lever(name: object) -> bool:
    """Whether there is a lever with this id."""
    return is_name(name, {lever.id for lever in lever_table()})


def find_lever(name: object) -> Lever:
    """The lever with this id. Raises InputError for an unknown one."""
    by_id = {lever.id: lever for lever in lever_table()}
    if not is_name(name, by_id):
        raise InputError(f"lever '{shorten(name)}' is not known; {suggest(name, tuple(by_id))}")
    return by_id[name]


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
        choices = ", ".join(f"{at} ({name})" for at, name in enumerate(lever.options))
        wanted = (
            f"one of {choices}"
            if lever.options
            else f"a number from {lever.low:g} to {lever.high:g} ({lever.unit})"
        )
        raise InputError(
            f"{lever.label} '{shorten(value)}' does not fit; use {wanted} [lever.{lever.id}]"
        )
    return lever.id, number


def first_month(scenario: Scenario) -> str:
    """The month YYYY-MM from which levers act: that of the measure that the scenario is about, else
    the third year.
    """
    names = month_names(scenario.start, scenario.months)
    event = focal_event(scenario, names)
    index = month_index(scenario.start, event.date) if event is not None else QUIET_MONTHS
    return (
        names[min(max(index, 0), len(names) - 1)]
        if event is not None and index >= 0
        else names[min(QUIET_MONTHS, len(names) - 1)]
    )


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
            f"month of a change '{shorten(text)}' is not within the run; use a month from "
            f"{scenario.start} to {last}"
        )
    return text


def pulled(
    scenario: Scenario, levers: Mapping[str, float], changes: Iterable[tuple[str, str, float]] = ()
) -> Scenario:
    """The scenario with levers moved at its first month of levers, and later changes (month, lever,
    value) in the order of their months.

    Raises InputError as a scenario file would.
    """
    spans = _spans(scenario, levers, changes)
    if not spans:
        return scenario
    acts = [list(scenario.events), list(scenario.choices)]
    for span in spans.get("china_measure", ()):
        if span.value:
            acts = _off(scenario, acts, span, _names_japan)
    for span in spans.get("china_months", ()):
        lifted = span.first + int(span.value)
        if span.value and (span.last is None or lifted <= span.last):
            acts = _off(scenario, acts, replace(span, first=lifted), _names_japan)
    for span in spans.get("china_licences", ()):
        if span.value == 3:
            acts = _off(
                scenario,
                acts,
                span,
                lambda event: event.actor == EXPORTER and event.kind in LICENCES,
            )
    lasting = spans.get("china_months", ())
    added: list[dict[str, Any]] = []
    for name, found in spans.items():
        for span in found:
            if span.value != find_lever(name).rest:
                added += [
                    _event(scenario, name, span, number, raw, lasting)
                    for number, raw in enumerate(_ACTS[name](scenario, span))
                ]
    # a file that was taken from the lab holds acts of levers: the same one moved again replaces
    # them
    moved = {act["id"] for act in added}
    events, choices = ([event for event in part if event.id not in moved] for part in acts)
    there = {event.id for event in (*events, *choices)}
    raw = scenario.to_dict()
    rules = [
        act for act in added if scenario.mode_of(act.get("actor", "")) == "autonomous"
    ]  # a government keeps its rule, and has this act besides
    raw["events"] = [*_standing(events, there), *rules]
    raw["choices"] = [*_standing(choices, there), *(act for act in added if act not in rules)]
    return scenario_from_dict(raw, f"scenario {scenario.name}")


def _standing(events: Iterable[Event], there: set[str]) -> list[dict[str, Any]]:
    """Events as a file writes them, without suspensions of and cases against acts that are no
    longer *there*.
    """
    with_subject = [(event, str(event.get("of", ""))) for event in events]
    return [
        event.to_dict()
        for event, act in with_subject
        if not act or act in there or decided_in_run(act)
    ]


def _spans(
    scenario: Scenario, levers: Mapping[str, float], changes: Iterable[tuple[str, str, float]]
) -> dict[str, list[Span]]:
    """For each moved lever, its values over time."""
    begin = month_index(scenario.start, first_month(scenario))
    moves: dict[str, dict[int, float]] = {
        name: {0 if name in BEFORE else begin: value} for name, value in levers.items()
    }
    for month, name, value in sorted(changes, key=lambda change: change[0]):
        moves.setdefault(name, {})[month_index(scenario.start, month)] = value
    spans: dict[str, list[Span]] = {}
    for name in (lever.id for lever in lever_table() if lever.id in moves):
        dated = sorted(moves[name].items())
        ends = [first - 1 for first, _ in dated[1:]]
        spans[name] = [
            Span(value, first, last)
            for (first, value), last in zip(dated, [*ends, None], strict=True)
        ]
    return spans


def _names_japan(event: Event) -> bool:
    return (
        event.actor == EXPORTER
        and FOCUS in event.targets
        and event.kind in (*EXPORT_CONTROLS, *SIGNALS, "technology_ban", "suspension")
    )


def _off(
    scenario: Scenario, acts: list[list[Event]], span: Span, which: Callable[[Event], bool]
) -> list[list[Event]]:
    """Lists of events without the months of *span*: an act ends the month before, and comes back
    after it where it would still be in force.
    """
    back: dict[str, Event] = {}

    def parts(event: Event) -> Iterator[Event]:
        first, end = event.month_index(scenario.start), event.end_index(scenario.start)
        last = scenario.months - 1 if end is None else min(end, scenario.months - 1)
        if not which(event) or last < span.first or (span.last is not None and first > span.last):
            yield event
            return
        if first < span.first:
            yield replace(event, end=last_day(month_name(scenario.start, span.first - 1)))
        if span.last is not None and last > span.last and event.kind not in SIGNALS:
            back[event.id] = replace(
                event,
                date=f"{month_name(scenario.start, span.last + 1)}-01",
                id=f"{event.id[:28]}-from-{span.last + 1}",
            )
            yield back[event.id]

    left = [[part for event in events for part in parts(event)] for events in acts]
    return [[part for event in events for part in _suspended_again(event, back)] for events in left]


def _suspended_again(event: Event, back: Mapping[str, Event]) -> Iterator[Event]:
    """An event; where it suspends an act that came *back* under another id, so that it suspends
    that one too.
    """
    again = back.get(event.get("of", "")) if event.kind == "suspension" else None
    if again is None or (event.end and event.end < again.date):
        yield event
        return
    begins = max(event.date, again.date)
    if event.date < begins:
        yield event
    fields = tuple((key, again.id if key == "of" else value) for key, value in event.fields)
    yield replace(
        event,
        date=begins,
        fields=fields,
        id=event.id
        if event.date == begins
        else event.id[:28] + again.id[again.id.rindex("-from-") :],
    )


def last_day(month: str) -> str:
    """The last day of a month, YYYY-MM-DD."""
    return f"{month}-{days_in_month(month):02d}"


def _event(
    scenario: Scenario,
    name: str,
    span: Span,
    number: int,
    raw: dict[str, Any],
    lasting: Iterable[Span],
) -> dict[str, Any]:
    """One act of a lever as a scenario file writes it, from the first to the last month of its
    span.
    """
    last, month = span.last, month_name(scenario.start, span.first)
    day = f"{month}-01"
    if name == "china_measure":
        day = max(day, story_day(scenario)) if story_day(scenario)[:7] == month else day
        for length in lasting:
            if length.value and length.first <= (scenario.months if last is None else last):
                until = max(span.first, length.first) + int(length.value) - 1
                if (
                    length.last is None or until < length.last
                ):  # else the lever was moved on before it told
                    last = until if last is None else min(last, until)
    if last is not None and raw["kind"] not in (*SIGNALS, "concession"):
        raw["end"] = last_day(month_name(scenario.start, max(last, span.first)))
    return {"date": day, "id": f"lever-{name}-{month}-{number}", **raw}


def _measure(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    act: dict[str, Any] = {"actor": EXPORTER, "targets": [FOCUS]}
    heavy = "controlled_2025"
    return {
        1: [],
        2: [
            act
            | {"kind": "threat", "severity": 0.5, "text": f"China threatens to cut {FOCUS} off."}
        ],
        3: [
            act
            | {
                "kind": "dual_use_ban",
                "goods": heavy,
                "text": (
                    f"China bars heavy rare earths and their magnets to military users in {FOCUS}."
                ),
            }
        ],
        4: [
            act
            | {
                "kind": "blanket_ban",
                "goods": heavy,
                "text": f"China lets no heavy rare earths and none of their magnets go to {FOCUS}.",
            }
        ],
        5: [
            act
            | {
                "kind": "blanket_ban",
                "goods": "all",
                "text": f"China lets no rare earths, magnets or motors go to {FOCUS}.",
            }
        ],
    }[int(span.value)]


def _licences(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    act: dict[str, Any] = {"actor": EXPORTER, "targets": [WORLD], "goods": "controlled_2025"}
    return {
        1: [
            act
            | {
                "kind": "extraterritorial",
                "text": (
                    "Goods made abroad with controlled Chinese rare earths need a Chinese "
                    "licence too."
                ),
            }
        ],
        2: [
            act
            | {
                "kind": "general_licence",
                "text": "China gives known customers general licences for many shipments.",
            }
        ],
        3: [],
    }[int(span.value)]


def _stockpile(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "kind": "stockpile",
            "actor": FOCUS,
            "goods": ["heavy_oxides", "magnets"],
            "cover": span.value,
            "budget": ENOUGH,
            "text": (
                f"{FOCUS} keeps a state stockpile of {span.value:g} months of heavy rare "
                "earths and magnets."
            ),
        }
    ]


def _plants(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "kind": "loan",
            "actor": FOCUS,
            "budget": span.value,
            "stages": ["separation", "metal", "magnet"],
            "hosts": list(FRIENDS),
            "text": f"{FOCUS} lends USD {span.value:,.0f} million for plants outside China.",
        }
    ]


def _grants(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    givers = ("United States", "EU")
    each = span.value / len(givers)
    grants: list[dict[str, Any]] = [
        {
            "kind": "grant",
            "actor": giver,
            "budget": each,
            "stages": ["separation", "metal", "magnet"],
            "hosts": list(FRIENDS),
            "share": 0.5,
            "text": f"{giver} gives USD {each:,.0f} million for plants outside China.",
        }
        for giver in givers
    ]
    pooled = any(event.kind == "coalition" for event in (*scenario.events, *scenario.choices))
    pact = {
        "kind": "coalition",
        "actor": "United States",
        "members": ["United States", "EU", "Japan"],
        "text": "The United States, the EU and Japan pool their support.",
    }
    return grants if pooled else [*grants, pact]


def _floor(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "kind": "price_floor",
            "actor": "United States",
            "budget": FLOOR_BUDGET,
            "good": "ndpr_oxide",
            "floor": span.value,
            "hosts": list(FRIENDS),
            "text": f"The United States guarantees USD {span.value:g} a kilogram of NdPr oxide.",
        }
    ]


def _tariff(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "kind": "import_tariff",
            "actor": actor,
            "targets": [EXPORTER],
            "goods": "magnets",
            "rate": span.value / 100.0,
            "text": f"{actor} taxes magnets from China at {span.value:g}%.",
        }
        for actor in ("United States", "EU", FOCUS)
    ]


def _stock(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "kind": "firm_stock",
            "states": [FOCUS],
            "cover": span.value,
            "text": f"Firms in {FOCUS} aim at {span.value:g} more months of stock.",
        }
    ]


def _switch(scenario: Scenario, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "kind": "firm_supplier",
            "states": [FOCUS],
            "away_from": EXPORTER,
            "strength": span.value / 100.0,
            "text": f"Firms in {FOCUS} turn away from suppliers in China.",
        }
    ]


_ACTS: Final[Mapping[str, Callable[[Scenario, Span], list[dict[str, Any]]]]] = {
    "china_measure": _measure,
    "china_months": lambda scenario, span: [],
    "china_licences": _licences,
    "japan_stockpile": _stockpile,
    "japan_plants": _plants,
    "allies_money": _grants,
    "allies_floor": _floor,
    "allies_tariff": _tariff,
    "firms_stock": _stock,
    "firms_switch": _switch,
}
