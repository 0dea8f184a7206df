"""One application, followed from the order to the delivery in the trace of a firm (M6)."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from coercivity.experiments.questions.firm_month import Application, Paper
from coercivity.experiments.questions.firm_papers import applications
from coercivity.experiments.questions.firm_trace import FirmTrace, trace_firm
from coercivity.model.scenario.scenario import load_scenario, with_changes

GERMANY = "Germany motor heat resistant 1"
# some of what it gets comes past the border, while the seller cannot fill its licences
BESIDE = "United States aerospace defence 1"


@cache
def told(firm: str = GERMANY, months: int = 30) -> FirmTrace:
    return trace_firm(with_changes(load_scenario("licensing-2025"), months=months), firm)


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


@pytest.mark.parametrize(("firm", "months"), [(GERMANY, 30), (BESIDE, 48)])
def test_each_application_is_followed_to_the_last_tonne_under_it(firm: str, months: int) -> None:
    """All that papers tell, each once: outcomes, months, tonnes filed and tonnes that left."""
    trace = told(firm, months)
    papers = [(at, paper) for at, month in enumerate(trace.months) for paper in month.papers]
    filed = [(at, paper.applied) for at, paper in papers if paper.applied > 0 and not paper.filed]
    assert sorted((one.filed, one.tonnes) for one in trace.applications) == sorted(filed)
    assert len(filed) > 5
    answers = Counter((at, paper.outcome) for at, paper in papers if paper.outcome)
    answered = [one for one in trace.applications if one.decided is not None]
    assert Counter((one.decided, one.outcome) for one in answered) == answers
    left = Counter[int]()
    for one in trace.applications:
        assert (one.outcome == "granted") >= bool(one.went)
        assert sum(tonnes for _, tonnes in one.went) <= one.tonnes * (1 + 1e-9)
        assert all(one.decided is not None and month >= one.decided for month, _ in one.went)
        left.update(dict(one.went))
    assert sum(left.values()) > 0
    for at, month in enumerate(trace.months):
        assert left[at] == pytest.approx(sum(paper.went for paper in month.papers), abs=1e-9)
    assert {one.end for one in answered} & {"used up", "run out"}


def paper(**fields: object) -> Paper:
    """A paper on which nothing happens, but for what is given."""
    still = {"outcome": "", "applied": 0.0, "filed": 0, "place": 0, "went": 0.0, "covers": 0.0}
    given = {"good": "seg_oxide", "supplier": "Seller", "exporter": "China", **still, "months": 0}
    return Paper(**{**given, **fields})  # type: ignore[arg-type]


def test_the_older_licence_is_used_first_and_each_ends_in_its_own_way() -> None:
    first, second = applications(
        [
            (paper(applied=3.0),),
            (paper(applied=3.0, filed=1),),
            (paper(outcome="granted", went=1.0, covers=2.0, months=2),),
            (paper(applied=6.0, went=0.5, covers=1.5, months=1),),
            (paper(outcome="granted", went=2.5, covers=5.0, months=1),),
            (paper(went=1.0, covers=4.0),),
            (),
        ]
    )
    assert (first.filed, first.tonnes, first.decided, first.outcome) == (0, 3.0, 2, "granted")
    assert first.went == ((2, 1.0), (3, 0.5), (4, 1.5))
    assert (first.ended, first.end) == (4, "used up")
    assert second.went == ((4, 1.0), (5, 1.0))
    assert (second.filed, second.ended, second.end) == (3, 5, "run out")


def test_what_is_sent_back_is_filed_anew_and_what_is_taken_back_is_void() -> None:
    back, again, never = applications(
        [
            (paper(applied=2.0),),
            (paper(outcome="returned", applied=2.0),),
            (paper(outcome="granted", covers=2.0, months=5),),
            (paper(covers=1.0, months=4),),  # half of it is taken back
            (paper(went=0.5, covers=0.5, months=3),),
            (paper(applied=2.0),),  # and all that was left
        ]
    )
    assert (back.decided, back.outcome, back.went, back.end) == (1, "returned", (), "")
    assert (again.filed, again.went, again.ended, again.end) == (1, ((4, 0.5),), 5, "void")
    assert (never.decided, never.outcome, never.ended) == (None, "waits", None)
    assert isinstance(never, Application)


def test_what_a_ban_makes_begin_anew_waits_no_more() -> None:
    """Of a file whose time begins anew under a ban on military use the first is closed as such; no
    supplier and good has two that wait.
    """
    trace = trace_firm(with_changes(load_scenario("japan-2026"), months=30), "TDK")
    anew = [one for one in trace.applications if one.outcome == "filed anew"]
    assert anew
    assert {trace.months[one.decided or 0].month for one in anew} == {"2026-01"}
    waiting = Counter(
        (one.supplier, one.good) for one in trace.applications if one.outcome == "waits"
    )
    assert max(waiting.values(), default=0) <= 1
