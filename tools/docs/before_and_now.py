"""Scenarios by version 0.5.0 and by the code that runs, side by side: docs/before-and-now.md.

python -m tools.docs.before_and_now --run [FILE]
    runs the scenarios and writes their series to FILE, docs/results/now.json without one, then
    draws the picture. It calls public functions alone: a copy of this file that ran in a
    checkout of 0.5.0 (commit 56c649a0) wrote docs/results/before.json
python -m tools.docs.before_and_now
    writes the page from both files (part of `make docs`)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

import coercivity
from tools.docs.stamp import stamp, stamp_line

ROOT = Path(__file__).resolve().parents[2]
PAGE, PICTURE = ROOT / "docs" / "before-and-now.md", "images/before-and-now.png"
BEFORE, NOW = (ROOT / "docs" / "results" / f"{name}.json" for name in ("before", "now"))
SCENARIOS: Final = (
    "licensing-2025",
    "embargo-2010",
    "japan-2026",
    "japan-blanket-ban",
    "myanmar-closure",
    "business-as-usual",
    "friend-shoring-alone",
    "friend-shoring-together",
    "mines-without-processing",
    "early-stage-mines",
    "governments-decide-2009",
    "governments-decide-2024",
)
SERIES: Final = {
    "ndpr": "NdPr oxide in China, USD/kg",
    "dy": "dysprosium oxide in China, USD/kg",
    "dy_japan": "the same as quoted in Japan, USD/kg",
    "stopped": "lines abroad that stand",
    "lost": "output lost abroad, USD bn a month",
    "cars": "cars made in Japan of those planned",
}
SEEDS: Final = (1, 2, 3)
MONTHS: Final = 72  # at most; of embargo-2010 the years to 2014
LAST: Final = "9999-12"  # of a stop that does not end

Figures = dict[str, Any]


def price(result: coercivity.Result, good: str, state: str, column: str) -> pd.Series:
    """A price (USD/kg) by month."""
    table = result.table("prices")
    return table[(table.good == good) & (table.state == state)].set_index("month")[column]


def lines_that_stand(result: coercivity.Result, months: list[str]) -> list[int]:
    """End users' lines outside China that stand at some day of each month."""
    stops = result.table("stoppages")
    stops = stops[(stops.stage == "end_use") & (stops.state != "China")]
    first, last = (
        np.array([str(day)[:7] if pd.notna(day) else LAST for day in stops[column]], dtype="U7")
        for column in ("first_day", "last_day")
    )
    return [int(((first <= month) & (last >= month)).sum()) for month in months]


def series_of(scenario: str, seed: int) -> pd.DataFrame:
    """All series of one run, by month."""
    months = min(coercivity.load_scenario(scenario).months, MONTHS)
    result = coercivity.run(scenario, seed=seed, months=months)
    columns = {
        "ndpr": price(result, "ndpr_oxide", "China", "home"),
        "dy": price(result, "dysprosium_oxide", "China", "home"),
        "dy_japan": price(result, "dysprosium_oxide", "Japan", "quoted"),
    }
    found = pd.DataFrame(columns)
    found.index = found.index.astype(str)
    found["stopped"] = lines_that_stand(result, list(found.index))
    macro, output = result.table("macro"), result.table("output")
    lost = macro[macro.state != "China"].groupby("month", observed=True).output_lost.sum() / 1e3
    cars = output[(output.state == "Japan") & (output.sector == "automotive")]
    made = cars.groupby("month", observed=True)[["tonnes", "potential_tonnes"]].sum()
    found["lost"], found["cars"] = lost.to_numpy(), (made.tonnes / made.potential_tonnes).to_numpy()
    return found


def sizes() -> dict[str, int]:
    """What the installed version is made of."""
    home = Path(coercivity.__file__).resolve().parents[1]
    files = [path for room in ("agents", "model") for path in (home / room).rglob("*.py")]
    return {
        "parameters": len(pd.read_csv(home / "model" / "data" / "parameters.csv")),
        "lines of agents/ and model/": sum(len(path.read_text().splitlines()) for path in files),
    }


def survey() -> Figures:
    """Means over seeds of every series, and sizes."""
    found: Figures = {"sizes": sizes(), "scenarios": {}}
    for scenario in SCENARIOS:
        runs = [series_of(scenario, seed) for seed in SEEDS]
        mean = pd.concat(runs).groupby(level=0).mean().round(3)
        found["scenarios"][scenario] = {"month": list(mean.index), **mean.to_dict("list")}
    return found


def draw(before: Figures, now: Figures) -> None:
    """One row a scenario, one column a series; 0.5.0 dashed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(15, 2.1 * len(SCENARIOS)), layout="constrained")
    for row, scenario in zip(figure.subplots(len(SCENARIOS), len(SERIES)), SCENARIOS, strict=True):
        for axes, (name, title) in zip(row, SERIES.items(), strict=True):
            for figures, style in ((before, "--"), (now, "-")):
                of = figures["scenarios"][scenario]
                years = [int(month[:4]) + (int(month[5:]) - 1) / 12 for month in of["month"]]
                axes.plot(years, of[name], style, color="0.55" if style == "--" else "C0")
            axes.set_ylim(bottom=0)
            axes.tick_params(labelsize=7)
            if scenario == SCENARIOS[0]:
                axes.set_title(title, fontsize=8)
        row[0].set_ylabel(scenario, fontsize=8)
    figure.savefig(ROOT / "docs" / PICTURE, dpi=70, metadata={"Software": None})


def summary(of: Figures) -> tuple[float, ...]:
    """Output lost abroad, most lines that stand, dearest dysprosium in Japan, NdPr at the end and
    least cars.
    """
    return (
        sum(of["lost"]),
        max(of["stopped"]),
        max(of["dy_japan"]),
        of["ndpr"][-1],
        min(of["cars"]),
    )


def write_page(before: Figures, now: Figures) -> str:
    """The page: sizes, a row for each scenario, the picture."""
    pairs = [
        f"| {name} | {was:,} | {now['sizes'][name]:,} |" for name, was in before["sizes"].items()
    ]
    rows = []
    for scenario in SCENARIOS:
        was, is_now = (summary(figures["scenarios"][scenario]) for figures in (before, now))
        cells = [
            f"{a:,.{digits}f} → {b:,.{digits}f}"
            for a, b, digits in zip(was, is_now, (0, 0, 0, 0, 2), strict=True)
        ]
        rows.append(f"| {scenario} | {' | '.join(cells)} |")
    return "\n".join(
        [
            "# Version 0.5.0 and now, side by side",
            "",
            "<!-- made by tools/docs/before_and_now.py; do not edit here -->",
            stamp_line(now["made_with"]),
            "",
            f"Shipped parameters of each, means of seeds {', '.join(map(str, SEEDS))}, at most "
            f"{MONTHS} months; version 0.5.0 → now. Nothing here "
            "is scored: what is on record stands in [the evidence](evidence.md).",
            "",
            "| | 0.5.0 | now |",
            "|---|---|---|",
            *pairs,
            "",
            "| scenario | output lost abroad, USD bn | most lines that stand abroad | dearest "
            "dysprosium in Japan, quoted, USD/kg | NdPr in China in the last month, USD/kg | least "
            "cars made in Japan of those planned |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "Programmes of support move none of these series within so many months; what they "
            "build stands in [what public money buys](friend-shoring.md).",
            "",
            f"![Six series of twelve scenarios, version 0.5.0 dashed]({PICTURE})",
            "",
        ]
    )


def main(arguments: list[str]) -> None:
    """Run what is asked for, then write the page where both files are there."""
    if len(arguments) > 1:
        Path(arguments[1]).write_text(json.dumps(survey()) + "\n", encoding="utf-8")
        return
    if arguments:
        found = {"made_with": stamp()} | survey()
        NOW.write_text(json.dumps(found) + "\n", encoding="utf-8")
    before, now = (json.loads(path.read_text(encoding="utf-8")) for path in (BEFORE, NOW))
    if arguments:
        draw(before, now)
    PAGE.write_text(write_page(before, now), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
