"""Governments that decide: tension, memory and capability, the decisions they take, who leads them,
disputes, and M12 switched off.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.results.records import Records, gather
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict, with_changes
from coercivity.model.world import World
from tests.model.lived import act, lived
from tests.refusal import refusal

DECIDE = "governments-decide-2024"
PROVOKED = act(
    "trigger", "2024-03-10", "Japan", targets=["China"], severity=1.0, issue="sovereignty"
)
BAN = act("blanket_ban", targets=["Japan"], goods="controlled_2025", end="2024-08-31")
LAW = act("licensing", "2024-02-01", targets=["World"], goods="controlled_2025")
DUTY = act("export_duty", "2009-01-01", targets=["World"], goods=["heavy_oxides"], rate=0.25)
CASE = act("dispute", "2009-03-01", "Japan", targets=["China"], of="export_duty")


def scenario(events: list[Any], months: int = 24, start: str = "2024-01", **more: Any) -> Scenario:
    return scenario_from_dict(
        {"name": "test", "start": start, "months": months, "events": events, **more}
    )


def ran(of: Scenario, seed: int = 1, record: bool = False) -> World:
    world = World(of, seed, record=record)
    world.run_for(of.months)
    return world


@cache
def free() -> World:
    """Four governments decide for three years; to look at."""
    return lived(DECIDE, 36, record=True)


def decided(world: World) -> list[Any]:
    """Acts that were not written in the scenario."""
    written = {event.id for event in (*world.scenario.events, *world.scenario.choices)}
    return [event for event in world.politics.script if event.id not in written]


def test_nobody_chooses_unless_the_scenario_lets_them() -> None:
    world = ran(scenario([PROVOKED]))
    assert not decided(world)
    assert not world.ledger.decisions


def test_governments_decide_and_every_decision_is_written_down() -> None:
    world = free()
    written = gather(world.seen).decisions
    assert "China" in {decision.government for decision in written}
    assert all(decision.saw and decision.chose and decision.rejected for decision in written)
    enacted = {(event.actor, event.month_index(world.start_name)) for event in decided(world)}
    assert enacted
    assert enacted <= {(decision.government, decision.month) for decision in written}


def in_words(records: Records) -> list[tuple[int, str, str, str]]:
    """What happened, as tables tell it: an act that a player wrote is a text and no phrase."""
    return [(month, who, kind, str(told)) for month, who, kind, told in records.events]


def same(one: Records, other: Records) -> bool:
    return (
        one.acts == other.acts
        and in_words(one) == in_words(other)
        and all(
            np.array_equal(one.arrays[name], other.arrays[name], equal_nan=True)
            for name in one.arrays
        )
    )


def test_a_played_government_overrides_its_rule_and_nothing_else() -> None:
    """A player who repeats what the rule chose gets the same world to the last digit."""
    ruled, who = free(), "China"
    mine = [event.to_dict() for event in decided(ruled) if event.actor == who]
    assert mine, "the rule chose something, or this test shows nothing"
    changed = with_changes(ruled.scenario, governments={who: "played"}, choices=mine)
    played = ran(changed, record=True)
    assert same(gather(ruled.seen), gather(played.seen))
    assert [d for d in ruled.ledger.decisions if d.government != who] == played.ledger.decisions


def test_a_player_who_does_nothing_leaves_the_luck_of_others_alone() -> None:
    """Until the first act of Japan's rule the same matters come up in China."""
    ruled, idle = free(), lived(DECIDE, 36, governments={"Japan": "played"})
    months = (event.month_index("2024-01") for event in decided(ruled) if event.actor == "Japan")
    first = min(months, default=36)
    early, alone = (
        [
            (d.month, d.government, d.chose)
            for d in world.ledger.decisions
            if d.month <= first and d.government != "Japan"
        ]
        for world in (ruled, idle)
    )
    assert early
    assert early == alone


def test_switched_off_tension_stays_zero_and_nobody_chooses() -> None:
    world = lived(DECIDE, 30, mechanisms={"M12": False})
    assert not decided(world)
    assert not world.ledger.decisions
    scripted = ran(scenario([BAN], 6, mechanisms={"M12": False}))
    assert scripted.politics.in_force
    for government in (*world.politics.governments, *scripted.politics.governments):
        assert not government.tension.any()
        assert not government.memory.any()


def stands(world: World, what: str) -> bool:
    return any(event.id == what for event in world.politics.in_force)


def test_a_dispute_takes_its_time_and_ends_what_was_for_conservation() -> None:
    """Economic acts fall after 29 months, a security measure stands: nine times in ten, and in
    these worlds (the odds: test_memory_of_politics).
    """
    economic, early = (scenario([DUTY, CASE], months, "2009-01") for months in (34, 30))
    assert not stands(ran(economic, 3), "export_duty")
    assert stands(ran(early, 3), "export_duty")
    secure = ran(scenario([LAW, {**CASE, "date": "2024-03-01", "of": "licensing"}], 34), 3)
    assert stands(secure, "licensing")
    assert ("Japan", "China", "licensing") in secure.politics.memory.lost


@pytest.mark.parametrize(
    ("events", "more", "says"),
    [
        ([DUTY, {**CASE, "actor": "China", "targets": ["Japan"]}], {}, "is an act of China itself"),
        (
            [],
            {"governments": {"China": "autonomous"}, "choices": [{**DUTY, "targets": ["Japan"]}]},
            "China decides by its rule",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    events: list[dict[str, Any]], more: dict[str, Any], says: str
) -> None:
    assert says in refusal(scenario, events, 30, "2009-01", **more)
