"""Tension does not fade below what a standing measure keeps alive (decision 0037). Written before
the rule: a ban on military use against Japan that stands keeps China's tension towards Japan, and
Japan's towards China, at 0.3 and more for years [0.04 after three]; when it ends tension fades as
before; a measure that names nobody keeps half as much.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.names import CHINA, STATE
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

JAPAN, KOREA = STATE["Japan"], STATE["South Korea"]


@cache
def tension(end: str = "", targets: str = "Japan") -> np.ndarray:
    """China towards Japan, Japan towards China, China towards South Korea, by month."""
    act: dict[str, Any] = {
        "kind": "dual_use_ban",
        "date": "2024-03-01",
        "actor": "China",
        "targets": [targets],
        "goods": "controlled_2025",
        "id": "ban",
    } | ({"end": end} if end else {})
    calm = load_scenario("business-as-usual")
    world = World(with_changes(calm, months=48, choices=[act]), 1, record=False, collect=False)
    by_state, found = world.politics.government_of_state, []
    for _ in range(48):
        world.step()
        found.append(
            [by_state[a].tension[b] for a, b in ((CHINA, JAPAN), (JAPAN, CHINA), (CHINA, KOREA))]
        )
    return np.array(found)


def test_a_measure_that_stands_keeps_tension_alive() -> None:
    assert tension()[2:, :2].min() >= 0.3
    assert tension()[2, 0] > tension()[40, 0] == pytest.approx(0.3)


def test_when_it_ends_tension_fades() -> None:
    ended = tension(end="2024-09-30")
    assert ended[6, 0] >= 0.3
    assert ended[44, 0] < 0.1
    assert (np.diff(ended[8:, 0]) < 0.0).all()


def test_others_keep_none_and_who_is_not_named_half() -> None:
    assert tension()[40, 2] < 0.05
    assert tension(targets="World")[40, 0] == pytest.approx(0.15)
