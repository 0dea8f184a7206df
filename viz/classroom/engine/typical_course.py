"""The usual course of a number: where it ends a half-year in most games, from where it stands when
the half-year begins. Bets, and claims about prices and plants, ask whether it ends above or below.

    usual = number at the beginning x step of the half-year, or + step where it begins at nothing

Whether a number rises says little: in the first three years dependence always falls, whatever is
played, so that who knows the calendar need not read the board (decision 0075). A step is the median
over games of two kinds, each with half of the weight: the scripts (example_games.py), and games of
simulated people (robots.py). `python -m tools.docs.class_numbers --run` plays them and says the
steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.viz.classroom.engine.game_run import Reading
from coercivity.viz.classroom.engine.game_state import LEAD, MOST_ROUNDS, ROUND_MONTHS
from coercivity.viz.classroom.engine.numbers import NumberRequest, value

MADE_WITH: Final = "0.7.0.dev0"  # the version that played the games
SEEDS: Final = (1, 2, 3, 4)  # of each script
SIMULATED: Final = tuple(range(100, 124))  # of the games of simulated people
PLANTS: Final = NumberRequest("abroad")
STEPS: Final[Mapping[NumberRequest, tuple[float, ...]]] = {  # by half-year of the game
    NumberRequest("price", "Japan", "dysprosium_oxide"): (
        *(1.07, 1.03, 0.652, 0.825, 0.93, 0.97, 0.942, 0.957),
    ),
    NumberRequest("price", "Japan", "ndpr_oxide"): (
        *(0.981, 1.03, 1.04, 1.03, 1.03, 1.06, 1.04, 1.03),
    ),
    NumberRequest("lost", "Japan"): (0.0, 6.34, 24.1, 108.0, 122.0, -21.7, -245.0, -289.0),
    NumberRequest("dependence", "Japan"): (0.952, 0.967, 0.979, 0.964, 0.951, 0.969, 0.981, 0.997),
    NumberRequest("exports"): (1.0, 1.03, 1.06, 1.0, 1.02, 1.02, 1.02, 1.02),
    PLANTS: (1.0, 1.08, 1.06, 1.03, 1.04, 1.03, 1.11, 1.05),
}


FROM_NOTHING: Final = frozenset({"lost"})  # numbers whose steps are added


def course(asked: NumberRequest, before: float, number: int) -> float:
    """Where a number that stands at *before* usually ends this round."""
    step = STEPS[asked][min(number, MOST_ROUNDS) - 1]
    return max(before + step, 0.0) if asked.number in FROM_NOTHING else before * step


def step_between(asked: NumberRequest, before: float, after: float) -> float:
    """The step of a number that went from *before* to *after*."""
    return after - before if asked.number in FROM_NOTHING else after / max(before, 1e-9)


def usual_round_end(asked: NumberRequest, read: Reading, number: int) -> float:
    """Where a number usually ends a round, by a reading that goes to its beginning or further."""
    return course(asked, value(asked, read, LEAD + ROUND_MONTHS * (number - 1)), number)
