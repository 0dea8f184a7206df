"""What the figures of a sensitivity analysis draw, number by number, from outcomes small enough to work out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from coercivity.viz.figures.runs import BLUE, GREY, ORANGE, RED, SKY
from coercivity.viz.figures.sensitivity_figures import (
    MOST_BARS,
    bars_figure,
    corner_figure,
    figures_of,
    morris_figure,
    pairs_figure,
    tornado_figure,
)
from tests.viz.test_sensitivity_figures import MORRIS, PAWN, SOBOL, TORNADO, outcome, row


def bars(ax: Axes) -> list[tuple[float, float, str]]:
    """Middle, length and colour of each lying bar."""
    return [
        (round(one.get_y() + one.get_height() / 2, 9), one.get_width(), to_hex(one.get_facecolor()))  # type: ignore[attr-defined]
        for one in ax.patches
    ]


def reaches(ax: Axes) -> list[list[float]]:
    """(from, to, height) of each lying line of a collection."""
    found = [segment for one in ax.collections for segment in one.get_segments()]  # type: ignore[attr-defined]
    return [[round(float(a[0]), 9), round(float(b[0]), 9), round(float(a[1]), 9)] for a, b in found]


def names(ax: Axes) -> list[str]:
    return [tick.get_text() for tick in ax.get_yticklabels()]


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []


# ---------------------------------------------------------------- bars


def test_total_and_first_order_lie_side_by_side_the_largest_on_top() -> None:
    """Two bars of 0.4 around each name; the intervals are 0.1 to either side."""
    (ax,) = bars_figure(SOBOL).axes
    total, first = to_hex(BLUE), to_hex(SKY)
    assert bars(ax) == [
        (-0.2, 0.6, total),
        (0.8, 0.3, total),
        (1.8, 0.0, total),
        (0.2, 0.6, first),
        (1.2, 0.3, first),
        (2.2, 0.0, first),
    ]
    assert [one.get_height() for one in ax.patches] == pytest.approx([0.36] * 6)  # type: ignore[attr-defined]
    assert reaches(ax)[:2] == [[0.5, 0.7, -0.2], [0.2, 0.4, 0.8]]
    assert names(ax) == ["a", "b", "c"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert legend(ax) == ["total", "first"]
    assert ax.get_xlabel() == "share of the variance"
    assert ax.figure.get_suptitle() == "Share of firms in Japan that stop"


def test_one_measure_has_one_bar_a_name_and_what_luck_reaches() -> None:
    (ax,) = bars_figure(PAWN).axes
    assert bars(ax) == [(0.0, 0.4, to_hex(BLUE)), (1.0, 0.1, to_hex(BLUE))]
    (floor,) = (one for one in ax.lines if to_hex(one.get_color()) == to_hex(RED))
    assert list(floor.get_xdata()) == [0.15, 0.15]
    assert legend(ax) == ["columns of pure luck reach here"]
    assert ax.get_xlabel() == "PAWN: median Kolmogorov-Smirnov distance"


def test_without_a_floor_and_a_second_measure_there_is_no_legend_and_morris_has_a_unit() -> None:
    (ax,) = bars_figure(MORRIS).axes
    assert bars(ax) == [(0.0, 2.0, to_hex(BLUE)), (1.0, 0.5, to_hex(BLUE))]  # mu* alone
    assert legend(ax) == []
    assert ax.get_xlabel() == "mean size of the effect (mu*), share"


def test_the_fifteen_largest_are_shown() -> None:
    many = [row([f"p{k}"], "delta", k / 100) for k in range(MOST_BARS + 3)]
    (ax,) = bars_figure(outcome("delta", many)).axes
    assert names(ax) == [f"p{k}" for k in range(MOST_BARS + 2, 2, -1)]
    assert len(names(ax)) == 15
    assert ax.get_xlabel() == "Borgonovo's delta"


# ---------------------------------------------------------------- one at a time


def test_a_tornado_shows_both_ends_and_their_bands_of_worlds() -> None:
    (ax,) = tornado_figure(TORNADO).axes
    low, high = to_hex(SKY), to_hex(BLUE)
    assert bars(ax) == [(0.0, -0.9, low), (1.0, -0.2, low), (0.0, 0.9, high), (1.0, 0.2, high)]
    assert reaches(ax) == [
        [-1.0, -0.8, -0.14],
        [-0.3, -0.1, 0.86],
        [0.1, 1.2, 0.14],
        [0.1, 0.5, 1.14],
    ]
    assert names(ax) == ["a  (0 – 1)", "b  (0 – 1)"]
    assert legend(ax) == ["parameter at its low", "parameter at its high"]
    assert [list(one.get_xdata()) for one in ax.lines] == [[0.0, 0.0]]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert ax.get_xlabel() == "change from the base (0.4), share; lines: 5% to 95% of 8 worlds"


def test_a_tornado_shows_the_first_fifteen() -> None:
    swing = TORNADO["tornado"]["swings"][0]
    many = [{**swing, "parameter": f"p{k}"} for k in range(MOST_BARS + 1)]
    (ax,) = tornado_figure({**TORNADO, "tornado": {**TORNADO["tornado"], "swings": many}}).axes
    assert len(names(ax)) == 15
    assert names(ax)[-1].startswith("p14 ")


# ---------------------------------------------------------------- Morris' plane


def test_size_stands_against_spread_with_the_line_where_they_are_equal() -> None:
    rows = [
        row(["a"], "mu_star", 2.0),
        row(["a"], "sigma", 0.5),
        row(["b"], "mu_star", 1.0),
        row(["b"], "sigma", 3.0),
    ]
    (ax,) = morris_figure(outcome("morris", rows)).axes
    points, equal = ax.lines
    assert [list(points.get_xdata()), list(points.get_ydata())] == [[2.0, 1.0], [0.5, 3.0]]
    assert [list(equal.get_xdata()), list(equal.get_ydata())] == [[0, 3.0], [0, 3.0]]
    assert reaches(ax) == [[1.9, 2.1, 0.5], [0.9, 1.1, 3.0]]
    assert (ax.get_xlim()[0], ax.get_ylim()[0]) == (0.0, 0.0)
    labels = {text.get_text(): (text.xy, text.get_position()) for text in ax.texts}  # type: ignore[attr-defined]
    assert labels["b"] == ((1.0, 3.0), pytest.approx((1.06, 3.0)))
    assert labels["a"] == ((2.0, 0.5), pytest.approx((2.06, 0.5)))
    assert legend(ax) == ["sigma = mu*"]


def test_labels_of_near_points_are_moved_down_by_a_line_of_text_and_eight_are_named() -> None:
    """Ten points of one spread, 1.0, with sizes 1.0, 0.9 ...: each label is 4.5% of the longest axis below the last."""
    rows = [
        row([f"p{k}"], measure, size)
        for k in range(10)
        for measure, size in (("mu_star", 1.0 - k / 10), ("sigma", 1.0))
    ]
    (ax,) = morris_figure(outcome("morris", rows)).axes
    assert [text.get_text() for text in ax.texts] == [f"p{k}" for k in range(8)]
    assert [text.get_position()[1] for text in ax.texts] == pytest.approx(
        [1.0 - 0.045 * k for k in range(8)]
    )


# ---------------------------------------------------------------- pairs


def test_pairs_stand_below_the_diagonal_in_the_order_of_their_totals() -> None:
    """Largest total first: b, a, c. The pair a-b is in row a, column b; what is not told from zero has no number and no negative value."""
    rows = [row([name], "total", size) for name, size in (("a", 0.3), ("b", 0.6), ("c", 0.1))]
    second = [
        row(["a", "b"], "second", 0.4),
        row(["a", "c"], "second", -0.05),
        {**row(["b", "c"], "second", 0.2), "low": 0.01},
        {**row(["a", "b"], "first", 0.9)},
    ]
    figure = pairs_figure(outcome("sobol", rows + second))
    ax = figure.axes[0]
    (image,) = ax.images
    share = np.ma.filled(np.ma.masked_invalid(image.get_array()), -1.0)  # type: ignore[arg-type]
    assert share.tolist() == [[-1.0, -1.0, -1.0], [0.4, -1.0, -1.0], [0.2, 0.0, -1.0]]
    assert np.asarray(image.get_alpha()).tolist() == [
        [0.35, 0.35, 0.35],
        [1.0, 0.35, 0.35],
        [1.0, 0.35, 0.35],
    ]
    assert image.get_clim() == (0.0, 0.4)
    texts = [(text.get_text(), text.get_position(), text.get_color()) for text in ax.texts]
    assert texts == [("0.40", (0, 1), "white"), ("0.20", (0, 2), "black")]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["b", "a"]
    assert names(ax) == ["a", "c"]
    assert list(ax.get_yticks()) == [1, 2]
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 1.5), (2.5, 0.5))
    assert figure.axes[1].get_ylabel() == "share of the variance"


def test_pairs_of_nothing_keep_a_scale() -> None:
    rows = [row([name], "total", 0.1) for name in "ab"] + [row(["a", "b"], "second", 0.0)]
    (image,) = pairs_figure(outcome("sobol", rows)).axes[0].images
    assert image.get_clim() == (0.0, 1.0)
    rows[-1] = row(["a", "b"], "second", 0.005)
    (image,) = pairs_figure(outcome("sobol", rows)).axes[0].images
    assert image.get_clim() == (0.0, 0.02)  # a hundredth is not drawn as if it were much


def test_a_number_on_dark_is_white() -> None:
    def ink(other: float) -> str:
        rows = [row([name], "total", 0.1) for name in "abc"]
        pairs = [
            {**row(["a", "b"], "second", 1.0), "low": 0.5},
            {**row(["a", "c"], "second", other), "low": 0.5},
        ]
        return str(pairs_figure(outcome("sobol", rows + pairs)).axes[0].texts[1].get_color())

    assert (ink(0.6), ink(0.61)) == ("black", "white")


# ---------------------------------------------------------------- the corner

POINTS = np.array([[0.0, 0.1, 0.2], [1.0, 0.9, 0.3], [2.0, 0.5, 0.8], [3.0, 0.7, 0.6]])
HIT = np.array([False, True, False, True])


def bound(parameter: str, side: str, value: float) -> dict[str, Any]:
    return {"parameter": parameter, "side": side, "value": value}


def corner(*bounds: dict[str, Any], found: bool = True) -> dict[str, Any]:
    return {
        "condition": "x > 1",
        "found": found,
        "bounds": list(bounds),
        "density": 0.9,
        "coverage": 0.75,
    }


def drawn(ax: Axes) -> dict[str, tuple[list[float], list[float], str]]:
    return {
        str(one.get_label()): (
            list(one.get_xdata()),
            list(one.get_ydata()),
            to_hex(one.get_color()),
        )
        for one in ax.lines
    }


def test_a_box_is_drawn_over_the_two_parameters_it_bounds() -> None:
    """c at least 0.25, b at most 0.95: the open ends are those of the points (0.8 of c, 0.1 of b)."""
    figure = corner_figure(
        corner(bound("c", "low", 0.25), bound("b", "high", 0.95)), ["a", "b", "c"], POINTS, HIT
    )
    (ax,) = figure.axes
    assert drawn(ax) == {
        "does not hold": ([0.2, 0.8], [0.1, 0.5], to_hex(SKY)),
        "holds": ([0.3, 0.6], [0.9, 0.7], to_hex(ORANGE)),
        "box": ([0.25, 0.8, 0.8, 0.25, 0.25], [0.1, 0.1, 0.95, 0.95, 0.1], to_hex(RED)),
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("c", "b")
    assert figure.get_suptitle() == "x > 1: density 90%, coverage 75%"
    assert ax.get_title(loc="left") == ""


def test_a_box_of_one_parameter_is_a_band_over_another() -> None:
    ax = corner_figure(corner(bound("b", "low", 0.6)), ["a", "b", "c"], POINTS, HIT).axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("b", "a")
    assert drawn(ax)["box"][:2] == ([0.6, 0.9, 0.9, 0.6, 0.6], [0.0, 0.0, 3.0, 3.0, 0.0])
    both = corner(bound("b", "low", 0.6), bound("b", "high", 0.8))
    alone = corner_figure(both, ["b"], POINTS[:, 1:2], HIT).axes[0]
    assert drawn(alone)["box"][:2] == ([0.6, 0.8, 0.8, 0.6, 0.6], [0.6, 0.6, 0.8, 0.8, 0.6])


def test_further_bounds_are_told_in_words() -> None:
    bounds = [
        bound("c", "low", 0.25),
        bound("b", "high", 0.95),
        bound("a", "low", 0.5),
        bound("a", "high", 2.5),
    ]
    ax = corner_figure(corner(*bounds), ["a", "b", "c"], POINTS, HIT).axes[0]
    assert ax.get_title(loc="left") == "and a ≥ 0.5, a ≤ 2.5"


def test_where_no_box_is_told_from_luck_the_first_two_parameters_stand_in() -> None:
    figure = corner_figure(
        corner(bound("c", "low", 0.25), found=False), ["a", "b", "c"], POINTS, HIT
    )
    (ax,) = figure.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
    assert "box" not in drawn(ax)
    assert ax.get_title(loc="left") == ""
    assert figure.get_suptitle() == "x > 1: no box that luck would not give"


def test_a_line_of_zero_is_grey_and_no_outcome_has_a_figure_it_cannot_have() -> None:
    (ax,) = tornado_figure(TORNADO).axes
    assert to_hex(ax.lines[0].get_color()) == to_hex(GREY)
    assert [name for name, _ in figures_of({**SOBOL, "tornado": TORNADO["tornado"]})] == [
        "tornado",
        "sobol",
        "pairs",
    ]
