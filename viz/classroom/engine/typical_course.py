"""The usual course of a number: where it ends a half-year in most games, from where it stands when
the half-year begins. Bets, and claims about prices and plants, ask whether it ends above or below.

    usual = number at the beginning x step of the half-year

Whether a number rises says little: in the first half-year output lost always does, in the first two
dependence always falls, whatever is played, so that who knows the calendar need not read the board
(decision 0075). A step is the median over games of two kinds, each with half of the weight: the
scripts (example_games.py), and games of simulated people (robots.py). `python -m
tools.docs.class_numbers
--run` plays them and says the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.viz.classroom.engine.game_run import Reading
from coercivity.viz.classroom.engine.game_state import LEAD, MOST_ROUNDS, ROUND_MONTHS
from coercivity.viz.classroom.engine.numbers import NumberRequest, value

MADE_WITH: Final = "0.5.0"  # the version that played the games
SEEDS: Final = (1, 2, 3, 4)  # of each script
SIMULATED: Final = tuple(range(100, 124))  # of the games of simulated people
PLANTS: Final = NumberRequest("abroad")
STEPS: Final[Mapping[NumberRequest, tuple[float, ...]]] = {  # by half-year of the game
    NumberRequest("price", "Japan", "dysprosium_oxide"): (
        *(0.847, 1.14, 0.862, 0.742, 0.895, 0.947, 0.936, 0.982),
    ),
    NumberRequest("price", "Japan", "ndpr_oxide"): (
        *(0.858, 1.96, 1.53, 1.03, 1.05, 0.843, 0.867, 0.946),
    ),
    NumberRequest("lost", "Japan"): (8.0, 0.596, 0.781, 0.815, 0.684, 0.787, 0.847, 0.907),
    NumberRequest("dependence", "Japan"): (0.8, 0.895, 0.92, 0.986, 1.04, 0.999, 1.06, 0.989),
    NumberRequest("exports"): (1.08, 1.12, 1.14, 1.18, 1.08, 0.991, 0.957, 0.933),
    PLANTS: (1.07, 1.11, 1.31, 1.01, 1.19, 1.0, 1.01, 1.01),
}


def course(asked: NumberRequest, before: float, number: int) -> float:
    """Where a number that stands at *before* usually ends this round."""
    return before * STEPS[asked][min(number, MOST_ROUNDS) - 1]


def usual_round_end(asked: NumberRequest, read: Reading, number: int) -> float:
    """Where a number usually ends a round, by a reading that goes to its beginning or further."""
    return course(asked, value(asked, read, LEAD + ROUND_MONTHS * (number - 1)), number)
