"""What a game consists of: moves, deals, rounds, predictions. Plain frozen data; nothing here knows
the world.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from coercivity.model.basis.calendar import month_name

START: Final = "2024-01"  # first month of a reading
FIRST: Final = "2026-01"  # first month of the game
ROUND_MONTHS: Final = 6
MOST_ROUNDS: Final = 8
# rules of deals and scores. 1: what a broken deal brought stands, and a breach costs no points
# 2: conceding costs the United States and the EU too, a breach voids and costs (decision 0080)
# 3: the world begins with the game, in January 2026; it lived from 2024 before (decision 0111)
GAME_RULES: Final = 3
# months after the last round in which nobody moves: plants decided late in the game need them to
# open
FOLLOW_UP: Final = 48
LEAD: Final = 24  # months of a reading before the first round
MOST_MOVES: Final = 2  # cards a seat may play in a round
MOST_DEALS: Final = 6  # deals a round
TEXT: Final = 300  # characters of a free text

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Move:
    """A card that a seat plays, with its choices and, if it likes, its reason. The card ``break``
    walks out of the deal that its choice names.
    """

    card: str
    choices: Choices = ()
    why: str = ""

    def get(self, name: str) -> str:
        """The option chosen, '' without one."""
        return dict(self.choices).get(name, "")


@dataclass(frozen=True)
class Deal:
    """A deal that two seats have accepted: who is its first party, who the other, and its terms."""

    kind: str
    first: str
    other: str
    choices: Choices = ()

    def get(self, name: str) -> str:
        """The term chosen, '' without one."""
        return dict(self.choices).get(name, "")

    @property
    def parties(self) -> tuple[str, str]:
        """Both seats."""
        return self.first, self.other


@dataclass(frozen=True)
class Round:
    """Half a year: deals are made first, then all seats move at once. ``moves`` has an entry for
    every seat that moved.
    """

    moves: tuple[tuple[str, tuple[Move, ...]], ...] = ()
    deals: tuple[Deal, ...] = ()

    def of(self, seat: str) -> tuple[Move, ...]:
        """The moves of a seat."""
        return dict(self.moves).get(seat, ())


@dataclass(frozen=True)
class Prediction:
    """What a seat expects: before or after the game, in words and as one number. No names."""

    when: str  # before | after
    seat: str
    text: str
    number: float | None


class Line(str):
    """A line of text that knows its sentence and what is filled in, so that it can be said again
    in another language.
    """

    wording: str
    values: Mapping[str, Any]

    def __new__(cls, wording: str, /, **values: Any) -> Line:
        line = super().__new__(cls, wording.format(**values))
        line.wording, line.values = wording, values
        return line


def unit_of(number: float) -> str:
    """Unit of a predicted number: months, or year where a game saved earlier was asked for one, for
    no game has so many months.
    """
    return "months" if number <= ROUND_MONTHS * MOST_ROUNDS + FOLLOW_UP else "year"


def predicted_words(number: float | None) -> str:
    """A predicted number in words: '7.5 months', '2027'; '' where there is none."""
    if number is None:
        return ""
    if unit_of(number) == "year":
        return f"{number:g}"
    return f"{number:g} {'month' if number == 1 else 'months'}"


@dataclass(frozen=True)
class Game:
    """A whole game as data: everything else is worked out from it again."""

    seed: int
    seats: tuple[str, ...]
    # what governments of empty seats do: scripted (nothing new) | autonomous (their rule decides)
    others: str
    binding: bool  # whether deals are enforced; else they can be broken at a cost to credibility
    length: int  # rounds
    title: str = ""
    rounds: tuple[Round, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    rules: int = GAME_RULES  # of a game saved earlier: those by which it was played

    @property
    def played(self) -> int:
        """Rounds played."""
        return len(self.rounds)

    @property
    def over(self) -> bool:
        """Whether the last round is played."""
        return self.played >= self.length

    @property
    def still(self) -> int:
        """Months of a reading that no world has lived: as it stands when the game begins."""
        return LEAD if self.rules > 2 else 0

    @property
    def now(self) -> int:
        """Months of a reading up to the coming round, or to the end of the last one."""
        return LEAD + ROUND_MONTHS * self.played

    @property
    def months(self) -> int:
        """Months of a reading up to the end of the follow-up."""
        return LEAD + ROUND_MONTHS * self.length + FOLLOW_UP


def round_month(number: int) -> str:
    """First month 'YYYY-MM' of a round, counted from 1."""
    return month_name(START, LEAD + ROUND_MONTHS * (number - 1))


def pack_json(value: Any) -> str:
    """Plain values as one string, for a template and from a worker."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
