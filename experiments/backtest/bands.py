"""Whether bands hold what they say: how often the record lies in the band of 80% of the draws, and
by how much a band has to be wider, by kind of number, to hold what the fit has not seen.

Conformal prediction for quantiles (Romano, Patterson & Candès 2019): how far the record lies
outside of the band, in tolerances, is looked up over the rows of the fit; a band that is wider by
the 80th percentile of that holds four fifths of rows that are no different. Rows that are kept back
and rows after the line say whether they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from coercivity.experiments.backtest.evidence_targets import FITTED
from coercivity.experiments.backtest.score import CAP, KINDS, SCORED, Score, clipped_distance

SHARE: Final = 0.8  # of rows that a band is to hold
FEWEST: Final = 5  # rows of a kind in the fit, below which all kinds together are asked


def outside_band(one: Score) -> float:
    """How far the record lies outside of the band from the 10th to the 90th percentile, in
    tolerances, below nothing inside of it: max(d_10, -d_90), d distance of a percentile from the
    record. A stop that never comes is later than any day; a band that reaches into other undefined
    draws ends where all numbers do.
    """
    low, high = (clipped_distance(one.target, value) for value in (one.p10, one.p90))
    late = CAP if one.target.statistic == "first_day" else -CAP
    return max(late if low is None else low, -CAP if high is None else -high)


def widening(scores: Sequence[Score]) -> float:
    """Tolerances by which the bands of these rows have to be wider to hold SHARE of others that are
    no different: the k-th smallest of how far they lie outside, k the whole number from
    SHARE (n + 1) on, or the largest.
    """
    outside = sorted(map(outside_band, scores))
    return outside[min(math.ceil(SHARE * (len(outside) + 1)), len(outside)) - 1]


def band_rows(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Per sample and kind, and over all kinds: rows, share of them in the band of 80%, tolerances
    by which the fit asks the band to be wider, share in that. None where the fit has no row.
    """
    every = [one for one in scores if one.target.sample in SCORED and not one.target.imposed]
    fitted = [one for one in every if one.target.sample in FITTED]
    kinds = [*dict.fromkeys(("prices", "flows", *KINDS.values()))]
    more = {}
    for kind in kinds:
        own = [one for one in fitted if _kind(one) == kind]
        of = own if len(own) >= FEWEST else fitted
        more[kind] = widening(of) if of else None
    rows = []
    for sample in SCORED:
        of = [one for one in every if one.target.sample == sample]
        for kind in (*kinds, "all"):
            own = [one for one in of if kind in ("all", _kind(one))]
            if own:
                rows.append({"sample": sample, "kind": kind, **_held(own, more)})
    return rows


def _kind(one: Score) -> str:
    return KINDS.get(one.target.quantity, "flows")


def _held(of: Sequence[Score], more: dict[str, float | None]) -> dict[str, Any]:
    """Rows of one kind, or of all, each with the widening of its own kind."""
    pairs = [(outside_band(one), more[_kind(one)]) for one in of]
    asked = {wider for _, wider in pairs}
    known = None not in asked
    return {
        "rows": len(of),
        "inside": sum(apart <= 0.0 for apart, _ in pairs) / len(of),
        "wider": asked.pop() if len(asked) == 1 else None,
        "inside_wider": sum(apart <= (wider or 0.0) for apart, wider in pairs) / len(of)
        if known
        else None,
    }
