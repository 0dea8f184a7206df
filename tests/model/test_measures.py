"""Measures bite where they say, when they say, and not at all when their mechanism is off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.model.scenario.scenario import Scenario, scenario_from_dict
from coercivity.model.world import World
from tests.names import CHINA, GOOD, STATE

JAPAN = STATE["Japan"]


def scenario(*events: dict[str, Any], months: int = 24, **switches: bool) -> Scenario:
    """A scenario of the 2024 start with the given events and switches."""
    raw = {"name": "test", "start": "2024-01", "months": months, "events": list(events)}
    return scenario_from_dict(raw | {"mechanisms": switches})


def act(kind: str, date: str = "2024-03-01", **more: Any) -> dict[str, Any]:
    """An act of China against Japan."""
    return {"date": date, "kind": kind, "actor": "China", "targets": ["Japan"], **more}


def live(told: Scenario, months: int) -> World:
    world = World(told, 1, record=False)
    world.run_for(months)
    return world


@pytest.mark.parametrize(
    "event",
    [
        act("licensing", goods="all"),
        act("blanket_ban"),
        act("quota", goods="raw_materials", tonnes=1000, end="2025-02-28"),
    ],
    ids=lambda event: str(event["kind"]),
)
def test_with_controls_and_signals_off_an_act_changes_nothing(event: dict[str, Any]) -> None:
    off = {"M6": False, "M7": False}
    told, silent = live(scenario(event, **off), 12), live(scenario(**off), 12)
    np.testing.assert_array_equal(told.firms.run, silent.firms.run)
    np.testing.assert_array_equal(told.offers.ask, silent.offers.ask)


def test_a_quota_binds_its_own_exporter_and_targets_only() -> None:
    world = live(scenario(act("quota", goods="raw_materials", tonnes=600, end="2025-02-28")), 8)
    quota = world.border.quota > 0
    assert quota.any()
    assert (world.border.importer[quota] == JAPAN).all()
    assert (world.border.exporter[quota] == CHINA).all()


def test_a_quota_of_nothing_and_one_from_before_the_start_are_understood() -> None:
    live(scenario(act("quota", goods="raw_materials", tonnes=0, end="2025-02-28")), 6)
    old = act("quota", date="2023-12-01", goods="raw_materials", tonnes=60000, end="2024-11-30")
    older = live(scenario(old), 2)
    assert next(iter(older.border.quotas.values())).pool > 10000.0


def test_tariffs_on_one_lane_add_up_and_each_ends_on_its_day() -> None:
    """10% from March, 25% more from April, and the first gone from May: 0.10, 0.35, 0.25."""
    taxes = {"kind": "import_tariff", "actor": "United States", "targets": ["China"]}
    told = scenario(
        {**taxes, "date": "2024-03-01", "end": "2024-04-30", "goods": "magnets", "rate": 0.10},
        {**taxes, "date": "2024-04-01", "goods": "magnets", "rate": 0.25},
    )
    world, seen = World(told, 1, record=False), []
    lane = (world.border.exporter == CHINA) & (world.border.importer == STATE["United States"])
    magnet = lane & (world.border.good == GOOD["magnet_standard"])
    for _ in range(5):
        world.step()
        seen.append(float(world.border.tariff[magnet][0]))
    np.testing.assert_allclose(seen, [0.0, 0.0, 0.10, 0.35, 0.25])
    assert not world.border.tariff[lane & (world.border.good == GOOD["ndpr_oxide"])].any()


def test_without_a_border_in_force_nobody_bids_a_premium() -> None:
    """To the last bit, whatever runs short."""
    world = World("business-as-usual", 1, record=False, collect=False)
    for _ in range(24):
        world.step()
        assert not world.border.premium.any()
        assert not world.border.contract.any()
        assert np.array_equal(world.links.spot, world.links.cost)
