"""The history of one firm: the same world as any other, its numbers those of the records and
tables, its words those of its numbers.
"""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from coercivity.experiments.questions.firm_trace import FirmTrace, Look, Supplier, trace_firm
from coercivity.experiments.questions.firm_words import month_in_words, reason
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import STATES
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes

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
    records, trace = result.records, traces[name]
    of = records.structure
    firm = of.names.index(name)
    needs = np.flatnonzero(of.need_firm == firm)
    assert [month.month for month in trace.months] == list(result.months)
    for column, read in (("need_stock", "left"), ("used", "used"), ("expected", "expected")):
        assert np.array_equal(
            records[column][:, needs],
            [[getattr(need, read) for need in month.needs] for month in trace.months],
        )
    assert np.array_equal(
        records["lacking"][:, needs],
        [[need.lacking for need in month.needs] for month in trace.months],
    )
    assert np.array_equal(records["run"][:, firm], [month.run for month in trace.months])
    for state in range(len(STATES)):  # the records hold beliefs about China alone
        if STATES[state] == "China":
            alarm = [next(a for s, a, _ in month.beliefs if s == state) for month in trace.months]
            assert np.array_equal(records["alarm"][:, of.firm_state[firm]], alarm)


def test_what_all_firms_of_a_stage_hold_is_the_table_of_stocks(result: Result) -> None:
    """Japan's three makers of SmCo magnets, whose oxide no one else at that stage holds."""
    table = result.table("firms").query("state == 'Japan' and process == 'make_magnet_smco'")
    held = np.zeros(MONTHS)
    for name in table["firm"].astype(str):
        held += [
            next(need.left for need in month.needs if need.good == "seg_oxide")
            for month in trace_firm(result.scenario, name, 3).months
        ]
    stocks = result.table("stocks").query(
        "state == 'Japan' and stage == 'magnet' and good == 'seg_oxide'"
    )
    assert len(table) > 1
    assert held == pytest.approx(stocks["tonnes"].to_numpy())


def test_shares_of_an_order_and_pulls_sum_to_one(traces: dict[str, FirmTrace]) -> None:
    for name in (MAKER, USER):
        for month in traces[name].months:
            for need in month.needs:
                assert sum(s.share for s in need.suppliers) == pytest.approx(1.0)
                assert sum(s.pull for s in need.suppliers) == pytest.approx(1.0, abs=1e-6)
                assert all(
                    s.pull == pytest.approx(0.0, abs=1e-9)
                    for s in need.suppliers
                    if not s.qualified
                )


def test_fear_raises_the_cover_that_is_aimed_at(traces: dict[str, FirmTrace]) -> None:
    months = {month.month: month for month in traces[MAKER].months}
    calm, afraid = months["2024-06"].needs[0], months["2026-03"].needs[0]
    assert calm.target == pytest.approx(calm.habit, rel=0.1)
    assert afraid.target > 1.3 * afraid.habit
    assert afraid.ordered > 1.5 * calm.ordered


def test_an_act_of_the_firm_shows(result: Result) -> None:
    raw = result.scenario.to_dict()
    raw["events"].append({"date": "2024-06-01", "id": "fill", "kind": "firm_stock", "cover": 4.0})
    raw["events"].append(
        {"date": "2024-06-01", "id": "turn", "kind": "firm_supplier", "strength": 0.9}
    )
    months = {
        month.month: month.needs[0]
        for month in trace_firm(scenario_from_dict(raw, "test"), MAKER, 3).months
    }
    before, after = months["2024-05"], months["2024-06"]
    assert after.target - before.target == pytest.approx(4.0, abs=0.5)
    assert {round(s.turned_away, 9) for s in after.suppliers if STATES[s.state] == "China"} == {0.9}
    assert {s.turned_away for s in after.suppliers if STATES[s.state] != "China"} == {0.0}


def test_a_stop_that_the_table_tells_is_a_month_of_a_slow_line(
    result: Result, traces: dict[str, FirmTrace]
) -> None:
    stops = result.table("stoppages")
    stops = stops[stops["firm"] == MAKER]
    assert len(stops)
    months = {
        month.month: (month, words)
        for month, words in zip(traces[MAKER].months, traces[MAKER].words, strict=True)
    }
    for day, missing in zip(
        stops["first_day"].astype(str), stops["missing"].astype(str), strict=True
    ):
        month, (_, chose, _) = months[day[:7]]
        assert month.run < month.plan
        assert missing in {need.good for need in month.needs if need.lacking}
        assert any("lacking" in line or "stands" in line for line in chose)


def test_a_project_begins_where_its_value_clears_the_hurdle(
    result: Result, traces: dict[str, FirmTrace]
) -> None:
    looks = [(month.month, month.look) for month in traces[PROJECT].months if month.look]
    begun = {
        month[:7]
        for month, actor, kind in result.table("events")[["month", "actor", "kind"]]
        .astype(str)
        .itertuples(index=False)
        if actor == PROJECT and kind == "project begins"
    }
    assert begun
    assert {month for month, look in looks if look.done == "build"} == begun
    for _, look in looks:
        if look.done in ("build", "wait"):
            assert (look.value > look.hurdle) == (look.done == "build")


def test_every_project_is_read_as_it_was_decided(result: Result) -> None:
    """All projects that begin in two years, whatever their month: the value that is read is the one
    on which was decided.
    """
    table = result.table("events").astype(str)
    names = table.loc[table["kind"] == "project begins", "actor"].unique()
    assert len(names) >= 5
    for name in names[:8]:
        looks = [month.look for month in trace_firm(result.scenario, name, 3).months if month.look]
        assert any(look.done == "build" for look in looks)
        assert all(
            (look.value > look.hurdle) == (look.done == "build")
            for look in looks
            if look.done in ("build", "wait")
        )


def test_the_words_carry_the_numbers(traces: dict[str, FirmTrace]) -> None:
    for trace in traces.values():
        for month, (saw, chose, rejected) in zip(trace.months, trace.words, strict=True):
            assert saw
            assert chose
            assert not any("nan" in line or "inf" in line for line in (*saw, *chose, *rejected))
            if trace.firm != MAKER:
                continue
            need = month.needs[0]
            told = next(line for line in saw if line.startswith("Dysprosium oxide"))
            assert float(re.search(r"([\d.]+) months of use", told)[1]) == pytest.approx(
                need.stock / need.expected, abs=0.051
            )
            order = next(line for line in chose if "dysprosium oxide" in line)
            if need.ordered > 0:
                assert float(re.search(r"Orders ([\d.]+) t", order)[1]) == pytest.approx(
                    need.ordered, rel=0.01
                )


def supplier(**fields: object) -> Supplier:
    plain = Supplier(
        "Seller",
        STATES.index("France"),
        0.05,
        0.05,
        0.3,
        1.0,
        0.0,
        1.0,
        1.0,
        0.0,
        True,
        0.0,
        0.0,
        "open",
    )
    return replace(plain, **fields)


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


def test_owners_that_do_not_look_tell_when_they_last_did(traces: dict[str, FirmTrace]) -> None:
    month = next(month for month in traces[PROJECT].months if month.look is None)
    words = month_in_words(month, STATES, maker=True, looked=("2025-03", Look(0.4, 1.38, "wait")))
    assert words[1] == (
        "Owners look once a year. 2025-03: value 0.40 of the cost, hurdle 1.38; it waited.",
    )
    assert math.isfinite(month.price)


def test_an_unknown_firm_is_named_with_its_neighbour(result: Result) -> None:
    with pytest.raises(
        InputError,
        match="firm 'Shin-Etsu Chemicals' is not known; did you mean 'Shin-Etsu Chemical'",
    ):
        trace_firm(result.scenario, "Shin-Etsu Chemicals")
