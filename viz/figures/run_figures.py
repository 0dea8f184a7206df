"""Figures for paper and report, drawn with matplotlib from finished results: results in, a Figure
out, no global state.

Every function takes one result or several worlds of one scenario (the line is their median, the
band their 5th to 95th percentile) and, as *base*, the worlds of a twin scenario, drawn dashed. It
speaks of one *state*, Japan where none is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from coercivity.experiments.quantities.headlines import EXPORTER, FOCUS, MEASURES
from coercivity.experiments.worlds.goods_in_focus import (
    BASES,
    goods_in_question,
    label_of_good,
    share_of_exporter,
)
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.notebook_figure import NotebookFigure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Worlds = FinishedRun | Sequence[FinishedRun]

# Okabe and Ito's palette: told apart by colour-blind readers and in grey
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#555555",
)
STYLE: Final[Mapping[str, Any]] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.fonttype": "none",
}
_PRICE_GOODS: Final = {
    "ndpr_oxide": "NdPr oxide",
    "dysprosium_oxide": "Dy oxide",
    "magnet_heat_resistant": "Heat-resistant magnet",
}
_COVER_GOODS: Final = {
    "ndpr_oxide": "NdPr oxide",
    "dysprosium_oxide": "Dy oxide",
    "magnet_standard": "standard magnets",
    "magnet_heat_resistant": "heat-resistant magnets",
    "motor_heat_resistant": "heat-resistant motors",
}
BESIDE: Final = 90  # letters that title and legend have on one line
_COLOURS: Final = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY, GREY)


def _with_style(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Draw with our style, and leave matplotlib's settings as they were."""

    @wraps(draw)
    def styled(
        results: Worlds, base: Worlds = (), state: str = FOCUS, good: Sequence[str] = ()
    ) -> Figure:
        worlds = [tuple(_CachedResult(one) for one in as_worlds(many)) for many in (results, base)]
        goods = tuple(good) or goods_in_question(worlds[0][0].scenario, state)
        with rc_context(dict(STYLE)):
            return draw(*worlds, state, goods)

    return styled


class _CachedResult:
    """A result whose tables are built once while a figure is drawn."""

    def __init__(self, result: FinishedRun) -> None:
        self.scenario, self.seed, self.months, self.tables = (
            result.scenario,
            result.seed,
            result.months,
            result.tables,
        )
        self.facts = result.facts
        self._build, self._built = result.table, dict[str, "pd.DataFrame"]()

    def table(self, name: str) -> pd.DataFrame:
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]


def as_worlds(results: Worlds) -> tuple[FinishedRun, ...]:
    """Return one or several results as a tuple."""
    return tuple(results) if isinstance(results, Sequence) else (results,)


@_with_style
def prices_figure(
    results: Worlds, base: Worlds = (), state: str = FOCUS, good: Sequence[str] = ()
) -> Figure:
    """Prices in USD/kg of goods, or of NdPr, Dy and heat-resistant magnets: at home in China, for
    export from China, and in the state.
    """
    named = _goods_with_labels(as_worlds(results)[0].facts, good, _PRICE_GOODS)
    rows = -(-len(named) // 3)
    figure, axes = _new_figure(rows, min(3, len(named)), 3.1 if rows == 1 else 2.6 * rows)
    for spare in axes[len(named) :]:
        spare.set_visible(False)
    lines = (
        (EXPORTER, "home", "at home in China", BLUE),
        (EXPORTER, "export", "for export from China", ORANGE),
        *(((state, "home", f"in {state}", RED),) if state != EXPORTER else ()),
    )
    for ax, (one, label) in zip(axes, named.items(), strict=False):
        top, bottom = 0.0, np.inf
        for where, column, name, colour in lines:
            seen = _draw(
                ax,
                results,
                base,
                partial(_price, state=where, good=one, column=column),
                name,
                colour,
            )
            top, bottom = max(top, seen[1]), min(bottom, seen[0])
        if bottom > 0 and top / bottom > 15:  # a peak would flatten the rest
            ax.set_yscale("log")
        else:
            ax.set_ylim(bottom=0)
        ax.set_title(label)
    axes[0].set_ylabel("USD/kg")
    return _finish(figure, axes, results, "Prices", state)


@_with_style
def output_figure(
    results: Worlds, base: Worlds = (), state: str = FOCUS, good: Sequence[str] = ()
) -> Figure:
    """Output of each end-use sector in a state as a share of what it would make if nothing were
    missing, in percent.
    """
    labels = as_worlds(results)[0].facts.sector_labels
    rows = -(-len(labels) // 3)
    figure, axes = _new_figure(rows, 3, 1.8 * rows, sharey=True)
    for spare in axes[len(labels) :]:
        spare.set_visible(False)
    most = 0.0
    for ax, (sector, label) in zip(axes, labels.items(), strict=False):
        made = partial(_relative_output, state=state, sector=sector)
        most = max(most, _draw(ax, results, base, made, "", BLUE)[1])
        ax.set_title(label)
    axes[0].set_ylim(0, max(105.0, 1.03 * most))  # of all: they share it
    axes[3].set_ylabel("% of potential output")
    return _finish(figure, axes, results, f"Output in {state}", state, legend=False)


@_with_style
def cover_figure(
    results: Worlds, base: Worlds = (), state: str = FOCUS, good: Sequence[str] = ()
) -> Figure:
    """Months of cover in a state, by good: what all firms that use it have left at the end of a
    month over their use; magnets lie at makers of motors, motors at makers of cars.
    """
    figure, axes = _new_figure(1, 1, 3.1)

    for at, (one, label) in enumerate(
        _goods_with_labels(as_worlds(results)[0].facts, good, _COVER_GOODS).items()
    ):
        colour = _COLOURS[at % len(_COLOURS)]
        _draw(axes[0], results, base, partial(_cover, state=state, good=one), label, colour)
    axes[0].set_ylabel("months of use in stock")
    axes[0].set_ylim(bottom=0)
    return _finish(figure, axes, results, f"Months of cover in {state}", state)


@_with_style
def dependence_figure(
    results: Worlds, base: Worlds = (), state: str = FOCUS, good: Sequence[str] = ()
) -> Figure:
    """China's share of a state's purchases by tonnage, in percent: by where they were shipped from
    and where they were separated; of rare earths, or of single goods that it buys abroad.
    """
    if good:
        return _dependence_on_goods(results, base, state, good)
    figure, axes = _new_figure(1, 2, 3.1, sharey=True)
    bases = (
        ("last_origin", "by where it was shipped from"),
        ("separated_in", "by where it was separated"),
    )
    groups = (
        ("all", "all rare earths", BLUE),
        ("NdPr", "NdPr", GREEN),
        ("Dy", "Dy", RED),
        ("Tb", "Tb", PURPLE),
    )
    for ax, (kind, title) in zip(axes, bases, strict=True):
        for group, label, colour in groups:
            share = partial(_from_china, state=state, basis=kind, group=group)
            _draw(ax, results, base, share, label, colour)
        ax.set_title(title)
        ax.set_ylim(0, 105)
    axes[0].set_ylabel("% from China")
    return _finish(figure, axes, results, _dependence_title(state), state)


@_with_style
def loss_figure(
    results: Worlds, base: Worlds = (), state: str = FOCUS, good: Sequence[str] = ()
) -> Figure:
    """What it costs a state, added up over time in USD bn: output lost, extra cost paid, output
    made up later.
    """
    figure, axes = _new_figure(1, 1, 3.1)
    for column, label, colour in (
        ("output_lost", "output lost", RED),
        ("cost_paid", "extra cost paid", ORANGE),
        ("made_up", "made up later", GREEN),
    ):
        flow = partial(_added_up, state=state, column=column)
        _draw(axes[0], results, base, flow, label, colour)
    axes[0].set_ylabel("USD bn since the start")
    return _finish(figure, axes, results, f"What it costs {state}", state)


FIGURES: Final[Mapping[str, Callable[..., Figure]]] = {
    "prices": prices_figure,
    "output": output_figure,
    "cover": cover_figure,
    "dependence": dependence_figure,
    "loss": loss_figure,
}


def _dependence_on_goods(results: Worlds, base: Worlds, state: str, good: Sequence[str]) -> Figure:
    """The exporter's share of what a state buys abroad of each good; where no good is separated in
    a place, by where it was shipped from alone.
    """

    def share(result: FinishedRun, one: str, by: str) -> np.ndarray:
        return 100.0 * share_of_exporter(result, state, one, by)

    facts = as_worlds(results)[0].facts
    figure, axes = _new_figure(1, len(BASES), 3.1, sharey=True)
    for ax, (by, words) in zip(axes, BASES.items(), strict=True):
        for at, (one, label) in enumerate(_goods_with_labels(facts, good, {}).items()):
            if by == "separated_in" and facts.good_stage[one] == "mining":
                continue  # nobody has separated it
            seen = partial(share, one=one, by=by)
            _draw(ax, results, base, seen, label, _COLOURS[at % len(_COLOURS)])
        ax.set_title(f"by where it was {words}")
        ax.set_ylim(0, 105)
    axes[0].set_ylabel("% from China")
    return _finish(figure, axes, results, _dependence_title(state), state)


def _goods_with_labels(
    facts: Facts, good: Sequence[str], shipped: Mapping[str, str]
) -> dict[str, str]:
    """Goods with their labels: those asked for, or those that the figure shows by itself."""
    if not good:
        return dict(shipped)
    return {one: shipped.get(one) or label_of_good(facts, one) for one in good}


def _dependence_title(state: str) -> str:
    return f"{EXPORTER}'s own supply" if state == EXPORTER else f"{state}'s dependence on China"


def _new_figure(
    rows: int, columns: int, height: float, sharey: bool = False
) -> tuple[Figure, list[Axes]]:
    figure = NotebookFigure(figsize=(9.6, height), layout="constrained")
    axes = figure.subplots(rows, columns, sharex=True, sharey=sharey, squeeze=False)
    return figure, list(axes.flat)


def _price(result: FinishedRun, state: str, good: str, column: str) -> np.ndarray:
    return _monthly(_rows(result, "prices", state=state, good=good), column, result)


def _relative_output(result: FinishedRun, state: str, sector: str) -> np.ndarray:
    rows = _rows(result, "output", state=state, stage="end_use", sector=sector)
    output, potential = (
        _monthly(rows, column, result, total=True) for column in ("tonnes", "potential_tonnes")
    )
    return _ratio(100.0 * output, potential)


def _cover(result: FinishedRun, state: str, good: str) -> np.ndarray:
    rows = _rows(result, "stocks", state=state, good=good)
    rows = rows[rows["cover_months"] > 0]
    rows = rows.assign(use=rows["tonnes"] / rows["cover_months"])
    return _ratio(
        _monthly(rows, "tonnes", result, total=True), _monthly(rows, "use", result, total=True)
    )


def _from_china(result: FinishedRun, state: str, basis: str, group: str) -> np.ndarray:
    rows = _rows(
        result,
        "dependence",
        state=state,
        supplier=EXPORTER,
        basis=basis,
        measure="tonnes",
        group=group,
    )
    return 100.0 * _monthly(rows, "share", result)


def _added_up(result: FinishedRun, state: str, column: str) -> np.ndarray:
    flow = _monthly(_rows(result, "macro", state=state), column, result, total=True)
    return np.nan_to_num(flow).cumsum() / 1e3


def _rows(result: FinishedRun, table: str, **keys: str) -> pd.DataFrame:
    frame = result.table(table)
    for column, value in keys.items():
        frame = frame[frame[column] == value]
    return frame


def _monthly(
    frame: pd.DataFrame, column: str, result: FinishedRun, total: bool = False
) -> np.ndarray:
    """One value a month of the run, NaN where there is none: mean or total of the rows."""
    groups = frame.groupby(frame["month"].astype(str))[column]
    series = groups.sum(min_count=1) if total else groups.mean()
    return series.reindex(list(result.months)).to_numpy(dtype=float)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=np.nan_to_num(below) > 0)


def _draw(
    ax: Axes,
    results: Worlds,
    base: Worlds,
    series: Callable[[FinishedRun], np.ndarray],
    label: str,
    colour: str,
) -> tuple[float, float]:
    """Draw median and band of *series* over worlds, the base dashed; return the lowest and the
    highest value seen.
    """
    low, high = np.inf, 0.0
    for worlds, dash in ((as_worlds(base), "--"), (as_worlds(results), "-")):
        if not worlds:
            continue
        values = np.array([series(world) for world in worlds], dtype=float)
        known = ~np.isnan(values).all(axis=0)
        known_months = np.arange(values.shape[1])[known]
        if not len(known_months):
            continue
        bottom, middle, top = np.nanquantile(values[:, known], (0.05, 0.5, 0.95), axis=0)
        if len(worlds) > 1:
            ax.fill_between(known_months, bottom, top, color=colour, alpha=0.18, linewidth=0)
        ax.plot(
            known_months,
            middle,
            dash,
            color=colour,
            linewidth=1.6 if dash == "-" else 1.0,
            label=label if dash == "-" and label else None,
        )
        low, high = min(low, float(bottom.min())), max(high, float(top.max()))
    return low, high


def _finish(
    figure: Figure,
    axes: Sequence[Axes],
    results: Worlds,
    title: str,
    state: str,
    legend: bool = True,
) -> Figure:
    first = as_worlds(results)[0]
    months = first.months
    years = [at for at, month in enumerate(months) if month.endswith("-01")]
    step = max(1, round(len(years) / (8 if len(axes) == 1 else 5)))
    measures = sorted(
        {
            months.index(event.date[:7])
            for event in first.scenario.events
            if event.kind in MEASURES and state in event.targets and event.date[:7] in months
        }
    )
    for ax in axes:
        if len(months) < 24:
            ax.set_xticks(
                range(0, len(months), max(1, len(months) // 4)),
                list(months)[:: max(1, len(months) // 4)],
            )
        else:
            ax.set_xticks(years[::step], [months[at][:4] for at in years[::step]])
        ax.set_xlim(-0.5, max(1, len(months) - 1))
        for place in measures:
            ax.axvline(place, color=GREY, linewidth=0.7, linestyle=":")
    handles, labels = axes[0].get_legend_handles_labels()
    if legend and handles:
        beside = len(title) + sum(map(len, labels)) <= BESIDE  # else they would lie on each other
        where = "outside upper right" if beside else "outside lower left"
        figure.legend(handles, labels, loc=where, ncols=min(len(handles), 5))
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
    return figure
