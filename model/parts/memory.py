"""What the politics of a run keeps in mind (M12)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part
from coercivity.agents.governments import sender
from coercivity.agents.governments.government import Government
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.event import Event

YEAR = 12
ECONOMIC = ("quota", "export_duty")  # always pleaded as conservation of resources


class FeltAct(NamedTuple):
    """What a government did to others: a trigger, a control or a concession."""

    month: int
    actor: str
    hit: tuple[str, ...]  # governments
    severity: float
    kind: str
    issue: str


class Geopolitics(Part):
    """What the politics of a run has to keep in mind beside each government's own tension, memory
    and capability.
    """

    def __init__(
        self,
        facts: Facts,
        ladder: tuple[sender.Instrument, ...],
        laws: tuple[tuple[int, float], ...],
        governments: list[Government],
    ) -> None:
        self.ladder, self.laws = ladder, laws
        self.deciding = [g.name for g in governments if g.mode == "autonomous"]
        self.played = {g.name for g in governments if g.mode == "played"}
        self.history: list[FeltAct] = []
        self.concessions: list[FeltAct] = []
        # month of the ruling, id of the case, id of the act, who brought it
        self.disputes: list[tuple[int, str, str, str]] = []
        # (actor, kind) -> month in which a ruling ended such acts
        self.ended: dict[tuple[str, str], int] = {}
        self.ruled: dict[str, int] = {}  # cases decided -> month
        # (who brought it, actor, kind) -> month in which a case brought no relief; it is not
        # brought again
        self.lost: dict[tuple[str, str, str], int] = {}
        # (government, act or sender) -> month of its last answer
        self.answered: dict[tuple[str, str], int] = {}
        # (government, actor and kind) -> month in which it retaliated
        self.struck: dict[tuple[str, str], int] = {}
        self.began: dict[str, tuple[int, str]] = {}
        # USD million of output lost, by months ago
        self.losses = np.zeros((YEAR, len(facts.states)))
        # month since which the export quota has had a price, -1: it binds nobody
        self.bound_since = -1
        self.survey: Any = None
        self.value: FloatArray | None = None

    def known(
        self, event: Event, script: tuple[Event, ...], governments: list[Government], start: str
    ) -> tuple[int, str]:
        """(month in which acts of this kind by this actor towards any of the same states began
        without a break, how they are pleaded).
        """
        if event.id not in self.began:
            first = event.month_index(start)
            towards = set(event.target_states())
            alike = [
                e
                for e in script
                if e.kind == event.kind
                and e.actor == event.actor
                and towards & set(e.target_states())
            ]
            for other in sorted(alike, key=lambda e: e.date, reverse=True):
                end = other.end_index(start)
                if other.month_index(start) < first and (end is None or end >= first - 1):
                    first = other.month_index(start)
            able = next(g.capability for g in governments if g.name == event.actor)
            self.began[event.id] = (
                first,
                event.get("framing")
                or ("conservation" if event.kind in ECONOMIC else sender.framing(able)),
            )
        return self.began[event.id]
