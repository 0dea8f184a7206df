"""A scenario with levers moved: a moved lever becomes dated events, and takes away those that it
replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from coercivity.experiments.lab.lever_acts import ACTS, Span
from coercivity.experiments.lab.levers import (
    all_levers,
    find_lever,
    first_month,
    story_day,
)
from coercivity.experiments.lab.pooling import last_day, pool_coalitions
from coercivity.experiments.quantities.headlines import EXPORT_CONTROLS, EXPORTER
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.event import Event, decided_in_run
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict

SIGNALS: Final = ("remark", "threat", "review")
LICENCES: Final = ("licensing", "extraterritorial", "general_licence")


def apply_levers(
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
    for name, found in _of_role(spans, "measure"):
        for span in found:
            if span.value:
                owner = find_lever(name).owner
                acts = _cut_events_in_span(scenario, acts, span, _names(owner), owner)
    for name, found in _of_role(spans, "months"):
        for span in found:
            lifted = span.first + int(span.value)
            if span.value and (span.last is None or lifted <= span.last):
                owner = find_lever(name).owner
                acts = _cut_events_in_span(
                    scenario, acts, replace(span, first=lifted), _names(owner), owner
                )
    for _, found in _of_role(spans, "licences"):
        for span in found:
            if span.value == 3:
                acts = _cut_events_in_span(scenario, acts, span, _licenses)
    added = pool_coalitions(
        scenario,
        (
            _event(scenario, name, span, number, raw, _spans_of_duration(name, spans))
            for name, found in spans.items()
            for span in found
            if span.value != find_lever(name).rest
            for number, raw in enumerate(_acts(scenario, name, span))
        ),
    )
    # a file that was taken from the lab holds acts of levers: the same one moved again replaces
    # them
    moved = {act["id"] for act in added}
    events, choices = ([event for event in part if event.id not in moved] for part in acts)
    there = {event.id for event in (*events, *choices)}
    raw = scenario.to_dict()
    rules = [
        act for act in added if scenario.mode_of(act.get("actor", "")) == "autonomous"
    ]  # a government keeps its rule, and has this act besides
    raw["events"] = [*_raw_events_in_force(events, there), *rules]
    raw["choices"] = [
        *_raw_events_in_force(choices, there),
        *(act for act in added if act not in rules),
    ]
    return scenario_from_dict(raw, f"scenario {scenario.name}")


def _raw_events_in_force(events: Iterable[Event], there: set[str]) -> list[dict[str, Any]]:
    """Events as a file writes them, without suspensions of and cases against acts that are no
    longer *there*.
    """
    with_subject = [(event, str(event.get("of", ""))) for event in events]
    return [
        event.to_dict()
        for event, act in with_subject
        if not act or act in there or decided_in_run(Facts.default(), act)
    ]


def _spans(
    scenario: Scenario, levers: Mapping[str, float], changes: Iterable[tuple[str, str, float]]
) -> dict[str, list[Span]]:
    """For each moved lever, its values over time."""
    begin = month_index(scenario.start, first_month(scenario))
    by_id = all_levers()
    moves: dict[str, dict[int, float]] = {
        name: {0 if by_id[name].is_from_start else begin: value} for name, value in levers.items()
    }
    for month, name, value in sorted(changes, key=lambda change: change[0]):
        moves.setdefault(name, {})[month_index(scenario.start, month)] = value
    spans: dict[str, list[Span]] = {}
    for name in (known for known in by_id if known in moves):
        dated = sorted(moves[name].items())
        ends = [first - 1 for first, _ in dated[1:]]
        spans[name] = [
            Span(value, first, last)
            for (first, value), last in zip(dated, [*ends, None], strict=True)
        ]
    return spans


def _of_role(spans: Mapping[str, list[Span]], role: str) -> Iterator[tuple[str, list[Span]]]:
    """The moved levers that do this, whosever they are."""
    return ((name, found) for name, found in spans.items() if find_lever(name).role == role)


def _acts(scenario: Scenario, name: str, span: Span) -> list[dict[str, Any]]:
    lever = find_lever(name)
    return ACTS[lever.role](scenario, span, lever.owner)


def _spans_of_duration(name: str, spans: Mapping[str, list[Span]]) -> list[Span]:
    """How long a measure lasts: of the lever beside it, against the same state."""
    owner = find_lever(name).owner
    return [
        span
        for other, found in _of_role(spans, "months")
        if find_lever(other).owner == owner
        for span in found
    ]


def _names(state: str) -> Callable[[Event], bool]:
    """Whether an act is one of China's that names this state, or the EU whose member it is."""
    return lambda event: (
        event.actor == EXPORTER
        and bool({state, Facts.default().government_of(state)} & set(event.targets))
        and event.kind in (*EXPORT_CONTROLS, *SIGNALS, "technology_ban", "suspension")
    )


def _exempt_state(event: Event, state: str) -> Event | None:
    """The act against all whom it names but this state; None where it names nobody else. Of the EU
    its other members are left.
    """
    if not state:
        return None
    left = [
        other
        for target in event.targets
        for other in _members_without_state(
            target, state, Facts.default().states_of(target, event.actor)
        )
    ]
    return replace(event, targets=tuple(dict.fromkeys(left))) if left else None


def _members_without_state(target: str, state: str, members: tuple[str, ...]) -> tuple[str, ...]:
    """A target without a state: as it is where the state is no member of it."""
    return tuple(member for member in members if member != state) if state in members else (target,)


def _licenses(event: Event) -> bool:
    return event.actor == EXPORTER and event.kind in LICENCES


def _cut_events_in_span(
    scenario: Scenario,
    acts: list[list[Event]],
    span: Span,
    which: Callable[[Event], bool],
    state: str = "",
) -> list[list[Event]]:
    """Lists of events without the months of *span*: an act ends the month before, and comes back
    after it where it would still be in force. With a *state*, an act stays in these months against
    the others whom it names.
    """
    again: dict[str, list[Event]] = {}

    def parts(event: Event) -> Iterator[Event]:
        first, end = event.month_index(scenario.start), event.end_index(scenario.start)
        last = scenario.months - 1 if end is None else min(end, scenario.months - 1)
        if not which(event) or last < span.first or (span.last is not None and first > span.last):
            yield event
            return
        moment = event.kind in SIGNALS
        if first < span.first:
            yield replace(event, end=last_day(month_name(scenario.start, span.first - 1)))
        others = _exempt_state(event, state)
        if others is not None and not (moment and first < span.first):
            if span.last is not None and last > span.last and not moment:
                others = replace(others, end=last_day(month_name(scenario.start, span.last)))
            if first < span.first:
                others = _restart_act_from(scenario, others, span.first)
                again.setdefault(event.id, []).append(others)
            yield others
        if span.last is not None and last > span.last and not moment:
            back = _restart_act_from(scenario, event, span.last + 1)
            again.setdefault(event.id, []).append(back)
            yield back

    left = [[part for event in events for part in parts(event)] for events in acts]
    return [
        [part for event in events for part in _suspended_again(event, again)] for events in left
    ]


def _restart_act_from(scenario: Scenario, event: Event, month: int) -> Event:
    """An act from the first day of a month on, under an id of its own."""
    return replace(
        event,
        date=f"{month_name(scenario.start, month)}-01",
        id=f"{event.id[:28]}-from-{month}",
    )


def _suspended_again(event: Event, again: Mapping[str, list[Event]]) -> Iterator[Event]:
    """An event; where it suspends an act that goes on under other ids, so that it suspends these
    too.
    """
    parts = again.get(event.get("of", ""), []) if event.kind == "suspension" else []
    under = [
        part
        for place, part in enumerate(parts, start=1)
        if not (event.end and event.end < part.date)
        and (place == len(parts) or not part.end or part.end >= event.date)
    ]
    if not under or event.date < parts[0].date:
        yield event
    for part in under:
        begins = max(event.date, part.date)
        fields = tuple((key, part.id if key == "of" else value) for key, value in event.fields)
        yield replace(
            event,
            date=begins,
            fields=fields,
            id=event.id
            if event.date == begins
            else event.id[:28] + part.id[part.id.rindex("-from-") :],
        )


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
    if find_lever(name).role == "measure":
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
