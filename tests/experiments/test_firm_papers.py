"""One application, followed from the order to the delivery in the trace of a firm (M6)."""

from __future__ import annotations

from functools import cache

from coercivity.experiments.questions.firm_month import Paper
from coercivity.experiments.questions.firm_trace import FirmTrace, trace_firm
from coercivity.model.scenario.scenario import load_scenario, with_changes


@cache
def told() -> FirmTrace:
    scenario = with_changes(load_scenario("licensing-2025"), months=30)
    return trace_firm(scenario, "Germany motor heat resistant 1")


def story(supplier: str) -> list[tuple[str, Paper]]:
    """Its papers with one supplier, by month."""
    return [
        (month.month, paper)
        for month in told().months
        for paper in month.papers
        if paper.supplier == supplier
    ]


def test_nothing_is_told_before_a_rule() -> None:
    assert not any(month.papers for month in told().months if month.month < "2025-04")


def test_an_application_waits_is_granted_and_goods_leave_under_it() -> None:
    """The month after the rule it is filed; it waits the statutory time at least; from the month
    that grants it a part of its tonnes leaves every month.
    """
    supplier = told().months[17].papers[-1].supplier
    found = story(supplier)
    first_month, first = found[0]
    assert first_month in ("2025-04", "2025-05")
    assert (first.filed, first.outcome, first.went) == (0, "", 0.0)
    assert first.applied > 0.0
    granted = next(k for k, (_, paper) in enumerate(found) if paper.outcome == "granted")
    assert granted >= 2
    assert all(paper.went == 0.0 for _, paper in found[:granted])
    assert all(paper.place >= 0 for _, paper in found[:granted])
    _, grant = found[granted]
    assert grant.went + grant.covers <= first.applied * 1.3
    assert 0.0 < grant.went <= (grant.went + grant.covers) / 6.0 * 1.001


def test_the_words_say_so() -> None:
    sentences = [line for month in told().words for part in month for line in part]
    assert any(line.startswith("Applies for a licence for ") for line in sentences)
    assert any("no answer for 2 months" in line for line in sentences)
    assert any(": granted, " in line for line in sentences)
    assert any(line.startswith("Under its licence ") for line in sentences)
