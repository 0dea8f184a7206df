"""Figures of an ensemble: fan charts of its monthly series, each above a strip that says what gives
the band its width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from coercivity.experiments.quantities.series import Series, series_table
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.notebook_figure import NotebookFigure
from coercivity.viz.figures.run_figures import BLUE, GREY, ORANGE, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS: Final = {"prices": 2, "output": 5, "dependence": 2, "cover": 3, "loss": 3}
TITLES: Final = {
    "prices": "Prices at home",
    "output": "Output in {state} over its plan",
    "dependence": "China's share of {state}'s purchases",
    "cover": "Months of cover in {state}",
    "loss": "What it costs {state} since the start",
}
_NAMES: Final = {
    "ndpr_oxide": "NdPr oxide",
    "dysprosium_oxide": "Dy oxide",
    "magnet_standard": "Standard magnets",
    "magnet_heat_resistant": "Heat-resistant magnets",
    "motor_heat_resistant": "Heat-resistant motors",
    "all sectors": "All sectors",
    "last_origin": "By where it was shipped from",
    "separated_in": "By where it was separated",
    "output_lost": "Output lost for good",
    "cost_paid": "Extra cost paid",
    "made_up": "Output made up later",
}
UNTOLD: Final = "one seed a vector: what gives the width cannot be told"


def fan_figure(ensemble: Ensemble, figure: str, kind: str = "scenario") -> Figure:
    """Fans of the series of one figure (prices, output, dependence, cover, loss): 5-95% and 25-75%
    of all runs, their median, one member.

    kind: scenario, base or difference. Below each fan a strip: the share of the variance that the
    parameters give and what luck gives.
    """
    chosen = [
        row for row in series_table(ensemble.scenario.facts, ensemble.state) if row.figure == figure
    ]
    columns = COLUMNS[figure]
    rows = -(-len(chosen) // columns)
    with rc_context({**STYLE, "axes.titlesize": 9}):
        drawn = NotebookFigure(
            figsize=(2.0 + 2.6 * columns if columns < 4 else 13.0, 0.6 + 2.9 * rows),
            layout="constrained",
        )
        grid = drawn.add_gridspec(2 * rows, columns, height_ratios=[5, 1] * rows)
        for index, row in enumerate(chosen):
            top, strip = (
                drawn.add_subplot(grid[2 * (index // columns) + under, index % columns])
                for under in (0, 1)
            )
            draw_fan(top, ensemble, row, kind)
            draw_shares(strip, ensemble, row, kind)
            _months(top, ensemble, labelled=False)
            _months(strip, ensemble, labelled=True)
        drawn.suptitle(
            f"{TITLES[figure].format(state=ensemble.state)}{_title_of_ensemble(ensemble, kind)}",
            x=0.01,
            ha="left",
            fontsize=12,
            fontweight="bold",
        )
        drawn.supxlabel(caption(ensemble), x=0.01, ha="left", fontsize=8, color=GREY)
    return drawn


def draw_fan(ax: Axes, ensemble: Ensemble, row: Series, kind: str = "scenario") -> None:
    """One fan: 5-95% and 25-75% of all runs, their median, and the first run as a line."""
    months, scale = np.arange(len(ensemble.months)), 100.0 if row.unit.startswith("share") else 1.0
    low, lower, middle, upper, high = scale * ensemble.band(row.id, kind)
    ax.fill_between(months, low, high, color=BLUE, alpha=0.15, linewidth=0)
    ax.fill_between(months, lower, upper, color=BLUE, alpha=0.3, linewidth=0)
    ax.plot(months, scale * ensemble.line(row.id, kind)[0, 0], color=ORANGE, linewidth=0.8)
    ax.plot(months, middle, color=BLUE, linewidth=1.6)
    unit = {"share": "%", "share of plan": "% of plan"}.get(row.unit, row.unit)
    ax.set_title(name_of(ensemble.scenario.facts, row))
    ax.set_ylabel(unit if kind != "difference" else unit.replace("%", "points", 1))
    if kind == "difference":
        ax.axhline(0.0, color=GREY, linewidth=0.7)


def draw_shares(ax: Axes, ensemble: Ensemble, row: Series, kind: str = "scenario") -> None:
    """The strip below a fan: share of the variance from the parameters (blue) and from luck (grey),
    month by month; empty where it cannot be told.
    """
    share = ensemble.parameter_share(row.id, kind)
    months = np.arange(len(share))
    if ensemble.replications < 2:
        ax.text(
            0.5,
            0.5,
            UNTOLD,
            transform=ax.transAxes,
            ha="center",
            va="center",
            fontsize=6,
            color=GREY,
            wrap=True,
        )
    known = np.isfinite(share)
    ax.fill_between(
        months, 0.0, 100.0 * share, where=known, color=BLUE, alpha=0.5, linewidth=0, step="mid"
    )
    ax.fill_between(
        months, 100.0 * share, 100.0, where=known, color=GREY, alpha=0.3, linewidth=0, step="mid"
    )
    ax.set_ylim(0, 100)
    ax.set_yticks([0, 100])
    ax.tick_params(labelsize=7)


def caption(ensemble: Ensemble) -> str:
    """How many draws, and how to read fan and strip."""
    count, seeds = ensemble.seeds.shape
    strip = (
        "Strip: share of the variance, % (blue parameters, grey luck; "
        f"{UNTOLD if seeds < 2 else f'{seeds} seeds a vector'})."
    )
    return (
        f"{count} draws of parameter vector and seed, {count * seeds} worlds. Fan: 5-95% and "
        f"25-75%, line the median; thin line: the first world.\n{strip}"
    )


def ensemble_figures(ensemble: Ensemble) -> dict[str, Callable[[], Figure]]:
    """Every figure of an ensemble by the name of its file, drawn when called; those of differences
    too where there is a base.
    """
    figures: dict[str, Callable[[], Figure]] = {}
    if ensemble.series:
        figures |= {name: partial(fan_figure, ensemble, name) for name in TITLES}
        if ensemble.base is not None:
            figures |= {
                f"{name}-difference": partial(fan_figure, ensemble, name, "difference")
                for name in TITLES
            }
    return figures


def name_of(facts: Facts, row: Series) -> str:
    """Words for what a series is of."""
    good, _, place = row.of.partition(", ")
    return (
        f"{facts.sector_labels.get(good) or _NAMES.get(good, good)}{f', {place}' if place else ''}"
    )


def _title_of_ensemble(ensemble: Ensemble, kind: str) -> str:
    words: Mapping[str, str] = {
        "scenario": ensemble.scenario.name,
        "base": ensemble.base.name if ensemble.base else "",
        "difference": (
            f"{ensemble.scenario.name} less {ensemble.base.name if ensemble.base else ''}, run by "
            "run"
        ),
    }
    return f": {words[kind]}"


def _months(ax: Axes, ensemble: Ensemble, labelled: bool) -> None:
    months = ensemble.months
    step = (
        max(1, len(months) // 4) if len(months) < 48 else 12 * max(1, round(len(months) / 12 / 4))
    )
    places = list(range(0, len(months), step))
    ax.set_xticks(
        places,
        [
            (months[place] if len(months) < 48 else months[place][:4]) if labelled else ""
            for place in places
        ],
        fontsize=7,
    )
    ax.set_xlim(-0.5, max(1, len(months) - 1))
    if ensemble.since[:7] in months:
        ax.axvline(months.index(ensemble.since[:7]), color=GREY, linewidth=0.7, linestyle=":")
