"""Acts and those who act (M6, M12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, Unpickled
from coercivity.agents.base.part import Part
from coercivity.agents.base.stacked import Stacked
from coercivity.agents.governments.government import Government
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import MOMENTS
from coercivity.model.parts.memory import Geopolitics
from coercivity.model.scenario.event import Event


@dataclass(frozen=True, eq=False)
class FirmActs(Unpickled):
    """What the acts in force ask of buyers. Made anew when acts change and never written to, so
    that a fork may share it.
    """

    cover: FloatArray | float = 0.0  # by need: months of stock beyond the firm's habit
    pull: FloatArray | float = 1.0  # by link: what is left of a seller's pull
    # by need: whether its firm turns away from a supplier and looks for others; None: nobody does
    seeking: BoolArray | None = None
    builds: tuple[Event, ...] = ()  # plants that are to be begun this month


NOBODY = FirmActs()


class Days(NamedTuple):
    """Days of a month on which the same acts are in force."""

    share: float  # of the days of the month
    acts: tuple[Event, ...]


class ActsInForce(NamedTuple):
    """What is in force in a month."""

    acts: tuple[Event, ...]  # on any of its days
    cut: tuple[Days, ...]  # the month where acts begin or end within it


class Agenda(Part):
    """The dates of a script as months, read once: when acts fall due, and when what is in force may
    change. From one such turn to the next all months are alike, and what holds in them is kept.
    """

    SHARED: ClassVar[tuple[str, ...]] = ("due", "by_kind", "known", "turns")

    def __init__(self, script: tuple[Event, ...], start: str, rulings: tuple[Any, ...]) -> None:
        self.script, self.start, self.rulings = script, start, rulings
        self.due: dict[int, list[Event]] = {}  # by the month of the first day
        self.by_kind: dict[str, list[Event]] = {}
        self.known: dict[int, ActsInForce] = {}  # by the number of turns before
        turns: set[int] = set()  # months of a first or last day, and those after them
        for event in script:
            first, last = event.month_index(start), event.end_index(start)
            self.due.setdefault(first, []).append(event)
            self.by_kind.setdefault(event.kind, []).append(event)
            if event.kind not in MOMENTS:
                ends = () if last is None else (last, last + 1)
                turns.update((first, first + 1, *ends))
        self.turns = sorted(turns)


class Politics(Part):
    """Acts and those who act. Governments are agents of their world: a fork makes its own."""

    SHARED: ClassVar[tuple[str, ...]] = ("listed",)

    choices: frozenset[str] = frozenset()  # ids of the acts that players have chosen
    memory: Geopolitics  # what politics keeps in mind beside each government's own

    def __init__(self, facts: Facts, events: Iterable[Event], modes: Mapping[str, str]) -> None:
        self.facts = facts
        self.modes = dict(modes)  # by government: autonomous or played; the others are scripted
        self.script = self.in_order(events)
        self.in_force: tuple[Any, ...] = ()  # on any day of the month
        self.cut: tuple[Days, ...] = ()  # the month where acts begin or end within it
        self.threats: list[tuple[int, tuple[int, ...], int]] = []  # sender, targets, month
        self.technology_ban = False
        self.quota_rate = 0.0  # t/month of the export quota last announced
        self.firm_acts: FirmActs = NOBODY
        self.agenda = Agenda((), "", ())
        # by act: the rows of firms that it lists, and the part of each that is covered
        self.listed: dict[Event, tuple[IntArray, FloatArray]] = {}
        self.governments: list[Government] = []
        self.minds = Stacked("tension", "floor", "memory")  # of the governments, in their order
        self.government_of_state: list[Government] = []

    @property
    def spells(self) -> tuple[Days, ...]:
        """The month in parts with the same acts in force; one part where nothing changes."""
        return self.cut or (Days(1.0, self.in_force),)

    def share(self, event: Event) -> float:
        """Share of the days of the month on which an act is in force (0-1)."""
        return sum(days.share for days in self.spells if event in days.acts)

    def dates(self, start: str) -> Agenda:
        """The agenda of the script, made anew when acts were added or a ruling has ended some."""
        rulings = (*self.memory.ruled, *self.memory.ended.items())
        agenda = self.agenda
        made_of = agenda.script is self.script and agenda.start == start
        if not made_of or agenda.rulings != rulings:
            self.agenda = Agenda(self.script, start, rulings)
        return self.agenda

    def in_order(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Acts by date; on one day, those of governments that decide come last, in the order of
        GOVERNMENTS, whoever wrote them.
        """

        def place(event: Event) -> tuple[str, int]:
            decides = bool(event.actor) and self.modes.get(event.actor, "scripted") != "scripted"
            return event.date, 1 + self.facts.governments.index(event.actor) if decides else 0

        return tuple(sorted(events, key=place))

    def enact(self, event: Event) -> None:
        """Add an act to the script while the world runs; it is announced and laid on the border in
        the month of its date.
        """
        self.script = self.in_order((*self.script, event))
