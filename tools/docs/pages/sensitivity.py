"""The page of the sensitivity analysis: which parameters move the headlines, with intervals, and
the sentences that this allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from coercivity.viz.words.claim_rows import three_digits
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Draw, Row, render, table

MOST: Final = 12  # parameters in a table
MEASURES: Final = {"sobol": ("total", "first"), "morris": ("mu_star", "sigma")}
TITLES: Final = {
    "morris": "A screen of every parameter that is not known",
    "sobol": "Shares of the variance",
    "lhs": "Densities, and where Japan stops",
}


def pages(document: Document) -> dict[str, str]:
    """Return the one page."""
    helpers = {"titles": TITLES, "indices": indices, "file": file_of}
    return {"sensitivity.md": render("sensitivity", document, **helpers)}


def figures(document: Document) -> Iterator[tuple[str, Draw]]:
    """Give what each outcome of each sweep has to show, and the corner."""
    from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of

    for sweep in document["found"]["sweeps"]:
        start = f"sensitivity/{sweep['name']}"
        for one in sweep["outcomes"]:
            for name, figure in figures_of(one):
                yield (
                    f"{start}-{file_of(one['outcome'])}-{name}.svg",
                    partial(lambda it: it, figure),
                )
        if sweep["corner"] and (held := sweep["corner_points"]):
            points, hit = np.array(held["points"], float), np.array(held["hit"], bool)
            drawn = partial(corner_figure, sweep["corner"], held["names"], points, hit)
            yield f"{start}-corner.svg", drawn


def tables(document: Document) -> dict[str, list[Row]]:
    """Return every index of every outcome, and how much is luck."""
    rows, luck = list[Row](), list[Row]()
    for sweep in document["found"]["sweeps"]:
        for one in sweep["outcomes"]:
            start = {"sweep": sweep["name"], "outcome": one["outcome"], "method": one["method"]}
            for row in one["indices"]["rows"] if one["indices"] else []:
                told = {key: row[key] for key in ("measure", "value", "low", "high")}
                rows.append({**start, "of": " x ".join(row["of"]), **told})
            if one["luck"]:
                luck.append({**start, **one["luck"]})
    return {"sensitivity": rows, "sensitivity-luck": luck}


def indices(outcome: Mapping[str, Any]) -> str:
    """Return the largest indices with their intervals."""
    measures = MEASURES.get(outcome["method"], (outcome["method"],))
    rows = [row for row in outcome["indices"]["rows"] if len(row["of"]) == 1]
    cells = {(row["of"][0], row["measure"]): interval(row) for row in rows}
    ranked = sorted(
        (row for row in outcome["indices"]["rows"] if row["measure"] == measures[0]),
        key=lambda row: -row["value"],
    )
    heads = ("parameter", *(name.replace("mu_star", "mu*") for name in measures))
    names = [row["of"][0] for row in ranked[:MOST]]
    return table(heads, ([f"`{of}`", *(cells[of, name] for name in measures)] for of in names))


def interval(row: Row) -> str:
    """Return a value with its interval where it has one."""
    ends = (
        ""
        if row["low"] is None
        else f" ({three_digits(row['low'])} to {three_digits(row['high'])})"
    )
    return three_digits(row["value"]) + ends


def file_of(outcome: str) -> str:
    """Return an outcome as it stands in the name of a file."""
    return outcome.replace(":", "-")
