"""How far the model is from the record, and whether it beats what can be said without a model.

Written down before the first run. PASS: the median over draws lies within value +- tolerance. PARTIAL: it does not, but the band from the 5th to the 95th
percentile overlaps that interval. FAIL: otherwise. An undefined value counts as outside: a stop that never comes as later than any day, any other as lying on
whichever side is worse. Scaled error: |median - value| / tolerance, in the tolerance's own scale, at most CAP; CAP where the median is not defined.
A benchmark is a point, so it can pass or fail, not be partly right; the model and a benchmark are compared by the scaled errors of median and point alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.experiments.backtest.evidence import SAMPLES, Target
from coercivity.experiments.backtest.naive import NAMES, benchmarks

CAP: Final = 10.0
VERDICTS: Final = ("PASS", "PARTIAL", "FAIL")
TIE: Final = 1e-9  # errors that are closer are equal


@dataclass(frozen=True)
class Said:
    """What a benchmark says of a target, and how that is judged."""

    value: float
    verdict: str
    error: float


@dataclass(frozen=True)
class Score:
    """One target over all draws: 5th percentile, median and 95th (None where undefined), draws in which it is undefined, and the benchmarks (or None)."""

    target: Target
    draws: int
    undefined: int
    p05: float | None
    median: float | None
    p95: float | None
    verdict: str
    error: float
    within: float  # share of draws whose value agrees with the record
    naive: Mapping[str, Said | None]


def scaled_error(target: Target, value: float | None) -> float:
    """Distance of a value from the record in tolerances, at most CAP; CAP for None."""
    return CAP if value is None or not np.isfinite(value) else min(abs(target.distance(value)), CAP)


def clipped_distance(target: Target, value: float | None) -> float | None:
    """Signed distance of a value from the record in tolerances, between -CAP and CAP; None for None."""
    return None if value is None else float(np.clip(target.distance(value), -CAP, CAP))


def agrees(target: Target, value: float) -> bool:
    """Whether a value lies within the tolerance of the record."""
    low, high = target.interval
    slack = 1e-9 * max(abs(low), abs(high))
    return low - slack <= value <= high + slack


def score(target: Target, values: Sequence[float | None]) -> Score:
    """Judge one target by its values over the draws."""
    never = target.statistic == "first_day"
    known = np.array([value for value in values if value is not None], dtype=float)
    missing = len(values) - len(known)
    method: Any = "inverted_cdf" if never else "linear"
    numbers = np.concatenate([known, np.full(missing if never else 0, np.inf)])
    p05, median, p95 = (float(q) for q in np.quantile(numbers, (0.05, 0.5, 0.95), method=method)) if len(numbers) else (np.nan,) * 3
    return Score(
        target=target, draws=len(values), undefined=missing, p05=_finite(p05), median=_finite(median), p95=_finite(p95),
        verdict=_verdict(target, known, missing, never, (p05, median, p95)), error=scaled_error(target, median if 2 * missing <= len(values) else None),
        within=sum(agrees(target, value) for value in known) / max(len(values), 1), naive=judge_naive(target),
    )  # fmt: skip


def _verdict(target: Target, known: Any, missing: int, never: bool, band: tuple[float, float, float]) -> str:
    p05, median, p95 = band
    if not len(known) or 2 * missing > len(known) + missing:
        return "FAIL"
    medians = [median]
    if missing and not never:
        ends: tuple[tuple[float, Any], ...] = ((-np.inf, "lower"), (np.inf, "higher"))
        medians = [float(np.quantile([*known, *[end] * missing], 0.5, method=way)) for end, way in ends]
    if all(agrees(target, value) for value in medians):
        return "PASS"
    low, high = target.interval
    return "PARTIAL" if p05 <= high and p95 >= low else "FAIL"


def judge_naive(target: Target) -> dict[str, Said | None]:
    """The benchmarks of a target, judged like the model; None where one says nothing."""
    found: dict[str, Said | None] = {}
    for name, value in benchmarks(target).items():
        found[name] = None if value is None else Said(value, "PASS" if agrees(target, value) else "FAIL", scaled_error(target, value))
    return found


def by_sample(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Per sample, and over all: targets, counts of verdicts, share that passes and that does not fail, median scaled error."""
    every = list(scores)
    rows = []
    for sample in (*SAMPLES, "all"):
        of = [one for one in every if sample in (one.target.sample, "all")]
        if not of:
            continue
        counts = {verdict: sum(one.verdict == verdict for one in of) for verdict in VERDICTS}
        rows.append(
            {
                "sample": sample, "targets": len(of), **counts, "pass_share": counts["PASS"] / len(of),
                "not_failed_share": 1.0 - counts["FAIL"] / len(of), "median_error": float(np.median([one.error for one in of])),
            }
        )  # fmt: skip
    return rows


def against_naive(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Per sample and benchmark, over the targets of which the benchmark says something: how often the model is nearer to the record, mean scaled errors,
    medians and points that agree with the record, and the one-sided p-value of a sign test (the chance of so many wins if either were as good).

    left_out: targets of which the benchmark says nothing.
    """
    every = list(scores)
    rows = []
    for sample in (*SAMPLES, "all"):
        of = [one for one in every if sample in (one.target.sample, "all")]
        for name in NAMES if of else ():
            pairs = [(one, said) for one in of if (said := one.naive[name]) is not None]
            rows.append({"sample": sample, "benchmark": name, "left_out": len(of) - len(pairs), **_compared(pairs)})
    return rows


def _compared(pairs: Sequence[tuple[Score, Said]]) -> dict[str, Any]:
    from scipy.stats import binomtest

    wins = sum(one.error < said.error - TIE for one, said in pairs)
    losses = sum(one.error > said.error + TIE for one, said in pairs)
    count = len(pairs)
    return {
        "targets": count, "wins": wins, "ties": count - wins - losses, "losses": losses,
        "model_error": sum(one.error for one, _ in pairs) / count if count else None,
        "naive_error": sum(said.error for _, said in pairs) / count if count else None,
        "model_pass": sum(one.error <= 1.0 + TIE for one, _ in pairs), "naive_pass": sum(said.error <= 1.0 + TIE for _, said in pairs),
        "p_value": float(binomtest(wins, wins + losses, 0.5, alternative="greater").pvalue) if wins + losses else None,
    }  # fmt: skip


def to_dict(one: Score) -> dict[str, Any]:
    """A score as plain values: what `coercivity backtest --json` prints of a target."""
    target = one.target
    naive = {name: None if said is None else {"value": said.value, "verdict": said.verdict, "error": said.error} for name, said in one.naive.items()}
    distance = {name: clipped_distance(target, value) for name, value in (("p05", one.p05), ("median", one.median), ("p95", one.p95))}
    return {
        "id": target.id, "episode": target.episode, "sample": target.sample, "scenario": target.scenario, "quantity": target.quantity,
        "state": target.state, "partner": target.partner, "good": target.good, "from": target.first, "to": target.last, "statistic": target.statistic,
        "value": target.value, "tolerance": target.tolerance, "tolerance_kind": target.tolerance_kind, "low": target.interval[0], "high": target.interval[1],
        "unit": target.unit, "source": target.source, "p05": one.p05, "median": one.median, "p95": one.p95, "undefined": one.undefined,
        "within": one.within, "verdict": one.verdict, "error": one.error, "distance": distance, "naive": naive,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
