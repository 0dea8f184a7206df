"""How far the model is from the record, and whether it beats what can be said without a model.

Written down before the first run. PASS: the median over draws lies within value +- tolerance.
PARTIAL: it does not, but the band from the 5th to the 95th percentile overlaps that interval. FAIL:
otherwise, and where more than half of the draws are undefined. An undefined value counts as
outside: a stop that never comes as later than any day, any other as lying beyond all numbers on
whichever side is worse for the model; median and band are over all draws, and are undefined where
they reach into the undefined ones. Scaled error: |median - value| / tolerance, in the tolerance's
own scale, at most CAP; CAP where the median is not defined.

A benchmark is a point, so it can pass or fail, not be partly right; the model and a benchmark are
compared by the scaled errors of median and point alone. Rows of one series in one episode are no
independent trials, so a series (quantity, state, partner, good) has one vote an episode: the median
error of its rows. The p-value of a sign test over votes describes, it proves nothing: series of one
episode share its history. The sample of the fit has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.experiments.backtest.evidence_targets import SAMPLES, Target
from coercivity.experiments.backtest.naive import NAMES, benchmarks
from coercivity.experiments.quantities.record_target import Key

CAP: Final = 10.0
VERDICTS: Final = ("PASS", "PARTIAL", "FAIL")
SCORED: Final = tuple(
    sample for sample in SAMPLES if sample != "start"
)  # what the start is balanced to is judged by itself, and is no test
KINDS: Final = {  # of quantities; all others are flows
    "price_export": "prices",
    "price_home": "prices",
    "price_abroad": "prices",
    "export_unit_value": "prices",
    "first_stop": "stops",
    "line_output": "stops",
    "approvals": "approvals",
}
TIE: Final = 1e-9  # errors that are closer are equal


@dataclass(frozen=True)
class BenchmarkResult:
    """What a benchmark says of a target, and how that is judged."""

    value: float
    verdict: str
    error: float


@dataclass(frozen=True)
class Score:
    """One target over all draws: 5th and 10th percentile, median, 90th and 95th (None where they
    reach into undefined draws), how many those are, and the benchmarks (or None).
    """

    target: Target
    draws: int
    undefined: int
    p05: float | None
    p10: float | None
    median: float | None
    p90: float | None
    p95: float | None
    verdict: str
    error: float
    within: float  # share of draws whose value agrees with the record
    naive: Mapping[str, BenchmarkResult | None]


def scaled_error(target: Target, value: float | None) -> float:
    """Distance of a value from the record in tolerances, at most CAP; CAP for None."""
    return (
        CAP if value is None or not math.isfinite(value) else min(abs(target.distance(value)), CAP)
    )


def clipped_distance(target: Target, value: float | None) -> float | None:
    """Signed distance of a value from the record in tolerances, between -CAP and CAP; None for
    None.
    """
    return None if value is None else float(np.clip(target.distance(value), -CAP, CAP))


def is_within_tolerance(target: Target, value: float) -> bool:
    """Whether a value lies within the tolerance of the record."""
    low, high = target.interval
    slack = 1e-9 * max(abs(low), abs(high))
    return low - slack <= value <= high + slack


def score(target: Target, values: Sequence[float | None]) -> Score:
    """Judge one target by its values over the draws."""
    known = sorted(value for value in values if value is not None)
    missing = len(values) - len(known)
    bands = _bands(known, missing, target.statistic == "first_day")
    p05, p10, median, p90, p95 = max(bands, key=lambda band: scaled_error(target, band[2]))
    return Score(
        target=target,
        draws=len(values),
        undefined=missing,
        p05=_finite_or_none(p05),
        p10=_finite_or_none(p10),
        median=_finite_or_none(median),
        p90=_finite_or_none(p90),
        p95=_finite_or_none(p95),
        verdict="FAIL" if missing > len(known) else _verdict(target, bands),
        error=scaled_error(target, median),
        within=sum(is_within_tolerance(target, value) for value in known) / max(len(values), 1),
        naive=judge_naive(target),
    )


Band = tuple[float, ...]  # at SHARES
SHARES: Final = (0.05, 0.1, 0.5, 0.9, 0.95)


def _bands(known: Sequence[float], missing: int, never: bool) -> list[Band]:
    """Percentiles (SHARES) with the undefined draws below and above all numbers (a stop that never
    comes: above only).
    """
    ends = (math.inf,) if never else (-math.inf, math.inf) if missing else (0.0,)
    every = [sorted([*known, *[end] * missing]) for end in ends]
    return [tuple(_quantile(ordered, share) for share in SHARES) for ordered in every]


def _quantile(ordered: Sequence[float], share: float) -> float:
    """A quantile, linear between neighbours; infinite where a neighbour is, NaN of nothing."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    if low == high:
        return low
    return next(
        (end for end in (low, high) if math.isinf(end)),
        low + (high - low) * (place - math.floor(place)),
    )


def _verdict(target: Target, bands: Sequence[Band]) -> str:
    """The verdict that holds wherever the undefined draws lie."""
    if all(is_within_tolerance(target, band[2]) for band in bands):
        return "PASS"
    low, high = target.interval
    return "PARTIAL" if all(band[0] <= high and band[-1] >= low for band in bands) else "FAIL"


def judge_naive(target: Target) -> dict[str, BenchmarkResult | None]:
    """The benchmarks of a target, judged like the model; None where one says nothing."""
    said_by_rule: dict[str, BenchmarkResult | None] = {}
    for name, value in benchmarks(target).items():
        said_by_rule[name] = (
            None
            if value is None
            else BenchmarkResult(
                value,
                "PASS" if is_within_tolerance(target, value) else "FAIL",
                scaled_error(target, value),
            )
        )
    return said_by_rule


def by_sample(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Per sample, and over all that are scored: targets, counts of verdicts, share that passes and
    that does not fail, median scaled error.

    The sample `start` is a group of its own, after and outside `all`.
    """
    every = list(scores)
    groups = {name: [one for one in every if one.target.sample == name] for name in SCORED}
    groups |= {
        "all": [one for of in groups.values() for one in of],
        "start": [one for one in every if one.target.sample == "start"],
    }
    rows = []
    for sample, of in groups.items():
        if not of:
            continue
        counts = {verdict: sum(one.verdict == verdict for one in of) for verdict in VERDICTS}
        rows.append(
            {
                "sample": sample,
                "targets": len(of),
                **counts,
                "pass_share": counts["PASS"] / len(of),
                "not_failed_share": 1.0 - counts["FAIL"] / len(of),
                "median_error": float(np.median([one.error for one in of])),
            }
        )
    return rows


def against_naive(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Per sample that is scored and benchmark: votes that the model wins, ties and loses, means
    over votes of the scaled errors, and over targets how many medians and points pass. A vote is a
    series in an episode: the median scaled error of its rows.

    p_value: one-sided sign test over votes, the chance of so many wins if either were as good;
    descriptive, and None for the sample of the fit. same: targets of which the benchmark says what
    an earlier one says; they count there alone. left_out: targets of which it says nothing.
    """
    every = list(scores)
    return [
        {"sample": sample} | row
        for sample in SCORED
        for row in _against([one for one in every if one.target.sample == sample])
    ]


def against_naive_by_kind(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """The same with prices, flows, stops and approvals told apart (`KINDS`)."""
    groups: dict[tuple[str, str], list[Score]] = {}
    for one in scores:
        if one.target.sample in SCORED:
            kind = KINDS.get(one.target.quantity, "flows")
            groups.setdefault((one.target.sample, kind), []).append(one)
    order = [*dict.fromkeys(("prices", "flows", *KINDS.values()))]
    return [
        {"sample": sample, "kind": kind} | row
        for sample in SCORED
        for kind in order
        for row in _against(groups.get((sample, kind), []))
    ]


def _against(of: Sequence[Score]) -> list[dict[str, Any]]:
    """Targets of one sample against each benchmark."""
    rows = []
    for name in NAMES if of else ():
        saying = [(one, said) for one in of if (said := one.naive[name]) is not None]
        pairs = [(one, said) for one, said in saying if not _was_judged_before(one, name)]
        rows.append(
            {
                "benchmark": name,
                "same": len(saying) - len(pairs),
                "left_out": len(of) - len(saying),
                **_compare_votes(pairs, tested=of[0].target.sample != "in"),
            }
        )
    return rows


def _was_judged_before(one: Score, name: str) -> bool:
    said = one.naive[name]
    earlier = (one.naive[before] for before in NAMES[: NAMES.index(name)])
    return said is not None and any(
        other is not None and math.isclose(other.value, said.value, rel_tol=TIE, abs_tol=TIE)
        for other in earlier
    )


def _compare_votes(pairs: Sequence[tuple[Score, BenchmarkResult]], tested: bool) -> dict[str, Any]:
    votes = _votes(pairs)
    wins = sum(model < point - TIE for model, point in votes)
    losses = sum(model > point + TIE for model, point in votes)
    model_error, naive_error = (
        (float(np.mean(errors)) for errors in zip(*votes, strict=True)) if votes else (None, None)
    )
    return {
        "targets": len(pairs),
        "series": len(votes),
        "wins": wins,
        "ties": len(votes) - wins - losses,
        "losses": losses,
        "model_error": model_error,
        "naive_error": naive_error,
        "model_pass": sum(one.verdict == "PASS" for one, _ in pairs),
        "naive_pass": sum(said.verdict == "PASS" for _, said in pairs),
        "p_value": _sign_test(wins, losses) if tested and wins + losses else None,
    }


def _votes(pairs: Sequence[tuple[Score, BenchmarkResult]]) -> list[tuple[float, float]]:
    """Median scaled errors of the model and of the benchmark over the rows of each series of each
    episode.
    """
    series: dict[tuple[str, Key], list[tuple[float, float]]] = {}
    for one, said in pairs:
        series.setdefault((one.target.episode, one.target.key), []).append((one.error, said.error))
    return [
        (
            float(np.median([model for model, _ in rows])),
            float(np.median([point for _, point in rows])),
        )
        for rows in series.values()
    ]


def _sign_test(wins: int, losses: int) -> float:
    from scipy.stats import binomtest

    return float(binomtest(wins, wins + losses, 0.5, alternative="greater").pvalue)


def to_dict(one: Score) -> dict[str, Any]:
    """A score as plain values: what `coercivity backtest --json` prints of a target."""
    target = one.target
    naive = {
        name: None
        if said is None
        else {"value": said.value, "verdict": said.verdict, "error": said.error}
        for name, said in one.naive.items()
    }
    distance = {
        name: clipped_distance(target, value)
        for name, value in (("p05", one.p05), ("median", one.median), ("p95", one.p95))
    }
    return {
        "id": target.id,
        "episode": target.episode,
        "sample": target.sample,
        "scenario": target.scenario,
        "quantity": target.quantity,
        "state": target.state,
        "partner": target.partner,
        "good": target.good,
        "from": target.first,
        "to": target.last,
        "statistic": target.statistic,
        "value": target.value,
        "tolerance": target.tolerance,
        "tolerance_kind": target.tolerance_kind,
        "low": target.interval[0],
        "high": target.interval[1],
        "unit": target.unit,
        "source": target.source,
        "imposed": target.imposed,
        "p05": one.p05,
        "p10": one.p10,
        "median": one.median,
        "p90": one.p90,
        "p95": one.p95,
        "undefined": one.undefined,
        "within": one.within,
        "verdict": one.verdict,
        "error": one.error,
        "distance": distance,
        "naive": naive,
    }


def _finite_or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
