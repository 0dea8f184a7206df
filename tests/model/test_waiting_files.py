"""A ban acts on files that already wait (decision 0021). Written before the rule: what waits is
returned, the tonnes are in the seller's stock, and when it ends applications begin anew. A rule
that refuses a part of new orders refuses that part of what waits, once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.model.parts.border import CASES
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.trade.licensing import still_wanted
from coercivity.model.world import World
from tests.model.test_days import act
from tests.names import CHINA, STATE
from tools.check.invariants import step_and_check

JAPAN, KOREA = STATE["Japan"], STATE["South Korea"]


def told(*events: dict[str, Any], months: int = 0) -> World:
    """A world in which all goods need a licence from March 2024 on, after so many months."""
    rule = act("licensing", "2024-03-01", targets=["World"])
    raw = {"name": "test", "start": "2024-01", "months": 24, "events": [rule, *events]}
    world = World(scenario_from_dict(raw | {"mechanisms": {"M8": False}}), 1, record=False)
    for _ in range(months):
        step_and_check(world)
    return world


def waits(world: World, state: int = JAPAN) -> float:
    rows = (world.links.exporter == CHINA) & (world.links.importer == state)
    return float(world.links.pending[rows].sum())


def on_lane(world: World, name: str, state: int = JAPAN) -> float:
    rows = (world.links.exporter == CHINA) & (world.links.importer == state)
    return float(getattr(world.links, name)[rows].sum())


def kept(world: World, state: int = JAPAN) -> float:
    """Tonnes that were granted before a ban and that their seller had not in stock: they wait."""
    links = world.links
    rows = (links.exporter == CHINA) & (links.importer == state)
    return float((links.licensed - links.shipped).clip(0.0)[rows].sum())


def test_a_ban_returns_what_waits_from_its_first_day() -> None:
    """Files of March to August wait; the ban of 22 September returns them in September, but for
    what was granted on the 21 days before it and was not in stock.
    """
    world = told(act("blanket_ban", "2024-09-22"), months=8)
    assert waits(world) > 1000.0
    free = told(months=8)
    for one in (free, world):
        step_and_check(one)
    assert waits(world) == pytest.approx(kept(world), abs=1e-9)
    assert kept(world) < 1.0
    assert on_lane(world, "licensed") > 0.0
    assert waits(world, KOREA) == pytest.approx(waits(free, KOREA), rel=0.1)
    step_and_check(world)
    assert waits(world) == on_lane(world, "shipped") == 0.0


def test_after_a_ban_applications_begin_anew() -> None:
    world = told(act("blanket_ban", "2024-09-10", "2024-10-21"), months=9)
    before = waits(world)
    assert before == pytest.approx(kept(world), abs=1e-9)
    assert before < 1.0
    step_and_check(world)  # October: ten days on which to apply
    asked = on_lane(world, "orders") * 10 / 31
    assert 0.98 * asked <= waits(world) <= asked + before + 1e-9  # what can be applied for
    assert on_lane(world, "licensed") == 0.0
    assert (world.border.offices["China"].filed == 9).any()
    step_and_check(world)
    assert on_lane(world, "licensed") == 0.0, "the statutory time has not passed"
    for _ in range(3):
        step_and_check(world)
    assert on_lane(world, "licensed") > 0.0


def refused(world: World, months: int) -> float:
    """Part of the answers to Japan in the next months that refuse."""
    refusals, grants = 0.0, 0.0
    for _ in range(months):
        step_and_check(world)
        cases = world.border.cases[:, world.border.importer == JAPAN].sum(axis=1)
        refusals += cases[CASES.index("refused")]
        grants += cases[CASES.index("granted")]
    return refusals / (refusals + grants)


def test_what_still_waits_by_hand() -> None:
    """Of files filed under 0.2: none refused more, half of the rest refused, all refused; what was
    refused does not come back when the rule is eased.
    """
    before = np.array([0.2, 0.2, 0.2, 0.0])
    parts = np.array([[0.2, 0.6, 0.2, 0.5], [0.1, 0.2, 1.0, 0.0]])
    first, last = still_wanted(parts, before)
    np.testing.assert_allclose(first, [1.0, 0.5, 1.0, 0.5])
    np.testing.assert_allclose(last, [1.0, 0.5, 0.0, 0.5])
