"""Figures of the backtest: the model's band against the record, an episode a figure, and the model
against what can be said without it.

They are drawn from a document as `coercivity backtest --json` prints it and
`docs/results/backtest.json` keeps it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, NullLocator

from coercivity.model.basis.calendar import month_name
from coercivity.viz.figures.run_figures import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS: Final[Mapping[str, Mapping[str, Any]]] = {  # how a point of each sample is drawn
    "in": {"marker": "o", "markerfacecolor": RED, "label": "record, in the sample of the fit"},
    "kept_back": {"marker": "o", "markerfacecolor": "white", "label": "record, kept back"},
    "out": {"marker": "D", "markerfacecolor": ORANGE, "label": "record, after 2025"},
    "start": {"marker": "s", "markerfacecolor": GREY, "label": "record, balanced start (no test)"},
}
SAMPLE_WORDS: Final[Mapping[str, str]] = {
    "in": "in sample",
    "kept_back": "kept back",
    "out": "after 2025",
    "start": "balanced start",
}
NAIVE: Final = (
    ("no_change", "no change", GREY),
    ("proportional", "proportional", ORANGE),
    ("exponential", "exponential return", PURPLE),
)
WORDS: Final[Mapping[str, str]] = {
    "import_share": "imports of {state}, share of {partner}",
    "raw_imports": "raw imports of {state} from {partner}",
    "raw_exports": "raw exports of {state}{to}",
    "magnet_exports": "magnet exports of {state}{to}",
    "magnet_imports": "magnet imports of {state} from {partner}",
    "price_home": "{good}, home price in {state}",
    "price_abroad": "{good}, price in {state}",
    "price_export": "{good}, export price",
    "export_unit_value": "raw exports, unit value",
    "mine_output": "mine output, {state}",
    "output": "output of {good}, {state}",
    "quota_use": "export quota used",
    "illegal_share": "illegal share of mining",
    "smuggled": "smuggled out of {state}",
    "separation_share": "{state}'s share of separation",
    "magnet_share": "{state}'s share of magnets",
    "capacity": "capacity, {good}, {state}",
    "line_output": "output of makers in {state}",
    "output_lost": "output lost in {state}",
    "approvals": "licences approved{to}",
    "intensity": "Dy per heat-resistant magnet, {state}",
}
COLUMNS: Final = 3
EDGE: Final = 10.5  # tolerances shown to either side
ROOM: Final = 6  # months shown before the first and after the last point of an episode


def title_of(line: Mapping[str, Any]) -> str:
    """What a line shows, in words."""
    good = str(line["good"]).replace("ndpr", "NdPr").replace("_", " ").replace("+", " + ")
    partner = line["partner"] or "everyone"
    to = f" to {line['partner']}" if line["partner"] not in ("", "World") else ""
    text = WORDS.get(line["quantity"], line["quantity"]).format(
        state=line["state"] or "the world", partner=partner, good=good or "all", to=to
    )
    detail = (
        f" ({good})"
        if good
        and "{good}" not in WORDS.get(line["quantity"], "")
        and line["quantity"] != "intensity"
        else ""
    )
    return text[0].upper() + text[1:] + detail


def episode_figure(results: Mapping[str, Any], episode: str) -> Figure:
    """A panel a series: median and 5th to 95th percentile over draws by month or quarter, and the
    record with its window and tolerance.

    Last panel: changes, deviations and stops, in tolerances from the record. Raises ValueError for
    an episode without targets.
    """
    targets = [target for target in results["targets"] if target["episode"] == episode]
    if not targets:
        raise ValueError(f"no target of episode '{episode}'")
    lines = [line for line in results.get("lines", ()) if episode in line["episodes"]]
    on_lines = {point["id"] for line in lines for point in line["points"]}
    others = [target for target in targets if target["id"] not in on_lines]
    panels = len(lines) + bool(others)
    columns = min(COLUMNS, panels)
    rows = -(-panels // columns)
    with rc_context({**STYLE, "axes.titlesize": 8.5}):
        figure = Figure(
            figsize=(max(3.7 * columns, 7.4), 0.9 + 2.25 * rows + 0.12 * max(len(others) - 8, 0)),
            layout="constrained",
        )
        axes = list(np.atleast_1d(figure.subplots(rows, columns)).flat)
        ids = {target["id"] for target in targets}
        shown = [point for line in lines for point in line["points"] if point["id"] in ids]
        for ax, line in zip(axes, lines, strict=False):
            _draw_line(ax, line, ids, _span(shown, line))
        if others:
            _draw_distances(axes[len(lines)], others)
            axes[len(lines)].set_title("Changes and stops, in tolerances")
        for ax in axes[panels:]:
            ax.set_visible(False)
        figure.suptitle(
            f"{episode}: the model over {results['draws']} draws against the record",
            x=0.01,
            ha="left",
            fontsize=11,
            fontweight="bold",
        )
        figure.legend(
            handles=_legend({target["sample"] for target in targets}),
            loc="outside lower left",
            ncols=5 if columns == COLUMNS else 3,
        )
        return figure


def _span(points: Sequence[Mapping[str, Any]], line: Mapping[str, Any]) -> tuple[dt.date, dt.date]:
    """First and last day to show: those of all points of an episode with some room, as far as the
    run goes.
    """
    begin, end = (
        month_name(line["start"], 0),
        month_name(line["start"], len(line["median"]) * line["step"]),
    )
    first, last = min(point["from"] for point in points), max(point["to"] for point in points)
    return _day(max(begin, month_name(first, -ROOM))), _day(min(end, month_name(last, ROOM + 1)))


def _draw_line(
    ax: Axes, line: Mapping[str, Any], ids: Iterable[str], span: tuple[dt.date, dt.date]
) -> None:
    """Median and band of one series over a span of days, and the points of the record on it."""
    wanted = set(ids)
    points = [point for point in line["points"] if point["id"] in wanted]
    days = [
        _day(month_name(line["start"], line["step"] * place), 15 * line["step"])
        for place in range(len(line["median"]))
    ]
    low, middle, high = (
        np.array([np.nan if value is None else value for value in line[name]], dtype=float)
        for name in ("p05", "median", "p95")
    )
    dates: Any = days
    ax.fill_between(dates, low, high, color=BLUE, alpha=0.2, linewidth=0)
    ax.plot(dates, middle, color=BLUE, linewidth=1.5)
    for point in points:
        _draw_point(ax, point)
    seen = np.array([span[0] <= day <= span[1] for day in days])
    numbers = np.concatenate(
        [low[seen], high[seen], [p["low"] for p in points], [p["high"] for p in points]]
    )
    _fit_values(ax, numbers[np.isfinite(numbers)], line["unit"])
    _fit_dates(ax, span)
    ax.set_title(title_of(line))
    ax.set_ylabel(line["unit"] + (" a year" if line["flow"] else ""))


def _draw_point(ax: Axes, point: Mapping[str, Any]) -> None:
    """A value of the record with its tolerance, and the months that it is of."""
    begin, end = _day(point["from"]), _day(point["to"], 30)
    mark = {key: value for key, value in MARKS[point["sample"]].items() if key != "label"}
    middle_day: Any = begin + (end - begin) / 2
    room = [
        [max(point["value"] - point["low"], 0.0)],
        [max(point["high"] - point["value"], 0.0)],
    ]
    ax.errorbar(
        middle_day,
        point["value"],
        yerr=room,
        color=RED,
        markeredgecolor=RED,
        markersize=5,
        capsize=2.5,
        elinewidth=1.0,
        zorder=5,
        **mark,
    )
    window: Any = (begin, end)
    ax.plot(window, (point["value"],) * 2, color=RED, linewidth=0.8, zorder=4)


def _fit_values(ax: Axes, numbers: np.ndarray, unit: str) -> None:
    """Limits with some room around what is drawn; prices that lie far apart on a log scale."""
    if unit == "USD/kg" and (numbers > 0).all() and numbers.max() > 4.0 * numbers.min():
        ax.set_yscale("log")
        ax.set_ylim(numbers.min() * 0.8, numbers.max() * 1.25)
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        room = 0.08 * (numbers.max() - numbers.min()) or 1.0
        low = numbers.min() - room
        ax.set_ylim(
            min(low, 0.0) if numbers.min() < 0.5 * numbers.max() else low, numbers.max() + room
        )
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")


def _fit_dates(ax: Axes, span: tuple[dt.date, dt.date]) -> None:
    """The span of days, with few labels."""
    bounds: Any = span
    ax.set_xlim(*bounds)
    locator = AutoDateLocator(minticks=3, maxticks=6)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _draw_distances(ax: Axes, targets: Sequence[Mapping[str, Any]]) -> None:
    """A row a target: band and median in tolerances from the record; beyond the axis it is cut."""
    ax.axvspan(-1.0, 1.0, color=GREEN, alpha=0.12, linewidth=0)
    ax.axvline(0.0, color=GREEN, linewidth=0.8)
    for row, target in enumerate(targets):
        distance, mark = target["distance"], MARKS[target["sample"]]
        if distance["median"] is None:
            ax.text(
                0.0, row, "never or undefined", ha="center", va="center", fontsize=7, color=GREY
            )
            continue
        low, high = (
            end if distance[name] is None else distance[name]
            for name, end in (("p05", -EDGE), ("p95", EDGE))
        )  # undefined draws lie beyond
        ax.hlines(row, low, high, color=BLUE, linewidth=3.0, alpha=0.35)
        ax.plot(
            distance["median"],
            row,
            mark["marker"],
            color=BLUE,
            markerfacecolor=BLUE if target["sample"] == "in" else "white",
            markersize=4,
        )
    ax.set_yticks(range(len(targets)), [one["id"] for one in targets], fontsize=7)
    ax.set_ylim(len(targets) - 0.4, -0.6)
    ax.set_xlim(-EDGE, EDGE)
    ax.set_xlabel("(model - record) / tolerance")


def distance_figure(results: Mapping[str, Any], sample: str) -> Figure:
    """Every target of one sample: band and median in tolerances from the record."""
    targets = [target for target in results["targets"] if target["sample"] == sample]
    with rc_context(dict(STYLE)):
        figure = Figure(figsize=(7.0, 1.2 + 0.19 * len(targets)), layout="constrained")
        ax = figure.subplots()
        _draw_distances(ax, targets)
        passed = sum(target["verdict"] == "PASS" for target in targets)
        ax.set_title(
            f"Evidence {SAMPLE_WORDS[sample]}: the median agrees on {passed} of {len(targets)} "
            "targets"
        )
        return figure


def naive_figure(results: Mapping[str, Any]) -> Figure:
    """For each sample that is scored the share of targets within so many tolerances of the record:
    the model (median over draws) and the benchmarks, over the targets of which all of them say
    something.

    Raises ValueError where no sample is scored.
    """
    samples = list(dict.fromkeys(row["sample"] for row in results["benchmarks"]))
    if not samples:
        raise ValueError("no sample that is scored")
    with rc_context(dict(STYLE)):
        figure = Figure(figsize=(2.9 * len(samples), 2.9), layout="constrained")
        for ax, sample in zip(
            np.atleast_1d(figure.subplots(1, len(samples), sharey=True)), samples, strict=True
        ):
            both = [
                target
                for target in results["targets"]
                if target["sample"] == sample and all(target["naive"][name] for name, _, _ in NAIVE)
            ]
            _steps(ax, [target["error"] for target in both], "model", BLUE, 2.2)
            for name, label, colour in NAIVE:
                _steps(ax, [target["naive"][name]["error"] for target in both], label, colour, 1.3)
            ax.axvline(1.0, color=GREEN, linewidth=0.8, linestyle="--")
            ax.set_title(f"{SAMPLE_WORDS[sample]}, {len(both)} targets")
            ax.set_xlim(0.0, 10.0)
            ax.set_ylim(0.0, 1.02)
            ax.set_xlabel("error in tolerances")
        figure.axes[0].set_ylabel("share of targets within")
        figure.axes[-1].legend(loc="lower right")
        return figure


def _steps(ax: Axes, errors: Sequence[float], label: str, colour: str, width: float) -> None:
    sorted_errors = np.sort(np.array(errors, dtype=float))
    ax.step(
        [0.0, *sorted_errors, 10.0],
        [0.0, *(np.arange(1, len(sorted_errors) + 1) / max(len(sorted_errors), 1)), 1.0],
        where="post",
        color=colour,
        linewidth=width,
        label=label,
    )


def _legend(samples: Iterable[str]) -> list[Any]:
    handles: list[Any] = [
        Line2D([], [], color=BLUE, linewidth=1.5, label="model, median"),
        Patch(color=BLUE, alpha=0.2, label="5th to 95th percentile"),
    ]
    wanted = set(samples)
    return handles + [
        Line2D([], [], linestyle="", color=RED, markersize=5, **mark)
        for name, mark in MARKS.items()
        if name in wanted
    ]


def _day(month: str, days: int = 0) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:7]), 1) + dt.timedelta(days)


def write_figures(results: Mapping[str, Any], folder: Path, dpi: int = 110) -> list[str]:
    """Write a PNG an episode, one of all targets a sample and one of the benchmarks where any is
    scored; return their names.
    """
    figures = {
        episode: episode_figure(results, episode)
        for episode in dict.fromkeys(target["episode"] for target in results["targets"])
    }
    figures |= {
        f"distance-{row['sample']}": distance_figure(results, row["sample"])
        for row in results["samples"]
        if row["sample"] != "all"
    }
    if results["benchmarks"]:
        figures["benchmarks"] = naive_figure(results)
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=dpi, metadata={"Software": None})
    return [f"{name}.png" for name in figures]
