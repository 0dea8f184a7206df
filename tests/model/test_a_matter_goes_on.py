"""Words do not end a matter, nobody is left alone because a measure was laid, and what was given
back twice stays so (decision 0038). Written before the rules; in brackets the figures
of the rules before.

Refuted if a month without quarrel brings measures too: then it is not the matters that go on, but
the sender that has become restless.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from coercivity.agents.governments.sender import SIGNALS
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict
from coercivity.model.world import World

WORLDS, WINDOW = 16, 6
MEASURES = (
    "customs_halt",
    "licensing",
    "technology_ban",
    "dual_use_ban",
    "entity_list",
    "extraterritorial",
    "blanket_ban",
)


def provoked(months: tuple[int, ...], severity: float, actor: str = "United States") -> list[Any]:
    return [
        {
            "date": f"{2024 + month // 12}-{month % 12 + 1:02d}-10",
            "id": f"P{month}",
            "kind": "trigger",
            "actor": actor,
            "targets": ["China"],
            "severity": severity,
            "issue": "technology",
        }
        for month in months
    ]


@cache
def chosen(
    months: tuple[int, ...], severity: float, length: int
) -> tuple[tuple[tuple[int, Event], ...], ...]:
    """(month, act) that China chose, world by world, after these provocations."""
    raw = {
        "name": "provoked",
        "start": "2024-01",
        "months": length,
        "governments": {"China": "autonomous"},
        "events": provoked(months, severity),
    }
    scenario, found = scenario_from_dict(raw), []
    for seed in range(1, WORLDS + 1):
        world = World(scenario, seed, record=False, collect=False)
        for _ in range(length):
            world.step()
        ours = [e for e in world.politics.script if e.id.startswith("China-")]
        found.append(tuple(sorted((e.month_index("2024-01"), e) for e in ours)))
    return tuple(found)


def test_a_measure_follows_words_that_brought_nothing() -> None:
    """A rival's controls on a strategic industry: where China answers in words at first, a measure
    follows within half a year in more than half of the worlds [2 of 8].
    """
    after_words = [
        any(e.kind in MEASURES and 0 < month - acts[0][0] <= WINDOW for month, e in acts)
        for acts in chosen((2, 3), 0.8, 18)
        if acts and acts[0][1].kind in SIGNALS
    ]
    assert len(after_words) >= 4
    assert sum(after_words) > len(after_words) / 2


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="4 of 16: a quarter a month brings a matter up once; a chance estimated on longer lists "
    "of provocations would mend it",
)
def test_who_provokes_anew_is_not_left_alone() -> None:
    """Three grave provocations, one a month: two measures or more within nine months in half of the
    worlds [1 of 16].
    """
    counts = [
        sum(e.kind in MEASURES and month <= 12 for month, e in acts)
        for acts in chosen((4, 5, 6), 1.0, 18)
    ]
    assert sum(count >= 2 for count in counts) >= WORLDS / 2


def test_a_calm_world_stays_calm() -> None:
    """Nobody provokes: less than one measure in ten years of China's government [none in 64]."""
    calm = chosen((), 0.0, 48)
    measures = sum(e.kind in MEASURES for acts in calm for _, e in acts)
    assert measures < WORLDS * 48 / 12 / 10


@pytest.mark.parametrize("seed", [1, 4])
def test_nothing_is_given_back_by_the_calendar(seed: int) -> None:
    """An act that was suspended once and is worth no more when it comes back is given up for good:
    none is suspended more than twice [nine times].
    """
    scenario = load_scenario("governments-decide-2024")
    world = World(scenario, seed, record=False, collect=False)
    for _ in range(scenario.months):
        world.step()
    back = Counter(e.get("of") for e in world.politics.script if e.kind == "suspension")
    assert max(back.values(), default=0) <= 2
