"""The page of the backtest: the model against the record, and against simpler reckonings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from statistics import median
from typing import Any

from coercivity.experiments.backtest.evidence_targets import seen_in_part
from coercivity.experiments.backtest.naive import COVER_MONTHS, HALF_LIFE, PRICE_BOUND
from coercivity.experiments.backtest.score import CAP
from coercivity.viz.words import backtest_text as words
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Draw, Row, render

MOST_APART = 15  # points between rows of the fit and rows kept back; more is called overfitted


def pages(document: Document) -> dict[str, str]:
    """Return the one page."""
    results = document["found"]
    episodes = dict.fromkeys(target["episode"] for target in results["targets"])
    samples = [row["sample"] for row in results["samples"] if row["sample"] != "all"]
    return {
        "backtest.md": render(
            "backtest",
            document,
            words=words,
            bounds=(CAP, PRICE_BOUND, COVER_MONTHS, HALF_LIFE),
            episodes=episodes,
            seen=seen_in_part(),
            unseen=unseen(results),
            apart=points_apart(results),
            most_apart=MOST_APART,
            missed={sample: misses(results, sample) for sample in samples},
        )
    }


def figures(document: Document) -> Iterator[tuple[str, Draw]]:
    """Give an episode a figure, all targets of a sample, and the benchmarks."""
    from coercivity.viz.figures import backtest_figures as drawn

    results = document["found"]
    for episode in dict.fromkeys(target["episode"] for target in results["targets"]):
        yield f"backtest/{episode}.png", partial(drawn.episode_figure, results, episode)
    for sample in (row["sample"] for row in results["samples"] if row["sample"] != "all"):
        figure = partial(drawn.distance_figure, results, sample)
        yield f"backtest/distance-{sample}.png", figure
    if results["benchmarks"]:
        yield "backtest/benchmarks.png", partial(drawn.naive_figure, results)


def tables(document: Document) -> dict[str, list[Row]]:
    """Return targets, samples, benchmarks, bands and mixtures."""
    names = ("targets", "samples", "benchmarks", "bands", "mixtures")
    return {f"backtest-{name}": document["found"][name] for name in names}


def unseen(results: Mapping[str, Any]) -> Row:
    """Return rows kept back of which no fit has seen a longer window: how many, how many pass, and
    their median error (tolerances).
    """
    seen = seen_in_part()
    rows = [
        target
        for target in results["targets"]
        if target["sample"] == "kept_back" and target["id"] not in seen
    ]
    passed = sum(target["verdict"] == "PASS" for target in rows)
    return {"rows": len(rows), "pass": passed, "error": median(row["error"] for row in rows)}


def points_apart(results: Mapping[str, Any]) -> float:
    """Return by how many points more of the rows of the fit pass than of those kept back."""
    shares = {row["sample"]: row["pass_share"] for row in results["samples"]}
    return 100.0 * float(shares["in"] - shares["kept_back"])


def misses(results: Mapping[str, Any], sample: str) -> list[Row]:
    """Return what fails in one sample, the worst first."""
    failed = [
        target
        for target in results["targets"]
        if (target["sample"], target["verdict"]) == (sample, "FAIL")
    ]
    return sorted(failed, key=lambda target: -target["error"])
