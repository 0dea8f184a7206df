"""Acts and those who act (M6, M12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coercivity.agents.columns import BoolArray, FloatArray
from coercivity.agents.part import Part
from coercivity.agents.state import Government
from coercivity.model.events import Event
from coercivity.model.parts.memory import Geopolitics


@dataclass(frozen=True, eq=False)
class FirmActs:
    """What the acts in force ask of buyers. Made anew when acts change and never written to, so that a fork may share it."""

    cover: FloatArray | float = 0.0  # by need: months of stock beyond the firm's habit
    pull: FloatArray | float = 1.0  # by link: what is left of a seller's pull
    seeking: BoolArray | None = None  # by need: whether its firm turns away from a supplier and looks for others; None: nobody does
    builds: tuple[Event, ...] = ()  # plants that are to be begun this month


NOBODY = FirmActs()


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
