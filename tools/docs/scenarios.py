"""Draw every shipped scenario at full length, over seeds and over draws of the parameters, and
write the page that says of each whether a minerals economist would believe it.

    python -m tools.docs.scenarios --run [NAME ...]
        runs the worlds (an hour of processor time for all), draws docs/images/scenarios/*.png,
        writes docs/results/scenarios.json and the page
    python -m tools.docs.scenarios
        writes the page again (part of `make docs`)

The paragraphs stand in docs/scenarios.csv: scenario, believed, odd.
"""

from __future__ import annotations

import csv
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from coercivity.experiments.worlds.draws import draws
from coercivity.experiments.worlds.ensemble import with_vector
from coercivity.experiments.worlds.run import run
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.viz.figures.run_figures import BLUE, ORANGE, STYLE
from tools.docs.shares import separated_for_japan
from tools.docs.stamp import stamp

DOCS = Path(__file__).resolve().parents[2] / "docs"
IMAGES, FIGURES = DOCS / "images" / "scenarios", DOCS / "results" / "scenarios.json"
SEEDS, DRAWS = (1, 2, 3, 4), 4
MADE_WITH = "made_with"  # stands among the scenarios: version and model code of each
WESTERN = "outside China"
PANELS = (
    ("ndpr", "NdPr oxide at home in China, USD/kg", True),
    ("dy", "Dy oxide at home in China, USD/kg", True),
    ("dy_japan", "Dy oxide as paid in Japan, USD/kg", True),
    ("tonnes", "NdPr oxide made in the world, 1,000 t a year", False),
    ("abroad", f"NdPr oxide made {WESTERN}, 1,000 t a year", False),
    ("share", "China's share of what is separated for Japan, %", False),
    ("heavy", "heavy concentrate dug in the world, 1,000 t a year", False),
    ("lines", "lines that stop in a quarter", False),
    ("lost", "output lost, USD bn a quarter", False),
)


def quarters(series: pd.Series, how: str) -> list[float]:
    """A monthly series by quarter."""
    values = series.to_numpy(dtype=float)
    parts = values[: len(values) // 3 * 3].reshape(-1, 3)
    if how == "sum":
        return [float(x) for x in parts.sum(axis=1)]
    known = np.isfinite(parts).sum(axis=1)
    total = np.nansum(parts, axis=1)
    return [float(x) for x in np.where(known > 0, total / np.maximum(known, 1), np.nan)]


def measured(task: tuple[str, int, int]) -> dict[str, Any]:
    """One world of a scenario: its panels by quarter. draw -1 is the shipped vector."""
    name, seed, draw = task
    scenario = load_scenario(name)
    if name == "embargo-2010":
        scenario = with_changes(scenario, months=180)
    if draw >= 0:
        chosen = draws(DRAWS)[draw]
        scenario, seed = with_vector(scenario, chosen), chosen.seed
    result = run(scenario, seed)
    months = list(result.months)
    prices: Any = result.table("prices").set_index(["good", "state", "month"]).sort_index()
    output = result.table("output")
    output = output[output.stage != "end_use"]

    def price(good: str, state: str, column: str) -> pd.Series:
        return prices.loc[(good, state)][column].astype(float).reindex(months)

    def made(good: str, abroad: bool = False) -> pd.Series:
        rows = output[(output.good == good) & ((output.state != "China") | (not abroad))]
        return rows.groupby("month", observed=True).tonnes.sum().reindex(months).fillna(0.0)

    japan: Any = separated_for_japan(result).set_index("month")["share"]
    lines = result.table("stoppages")
    stops = lines[lines.stage == "end_use"].first_day.astype(str).str[:7].value_counts()
    lost = result.table("macro").groupby("month", observed=True).output_lost.sum().reindex(months)
    return {
        "scenario": name,
        "start": months[0],
        "draw": draw,
        "ndpr": quarters(price("ndpr_oxide", "China", "home"), "mean"),
        "dy": quarters(price("dysprosium_oxide", "China", "home"), "mean"),
        "dy_japan": quarters(price("dysprosium_oxide", "Japan", "paid"), "mean"),
        "tonnes": [x * 4.0 / 1000.0 for x in quarters(made("ndpr_oxide"), "sum")],
        "abroad": [x * 4.0 / 1000.0 for x in quarters(made("ndpr_oxide", True), "sum")],
        "heavy": [x * 4.0 / 1000.0 for x in quarters(made("heavy_concentrate"), "sum")],
        "share": [100.0 * x for x in quarters(japan.astype(float).reindex(months), "mean")],
        "lines": quarters(stops.reindex(months).fillna(0.0), "sum"),
        "lost": [x / 1000.0 for x in quarters(lost.astype(float), "sum")],
    }


def drawn(worlds: list[dict[str, Any]]) -> Figure:
    """Nine panels: seeds with the shipped parameters in blue, draws of the parameters in orange."""
    with rc_context(dict(STYLE)):
        figure = Figure(figsize=(12.0, 7.5), layout="constrained")
        year = int(worlds[0]["start"][:4]) + (int(worlds[0]["start"][5:]) - 1) / 12.0
        for axes, (key, title, log) in zip(figure.subplots(3, 3).flat, PANELS, strict=True):
            for world in sorted(worlds, key=lambda w: w["draw"], reverse=True):
                shipped = world["draw"] < 0
                values = world[key]
                axes.plot(
                    year + np.arange(len(values)) / 4.0,
                    values,
                    color=BLUE if shipped else ORANGE,
                    linewidth=1.1 if shipped else 0.7,
                    alpha=0.9 if shipped else 0.6,
                )
            axes.set_title(title)
            if log:
                axes.set_yscale("log")
                axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
            else:
                axes.set_ylim(bottom=0.0)
        return figure


def told(values: list[float]) -> str:
    """Lowest to highest, three digits, without exponents."""
    low, high = (f"{float(f'{value:.3g}'):,g}" for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def figures_of(worlds: list[dict[str, Any]]) -> dict[str, str]:
    """What the page says in numbers of the worlds with the shipped parameters."""
    shipped = [w for w in worlds if w["draw"] < 0]

    def over(key: str, rule: Any) -> str:
        return told([float(rule(np.array(w[key]))) for w in shipped])

    return {
        "NdPr at home, mean, USD/kg": over("ndpr", np.mean),
        "highest quarter": over("ndpr", np.max),
        "lowest": over("ndpr", np.min),
        "Dy at home, mean": over("dy", np.mean),
        "Dy paid in Japan, highest quarter": over("dy_japan", np.nanmax),
        "China's share for Japan, start, %": over("share", lambda x: x[0]),
        "after five years": over("share", lambda x: x[min(20, len(x) - 1)]),
        "at the end": over("share", lambda x: x[-1]),
        "lines that stop, worst year": over(
            "lines", lambda x: x[: len(x) // 4 * 4].reshape(-1, 4).sum(axis=1).max()
        ),
        "output lost, USD bn in all": over("lost", np.sum),
    }


def write_page(figures: dict[str, Any]) -> str:
    """The page: a paragraph, a row of figures and the plot of each scenario."""
    with (DOCS / "scenarios.csv").open(encoding="utf-8", newline="") as file:
        words = {row["scenario"]: row for row in csv.DictReader(file)}
    lines = [
        "# Every scenario, drawn and looked at",
        "",
        "<!-- made by tools/docs/scenarios.py from docs/scenarios.csv and "
        "docs/results/scenarios.json; do not edit here -->",
        "",
        "**Figures and pictures are of today's model; the paragraphs are of version 0.5.0**, but "
        "for `japan-2026`, `licences-2026` and `licensing-2025`. Prices, orders and quotas follow "
        "other rules since ([decisions 0091 to 0114](decisions/README.md)), and the scenarios "
        "about 2026 began in 2024: a paragraph of then is not to be set beside its figures. "
        f"Each shipped scenario at full length (`embargo-2010` to the end of 2023): {len(SEEDS)} "
        f"seeds with the shipped parameters in blue, {DRAWS} draws of parameters in orange. The "
        "paragraph says whether an economist of minerals would believe it, and what is odd. "
        "Figures are lowest to highest over the seeds, which is luck alone: what is lost lies low "
        "with the shipped parameters, most members of the collection lose more (decision 0046). "
        "China's share for Japan is by value, where the lab has it by weight. Tonnes of NdPr oxide "
        "in the paragraphs count what makers of catalysts and glass take up as well (some 1,200 t "
        "a year abroad); the pictures do not.",
        "",
    ]
    for name in list_scenarios():
        said = words.get(name, {"believed": "Not looked at yet.", "odd": ""})
        lines += [f"## {name}", "", said["believed"], ""]
        if said["odd"]:
            lines += [f"**Odd:** {said['odd']}", ""]
        if name in figures:
            row = figures[name]
            lines += ["| " + " | ".join(row) + " |", "|" + "---|" * len(row)]
            lines += ["| " + " | ".join(row.values()) + " |", ""]
            lines += [f"![{name}](images/scenarios/{name}.png)", ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Run and draw what is asked for, then write the page."""
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    if "--run" in arguments:
        made_with = stamp()
        names = [name for name in arguments if name != "--run"] or list(list_scenarios())
        IMAGES.mkdir(parents=True, exist_ok=True)
        tasks = [
            (name, seed, draw)
            for name in names
            for seed, draw in [*((s, -1) for s in SEEDS), *((0, d) for d in range(DRAWS))]
        ]
        with ProcessPoolExecutor(2) as pool:
            worlds = list(pool.map(measured, tasks))
        for name in names:
            mine = [world for world in worlds if world["scenario"] == name]
            drawn(mine).savefig(IMAGES / f"{name}.png", dpi=75)
            figures[name] = figures_of(mine)
            figures.setdefault(MADE_WITH, {})[name] = made_with
        FIGURES.write_text(json.dumps(dict(sorted(figures.items())), indent=1) + "\n")
    (DOCS / "scenarios.md").write_text(write_page(figures), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
