"""Figures of a sensitivity analysis are made from plain values alone, and say what they show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from coercivity.viz.figures.run_figures import ORANGE, RED, SKY
from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of


def row(of: list[str], measure: str, value: float) -> dict[str, Any]:
    return {"of": of, "measure": measure, "value": value, "low": value - 0.1, "high": value + 0.1}


def outcome(method: str, rows: list[dict[str, Any]], floor: float | None = None) -> dict[str, Any]:
    return {
        "outcome": "firms_stopped_share",
        "label": "Share of firms in Japan that stop",
        "unit": "share",
        "method": method,
        "tornado": None,
        "indices": {"rows": rows, "floor": floor},
    }


SOBOL = outcome(
    "sobol",
    [
        row([name], measure, size)
        for name, size in (("a", 0.6), ("b", 0.3), ("c", 0.0))
        for measure in ("first", "total")
    ]
    + [
        row(["a", "b"], "second", 0.2),
        row(["a", "c"], "second", 0.0),
        row(["b", "c"], "second", -0.01),
    ],
)
MORRIS = outcome(
    "morris",
    [
        row([name], measure, size)
        for name, size in (("a", 2.0), ("b", 0.5))
        for measure in ("mu_star", "mu", "sigma")
    ],
)
PAWN = outcome("pawn", [row(["a"], "pawn", 0.4), row(["b"], "pawn", 0.1)], floor=0.15)
SWINGS = [
    {
        "parameter": name,
        "low_value": 0.0,
        "high_value": 1.0,
        "low": -size,
        "low_band": [-size - 0.1, -size + 0.1],
        "high": size,
        "high_band": [0.1, size + 0.3],
    }
    for name, size in (("a", 0.9), ("b", 0.2))
]
TORNADO = {
    **outcome("tornado", []),
    "indices": None,
    "tornado": {"base": 0.4, "seeds": 8, "swings": SWINGS},
}


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (SOBOL, ["sobol", "pairs"]),
        (MORRIS, ["morris", "morris-plane"]),
        (PAWN, ["pawn"]),
        (TORNADO, ["tornado"]),
        ({**PAWN, "indices": None}, []),
    ],
)
def test_each_method_has_its_figures(found: dict[str, Any], names: list[str]) -> None:
    assert [name for name, _ in figures_of(found)] == names


POINTS = np.array([[0.0, 0.1, 0.2], [1.0, 0.9, 0.3], [2.0, 0.5, 0.8], [3.0, 0.7, 0.6]])
HIT = np.array([False, True, False, True])
NAMES = ["a", "b", "c"]


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


def test_a_box_is_drawn_over_the_two_parameters_it_bounds_and_names_the_others() -> None:
    """c at least 0.25, b at most 0.95: the open ends are those of the points (0.8 of c, 0.1 of b)."""
    bounds = (bound("c", "low", 0.25), bound("b", "high", 0.95))
    figure = corner_figure(corner(*bounds), NAMES, POINTS, HIT)
    (ax,) = figure.axes
    assert drawn(ax) == {
        "does not hold": ([0.2, 0.8], [0.1, 0.5], to_hex(SKY)),
        "holds": ([0.3, 0.6], [0.9, 0.7], to_hex(ORANGE)),
        "box": ([0.25, 0.8, 0.8, 0.25, 0.25], [0.1, 0.1, 0.95, 0.95, 0.1], to_hex(RED)),
    }
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")) == ("c", "b", "")
    assert figure.get_suptitle() == "x > 1: density 90%, coverage 75%"
    third = corner_figure(corner(*bounds, bound("a", "low", 1.5)), NAMES, POINTS, HIT)
    assert third.axes[0].get_title(loc="left") == "and a ≥ 1.5"


def test_where_luck_would_give_the_box_none_is_drawn() -> None:
    figure = corner_figure(corner(bound("c", "low", 0.25), found=False), NAMES, POINTS, HIT)
    assert list(drawn(figure.axes[0])) == ["does not hold", "holds"]
    assert figure.get_suptitle() == "x > 1: no box that luck would not give"
