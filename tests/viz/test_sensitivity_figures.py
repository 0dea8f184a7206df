"""Figures of a sensitivity analysis are made from plain values alone, and say what they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of, save_figures


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


def test_bars_are_sorted_and_the_reach_of_luck_is_drawn() -> None:
    ((_, figure),) = figures_of(PAWN)
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert any(0.15 in line.get_xdata() for line in ax.lines)


def test_only_pairs_whose_interval_leaves_zero_have_a_number() -> None:
    figure = dict(figures_of(SOBOL))["pairs"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["0.20"]


@pytest.mark.parametrize("found", [True, False])
def test_a_corner_shows_its_box_only_where_there_is_one(found: bool) -> None:
    points = np.random.default_rng(1).random((80, 3))
    bounds = [
        {"parameter": "b", "side": "low", "value": 0.6},
        {"parameter": "c", "side": "high", "value": 0.5},
    ]
    corner = {
        "condition": "x > 1",
        "found": found,
        "bounds": bounds if found else [],
        "density": 0.9,
        "coverage": 0.7,
    }
    figure = corner_figure(corner, ["a", "b", "c"], points, points[:, 1] > 0.6)
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert ("box" in labels) is found
    assert figure.axes[0].get_xlabel() == ("b" if found else "a")


def test_files_are_the_same_each_time(tmp_path: Path) -> None:
    def written(place: str) -> list[bytes]:
        (tmp_path / place).mkdir()
        figures: dict[str, Figure] = dict(figures_of(PAWN))
        return [
            (tmp_path / place / name).read_bytes()
            for name in save_figures(figures, tmp_path / place)
        ]

    assert written("one") == written("two")
