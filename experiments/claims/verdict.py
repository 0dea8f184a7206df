"""From values of a metric over draws to a verdict, by a rule that was written down before the first
run.

built_in        the claim holds in every draw, in every corner of the documented ranges, with its
own mechanism off, and along the whole flip
                parameter: no run could have refuted it, so the model says nothing
holds           it holds in at least 80% of the draws
does_not_hold   it holds in at most 20% of the draws
conditional     neither, but moving the flip parameter alone through its range decides it: at least
80% on one side, at most 20% on the other inconclusive    anything else, or a metric that is
undefined in more than half of the draws
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from coercivity.experiments.claims.written_claims import Claim

MANY: Final = 0.8
FEW: Final = 0.2
Values = Sequence[float | None]


@dataclass(frozen=True)
class Evidence:
    """Values of a claim's metric, None where it is undefined: over draws, with the mechanism off,
    in the corners, and along the flip parameter.
    """

    main: Values
    placebo: Values
    corner: Values
    scan: Mapping[float, Values]
    details: Mapping[str, Values] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimVerdict:
    """A claim, its evidence, and what follows."""

    claim: Claim
    evidence: Evidence
    verdict: str
    support: float
    value: float | None
    p05: float | None
    p95: float | None
    placebo: float | None
    placebo_support: float
    flips_at: float | None
    worlds: int

    def to_dict(self) -> dict[str, Any]:
        """The finding as `claims --json` prints it."""
        claim = self.claim
        return {
            "id": claim.id,
            "claim": claim.claim,
            "verdict": self.verdict,
            "support": self.support,
            "turns_on": claim.flip,
            "flips_at": self.flips_at,
            "metric": claim.metric,
            "value": self.value,
            "p05": self.p05,
            "p95": self.p95,
            "worlds": self.worlds,
            "unit": claim.unit,
            "threshold": claim.threshold,
            "placebo": self.placebo,
            "placebo_support": self.placebo_support,
            "beside": {
                name: _middle_of_known(values) for name, values in self.evidence.details.items()
            },
        }


def judge(claim: Claim, evidence: Evidence) -> ClaimVerdict:
    """The verdict on a claim by the rule above."""
    values = _known_values(evidence.main)
    support = share_holding(claim, evidence.main)
    flips_at, decided = flip_point(claim, evidence.scan)
    quantiles = (
        [float(v) for v in np.quantile(values, (0.5, 0.05, 0.95))]
        if len(values)
        else [None, None, None]
    )
    if 2 * len(values) < len(evidence.main):
        verdict = "inconclusive"
    elif never_refuted(claim, evidence):
        verdict = "built_in"
    elif support >= MANY:
        verdict = "holds"
    elif support <= FEW:
        verdict = "does_not_hold"
    else:
        verdict = "conditional" if decided else "inconclusive"
    return ClaimVerdict(
        claim=claim,
        evidence=evidence,
        verdict=verdict,
        support=support,
        value=quantiles[0],
        p05=quantiles[1],
        p95=quantiles[2],
        placebo=_middle_of_known(evidence.placebo),
        placebo_support=share_holding(claim, evidence.placebo),
        flips_at=flips_at,
        worlds=len(evidence.main),
    )


def share_holding(claim: Claim, values: Values) -> float:
    """Share of the draws in which the metric is defined that the claim holds in; 0 where it is
    defined nowhere.
    """
    known = _known_values(values)
    return float(np.mean([claim.holds(value) for value in known])) if len(known) else 0.0


def never_refuted(claim: Claim, evidence: Evidence) -> bool:
    """Whether the claim holds in every value of every kind."""
    every = [
        *evidence.main,
        *evidence.placebo,
        *evidence.corner,
        *(value for values in evidence.scan.values() for value in values),
    ]
    return all(value is not None and claim.holds(value) for value in every)


def flip_point(claim: Claim, scan: Mapping[float, Values]) -> tuple[float | None, bool]:
    """Value of the flip parameter at which the support crosses one half, by a straight line between
    two points of the scan; None if it never does.

    The second answer says whether the parameter decides: at least 80% on one side of it, at most
    20% on the other.
    """
    points = sorted(scan)
    support = [share_holding(claim, scan[at]) for at in points]
    for (x0, s0), (x1, s1) in zip(
        zip(points, support, strict=True), zip(points[1:], support[1:], strict=True), strict=False
    ):
        if (s0 - 0.5) * (s1 - 0.5) <= 0 and s0 != s1:
            level = x0 + (0.5 - s0) / (s1 - s0) * (x1 - x0)
            left = [s for x, s in zip(points, support, strict=True) if x <= level]
            right = [s for x, s in zip(points, support, strict=True) if x > level]
            decided = bool(left and right) and (
                (max(left) >= MANY and min(right) <= FEW)
                or (min(left) <= FEW and max(right) >= MANY)
            )
            return float(level), decided
    return None, False


def _known_values(values: Values) -> np.ndarray:
    return np.array(
        [value for value in values if value is not None and np.isfinite(value)], dtype=float
    )


def _middle_of_known(values: Values) -> float | None:
    known = _known_values(values)
    return float(np.median(known)) if len(known) else None
