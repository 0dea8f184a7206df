"""Motor lines are built with the programme that they serve (decision 0045).

Written before the rule, thresholds too; what came without it stands in brackets. Between 2019 and
2023 China's output of electric cars grew eightfold, and no line stood for want of motors. Makers
who plan on the orders of a year ago and on a trend that they learn over five were late each year.
Refuted by electric cars that wait for motors with no act in force, by a surge that nobody foresees
and that motors meet all the same, and by motor plants that outgrow what their users take.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.model.basis.names import CHINA, PROCESS, SECTOR
from coercivity.model.plants import call_offs
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes
from coercivity.model.world import World

SEEDS = (1, 2, 3)
BOOM = slice(120, 180)  # 2019 to 2023


@cache
def history(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """embargo-2010 to the end of 2023: output of China's electric drive trains, their plans, and
    the part of its motor makers' capacity for them that is used, by month.
    """
    scenario = with_changes(load_scenario("embargo-2010"), months=180)
    world = World(scenario, seed, record=False, collect=False)
    firms = world.firms
    cars = (firms.sector == SECTOR["ev_drivetrains"]) & firms.is_end & (firms.state == CHINA)
    motors = (firms.process == PROCESS["make_motor_heat_resistant"]) & (firms.state == CHINA)
    run, plan, used = [], [], []
    for _ in range(scenario.months):
        world.step()
        run.append((firms.run * firms.size)[cars].sum())
        plan.append((firms.plan * firms.size)[cars].sum())
        used.append(firms.run[motors].sum() / firms.capacity[motors].sum())
    return np.array(run), np.array(plan), np.array(used)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_car_waits_for_motors_in_a_boom_that_is_planned(seed: int) -> None:
    """Less than 3% of what is planned in 2019 to 2023 is missed. [19 to 20%]"""
    run, plan, _ = history(seed)
    assert 1.0 - run[BOOM].sum() / plan[BOOM].sum() < 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_motor_makers_do_not_outgrow_their_users(seed: int) -> None:
    """They use half of what they have or more, over the boom as a whole."""
    assert history(seed)[2][BOOM].mean() > 0.5


def test_a_surge_that_nobody_foresees_is_not_called_off() -> None:
    """Half as much again in two years, from the third year on: what is told is what it was without
    it, and motors are short.
    """
    surge = {
        "date": "2026-01-01",
        "end": "2027-12-31",
        "kind": "demand_case",
        "sectors": ["ev_drivetrains"],
        "growth": 0.6,
    }
    told, made = [], []
    for events in ([surge], []):
        raw = {"name": "test", "start": "2024-01", "months": 48, "events": events}
        world = World(scenario_from_dict(raw), 1, record=False, collect=False)
        firms = world.firms
        cars = (firms.sector == SECTOR["ev_drivetrains"]) & firms.is_end
        for _ in range(24):
            world.step()
        told.append([])
        part = []
        for _ in range(24):
            world.step()
            told[-1].append(world.works.called_off.sum())
            part.append(
                (firms.run * firms.size)[cars].sum() / (firms.plan * firms.size)[cars].sum()
            )
        made.append(min(part))
    np.testing.assert_allclose(*told, rtol=0.05)
    assert made[0] < made[1] - 0.02


def test_nothing_is_called_off_where_plans_stand_still() -> None:
    raw = {"name": "test", "start": "2024-01", "months": 24, "mechanisms": {"M15": False}}
    world = World(scenario_from_dict(raw), 1, record=False, collect=False)
    for _ in range(14):
        world.step()
    assert not world.works.called_off.any()


def test_what_is_told_by_hand() -> None:
    """A maker of motors for two users, one of whom takes three times as much: half a year after a
    line of twelve months, 2.5 years after its orders were placed on average, the large one takes
    twice as much as then and the small one as much. A press that sells to users is told nothing.
    """
    world = World(scenario_from_dict({"name": "test", "start": "2024-01", "months": 60}), 1)
    firms, needs, links, works = world.firms, world.needs, world.links, world.works
    seller = world.offers.firm[links.offer]
    maker = int(np.flatnonzero(firms.process == PROCESS["make_motor_standard"])[0])
    rows = np.flatnonzero((seller == maker) & firms.is_end[links.user])
    user = links.user[rows]
    first, other = rows[0], rows[np.flatnonzero(firms.sector[user] != firms.sector[user[0]])[0]]
    links.share[rows] = 0.0
    links.share[[first, other]] = 1.0
    needs.expected[links.need[[first, other]]] = 3.0, 1.0
    works.lead = np.full(len(firms), 12.0)
    firms.decision_month[:] = 0
    growth = np.zeros_like(world.demand.growth)
    at = firms.state[links.user[first]], firms.sector[links.user[first]]
    growth[18:, at[0], at[1]] = np.log(2.0)
    world.demand.growth = growth
    call_offs.call_off(
        works,
        firms=firms,
        needs=needs,
        offers=world.offers,
        links=links,
        demand=world.demand,
        clock=world.clock,
    )
    assert works.called_off[maker] == pytest.approx((3.0 * 2.0 + 1.0) / 4.0)
    presses = firms.process == PROCESS["make_magnet_standard"]
    assert not works.called_off[presses].any()


def test_who_calls_is_looked_up_for_each_month_of_the_year() -> None:
    """A world and its fork know the same, and other months are looked up when they come."""
    world = World(scenario_from_dict({"name": "test", "start": "2024-01", "months": 60}), 1)
    for month in range(1, 4):
        world.step()
        assert sorted(world.works.callers) == list(range(month))
    fork = world.fork()
    fork.step()
    world.step()
    for mine, theirs in zip(world.works.callers[3], fork.works.callers[3], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    makers = np.unique(world.works.callers[3][2])
    assert (world.firms.decision_month[makers] == 3).all()
