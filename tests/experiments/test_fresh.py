"""What is kept is judged by fresh luck (experiments/calibration/fresh_seeds.py), on a model of one
parameter and one target: f = x + luck, record 0, half a tolerance 1.

By the first seeds the second vector seems far and the fourth near. Written before the rule: of
vectors that two lucky seeds let through, those that two others rule out leave; one that was not
looked at comes in only when it has been judged as well.
"""

from typing import Any

import numpy as np
import pytest

from coercivity.experiments.calibration.fresh_seeds import judge_again
from coercivity.experiments.calibration.waves import MatchedRuns, Space, judge
from tests.experiments.made_targets import two_targets

SEEDS = 2
TRUTH = np.array([0.0, 1.0, 2.0, 4.0, 5.0, 6.0])  # in units of half the tolerance
# luck of the first seeds: 1.0 seems far, 4.0 near
FIRST = np.array([0.0, 5.0, 0.0, -4.0, 0.0, 0.0])


@pytest.fixture
def matched() -> MatchedRuns:
    space = Space(("x",), np.zeros(1), np.full(1, 10.0), np.zeros(1), 1)
    # two targets that are the same: the worst of all is left out
    objective = two_targets()
    runs = np.repeat((TRUTH + FIRST)[:, None, None], 2, axis=1).repeat(2, axis=2)
    return judge(space, objective, [TRUTH[:, None] / 10.0], [np.zeros(6, dtype=int)], [runs])


def truth(values: Any, turn: int) -> np.ndarray:
    """The model without luck."""
    return np.repeat(values[:, None, :], SEEDS, axis=1).repeat(2, axis=2)


def test_what_is_kept_has_been_judged_by_all_seeds(matched: MatchedRuns) -> None:
    turns: list[list[float]] = []

    def simulate(values: Any, turn: int) -> np.ndarray:
        turns.append(sorted(values[:, 0].round(6).tolist()))
        return truth(values, turn)

    found, told = judge_again(matched, simulate, SEEDS, count=3)

    assert matched.each[:, 0].tolist() == [0.0, 6.0, 2.0, 0.0, 5.0, 6.0]
    assert turns == [[0.0, 2.0, 4.0]]
    assert found.each[:, 0].tolist() == [0.0, 6.0, 2.0, 2.0, 5.0, 6.0]  # 4.0: the mean of 0 and 4
    assert (told.before, told.alone, told.together, told.runs) == (3, 2, 3, 3)


def test_who_comes_in_for_one_that_leaves_is_judged_too(matched: MatchedRuns) -> None:
    turns: list[list[float]] = []

    def unlucky(values: Any, turn: int) -> np.ndarray:
        turns.append(sorted(values[:, 0].round(6).tolist()))
        return truth(values, turn) + np.where(values[:, 0] == 4.0, 9.0, 0.0)[:, None, None]

    found, told = judge_again(matched, unlucky, SEEDS, count=3)

    assert turns == [[0.0, 2.0, 4.0], [5.0]]  # 4.0 has 6.5 now, 5.0 is the third
    assert found.each[:, 0].tolist() == [0.0, 6.0, 2.0, 6.5, 5.0, 6.0]
    assert (told.before, told.alone, told.together, told.runs) == (3, 2, 2, 4)


def test_luck_weighs_less_over_more_seeds(matched: MatchedRuns) -> None:
    """v (1 + 1 / 2R) for v (1 + 1 / R)."""
    lucky = MatchedRuns(**{**vars(matched), "luck": np.full(2, 1.5)})

    found, _ = judge_again(lucky, truth, SEEDS, count=3)

    assert found.each[2] == pytest.approx(2.0 / np.sqrt(1.0 + 1.25))
