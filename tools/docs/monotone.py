"""Move each lever of the lab through five settings and say what it moves, in one direction or not.

    python -m tools.docs.monotone --run [SEEDS]
        runs japan-2026 with each setting (many worlds), writes docs/results/monotone.json and
        docs/monotone.md
    python -m tools.docs.monotone
        writes the page again (part of `make docs`)

A step is told where its mean over seeds, each against the twin with the same luck, is more than two
standard errors from nothing. A lever reverses where two told steps go different ways.
"""

from __future__ import annotations

import csv
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.experiments.lab.apply_levers import apply_levers
from coercivity.experiments.lab.levers import Lever, lever_table
from coercivity.experiments.worlds.run import run
from coercivity.model.scenario.scenario import load_scenario, with_changes
from tools.docs.shares import separated_for_japan
from tools.docs.stamp import stamp

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES, PAGE, REASONS = (
    DOCS / "results" / "monotone.json",
    DOCS / "monotone.md",
    DOCS / "monotone.csv",
)
SCENARIO, MONTHS, SETTINGS = "japan-2026", 108, 5
LATE = ("2033", "2034")  # years over which levels are averaged
MEASURES = {
    "lost": "output lost in Japan, USD bn",
    "lines": "lines that stop in Japan",
    "share": "China's share of what is separated for Japan, %, 2033-34",
    "abroad": "NdPr oxide made outside China, t a year, 2033-34",
    "magnets": "magnets made outside China, t a year, 2033-34",
    "price": "NdPr oxide as paid in Japan, USD/kg, 2026-27",
}


def settings_of(lever: Lever) -> list[float]:
    """Five settings from rest to the far end; of a choice each option."""
    if lever.options:
        return [float(x) for x in range(int(lever.low), int(lever.high) + 1)]
    ends = np.linspace(lever.rest, lever.high, SETTINGS)
    return [float(lever.low + round((x - lever.low) / lever.step) * lever.step) for x in ends]


def measured(task: tuple[str, float, int]) -> dict[str, Any]:
    """One world: the measures with one lever at one setting."""
    lever, value, seed = task
    scenario = with_changes(load_scenario(SCENARIO), months=MONTHS)
    scenario = apply_levers(scenario, {lever: value}) if lever else scenario
    result = run(scenario, seed)
    macro, output, prices = (result.table(t) for t in ("macro", "output", "prices"))
    output = output[(output.stage != "end_use") & (output.state != "China")]
    late = output[output.month.astype(str).str[:4].isin(LATE)]
    depends = separated_for_japan(result)
    depends = depends[depends.month.astype(str).str[:4].isin(LATE)]
    stops = result.table("stoppages")
    paid = prices[
        (prices.good == "ndpr_oxide")
        & (prices.state == "Japan")
        & prices.month.astype(str).str[:4].isin(("2026", "2027"))
    ].paid.astype(float)
    magnets = late.good.astype(str).str.startswith("magnet")
    return {
        "lever": lever,
        "value": value,
        "seed": seed,
        "lost": float(macro[macro.state == "Japan"].output_lost.astype(float).sum()) / 1000.0,
        "lines": float(((stops.state == "Japan") & (stops.stage == "end_use")).sum()),
        "share": 100.0 * float(depends.share.astype(float).mean()),
        "abroad": float(late[late.good == "ndpr_oxide"].tonnes.sum()) / len(LATE),
        "magnets": float(late[magnets].tonnes.sum()) / len(LATE),
        "price": float(paid.mean()),
    }


def table_of(worlds: list[dict[str, Any]]) -> dict[str, Any]:
    """By lever and measure: mean gap to the twin at each setting, its standard error, and whether
    told steps agree.
    """
    twins = {w["seed"]: w for w in worlds if not w["lever"]}
    out: dict[str, Any] = {"seeds": len(twins), "levers": {}}
    for lever in lever_table():
        rows: dict[str, Any] = {"settings": settings_of(lever), "measures": {}}
        for measure in MEASURES:
            gaps = []
            for value in rows["settings"]:
                if value == lever.rest:
                    gaps.append(np.zeros(len(twins)))
                    continue
                of = {w["seed"]: w for w in worlds if (w["lever"], w["value"]) == (lever.id, value)}
                gaps.append(np.array([of[s][measure] - twins[s][measure] for s in sorted(twins)]))
            steps = np.diff(np.array(gaps), axis=0)
            error = steps.std(axis=1, ddof=1) / np.sqrt(len(twins))
            told = np.where(
                np.abs(steps.mean(axis=1)) > 2.0 * error, np.sign(steps.mean(axis=1)), 0
            )
            ends = gaps[-1]
            rows["measures"][measure] = {
                "gaps": [float(g.mean()) for g in gaps],
                "error": float(ends.std(ddof=1) / np.sqrt(len(twins))),
                "reverses": bool(len(set(told[told != 0].tolist())) > 1),
            }
        out["levers"][lever.id] = rows
    return out


def verdict(lever: Lever, measure: dict[str, Any]) -> str:
    """What the page says of a lever and a measure."""
    if lever.options:
        return " / ".join(f"{gap:+.3g}" for gap in measure["gaps"])
    far, error = measure["gaps"][-1], measure["error"]
    if abs(far) <= 2.0 * error:
        return f"nothing beyond luck ({far:+.2g} ± {error:.2g})"
    return f"{far:+.3g} ± {error:.2g}" + (", **reverses**" if measure["reverses"] else "")


def write_page(figures: dict[str, Any]) -> str:
    """The page: a row for each lever, a column for each measure, and why some are inert."""
    reasons = {}
    if REASONS.exists():
        with REASONS.open(encoding="utf-8", newline="") as file:
            reasons = {row["lever"]: row["reason"] for row in csv.DictReader(file)}
    lines = [
        "# What each lever moves",
        "",
        "<!-- made by tools/docs/monotone.py; do not edit here -->",
        "",
        f"`{SCENARIO}` to the end of 2034, each lever at five settings from rest to its far end, "
        f"{figures['seeds']} seeds, each against the twin with the same luck and no lever. A cell "
        "is the gap at the far end with its standard error; *reverses* where two steps beyond luck "
        "(two standard errors) go different ways. Choices show each option in order. Made with "
        f"coercivity {figures['made_with']['coercivity']}; the reasons are of its runs.",
        "",
        "| lever | " + " | ".join(MEASURES.values()) + " |",
        "|---|" + "---|" * len(MEASURES),
    ]
    for lever in lever_table():
        row = figures["levers"][lever.id]["measures"]
        lines.append(
            f"| {lever.label} | " + " | ".join(verdict(lever, row[m]) for m in MEASURES) + " |"
        )
    lines += ["", "## What does nothing, and why", ""]
    lines += [
        f"- **{lever.label}**: {reasons[lever.id]}"
        for lever in lever_table()
        if lever.id in reasons
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Run what is asked for, then write the page."""
    if "--run" in arguments:
        made_with = stamp()
        seeds = range(1, 1 + int(next((a for a in arguments if a.isdigit()), "24")))
        tasks = [("", 0.0, seed) for seed in seeds]
        for lever in lever_table():
            values = [value for value in settings_of(lever) if value != lever.rest]
            tasks += [(lever.id, value, seed) for value in values for seed in seeds]
        with ProcessPoolExecutor(2) as pool:
            worlds = list(pool.map(measured, tasks, chunksize=4))
        table = {"made_with": made_with, **table_of(worlds)}
        FIGURES.write_text(json.dumps(table, indent=1) + "\n")
    PAGE.write_text(write_page(json.loads(FIGURES.read_text())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
