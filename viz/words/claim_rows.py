"""Findings on claims and leverage as rows and lines of text, for the terminal and for pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coercivity.experiments.claims.verdict import ClaimVerdict
from coercivity.experiments.questions.leverage import UNITS, Leverage
from coercivity.viz.words.language import noted

VERDICTS: Final = {
    "holds": noted("holds"),
    "does_not_hold": noted("does not hold"),
    "conditional": noted("conditional"),
    "inconclusive": noted("inconclusive"),
    "built_in": noted("built in"),
}
LEVERAGE_LABELS: Final = {
    "first_stop_days": "Days to the first stop",
    "firms_stopped": "Lines that stop in 12 months",
    "output_lost": "Output lost for good",
    "cost_paid": "Extra cost paid",
    "made_up": "Output made up later",
    "gdp_share": "GDP, worst 12 months",
    "exports_lost": "Sender: exports lost, to all",
    "sales_lost": "Sender: sales to the target lost",
    "share_separation": "Sender's share of separation",
    "share_magnets": "Sender's share of magnets",
}
COLUMNS: Final = (
    "id",
    "verdict",
    "support",
    "value",
    "p05",
    "p95",
    "unit",
    "threshold",
    "flips at",
    "claim",
)


def three_digits(value: float | None) -> str:
    """A number with three significant digits; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def flips(finding: ClaimVerdict) -> str:
    """Where the verdict flips, in words."""
    claim = finding.claim
    if finding.flips_at is None:
        return f"nowhere in {claim.flip} {claim.flip_low:g} to {claim.flip_high:g}"
    return f"{claim.flip} {three_digits(finding.flips_at)}"


def finding_rows(findings: Iterable[ClaimVerdict]) -> list[tuple[str, ...]]:
    """One row a claim, below COLUMNS."""
    return [
        (
            finding.claim.id,
            VERDICTS[finding.verdict],
            f"{finding.support:.0%}",
            three_digits(finding.value),
            three_digits(finding.p05),
            three_digits(finding.p95),
            finding.claim.unit,
            finding.claim.threshold,
            flips(finding),
            finding.claim.claim,
        )
        for finding in findings
    ]


def finding_lines(finding: ClaimVerdict) -> list[str]:
    """Everything about one claim."""
    claim = finding.claim
    beside = [
        f"    {name}: {three_digits(value)}" for name, value in finding.to_dict()["beside"].items()
    ]
    return [
        f"{claim.id}: {claim.claim}",
        f"  {claim.who}: {claim.words}",
        f"  {claim.other_who}: {claim.other_words}",
        f"  metric     {claim.metric} ({claim.unit})",
        f"  threshold  {claim.threshold}",
        f"  value      {three_digits(finding.value)} ({three_digits(finding.p05)} to "
        f"{three_digits(finding.p95)}), "
        f"{finding.worlds} draws of vector and seed",
        f"  verdict    {VERDICTS[finding.verdict]}: it holds in {finding.support:.0%} of the draws",
        f"  placebo    {claim.placebo_words} ({claim.placebo}): {three_digits(finding.placebo)}, "
        "holds "
        f"in {finding.placebo_support:.0%}",
        f"  flips at   {flips(finding)}",
        *(["  beside it (medians)", *beside] if beside else []),
        *([f"  note       {claim.note}"] if claim.note else []),
    ]


def leverage_rows(leverage: Leverage) -> list[tuple[str, str, str, str, str]]:
    """What a cut-off costs both: quantity, median, 5th and 95th percentile, unit."""
    days = ("never" if value is None else three_digits(value) for value in leverage.days())
    rows = [(LEVERAGE_LABELS["first_stop_days"], *days, UNITS["first_stop_days"])]
    return [
        *rows,  # type: ignore[list-item]
        *(  # type: ignore[list-item]
            (LEVERAGE_LABELS[name], *(three_digits(value) for value in spread), UNITS[name])
            for name, spread in leverage.spread().items()
        ),
    ]
