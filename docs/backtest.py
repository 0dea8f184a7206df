"""Write docs/backtest.md and its figures from docs/backtest.json.

    python docs/backtest.py run [DRAWS]    runs every episode in so many draws (40 seconds of computing for 30), writes backtest.json, then page and figures
    python docs/backtest.py                writes page and figures from backtest.json again
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from coercivity.experiments.backtest.naive import COVER_MONTHS, HALF_LIFE, PRICE_BOUND
from coercivity.experiments.backtest.score import CAP
from coercivity.experiments.backtest.survey import DRAWS, choose_targets, document, run_survey
from coercivity.experiments.draws import draws
from coercivity.viz.backtest_figures import write_figures
from coercivity.viz.backtest_text import NAIVE_COLUMNS, NAMES, SAMPLE_COLUMNS, SAMPLES, band_cell, naive_rows, record_cell, sample_rows

DOCS = Path(__file__).parent
RESULTS, PAGE, FIGURES = DOCS / "backtest.json", DOCS / "backtest.md", DOCS / "images" / "backtest"
Found = dict[str, Any]


def rounded(value: Any) -> Any:
    """Numbers with five digits, so that the file is light and its differences can be read."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def answers(count: int) -> Found:
    """The whole evidence over so many draws, with the lines of the figures."""
    return dict(rounded(document(run_survey(choose_targets(), draws(count), workers=0, lines=True))))


def table(heads: tuple[str, ...], rows: list[list[str]]) -> str:
    """A table in markdown."""
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *("| " + " | ".join(row) + " |" for row in rows)])


def episode_part(found: Found, episode: str) -> str:
    """Figure and table of one episode."""
    rows = []
    for one in found["targets"]:
        if one["episode"] == episode:
            errors = ["–" if one["naive"][name] is None else f"{one['naive'][name]['error']:.1f}" for name in NAMES]
            verdict = f"**{one['verdict']}**" if one["verdict"] == "FAIL" else one["verdict"]
            rows.append([one["id"], SAMPLES[one["sample"]], record_cell(one), band_cell(one), verdict, f"{one['error']:.1f}", *errors, one["source"]])
    heads = ("target", "sample", "record", "model: median (5-95%)", "verdict", "error", *NAMES.values(), "source")
    return f"## {episode}\n\n![{episode}: the model's band against the record](images/backtest/{episode}.png)\n\n{table(heads, rows)}"


def misses(found: Found, sample: str) -> str:
    """What fails in one sample, the worst first."""
    failed = sorted((one for one in found["targets"] if one["sample"] == sample and one["verdict"] == "FAIL"), key=lambda one: -one["error"])
    said = [f"{one['id']} ({band_cell(one).split(' (')[0]} against {record_cell(one)})" for one in failed]
    return "; ".join(said) or "nothing"


def page(found: Found) -> str:
    """The whole page."""
    episodes = list(dict.fromkeys(one["episode"] for one in found["targets"]))
    samples = [row["sample"] for row in found["samples"] if row["sample"] != "all"]
    return f"""# The model against the record

{len(found["targets"])} targets of `model/data/evidence.csv` (`docs/evidence.md` says how they were chosen), {found["draws"]} draws of parameter vector
and seed; each draw runs each scenario once. Made by `python docs/backtest.py run {found["draws"]}`; the same with `coercivity backtest`.

Written down before the first run: a target is a **PASS** where the median over draws lies within the tolerance of the record, **PARTIAL** where it does
not but the band from the 5th to the 95th percentile reaches it, **FAIL** otherwise; an undefined value, such as a stop that never comes, counts as
outside. The error is the distance of the median from the record in tolerances, at most {CAP:g}. In the sample: may be used in a fit. Kept back: outcomes
to 2024 that no fit has seen. After 2024: outcomes that stay out of every fit; only the acts are scripted.

{table(SAMPLE_COLUMNS, sample_rows(found))}

## Against what can be said without the model

Three reckonings know what was before the event and what the measure takes away on paper. No change: everything stays. Proportional: output, flows and
shares fall with supply, a price rises as its inverse (at most {PRICE_BOUND:g} times), a stock of {COVER_MONTHS:g} months makes up for the missing share.
Exponential return: the proportional value at the event, back to what was before with a half-life of {HALF_LIFE:g} months. All three numbers are assumed.
A reckoning is a point, so errors of medians and points are compared; p is the chance of so many wins if either were as good (sign test). Targets of which
a reckoning says nothing are left out of its comparison and counted.

{table(NAIVE_COLUMNS, naive_rows(found))}

![Share of targets within so many tolerances](images/backtest/benchmarks.png)

## What fails

{chr(10).join(f"- {SAMPLES[sample]}: {misses(found, sample)}." for sample in samples)}

{(chr(10) * 2).join(episode_part(found, episode) for episode in episodes)}
"""


def main(arguments: list[str]) -> None:
    """Run where asked, then write."""
    if arguments and arguments[0] == "run":
        found = answers(int(arguments[1]) if len(arguments) > 1 else DRAWS)
        RESULTS.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace('},{"', '},\n{"') + "\n", encoding="utf-8")
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    FIGURES.mkdir(parents=True, exist_ok=True)
    names = write_figures(found, FIGURES)
    PAGE.write_text(page(found), encoding="utf-8")
    print(f"Wrote {PAGE.name} and {len(names)} figures")


if __name__ == "__main__":
    main(sys.argv[1:])
