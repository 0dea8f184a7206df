"""Findings as text and as a figure, from made-up evidence."""

from __future__ import annotations

from coercivity.experiments.claims.table import choose_claims
from coercivity.experiments.claims.verdict import Evidence, Finding, judge
from coercivity.viz.words.findings import finding_lines

(CLAIM,) = choose_claims(["C5"])


def finding() -> Finding:
    scan = {1.0: [0.1, 0.2], 12.0: [0.6, 0.7], 24.0: [0.8, None]}
    return judge(CLAIM, Evidence([0.7, 0.4], [0.0], [0.9], scan, {"beside, USD bn": [1.0, 3.0]}))


def test_the_lines_say_metric_threshold_placebo_and_flip() -> None:
    text = "\n".join(finding_lines(finding()))
    for word in (
        CLAIM.metric,
        CLAIM.threshold,
        CLAIM.placebo_words,
        "duration_months",
        "beside, USD bn: 2",
    ):
        assert word in text
