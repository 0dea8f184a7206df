"""Who shares the cost of public support, and programmes that open and close with their acts, in a
world of two months.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.parts.support import Support
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.support.programmes import cost_shares
from coercivity.model.support.promise_support import lay_support
from coercivity.model.use.exposure import exposure, gdp
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.names import CHINA, STATE

JAPAN, US, GERMANY, FRANCE = (
    STATE[name] for name in ("Japan", "United States", "Germany", "France")
)


@cache
def begun() -> World:
    """A world of two months; tests take forks."""
    world = World(load_scenario("business-as-usual"), 1, record=False)
    for _ in range(2):
        world.step()
    return world


def test_members_share_costs_by_what_each_has_at_stake() -> None:
    seen = begun().seen
    stake = gdp(FACTS, "2024-01") * exposure(seen, (CHINA,))[0][:, 0]
    eu = [GERMANY, FRANCE, STATE["Rest of EU"]]
    found = cost_shares(seen, ("Japan", "United States", "EU"))
    total = stake[[JAPAN, US, *eu]].sum()
    assert found[[JAPAN, US, GERMANY]] == pytest.approx(
        [stake[JAPAN] / total, stake[US] / total, stake[eu].sum() / total]
    )
    assert found.sum() == pytest.approx(1.0)
    assert not found[eu[1:]].any()
    assert cost_shares(seen, ("Japan",))[JAPAN] == 1.0


def test_members_with_nothing_at_stake_share_by_gdp() -> None:
    world = begun().fork()
    world.needs.stock = world.needs.expected * 99.0
    wealth = gdp(FACTS, "2024-01")
    found = cost_shares(world.seen, ("Japan", "United States"))
    assert found[JAPAN] == pytest.approx(wealth[JAPAN] / wealth[[JAPAN, US]].sum())


def laid(world: World, *acts: dict[str, Any], on: bool = True) -> Support:
    """What the support of a world is once these acts are in force."""
    world.politics.in_force = tuple(
        event_from_dict(FACTS, {"date": "2024-01-01", **raw}, "test", k + 1)
        for k, raw in enumerate(acts)
    )
    world.on["M10"] = on
    apply_rule(lay_support, world)
    return world.support


GRANT: dict[str, Any] = {
    "kind": "grant",
    "id": "grant",
    "actor": "Japan",
    "stages": ["magnet"],
    "budget": 100.0,
}


def test_programmes_open_with_their_act_and_close_with_it() -> None:
    world = begun().fork()
    world.politics.in_force = ()
    support = laid(world, GRANT)
    one = support.programmes["grant"]
    assert one.open
    assert support.gift_share.any()
    one.promised[0] = 7.0
    assert not laid(world).programmes["grant"].open
    assert not support.gift_share.any()
    assert one.promised[0] == 7.0, "what it has committed it keeps"
    assert laid(world, GRANT).programmes["grant"] is one
    assert one.open


def test_what_was_under_way_gets_nothing_but_at_the_start_of_a_run() -> None:
    for month in (0, 2):
        world = begun().fork()
        world.works.pipeline.pay(np.array([5]), 3, np.array([60]), np.array([120.0]))
        world.clock.month = month
        ahead = laid(world, GRANT).ahead
        assert ahead[5] == (world.works.pipeline.spend[2:, 5].sum() if month else 0.0)


def test_without_friend_shoring_and_without_acts_nothing_is_laid() -> None:
    assert not laid(begun().fork(), GRANT, on=False).programmes
    assert not laid(begun().fork()).programmes
