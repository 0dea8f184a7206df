"""Asking for many histories of a game's decisions and of its twin's, for the debrief: those of the
first draws before the others, and then what the gravest decisions changed in these. The same for
all in a room, so that the workers run each of them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import solara

from coercivity.viz.classroom.engine.debrief import game_without
from coercivity.viz.classroom.engine.game_histories import (
    DRAWS,
    FIRST,
    History,
    bare_game,
    bare_twin,
)
from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.screens.streamed_answers import ask_all

TOLD_EVERY: Final = 4  # answers between two looks at them: forty pages are drawn anew each time
MINE, QUIET = "game", "twin"
Question = tuple[
    str, int
]  # the game, its twin, or the key of a decision that it goes without; draw


@dataclass
class FoundHistories:
    """The histories that have come so far; those that will not come, as they failed, are named."""

    histories: dict[Question, History] = field(default_factory=dict)
    failed: set[Question] = field(default_factory=set)

    def of(self, name: str) -> dict[int, History]:
        """Those of one game, by draw."""
        return {number: one for (asked, number), one in self.histories.items() if asked == name}

    def has(self, questions: Iterable[Question]) -> bool:
        """Whether nothing more is to come of these."""
        return all(one in self.histories or one in self.failed for one in questions)


@dataclass(frozen=True)
class Bands:
    """Histories of a game's decisions by draw, those of its twin, and those of the game without
    each of some decisions, by their keys, once all of them are there. moved: whether China did
    anything new; seats: those that are played; settled: whether no more of the game and its twin
    come; pending: decisions of which more come.
    """

    mine: dict[int, History]
    quiet: dict[int, History]
    without: dict[str, dict[int, History]]
    moved: bool
    seats: tuple[str, ...]
    settled: bool
    pending: tuple[str, ...]


def use_bands(game: Game, grave: tuple[str, ...]) -> Bands:
    """The draws of a game and of its twin that have come so far; when all are there, those without
    the decisions of the keys *grave*.
    """
    games = solara.use_memo(lambda: games_of(game, grave), [game, grave])
    found = solara.use_memo(FoundHistories, [game])
    _, set_count = solara.use_state(0)
    both = (MINE, QUIET) if QUIET in games else (MINE,)
    pairs = [(name, number) for number in range(DRAWS) for name in both]
    soon = [one for one in pairs if one[1] < FIRST]
    questions = soon
    if found.has(soon):
        questions = pairs
    if found.has(pairs):
        questions = [*pairs, *((key, number) for key in grave for number in range(FIRST))]
    solara.use_effect(
        lambda: _ask_missing(games, questions, found, lambda: set_count(lambda before: before + 1)),
        [game, tuple(questions)],
    )
    mine = found.of(MINE)
    there = [key for key in grave if found.has((key, number) for number in range(FIRST))]
    return Bands(
        mine,
        found.of(QUIET) if QUIET in games else mine,
        {key: found.of(key) for key in there},
        QUIET in games,
        game.seats,
        found.has(pairs),
        tuple(key for key in grave if key not in there),
    )


def games_of(game: Game, grave: tuple[str, ...]) -> dict[str, Game]:
    """What is run, by name, bare: the twin only where China did anything new."""
    mine, quiet = bare_game(game), bare_twin(game)
    games = {MINE: mine} | {key: game_without(mine, key) for key in grave}
    return games if quiet == mine else games | {QUIET: quiet}


def _ask_missing(
    games: Mapping[str, Game],
    questions: list[Question],
    found: FoundHistories,
    tell: Callable[[], None],
) -> Callable[[], None]:
    """Ask for what is not there yet; returns what takes the questions back."""

    def take(question: Question, value: Any, problem: str) -> None:
        if problem:
            found.failed = {*found.failed, question}
        else:
            found.histories = {
                **found.histories,
                question: unpack_history(value),
            }  # others may read
        if len(found.histories) % TOLD_EVERY == 0 or found.has(questions):
            tell()

    left = [one for one in questions if not found.has([one])]
    return ask_all(game_jobs.draw, {one: (games[one[0]], one[1]) for one in left}, take)


@lru_cache(maxsize=512)
def unpack_history(text: str) -> History:
    """A history as workers pack it; many pages ask for the same."""
    return History.unpacked(text)
