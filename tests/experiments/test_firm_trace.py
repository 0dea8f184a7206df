"""The history of one firm: the same world as any other, its numbers those of the records and
tables, its words those of its numbers; its applications for licences, and who applied.
"""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import pytest

from coercivity.agents.firms.buyer import sourcing_target
from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN, OPTION
from coercivity.experiments.questions.applicants import (
    Applicant,
    applicants,
    find_firm,
    firm_named,
    granted_share,
)
from coercivity.experiments.questions.firm_licences import applications
from coercivity.experiments.questions.firm_lines import month_lines, pull_factors, reason
from coercivity.experiments.questions.firm_month import (
    Application,
    FirmMonth,
    InputChoice,
    Paper,
    ProjectLook,
)
from coercivity.experiments.questions.firm_trace import FirmTrace, Supplier, trace_firm
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.errors import InputError
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.viz.words.firm_text import line_in_words, lines_in_words
from tests.names import STATES

MAKER, USER, PROJECT = "Shin-Etsu Chemical", "Japan ev drivetrains 1", "JS Link Kuantan"
MONTHS = 48


@pytest.fixture(scope="module")
def result() -> Result:
    return run_scenario(with_changes(load_scenario("japan-2026-from-2024"), months=MONTHS), 3)


@pytest.fixture(scope="module")
def traces(result: Result) -> dict[str, FirmTrace]:
    return {name: trace_firm(result.scenario, name, 3) for name in (MAKER, USER, PROJECT)}


@pytest.mark.parametrize("name", [MAKER, USER])
def test_numbers_are_those_of_the_records(
    result: Result, traces: dict[str, FirmTrace], name: str
) -> None:
    """The records hold beliefs about China alone."""
    records, months = result.records, traces[name].months
    of = records.structure
    firm, china = of.names.index(name), STATES.index("China")
    needs = np.flatnonzero(of.need_firm == firm)
    assert [month.month for month in months] == list(result.months)
    named = {"need_stock": "left", "used": "used", "expected": "expected", "lacking": "lacking"}
    for column, read in named.items():
        told = [[getattr(need, read) for need in month.needs] for month in months]
        assert np.array_equal(records[column][:, needs], told), column
    assert np.array_equal(records["run"][:, firm], [month.run for month in months])
    alarm = [next(a for state, a, _ in month.beliefs if state == china) for month in months]
    assert np.array_equal(records["alarm"][:, of.firm_state[firm]], alarm)


def test_an_act_of_the_firm_shows(result: Result) -> None:
    raw, day = with_changes(result.scenario, months=8).to_dict(), "2024-06-01"
    raw["events"] += [
        {"date": day, "id": "fill", "kind": "firm_stock", "cover": 4.0},
        {"date": day, "id": "turn", "kind": "firm_supplier", "strength": 0.9},
    ]
    trace = trace_firm(scenario_from_dict(raw, "test"), MAKER, 3)
    months = {month.month: month.needs[0] for month in trace.months}
    before, after = months["2024-05"], months["2024-06"]
    assert after.target - before.target == pytest.approx(4.0, abs=0.5)
    for s in after.suppliers:
        away = 0.9 if STATES[s.state] == "China" else 0.0
        assert s.turned_away == pytest.approx(away, abs=1e-9)


def test_every_project_is_read_as_it_was_decided(
    result: Result, traces: dict[str, FirmTrace]
) -> None:
    """It begins where its value clears the hurdle, in the month that the table of events tells."""
    table = result.table("events").astype(str)
    begins = table[table["kind"] == "project begins"]
    names = [PROJECT, *[name for name in begins["actor"].unique() if name != PROJECT][:2]]
    assert len(names) == 3
    for name in names:
        trace = traces.get(name) or trace_firm(result.scenario, name, 3)
        looks = [(month.month, month.look) for month in trace.months if month.look]
        begun = {month for month, look in looks if look.done == "build"}
        assert begun == {month[:7] for month in begins[begins["actor"] == name]["month"]} != set()
        decided = [look for _, look in looks if look.done in ("build", "wait")]
        assert all((look.value > look.hurdle) == (look.done == "build") for look in decided)


def supplier(**fields: object) -> Supplier:
    numbers = (0.05, 0.3, 1.0, 0.0, 1.0, 1.0, 0.0, True, 0.0, 0.0, "open")
    return replace(Supplier("Seller", STATES.index("France"), *numbers), **fields)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"cost": 1.5}, "at 1.50 times its price of the start"),
        ({"aversion": 1.0}, "distrusted, which takes 63% of its pull"),
        ({"fill": 0.4}, "delivers 40% of what is ordered"),
        ({"weight": 0.01}, "few ties with it"),
        ({"qualified": False, "sought": 4.0, "qualify": 9.0}, "not qualified, 4 of 9 months done"),
        ({"state_of": "closed"}, "its plant is closed"),
        ({"turned_away": 0.8}, "turned away from suppliers in France"),
        ({}, "as good as others, but ties are new and move slowly"),
    ],
)
def test_the_reason_is_what_counts_most(fields: dict[str, object], told: str) -> None:
    chosen = supplier(name="Chosen", share=0.95)
    found = reason(supplier(**fields), (chosen, supplier(**fields)), STATES)
    assert line_in_words(found) == told


def test_the_factors_of_a_reason_are_those_by_which_suppliers_are_chosen() -> None:
    """Their product is what `sourcing_target` gives, so that no reason is of another rule."""
    rng = np.random.default_rng(1)
    names = ("weight", "cost", "aversion", "fill", "sensitivity")
    values = rng.uniform(0.0, [[1.0], [3.0], [2.0], [1.2], [2.0]], (5, 9))
    values[3, 0] = 0.0  # delivers nothing
    told = [
        supplier(**dict(zip(names, one, strict=True))) for one in values.astype(float).T.tolist()
    ]
    pull = np.exp([sum(pull_factors(one).values()) for one in told])
    weight, *arguments = values
    need, first = np.zeros(9, np.int64), np.zeros(1, np.int64)
    target = sourcing_target(weight, *arguments[:3], np.ones(9), need, first, arguments[3])
    np.testing.assert_allclose(target, pull / pull.sum())


NEED = InputChoice("ndpr_oxide", 1.0, 0.0, 1.0, 1.0, 50.0, 50.0, 2.0, 2.0, 0.0, (), lacking=True)
FLAT = (0.0, 0.0, 0.1, 1.0, OPEN, None)  # of a month: nothing built, open, no project


def test_a_plant_that_is_not_built_stands_or_lacks_something_says_so() -> None:
    look = ProjectLook(0.8, 1.4, "wait")
    plain = FirmMonth("2026-01", (NEED,), (), 0.0, 5.0, 5.0, *FLAT[:-1], look)
    _, (order, stands), (*_, other) = map(lines_in_words, month_lines(plain, STATES, maker=True))
    assert order.startswith("Orders no ")
    assert order.endswith("is enough for 2.0 months.")
    assert stands.startswith("The line stands: no ")
    assert other == "Building: the value is 0.60 short of the hurdle."
    for status, said in (
        (OPTION, "Builds; nothing runs yet."),
        (MOTHBALLED, "The plant stands: mothballed."),
    ):
        _, chose, _ = month_lines(replace(plain, status=status), STATES, maker=True)
        assert lines_in_words(chose) == [said]


@pytest.mark.parametrize("maker", [True, False])
@pytest.mark.parametrize(
    "halted",
    [
        {"run": 0.0},
        {"run": 2.0},
        {"run": 0.0, "needs": (NEED,)},
        {"run": 2.0, "needs": (NEED,)},
        {"status": MOTHBALLED},
        {"status": BANKRUPT},
    ],
)
def test_how_a_firm_runs_is_told_in_a_marked_line_and_in_no_other(
    halted: dict[str, Any], maker: bool
) -> None:
    """Lines without the mark are shown of real firms by name: a month in which one halts has none
    that it would not have had if the firm had run as it wanted to.
    """
    calm = FirmMonth("2025-01", (replace(NEED, lacking=False),), (), 5.0, 5.0, 9.0, *FLAT)
    runs = [*chain(*month_lines(calm, STATES, maker=maker))]
    lines = [*chain(*month_lines(replace(calm, **halted), STATES, maker=maker))]
    assert any(line.runs for line in lines)
    assert any(line.runs for line in runs)
    assert all(line in runs for line in lines if not line.runs)


def test_an_unknown_firm_is_named_with_its_neighbour(result: Result) -> None:
    words = "firm 'Shin-Etsu Chemicals' is not known; did you mean 'Shin-Etsu Chemical'"
    with pytest.raises(InputError, match=words):
        trace_firm(result.scenario, "Shin-Etsu Chemicals")


# ---------------------------------------------------------------- applications

GERMANY = "Germany motor heat resistant 1"


@cache
def told() -> FirmTrace:
    return trace_firm(with_changes(load_scenario("licensing-2025"), months=30), GERMANY)


def test_an_application_waits_is_granted_and_goods_leave_under_it() -> None:
    """The month after the rule it is filed; it waits the statutory time at least; from the month
    that grants it a part of its tonnes leaves every month.
    """
    trace = told()
    supplier = trace.months[17].papers[-1].supplier
    every = [(month.month, paper) for month in trace.months for paper in month.papers]
    assert min(month for month, _ in every) >= "2025-04"
    papers = [paper for _, paper in every if paper.supplier == supplier]
    first = papers[0]
    assert next(month for month, paper in every if paper is first) in ("2025-04", "2025-05")
    assert (first.filed, first.outcome, first.went) == (0, "", 0.0)
    assert first.applied > 0.0
    granted = next(k for k, paper in enumerate(papers) if paper.outcome == "granted")
    assert granted >= 2
    assert all(paper.went == 0.0 and paper.place >= 0 for paper in papers[:granted])
    grant = papers[granted]
    assert grant.went + grant.covers <= first.applied * 1.3
    assert 0.0 < grant.went <= (grant.went + grant.covers) / 6.0 * 1.001
    saw = [line for month, _, _ in trace.lines for line in month]
    assert any(": granted, " in line_in_words(line) for line in saw)


def test_each_application_is_followed_to_the_last_tonne_under_it() -> None:
    """All that papers tell, each once: outcomes, months, tonnes filed and tonnes that left."""
    trace = told()
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


# ---------------------------------------------------------------- who applied

NAMES = ("Japan wind 1", "Japan wind 10", "Japan wind 2", "TDK", "Lynas Malaysia (Kuantan)")


def japan(months: int = 30) -> Scenario:
    return with_changes(load_scenario("japan-2026-from-2024"), months=months)


@cache
def applied() -> tuple[Applicant, ...]:
    return applicants(japan())


def test_applications_and_a_watch_list_are_those_of_the_firm_s_own_trace() -> None:
    """Named in February 2026: nothing before, some part of it from then on."""
    found = {one.firm: one for one in applied()}
    assert len(found) == len(applied()) > 50
    watched = [one for one in applied() if one.watched > 0.0]
    assert {one.state for one in watched} == {"Japan"}
    trace = trace_firm(japan(), watched[0].firm)
    assert watched[0].applications == trace.applications
    assert len(trace.watched) == 30
    assert not any(trace.watched[:25])
    assert max(trace.watched) == watched[0].watched


def test_nobody_applies_before_a_rule_or_at_home() -> None:
    assert applicants(japan(15)) == ()
    assert "China" not in {one.state for one in applied()}
    assert min(paper.filed for one in applied() for paper in one.applications) == 15


def test_the_share_granted_is_of_those_with_an_answer() -> None:
    outcomes = ("granted", "refused", "returned", "passed over", "lapsed", "waits")
    papers = [
        Application("dysprosium_oxide", "A", "China", 1.0, 3, outcome=one) for one in outcomes
    ]
    assert granted_share(papers) == 0.25
    assert granted_share(papers[-2:]) is None


def test_the_beginning_of_one_name_is_enough_and_of_several_is_refused() -> None:
    for wanted, name in (("japan WIND 1", "Japan wind 1"), (" lyn ", "Lynas Malaysia (Kuantan)")):
        assert firm_named(NAMES, wanted) == name
    for wanted, says in (("Japan", "is the beginning of 3 names"), ("TDKK", "did you mean 'TDK'")):
        with pytest.raises(InputError, match=says):
            firm_named(NAMES, wanted)
    assert find_firm(japan(), "shin-etsu chemical") == "Shin-Etsu Chemical"  # (standard) too
