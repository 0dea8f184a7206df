"""A world that is pickled, or copied by Python's own means, goes on as the original does."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import mesa
import pandas as pd
import pytest

from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.processor import Processor
from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.errors import InputError
from coercivity.model.world import World
from tests.plug_ins import forget, install, mechanism, write_package

SMALL: dict[str, Any] = {
    "base": "japan-2026-from-2024",
    "name": "small",
    "start": "2024-01",
    "months": 40,
}
SMALL["parameters"] = {"firms_per_sector": 1}


def pickled(world: Any) -> Any:
    return pickle.loads(pickle.dumps(world))  # noqa: S301, what this process wrote


BY = [pickled, copy.deepcopy, copy.copy, World.fork]


class Careful(Processor):
    """Runs at half of what it would."""

    def plan_run(self) -> None:
        super().plan_run()
        self.wish *= 0.5


class CarefulWorld(World):
    kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, Careful, Maker, EndUser)


class Gambler(mesa.Agent):
    """Draws from Mesa's generators and has a friend."""

    def __init__(self, model: World) -> None:
        super().__init__(model)
        self.drawn: list[float] = []
        self.friend: Any = None

    def draw(self) -> None:
        self.drawn += [self.model.random.random(), float(self.model.rng.random())]


def assert_go_on_alike(world: Any, *twins: Any, months: int = 3) -> None:
    """Step all and compare all tables, headlines that were collected, and Mesa's counts."""
    for one in (world, *twins):
        for _ in range(months):
            one.step()
    run = finish(world)
    tables = {name: run.table(name) for name in run.tables}
    assert len(tables) > 10
    collected = world.datacollector.get_model_vars_dataframe()
    for twin in twins:
        assert twin is not world
        assert type(twin) is type(world)
        other = finish(twin)
        for name, table in tables.items():
            pd.testing.assert_frame_equal(other.table(name), table, check_exact=True)
        pd.testing.assert_frame_equal(twin.datacollector.get_model_vars_dataframe(), collected)
        for count in ("steps", "time", "running", "month"):
            assert getattr(twin, count, None) == getattr(world, count, None)


def test_copies_go_on_as_the_original() -> None:
    world = CarefulWorld(SMALL, 3)
    world.run_for(26)  # licences wait, firms are listed, plants are under way
    assert world.politics.listed
    assert_go_on_alike(world, *(by(world) for by in BY))


@pytest.mark.parametrize("by", BY)
def test_a_copy_has_agents_of_its_own(by: Callable[[Any], Any]) -> None:
    world: Any = World(SMALL, 3)
    Gambler(world).draw()
    world.firm(int(world.processors.rows[0])).remove()
    world.firm(3).mood = "gloomy"
    world.favourite = world.firm(4)
    twin = by(world)
    assert twin.firm(3).mood == "gloomy"
    assert twin.favourite is twin.firm(4)
    assert twin.actors.removed == world.actors.removed
    assert [a.unique_id for a in twin.agents] == [a.unique_id for a in world.agents]
    assert all(agent.model is twin for agent in twin.agents)
    for one in (world, twin):
        one.agents_by_type[Gambler].shuffle_do("draw")
    (mine,), (theirs,) = (one.agents_by_type[Gambler] for one in (world, twin))
    assert mine.drawn == theirs.drawn
    ids = {agent.unique_id for agent in twin.agents}
    assert Gambler(twin).unique_id not in ids


@pytest.mark.parametrize("by", [pickled, copy.deepcopy])
def test_parts_that_are_copied_before_a_world_are_those_of_the_copy(
    by: Callable[[Any], Any],
) -> None:
    world = World(SMALL, 3)
    politics, firms, twin = by((world.politics, world.firms, world))
    assert twin is not world
    assert (politics, firms) == (twin.politics, twin.firms)
    assert all(one.model is twin for one in politics.governments)
    assert_go_on_alike(world, twin, months=1)


def test_copies_have_the_mechanisms_of_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = mechanism("if clock.month == 2: raise RuntimeError('two')")
    write_package(tmp_path, source, "mechanism trying MADE")
    install(monkeypatch, tmp_path)
    try:
        world = World({**SMALL, "mechanisms": {"trying": True}}, 3)
        world.step()
        assert type(world) is not World
        twins = [by(world) for by in BY]
        assert_go_on_alike(world, *twins, months=1)
        for twin in twins:
            with pytest.raises(InputError, match="RuntimeError: two"):
                twin.step()
    finally:
        monkeypatch.undo()
        forget()
