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
        for one in sweep["outcomes"]:
            for name, figure in figures_of(one):
                yield (
                    f"sensitivity/{sweep['name']}-{_file(one['outcome'])}-{name}.svg",
                    partial(_same, figure),
                )
        if sweep["corner"] and sweep["corner_points"]:
            held = sweep["corner_points"]
            points, hit = np.array(held["points"], dtype=float), np.array(held["hit"], dtype=bool)
            yield (
                f"sensitivity/{sweep['name']}-corner.svg",
                partial(corner_figure, sweep["corner"], held["names"], points, hit),
            )


def tables(document: Document) -> dict[str, list[Row]]:
    """Every index of every outcome, and how much is luck."""
    held: dict[str, list[Row]] = {"sensitivity": [], "sensitivity-luck": []}
    for sweep in document["found"]["sweeps"]:
        for one in sweep["outcomes"]:
            start = {"sweep": sweep["name"], "outcome": one["outcome"], "method": one["method"]}
            rows = one["indices"]["rows"] if one["indices"] else []
            held["sensitivity"] += [
                {
                    **start,
                    "of": " x ".join(row["of"]),
                    **{key: row[key] for key in ("measure", "value", "low", "high")},
                }
                for row in rows
            ]
            if one["luck"]:
                held["sensitivity-luck"].append({**start, **one["luck"]})
    return held


def page(document: Document) -> str:
    """The whole page."""
    sweeps = document["found"]["sweeps"]
    chosen = ", ".join(
        f"`{one['parameter']}` {one['score']:.2f}" for one in document["found"]["chosen"]
    )
    return f"""# Which parameters move the headlines

From sweeps of `{sweeps[0]["sweep"]["scenario"]}` over the documented ranges; what is not moved stands at its shipped value. The screen looks at every parameter that is not known; its
score is the largest, over the headlines, of its mu* as a share of that headline's largest mu*, and the highest scores go on: {chosen}. A sentence stands here
only where its interval allows it. {made_by(document)}

{"".join(part(one) for one in sweeps)}"""


def part(sweep: Mapping[str, Any]) -> str:
    """One sweep: what it was, and each outcome."""
    of = sweep["sweep"]
    size = (
        f"{of['points']:,} points, {len(of['bounds'])} parameters, {len(of['seeds'])} "
        f"seed{'s' * (len(of['seeds']) > 1)} each, {of['months']} months: {of['runs']:,} runs"
    )
    failed = f", {of['failed']:,} failed" if of["failed"] else ""
    return f"""## {TITLES.get(of["method"], of["method"])}

{WHAT.get(of["method"], "")}

`{sweep["name"]}` (fingerprint {sweep["design"]}): {size}{failed}.

{"".join(outcome(sweep["name"], one) for one in sweep["outcomes"])}{corner(sweep)}"""


def outcome(sweep: str, one: Mapping[str, Any]) -> str:
    """Table, sentences, notes and figure of one outcome."""
    unit = f", {one['unit']}" if one["unit"] else ""
    middle = (
        ""
        if one["median"] is None
        else (
            f" Median {short(one['median'])}, 5th to 95th percentile {short(one['p05'])} to "
            f"{short(one['p95'])}."
        )
    )
    head = f"### {one['label']}{unit}\n\n"
    if one["refused"] or not one["indices"]:
        return f"{head}Not computed: {one['refused'] or 'nothing varies'}.{middle}\n\n"
    said = " ".join(one["sentences"])
    notes = "".join(f"\n\nNote: {note}." for note in one["notes"])
    picture = (
        f"![{one['label']}](images/sensitivity/{sweep}-{_file(one['outcome'])}-{one['method']}.svg)"
    )
    return f"{head}{said}{middle}{notes}\n\n{picture}\n\n{indices(one)}\n\n"


def indices(one: Mapping[str, Any]) -> str:
    """The largest indices with their intervals."""
    first, *others = {"sobol": ("total", "first"), "morris": ("mu_star", "sigma")}.get(
        one["method"], (one["method"],)
    )
    of = {
        (row["of"][0], row["measure"]): row for row in one["indices"]["rows"] if len(row["of"]) == 1
    }
    ranked = sorted(
        (row for row in one["indices"]["rows"] if row["measure"] == first),
        key=lambda row: -row["value"],
    )[:MOST]
    names = [{"mu_star": "mu*"}.get(name, name) for name in (first, *others)]
    return table(
        ("parameter", *names),
        (
            [f"`{row['of'][0]}`", *(interval(of[row["of"][0], name]) for name in (first, *others))]
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
    found = sweep["corner"]
    if found is None:
        return f"No corner: {sweep['no_corner']}.\n\n" if sweep["no_corner"] else ""
    picture = (
        f"\n\n![The corner](images/sensitivity/{sweep['name']}-corner.svg)"
        if sweep["corner_points"]
        else ""
    )
    rows = (
        [
            f"`{one['parameter']}`",
            one["side"],
            short(one["value"]),
            short(one["quasi_p"]),
            f"{one['again']:.0%}",
        ]
        for one in found["bounds"]
    )
    bounds = (
        f"\n\n{table(('parameter', 'bound', 'value', 'quasi-p', 'found again'), rows)}"
        if found["bounds"]
        else ""
    )
    return (
        "### In which corner does Japan "
        f"stop?\n\n{' '.join(found['sentences'])}{picture}{bounds}\n\n"
    )


def _same(figure: Figure) -> Figure:
    return figure


def _file(outcome_id: str) -> str:
    return outcome_id.replace(":", "-")
