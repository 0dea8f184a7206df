"""The read-only face of a world: nothing that is reached through it stores, by whatever way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.part import Part
from coercivity.agents.base.table import Table
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import STATES
from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.programme import Programme
from coercivity.model.parts.world_view import PARTS, WorldView
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.golden.cases import OWN

REFUSED = (AttributeError, TypeError, ValueError)

CHANGES: dict[str, Callable[[Any, World], Any]] = {
    "Firms.add_columns": lambda face, w: face.add_columns(run=np.zeros(len(face))),
    "Market.publish": lambda face, w: face.publish(w.offers),
    "Border.clear_measures": lambda face, w: face.clear_measures(),
    "LicensingOffice.end": lambda face, w: face.end(face.link >= 0, np.ones_like(face.link)),
    "Beliefs.news": lambda face, w: face.news(0, np.ones(len(STATES))),
    "Politics.enact": lambda face, w: face.enact(w.politics.script[0]),
    "Money.pay": lambda face, w: face.pay("gift", 1, 2, 5.0),
    "Geopolitics.known": lambda face, w: face.known(
        ban(), w.politics.script, w.politics.governments, w.start_name
    ),
}


@pytest.fixture(scope="module")
def world() -> World:
    made = World(load_scenario(str(OWN["every-instrument"])), 1)
    for _ in range(14):
        made.step()
    return made


@cache
def ban() -> Event:
    return next(one for one in load_scenario("japan-2026").events if one.kind == "dual_use_ban")


def parts_of(value: Any, at: str, found: dict[str, tuple[Any, str]]) -> None:
    """Every table and part of a world, by class, and where it stands."""
    if isinstance(value, (Part, Table, Lanes)):
        if type(value).__name__ not in found:
            found[type(value).__name__] = value, at
            for name, inner in vars(value).items():
                parts_of(inner, f"{at}.{name}", found)
    elif isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        key = next(iter(value))
        parts_of(value[key], f"{at}.{key}", found)


def reached(seen: WorldView, at: str) -> Any:
    """What stands at a place, such as support.programmes.loan."""
    value: Any = seen
    for name in at.split("."):
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


def everything(world: World) -> str:
    """A digest of all that a world holds."""
    said = sha256()

    def tell(value: Any, depth: int = 0) -> None:
        if isinstance(value, np.ndarray):
            said.update(value.tobytes())
        elif isinstance(value, dict):
            for key, item in value.items():
                said.update(str(key).encode())
                tell(item, depth + 1)
        elif isinstance(value, (list, tuple)):
            for item in value:
                tell(item, depth + 1)
        elif hasattr(value, "__dict__") and not isinstance(value, (World, Facts)) and depth < 8:
            tell({key: item for key, item in vars(value).items() if key != "model"}, depth + 1)
        else:
            said.update(repr(value).encode() if isinstance(value, (int, float, str)) else b"")

    tell({name: vars(world)[name] for name in PARTS if name != "p"})
    return said.hexdigest()


def found_in(world: World) -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for name in PARTS:
        parts_of(vars(world)[name], name, found)
    return found


@pytest.mark.parametrize("which", sorted(CHANGES))
def test_a_method_that_changes_its_part_is_refused(world: World, which: str) -> None:
    kind = which.partition(".")[0]
    face = reached(world.seen, found_in(world)[kind][1])
    before = everything(world)
    with pytest.raises(REFUSED):
        CHANGES[which](face, world)
    assert everything(world) == before


def test_a_copy_is_refused(world: World) -> None:
    for part, at in found_in(world).values():
        if isinstance(part, Lanes):
            continue
        face = reached(world.seen, at)
        with pytest.raises(AttributeError, match="cannot be copied; fork the world"):
            face.copy()


def test_what_stands_in_lists_dictionaries_and_tuples_is_only_looked_at(world: World) -> None:
    seen, before = world.seen, everything(world)
    programme = next(iter(seen.support.programmes.values()))
    with pytest.raises(ValueError, match="read-only"):
        seen.politics.government_of_state[0].tension[:] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        seen.elements.books["mined"][0] += 5.0
    with pytest.raises(ValueError, match="read-only"):
        seen.border.reach.links[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        seen.supply.at.needs[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        programme.promised[0] = 1.0
    with pytest.raises(AttributeError, match=r"Programme\.spent is only looked at here"):
        programme.spent = 0.0
    with pytest.raises(ValueError, match="read-only"):
        seen.politics.governments[0].provoke([0], 0.5)
    with pytest.raises(AttributeError, match=r"Government\.capability is only looked at here"):
        seen.politics.governments[0].learn(0.5)
    with pytest.raises(AttributeError):
        seen.politics.memory.deciding.append("Japan")
    with pytest.raises(AttributeError):
        seen.politics.memory.played.add("Japan")
    with pytest.raises(TypeError, match="does not support item assignment"):
        seen.on["M5"] = False  # type: ignore[index]
    assert isinstance(seen.politics.governments[0].model, WorldView)
    assert isinstance(programme.left, float)
    assert everything(world) == before


def test_what_only_reads_gives_what_the_part_gives(world: World) -> None:
    seen = world.seen
    np.testing.assert_array_equal(seen.border.wait(seen.links), world.border.wait(world.links))
    np.testing.assert_array_equal(seen.clock.normals("a", 5), world.clock.normals("a", 5))
    np.testing.assert_array_equal(seen.market.netback, world.market.netback)
    assert seen.firms.columns == world.firms.columns
    assert type(seen.border.reach) is type(world.border.reach)
    assert seen.politics.script is world.politics.script
    assert [one.left for one in seen.support.programmes.values()] == [
        one.left for one in world.support.programmes.values()
    ]
    assert isinstance(next(iter(world.support.programmes.values())), Programme)


@pytest.mark.parametrize(
    "name", ["actors", "_agents", "datacollector", "asked", "step", "rng", "firm"]
)
def test_what_is_no_part_is_not_seen(world: World, name: str) -> None:
    with pytest.raises(AttributeError, match=f"no part '{name}'"):
        getattr(world.seen, name)
