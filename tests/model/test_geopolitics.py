"""Governments that decide: tension, memory and capability, the decisions they take, who leads them,
disputes, and M12 switched off.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import CHINA, GOVERNMENTS, STATE
from coercivity.model.results.records import Records, gather
from coercivity.model.results.tables import build_table
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.world import World

JAPAN, US = STATE["Japan"], STATE["United States"]
FOUR = ("China", "Japan", "United States", "EU")
PROVOKED = {
    "date": "2024-03-10",
    "id": "P",
    "kind": "trigger",
    "actor": "Japan",
    "targets": ["China"],
    "severity": 1.0,
    "issue": "sovereignty",
}


def scenario(
    events: list[dict[str, Any]], months: int = 24, start: str = "2024-01", **more: Any
) -> Scenario:
    return scenario_from_dict(
        {"name": "test", "start": start, "months": months, "events": events, **more}
    )


def lived(of: Scenario, seed: int = 1, record: bool = False) -> World:
    world = World(of, seed, record=record)
    for _ in range(of.months):
        world.step()
    return world


def decided(world: World) -> list[Any]:
    """Acts that were not written in the scenario."""
    written = {event.id for event in (*world.scenario.events, *world.scenario.choices)}
    return [event for event in world.politics.script if event.id not in written]


def test_a_trigger_raises_tension_in_the_provoked_and_it_fades() -> None:
    world = World(scenario([PROVOKED]), 1, record=False)
    seen = []
    for _ in range(24):
        world.step()
        seen.append(float(world.politics.government_of_state[CHINA].tension[JAPAN]))
    assert seen[1] == 0.0
    assert seen[2] == pytest.approx(0.8)
    assert seen[14] == pytest.approx(0.4, rel=1e-6)  # half-life of a year
    assert world.politics.government_of_state[JAPAN].tension[CHINA] == 0.0


def test_a_measure_is_remembered_and_a_concession_soothes() -> None:
    ban = {
        "date": "2024-03-01",
        "end": "2024-08-31",
        "id": "ban",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["Japan"],
        "goods": "controlled_2025",
    }
    gives = {
        "date": "2024-05-20",
        "id": "gives",
        "kind": "concession",
        "actor": "Japan",
        "targets": ["China"],
    }
    hard, soft = lived(scenario([ban], 8)), lived(scenario([ban, gives], 8))
    assert hard.politics.government_of_state[JAPAN].memory[CHINA] > 0.5
    assert hard.politics.government_of_state[US].memory[CHINA] == 0.0
    assert (
        soft.politics.government_of_state[CHINA].tension[JAPAN]
        < hard.politics.government_of_state[CHINA].tension[JAPAN]
    )


def test_capability_only_rises() -> None:
    early, late = lived(scenario([], 3, "2009-01")), World(scenario([], 3), 1, record=False)
    assert (
        early.politics.government_of_state[CHINA].capability
        < late.politics.government_of_state[CHINA].capability
    )
    world = World(scenario([], 150, "2009-01"), 1, record=False)
    before = 0.0
    for _ in range(150):
        world.step()
        assert world.politics.government_of_state[CHINA].capability >= before
        before = world.politics.government_of_state[CHINA].capability
    assert before >= 0.45  # the laws of 2020 and 2021


def test_nobody_chooses_unless_the_scenario_lets_them() -> None:
    world = lived(scenario([PROVOKED]))
    assert not decided(world)
    assert not world.ledger.decisions


@pytest.fixture(scope="module")
def free() -> World:
    return lived(
        with_changes(load_scenario("governments-decide-2024"), months=60), seed=1, record=True
    )


def test_governments_decide_and_every_decision_is_written_down(free: World) -> None:
    assert decided(free)
    table = gather(free.seen).decisions
    assert {decision.government for decision in table} >= {"China"}
    for decision in table:
        assert decision.saw, decision
        assert decision.chose, decision
        assert decision.rejected, "an alternative was weighed"
    enacted = {(event.actor, event.month_index(free.start_name)) for event in decided(free)}
    assert enacted <= {(decision.government, decision.month) for decision in table}


def same(one: Records, other: Records) -> bool:
    return (
        one.acts == other.acts
        and one.events == other.events
        and all(
            np.array_equal(one.arrays[name], other.arrays[name], equal_nan=True)
            for name in one.arrays
        )
    )


@pytest.mark.parametrize("who", ["China", "Japan"])
@pytest.mark.parametrize("seed", [1, 3])
def test_a_played_government_overrides_its_rule_and_nothing_else(who: str, seed: int) -> None:
    """A player who repeats what the rule chose gets the same world to the last digit; the others
    decide what they decided.
    """
    ruled = lived(
        with_changes(load_scenario("governments-decide-2024"), months=48), seed, record=True
    )
    mine = [event.to_dict() for event in decided(ruled) if event.actor == who]
    assert mine, "the rule chose something, or this test shows nothing"
    played = lived(
        with_changes(ruled.scenario, governments={who: "played"}, choices=mine), seed, record=True
    )
    assert same(gather(ruled.seen), gather(played.seen))
    assert [d for d in ruled.ledger.decisions if d.government != who] == played.ledger.decisions


def test_a_player_who_does_nothing_leaves_the_luck_of_others_alone() -> None:
    """Japan has no hand in what comes up in China: the same matters come up in the same months
    until the first act of Japan's rule.
    """
    of = with_changes(load_scenario("governments-decide-2024"), months=30)
    ruled, idle = lived(of), lived(with_changes(of, governments={"Japan": "played"}))
    first = min(
        (event.month_index("2024-01") for event in decided(ruled) if event.actor == "Japan"),
        default=30,
    )
    early = [
        (d.month, d.government, d.chose)
        for d in ruled.ledger.decisions
        if d.month <= first and d.government != "Japan"
    ]
    assert early == [
        (d.month, d.government, d.chose) for d in idle.ledger.decisions if d.month <= first
    ]


def test_a_world_that_forks_goes_on_alike() -> None:
    world = World(
        with_changes(load_scenario("governments-decide-2024"), months=40), 1, record=False
    )
    for _ in range(16):
        world.step()
    twin = world.fork()
    for _ in range(24):
        world.step()
    assert len(twin.ledger.decisions) <= len(world.ledger.decisions)
    assert twin.month == 16  # the original did not move it
    for _ in range(24):
        twin.step()
    assert twin.ledger.decisions == world.ledger.decisions
    assert np.array_equal(twin.firms.run, world.firms.run)


def test_switched_off_tension_stays_zero_and_nobody_chooses() -> None:
    of = with_changes(
        load_scenario("governments-decide-2024"), months=30, mechanisms={"M12": False}
    )
    world = lived(of)
    assert not decided(world)
    assert not world.ledger.decisions
    assert all(
        not government.tension.any() and not government.memory.any()
        for government in world.politics.governments
    )
    ban = {
        "date": "2024-03-01",
        "id": "ban",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["Japan"],
        "goods": "controlled_2025",
    }
    scripted = lived(scenario([ban], 6, mechanisms={"M12": False}))
    assert scripted.politics.in_force
    assert not any(government.tension.any() for government in scripted.politics.governments)


def decisions_of(world: World) -> Any:
    """The table of decisions of a world that has run."""
    return build_table("decisions", gather(world.seen), month_names(world.start_name, world.month))


CASE = {
    "date": "2009-03-01",
    "id": "case",
    "kind": "dispute",
    "actor": "Japan",
    "targets": ["China"],
    "of": "duty",
}
DUTY = {
    "date": "2009-01-01",
    "id": "duty",
    "kind": "export_duty",
    "actor": "China",
    "targets": ["World"],
    "goods": ["heavy_oxides"],
    "rate": 0.25,
}


def test_a_dispute_takes_its_time_and_ends_what_was_for_conservation() -> None:
    """Economic acts fall after 29 months in most worlds; a security measure stands in most."""
    fallen = [
        not any(
            e.id == "duty"
            for e in lived(scenario([DUTY, CASE], 34, "2009-01"), seed).politics.in_force
        )
        for seed in range(1, 9)
    ]
    assert sum(fallen) >= 6
    early = lived(scenario([DUTY, CASE], 30, "2009-01"), 1)
    assert any(event.id == "duty" for event in early.politics.in_force)
    law = {
        "date": "2024-02-01",
        "id": "duty",
        "kind": "licensing",
        "actor": "China",
        "targets": ["World"],
        "goods": "controlled_2025",
    }
    case = {**CASE, "date": "2024-03-01"}
    stands = [
        any(e.id == "duty" for e in lived(scenario([law, case], 34), seed).politics.in_force)
        for seed in range(1, 9)
    ]
    assert sum(stands) >= 6


def test_acts_towards_others_do_not_age_a_measure() -> None:
    """A ban on Japan is new to Japan, however long another one has lain on the United States."""
    first = {
        "date": "2024-02-01",
        "id": "us",
        "kind": "dual_use_ban",
        "actor": "China",
        "targets": ["United States"],
        "goods": "controlled_2025",
    }
    world = lived(
        scenario([first, {**first, "date": "2025-02-01", "id": "japan", "targets": ["Japan"]}], 14),
        1,
    )
    began = {
        event.id: world.politics.memory.known(
            event, world.politics.script, world.politics.governments, world.start_name
        )[0]
        for event in world.politics.in_force
    }
    assert began == {"us": 1, "japan": 13}


def test_a_ruling_is_remembered() -> None:
    law = {
        "date": "2024-02-01",
        "id": "law",
        "kind": "licensing",
        "actor": "China",
        "targets": ["World"],
        "goods": "controlled_2025",
    }
    case = {**CASE, "date": "2024-03-01", "of": "law"}
    world = lived(scenario([law, case], 34), 1)
    assert ("Japan", "China", "licensing") in world.politics.memory.lost or (
        "China",
        "licensing",
    ) in world.politics.memory.ended


@pytest.mark.parametrize(
    ("events", "more", "says"),
    [
        ([{**DUTY, "targets": ["China"]}], {}, "targets 'China' are the actor's own states"),
        ([DUTY, {**CASE, "actor": "China", "targets": ["Japan"]}], {}, "is an act of China itself"),
        ([{**PROVOKED, "actor": "Atlantis"}], {}, "actor 'Atlantis' is not known"),
        (
            [],
            {"governments": {"China": "autonomous"}, "choices": [{**DUTY, "targets": ["Japan"]}]},
            "China decides by its rule",
        ),
        ([], {"governments": {"China": "dreaming"}}, "government China 'dreaming' is not known"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    events: list[dict[str, Any]], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(InputError) as caught:
        scenario(events, 30, "2009-01", **more)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_order_of_governments_is_the_order_of_announcement(free: World) -> None:
    months = [event.month_index(free.start_name) for event in decided(free)]
    assert months == sorted(months)
    for month in set(months):
        actors = [
            GOVERNMENTS.index(event.actor)
            for event in decided(free)
            if event.month_index(free.start_name) == month
        ]
        assert actors == sorted(actors)


def test_the_table_of_decisions_says_who_saw_chose_and_rejected_what(free: World) -> None:
    table = decisions_of(free)
    assert (
        table["month"].astype(str).to_numpy()[1:] >= table["month"].astype(str).to_numpy()[:-1]
    ).all()
    by_rule = table[table["rejected"] != ""]
    assert {"China"} <= set(by_rule["actor"].astype(str))
    assert by_rule["saw"].str.contains("tension").any()
    assert len(by_rule) == len(free.ledger.decisions)
    assert (
        table[table["saw"] == "scripted act"]["chose"]
        .astype(str)
        .isin([e.text or e.kind for e in free.scenario.events])
    ).all()


def test_a_played_choice_is_called_so() -> None:
    choice = {
        "date": "2024-03-31",
        "id": "China-2024-03-licensing",
        "kind": "licensing",
        "actor": "China",
        "targets": ["World"],
        "text": "China decides",
    }
    world = lived(scenario([], 6, governments={"China": "played"}, choices=[choice]), record=True)
    table = decisions_of(world)
    assert "a player's choice" in set(table[table["chose"] == "China decides"]["saw"])
