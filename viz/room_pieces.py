"""What a room of the class game is made of: who sits there, sheets, offers, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

ROUND_SECONDS: Final = 360.0
Event = dict[str, Any]
WORDS: Final = {
    "lobby": "before the game begins", "brief": "the briefs are read", "talk": "teams talk and seal", "sealed": "the round is closed",
    "reveal": "the round is revealed", "debrief": "the game is over",
}  # fmt: skip


class Keeper(Protocol):
    """Where events go: the journal of a room."""

    def append(self, event: Event) -> None: ...


@dataclass
class Member:
    """Who sits in a seat: a team's name and the digest of its token."""

    name: str
    token: str


@dataclass
class Sheet:
    """The sealed moves of a seat, as plain values, and whether the facilitator entered them from paper."""

    moves: list[dict[str, Any]]
    paper: bool = False


@dataclass
class Offer:
    """A deal that one seat offers another in this round."""

    number: int
    by: str
    deal: dict[str, Any]
    state: str = "open"  # open | accepted | declined | withdrawn

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
