"""Figures of a sensitivity analysis are made from plain values alone, and say what they show."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from coercivity.viz.figures.sensitivity_figures import (
    figures_of,
)


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


def bars(ax: Axes) -> list[tuple[float, float, str]]:
    """Middle, length and colour of each lying bar."""
    return [
        (round(one.get_y() + one.get_height() / 2, 9), one.get_width(), to_hex(one.get_facecolor()))  # type: ignore[attr-defined]
        for one in ax.patches
    ]


def names(ax: Axes) -> list[str]:
    return [tick.get_text() for tick in ax.get_yticklabels()]


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []


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
