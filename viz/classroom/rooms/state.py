"""What a room of the class game is made of (who sits there, sheets, offers, the clock), and what
events change in it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeGuard

from coercivity import InputError
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine.game_state import Game, Move
from coercivity.viz.classroom.engine.market import Bet
from coercivity.viz.classroom.engine.press import Headline
from coercivity.viz.classroom.rooms.tokens import clean_text
from coercivity.viz.words.language import noted

ROUND_SECONDS: Final = 360.0
REHEARSAL_SECONDS: Final = 40.0  # the same, where simulated people play
# of rooms. 2: a sheet that fits no longer is sealed at the close as far as it does
# 3: an accepted deal is open again when its parliament no longer backs it
RULES_NOW: Final = 3
Event = dict[str, Any]
WORDS: Final = {
    "lobby": noted("before the game begins"),
    "brief": noted("the briefs are read"),
    "talk": noted("teams talk and seal"),
    "sealed": noted("the round is closed"),
    "reveal": noted("the round is revealed"),
    "debrief": noted("the game is over"),
}


PRESS: Final = "press"
MARKET: Final = "market"
BOARD: Final = "board:"  # and the seat whose parliament it is
LONGEST_TEXT: Final = 90  # characters of a headline


def is_role(place: str) -> bool:
    """Whether a place is no seat of the game."""
    return place in (PRESS, MARKET) or place.startswith(BOARD)


def kind_of(place: str) -> str:
    """What a place is by its kind: BOARD for any parliament, else the place itself."""
    return BOARD if place.startswith(BOARD) else place


def roles_of(seats: Iterable[str], governments: Iterable[str]) -> tuple[str, ...]:
    """The roles that a room with these seats can have: press, market, and a parliament for each
    government but the exporter's.
    """
    able = [seat for seat in seats if seat in governments and seat != "exporter"]
    return (PRESS, MARKET, *(BOARD + seat for seat in able))


def plain_move(move: Move) -> dict[str, Any]:
    """A move as plain values."""
    return {"card": move.card, **dict(move.choices), **({"why": move.why} if move.why else {})}


def clean_line(text: object) -> str:
    """A headline as somebody typed it: plain, and not too long. Raises InputError."""
    line = clean_text(text)
    if len(line) > LONGEST_TEXT:
        raise InputError(
            "headline '{value}' has {count} characters",
            "use at most {high}",
            value=line,
            count=len(line),
            high=LONGEST_TEXT,
        )
    return line


def is_time(moment: object) -> TypeGuard[float]:
    """Whether this is seconds since 1970 as a clock could say them: a number, not too large for
    one, and not NaN.
    """
    return (
        isinstance(moment, (int, float)) and not isinstance(moment, bool) and -1e12 < moment < 1e12
    )


class Keeper(Protocol):
    """Where events go: the journal of a room."""

    def append(self, event: Event) -> InputError | None:
        """Keep one more event.

        Returns what had befallen the file and is mended, None for nothing. Raises OSError while the
        disk does not have it.
        """
        ...

    def settle(self) -> InputError | None:
        """Let the disk have what it does not have yet. Returns and raises as `append`."""
        ...


@dataclass(frozen=True)
class Person:
    """Somebody in a room: a number by the order of joining, a name, the digest of a token, and the
    place: a seat, or a role; in a rehearsal most are simulated.
    """

    number: int
    name: str
    token: str
    place: str
    robot: bool = False


@dataclass
class Team:
    """Who plays a seat together: the team's name and the number of its captain."""

    name: str
    captain: int


@dataclass
class Proposal:
    """A card that somebody of a team proposes for this round, with the votes by person."""

    number: int
    by: int
    move: dict[str, Any]
    votes: dict[int, bool] = field(default_factory=dict)

    @property
    def balance(self) -> int:
        """Votes for it less votes against it."""
        return sum(1 if yes else -1 for yes in self.votes.values())


@dataclass
class Sheet:
    """The sealed moves of a seat, as plain values, and whether the facilitator entered them from
    paper.
    """

    moves: list[dict[str, Any]]
    paper: bool = False


@dataclass
class Offer:
    """A deal that one seat offers another in this round."""

    number: int
    by: str
    deal: dict[str, Any]
    state: str = "open"  # open | accepted | declined | withdrawn
    paper: bool = False  # entered by the facilitator

    @property
    def parties(self) -> tuple[str, str]:
        """Both seats."""
        return str(self.deal["first"]), str(self.deal["other"])


@dataclass
class Clock:
    """A clock that runs down: seconds left at a moment, and whether it runs."""

    left: float = ROUND_SECONDS
    since: float = 0.0
    runs: bool = False

    def at(self, now: float) -> float:
        """Seconds left."""
        return max(0.0, self.left - (max(0.0, now - self.since) if self.runs else 0.0))


@dataclass
class SteadyClock:
    """The time of day, carried on by a clock that nobody sets: a jump of the machine's clock ends
    no round and makes no room old.
    """

    pace: Callable[[], float] = time.monotonic
    day: float = field(default_factory=time.time)
    since: float = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.pace()

    def __call__(self) -> float:
        return self.day + self.pace() - self.since


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
