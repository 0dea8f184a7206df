"""The page of the sensitivity analysis: which parameters move the headlines, with intervals, and
the sentences that this allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.viz.pages.text import Document, Draw, Row, made_by, table
from coercivity.viz.words.findings import short

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST: Final = 12  # parameters in a table
TITLES: Final = {
    "morris": "A screen of every parameter that is not known",
    "sobol": "Shares of the variance",
    "lhs": "Densities, and where Japan stops",
}
WHAT: Final = {
    "morris": "Elementary effects (Morris): each parameter moved alone, from many places in the ranges. mu*: mean size of the effect of a move across the whole range, in the unit of the outcome; "
    "sigma: how much that depends on where the others stand. It ranks, it does not share out.",
    "sobol": (
        "Sobol' indices: total, the share of the variance that would go if the parameter were "
        "known; first, the share that it gives alone. 95% intervals from resampling."
    ),
    "lhs": (
        "Density-based indices (delta, or PAWN where many points share one value): how far the "
        "distribution of the outcome moves when the parameter is known. What columns of pure "
        "luck reach is the floor."
    ),
}


def pages(document: Document) -> dict[str, str]:
    """The one page."""
    return {"sensitivity.md": page(document)}


def figures(document: Document) -> Iterator[tuple[str, Draw]]:
    """What each outcome of each sweep has to show, and the corner."""
    from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of

    for sweep in document["found"]["sweeps"]:
        for outcome_document in sweep["outcomes"]:
            for name, figure in figures_of(outcome_document):
                yield (
                    f"sensitivity/{sweep['name']}-{_file(outcome_document['outcome'])}-{name}.svg",
                    partial(_same, figure),
                )
        if sweep["corner"] and sweep["corner_points"]:
            corner_points = sweep["corner_points"]
            points, hit = (
                np.array(corner_points["points"], dtype=float),
                np.array(corner_points["hit"], dtype=bool),
            )
            yield (
                f"sensitivity/{sweep['name']}-corner.svg",
                partial(corner_figure, sweep["corner"], corner_points["names"], points, hit),
            )


def tables(document: Document) -> dict[str, list[Row]]:
    """Every index of every outcome, and how much is luck."""
    tables_by_name: dict[str, list[Row]] = {"sensitivity": [], "sensitivity-luck": []}
    for sweep in document["found"]["sweeps"]:
        for outcome_document in sweep["outcomes"]:
            start = {
                "sweep": sweep["name"],
                "outcome": outcome_document["outcome"],
                "method": outcome_document["method"],
            }
            rows = outcome_document["indices"]["rows"] if outcome_document["indices"] else []
            tables_by_name["sensitivity"] += [
                {
                    **start,
                    "of": " x ".join(row["of"]),
                    **{key: row[key] for key in ("measure", "value", "low", "high")},
                }
                for row in rows
            ]
            if outcome_document["luck"]:
                tables_by_name["sensitivity-luck"].append({**start, **outcome_document["luck"]})
    return tables_by_name


def page(document: Document) -> str:
    """The whole page."""
    sweeps = document["found"]["sweeps"]
    chosen = ", ".join(
        f"`{chosen_sweep['parameter']}` {chosen_sweep['score']:.2f}"
        for chosen_sweep in document["found"]["chosen"]
    )
    return f"""# Which parameters move the headlines

From sweeps of `{sweeps[0]["sweep"]["scenario"]}` over the documented ranges; what is not moved stands at its shipped value. The screen looks at every parameter that is not known; its
score is the largest, over the headlines, of its mu* as a share of that headline's largest mu*, and the highest scores go on: {chosen}. A sentence stands here
only where its interval allows it. {made_by(document)}

{"".join(part(chosen_sweep) for chosen_sweep in sweeps)}"""


def part(sweep: Mapping[str, Any]) -> str:
    """One sweep: what it was, and each outcome."""
    origin = sweep["sweep"]
    size = (
        f"{origin['points']:,} points, {len(origin['bounds'])} parameters, {len(origin['seeds'])} "
        f"seed{'s' * (len(origin['seeds']) > 1)} each, {origin['months']} months: {origin['runs']:,} runs"
    )
    failed = f", {origin['failed']:,} failed" if origin["failed"] else ""
    return f"""## {TITLES.get(origin["method"], origin["method"])}

{WHAT.get(origin["method"], "")}

`{sweep["name"]}` (fingerprint {sweep["design"]}): {size}{failed}.

{"".join(outcome(sweep["name"], outcome_document) for outcome_document in sweep["outcomes"])}{corner(sweep)}"""


def outcome(sweep: str, outcome_document: Mapping[str, Any]) -> str:
    """Table, sentences, notes and figure of one outcome."""
    unit = f", {outcome_document['unit']}" if outcome_document["unit"] else ""
    middle = (
        ""
        if outcome_document["median"] is None
        else (
            f" Median {short(outcome_document['median'])}, 5th to 95th percentile {short(outcome_document['p05'])} to "
            f"{short(outcome_document['p95'])}."
        )
    )
    head = f"### {outcome_document['label']}{unit}\n\n"
    if outcome_document["refused"] or not outcome_document["indices"]:
        return f"{head}Not computed: {outcome_document['refused'] or 'nothing varies'}.{middle}\n\n"
    said = " ".join(outcome_document["sentences"])
    notes = "".join(f"\n\nNote: {note}." for note in outcome_document["notes"])
    picture = f"![{outcome_document['label']}](images/sensitivity/{sweep}-{_file(outcome_document['outcome'])}-{outcome_document['method']}.svg)"
    return f"{head}{said}{middle}{notes}\n\n{picture}\n\n{indices(outcome_document)}\n\n"


def indices(outcome_document: Mapping[str, Any]) -> str:
    """The largest indices with their intervals."""
    first, *others = {"sobol": ("total", "first"), "morris": ("mu_star", "sigma")}.get(
        outcome_document["method"], (outcome_document["method"],)
    )
    by_name = {
        (row["of"][0], row["measure"]): row
        for row in outcome_document["indices"]["rows"]
        if len(row["of"]) == 1
    }
    ranked = sorted(
        (row for row in outcome_document["indices"]["rows"] if row["measure"] == first),
        key=lambda row: -row["value"],
    )[:MOST]
    names = [{"mu_star": "mu*"}.get(name, name) for name in (first, *others)]
    return table(
        ("parameter", *names),
        (
            [
                f"`{row['of'][0]}`",
                *(interval(by_name[row["of"][0], name]) for name in (first, *others)),
            ]
            for row in ranked
        ),
    )


def interval(row: Row) -> str:
    """Value with its interval where it has one."""
    return (
        short(row["value"])
        if row["low"] is None
        else f"{short(row['value'])} ({short(row['low'])} to {short(row['high'])})"
    )


def corner(sweep: Mapping[str, Any]) -> str:
    """In which corner something happens, or why that is not said."""
    box = sweep["corner"]
    if box is None:
        return f"No corner: {sweep['no_corner']}.\n\n" if sweep["no_corner"] else ""
    picture = (
        f"\n\n![The corner](images/sensitivity/{sweep['name']}-corner.svg)"
        if sweep["corner_points"]
        else ""
    )
    rows = (
        [
            f"`{bound['parameter']}`",
            bound["side"],
            short(bound["value"]),
            short(bound["quasi_p"]),
            f"{bound['again']:.0%}",
        ]
        for bound in box["bounds"]
    )
    bounds = (
        f"\n\n{table(('parameter', 'bound', 'value', 'quasi-p', 'found again'), rows)}"
        if box["bounds"]
        else ""
    )
    return (
        f"### In which corner does Japan stop?\n\n{' '.join(box['sentences'])}{picture}{bounds}\n\n"
    )


def _same(figure: Figure) -> Figure:
    return figure


def _file(outcome_id: str) -> str:
    return outcome_id.replace(":", "-")
