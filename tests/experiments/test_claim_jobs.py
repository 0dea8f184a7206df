"""Questions to worlds: one world answers all that is asked of it, forks where a cut-off is wanted,
and runs no longer than it must.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coercivity.experiments.questions import jobs
from coercivity.experiments.questions.jobs import Ask, answer_all, gather
from coercivity.model.scenario.scenario import load_shipped, with_changes

SCENARIO = with_changes(load_shipped("business-as-usual"), months=6)


def months(trace: Any) -> tuple[str, int]:
    return "read", trace.months


def twice(trace: Any) -> tuple[str, int]:
    return "twice", 2 * trace.months


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Worlds that count their months."""
    made: list[Any] = []

    class World:
        def __init__(self, scenario: Any, seed: int, record: bool, collect: bool) -> None:
            self.seed, self.month, self.record = seed, 0, record
            made.append(self)

        def step(self) -> None:
            self.month += 1

    class Watch:
        def __init__(self, world: World) -> None:
            self.read_months = 0

        def read(self, world: World) -> None:
            self.read_months += 1

        def trace(self, world: World) -> Any:
            return SimpleNamespace(months=self.read_months)

    monkeypatch.setattr(jobs, "World", World)
    monkeypatch.setattr(jobs, "Watch", Watch)
    monkeypatch.setattr(jobs, "cut_off", lambda world: ("cut off", world.seed, world.month))
    return made


def test_questions_to_one_world_are_one_task() -> None:
    asks = [
        Ask(SCENARIO, 1, reader=months),
        Ask(SCENARIO, 2, lever=3),
        Ask(SCENARIO, 1, lever=2),
        Ask(SCENARIO, 1, reader=twice),
    ]
    first, second = gather(asks)
    assert (first.seed, first.readers, first.levers) == (1, ((0, months), (3, twice)), ((2, 2),))
    assert (second.seed, second.readers, second.levers) == (2, (), ((1, 3),))


def test_answers_come_in_the_order_of_the_questions(worlds: list[Any]) -> None:
    asks = [
        Ask(SCENARIO, 1, reader=months),
        Ask(SCENARIO, 2, lever=3),
        Ask(SCENARIO, 1, lever=2),
        Ask(SCENARIO, 1, reader=twice),
    ]
    told: list[tuple[int, int]] = []
    assert answer_all(asks, progress=lambda done, of: told.append((done, of))) == [
        ("read", 6),
        ("cut off", 2, 3),
        ("cut off", 1, 2),
        ("twice", 12),
    ]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert [world.month for world in worlds] == [
        6,
        3,
    ]  # a world that nobody reads ends with its last cut-off
    assert not any(world.record for world in worlds)


def test_several_processes_tell_each_world() -> None:
    asks = [Ask(SCENARIO, seed, lever=1) for seed in (1, 2, 3)]
    told: list[tuple[int, int]] = []
    answers = answer_all(asks, workers=2, progress=lambda done, of: told.append((done, of)))
    assert answers == answer_all(asks)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_two_cut_offs_of_one_world_are_two_forks_of_it(worlds: list[Any]) -> None:
    asks = [Ask(SCENARIO, 1, lever=4), Ask(SCENARIO, 1, lever=1), Ask(SCENARIO, 1, lever=4)]
    assert answer_all(asks) == [("cut off", 1, 4), ("cut off", 1, 1), ("cut off", 1, 4)]
    assert [world.month for world in worlds] == [4]
