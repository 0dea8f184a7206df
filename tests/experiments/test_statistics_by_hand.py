"""The arithmetic of experiments at points reckoned by hand: swings, boxes, luck, variance, hazards,
verdicts, days without a model, time left.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.backtest import naive
from coercivity.experiments.backtest.evidence import Target
from coercivity.experiments.backtest.score import CAP, agrees, clipped_distance, scaled_error, score
from coercivity.experiments.questions.beside import adds_nothing, medians, spreadsheet
from coercivity.experiments.questions.gauge import gauge_data
from coercivity.experiments.questions.hazards import panel, ratio_of
from coercivity.experiments.questions.leverage import CutOff
from coercivity.experiments.sensitivity.prim import (
    Box,
    bounds_of,
    find_box,
    measure,
    peel,
    quasi_p,
    within,
)
from coercivity.experiments.sensitivity.replications import (
    check_defined,
    luck_share,
    percent,
    settle,
    whole_blocks,
)
from coercivity.experiments.sensitivity.tornado import Swing, tornado
from coercivity.experiments.sweep.progress import Progress, time_left
from coercivity.experiments.worlds.spreads import spread
from coercivity.experiments.worlds.variance import components, interval, parameter_share, shares
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import GOVERNMENTS, SECTORS, STATES
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.use.macro import dependent_value_added
from coercivity.viz.classroom.engine.scoring import points as points_of
from coercivity.viz.classroom.engine.table import goals
from coercivity.viz.words.gauge_text import labelled
from coercivity.viz.words.sweep_text import in_words, left_in_words, progress_line
from tests.facts import FACTS

# ---------------------------------------------------------------- one at a time


def test_swings_are_differences_from_the_base_widest_first() -> None:
    points = np.array([[1.0, 10.0], [0.5, 10.0], [2.0, 10.0], [1.0, 5.0], [1.0, 20.0]])
    runs = np.array([[100.0, 200.0], [90.0, 194.0], [104.0, 204.0], [100.0, 170.0], [130.0, 240.0]])
    found = tornado(["small", "large"], points, runs)
    assert (found.base, found.seeds) == (150.0, 2)
    assert [one.parameter for one in found.swings] == ["large", "small"]
    large, small = found.swings
    assert (large.low_value, large.high_value, large.low, large.high, large.size) == (
        5.0,
        20.0,
        -15.0,
        35.0,
        35.0,
    )
    assert (small.low, small.high, small.size) == (-8.0, 4.0, 8.0)
    assert small.low_band == (pytest.approx(-9.8), pytest.approx(-6.2))
    assert large.high_band == (pytest.approx(30.5), pytest.approx(39.5))
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


# ---------------------------------------------------------------- boxes

CLOUD = np.array(
    [[0.1, 0.5], [0.2, 0.5], [0.3, 0.5], [0.4, 0.5], [0.5, 0.5], [0.6, 0.5], [0.7, 0.5], [0.8, 0.5]]
)
HIT = np.array([True, True, True, False, True, False, False, False])


def box(low: float, high: float) -> Box:
    return measure(np.array([[low, high], [-np.inf, np.inf]]), CLOUD, HIT)


def test_a_box_is_measured_by_what_it_holds() -> None:
    """Up to 0.4: three of four hits and one of four misses: coverage 3/4, density 3/4, mass one
    half, lift one half.
    """
    found = box(-np.inf, 0.4)
    assert (found.coverage, found.density, found.mass, found.lift) == (0.75, 0.75, 0.5, 0.5)
    assert found.restricted == [0]
    assert bounds_of(found) == [(0, 1)]
    assert bounds_of(box(0.2, 0.4)) == [(0, 0), (0, 1)]
    assert within(found.limits, CLOUD).sum() == 4
    empty = box(2.0, 3.0)
    assert (empty.coverage, empty.density, empty.lift) == (0.0, 0.0, 0.0)


def test_one_point_is_a_box_and_peeling_never_lowers_the_share_of_hits() -> None:
    single = box(0.1, 0.1)
    assert (single.density, single.coverage, single.mass) == (1.0, 0.25, 0.125)
    points = np.column_stack([np.linspace(0.0, 1.0, 101), np.zeros(101)])
    hit = points[:, 0] > 0.6
    densities = [measure(limits, points, hit).density for limits in peel(points, hit)]
    assert densities == sorted(densities)
    assert densities[-1] == 1.0
    assert peel(points, np.zeros(101, dtype=bool))[0].shape == (2, 2)
    found = find_box(points, hit)
    assert bounds_of(found) == [(0, 0)]
    assert (found.density, found.coverage) == (1.0, 1.0)


def test_a_bound_is_tested_against_the_box_without_it() -> None:
    """Three hits or more of four at a density of one half: 5/16."""
    assert quasi_p(box(-np.inf, 0.4), CLOUD, HIT) == {(0, 1): pytest.approx(5 / 16)}


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
    assert settle(np.array([[nan, nan, 6.0]]), "t", 100.0).means.tolist() != [
        6.0
    ]  # fewer than half
    with pytest.raises(InputError, match="undefined in 33%"):
        check_defined(found)
    check_defined(replace(found, undefined=0.05))


def test_blocks_with_an_undefined_point_are_left_out_whole() -> None:
    assert whole_blocks(np.array([1.0, 2.0, np.nan, 4.0, 5.0, 6.0]), 2).tolist() == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    assert whole_blocks(np.array([1.0, 2.0, np.nan, 4.0]), 2).tolist() == [True, True, False, False]
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
    crossed = luck_share(
        np.array([[1.0, -1.0], [9.0, 11.0]])
    )  # seeds pull points apart: rest 4, points 50 - 2
    assert crossed is not None
    assert crossed.share == pytest.approx(4.0 / 52.0)
    assert crossed.left == pytest.approx(2.0 / 50.0)
    assert luck_share(np.array([[1.0], [2.0]])) is None
    assert luck_share(np.array([[1.0, 1.0], [1.0, 1.0]])) is None


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0%"), (0.001, "0.10%"), (0.25, "25%"), (0.999, "99.90%"), (1.0, "100%")],
)
def test_a_small_share_is_never_shown_as_none(share: float, words: str) -> None:
    assert percent(share) == words


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


def test_what_cannot_be_told_apart_is_said() -> None:
    assert "one seed a vector" in shares(VALUES[:, :1]).why
    assert "defined with every seed in 3 vectors" in shares(VALUES[:3]).why
    assert shares(np.ones((4, 2))).why == "the same in every run"
    assert shares(np.vstack([VALUES, [np.nan, 1.0]])).vectors == 4
    assert np.isnan(parameter_share(VALUES[:, :1, None])).all()
    assert np.isnan(parameter_share(VALUES[:3, :, None])).all()
    assert np.isnan(parameter_share(np.ones((4, 2, 1)))).all()
    assert interval(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])) == (1.0, 1.0)


# ---------------------------------------------------------------- hazards


def test_months_after_a_trigger_are_three_and_measures_fall_within_them_or_not() -> None:
    others = len(GOVERNMENTS) - 1
    found = panel(
        [(2, "Japan"), (3, "Japan"), (9, "EU")],
        [(4, "Japan"), (6, "Japan"), (9, "EU"), (5, "")],
        10,
    )
    assert found == {
        "months_after": 4.0 + 1.0,
        "months_without": 10.0 * others - 5.0,
        "after": 2.0,
        "without": 2.0,
    }
    after, without, ratio = ratio_of(
        {"after": 2.0, "months_after": 9.0, "without": 1.0, "months_without": 199.0}
    )
    assert (after, without) == (pytest.approx(2 / 9), pytest.approx(1 / 199))
    assert ratio == pytest.approx((2.5 / 10.0) / (1.5 / 200.0))


# ---------------------------------------------------------------- the record: tolerances, bands and
# reckonings without a model


def target(**fields: Any) -> Target:
    """NdPr oxide at home in China, mean of 2010, 100 +- 10%; 80 before the event of June 2010,
    which takes half away.
    """
    given: dict[str, Any] = {
        "id": "t",
        "episode": "e",
        "sample": "in",
        "scenario": "embargo-2010",
        "quantity": "raw_exports",
        "state": "China",
        "partner": "",
        "good": "",
        "first": "2010-01",
        "last": "2010-12",
        "statistic": "mean",
        "value": 100.0,
        "tolerance": 0.1,
        "tolerance_kind": "relative",
        "unit": "t",
        "before": 80.0,
        "hit": 0.5,
        "event": "2010-06",
    }
    return Target(**(given | fields))


def test_a_tolerance_is_relative_absolute_or_a_factor() -> None:
    assert target().interval == (90.0, 110.0)
    assert target(tolerance=7.0, tolerance_kind="absolute").interval == (93.0, 107.0)
    factor = target(tolerance=math.log(2.0), tolerance_kind="log")
    assert factor.interval == (pytest.approx(50.0), pytest.approx(200.0))
    assert (target().distance(95.0), factor.distance(50.0), factor.distance(-1.0)) == (
        pytest.approx(-0.5),
        pytest.approx(-1.0),
        -math.inf,
    )
    assert (agrees(target(), 90.0), agrees(target(), 110.0), agrees(target(), 89.9)) == (
        True,
        True,
        False,
    )
    assert (
        scaled_error(target(), 95.0),
        scaled_error(target(), None),
        scaled_error(target(), 1e9),
    ) == (pytest.approx(0.5), CAP, CAP)
    assert (
        clipped_distance(target(), 85.0),
        clipped_distance(target(), -1e9),
        clipped_distance(target(), None),
    ) == (pytest.approx(-1.5), -CAP, None)


def test_a_score_tells_the_band_and_how_many_agree() -> None:
    found = score(target(), [80.0, 95.0, 100.0, 105.0, 130.0])
    assert (found.p05, found.median, found.p95) == (
        pytest.approx(83.0),
        100.0,
        pytest.approx(125.0),
    )
    assert (found.verdict, found.within, found.error) == ("PASS", 0.6, 0.0)
    assert score(target(), [80.0, 85.0, 95.0]).verdict == "PARTIAL"
    assert score(target(), [50.0, 55.0, 60.0]).verdict == "FAIL"
    assert score(target(), [100.0, None, None]).verdict == "FAIL"


def test_reckonings_without_a_model_from_the_month_of_the_event_on() -> None:
    """Half is gone in seven months of twelve: 80 (1 - 0.5 x 7/12). It comes back with a half-life
    of six months: 0.5^(k/6).
    """
    left = sum(0.5 ** (k / 6.0) for k in range(7))
    found = naive.benchmarks(target())
    assert found["no_change"] == 80.0
    assert found["proportional"] == pytest.approx(80.0 * (1.0 - 0.5 * 7 / 12))
    assert found["exponential"] == pytest.approx(80.0 * (1.0 - 0.5 * left / 12))
    dear = naive.benchmarks(target(quantity="price_home", good="ndpr_oxide", unit="USD/kg"))
    assert dear["proportional"] == pytest.approx(80.0 * (1.0 + 7 / 12))
    assert naive.effect(target(quantity="price_home", hit=0.99)) == 10.0
    assert naive.effect(target(quantity="price_home", hit=1.0)) == 10.0
    assert naive.effect(target(hit=None)) is None
    shares_ = naive.benchmarks(target(quantity="firms_stopped_share", unit="share", before=0.1))
    assert shares_["proportional"] == pytest.approx(0.1 + 0.9 * 0.5)
    assert naive.benchmarks(target(quantity="firms_stopped_share", unit="%", before=10.0))[
        "proportional"
    ] == pytest.approx(55.0)


def test_stock_lasts_until_the_missing_share_has_eaten_it() -> None:
    """Two months of cover at half: four months of 30.4 days, from June on; counted from January 151
    days more. A fading gap: 6 log2 of 1 - 2 ln 2 / 3.
    """
    stop = target(quantity="first_stop", statistic="first_day", unit="days", first="2010-06")
    assert naive.benchmarks(stop)["proportional"] == pytest.approx(4.0 * 30.4)
    assert naive.benchmarks(replace(stop, first="2010-01"))["proportional"] == pytest.approx(
        151.0 + 4.0 * 30.4
    )
    assert naive.benchmarks(stop)["exponential"] == pytest.approx(
        -6.0 * math.log2(1.0 - 2.0 * math.log(2.0) / 3.0) * 30.4
    )
    assert naive.benchmarks(replace(stop, hit=0.0))["proportional"] is None


def test_a_sheet_loses_the_missing_share_of_what_a_sector_adds() -> None:
    """Half is gone in seven months of twelve: 3.5 months of the value that one month adds at the
    activity of the event, or 3.5 / 12 of it a month.
    """
    lost = target(
        quantity="output_lost", statistic="sum", unit="USD bn", state="Japan", good="wind"
    )
    month = (
        dependent_value_added(FACTS, "2010-06")[STATES.index("Japan"), SECTORS.index("wind")]
        / 1000.0
    )
    assert naive.benchmarks(lost)["proportional"] == pytest.approx(3.5 * month)
    assert naive.benchmarks(replace(lost, statistic="mean"))["proportional"] == pytest.approx(
        3.5 / 12.0 * month
    )
    two = replace(lost, good="wind+automotive", state="")
    columns = [SECTORS.index("wind"), SECTORS.index("automotive")]
    world = dependent_value_added(FACTS, "2010-06")[:, columns].sum() / 1000.0
    assert naive.benchmarks(two)["proportional"] == pytest.approx(3.5 * world)
    every = dependent_value_added(FACTS, "2010-06")[STATES.index("Japan")].sum() / 1000.0
    assert naive.benchmarks(replace(lost, good=""))["proportional"] == pytest.approx(3.5 * every)


def test_stops_that_never_come_are_later_than_any_day() -> None:
    never = spread([10.0, None, 30.0], "days")
    assert (never.median, never.p05, never.p95) == (30.0, 10.0, None)
    half = spread([10.0, None], "days")
    assert (half.median, half.p05, half.p95) == (None, 10.0, None)
    other = spread([10.0, None, 30.0])
    assert (other.median, other.p05, other.p95) == (20.0, pytest.approx(11.0), pytest.approx(29.0))
    assert spread([None]).median is None


def test_the_median_of_two_worlds_lies_between_them_and_the_ends_are_days_of_a_world() -> None:
    days = spread([26.0, 329.0], "days")
    assert (days.median, days.p05, days.p95) == (177.5, 26.0, 329.0)


# ---------------------------------------------------------------- beside, gauge, points


def test_a_tenth_is_the_same_and_more_is_not() -> None:
    assert adds_nothing(100.0, 90.0)
    assert not adds_nothing(100.0, 89.0)
    assert not adds_nothing(0.0, 1.0)
    assert not adds_nothing(5.0, None)
    assert medians([{"x": 0.0}, {}, {}], "x") is None
    assert medians([], "x") is None


def test_a_sheet_knows_how_much_each_measure_takes_away() -> None:
    """A ban on military use takes what officials refuse beyond it; licences delay for the months of
    their clock.
    """
    strict, lax = (
        spreadsheet(
            with_changes(load_scenario("japan-2026"), parameters={"over_compliance": value})
        )
        for value in (1.0, 0.0)
    )
    assert (strict["output_lost_24m"] or 0.0) > 0.0
    assert lax["output_lost_24m"] == 0.0


def test_a_gauge_tells_each_number_over_its_histories() -> None:
    def one(seed: int, days: float | None) -> CutOff:
        return CutOff(
            seed,
            "2025-01",
            "China",
            "Japan",
            10.0 * seed,
            1.0,
            0.0,
            -0.1,
            5.0,
            6.0,
            -1.0,
            -2.0,
            days,
            0.25,
        )

    found = labelled(gauge_data([one(1, 50.0), one(2, None), one(3, 70.0)]))
    items = {item["id"]: item for item in found["items"]}
    assert (found["ban_months"], found["followed"]) == (12, 36)
    assert (
        items["loss"]["value"],
        items["loss"]["median"],
        items["loss"]["p05"],
        items["loss"]["p95"],
    ) == (11.0, 21.0, 11.0, 31.0)
    assert (items["first_stop_days"]["median"], items["first_stop_days"]["came"]) == (70.0, 2)
    assert items["loss"]["ends"] == [10.0, 31.0]  # a tenth of the width, and no more
    assert items["first_stop_days"]["ends"] == [50.0, None]
    assert items["loss"]["label"] == "Cost to Japan, 36 months"
    assert gauge_words(found, "output_lost") == ("of this, output lost for good", False, "")

    gain = replace(one(1, 50.0), output_lost=48_950.0, cost_paid=-16.4, exports_lost=-1170.0)
    found = labelled(gauge_data([gain]))
    assert gauge_words(found, "loss") == ("Cost to Japan, 36 months", False, "")
    assert gauge_words(found, "output_lost") == (
        "of this, output lost for good",
        False,
        "all of it",
    )
    assert gauge_words(found, "cost_paid") == ("less this, cost saved", True, "")
    assert gauge_words(found, "exports_lost") == ("Exports gained, to all, 36 months", True, "")


def test_the_ends_of_a_gauge_are_rounded_outward() -> None:
    cut_off = CutOff(
        1,
        "2025-01",
        "China",
        "Japan",
        1234.5,
        0.04,
        0.0,
        -0.104,
        5.0,
        6.0,
        -1.04,
        2.04,
        50.4,
        0.2504,
    )
    found = labelled(gauge_data([cut_off, replace(cut_off, seed=2)]))
    assert {item["id"]: item["ends"] for item in found["items"]} == {
        "first_stop_days": [50.0, 51.0],
        "firms_stopped": [0.25, 0.251],
        "loss": [1230.0, 1240.0],
        "output_lost": [1230.0, 1240.0],
        "cost_paid": [0.0, 0.1],
        "gdp_share": [-0.11, -0.1],
        "sales_lost": [6.0, 6.0],
        "exports_lost": [5.0, 5.0],
        "share_separation": [-1.1, -1.0],
        "share_magnets": [2.0, 2.1],
    }


def gauge_words(found: dict[str, Any], name: str) -> tuple[str, bool, str]:
    """What a number of the gauge is called, whether it is a gain, and what it is said to be of."""
    (item,) = (one for one in found["items"] if one["id"] == name)
    return item["label"], item["gain"], item["part"]


def test_points_of_a_goal_are_bounded() -> None:
    goal = replace(goals()["target"][0], none=10.0, full=30.0)
    values = (10.0, 20.0, 30.0, 100.0, -100.0)
    assert [points_of(goal, value) for value in values] == [0.0, 50.0, 100.0, 100.0, -100.0]
    assert [points_of(goal, value, 1) for value in values] == [0.0, 50.0, 100.0, 200.0, -100.0]


# ---------------------------------------------------------------- time left


def test_time_left_from_chunks_that_are_done() -> None:
    """8 runs in 16 s, 4 workers, 40 runs left in chunks of 8: ten each at least, two chunks at
    most, and a fifth more for few chunks.
    """
    assert time_left([(8, 16.0)], 40, 8, 4) == (
        pytest.approx(10 * 2.0 / 1.2),
        pytest.approx(16 * 2.0 * 1.2),
    )
    assert time_left([(8, 16.0)], 0, 8, 4) == (0.0, 0.0)
    assert time_left([], 40, 8, 4) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (40.0, "40 s"),
        (119.0, "119 s"),
        (120.0, "2 min"),
        (750.0, "12 min"),
        (7200.0, "2 h"),
        (172_800.0, "2 days"),
    ],
)
def test_a_length_of_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_progress_in_a_line() -> None:
    assert (
        progress_line(Progress(10, 40, 1, 4, 2, 4, 1.5, (60.0, 300.0)))
        == "10 of 40 runs, 2 failed, 1.5 runs/s, 60 s to 5 min left"
    )
    assert progress_line(Progress(40, 40, 4, 4, 0, 4, None, None)) == "40 of 40 runs"
    assert left_in_words(None) == "estimating the time left"
    assert left_in_words((60.0, 60.4)) == "about 60 s left"
