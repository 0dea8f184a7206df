"""What a room of the class game is made of: who sits there, sheets, offers, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeGuard

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.pieces import Move
from coercivity.viz.classroom.rooms.tokens import clean
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
    line = clean(text)
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
class Steady:
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
