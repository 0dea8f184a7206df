"""A measure against one state where an act of China's names others too: it stays for these. Who
pools support with whom where several levers are pulled; what a later change leaves as it was.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab.apply_levers import apply_levers
from coercivity.experiments.lab.levers import lever_table
from coercivity.experiments.lab.setting import check_setting
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
)
from coercivity.model.support.programmes import coalitions
from coercivity.model.world import World
from tests.model.test_determinism import assert_same
from tests.names import EU_STATES

EMBARGO = load_shipped("embargo-2010")
BOTH = ["United States", "EU"]
ALL = {"United States", *EU_STATES}
HALT = {"kind": "customs_halt", "actor": "China", "goods": "raw_materials", "date": "2026-03-01"}
HALT |= {"id": "halt", "targets": BOTH}
PAUSE = {"kind": "suspension", "actor": "China", "date": "2026-11-01", "id": "pause", "of": "halt"}
PAUSE |= {"targets": BOTH}
AMERICA, BACK = ("2026-06", "united_states_measure", 1.0), ("united_states_measure", 0.0)


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


@pytest.mark.parametrize("state", ["United States", "Germany"])
def test_the_halt_of_2010_stays_for_the_others(state: str) -> None:
    (lever,) = (one for one in lever_table(state) if one.role == "measure")
    asked = apply_levers(EMBARGO, {lever.id: 1})
    assert named(asked, "2010-10-20") - {"Japan"} == ALL - {state}
    before, after = (next(a for a in halts(one) if a.id == "T012") for one in (EMBARGO, asked))
    assert (after.date, after.end) == (before.date, before.end)
    assert parse_scenario(asked.to_yaml(), "round trip") == asked
    assert apply_levers(EMBARGO, {"south_korea_measure": 1}) == EMBARGO


def test_it_stays_for_the_others_in_these_months_and_comes_back_for_all() -> None:
    asked = apply_levers(story(), {}, [AMERICA, ("2027-06", *BACK)])
    assert [(act.date, act.end, set(act.target_states())) for act in halts(asked)] == [
        ("2026-03-01", "2026-05-31", ALL),
        ("2026-06-01", "2027-05-31", set(EU_STATES)),
        ("2027-06-01", "", ALL),
    ]


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ([AMERICA], {"2026-05-01": ALL, "2026-10-31": set(EU_STATES), "2026-11-01": set()}),
        (
            [AMERICA, ("2026-09", *BACK)],
            {"2026-08-31": set(EU_STATES), "2026-10-31": ALL, "2026-11-01": set()},
        ),
    ],
)
def test_a_suspension_holds_for_each_part(changes: Any, days: dict[str, set[str]]) -> None:
    asked = apply_levers(story(HALT, PAUSE), {}, changes)
    assert {day: named(asked, day) for day in days} == days
    assert parse_scenario(asked.to_yaml(), "round trip") == asked


def test_a_signal_to_several_stays_for_the_others() -> None:
    threat = HALT | {"kind": "threat", "id": "warning", "date": "2026-08-01"}
    del threat["goods"]
    scenario = story(threat | {"id": "before", "date": "2025-08-01"}, threat)
    asked = apply_levers(scenario, {}, [("2026-03", "united_states_measure", 1.0)])
    there = {act.id: list(act.targets) for act in (*asked.events, *asked.choices)}
    assert (there["warning"], there["before"]) == (["EU"], BOTH)


# ---------------------------------------------------------------- who pools support with whom

CALM = load_shipped("business-as-usual")
SHARED = load_shipped("friend-shoring-together")
THREE = {"United States", "EU", "Japan"}
KOREA, BRITAIN, AUSTRALIA = "South Korea", "United Kingdom", "Australia"
FROM_2035 = [("2035-01", "south_korea_money", 5000.0)]
TWO = {"south_korea_money": 5000, "united_kingdom_money": 5000}
CHANGED = ("2027-01", "south_korea_money", 0.0)


def in_month(scenario: Scenario, month: str) -> list[set[str]]:
    """Coalitions in force as the model groups them."""
    at = month_index(scenario.start, month)
    every = (*scenario.events, *scenario.choices)
    return coalitions(tuple(act for act in every if act.days(scenario.start, at) != (0, 0)))


def pacts(scenario: Scenario) -> list[tuple[str, str, set[str]]]:
    return [
        (act.date, act.end, set(act.get("members")))
        for act in (*scenario.events, *scenario.choices)
        if act.kind == "coalition"
    ]


def test_who_is_pulled_in_later_is_a_member_from_then_on() -> None:
    asked = apply_levers(CALM, {"allies_money": 5000}, FROM_2035)
    assert pacts(asked) == [("2026-01-01", "", THREE), ("2035-01-01", "", {*THREE, KOREA})]
    assert in_month(asked, "2025-12") == []
    assert in_month(asked, "2034-12") == [THREE]
    assert in_month(asked, "2035-01") == [{*THREE, KOREA}]


def test_a_change_moves_nothing_before_its_month() -> None:
    setting = check_setting(levers=TWO, changes=[CHANGED])
    asked, twin = (World(scenario, 1) for scenario in (setting.asked(), setting.base()))
    for _ in range(month_index(setting.shipped.start, CHANGED[0])):
        asked.step()
        twin.step()
    assert_same(asked, twin)
    ours, theirs = (
        {act: (one.members, one.spent) for act, one in world.support.programmes.items()}
        for world in (asked, twin)
    )
    assert ours == theirs


def test_who_is_no_longer_supported_is_a_member_no_longer() -> None:
    asked = apply_levers(CALM, TWO, [CHANGED])
    assert in_month(asked, "2026-12") == [{*THREE, KOREA, BRITAIN}]
    assert in_month(asked, "2027-01") == [{*THREE, BRITAIN}]
    assert parse_scenario(asked.to_yaml(), "round trip") == asked


def test_a_standing_coalition_is_enlarged_with_who_is_supported() -> None:
    asked = apply_levers(SHARED, {"south_korea_money": 5000})
    assert in_month(asked, "2026-06") == [{*THREE, KOREA}]
    assert in_month(asked, "2026-07") == [{*THREE, AUSTRALIA, KOREA}]
    assert in_month(asked, "2038-12") == [{*THREE, AUSTRALIA, KOREA}]
    assert parse_scenario(asked.to_yaml(), "round trip") == asked


@pytest.mark.parametrize(
    ("lever", "owner"), [("allies_money", "Japan"), ("australia_money", AUSTRALIA)]
)
def test_members_of_a_standing_coalition_pool_as_it_says(lever: str, owner: str) -> None:
    for changes in ([], [("2026-04", lever, 8000.0)]):
        asked = apply_levers(SHARED, {lever: 5000}, changes)
        assert pacts(asked) == pacts(SHARED)
        assert in_month(asked, "2026-07") == [{*THREE, AUSTRALIA}]
