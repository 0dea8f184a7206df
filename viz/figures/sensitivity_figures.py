"""Figures of a sensitivity analysis: bars with intervals, tornado, Morris' plane, interactions, the
box of a corner.

Every function takes plain values as `coercivity sensitivity DIR --json` prints them and returns a
Figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from coercivity.viz.figures.notebook_figure import NotebookFigure
from coercivity.viz.figures.run_figures import BLUE, GREY, ORANGE, RED, SKY, STYLE

MOST_BARS: Final = 15
_TITLES: Final = {
    "sobol": "share of the variance",
    "delta": "Borgonovo's delta",
    "pawn": "PAWN: median Kolmogorov-Smirnov distance",
    "morris": "mean size of the effect (mu*)",
}
_FORMATS: Final = ("svg", "png")


def figures_of(outcome: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    """(name, figure) of everything that one outcome of the document has to show; nothing where it
    was refused.
    """
    if outcome["tornado"]:
        yield "tornado", tornado_figure(outcome)
    if not outcome["indices"]:
        return
    yield outcome["method"], bars_figure(outcome)
    if outcome["method"] == "morris":
        yield "morris-plane", morris_figure(outcome)
    if any(row["measure"] == "second" for row in outcome["indices"]["rows"]):
        yield "pairs", pairs_figure(outcome)


def bars_figure(outcome: Mapping[str, Any]) -> Figure:
    """The largest indices with their 95% intervals; for Sobol' total and first order side by side,
    for delta and PAWN with what luck gets.
    """
    method, rows = outcome["method"], outcome["indices"]["rows"]
    measures = {"sobol": (("total", BLUE), ("first", SKY)), "morris": (("mu_star", BLUE),)}.get(
        method, ((method, BLUE),)
    )
    ranked = sorted(
        (row for row in rows if row["measure"] == measures[0][0]), key=lambda row: -row["value"]
    )[:MOST_BARS]
    names = [row["of"][0] for row in ranked]
    with rc_context(dict(STYLE)):
        figure, ax = _frame(outcome, len(names))
        thick = 0.8 / len(measures)
        for number, (measure, colour) in enumerate(measures):
            by_parameter = {row["of"][0]: row for row in rows if row["measure"] == measure}
            place = np.arange(len(names)) + (number - (len(measures) - 1) / 2) * thick
            _bars(
                ax,
                place,
                [by_parameter[name] for name in names],
                thick * 0.9,
                colour,
                measure.replace("mu_star", "mu*") if len(measures) > 1 else "",
            )
        floor = outcome["indices"]["floor"]
        if floor is not None:
            ax.axvline(
                floor,
                color=RED,
                linewidth=1.0,
                linestyle="--",
                label="columns of pure luck reach here",
            )
        if floor is not None or len(measures) > 1:
            ax.legend(loc="lower right")
        ax.set_yticks(range(len(names)), names)
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(_TITLES[method] + (f", {outcome['unit']}" if method == "morris" else ""))
        return figure


def tornado_figure(outcome: Mapping[str, Any]) -> Figure:
    """Effect of each parameter at its low and at its high, one at a time, with the 5% to 95% band
    over worlds.
    """
    swings = outcome["tornado"]["swings"][:MOST_BARS]
    with rc_context(dict(STYLE)):
        figure, ax = _frame(outcome, len(swings))
        place = np.arange(len(swings))
        for end, colour in (("low", SKY), ("high", BLUE)):
            value = np.array([swing[end] for swing in swings])
            bands = np.array([swing[f"{end}_band"] for swing in swings])
            ax.barh(place, value, height=0.72, color=colour, label=f"parameter at its {end}")
            ax.hlines(
                place + (-0.14 if end == "low" else 0.14),
                bands[:, 0],
                bands[:, 1],
                color=GREY,
                linewidth=1.2,
            )
        ax.axvline(0.0, color=GREY, linewidth=0.8)
        ax.set_yticks(
            place,
            [
                f"{swing['parameter']}  ({swing['low_value']:.3g} – {swing['high_value']:.3g})"
                for swing in swings
            ],
        )
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(
            f"change from the base ({outcome['tornado']['base']:.3g}), {outcome['unit']}; lines: "
            f"5% to 95% of {outcome['tornado']['seeds']} worlds"
        )
        ax.legend(loc="lower right")
        return figure


def morris_figure(outcome: Mapping[str, Any]) -> Figure:
    """Morris' plane: mean size of the effect against its spread.

    Above the line a parameter's effect depends on where the others stand.
    """
    rows = outcome["indices"]["rows"]
    star, sigma = (
        {row["of"][0]: row for row in rows if row["measure"] == measure}
        for measure in ("mu_star", "sigma")
    )
    ranked = sorted(star, key=lambda name: -star[name]["value"])
    with rc_context(dict(STYLE)):
        figure, ax = _frame(outcome, 12, width=7.2)
        x, y = (
            np.array([star[name]["value"] for name in ranked]),
            np.array([sigma[name]["value"] for name in ranked]),
        )
        ax.hlines(
            y,
            [star[name]["low"] for name in ranked],
            [star[name]["high"] for name in ranked],
            color=BLUE,
            alpha=0.35,
            linewidth=1.0,
        )
        ax.plot(x, y, "o", color=BLUE, markersize=4)
        top = float(max(x.max(), y.max()))
        ax.plot([0, top], [0, top], color=GREY, linewidth=0.8, linestyle="--", label="sigma = mu*")
        free = np.inf  # labels from the top down, none nearer to the last than a line of text
        for name in sorted(ranked[:8], key=lambda name: -sigma[name]["value"]):
            point = (star[name]["value"], sigma[name]["value"])
            free = min(point[1], free - 0.045 * top)
            ax.annotate(
                name,
                point,
                xytext=(point[0] + 0.02 * top, free),
                fontsize=7.5,
                va="center",
                arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.4},
            )
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=0)
        ax.margins(x=0.16)
        ax.set_xlabel(f"mu*: mean size of the effect of a move across the range, {outcome['unit']}")
        ax.set_ylabel("sigma: spread of the effect")
        ax.legend(loc="lower right")
        return figure


def pairs_figure(outcome: Mapping[str, Any]) -> Figure:
    """Second-order indices as a heat map; a cell whose 95% interval holds zero is pale and has no
    number.
    """
    rows = [row for row in outcome["indices"]["rows"] if row["measure"] == "second"]
    totals = sorted(
        (row for row in outcome["indices"]["rows"] if row["measure"] == "total"),
        key=lambda row: -row["value"],
    )
    names = [row["of"][0] for row in totals]
    place = {name: index for index, name in enumerate(names)}
    share, sure = (
        np.full((len(names), len(names)), np.nan),
        np.zeros((len(names), len(names)), dtype=bool),
    )
    for row in rows:
        first, two = sorted(place[name] for name in row["of"])
        share[two, first], sure[two, first] = max(0.0, row["value"]), row["low"] > 0.0
    with rc_context(dict(STYLE)):
        figure, ax = _frame(outcome, max(8, len(names)), width=1.8 + 0.62 * max(6, len(names)))
        top = float(np.nanmax(share)) or 1.0
        image = ax.imshow(
            share, cmap="Blues", vmin=0.0, vmax=max(top, 0.02), alpha=np.where(sure, 1.0, 0.35)
        )
        for first, two in zip(*np.nonzero(sure), strict=True):
            ax.text(
                two,
                first,
                f"{share[first, two]:.2f}",
                ha="center",
                va="center",
                fontsize=7.5,
                color="white" if share[first, two] > 0.6 * top else "black",
            )
        ax.set_xticks(
            range(len(names) - 1), names[:-1], rotation=60, ha="right", rotation_mode="anchor"
        )
        ax.set_yticks(range(1, len(names)), names[1:])
        ax.set_xlim(-0.5, len(names) - 1.5)
        ax.set_ylim(len(names) - 0.5, 0.5)
        ax.grid(visible=False)
        figure.colorbar(image, ax=ax, shrink=0.8, label="share of the variance")
        return figure


def corner_figure(
    corner: Mapping[str, Any], names: Sequence[str], points: np.ndarray, hit: np.ndarray
) -> Figure:
    """Points in the plane of the two parameters with the strongest bounds, coloured by whether the
    condition holds, and the box.

    Where no box is told from luck, the first two parameters stand in and no box is drawn.
    points: n x d, hit: n.
    """
    bounded = list(dict.fromkeys(bound["parameter"] for bound in corner["bounds"]))
    if not corner["found"]:
        bounded = []
    shown = (bounded + [name for name in names if name not in bounded])[:2]
    plane = points[:, [list(names).index(name) for name in shown]]
    x, y = plane[:, 0], plane[:, -1]
    with rc_context(dict(STYLE)):
        figure = NotebookFigure(figsize=(6.4, 4.6), layout="constrained")
        ax = figure.subplots()
        ax.plot(x[~hit], y[~hit], "o", color=SKY, markersize=3, alpha=0.7, label="does not hold")
        ax.plot(x[hit], y[hit], "o", color=ORANGE, markersize=3.5, label="holds")
        if bounded:
            _draw_box(ax, corner, shown, plane)
        figure.suptitle(
            f"{corner['condition']}: {_box_quality(corner, bool(bounded))}",
            x=0.01,
            ha="left",
            fontsize=10.5,
            fontweight="bold",
        )
        others = _other_bounds(corner, shown)
        if bounded and others:
            ax.set_title(f"and {', '.join(others)}")
        ax.set_xlabel(shown[0])
        ax.set_ylabel(shown[-1])
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        return figure


def _draw_box(ax: Any, corner: Mapping[str, Any], shown: Sequence[str], plane: np.ndarray) -> None:
    """The outline of the box in the plane, as far as the points go where a side has no bound."""
    low = [_bound(corner, name, "low", plane[:, index].min()) for index, name in enumerate(shown)]
    high = [_bound(corner, name, "high", plane[:, index].max()) for index, name in enumerate(shown)]
    outline = (
        [low[0], high[0], high[0], low[0], low[0]],
        [low[-1], low[-1], high[-1], high[-1], low[-1]],
    )
    ax.plot(*outline, color=RED, linewidth=1.6, label="box")


def _box_quality(corner: Mapping[str, Any], boxed: bool) -> str:
    """How good the box is, in words."""
    if not boxed:
        return "no box that luck would not give"
    return f"density {corner['density']:.0%}, coverage {corner['coverage']:.0%}"


def _other_bounds(corner: Mapping[str, Any], shown: Sequence[str]) -> list[str]:
    """Bounds of the box on parameters that the plane does not show."""
    return [
        f"{bound['parameter']} {'≥' if bound['side'] == 'low' else '≤'} {bound['value']:.3g}"
        for bound in corner["bounds"]
        if bound["parameter"] not in shown
    ]


def save_figures(figures: Mapping[str, Figure], folder: Path) -> list[str]:
    """Write each figure as SVG and PNG and return the file names.

    The SVG holds no date and no random ids.
    """
    names = []
    with rc_context({**STYLE, "svg.hashsalt": "coercivity"}):
        for name, figure in figures.items():
            for kind in _FORMATS:
                figure.savefig(
                    folder / f"{name}.{kind}",
                    dpi=150,
                    metadata={"Date": None} if kind == "svg" else {"Software": None},
                )
                names.append(f"{name}.{kind}")
    return names


def _frame(outcome: Mapping[str, Any], rows: int, width: float = 7.6) -> tuple[Figure, Any]:
    figure = NotebookFigure(figsize=(width, 1.4 + 0.27 * max(4, rows)), layout="constrained")
    figure.suptitle(outcome["label"], x=0.01, ha="left", fontsize=10.5, fontweight="bold")
    return figure, figure.subplots()


def _bars(
    ax: Any, place: Any, rows: Sequence[Mapping[str, Any]], height: float, colour: str, label: str
) -> None:
    value = np.array([row["value"] for row in rows])
    ax.barh(place, value, height=height, color=colour, label=label)
    ax.hlines(
        place,
        [row["low"] for row in rows],
        [row["high"] for row in rows],
        color=GREY,
        linewidth=1.2,
    )


def _bound(corner: Mapping[str, Any], name: str, side: str, otherwise: float) -> float:
    return next(
        (
            bound["value"]
            for bound in corner["bounds"]
            if bound["parameter"] == name and bound["side"] == side
        ),
        float(otherwise),
    )
