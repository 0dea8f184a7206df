"""The modern scenarios carry the published acts of everybody to June 2026, and a scenario for each
branch of what lapses later.
"""

from __future__ import annotations

from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.scenario.support_checks import SUPPORT

# published by June 2026, dated by their texts
NAMED_FOR_LATER = {"T085-reserve", "T089-China", "T080-credit"}


def test_what_was_done_to_japan_is_all_that_japan_2026_adds() -> None:
    base = set(load_scenario("licensing-2025").events)
    added = [act for act in load_scenario("japan-2026").events if act not in base]
    assert {(act.actor, act.targets) for act in added} == {
        ("China", ("Japan",)),
        ("Japan", ("China",)),
    }


def test_the_record_ends_in_june_2026_and_carries_the_acts_of_all_sides() -> None:
    acts = load_scenario("japan-2026").events
    late = {act.id for act in acts if act.date > "2026-06-30"}
    assert late == NAMED_FOR_LATER
    actors = {act.actor for act in acts if act.kind in SUPPORT}
    assert actors == {"Australia", "EU", "India", "Japan", "South Korea", "United States"}
    assert {act.get("state") for act in acts if act.kind == "sales_end"} == {
        "United States",
        "India",
        "Brazil",
    }
    assert [act.date for act in acts if act.kind == "ore_in_quota"] == ["2025-08-22"]


def test_the_branch_in_which_the_truce_is_extended_adds_just_that() -> None:
    """From the day after the suspension and the truce of Busan end, without an end."""
    base, extended = (load_scenario(name).events for name in ("japan-2026", "japan-2026-extended"))
    assert extended[: len(base)] == base
    ends = {act.end for act in base if act.id.startswith("T053")}
    assert ends == {"2026-11-10"}
    added = extended[len(base) :]
    assert [(act.kind, act.date, act.end) for act in added] == [
        ("suspension", "2026-11-11", ""),
        ("truce", "2026-11-11", ""),
    ]
    assert all("assumption" in act.text for act in added)
