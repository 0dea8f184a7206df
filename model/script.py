"""The script of a run: acts by date (M6, M12)."""

from __future__ import annotations

from collections.abc import Iterable

from coercivity.model.events import Event
from coercivity.model.names import GOVERNMENTS
from coercivity.model.scenario import Scenario


def in_order(events: Iterable[Event], scenario: Scenario) -> tuple[Event, ...]:
    """Acts by date; on one day, those of governments that decide come last, in the order of GOVERNMENTS, whoever wrote them."""

    def place(event: Event) -> tuple[str, int]:
        decides = bool(event.actor) and scenario.mode_of(event.actor) != "scripted"
        return event.date, 1 + GOVERNMENTS.index(event.actor) if decides else 0

    return tuple(sorted(events, key=place))
