"""The world as a Mesa user types it, on every Mesa from 3.3 on."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest

from coercivity.agents.base.mesa import MesaScenario
from coercivity.model.basis.errors import InputError
from coercivity.model.results.month_headlines import NAMES
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.refusal import refusal

needs_batch_run = pytest.mark.skipif(
    not hasattr(mesa, "batch_run"), reason="this Mesa has no batch_run"
)


def small(**keywords: Any) -> World:
    return World("japan-2026-from-2024", months=4, firms_per_sector=1, record=False, **keywords)


def test_a_world_is_a_name_a_seed_and_parameters_by_keyword() -> None:
    typed = World("japan-2026-from-2024", seed=7, licence_clock_months=4, months=3)
    loaded = World(
        with_changes(
            load_scenario("japan-2026-from-2024"), months=3, parameters={"licence_clock_months": 4}
        ),
        7,
    )
    assert typed.scenario == loaded.scenario
    assert (typed.seed, typed.p.licence_clock_months) == (7, 4.0)
    typed.run_for(3)
    loaded.run_for(3)
    np.testing.assert_array_equal(typed.firms.run, loaded.firms.run)


def test_rng_is_another_word_for_seed_and_none_is_one() -> None:
    assert small(rng=7).seed == small(seed=7).seed == 7
    assert small().seed == small(seed=None, rng=None).seed == 1
    assert small(seed="8").seed == 8  # a text field of SolaraViz gives text
    with pytest.raises(InputError, match="seed '1' and rng '2' are two names of one thing"):
        small(seed=1, rng=2)
    with pytest.raises(InputError, match="is not a whole number from 0"):
        small(rng=np.random.default_rng(1))


@pytest.mark.skipif(MesaScenario is None, reason="this Mesa has no scenarios of its own")
def test_a_scenario_of_mesa_s_has_the_same_keywords_as_fields() -> None:
    asked = {"scenario": "japan-2026-from-2024", "months": 3, "over_compliance": 0.5}
    one, same, other = (World(MesaScenario(rng=rng, **asked), record=False) for rng in (5, 5, 6))
    assert (one.clock.months, one.p.over_compliance) == (3, 0.5)
    assert one.seed == same.seed != other.seed
    if int(mesa.__version__.split(".")[0]) < 4:  # later a scenario keeps no seed
        assert one.seed == 5
    with pytest.raises(InputError, match="has no field 'scenario'"):
        World(MesaScenario(rng=5))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"scenario": "japan-2027"}, "did you mean"),
        ({"scenario": "japan-2026-from-2024", "licence_clock": 2}, "licence_clock_months"),
        ({"scenario": "japan-2026-from-2024", "over_compliance": 7}, "out of range"),
    ],
)
def test_what_does_not_exist_costs_one_line(asked: dict[str, Any], message: str) -> None:
    refusal(World, match=message, **asked)


def test_a_run_ends_by_itself_and_its_headlines_are_collected() -> None:
    world = small()
    assert world.running
    while world.running:
        world.step()
    assert world.month == 4
    frame = world.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(NAMES)
    assert list(frame["month"]) == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert frame["price_ndpr_oxide"].iloc[-1] == pytest.approx(
        world.market.quote[world.facts.goods.index("ndpr_oxide")]
    )
    assert frame["output_of_plan"].between(0.9, 1.1).all()
    again = small()
    again.run_for(10)
    assert (again.month, again.running) == (4, False)


@needs_batch_run
def test_batch_run_gives_the_numbers_of_a_world(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {
        "scenario": "japan-2026-from-2024",
        "months": 3,
        "firms_per_sector": 1,
        "over_compliance": [0.0, 0.5],
        "rng": [4],
    }
    monkeypatch.setattr("multiprocessing.set_start_method", lambda *a, **k: None)
    rows = mesa.batch_run(World, asked, display_progress=False)
    assert len(rows) == 2
    for row in rows:
        world = World(
            "japan-2026-from-2024",
            4,
            months=3,
            firms_per_sector=1,
            over_compliance=row["over_compliance"],
        )
        world.run_for(3)
        told = world.datacollector.get_model_vars_dataframe().iloc[-1]
        assert {name: row[name] for name in NAMES} == dict(told)
    with pytest.raises(InputError, match="scenario 'nowhere'"):
        mesa.batch_run(World, {"scenario": "nowhere"}, display_progress=False)


class Watcher(mesa.Agent):
    """An agent of the user's own, which keeps what it saw."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.seen: list[float] = []
        self.friend: mesa.Agent | None = None

    def look(self) -> None:
        self.seen.append(float(self.model.market.quote[0]))


def test_agents_of_the_user_have_ids_of_their_own_and_live_on_in_a_fork() -> None:
    world = small()
    guest = Watcher(world)
    assert len({agent.unique_id for agent in world.agents}) == len(world.agents)
    world.step()
    guest.look()
    fork = world.fork()
    (twin,) = fork.agents_by_type[Watcher]
    assert (twin.unique_id, twin.seen, twin.model) == (guest.unique_id, guest.seen, fork)
    twin.look()
    assert len(guest.seen) == 1
    late = Watcher(fork)
    assert late.unique_id not in {agent.unique_id for agent in world.agents}
    guest.friend = late
    with pytest.raises(ValueError, match=r"friend of Watcher .* points to agents or to the model"):
        world.fork()


def test_a_removed_firm_is_no_agent_any_more_in_a_fork_neither() -> None:
    world = small()
    world.step()
    firm = world.firm(int(world.processors.rows[0]))
    row, name, count = firm.row, firm.name, len(world.agents)
    firm.remove()
    firm.remove()
    assert len(world.works.closing) == 1
    fork = world.fork()
    again = fork.fork()
    for one in (world, fork, again):
        assert len(one.agents) == count - 1
        assert {a.unique_id for a in one.agents} == {a.unique_id for a in world.agents}
        for which in (row, name):
            with pytest.raises(InputError, match="was removed and is no agent any more"):
                one.firm(which)
    assert row not in small().actors.removed
    fork.run_for(2)
    assert fork.firms.capacity[row] == fork.firms.run[row] == 0.0
    assert abs(fork.balance_error()).max() < 1e-6
    for buyer in fork.firm_agents:  # whoever bought from it has other suppliers to name
        assert all(other.row != row for other in (*buyer.suppliers(), *buyer.customers))


class Note:
    def __init__(self, world: World) -> None:
        self.world, self.firms, self.list = world, world.firms, [1]
        self.friend = world.firm(3)


def test_what_a_user_writes_on_a_world_is_copied_and_points_to_the_fork() -> None:
    world: Any = small()
    world.note, world.log, world.array = Note(world), [[1]], np.zeros(3)
    fork: Any = world.fork()
    fork.note.list.append(2)
    fork.log[0].append(2)
    fork.array[0] = 1.0
    assert (world.note.list, world.log, world.array[0]) == ([1], [[1]], 0.0)
    assert fork.note.world is fork
    assert fork.note.firms is fork.firms
    assert fork.note.friend is fork.firm(3)
    assert fork.fork().note.list == [1, 2]
    world.note = (n for n in range(3))
    with pytest.raises(ValueError, match=r"world\.note cannot be copied .* take it off"):
        world.fork()


def test_what_a_guest_keeps_in_containers_is_copied_and_looked_through() -> None:
    world = small()
    guest: Any = Watcher(world)
    guest.book = {"prices": [1.0, (2.0, {3})], 4: "four"}
    (twin,) = world.fork().agents_by_type[Watcher]
    assert twin.book == guest.book
    twin.book["prices"].append(5.0)
    assert len(guest.book["prices"]) == 2
    guest.book["friends"] = [(world.firm(0),)]
    with pytest.raises(ValueError, match="book of Watcher"):
        world.fork()


def test_who_cannot_be_removed_says_why() -> None:
    world = small()
    for who, why in (
        (world.firm(int(world.end_users.rows[0])), "is an end user"),
        (world.firm(int(np.flatnonzero(world.firms.has_quota)[0])), "a holder of the mining quota"),
        (world.government("Japan"), "is a government and cannot be removed"),
    ):
        with pytest.raises(ValueError, match=why):
            who.remove()
        assert who in world.agents
