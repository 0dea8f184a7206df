"""Who applied for licences, and a firm found by the beginning of its name."""

from __future__ import annotations

import re
from functools import cache

import pytest

from coercivity.experiments.questions.applicants import (
    Applicant,
    applicants,
    find_firm,
    firm_named,
    granted_share,
)
from coercivity.experiments.questions.firm_month import Application
from coercivity.experiments.questions.firm_trace import trace_firm
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes

NAMES = ("Japan wind 1", "Japan wind 10", "Japan wind 2", "TDK", "Lynas Malaysia (Kuantan)")


def japan(months: int = 30) -> Scenario:
    return with_changes(load_scenario("japan-2026"), months=months)


@cache
def told() -> tuple[Applicant, ...]:
    return applicants(japan())


def test_applications_are_those_of_each_firm_s_own_trace() -> None:
    found = {one.firm: one for one in told()}
    assert len(found) == len(told()) > 50
    for name in ("Shin-Etsu Chemical", "Japan semiconductors ceramics 3"):
        assert found[name].applications == trace_firm(japan(), name).applications


def test_nobody_applies_before_a_rule_or_at_home() -> None:
    assert applicants(japan(15)) == ()
    assert "China" not in {one.state for one in told()}
    assert min(paper.filed for one in told() for paper in one.applications) == 15


def test_firms_on_a_watch_list_are_told_and_since_when() -> None:
    """Named in February 2026: nothing before, some part of it from then on."""
    watched = [one for one in told() if one.watched > 0.0]
    assert watched
    assert {one.state for one in watched} == {"Japan"}
    trace = trace_firm(japan(), watched[0].firm)
    assert len(trace.watched) == 30
    assert not any(trace.watched[:25])
    assert max(trace.watched) == watched[0].watched


def test_the_share_granted_is_of_those_with_an_answer() -> None:
    outcomes = ("granted", "refused", "returned", "passed over", "lapsed", "waits")
    papers = [
        Application("dysprosium_oxide", "A", "China", 1.0, 3, outcome=one) for one in outcomes
    ]
    assert granted_share(papers) == 0.25
    assert granted_share(papers[-2:]) is None


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Japan wind 1", "Japan wind 1"),
        ("japan WIND 1", "Japan wind 1"),
        ("Japan wind 2", "Japan wind 2"),
        ("lyn", "Lynas Malaysia (Kuantan)"),
        (" tdk ", "TDK"),
    ],
)
def test_the_beginning_of_one_name_is_enough(wanted: str, name: str) -> None:
    assert firm_named(NAMES, wanted) == name


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("Japan", "FIRM 'Japan' is the beginning of 3 names: Japan wind 1, Japan wind 10,"),
        ("", "FIRM '' is not known"),
        ("TDKK", "did you mean 'TDK'"),
        ("Kuantan", "did you mean 'Lynas Malaysia (Kuantan)'"),
    ],
)
def test_other_beginnings_are_refused(wanted: str, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        firm_named(NAMES, wanted)


def test_a_firm_is_found_in_a_scenario() -> None:
    assert find_firm(japan(), "lynas (mt") == "Lynas (Mt Weld)"
    assert find_firm(japan(), "shin-etsu chemical") == "Shin-Etsu Chemical"  # (standard) too
