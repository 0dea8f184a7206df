"""What the figures of a backtest draw, number by number: bands, windows, tolerances, limits, distances, steps. Documents small enough to work out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.dates import num2date

from coercivity.viz.figures.backtest_figures import (
    EDGE,
    MARKS,
    distance_figure,
    episode_figure,
    naive_figure,
    title_of,
)
from coercivity.viz.figures.runs import BLUE, GREEN, GREY, ORANGE, PURPLE, RED

Day = dt.date


def point(**fields: Any) -> dict[str, Any]:
    """Evidence for the fourth quarter of 2009: 25, anything between 20 and 32 agrees."""
    given = {
        "id": "one",
        "from": "2009-10",
        "to": "2009-12",
        "sample": "in",
        "value": 25.0,
        "low": 20.0,
        "high": 32.0,
    }
    return given | fields


def line(**fields: Any) -> dict[str, Any]:
    """Eight quarters from January 2009; the first and the last are far from the others, and outside what is shown."""
    given: dict[str, Any] = {
        "quantity": "mine_output",
        "state": "China",
        "partner": "",
        "good": "",
        "unit": "t",
        "flow": True,
        "episodes": ["quotas"],
        "start": "2009-01",
        "step": 3,
        "p05": [-900.0, 18.0, 19.0, 21.0, None, 22.0, 23.0, 1.0],
        "median": [30.0, 31.0, 32.0, 33.0, 34.0, 35.0, 36.0, 37.0],
        "p95": [900.0, 38.0, 39.0, 40.0, 41.0, 42.0, 43.0, 990.0],
        "points": [point()],
    }
    return given | fields


def target(name: str = "one", **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": name,
        "episode": "quotas",
        "sample": "in",
        "verdict": "PASS",
        "error": 0.5,
        "distance": {"p05": -2.0, "median": 0.5, "p95": 3.0},
        "naive": {name: {"error": 2.0} for name in ("no_change", "proportional", "exponential")},
    }
    return given | fields


def document(*lines: dict[str, Any], targets: Any = None, **fields: Any) -> dict[str, Any]:
    return {"draws": 7, "targets": targets or [target()], "lines": list(lines), **fields}


def panel(one: dict[str, Any]) -> Axes:
    return episode_figure(document(one), "quotas").axes[0]


def days(limits: tuple[float, float]) -> list[Day]:
    return [num2date(value).date() for value in limits]


# ---------------------------------------------------------------- a series against its record


def test_a_quarter_stands_in_its_middle_and_the_median_is_a_line() -> None:
    (model,) = (one for one in panel(line()).lines if one.get_color() == BLUE)
    assert list(model.get_xdata(orig=True))[:2] == [Day(2009, 2, 15), Day(2009, 5, 16)]
    assert list(model.get_ydata()) == [30.0, 31.0, 32.0, 33.0, 34.0, 35.0, 36.0, 37.0]
    (monthly,) = (one for one in panel(line(step=1)).lines if one.get_color() == BLUE)
    assert list(monthly.get_xdata(orig=True))[:2] == [Day(2009, 1, 16), Day(2009, 2, 16)]


def test_the_record_has_its_window_its_value_and_its_tolerance() -> None:
    ax = panel(line())
    (bar,) = (one for one in ax.containers if isinstance(one, ErrorbarContainer))
    mark, caps, (reach,) = bar.lines
    assert mark is not None
    assert list(mark.get_xdata(orig=True)) == [Day(2009, 11, 15)]
    assert list(mark.get_ydata()) == [25.0]
    assert [cap.get_ydata()[0] for cap in caps] == [20.0, 32.0]
    ((low, high),) = (segment[:, 1].tolist() for segment in reach.get_segments())
    assert (low, high) == (20.0, 32.0)
    (window,) = (one for one in ax.lines if len(one.get_xdata()) == 2)
    assert list(window.get_xdata(orig=True)) == [Day(2009, 10, 1), Day(2009, 12, 31)]
    assert list(window.get_ydata()) == [25.0, 25.0]
    assert window.get_color() == RED


def test_a_record_outside_its_own_interval_has_no_bar_on_that_side() -> None:
    (bar,) = panel(line(points=[point(value=35.0)])).containers
    ((low, high),) = (segment[:, 1].tolist() for segment in bar.lines[2][0].get_segments())
    assert (low, high) == (20.0, 35.0)
    (bar,) = panel(line(points=[point(value=15.0)])).containers
    ((low, high),) = (segment[:, 1].tolist() for segment in bar.lines[2][0].get_segments())
    assert (low, high) == (15.0, 32.0)


def test_six_months_are_shown_on_either_side_as_far_as_the_run_goes() -> None:
    assert days(panel(line()).get_xlim()) == [Day(2009, 4, 1), Day(2010, 7, 1)]
    early = line(points=[point(**{"from": "2009-03", "to": "2010-10"})])
    assert days(panel(early).get_xlim()) == [Day(2009, 1, 1), Day(2011, 1, 1)]
    two = line(points=[point(), point(**{"from": "2009-08", "to": "2010-01"})])
    assert days(panel(two).get_xlim()) == [Day(2009, 2, 1), Day(2010, 8, 1)]


def test_the_axis_holds_all_that_is_in_the_window_and_the_record_and_no_more() -> None:
    """In the window: band 18 to 42, record 20 to 32; 8% of 24 on either side, and zero where the lowest is less than half of the highest."""
    assert panel(line()).get_ylim() == pytest.approx((0.0, 42.0 + 0.08 * 24.0))
    near = line(p05=[30.0] * 8, points=[point(low=26.0, high=47.0)])
    assert panel(near).get_ylim() == pytest.approx((26.0 - 0.08 * 21.0, 47.0 + 0.08 * 21.0))
    half = line(p05=[30.0] * 8, p95=[40.0] * 8, points=[point(low=20.0, high=32.0)])
    assert panel(half).get_ylim() == pytest.approx((20.0 - 0.08 * 20.0, 40.0 + 0.08 * 20.0))
    below = line(p05=[-10.0] * 8, points=[point(low=20.0, high=32.0)])
    assert panel(below).get_ylim()[0] == pytest.approx(-10.0 - 0.08 * 52.0)
    flat = line(p05=[30.0] * 8, p95=[30.0] * 8, points=[point(value=30.0, low=30.0, high=30.0)])
    assert panel(flat).get_ylim() == (29.0, 31.0)


def test_prices_more_than_fourfold_apart_stand_on_a_logarithm_and_others_do_not() -> None:
    def price(low: float) -> Axes:
        return panel(
            line(unit="USD/kg", p05=[low] * 8, p95=[40.0] * 8, points=[point(low=20.0, high=32.0)])
        )

    far = price(9.9)
    assert far.get_yscale() == "log"
    assert far.get_ylim() == pytest.approx((9.9 * 0.8, 50.0))
    assert far.yaxis.get_major_formatter()(2000.0, 0) == "2,000"
    assert price(10.0).get_yscale() == "linear"
    assert price(0.0).get_yscale() == "linear"
    assert panel(line(p05=[1.0] * 8)).get_yscale() == "linear"  # tonnes never do


def test_only_points_of_the_episode_are_drawn_and_count() -> None:
    other = point(id="of another episode", value=500.0, low=400.0, high=600.0)
    ax = panel(line(points=[point(), other]))
    assert len(ax.containers) == 1
    assert ax.get_ylim()[1] < 50.0


def test_a_flow_is_a_year_and_a_level_is_not() -> None:
    assert panel(line()).get_ylabel() == "t a year"
    assert panel(line(flow=False)).get_ylabel() == "t"
    assert panel(line()).get_title(loc="left") == "Mine output, China"
    assert panel(line()).yaxis.get_major_formatter()(12_000.0, 0) == "12,000"


def test_a_figure_has_three_columns_at_most_and_says_of_how_many_draws_it_is() -> None:
    figure = episode_figure(document(*[line()] * 4), "quotas")
    assert figure.get_suptitle() == "quotas: the model over 7 draws against the record"
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (2, 3)  # type: ignore[union-attr]
    figure = episode_figure(document(line(), targets=[target(), target("two")]), "quotas")
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (1, 2)  # type: ignore[union-attr]
    assert [tick.get_text() for tick in figure.axes[1].get_yticklabels()] == [
        "two"
    ]  # the first has its point on the line
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "model, median",
        "5th to 95th percentile",
        "record, in the sample of the fit",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quantity": "mine_output", "state": ""}, "Mine output, the world"),
        ({"quantity": "import_share", "partner": ""}, "Imports of China, share of everyone"),
        ({"quantity": "capacity", "good": ""}, "Capacity, all, China"),
        ({"quantity": "capacity", "good": "tb+dy_oxide"}, "Capacity, tb + dy oxide, China"),
        ({"quantity": "intensity", "good": "dy"}, "Dy per heat-resistant magnet, China"),
        ({"quantity": "approvals", "partner": "Japan"}, "Licences approved to Japan"),
        ({"quantity": "something_new", "good": "ndpr_metal"}, "Something_new (NdPr metal)"),
    ],
)
def test_titles_in_words(fields: dict[str, str], words: str) -> None:
    assert title_of(line(**fields)) == words


# ---------------------------------------------------------------- distances in tolerances


def distances(*targets: dict[str, Any]) -> Axes:
    return distance_figure({"targets": list(targets)}, "in").axes[0]


def test_a_row_a_target_with_its_band_and_its_median() -> None:
    ax = distances(
        target("near"),
        target("far", distance={"p05": None, "median": 9.0, "p95": None}, verdict="FAIL"),
        target("never", distance={"p05": None, "median": None, "p95": None}, verdict="FAIL"),
    )
    bands = [
        one.get_segments()[0].tolist() for one in ax.collections if hasattr(one, "get_segments")
    ]
    assert bands == [
        [[-2.0, 0.0], [3.0, 0.0]],
        [[-EDGE, 1.0], [EDGE, 1.0]],  # draws of which nothing can be said lie beyond
    ]
    marks = [one for one in ax.lines if one.get_marker() == "o"]
    assert [(*one.get_xdata(), *one.get_ydata()) for one in marks] == [(0.5, 0.0), (9.0, 1.0)]
    (never,) = ax.texts
    assert (never.get_text(), never.get_position()) == ("never or undefined", (0.0, 2.0))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["near", "far", "never"]
    assert list(ax.get_yticks()) == [0, 1, 2]
    assert ax.get_ylim() == (2.6, -0.6)  # the first on top
    assert ax.get_xlim() == (-10.5, 10.5)
    assert ax.get_xlabel() == "(model - record) / tolerance"
    assert ax.get_title(loc="left") == "Evidence in sample: the median agrees on 1 of 3 targets"


def test_within_one_tolerance_is_marked_and_so_is_the_record() -> None:
    ax = distances(target())
    (agrees,) = ax.patches
    assert (agrees.get_x(), agrees.get_x() + agrees.get_width()) == (-1.0, 1.0)  # type: ignore[attr-defined]
    assert [float(one.get_xdata()[0]) for one in ax.lines if one.get_color() == GREEN] == [0.0]


@pytest.mark.parametrize("sample", MARKS)
def test_a_median_is_filled_only_where_the_fit_has_seen_it(sample: str) -> None:
    ax = distance_figure({"targets": [target(sample=sample)]}, sample).axes[0]
    (mark,) = (one for one in ax.lines if one.get_color() == BLUE)
    assert mark.get_marker() == MARKS[sample]["marker"]
    assert to_hex(mark.get_markerfacecolor()) == to_hex(BLUE if sample == "in" else "white")


def test_a_figure_of_a_sample_leaves_the_others_out() -> None:
    found = {"targets": [target("a"), target("b", sample="out"), target("c", sample="out")]}
    ax = distance_figure(found, "out").axes[0]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["b", "c"]
    assert ax.get_title(loc="left") == "Evidence after 2024: the median agrees on 2 of 2 targets"


# ---------------------------------------------------------------- against what can be said without the model


def test_shares_within_so_many_tolerances_are_steps() -> None:
    """Three targets with errors of 3, 0.5 and 1: a third is within 0.5, two thirds within 1, all within 3."""
    targets = [target(str(error), error=error) for error in (3.0, 0.5, 1.0)]
    silent = target("silent", naive={**target()["naive"], "exponential": None})
    found = {
        "targets": [*targets, silent, target("other", sample="out")],
        "benchmarks": [{"sample": "in"}, {"sample": "in"}],
    }
    figure = naive_figure(found)
    (ax,) = figure.axes
    model, *others = (one for one in ax.lines if one.get_color() != GREEN)
    assert list(model.get_xdata()) == [0.0, 0.5, 1.0, 3.0, 10.0]
    np.testing.assert_allclose(model.get_ydata(), [0.0, 1 / 3, 2 / 3, 1.0, 1.0])
    assert model.get_drawstyle() == "steps-post"
    assert [(one.get_label(), one.get_color()) for one in others] == [
        ("no change", GREY),
        ("proportional", ORANGE),
        ("exponential return", PURPLE),
    ]
    assert list(others[0].get_xdata()) == [0.0, 2.0, 2.0, 2.0, 10.0]
    assert [float(one.get_xdata()[0]) for one in ax.lines if one.get_color() == GREEN] == [1.0]
    assert ax.get_title(loc="left") == "in sample, 3 targets"  # one of which a benchmark is silent
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 10.0), (0.0, 1.02))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("error in tolerances", "share of targets within")


def test_the_legend_stands_in_the_last_panel_and_the_scale_at_the_first() -> None:
    found = {
        "targets": [target("a"), target("b", sample="out")],
        "benchmarks": [{"sample": "in"}, {"sample": "out"}],
    }
    first, last = naive_figure(found).axes
    assert (first.get_legend(), last.get_ylabel()) == (None, "")
    assert first.get_ylabel() == "share of targets within"
    assert last.get_legend() is not None
