"""The script of a run: acts by date, those in force, threats that are open, and who governs (M6, M12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from coercivity.agents.part import Part
from coercivity.agents.state import Government
from coercivity.model.firm_acts import NOBODY, FirmActs
from coercivity.model.names import GOVERNMENTS
from coercivity.model.scenario import Scenario

if TYPE_CHECKING:
    from coercivity.model.events import Event
    from coercivity.model.geopolitics import Geopolitics


class Politics(Part):
    """Acts and those who act. Governments are agents of their world: a fork makes its own."""

    memory: Geopolitics  # what politics keeps in mind beside each government's own

    def __init__(self, script: tuple[Event, ...]) -> None:
        self.script = script
        self.in_force: tuple[Any, ...] = ()
        self.threats: list[tuple[int, tuple[int, ...], int]] = []  # sender, targets, month
        self.technology_ban = False
        self.quota_rate = 0.0  # t/month of the export quota last announced
        self.firm_acts: FirmActs = NOBODY
        self.governments: list[Government] = []
        self.government_of_state: list[Government] = []


def in_order(events: Iterable[Event], scenario: Scenario) -> tuple[Event, ...]:
    """Acts by date; on one day, those of governments that decide come last, in the order of GOVERNMENTS, whoever wrote them."""

    def place(event: Event) -> tuple[str, int]:
        decides = bool(event.actor) and scenario.mode_of(event.actor) != "scripted"
        return event.date, 1 + GOVERNMENTS.index(event.actor) if decides else 0

    return tuple(sorted(events, key=place))
