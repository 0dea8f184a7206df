"""How long the texts, runs and lists of a scenario may be, and which acts may stand beside each
other, to the letter and to the day.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.event import Event, decided_in_run
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict, with_changes
from tests.facts import FACTS


def scenario(*events: dict[str, Any], **more: Any) -> Scenario:
    return scenario_from_dict(
        {"name": "test", "start": "2024-01", "months": 12, "events": list(events), **more}
    )


def act(
    kind: str, ident: str, actor: str = "Japan", date: str = "2024-03-01", **fields: Any
) -> dict[str, Any]:
    return {"date": date, "id": ident, "kind": kind, "actor": actor, **fields}


BAN = act("blanket_ban", "ban", "China", targets=["Japan"])


@pytest.mark.parametrize(
    ("key", "most"), [("name", 80), ("title", 200), ("why", 5000), ("sources", 1000)]
)
def test_a_text_of_a_scenario_may_be_so_long(key: str, most: int) -> None:
    assert getattr(scenario(**{key: "x" * most}), key) in ("x" * most, ("x" * most,))
    with pytest.raises(InputError, match=key):
        scenario(**{key: "x" * (most + 1)})


@pytest.mark.parametrize(("key", "most"), [("id", 40), ("text", 2000), ("source", 1000)])
def test_a_text_of_an_event_may_be_so_long(key: str, most: int) -> None:
    (event,) = scenario({**BAN, key: "x" * most}).events
    assert getattr(event, key) == "x" * most
    with pytest.raises(InputError, match=key):
        scenario({**BAN, key: "x" * (most + 1)})


def test_the_name_of_a_firm_may_be_80_letters_long() -> None:
    habit = {"date": "2024-03-01", "kind": "firm_stock", "cover": 1.0}
    assert event_from_dict(FACTS, {**habit, "firm": "x" * 80}, "test", 1).get("firm") == "x" * 80
    with pytest.raises(InputError, match="firm"):
        event_from_dict(FACTS, {**habit, "firm": "x" * 81}, "test", 1)


def test_a_run_is_a_month_or_more_and_600_at_most() -> None:
    assert [scenario(months=months).months for months in (1, 600)] == [1, 600]
    for months in (0, 601, -1, 12.0, True, "12"):
        with pytest.raises(InputError, match="use a whole number from 1 to 600"):
            scenario(months=months)
    assert scenario_from_dict({"name": "x", "start": "2009-01"}).months == 180


def test_an_act_begins_in_the_run_and_ends_when_it_likes() -> None:
    scenario({**BAN, "date": "2024-12-31", "end": "2031-01-01"})
    with pytest.raises(InputError, match="is after the last month 2024-12"):
        scenario({**BAN, "date": "2025-01-01"})
    assert scenario({**BAN, "end": "2024-03-01"}).events[0].end == "2024-03-01"
    with pytest.raises(InputError, match="is before date"):
        scenario({**BAN, "end": "2024-02-29"})


def test_a_shorter_run_drops_what_begins_after_it() -> None:
    later = {**BAN, "id": "later", "date": "2024-07-01"}
    kept = with_changes(scenario({**BAN, "date": "2024-06-30"}, later), months=6)
    assert ([event.id for event in kept.events], kept.months) == (["ban"], 6)
    assert len(with_changes(scenario(BAN, later), months=7).events) == 2
    assert with_changes(scenario(BAN)).months == 12


def test_events_without_a_name_are_numbered_and_mistakes_count_from_one() -> None:
    plain = {key: value for key, value in BAN.items() if key != "id"}
    assert [event.id for event in scenario(plain, plain).events] == ["E001", "E002"]
    with pytest.raises(InputError, match=r"event 2 \(ban\): kind 'bann' is not known"):
        scenario({**BAN, "id": "a"}, {**BAN, "kind": "bann"})
    with pytest.raises(InputError, match="event 2: id 'ban' is used twice"):
        scenario(BAN, BAN)
    with pytest.raises(InputError, match="event 1: id 'ban' is used twice"):
        scenario(BAN, choices=[BAN])


def test_a_budget_may_end_in_the_first_month_and_not_before() -> None:
    grant = act("grant", "g", date="2023-01-01", budget=5.0)
    assert scenario({**grant, "end": "2024-01-01"})
    with pytest.raises(InputError, match="is a budget in the past: the scenario begins in 2024-01"):
        scenario({**grant, "end": "2023-12-31"})
    pool = act("coalition", "p", date="2023-01-01", end="2023-12-31", members=["Japan", "EU"])
    with pytest.raises(InputError, match="is a coalition in the past"):
        scenario(pool)
    assert scenario(act("licensing", "l", "China", "2023-01-01", end="2023-12-31"))


def pools(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether two coalitions may stand in one scenario."""
    one = {"members": ["Japan", "EU"], **first}
    two = {"members": ["Japan", "India"], **second}
    try:
        scenario(act("coalition", "one", **one), act("coalition", "two", **two))
    except InputError as error:
        return "two: members 'Japan' is a member of coalition one at the same time" not in str(
            error
        )
    return True


def test_coalitions_with_a_common_member_follow_each_other_or_hold_each_other() -> None:
    assert not pools({}, {})
    assert not pools({"end": "2024-06-30"}, {"date": "2024-06-30"})
    assert pools({"end": "2024-06-30"}, {"date": "2024-07-01"})
    assert pools({"date": "2024-07-01"}, {"end": "2024-06-30"})
    assert not pools({"date": "2024-07-01"}, {"end": "2024-07-01"})
    assert pools({}, {"members": ["Japan", "EU", "India"]})
    assert pools({"members": ["Japan", "EU", "India"]}, {})
    assert pools({"members": ["EU"], "actor": "EU"}, {})


def test_a_floor_may_meet_its_ceiling() -> None:
    floor = act("price_floor", "f", budget=5.0, floor=100.0)
    assert scenario({**floor, "ceiling": 100.0})
    with pytest.raises(InputError, match="ceiling '99' is below the floor of 100"):
        scenario({**floor, "ceiling": 99.0})


def test_ids_that_decisions_give() -> None:
    for ident, found in (
        ("China-2026-05-licensing", True),
        ("Rest of world-2026-05-import_tariff-2", True),
        ("Germany-2026-05-licensing", False),
        ("China-26-05-licensing", False),
        ("China-2026-05-licensing-", False),
        ("x China-2026-05-licensing", False),
    ):
        assert decided_in_run(FACTS, ident) == found, ident


def test_an_event_counts_its_months_from_the_start() -> None:
    event = event_from_dict(FACTS, {**BAN, "end": "2024-03-31"}, "test", 1)
    assert (event.month_index("2024-01"), event.end_index("2024-01")) == (2, 2)
    assert (event.month_index("2025-01"), event.end_index("2023-12")) == (-10, 3)
    assert event_from_dict(FACTS, BAN, "test", 1).end_index("2024-01") is None
    assert event.get("nothing", 7) == 7


def test_targets_are_states_in_order_and_never_the_actor_s_own() -> None:
    def towards(actor: str, *targets: str) -> tuple[str, ...]:
        return Event(
            "2024-01-01", "licensing", "x", actor=actor, targets=targets, facts=FACTS
        ).target_states()

    assert towards("China", "EU", "Japan", "Germany") == (
        "Japan",
        "Germany",
        "France",
        "Rest of EU",
    )
    assert towards("EU", "World")[:3] == ("China", "Japan", "United States")
    assert len(towards("EU", "World")) == 16
    assert len(towards("", "World")) == 19


def test_an_event_is_written_as_it_is_read() -> None:
    for raw in (
        {**BAN, "goods": "heavy_oxides", "framing": "security", "text": "words"},
        {**BAN, "goods": ["ndpr_oxide"], "framing": "security", "end": "2024-12-31"},
    ):
        event = event_from_dict(FACTS, raw, "test", 1)
        assert event.to_dict() == raw
        assert event_from_dict(FACTS, event.to_dict(), "test", 1) == event
    assert event_from_dict(FACTS, {**BAN, "goods": "metals"}, "test", 1).to_dict()["goods"] == [
        "ndpr_metal"
    ]
