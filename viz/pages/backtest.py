"""The page of the backtest: the model against the record, and against simpler reckonings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from coercivity.experiments.backtest.naive import COVER_MONTHS, HALF_LIFE, PRICE_BOUND
from coercivity.experiments.backtest.score import CAP
from coercivity.viz.pages.text import Document, Draw, Row, made_by, table
from coercivity.viz.words.backtest_text import (
    NAIVE_COLUMNS,
    NAMES,
    SAMPLE_COLUMNS,
    SAMPLES,
    band_cell,
    imposed_words,
    naive_rows,
    record_cell,
    sample_rows,
    verdict_cell,
)


def pages(document: Document) -> dict[str, str]:
    """The one page."""
    return {"backtest.md": page(document)}


def figures(document: Document) -> Iterator[tuple[str, Draw]]:
    """An episode a figure, all targets of a sample, and the benchmarks."""
    from coercivity.viz.figures.backtest_figures import (
        distance_figure,
        episode_figure,
        naive_figure,
    )

    results = document["found"]
    for episode in dict.fromkeys(target["episode"] for target in results["targets"]):
        yield f"backtest/{episode}.png", partial(episode_figure, results, episode)
    for row in results["samples"]:
        if row["sample"] != "all":
            yield (
                f"backtest/distance-{row['sample']}.png",
                partial(distance_figure, results, row["sample"]),
            )
    if results["benchmarks"]:
        yield "backtest/benchmarks.png", partial(naive_figure, results)


def tables(document: Document) -> dict[str, list[Row]]:
    """Targets, samples and benchmarks."""
    results = document["found"]
    return {
        "backtest-targets": results["targets"],
        "backtest-samples": results["samples"],
        "backtest-benchmarks": results["benchmarks"],
    }


def episode_part(results: Mapping[str, Any], episode: str) -> str:
    """Figure and table of one episode."""
    rows = []
    for target in results["targets"]:
        if target["episode"] == episode:
            errors = [
                "–" if target["naive"][name] is None else f"{target['naive'][name]['error']:.1f}"
                for name in NAMES
            ]
            verdict = verdict_cell(target)
            if target["verdict"] == "FAIL":
                verdict = f"**{verdict}**"
            rows.append(
                [
                    target["id"],
                    SAMPLES[target["sample"]],
                    record_cell(target),
                    band_cell(target),
                    verdict,
                    f"{target['error']:.1f}",
                    *errors,
                    target["source"],
                ]
            )
    heads = (
        "target",
        "sample",
        "record",
        "model: median (5-95%)",
        "verdict",
        "error",
        *NAMES.values(),
        "source",
    )
    return (
        f"## {episode}\n\n![{episode}: the model's band against the "
        f"record](images/backtest/{episode}.png)\n\n{table(heads, rows)}"
    )


def misses(results: Mapping[str, Any], sample: str) -> str:
    """What fails in one sample, the worst first."""
    failed = sorted(
        (
            target
            for target in results["targets"]
            if target["sample"] == sample and target["verdict"] == "FAIL"
        ),
        key=lambda target: -target["error"],
    )
    said = [
        f"{target['id']} ({band_cell(target).split(' (')[0]} against {record_cell(target)})"
        for target in failed
    ]
    return "; ".join(said) or "nothing"


def page(document: Document) -> str:
    """The whole page."""
    results = document["found"]
    episodes = list(dict.fromkeys(target["episode"] for target in results["targets"]))
    samples = [row["sample"] for row in results["samples"] if row["sample"] != "all"]
    return f"""# The model against the record

{len(results["targets"])} targets of `model/data/evidence.csv` (`docs/evidence.md` says how they were chosen), {results["draws"]} draws of parameter vector
and seed; each draw runs each scenario once. The same in the terminal: `coercivity backtest`. {made_by(document)}

Written down before the first run: a target is a **PASS** where the median over draws lies within the tolerance of the record, **PARTIAL** where it does
not but the band from the 5th to the 95th percentile reaches it, **FAIL** otherwise; an undefined value, such as a stop that never comes, counts as
outside. The error is the distance of the median from the record in tolerances, at most {CAP:g}. In the sample: may be used in a fit. Kept back: outcomes
to 2024 that no fit has seen ([some were sources of parameters](evidence.md#what-was-seen-before)). After 2024: outcomes that stay out of every fit; only
the acts are scripted. Balanced start: numbers of 2024 to which the start is balanced, no test of the model; they are judged by themselves and count nowhere else.

{table(SAMPLE_COLUMNS, sample_rows(results))}

{imposed_words(results, mark=chr(92) + "*")}

## Against what can be said without the model

Three reckonings know what was before the event and what the measure takes away on paper. No change: everything stays. Proportional: output, flows and
shares fall with supply, a price rises as its inverse (at most {PRICE_BOUND:g} times), a stock of {COVER_MONTHS:g} months makes up for the missing share.
Exponential return: the proportional value at the event, back to what was before with a half-life of {HALF_LIFE:g} months. All three numbers are assumed.
A reckoning is a point, so errors of medians and points are compared. Rows of one series are no independent trials: each series has one vote an episode, the
median error of its rows, and "error" and "its" are means over votes. Where reckonings say the same of a target it counts for the first alone (column "same");
targets of which a reckoning says nothing are left out. p is the chance of so many wins if either were as good (sign test). It is descriptive: series of one
episode share its history. What was fitted has no p, and no line adds up all samples.

{table(NAIVE_COLUMNS, naive_rows(results))}

![Share of targets within so many tolerances](images/backtest/benchmarks.png)

## What fails

{chr(10).join(f"- {SAMPLES[sample]}: {misses(results, sample)}." for sample in samples)}

{(chr(10) * 2).join(episode_part(results, episode) for episode in episodes)}
"""
