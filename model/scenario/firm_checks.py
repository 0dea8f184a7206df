"""Acts of firms in a scenario: a wrong firm, host or date costs one clear message."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Final

from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, Phrase, wrong_field
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.overlay import NO_ROWS, Beginning, OwnRows, table_of
from coercivity.model.scenario.event import Event, event_place
from coercivity.model.start.balanced import balanced_start
from coercivity.model.start.population import Census, census

FIRM_KINDS: Final = ("firm_stock", "firm_supplier", "firm_build")


def is_plant_of(firm: str, name: str) -> bool:
    """Whether a row of the firms' table belongs to a firm: it has its name, alone or with a bracket
    behind it, as 'TDK' and 'TDK (standard)'.
    """
    return name == firm or name.startswith(f"{firm} (")


def belongs_to(firm: str, name: str) -> bool:
    """Whether a plant is of an owner that support names: its name is the owner's, or begins with
    it and a blank, as 'MP' and 'MP 10X (Northlake)'.
    """
    return name == firm or name.startswith(f"{firm} ")


def hosts(facts: Facts, process: str, start: str, own: OwnRows = NO_ROWS) -> tuple[str, ...]:
    """States in which a firm may build: those where a plant of this process is planned at a start
    (options.csv), then those outside China where one runs.
    """
    rows = table_of(facts, "options", own).where(start=start)
    planned = [
        row["state"] for row in rows if row["process"] == process and row["kind"] != "sister"
    ]
    run = balanced_start(facts, start, own).run[facts.processes.index(process)]
    running = [state for state, tonnes in zip(facts.states, run, strict=True) if tonnes > 0]
    return tuple(dict.fromkeys((*planned, *(state for state in running if state != "China"))))


def check_firm_acts(events: Iterable[Event], begin: Beginning, where: str | Phrase) -> None:
    """What acts of firms can get wrong in a world that begins so. Raises InputError with one line.
    Costs nothing where there are none.
    """
    events = tuple(events)
    for event in events:
        where_event = event_place(where, event.id)
        if event.kind not in FIRM_KINDS:
            if event.get("firm"):
                _check_firm(event.get("firm"), begin, where_event, belongs_to)
                _check_reached(event, events, begin, where_event)
            continue
        if event.get("firm"):
            _check_firm(event.get("firm"), begin, where_event)
        if event.kind == "firm_build":
            _check_host(event, begin, where_event)
        elif (
            event.kind == "firm_supplier"
            and not event.get("firm")
            and event.get("away_from") in event.get("states")
        ):
            raise InputError(
                "{field} '{value}' is one of the states whose firms turn away",
                "write another state",
                **wrong_field(where_event, "away_from", event.get("away_from")),
            )


def _check_reached(
    event: Event, events: tuple[Event, ...], begin: Beginning, where: Phrase
) -> None:
    """Refuse support for a firm without a plant of these stages or goods in the act's hosts."""
    facts = event.facts
    plants = reachable_plants(event, events, *begin)
    if any(belongs_to(event.get("firm"), name) for name in plants):
        return
    people = census(*begin)
    rows = [row for row, name in enumerate(people.names) if belongs_to(event.get("firm"), name)]
    has = list(
        dict.fromkeys((_stage(facts, people, row), _state(facts, people, row)) for row in rows)
    )[:4]
    names = [Phrase.of("{stage} in {state}", stage=stage, state=state) for stage, state in has]
    firm, places = event.get("firm"), event.get("hosts") or facts.states_of(event.actor)
    if goods := _goods_of(event):
        raise InputError(
            "{field} '{value}' has no plant that sells {goods} in {places}",
            "it has {names}: write other hosts, or leave firm out",
            **wrong_field(where, "firm", firm),
            goods=goods,
            places=places,
            names=names,
        )
    raise InputError(
        "{field} '{value}' has no plant of {stages} in {places}",
        "it has {names}: write other hosts or stages, or leave firm out",
        **wrong_field(where, "firm", firm),
        stages=event.get("stages"),
        places=places,
        names=names,
    )


def reachable_plants(
    event: Event,
    events: tuple[Event, ...],
    facts: Facts,
    start: str,
    firms_per_sector: int,
    own: OwnRows = NO_ROWS,
) -> list[str]:
    """Names of the plants that an act of support may be for in a world that begins at start: of its
    stages, or sellers of its goods, in its hosts, else in the states of its actor and of all who
    are ever in a coalition with it. None in China.
    """
    people = census(facts, start, firms_per_sector, own)
    governments = _with_partners(event.actor, events)
    places = event.get("hosts") or [
        state for name in governments for state in facts.states_of(name)
    ]
    goods = _goods_of(event)
    sellers = {
        int(firm)
        for firm, good in zip(people.offers.firm, people.offers.good, strict=True)
        if facts.goods[good] in goods
    }
    return [
        name
        for row, name in enumerate(people.names)
        if _state(facts, people, row) in places
        and _state(facts, people, row) != "China"
        and (row in sellers if goods else _stage(facts, people, row) in event.get("stages"))
    ]


def _with_partners(actor: str, events: tuple[Event, ...]) -> set[str]:
    """A government and all who are ever in a coalition with it, also through others."""
    together, before = {actor}, set[str]()
    while together != before:
        before = set(together)
        for event in events:
            if event.kind == "coalition" and together & set(event.get("members")):
                together |= {*event.get("members"), *event.get("outside")}
    return together


def _goods_of(event: Event) -> tuple[str, ...]:
    """Goods whose sellers a floor or an offtake is for; none for other acts."""
    if event.kind == "price_floor":
        return (event.get("good"),)
    return event.goods if event.kind == "offtake" else ()


def _state(facts: Facts, people: Census, row: int) -> str:
    return facts.states[int(people.firms.state[row])]


def _stage(facts: Facts, people: Census, row: int) -> str:
    process = int(people.firms.process[row])
    return (
        facts.process_stage[facts.processes[process]]
        if process < len(facts.processes)
        else "end_use"
    )


def _check_host(event: Event, begin: Beginning, where: Phrase) -> None:
    process, state, start = event.get("process"), event.get("state"), begin.start
    possible = hosts(event.facts, process, start, begin.own)
    if state not in possible:
        raise InputError(
            "{field} '{value}' has no plant of {name}, planned or running, in a world of {low}",
            Phrase.of("use one of: {names}", names=possible)
            if possible
            else "choose another process",
            **wrong_field(where, "state", state),
            name=process,
            low=start,
        )
    if month_index(start, event.date) < 0:
        raise InputError(
            "{field} '{value}' is before the first month {low}, and a plant cannot be begun then",
            "use a later date",
            **wrong_field(where, "date", event.date),
            low=start,
        )


def _check_firm(
    firm: str,
    begin: Beginning,
    where: Phrase,
    is_of: Callable[[str, str], bool] = is_plant_of,
) -> None:
    names = census(*begin).names
    if any(is_of(firm, name) for name in names):
        return
    lowered = {name.lower(): name for name in reversed(names)}
    close = [
        lowered[name]
        for name in difflib.get_close_matches(firm.lower(), list(lowered), n=3, cutoff=0.5)
    ]
    inside = [name for name in names if firm.lower() in name.lower()][:3]
    close_names = list(dict.fromkeys((*inside, *close)))[:2]
    raise InputError(
        "{field} '{value}' is not a firm of {low}",
        Phrase.of("did you mean '{one}' or '{other}'?", one=close_names[0], other=close_names[1])
        if close_names[1:]
        else Phrase.of("did you mean '{name}'?", name=close_names[0])
        if close_names
        else "leave it out for all firms of the states",
        **wrong_field(where, "firm", firm),
        low=begin.start,
    )
