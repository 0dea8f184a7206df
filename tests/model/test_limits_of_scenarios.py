"""How long the texts, runs and lists of a scenario may be, and which acts may stand beside each
other, to the letter and to the day.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.quota_checks import sold_in
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict, with_changes
from coercivity.model.world import World
from tests.facts import FACTS
from tests.model import lived
from tests.names import GOODS, GOVERNMENTS, WORLD
from tests.refusal import refusal


def scenario(*events: dict[str, Any], **more: Any) -> Scenario:
    return scenario_from_dict(
        {"name": "test", "start": "2024-01", "months": 12, "events": list(events), **more}
    )


def act(
    kind: str, ident: str, actor: str = "Japan", date: str = "2024-03-01", **fields: Any
) -> dict[str, Any]:
    return {"date": date, "id": ident, "kind": kind, "actor": actor, **fields}


BAN = act("blanket_ban", "ban", "China", targets=["Japan"])


def test_texts_of_a_scenario_of_an_event_and_of_a_firm_may_be_so_long() -> None:
    for key, most in (("name", 80), ("title", 200), ("why", 5000), ("sources", 1000)):
        assert getattr(scenario(**{key: "x" * most}), key) in ("x" * most, ("x" * most,))
        with pytest.raises(InputError, match=key):
            scenario(**{key: "x" * (most + 1)})
    for key, most in (("id", 40), ("text", 2000), ("source", 1000)):
        assert getattr(scenario({**BAN, key: "x" * most}).events[0], key) == "x" * most
        with pytest.raises(InputError, match=key):
            scenario({**BAN, key: "x" * (most + 1)})
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


def test_a_shorter_run_drops_what_begins_after_it() -> None:
    later = {**BAN, "id": "later", "date": "2024-07-01"}
    kept = with_changes(scenario({**BAN, "date": "2024-06-30"}, later), months=6)
    assert ([event.id for event in kept.events], kept.months) == (["ban"], 6)
    assert len(with_changes(scenario(BAN, later), months=7).events) == 2
    assert with_changes(scenario(BAN)).months == 12


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
    says = "two: members 'Japan' is a member of coalition one at the same time"
    try:
        scenario(act("coalition", "one", **one), act("coalition", "two", **two))
    except InputError as error:
        return says not in str(error)
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


def test_targets_are_states_in_order_and_never_the_actor_s_own() -> None:
    def towards(actor: str, *targets: str) -> tuple[str, ...]:
        about: Any = {"targets": targets, "facts": FACTS}
        return Event("2024-01-01", "licensing", "x", actor=actor, **about).target_states()

    found = towards("China", "EU", "Japan", "Germany")
    assert found == ("Japan", "Germany", "France", "Rest of EU")
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
    metals = event_from_dict(FACTS, {**BAN, "goods": "metals"}, "test", 1)
    assert metals.to_dict()["goods"] == ["ndpr_metal"]


def asked(one: dict[str, Any], start: str = "2024-01", key: str = "events") -> Scenario:
    return scenario_from_dict({"name": "test", "start": start, "months": 12, key: [one]})


def quota(actor: str, year: str = "2024", **fields: Any) -> dict[str, Any]:
    return lived.act("quota", f"{year}-03-01", actor, end=f"{year}-12-31", tonnes=100.0, **fields)


def refused(one: dict[str, Any], **more: Any) -> str:
    return refusal(asked, one, **more)


@pytest.mark.parametrize(
    ("actor", "goods", "start", "fix"),
    [
        ("Japan", ["heavy_concentrate"], "2024-01", "name some of lanthanum_oxide"),
        ("Malaysia", ["light_concentrate"], "2009-01", "name some of heavy_concentrate"),
    ],
)
def test_a_quota_on_what_nobody_sells_is_refused(
    actor: str, goods: object, start: str, fix: str
) -> None:
    """A player's choice too."""
    for key in ("events", "choices"):
        says = refused(quota(actor, start[:4], goods=goods), start=start, key=key)
        assert f"': nobody in {actor} sells any in a world of {start}, so a quota there " in says
        assert fix in says


def test_a_quota_without_goods_is_one_on_raw_materials() -> None:
    assert "nobody in Taiwan sells any" in refused(quota("Taiwan"))
    assert asked(quota("Japan")).events


@pytest.mark.parametrize(
    ("name", "start"), [("embargo-2010", "2009-01"), ("japan-2026-from-2024", "2024-01")]
)
def test_whatever_leaves_a_state_can_be_limited(name: str, start: str) -> None:
    """No quota is refused that would bind a lane."""
    border = World(name, 1, record=False, collect=False).border
    to_all: dict[str, Any] = {"targets": (WORLD,), "facts": FACTS}
    for actor in GOVERNMENTS:
        for good in set(GOODS) - set(sold_in(actor, FACTS, start, 3)):
            one = Event("2024-03-01", "quota", "act", actor=actor, goods=(good,), **to_all)
            assert not len(border.bound_by(one)), (actor, good)
    assert sold_in("China", FACTS, start, 3) == GOODS


def ordered(**fields: Any) -> Scenario:
    return scenario(act("supply_order", "order", "China", **fields))


@pytest.mark.parametrize("size", [-0.1, 1.5, float("nan"), "all", True])
def test_an_order_to_end_what_has_no_quota_is_for_a_part_of_it_or_all(size: Any) -> None:
    for part in (0.0, 0.4, 1.0):
        assert ordered(size=part).events[0].get("size") == part
    assert "size" in refusal(ordered, size=size)


def test_an_order_says_how_much_is_to_end_and_nothing_about_goods() -> None:
    assert "size" in refusal(ordered)
    assert "goods" in refusal(ordered, size=0.5, goods=["ndpr_oxide"])
    assert ordered(size=0.5).events[0].to_dict()["size"] == 0.5


def test_nobody_but_the_exporter_orders_what_its_mines_dig() -> None:
    refusal(asked, act("supply_order", "order", "Japan", size=0.5), match="actor 'Japan'")
