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

import pytest

from coercivity.agents.base.arrays import group_sum
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
