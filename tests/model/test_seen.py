"""The read-only face of a world: nothing that is reached through it stores, by whatever way."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.facts import Facts
from coercivity.model.parts.world_view import PARTS, WorldView
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.golden.cases import OWN
from tests.names import STATES

READ_ONLY, LOOKED_AT = (ValueError, "read-only"), (AttributeError, "is only looked at here")
Change = tuple[Callable[[WorldView, World], Any], tuple[type[Exception], str]]


def programme(seen: WorldView) -> Any:
    return next(iter(seen.support.programmes.values()))


# methods that change their part, and what stands in lists, dictionaries and tuples
CHANGES: dict[str, Change] = {
    "columns": (lambda s, w: s.firms.add_columns(run=np.zeros(len(w.firms))), LOOKED_AT),
    "quotes": (lambda s, w: s.market.publish(w.offers, 0.02), LOOKED_AT),
    "measures": (lambda s, w: s.border.clear_measures(), READ_ONLY),
    "news": (lambda s, w: s.beliefs.news(0, np.ones(len(STATES))), READ_ONLY),
    "an act": (lambda s, w: s.politics.enact(w.politics.script[0]), LOOKED_AT),
    "a payment": (lambda s, w: s.money.pay("gift", 1, 2, 5.0), READ_ONLY),
    "mind": (lambda s, w: s.politics.governments[0].provoke([0], 0.5), READ_ONLY),
    "law": (lambda s, w: s.politics.governments[0].learn(0.5), LOOKED_AT),
    "books": (lambda s, w: s.elements.books["mined"].__setitem__(0, 5.0), READ_ONLY),
    "reach": (lambda s, w: s.border.reach.links.__setitem__(0, 0), READ_ONLY),
    "promises": (lambda s, w: programme(s).promised.__setitem__(0, 1.0), READ_ONLY),
    "spent": (lambda s, w: setattr(programme(s), "spent", 0.0), LOOKED_AT),
    "players": (lambda s, w: s.politics.memory.played.add("Japan"), (AttributeError, "add")),
    "switches": (lambda s, w: s.on.__setitem__("M5", False), (AttributeError, "__setitem__")),
    "a copy": (lambda s, w: s.firms.copy(), (AttributeError, "cannot be copied; fork the world")),
    "no part": (lambda s, w: s.actors, (AttributeError, "no part 'actors'")),
}


@pytest.fixture(scope="module")
def world() -> World:
    made = World(load_scenario(str(OWN["every-instrument"])), 1)
    made.run_for(14)
    return made


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


@pytest.mark.parametrize("which", CHANGES)
def test_what_would_change_a_world_is_refused(world: World, which: str) -> None:
    change, (error, words) = CHANGES[which]
    before = everything(world)
    with pytest.raises(error, match=words):
        change(world.seen, world)
    assert everything(world) == before


def test_what_only_reads_gives_what_the_part_gives(world: World) -> None:
    seen = world.seen
    np.testing.assert_array_equal(seen.border.wait(), world.border.wait())
    np.testing.assert_array_equal(seen.clock.normals("a", 5), world.clock.normals("a", 5))
    assert programme(seen).left == next(iter(world.support.programmes.values())).left
    assert isinstance(seen.politics.governments[0].model, WorldView)
