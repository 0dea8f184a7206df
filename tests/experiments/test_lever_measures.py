"""A measure against one state where an act of China's names others too: it stays for these."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab.levers import find_lever, lever_table
from coercivity.experiments.lab.pulled import pulled
from coercivity.experiments.lab.setting import checked
from coercivity.model.basis.names import EU_STATES, states_of
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
)

EMBARGO = load_shipped("embargo-2010")
HALT = {
    "kind": "customs_halt",
    "actor": "China",
    "goods": "raw_materials",
    "date": "2026-03-01",
    "id": "halt",
    "targets": ["United States", "EU"],
}
PAUSE = {
    "kind": "suspension",
    "actor": "China",
    "date": "2026-11-01",
    "id": "pause",
    "of": "halt",
    "targets": ["United States", "EU"],
}


def story(*acts: dict[str, Any]) -> Scenario:
    """A calm world in which China halts customs for two governments."""
    raw = load_shipped("business-as-usual").to_dict()
    raw["events"] = [*raw.get("events", ()), *(acts or (HALT,))]
    return scenario_from_dict(raw, "halted")


def halts(scenario: Scenario) -> list[Event]:
    return sorted(
        (act for act in (*scenario.events, *scenario.choices) if act.kind == "customs_halt"),
        key=lambda act: act.date,
    )


def named(scenario: Scenario, day: str) -> set[str]:
    """States under a halt on a day, suspensions reckoned with."""
    running = [
        act
        for act in (*scenario.events, *scenario.choices)
        if act.date <= day and (not act.end or act.end >= day)
    ]
    paused = {act.get("of") for act in running if act.kind == "suspension"}
    return {
        state
        for act in running
        if act.kind == "customs_halt" and act.id not in paused
        for state in act.target_states()
    }


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("United States", {"Germany", "France", "Rest of EU"}),
        ("Germany", {"United States", "France", "Rest of EU"}),
        ("France", {"United States", "Germany", "Rest of EU"}),
        ("Rest of EU", {"United States", "Germany", "France"}),
    ],
)
def test_the_halt_of_2010_stays_for_the_others(state: str, left: set[str]) -> None:
    (lever,) = (one for one in lever_table(state) if one.role == "measure")
    asked = pulled(EMBARGO, {lever.id: 1})
    assert named(asked, "2010-10-20") - {"Japan"} == left
    (before,) = (act for act in halts(EMBARGO) if act.id == "T012")
    (after,) = (act for act in halts(asked) if act.id == "T012")
    assert (after.date, after.end) == (before.date, before.end)
    assert parse_scenario(asked.to_yaml(), "round trip") == asked


def test_a_state_that_is_named_nowhere_changes_nothing() -> None:
    assert pulled(EMBARGO, {"south_korea_measure": 1}) == EMBARGO


def test_two_states_are_taken_out_one_after_the_other() -> None:
    levers = {f"{name}_measure": 1.0 for name in ("united_states", "germany", "france")}
    asked = pulled(EMBARGO, levers)
    assert named(asked, "2010-10-20") - {"Japan"} == {"Rest of EU"}
    nobody = pulled(EMBARGO, {**levers, "rest_of_eu_measure": 1})
    assert "T012" not in {act.id for act in halts(nobody)}


def test_it_stays_for_the_others_in_these_months_and_comes_back_for_all() -> None:
    changes = [("2026-06", "united_states_measure", 1.0), ("2027-06", "united_states_measure", 0.0)]
    asked = pulled(story(), {}, changes)
    everybody = {"United States", *EU_STATES}
    assert [(act.date, act.end, set(act.target_states())) for act in halts(asked)] == [
        ("2026-03-01", "2026-05-31", everybody),
        ("2026-06-01", "2027-05-31", set(EU_STATES)),
        ("2027-06-01", "", everybody),
    ]


def test_how_long_it_lasts_is_that_of_one_state() -> None:
    asked = pulled(story(), {"united_states_months": 6})
    everybody = {"United States", *EU_STATES}
    first = halts(asked)[0].date
    assert named(asked, first) == everybody
    assert named(asked, "2028-01-01") == set(EU_STATES)


def test_a_suspension_holds_for_each_part() -> None:
    asked = pulled(story(HALT, PAUSE), {}, [("2026-06", "united_states_measure", 1.0)])
    assert named(asked, "2026-05-01") == {"United States", *EU_STATES}
    assert named(asked, "2026-10-31") == set(EU_STATES)
    assert named(asked, "2026-11-01") == set()
    assert parse_scenario(asked.to_yaml(), "round trip") == asked
    between = [("2026-06", "united_states_measure", 1.0), ("2026-09", "united_states_measure", 0.0)]
    back = pulled(story(HALT, PAUSE), {}, between)
    assert named(back, "2026-08-01") == set(EU_STATES)
    assert named(back, "2026-10-31") == {"United States", *EU_STATES}
    assert named(back, "2026-11-01") == set()


def test_a_signal_to_several_stays_for_the_others() -> None:
    threat = HALT | {"kind": "threat", "id": "warning", "date": "2026-08-01"}
    del threat["goods"]
    before = threat | {"id": "before", "date": "2025-08-01"}
    scenario = story(before, threat)
    asked = pulled(scenario, {}, [("2026-03", "united_states_measure", 1.0)])
    there = {act.id: act.targets for act in (*asked.events, *asked.choices)}
    assert there["warning"] == ("EU",)
    assert there["before"] == ("United States", "EU")


def test_a_change_leaves_the_months_before_it() -> None:
    setting = checked(
        scenario="embargo-2010",
        state="United States",
        changes=[("2010-11", "united_states_measure", 1)],
    )
    assert setting.asked() == setting.shipped  # the halt was over


@pytest.mark.parametrize("state", EU_STATES)
def test_the_page_says_what_becomes_of_acts_against_the_eu(state: str) -> None:
    for role in ("measure", "months"):
        (lever,) = (one for one in lever_table(state) if one.role == role)
        assert "or the EU" in lever.what
        assert find_lever(lever.id).what == lever.what
    assert set(states_of("EU")) == set(EU_STATES)
