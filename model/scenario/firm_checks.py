"""Acts of firms that a scenario gets wrong: a firm, a host or a date that does not exist costs one
clear message.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import PROCESSES, STATES

if TYPE_CHECKING:
    from coercivity.model.scenario.event import Event

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


def hosts(process: str, start: str) -> tuple[str, ...]:
    """States in which a firm may build: those where a plant of this process is planned at a start
    (options.csv), then those outside China where one runs.
    """
    from coercivity.model.start.balanced import balanced_start

    rows = load_table("options").where(start=start)
    planned = [
        row["state"] for row in rows if row["process"] == process and row["kind"] != "sister"
    ]
    run = balanced_start(start).run[PROCESSES.index(process)]
    return tuple(
        dict.fromkeys(
            (
                *planned,
                *(
                    state
                    for state, tonnes in zip(STATES, run, strict=True)
                    if tonnes > 0 and state != "China"
                ),
            )
        )
    )


def check_firm_acts(events: Iterable[Event], start: str, firms_per_sector: int, where: str) -> None:
    """What acts of firms can get wrong in a world that begins at start. Raises InputError with one
    line. Costs nothing where there are none.
    """
    for event in events:
        where_event = f"{where}, event {event.id}"
        if event.kind not in FIRM_KINDS:
            if event.get("firm"):
                _check_firm(event.get("firm"), start, firms_per_sector, where_event, belongs_to)
            continue
        if event.get("firm"):
            _check_firm(event.get("firm"), start, firms_per_sector, where_event)
        if event.kind == "firm_build":
            _check_host(event, start, where_event)
        elif (
            event.kind == "firm_supplier"
            and not event.get("firm")
            and event.get("away_from") in event.get("states")
        ):
            raise InputError(
                f"{where_event}: away_from '{event.get('away_from')}' is one of the states whose "
                "firms turn away; write another state"
            )


def _check_host(event: Event, start: str, where: str) -> None:
    process, state = event.get("process"), event.get("state")
    possible = hosts(process, start)
    if state not in possible:
        fix = f"use one of: {', '.join(possible)}" if possible else "choose another process"
        raise InputError(
            f"{where}: state '{state}' has no plant of {process}, planned or running, in a "
            f"world of {start}; {fix}"
        )
    if month_index(start, event.date) < 0:
        raise InputError(
            f"{where}: date '{event.date}' is before the first month {start}, and a plant "
            "cannot be begun then; use a later date"
        )


def _check_firm(
    firm: str,
    start: str,
    firms_per_sector: int,
    where: str,
    is_of: Callable[[str, str], bool] = is_plant_of,
) -> None:
    from coercivity.model.start.population import census

    names = census(start, firms_per_sector).names
    if any(is_of(firm, name) for name in names):
        return
    lowered = {name.lower(): name for name in reversed(names)}
    close = [
        lowered[name]
        for name in difflib.get_close_matches(firm.lower(), list(lowered), n=3, cutoff=0.5)
    ]
    inside = [name for name in names if firm.lower() in name.lower()][:3]
    close_names = list(dict.fromkeys((*inside, *close)))[:3]
    fix = (
        f"did you mean {' or '.join(repr(name) for name in close_names)}?"
        if close_names
        else "leave it out for all firms of the states"
    )
    raise InputError(f"{where}: firm '{shorten(firm)}' is not a firm of {start}; {fix}")
