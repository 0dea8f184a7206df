"""The history of one firm: the same world as any other, its numbers those of the records and
tables, its words those of its numbers; its applications for licences, and who applied.
"""

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from coercivity.experiments.questions.applicants import (
    Applicant,
    applicants,
    find_firm,
    firm_named,
    granted_share,
)
from coercivity.experiments.questions.firm_licences import applications
from coercivity.experiments.questions.firm_month import Application, Paper
from coercivity.experiments.questions.firm_trace import FirmTrace, Supplier, trace_firm
from coercivity.experiments.questions.firm_words import reason
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import STATES
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)

MAKER, USER, PROJECT = "Shin-Etsu Chemical", "Japan ev drivetrains 1", "JS Link Kuantan"
MONTHS = 48


@pytest.fixture(scope="module")
def result() -> Result:
    return run_scenario(with_changes(load_scenario("japan-2026"), months=MONTHS), 3)


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


def test_what_all_firms_of_a_stage_hold_is_the_table_of_stocks(result: Result) -> None:
    """Japan's three makers of SmCo magnets, whose oxide no one else at that stage holds."""
    table = result.table("firms").query("state == 'Japan' and process == 'make_magnet_smco'")
    assert len(table) > 1
    held = np.zeros(MONTHS)
    for name in table["firm"].astype(str):
        needs = (month.needs for month in trace_firm(result.scenario, name, 3).months)
        held += [next(need.left for need in one if need.good == "seg_oxide") for one in needs]
    where = "state == 'Japan' and stage == 'magnet' and good == 'seg_oxide'"
    assert held == pytest.approx(result.table("stocks").query(where)["tonnes"].to_numpy())


def test_shares_of_an_order_and_pulls_sum_to_one(traces: dict[str, FirmTrace]) -> None:
    every = [need for name in (MAKER, USER) for m in traces[name].months for need in m.needs]
    for need in every:
        assert sum(s.share for s in need.suppliers) == pytest.approx(1.0)
        assert sum(s.pull for s in need.suppliers) == pytest.approx(1.0, abs=1e-6)
        others = [s.pull for s in need.suppliers if not s.qualified]
        assert others == pytest.approx([0.0] * len(others), abs=1e-9)


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


def test_a_stop_that_the_table_tells_is_a_month_of_a_slow_line(
    result: Result, traces: dict[str, FirmTrace]
) -> None:
    stops, trace = result.table("stoppages").astype(str), traces[MAKER]
    stops = stops[stops["firm"] == MAKER]
    assert len(stops)
    told = zip(trace.months, trace.words, strict=True)
    months = {month.month: (month, chose) for month, (_, chose, _) in told}
    for day, missing in zip(stops["first_day"], stops["missing"], strict=True):
        month, chose = months[day[:7]]
        assert month.run < month.plan
        assert missing in {need.good for need in month.needs if need.lacking}
        assert any("lacking" in line or "stands" in line for line in chose)


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


def test_the_words_carry_the_numbers(traces: dict[str, FirmTrace]) -> None:
    for trace in traces.values():
        for saw, chose, rejected in trace.words:
            assert saw
            assert chose
            assert not any("nan" in line or "inf" in line for line in (*saw, *chose, *rejected))
    trace = traces[MAKER]
    for month, (saw, chose, _) in zip(trace.months, trace.words, strict=True):
        need = month.needs[0]
        told = next(line for line in saw if line.startswith("Dysprosium oxide"))
        cover = float(re.search(r"([\d.]+) months of use", told)[1])
        assert cover == pytest.approx(need.stock / need.expected, abs=0.051)
        order = next(line for line in chose if "dysprosium oxide" in line)
        if need.ordered > 0:
            ordered = float(re.search(r"Orders ([\d.]+) t", order)[1])
            assert ordered == pytest.approx(need.ordered, rel=0.01)


def supplier(**fields: object) -> Supplier:
    numbers = (0.05, 0.05, 0.3, 1.0, 0.0, 1.0, 1.0, 0.0, True, 0.0, 0.0, "open")
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
    chosen = supplier(name="Chosen", share=0.95, pull=0.95)
    assert reason(supplier(**fields), (chosen, supplier(**fields)), STATES) == told


def test_an_unknown_firm_is_named_with_its_neighbour(result: Result) -> None:
    words = "firm 'Shin-Etsu Chemicals' is not known; did you mean 'Shin-Etsu Chemical'"
    with pytest.raises(InputError, match=words):
        trace_firm(result.scenario, "Shin-Etsu Chemicals")


# ---------------------------------------------------------------- applications

GERMANY = "Germany motor heat resistant 1"
# some of what it gets comes past the border, while the seller cannot fill its licences
BESIDE = "United States aerospace defence 1"


@cache
def told(firm: str = GERMANY, months: int = 30) -> FirmTrace:
    return trace_firm(with_changes(load_scenario("licensing-2025"), months=months), firm)


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
    assert any(": granted, " in line for month in trace.words for part in month for line in part)


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
    of = {
        how: [o for o in trace.applications if o.outcome == how] for how in ("filed anew", "waits")
    }
    assert {trace.months[one.decided or 0].month for one in of["filed anew"]} == {"2026-01"}
    waiting = Counter((one.supplier, one.good) for one in of["waits"])
    assert max(waiting.values(), default=0) <= 1


# ---------------------------------------------------------------- who applied

NAMES = ("Japan wind 1", "Japan wind 10", "Japan wind 2", "TDK", "Lynas Malaysia (Kuantan)")


def japan(months: int = 30) -> Scenario:
    return with_changes(load_scenario("japan-2026"), months=months)


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


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Japan wind 1", "Japan wind 1"),
        ("japan WIND 1", "Japan wind 1"),
        ("lyn", "Lynas Malaysia (Kuantan)"),
        (" tdk ", "TDK"),
    ],
)
def test_the_beginning_of_one_name_is_enough(wanted: str, name: str) -> None:
    assert firm_named(NAMES, wanted) == name
    assert find_firm(japan(), "shin-etsu chemical") == "Shin-Etsu Chemical"  # (standard) too


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
