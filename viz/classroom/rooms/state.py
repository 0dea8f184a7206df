"""What events change in a room: who sits where, the phase and its clock, sheets and offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coercivity.model.basis.errors import InputError, Phrase
from coercivity.viz.classroom.engine.market import Bet
from coercivity.viz.classroom.engine.pieces import Game
from coercivity.viz.classroom.engine.press import Headline
from coercivity.viz.classroom.rooms.pieces import (
    REHEARSAL_SECONDS,
    ROUND_SECONDS,
    RULES_NOW,
    WORDS,
    Clock,
    Offer,
    Person,
    Proposal,
    Sheet,
    Team,
)


@dataclass(eq=False)
class RoomState:
    """All that the rules read and change; a room adds who watches and what is kept."""

    code: str
    game: Game
    phase: str = "lobby"
    decides: str = "captain"  # who seals a team's sheet: captain | majority
    roles: tuple[str, ...] = ()  # places beside the seats
    rehearsal: bool = False  # simulated people play, and may be joined by others
    solo: bool = False  # one person plays one seat, without a facilitator and a clock
    spoken: str = "en"  # in which it was made, and simulated people speak
    rules: int = RULES_NOW  # of an older journal: those by which its room was played
    people: dict[int, Person] = field(default_factory=dict)  # by number
    teams: dict[str, Team] = field(default_factory=dict)  # by seat
    joined: int = 0  # people of the whole game, which numbers them
    proposals: dict[str, list[Proposal]] = field(default_factory=dict)  # of this round, by seat
    proposed: int = 0
    ready: dict[str, set[int]] = field(default_factory=dict)  # by seat, where a majority seals
    backs: dict[str, dict[int, bool]] = field(default_factory=dict)  # parliaments, by seat
    voted: dict[tuple[int, str], dict[int, bool]] = field(default_factory=dict)  # of rounds over
    headlines: list[Headline] = field(default_factory=list)  # of the whole game
    bets: list[Bet] = field(default_factory=list)  # of the whole game
    sheets: dict[str, Sheet] = field(default_factory=dict)
    opened: dict[str, Sheet] = field(default_factory=dict)  # that fit no longer, by seat
    offers: list[Offer] = field(default_factory=list)
    predictions: dict[tuple[str, str], tuple[str, float | None]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)  # seats that look without predicting again
    shown: bool = False  # whether the facilitator lets all see what came of the question
    notices: dict[str, InputError] = field(default_factory=dict)  # why a sheet is open, by seat
    clock: Clock = field(default_factory=Clock)
    cut: int = 0  # rounds that were not played, as the game was ended before
    peeks: bool = False  # the facilitator has opened this round's sealed sheets; all are told
    changed_at: float = 0.0  # when the last event happened
    offered: int = 0  # offers of the whole game, which numbers them
    acts: Counter[str] = field(default_factory=Counter, repr=False)  # of each hand in this round
    weight: Counter[str] = field(default_factory=Counter, repr=False)  # the same in bytes

    def __post_init__(self) -> None:
        self.clock = Clock(self.seconds)

    @property
    def seconds(self) -> float:
        """How long the clock of a round is at its start."""
        return REHEARSAL_SECONDS if self.rehearsal else ROUND_SECONDS

    def at(self, place: str) -> list[Person]:
        """Who is in a place, in the order in which they came."""
        return [person for person in self.people.values() if person.place == place]

    def person_of(self, event: Mapping[str, Any]) -> Person:
        """The person that an event names."""
        number = event.get("person")
        found = self.people.get(number) if type(number) is int else None  # True is no number
        if found is None:
            raise InputError(
                "person '{value}' is not in this room (any more)",
                "look at the page again, or join with the code",
                value=number,
            )
        return found

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Seats with a team that is still asked what it predicts after the game."""
        return tuple(
            seat
            for seat in self.game.seats
            if seat in self.teams
            and seat not in self.passed
            and ("after", seat) not in self.predictions
        )

    @property
    def is_told(self) -> bool:
        """Whether all may see what came of the question that all predict: once no team is asked any
        more, or the facilitator goes on.
        """
        return self.phase == "debrief" and (self.shown or not self.unsaid)

    def accepted(self) -> list[dict[str, Any]]:
        """Deals that both sides have accepted in this round."""
        return [offer.deal for offer in self.offers if offer.state == "accepted"]

    def seat_of(self, event: Mapping[str, Any], name: str = "seat") -> str:
        """The seat that an event names."""
        seat = event.get(name)
        if seat not in self.game.seats:
            raise InputError(
                "seat '{value}' is not played in this room", "look at the page again", value=seat
            )
        return str(seat)

    def wants(self, *phases: str) -> None:
        """Refuse what belongs in other phases."""
        if self.phase not in phases:
            awaited, *others = (Phrase(WORDS[phase]) for phase in phases)
            for other in others:
                awaited = Phrase.of("{one} or {other}", one=awaited, other=other)
            raise InputError(
                "not now: {phase}",
                "wait until {phases}",
                phase=Phrase(WORDS[self.phase]),
                phases=awaited,
            )

    def offer(self, event: Mapping[str, Any]) -> Offer:
        """The offer that an event names."""
        for offer in self.offers:
            if offer.number == event.get("offer"):
                return offer
        raise InputError(
            "offer '{value}' is not among those of this round",
            "look at the list again",
            value=event.get("offer"),
        )
