"""Findings as text and as a figure, from made-up evidence."""

from __future__ import annotations

from matplotlib.axes import Axes

from coercivity.experiments.claims.table import choose_claims
from coercivity.experiments.claims.verdict import Evidence, Finding, judge
from coercivity.viz.figures.claim_figures import claim_figure
from coercivity.viz.words.findings import COLUMNS, finding_lines, finding_rows, flips

(CLAIM,) = choose_claims(["C5"])


def finding() -> Finding:
    scan = {1.0: [0.1, 0.2], 12.0: [0.6, 0.7], 24.0: [0.8, None]}
    return judge(CLAIM, Evidence([0.7, 0.4], [0.0], [0.9], scan, {"beside, USD bn": [1.0, 3.0]}))


def test_a_row_for_each_column() -> None:
    (row,) = finding_rows([finding()])
    assert len(row) == len(COLUMNS)
    assert row[1] == "conditional"


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


def drawn(found: Finding) -> tuple[Axes, Axes]:
    evidence = found.evidence
    document = {
        **found.to_dict(),
        "low": CLAIM.low,
        "high": CLAIM.high,
        "flip_unit": CLAIM.flip_unit,
        "evidence": {
            "main": evidence.main,
            "placebo": evidence.placebo,
            "corner": evidence.corner,
            "scan": list(evidence.scan.items()),
        },
    }
    left, right = claim_figure(document).axes
    return left, right


def test_the_figure_shows_draws_and_the_flip() -> None:
    left, right = drawn(finding())
    assert "50%" in left.get_title(loc="left")
    assert "flips at" in right.get_title(loc="left")


def test_a_claim_that_never_flips_and_what_is_nowhere_defined_are_drawn_as_such() -> None:
    held = judge(CLAIM, Evidence([0.7, 0.9], [None], [0.9], {1.0: [0.8, 0.9], 24.0: [0.7]}, {}))
    left, right = drawn(held)
    assert right.get_title(loc="left") == "does not flip"
    assert flips(held) == f"nowhere in {CLAIM.flip} {CLAIM.flip_low:g} to {CLAIM.flip_high:g}"
    assert (
        len(left.collections) == len(drawn(finding())[0].collections) - 1
    )  # no median of a placebo without a value
    _, right = drawn(
        judge(
            CLAIM, Evidence([0.7, 0.9], [0.1], [0.9], {1.0: [0.8], 12.0: [0.7], 24.0: [None]}, {})
        )
    )
    assert [1.0, 12.0] in [
        list(line.get_xdata()) for line in right.lines
    ]  # the line ends where nothing is defined
