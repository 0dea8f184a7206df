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

MADE_WITH: Final = "0.6.0"  # the version that played the games
SEEDS: Final = (1, 2, 3, 4)  # of each script
SIMULATED: Final = tuple(range(100, 124))  # of the games of simulated people
PLANTS: Final = NumberRequest("abroad")
STEPS: Final[Mapping[NumberRequest, tuple[float, ...]]] = {  # by half-year of the game
    NumberRequest("price", "Japan", "dysprosium_oxide"): (
        *(0.632, 0.917, 0.736, 0.772, 0.955, 0.934, 0.837, 0.821),
    ),
    NumberRequest("price", "Japan", "ndpr_oxide"): (
        *(1.05, 1.23, 1.18, 1.01, 1.0, 1.04, 0.996, 0.989),
    ),
    NumberRequest("lost", "Japan"): (3.01, 0.94, 1.1, 1.2, 1.06, 0.978, 1.02, 0.985),
    NumberRequest("dependence", "Japan"): (0.971, 0.955, 0.982, 0.978, 0.97, 0.971, 0.975, 0.99),
    NumberRequest("exports"): (0.84, 0.758, 1.01, 1.1, 1.03, 1.04, 0.998, 0.995),
    PLANTS: (1.18, 1.01, 1.15, 1.03, 1.07, 1.02, 1.06, 1.02),
}


def course(asked: NumberRequest, before: float, number: int) -> float:
    """Where a number that stands at *before* usually ends this round."""
    return before * STEPS[asked][min(number, MOST_ROUNDS) - 1]


def usual_round_end(asked: NumberRequest, read: Reading, number: int) -> float:
    """Where a number usually ends a round, by a reading that goes to its beginning or further."""
    return course(asked, value(asked, read, LEAD + ROUND_MONTHS * (number - 1)), number)
