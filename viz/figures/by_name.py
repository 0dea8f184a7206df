"""The figures of runs and ensembles by name: what `.plots` lists and `.plot` draws. Names are known
without matplotlib; it is loaded when one is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.experiments.studies.sensitivity import Sensitivity
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.experiments.worlds.viewpoint import check_state
from coercivity.model.basis.display import from_extra
from coercivity.model.basis.errors import InputError, Phrase

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES: Final = ("prices", "output", "dependence", "cover", "loss")
OF_GOODS: Final = ("prices", "dependence", "cover")  # figures that take goods by name
APART: Final = "-difference"  # ends the name of a figure of differences
CORNER: Final = "corner"
BESIDE: Final = {"morris-plane": "-plane", "pairs": "-pairs"}  # of an outcome, beside its bars


def run_plots(result: FinishedRun) -> tuple[str, ...]:
    """Names of the figures of a run; none where it keeps no tables."""
    return NAMES if tuple(result.tables) else ()


def run_figure(
    results: FinishedRun | Sequence[FinishedRun],
    name: str | None = None,
    base: Sequence[FinishedRun] = (),
    *,
    state: str | None = None,
    good: str | Sequence[str] = (),
) -> Figure:
    """Draw a figure of one run, or of several of one scenario beside those of a base, seen from a
    state; good: of which goods, for the figures OF_GOODS. Raises InputError, one line.
    """
    first = results[0] if isinstance(results, Sequence) else results
    known = run_plots(first)
    if not known:
        raise InputError(
            "plot '{plot}' cannot be drawn: this run did not record",
            "run it with record=True",
            plot=name or NAMES[0],
        )
    chosen, seen_from = (
        _check_figure_name(name, known),
        check_state(first.facts, state or FOCUS, "state"),
    )
    goods = first.facts.expand_goods(good)
    if goods and chosen not in OF_GOODS:
        raise InputError(
            "the figure '{plot}' is not of single goods",
            "give it for one of: {names}",
            where="good",
            plot=chosen,
            names=tuple(OF_GOODS),
        )
    from_extra("matplotlib", "plot", "plot()")
    from coercivity.viz.figures.run_figures import FIGURES

    return FIGURES[chosen](results, base, seen_from, goods)


def ensemble_plots(ensemble: Ensemble) -> tuple[str, ...]:
    """Names of the figures of an ensemble; with a base those of differences too, and none where no
    series were kept.
    """
    if not ensemble.series:
        return ()
    return NAMES if ensemble.base is None else (*NAMES, *(f"{name}{APART}" for name in NAMES))


def ensemble_figure(ensemble: Ensemble, name: str | None = None) -> Figure:
    """Draw a figure of an ensemble. Raises InputError, one line."""
    known = ensemble_plots(ensemble)
    if not known:
        raise InputError(
            "plot '{plot}' cannot be drawn: no series were kept",
            "ask for series=True",
            plot=name or NAMES[0],
        )
    chosen = _check_figure_name(name, known)
    from_extra("matplotlib", "plot", "plot()")
    from coercivity.viz.figures.ensemble_figures import fan_figure

    kind = "difference" if chosen.endswith(APART) else "scenario"
    return fan_figure(ensemble, chosen.removesuffix(APART), kind)


def sensitivity_plots(found: Sensitivity) -> tuple[str, ...]:
    """Names of the figures of a sensitivity analysis: its outcomes, what else each of them has to
    show, and the corner; none where every outcome was refused.
    """
    names = []
    for finding in found.findings:
        if finding.tornado is None and finding.indices is None:
            continue
        measures = {row.measure for row in finding.indices.rows} if finding.indices else set()
        has = {"morris-plane": finding.method == "morris", "pairs": "second" in measures}
        names += [finding.outcome, *(finding.outcome + BESIDE[one] for one in has if has[one])]
    return (*names, *((CORNER,) if found.corner is not None else ()))


def sensitivity_figure(found: Sensitivity, name: str | None = None) -> Figure:
    """Draw a figure of a sensitivity analysis. Raises InputError, one line."""
    known = sensitivity_plots(found)
    if not known:
        why = next((finding.refused for finding in found.findings), "no outcome was asked")
        raise InputError(
            "plot '{plot}' cannot be drawn: {reason}",
            "ask for another outcome",
            plot=name or "of an outcome",
            reason=Phrase(why),
        )
    chosen = _check_figure_name(name, known)
    from_extra("matplotlib", "plot", "plot()")
    from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of

    document = found.to_dict()
    if chosen == CORNER:
        points = found.points()
        names, hit = list(found.sample.names), points["hit"].to_numpy(dtype=bool)
        return corner_figure(document["corner"], names, points[names].to_numpy(), hit)
    drawn = {
        outcome["outcome"] + BESIDE.get(kind, ""): figure
        for outcome in document["outcomes"]
        if chosen.startswith(outcome["outcome"])
        for kind, figure in figures_of(outcome)
    }
    return drawn[chosen]


def _check_figure_name(name: str | None, known: tuple[str, ...]) -> str:
    """A name of a figure, the first for None. Raises InputError with all of them for another."""
    if name is None:
        return known[0]
    if name not in known:
        fix = Phrase.of("use one of: {names}", names=known)
        raise InputError("plot '{value}' is not known", fix, value=name)
    return name
