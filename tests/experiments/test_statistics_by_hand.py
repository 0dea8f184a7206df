"""The arithmetic of experiments at points reckoned by hand: swings, luck, variance, records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.backtest import naive
from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.sensitivity.replications import (
    check_defined,
    luck_share,
    settle,
    whole_blocks,
)
from coercivity.experiments.sensitivity.tornado import Swing, tornado
from coercivity.experiments.worlds.spreads import spread
from coercivity.experiments.worlds.variance import components, interval, parameter_share, shares
from coercivity.model.basis.errors import InputError
from coercivity.model.use.macro import dependent_value_added
from coercivity.viz.classroom.engine.game_tables import goals
from coercivity.viz.classroom.engine.scoring import points as points_of
from tests.facts import FACTS
from tests.names import SECTORS, STATES

# ---------------------------------------------------------------- one at a time


def test_swings_are_differences_from_the_base_widest_first() -> None:
    points = np.array([[1.0, 10.0], [0.5, 10.0], [2.0, 10.0], [1.0, 5.0], [1.0, 20.0]])
    runs = np.array([[100.0, 200.0], [90.0, 194.0], [104.0, 204.0], [100.0, 170.0], [130.0, 240.0]])
    found = tornado(["small", "large"], points, runs)
    assert (found.base, found.seeds) == (150.0, 2)
    assert [one.parameter for one in found.swings] == ["large", "small"]
    large, small = found.swings
    assert (large.low_value, large.high_value) == (5.0, 20.0)
    assert (large.low, large.high, large.size) == (-15.0, 35.0, 35.0)
    assert (small.low, small.high, small.size) == (-8.0, 4.0, 8.0)
    assert small.low_band == pytest.approx((-9.8, -6.2))
    assert large.high_band == pytest.approx((30.5, 39.5))
    assert small.certain
    assert large.certain


def test_a_swing_is_certain_where_its_larger_effect_has_one_sign() -> None:
    assert not Swing("x", 0.0, 1.0, -5.0, (-9.0, 1.0), 2.0, (1.0, 3.0)).certain
    assert Swing("x", 0.0, 1.0, -1.0, (-9.0, 1.0), 2.0, (1.0, 3.0)).certain
    assert Swing("x", 0.0, 1.0, -5.0, (-9.0, -1.0), 2.0, (-1.0, 3.0)).certain


def test_a_tornado_needs_its_design_whole() -> None:
    with pytest.raises(InputError, match="4 points are no one-at-a-time design of 2"):
        tornado(["a", "b"], np.zeros((4, 2)), np.zeros((4, 1)))
    with pytest.raises(InputError, match="2 of 3 runs are undefined"):
        tornado(["a"], np.zeros((3, 1)), np.array([[1.0], [np.nan], [np.nan]]))


# ---------------------------------------------------------------- replications


def test_runs_are_averaged_and_what_is_undefined_is_said() -> None:
    nan = np.nan
    found = settle(np.array([[1.0, 3.0], [nan, 5.0], [nan, nan]]), "t", 100.0)
    np.testing.assert_array_equal(found.means, [2.0, 5.0, nan])
    assert found.undefined == pytest.approx(1 / 3)
    assert "undefined in 50%" in found.notes[0]
    days = settle(
        np.array([[1.0, 3.0], [nan, 5.0], [nan, nan]]),
        "days",
        100.0,
        np.array([[False, False], [False, False], [True, False]]),
    )
    np.testing.assert_array_equal(days.means, [2.0, 52.5, 100.0])
    assert "nothing stops in 40% of the runs" in days.notes[0]
    assert "17% of the runs failed" in days.notes[1]
    assert np.isnan(settle(np.array([[nan, nan, 6.0]]), "t", 100.0).means).all()  # fewer than half
    with pytest.raises(InputError, match="undefined in 33%"):
        check_defined(found)
    check_defined(replace(found, undefined=0.05))


def test_blocks_with_an_undefined_point_are_left_out_whole() -> None:
    whole = whole_blocks(np.array([1.0, 2.0, np.nan, 4.0, 5.0, 6.0]), 2)
    assert whole.tolist() == [True, True, False, False, True, True]
    with pytest.raises(InputError, match="spoil 2 of 3 groups of 2"):
        whole_blocks(np.array([1.0, np.nan, np.nan, 4.0, 5.0, 6.0]), 2)


def test_luck_that_all_points_share_is_told_from_luck_that_they_do_not() -> None:
    """Points 0 and 10, seeds 0 and 2, nothing else: variances 50 and 2; what all points share
    cancels in a comparison of points.
    """
    found = luck_share(np.array([[0.0, 2.0], [10.0, 12.0]]))
    assert found is not None
    assert found.share == pytest.approx(2.0 / 52.0)
    assert found.left == pytest.approx(0.0)
    assert found.low <= found.share <= found.high
    crossed = luck_share(np.array([[1.0, -1.0], [9.0, 11.0]]))  # rest 4, points 50 - 2
    assert crossed is not None
    assert crossed.share == pytest.approx(4.0 / 52.0)
    assert crossed.left == pytest.approx(2.0 / 50.0)
    assert luck_share(np.array([[1.0], [2.0]])) is None
    assert luck_share(np.array([[1.0, 1.0], [1.0, 1.0]])) is None


# ---------------------------------------------------------------- variance of a band

VALUES = np.array([[0.0, 2.0], [10.0, 12.0], [20.0, 22.0], [30.0, 32.0]])


def test_variance_by_hand() -> None:
    """Means 1, 11, 21, 31: variance 500/3; within 2, of which half stands in the variance of means
    of two.
    """
    between, within_ = components(VALUES[:, :, None])
    assert (between[0], within_[0]) == (pytest.approx(500.0 / 3.0 - 1.0), 2.0)
    found = shares(VALUES)
    part = (500.0 / 3.0 - 1.0) / (500.0 / 3.0 + 1.0)
    assert (found.parameters, found.luck) == (pytest.approx(part), pytest.approx(1.0 - part))
    assert (found.vectors, found.replications, found.why, found.calibrated) == (4, 2, "", None)
    low, high = interval(VALUES)
    assert 0.0 < low < part < high < 1.0
    np.testing.assert_allclose(parameter_share(VALUES[:, :, None]), [part])


# ---------------------------------------------------------------- the record


def test_a_sheet_loses_the_missing_share_of_what_a_sector_adds() -> None:
    """Half is gone in seven months of twelve: 3.5 months of the value that one month adds at the
    activity of the event, or 3.5 / 12 of it a month.
    """
    first = load_evidence()[0]
    event = {"first": "2010-01", "last": "2010-12", "event": "2010-06", "hit": 0.5}
    what = {"quantity": "output_lost", "statistic": "sum", "unit": "USD bn", "state": "Japan"}
    lost = replace(first, **event, **what, good="wind", before=80.0)
    added = dependent_value_added(FACTS, "2010-06") / 1000.0
    month = added[STATES.index("Japan"), SECTORS.index("wind")]
    assert naive.benchmarks(lost)["proportional"] == pytest.approx(3.5 * month)
    assert naive.benchmarks(replace(lost, statistic="mean"))["proportional"] == pytest.approx(
        3.5 / 12.0 * month
    )
    two = replace(lost, good="wind+automotive", state="")
    world = added[:, [SECTORS.index("wind"), SECTORS.index("automotive")]].sum()
    assert naive.benchmarks(two)["proportional"] == pytest.approx(3.5 * world)
    every = added[STATES.index("Japan")].sum()
    assert naive.benchmarks(replace(lost, good=""))["proportional"] == pytest.approx(3.5 * every)
    assert naive.effect(replace(lost, quantity="price_home", hit=0.99)) == 10.0
    assert naive.effect(replace(lost, hit=None)) is None


@pytest.mark.parametrize(
    ("values", "unit", "told"),
    [
        ([10.0, None, 30.0], "days", (30.0, 10.0, None)),  # no stop is later than any
        ([10.0, None], "days", (None, 10.0, None)),
        ([26.0, 329.0], "days", (177.5, 26.0, 329.0)),  # the ends are days of a world
        ([10.0, None, 30.0], "", (20.0, 11.0, 29.0)),
        ([None], "", (None, None, None)),
    ],
)
def test_a_spread_has_median_and_tails(values: list[Any], unit: str, told: tuple[Any, ...]) -> None:
    found = spread(values, unit)
    assert (found.median, found.p05, found.p95) == pytest.approx(told)


# ---------------------------------------------------------------- beside, gauge, points


def test_points_of_a_goal_are_bounded() -> None:
    goal = replace(goals()["target"][0], none=10.0, full=30.0)
    values = (10.0, 20.0, 30.0, 100.0, -100.0)
    assert [points_of(goal, value) for value in values] == [0.0, 50.0, 100.0, 100.0, -100.0]
    assert [points_of(goal, value, 1) for value in values] == [0.0, 50.0, 100.0, 200.0, -100.0]
