"""The figure of a claim: its metric over draws, and along what its verdict turns on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from coercivity.viz.figures.run_figures import BLUE, GREEN, GREY, ORANGE, RED, STYLE

GROUPS: Final = (
    ("main", "draws", BLUE),
    ("placebo", "mechanism off", ORANGE),
    ("corner", "corners of the ranges", GREY),
)


def claim_figure(claim: Mapping[str, Any]) -> Figure:
    """Left: every value of the metric, by kind of draw; right: median and range along the flip
    parameter. Green is where the claim holds.

    claim: a finding as `docs/results/claims.json` has it.
    """
    with rc_context(dict(STYLE)):
        figure = Figure(figsize=(9.0, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        values = [_known_values(claim["evidence"][name]) for name, _, _ in GROUPS]
        scan = [(level, _known_values(got)) for level, got in claim["evidence"]["scan"]]
        low, high = _limits([*values, *(got for _, got in scan)], claim)
        for ax in (left, right):
            _shade(ax, claim, low, high)
        for place, got in enumerate(values):
            _draw_values(left, place, got, low, high)
        _label_values(left, claim)
        _draw_scan(right, [(level, got) for level, got in scan if got], low, high)
        _label_scan(right, claim)
        left.set_ylim(low, high)
        figure.suptitle(
            f"{claim['id']}: {claim['claim']}",
            x=0.01,
            ha="left",
            fontsize=10.5,
            fontweight="bold",
            wrap=True,
        )
        return figure


def _known_values(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _draw_values(ax: Any, place: int, values: list[float], low: float, high: float) -> None:
    """A group's values, spread out around its place, and their median."""
    _, label, colour = GROUPS[place]
    spread = (
        place + 0.18 * np.linspace(-1.0, 1.0, len(values))
        if len(values) > 1
        else np.array([float(place)] * len(values))
    )
    shown = np.clip(sorted(values), low, high)
    ax.plot(spread, shown, "o", color=colour, markersize=3.5, alpha=0.75, label=label)
    if values:
        middle = float(np.clip(np.median(values), low, high))
        ax.hlines(middle, place - 0.28, place + 0.28, color=colour, linewidth=1.8)


def _label_values(ax: Any, claim: Mapping[str, Any]) -> None:
    """Names of the groups, unit, and how often the claim holds."""
    ax.set_xticks(range(len(GROUPS)), [label for _, label, _ in GROUPS])
    ax.set_xlim(-0.6, len(GROUPS) - 0.4)
    ax.set_ylabel(f"metric, {claim['unit']}")
    ax.set_title(f"holds in {claim['support']:.0%} of {claim['worlds']} draws")


def _draw_scan(ax: Any, scan: list[tuple[float, list[float]]], low: float, high: float) -> None:
    """Median and range of the metric at each value of the flip parameter."""
    levels = [x for x, _ in scan]
    bands = (
        np.array([np.quantile(got, (0.05, 0.5, 0.95)) for _, got in scan])
        .reshape(-1, 3)
        .clip(low, high)
    )
    ax.fill_between(levels, bands[:, 0], bands[:, 2], color=BLUE, alpha=0.18, linewidth=0)
    ax.plot(levels, bands[:, 1], color=BLUE, linewidth=1.6)


def _label_scan(ax: Any, claim: Mapping[str, Any]) -> None:
    """The flip parameter, and where the verdict flips."""
    ax.set_xlabel(f"{claim['turns_on']} ({claim['flip_unit']})")
    if claim["flips_at"] is None:
        ax.set_title("does not flip")
        return
    ax.axvline(claim["flips_at"], color=RED, linewidth=1.0, linestyle="--")
    ax.set_title(f"flips at {claim['flips_at']:.3g}")


def _limits(groups: list[list[float]], claim: Mapping[str, Any]) -> tuple[float, float]:
    """Limits that show nine tenths of all values and the threshold; what lies beyond is drawn at
    the edge.
    """
    every = np.array([value for group in groups for value in group] or [0.0])
    marks = [mark for mark in (claim["low"], claim["high"]) if mark is not None]
    low, high = np.quantile(every, (0.04, 0.96))
    low, high = min(float(low), *marks), max(float(high), *marks)
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _shade(ax: Any, claim: Mapping[str, Any], low: float, high: float) -> None:
    bottom, top = (
        (claim["low"] if claim["low"] is not None else low),
        (claim["high"] if claim["high"] is not None else high),
    )
    ax.axhspan(bottom, top, color=GREEN, alpha=0.08, linewidth=0)
    for mark in (claim["low"], claim["high"]):
        if mark is not None:
            ax.axhline(mark, color=GREEN, linewidth=1.0)
