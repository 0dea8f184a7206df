"""Who pools support with whom where several levers are pulled, by date; what a later change leaves
as it was.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab.pulled import pulled
from coercivity.experiments.lab.setting import checked
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
)
from coercivity.model.support.programmes import coalitions
from coercivity.model.world import World
from tests.model.test_determinism import assert_same

CALM = load_shipped("business-as-usual")
SHARED = load_shipped("friend-shoring-together")
THREE = {"United States", "EU", "Japan"}
KOREA, BRITAIN, AUSTRALIA = "South Korea", "United Kingdom", "Australia"
FROM_2035 = [("2035-01", "south_korea_money", 5000.0)]


def in_month(scenario: Scenario, month: str) -> list[set[str]]:
    """Coalitions in force as the model groups them."""
    at = month_index(scenario.start, month)
    running = [
        act
        for act in (*scenario.events, *scenario.choices)
        if act.days(scenario.start, at) != (0, 0)
    ]
    return coalitions(tuple(running))


def pacts(scenario: Scenario) -> list[tuple[str, str, set[str]]]:
    return [
        (act.date, act.end, set(act.get("members")))
        for act in (*scenario.events, *scenario.choices)
        if act.kind == "coalition"
    ]


def test_who_is_pulled_in_later_is_a_member_from_then_on() -> None:
    asked = pulled(CALM, {"allies_money": 5000}, FROM_2035)
    assert pacts(asked) == [
        ("2026-01-01", "", THREE),
        ("2035-01-01", "", {*THREE, KOREA}),
    ]
    assert in_month(asked, "2025-12") == []
    assert in_month(asked, "2034-12") == [THREE]
    assert in_month(asked, "2035-01") == [{*THREE, KOREA}]


def test_a_later_change_leaves_the_acts_before_it_as_they_were() -> None:
    setting = checked(levers={"allies_money": 5000}, changes=FROM_2035)
    before = {act for act in setting.base().choices if act.kind == "coalition"}
    assert before
    assert before <= set(setting.asked().choices)


@pytest.mark.parametrize(
    ("levers", "change"),
    [
        ({"allies_money": 5000}, ("2027-01", "south_korea_money", 5000.0)),
        (
            {"south_korea_money": 5000, "united_kingdom_money": 5000},
            ("2027-01", "south_korea_money", 0.0),
        ),
    ],
)
def test_a_change_moves_nothing_before_its_month(levers: Any, change: Any) -> None:
    setting = checked(levers=levers, changes=[change])
    months = month_index(setting.shipped.start, change[0])
    asked, twin = (World(scenario, 1) for scenario in (setting.asked(), setting.base()))
    for _ in range(months):
        asked.step()
        twin.step()
    assert_same(asked, twin)
    theirs = twin.support.programmes
    assert asked.support.programmes.keys() == theirs.keys()
    for act, programme in asked.support.programmes.items():
        assert (programme.members, programme.spent) == (theirs[act].members, theirs[act].spent)


def test_who_is_no_longer_supported_is_a_member_no_longer() -> None:
    levers = {"south_korea_money": 5000, "united_kingdom_money": 5000}
    asked = pulled(CALM, levers, [("2030-01", "south_korea_money", 0)])
    assert in_month(asked, "2029-12") == [{*THREE, KOREA, BRITAIN}]
    assert in_month(asked, "2030-01") == [{*THREE, BRITAIN}]
    assert parse_scenario(asked.to_yaml(), "round trip") == asked


def test_a_lever_moved_again_leaves_the_pact_of_another_whole() -> None:
    levers = {"south_korea_money": 5000, "united_kingdom_money": 5000}
    asked = pulled(CALM, levers, [("2030-01", "south_korea_money", 8000)])
    everybody = {*THREE, KOREA, BRITAIN}
    assert sorted(pacts(asked)) == [
        ("2026-01-01", "", everybody),
        ("2026-01-01", "2029-12-31", everybody),
        ("2030-01-01", "", everybody),
    ]


def test_a_standing_coalition_is_enlarged_with_who_is_supported() -> None:
    asked = pulled(SHARED, {"south_korea_money": 5000})
    assert in_month(asked, "2026-06") == [{*THREE, KOREA}]
    assert in_month(asked, "2026-07") == [{*THREE, AUSTRALIA, KOREA}]
    assert in_month(asked, "2038-12") == [{*THREE, AUSTRALIA, KOREA}]
    assert parse_scenario(asked.to_yaml(), "round trip") == asked


def test_a_coalition_that_ends_takes_its_own_members_along() -> None:
    raw = SHARED.to_dict()
    for act in raw["events"]:
        if act["kind"] == "coalition":
            act["end"] = "2030-06-15"
    brief = scenario_from_dict(raw, "brief")
    asked = pulled(brief, {"south_korea_money": 5000})
    assert in_month(asked, "2030-06") == [{*THREE, AUSTRALIA, KOREA}]
    assert in_month(asked, "2030-07") == [{*THREE, KOREA}]


@pytest.mark.parametrize(
    ("lever", "owner"), [("allies_money", "Japan"), ("australia_money", AUSTRALIA)]
)
def test_members_of_a_standing_coalition_pool_as_it_says(lever: str, owner: str) -> None:
    for changes in ([], [("2026-04", lever, 8000.0)]):
        asked = pulled(SHARED, {lever: 5000}, changes)
        assert pacts(asked) == pacts(SHARED)
        assert in_month(asked, "2026-07") == [{*THREE, AUSTRALIA}]


def test_a_coalition_of_others_stands_beside() -> None:
    raw = CALM.to_dict()
    raw["events"] = [
        *raw.get("events", ()),
        {
            "date": "2025-01-01",
            "id": "others",
            "kind": "coalition",
            "actor": AUSTRALIA,
            "members": [AUSTRALIA, "Canada"],
        },
    ]
    asked = pulled(scenario_from_dict(raw, "others"), {"allies_money": 5000})
    found = in_month(asked, "2026-01")
    assert len(found) == 2
    assert THREE in found
    assert {AUSTRALIA, "Canada"} in found
