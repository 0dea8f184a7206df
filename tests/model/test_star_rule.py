"""What stands behind the star of a mechanism is only read, watched in every eighth month of two
years with every instrument: no array of such a part differs after the call.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import coercivity.model
from coercivity.agents.base.mesa import BaseAgent, star_parameters
from coercivity.agents.base.part import Part
from coercivity.agents.base.table import Table
from coercivity.model.parts.lanes import Lanes
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.golden.cases import OWN

MONTHS = 24
HOLDERS = (Part, Table, BaseAgent, Lanes)


def arrays(value: Any, at: str) -> Iterator[tuple[str, np.ndarray]]:
    """Every array of a part, with where it stands."""
    if isinstance(value, np.ndarray):
        yield at, value
    elif isinstance(value, HOLDERS):
        for name, inner in vars(value).items():
            if name != "model":
                yield from arrays(inner, f"{at}.{name}")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from arrays(inner, f"{at}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for place, inner in enumerate(value):
            yield from arrays(inner, f"{at}[{place}]")


def digests(given: dict[str, Any]) -> dict[str, int]:
    """A hash of the bytes of every array."""
    return {
        at: hash(array.tobytes())
        for name, part in given.items()
        for at, array in arrays(part, name)
    }


class Watch:
    """Wraps functions, counts their calls, and notes what changed behind their star."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        self.changed: set[str] = set()

    def over(self, name: str, given: dict[str, Any], call: Callable[[], Any]) -> Any:
        self.heard[name] += 1
        if self.heard[name] > 3 and self.heard[name] % 8:
            return call()
        before = digests(given)
        result = call()
        now = digests(given)
        self.changed |= {f"{name}: {at}" for at in before if now.get(at) != before[at]}
        return result

    def around(self, function: FunctionType) -> Callable[..., Any]:
        behind = star_parameters(function)
        name = f"{function.__module__.removeprefix('coercivity.')}.{function.__name__}"

        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            given = {key: kwargs[key] for key in behind if isinstance(kwargs.get(key), HOLDERS)}
            return self.over(name, given, lambda: function(*args, **kwargs))

        return watched

    def hear(self, world: World, actors: Any, decision: str) -> None:
        rule = getattr(type(actors), decision)
        given = {name: vars(world)[name] for name in star_parameters(rule)}
        self.over(f"hear {decision}", given, lambda: rule(actors, **given))


def mechanisms() -> list[FunctionType]:
    """Functions of model/ with parts behind a star."""
    found = []
    for info in pkgutil.walk_packages(coercivity.model.__path__, "coercivity.model."):
        module = importlib.import_module(info.name)
        found += [
            function
            for _, function in inspect.getmembers(module, inspect.isfunction)
            if function.__module__ == info.name
            and set(star_parameters(function)) - {"p", "on", "seen"}
        ]
    return found


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Every mechanism wrapped, under every name that a module of the model knows it by."""
    made = Watch()
    wrapped = {id(function): made.around(function) for function in mechanisms()}
    for name, module in list(sys.modules.items()):
        if name.startswith("coercivity.model."):
            for known, value in list(vars(module).items()):
                if isinstance(value, FunctionType) and id(value) in wrapped:
                    monkeypatch.setattr(module, known, wrapped[id(value)])
    monkeypatch.setattr(World, "hear", lambda *args: made.hear(*args))
    return made


def test_no_array_behind_a_star_changes(watch: Watch) -> None:
    world = World(load_scenario(str(OWN["every-instrument"])), 1)
    for _ in range(MONTHS):
        world.step()
    assert watch.changed == set()
    called = {name for name, calls in watch.heard.items() if calls}
    assert {"trade.licensing.license", "books.money.settle"} <= {
        name.removeprefix("model.") for name in called
    }
    assert {name for name in called if name.startswith("hear ")} == {
        f"hear {decision}" for decision in world.actors.everyone.DECISIONS
    }
