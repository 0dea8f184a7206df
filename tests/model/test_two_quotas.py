"""Two export quotas in force: each has a pool and a rent of its own (decision 0021).

Written before the rule. Of quotas on different goods each binds on its own goods; tightening one
raises its rent and leaves the other's alone, to the last bit in the first month and within a tenth
after half a year, as far as markets do not carry it over. Adding a quota on other goods that moves
the first one's pool or rent, or a lane under two quotas that ships more than either lets pass,
refutes it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.model.basis.names import GOOD
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.world import World
from tests.helpers import step_and_check

METALS, OXIDES = ["ndpr_metal"], ["lanthanum_oxide", "cerium_oxide"]
BEGINS, MONTHS = 2, 8


def quota(ident: str, goods: list[str], tonnes: float) -> dict[str, Any]:
    act = {"date": "2024-03-01", "end": "2024-12-31", "id": ident, "kind": "quota"}
    return act | {"actor": "China", "targets": ["World"], "goods": goods, "tonnes": tonnes}


@cache
def lived(*acts: tuple[str, tuple[str, ...], float]) -> tuple[dict[str, tuple[float, ...]], ...]:
    """By month, of each act: rent, pool, tonnes under it that left, and their most."""
    events = [quota(ident, list(goods), tonnes) for ident, goods, tonnes in acts]
    raw = {"name": "test", "start": "2024-01", "months": 12, "events": events}
    world = World(scenario_from_dict(raw | {"mechanisms": {"M8": False}}), 1, record=False)
    months = []
    for _ in range(MONTHS):
        step_and_check(world)
        border = world.border
        left = group_sum(world.links.shipped, border.channel, border.size)
        months.append(
            {
                act: (one.rent, one.pool, float(left[one.channels].sum()), one.usable)
                for act, one in border.quotas.items()
            }
        )
    return tuple(months)


METAL = ("metal", tuple(METALS), 900.0)
TIGHT = ("metal", tuple(METALS), 500.0)
OXIDE = ("oxide", tuple(OXIDES), 12000.0)


def test_each_binds_on_its_own() -> None:
    both, metal, oxide = lived(METAL, OXIDE), lived(METAL), lived(OXIDE)
    assert both[BEGINS] == metal[BEGINS] | oxide[BEGINS]
    for month in range(BEGINS, MONTHS):
        for act in ("metal", "oxide"):
            assert both[month][act][2] <= both[month][act][3] * (1.0 + 1e-9)
    assert both[-1]["metal"][0] > 0
    assert both[-1]["oxide"][0] > 0


def test_tightening_one_leaves_the_rent_of_the_other_alone() -> None:
    loose, tight = lived(METAL, OXIDE), lived(TIGHT, OXIDE)
    assert tight[BEGINS]["oxide"] == loose[BEGINS]["oxide"]
    assert tight[-1]["metal"][0] > 1.2 * loose[-1]["metal"][0]
    assert tight[-1]["oxide"][0] == pytest.approx(loose[-1]["oxide"][0], rel=0.1)


def test_a_lane_under_both_ships_what_both_let_pass_and_pays_both() -> None:
    names = tuple(METALS + OXIDES)
    months = lived(("all", names, 9000.0), ("metal", tuple(METALS), 150.0))
    for month in range(BEGINS, MONTHS):
        for _, _, left, usable in months[month].values():
            assert left <= usable * (1.0 + 1e-9)
    events = [quota("all", METALS + OXIDES, 9000.0), quota("metal", METALS, 150.0)]
    raw = {"name": "test", "start": "2024-01", "months": 12, "events": events}
    world = World(scenario_from_dict(raw), 1, record=False)
    for _ in range(6):
        step_and_check(world)
    border = world.border
    wide, narrow = border.quotas["all"], border.quotas["metal"]
    assert wide.rent > 0
    assert narrow.rent > 0
    metal = border.good[narrow.channels] == GOOD["ndpr_metal"]
    assert metal.all()
    np.testing.assert_allclose(border.rent[narrow.channels], wide.rent + narrow.rent)
    only = np.setdiff1d(wide.channels, narrow.channels)
    np.testing.assert_allclose(border.rent[only], wide.rent)


def test_the_rent_goes_on_from_act_to_act() -> None:
    """A quota for half a year and the next one on the same goods: no month without a rent."""
    first = quota("h1", METALS, 300.0) | {"date": "2024-01-01", "end": "2024-06-30"}
    second = quota("h2", METALS, 300.0) | {"date": "2024-07-01"}
    raw = {"name": "test", "start": "2024-01", "months": 12, "events": [first, second]}
    world, rents = World(scenario_from_dict(raw), 1, record=False), []
    for _ in range(9):
        step_and_check(world)
        rents.append(float(world.border.rent.max()))
    assert rents[6] > 0.5 * rents[5] > 0
    assert set(world.border.quotas) == {"h2"}
