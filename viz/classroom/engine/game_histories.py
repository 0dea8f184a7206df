"""Many histories of the decisions of one game: what luck made of them, and what is the class's own.

The acts of a game are run in the draws of the lab's ensembles, parameter vector and luck together
(experiments/lab/histories.py), so that a band here means what a range means in the lab. Those of
its twin, in which China sends no signal and takes no measure, are run in the same draws, so that
the two differ, draw by draw, by what China did alone. The class's own history is none of the
draws: it has the shipped parameters and the game's seed.

    luck: where a number of the class's history lies among those of the same decisions
    own:  number of the game - number of its twin, draw by draw; it stands out where coins would
          seldom part the pairs as unevenly (the sign test of histories.Apart)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coercivity.experiments.lab.histories import (
    DRAWS,
    PairedDifference,
    Range,
    band_of,
    paired_difference,
    range_of,
)
from coercivity.viz.classroom.engine.debrief import headlines, twin
from coercivity.viz.classroom.engine.game_run import Reading, read_draw, read_game, rows_of
from coercivity.viz.classroom.engine.game_state import LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, SEATS
from coercivity.viz.classroom.engine.scoring import BREACH, score_all

FIRST: Final = 8  # draws that are run before the others: of six pairs a difference can be told
DIGITS: Final = 6  # that are kept of a number

__all__ = ["DRAWS", "FIRST"]


@dataclass(frozen=True)
class History:
    """What a debrief needs of one run. values: headline numbers by their ids, scores of seats after
    the last round (``now_SEAT``) and at the end of the follow-up (``end_SEAT``), and what each goal
    came to by then, in its unit (``SEAT.GOAL``). lines: a line for each seat, from the game's first
    month to the end: China's exports (USD million a month), lines of end users that stand in the
    states of a government, the firm's stock (months of use).
    """

    values: Mapping[str, float]
    lines: Mapping[str, tuple[float, ...]]

    def packed(self) -> str:
        """As JSON."""
        return json.dumps({"values": self.values, "lines": self.lines}, separators=(",", ":"))

    @classmethod
    def unpacked(cls, text: str) -> History:
        """What `packed` made."""
        held = json.loads(text)
        lines = {name: tuple(values) for name, values in held["lines"].items()}
        return cls(held["values"], lines)


def bare_game(game: Game) -> Game:
    """What a draw depends on: rules and decisions, without seed, title, predictions and reasons."""
    rounds = tuple(
        replace(
            this_round,
            moves=tuple(
                (seat, tuple(replace(move, why="") for move in moves))
                for seat, moves in this_round.moves
            ),
        )
        for this_round in game.rounds
    )
    return replace(game, seed=1, title="", predictions=(), rounds=rounds)


def bare_twin(game: Game) -> Game:
    """The twin of a game, bare: the game itself where China did nothing new in it."""
    return bare_game(twin(game))


def play_in_draw(game: Game, number: int, check: Callable[[], None] | None = None) -> History:
    """A game's decisions in the world of one draw, to the end of the follow-up. check: called
    before each month; what it raises ends the run.
    """
    return history_of_reading(read_draw(game, number, check), game)


def class_history(game: Game) -> History:
    """The class's own history: shipped parameters, the game's seed."""
    return history_of_reading(read_game(game), game)


def history_of_reading(read: Reading, game: Game) -> History:
    """What a debrief needs of a reading to the end of the follow-up."""
    after_last = score_all(read, game, LEAD + ROUND_MONTHS * game.played)
    at_end = score_all(read, game, game.months)
    values = headlines(read)
    values |= {f"now_{seat}": after_last[seat]["score"] for seat in SEATS}
    values |= {f"end_{seat}": at_end[seat]["score"] for seat in SEATS}
    values |= {
        f"{seat}.{goal['goal']}": goal["value"]
        for seat in SEATS
        for goal in at_end[seat]["goals"]
        if goal["goal"] != BREACH  # no luck changes it, and a twin has none
    }
    return History(
        {name: _short_number(value) for name, value in values.items()},
        {name: tuple(map(_short_number, line.tolist())) for name, line in seat_lines(read).items()},
    )


def seat_lines(read: Reading) -> dict[str, np.ndarray]:
    """The line of each seat, from the game's first month on; see `History`."""
    lines = {"exporter": read.of("sold_to", "World"), "firm": read["firm"][:, 7]}
    for seat in ("target", "ally", "bloc"):
        users = np.isin(read.user_state, rows_of(GOVERNMENT[seat]))
        lines[seat] = read.down[:, users].sum(axis=1).astype(float)
    return {seat: lines[seat][LEAD:] for seat in SEATS}


def _short_number(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


# ---------------------------------------------------------------- what many of them say


@dataclass(frozen=True)
class Place:
    """A number of the class's history among the same decisions in other draws, and against the
    twin. luck: their range, None while they are too few; inside: how many of them lie in it; below
    and above: how many are less and more than the class's; quiet: the range of the twin's; own:
    game less twin, draw by draw, None while the pairs are too few.
    """

    value: float
    luck: Range | None
    inside: int
    below: int
    above: int
    quiet: Range | None
    own: PairedDifference | None


Draws = Mapping[int, History]


def place_numbers(own: History, mine: Draws, quiet: Draws) -> dict[str, Place]:
    """Every number of the class's history among the draws of its decisions and those of its
    twin.
    """
    return {name: place(name, value, mine, quiet) for name, value in own.values.items()}


def place(name: str, value: float, mine: Draws, quiet: Draws) -> Place:
    """One of them."""
    here, there = ({at: each.values[name] for at, each in draws.items()} for draws in (mine, quiet))
    luck, found = range_of(here.values()), list(here.values())
    return Place(
        value,
        luck,
        sum(luck.low <= each <= luck.high for each in found) if luck else 0,
        sum(each < value for each in found),
        sum(each > value for each in found),
        range_of(there.values()),
        paired_difference(here, there),
    )


def changes_by_number(mine: Draws, without: Draws) -> dict[str, PairedDifference]:
    """What a decision changed, draw by draw: numbers of the game less those of the game without it;
    none while the pairs are too few.
    """
    names = next(iter(mine.values())).values if mine else ()
    found = {}
    for name in names:
        here, there = (
            {at: each.values[name] for at, each in draws.items()} for draws in (mine, without)
        )
        between = paired_difference(here, there)
        if between is not None:
            found[name] = between
    return found


def band(draws: Draws, seat: str) -> np.ndarray:
    """Lower edge, middle and upper edge of a seat's line, 3 x months; NaN while the draws are too
    few.
    """
    return band_of(np.array([each.lines[seat] for each in draws.values()], dtype=float))
