"""Projects, entrants, closures and money spent on building: what a world does with them.

Thresholds were written before the first run of this file.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum, with_rows
from coercivity.agents.firms import investor
from coercivity.agents.tables import MOTHBALLED, OPEN
from coercivity.model.parts.pipeline import Pipeline
from coercivity.model.parts.works import Site
from coercivity.model.plants import building
from coercivity.model.plants.building import start_building
from coercivity.model.world import World
from tests.model.lived import begun, lived
from tests.names import CHINA, FIRST_SECTOR, PROCESSES

CALM = "business-as-usual"


def added(world: World) -> np.ndarray:
    """Capacity of newcomers outside China over that of the others, by process."""
    firms = world.firms
    new = np.isin(np.arange(len(firms)), firms.option_rows)
    kind = np.minimum(firms.process, FIRST_SECTOR - 1)
    abroad = firms.capacity * (firms.state != CHINA)
    came = group_sum(abroad * new, kind, FIRST_SECTOR)
    old = group_sum(abroad * (~new & (firms.process < FIRST_SECTOR)), kind, FIRST_SECTOR)
    return came / np.maximum(old, 1e-12)


@pytest.fixture(scope="module")
def calm() -> list[np.ndarray]:
    return [added(lived(CALM, 120, seed=seed)) for seed in (1, 2)]


@pytest.mark.parametrize("process", PROCESSES)
def test_newcomers_do_not_flood_a_calm_market(calm: list[np.ndarray], process: str) -> None:
    assert max(share[PROCESSES.index(process)] for share in calm) <= 0.1


def valued(world: World, rows: np.ndarray) -> Any:
    """What the plants of some rows are worth to whoever would build them, without luck."""
    return world.everyone.appraise(
        rows,
        np.zeros(len(rows)),
        works=world.works,
        beliefs=world.beliefs,
        politics=world.politics,
        support=world.support,
        p=world.p,
    )


def test_public_money_builds_what_the_market_would_not() -> None:
    world = lived(CALM, 24)
    rows, support = world.firms.option_rows, world.support
    alone = valued(world, rows)
    support.gift_share[rows], support.offtake_share[rows] = 0.5, 0.8
    support.equity_share[rows] = 0.3
    helped = valued(world, rows)
    before, after = alone.value > alone.hurdle, helped.value > helped.hurdle
    assert (after >= before).all()
    assert after.sum() > before.sum()
    assert (helped.hurdle <= alone.hurdle + 1e-12).all()


@pytest.mark.parametrize(
    ("support", "value", "separators", "margin"),
    [
        ("credit_rate", 0.6, False, lambda cost: -0.05),
        ("gift_share", 0.7, True, lambda cost: 2.0 / cost),  # USD 2 a kilogram fed; capital asks 4
    ],
)
def test_what_is_given_lets_a_plant_grow_that_would_not_alone(
    support: str, value: float, separators: bool, margin: Any
) -> None:
    """A tax credit for plants that lose, a grant for separators that earn too little."""
    world = lived(CALM, 24)
    firms = world.firms
    rows = firms.may_build & (firms.capacity > 0) & ~firms.inside
    rows &= firms.is_separator if separators else ~firms.is_mine
    firms.decision_month[rows] = world.clock.month % 12
    firms.margin[rows] = margin(firms.cost[rows])
    grown = []
    for given in (0.0, value):
        getattr(world.support, support)[rows] = given
        firms.orders_year[rows] = 2.0 * firms.capacity[rows]
        world.everyone.expand(
            works=world.works,
            beliefs=world.beliefs,
            politics=world.politics,
            support=world.support,
            clock=world.clock,
            p=world.p,
        )
        grown.append(firms.addition[rows].copy())
    assert not grown[0].any()
    assert (grown[1] > 0).any()


def test_an_enlargement_abroad_feels_a_ban_on_technology_and_one_at_home_does_not() -> None:
    world = lived(CALM, 24)
    firms = world.firms
    rows = np.flatnonzero(firms.needs_technology & (firms.capacity > 0.0))
    free, barred = (
        world.everyone.value_of_more(
            rows,
            np.full(len(rows), 24.0),
            politics=SimpleNamespace(technology_ban=ban),
            support=world.support,
            p=world.p,
        )
        for ban in (False, True)
    )
    inside = firms.inside[rows]
    assert inside.any()
    assert not inside.all()
    assert barred[inside] == pytest.approx(free[inside])
    assert barred[~inside] == pytest.approx(free[~inside] / (1.0 + investor.TECHNOLOGY_DELAY))


def test_a_grant_for_half_of_the_cost_enlarges_separators() -> None:
    """In the tenth year at least 300 t of feed more, mean of three seeds. Before it nothing: with
    what was promised a new plant is built, and what stands enlarges without a grant (0104).
    """
    grant = {
        **{"date": "2026-01-05", "id": "grant", "kind": "grant", "actor": "United States"},
        **{"budget": 3000.0, "stages": ["separation"], "share": 0.5},
    }

    def fed(seed: int, *acts: dict[str, Any]) -> float:
        firms = lived(CALM, 120, *acts, seed=seed).firms
        return float(12.0 * firms.run[firms.is_separator & ~firms.inside].sum())

    assert np.mean([fed(seed, grant) - fed(seed) for seed in (1, 2, 3)]) > 300.0


def test_value_falls_by_half_the_interest_of_the_time_it_takes_to_build() -> None:
    world = lived(CALM, 24)
    rows, lead = world.firms.option_rows, world.works.lead
    rows = rows[valued(world, rows).use > 0]
    rows = rows[valued(world, rows).margin > 0]
    soon = valued(world, rows)
    lead[rows] += 12.0
    late = valued(world, rows)
    ratio = late.value / late.use / (soon.value / soon.use)
    assert ratio == pytest.approx(np.exp(-investor.DISCOUNT_RATE / 2.0), rel=1e-6)


def test_a_project_under_way_is_no_rival_to_itself() -> None:
    world = lived(CALM, 24)
    firms, building, rivals = world.firms, world.works.pipeline.building, world.works.outlook.rivals
    rows = firms.option_rows
    rows = rows[(firms.status[rows] == 0) & (building[rows] == 0)]
    before, crowded = valued(world, rows).value, 0
    for k, row in enumerate(rows):
        rivals[firms.process[row]] += firms.option_size[row]
        # another's plant of that size
        crowded += valued(world, rows[k : k + 1]).value[0] < before[k] * 0.999
        building[row] = firms.option_size[row]
        assert valued(world, rows[k : k + 1]).value[0] == pytest.approx(before[k])
        rivals[firms.process[row]] -= firms.option_size[row]
        building[row] = 0.0
    assert crowded > 0


def closed(status: int) -> tuple[World, int, float]:
    """A running plant abroad that is closed after a year, its row and what it could make."""
    world = begun(CALM, 120)
    world.run_for(12)
    firms = world.firms
    row = next(r for r in firms.closable_rows if firms.state[r] != CHINA and firms.run[r] > 0)
    before = float(firms.capacity[row])
    world.works.closing = [(np.array([row]), status)]
    return world, row, before


def test_a_closed_plant_makes_nothing_and_comes_back() -> None:
    world, row, before = closed(MOTHBALLED)
    world.step()
    firms = world.firms
    assert (firms.status[row], firms.capacity[row], firms.run[row]) == (MOTHBALLED, 0.0, 0.0)
    world.run_for(24)
    assert firms.status[row] == OPEN, "its margin was fine, so it restarts within two years"
    assert firms.capacity[row] == pytest.approx(before, rel=0.5)


def test_what_is_spent_is_what_building_costs() -> None:
    pipe = Pipeline(2, 50)
    pipe.pay(np.array([0, 1]), 3, np.array([10, 4]), np.array([50.0, 8.0]))
    np.testing.assert_allclose(pipe.spend.sum(axis=0), [50.0, 8.0])
    np.testing.assert_allclose(pipe.spend[3], [5.0, 2.0])
    world = lived(CALM, 12)
    assert world.firms.outlay.min() >= 0.0
    assert 10.0 < world.firms.outlay.sum() < 2000.0, "USD million a month the world over"


def opens(world: World, row: int, runs: float | None) -> int:
    """Month in which the first of 12 t opens that are begun now, at a plant or as one."""
    works = world.works
    works.pipeline = Pipeline(len(world.firms), world.clock.months)
    reached = None if runs is None else np.array([runs])
    site = Site(np.array([row]), np.array([12.0]), 1.0, reached)
    start_building(works, site, seen=world.seen)
    return int(np.flatnonzero(works.pipeline.arrivals[:, row])[0])


@pytest.mark.parametrize("inside", [True, False])
def test_a_plant_that_stands_is_enlarged_in_part_of_the_time_that_a_new_one_takes(
    inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it, at home and abroad, where both are as late as they turn out to be."""
    monkeypatch.setattr(building, "ENLARGEMENT_TIME", 0.5)
    world = begun(CALM, 120)
    firms = world.firms
    row = int(np.flatnonzero(firms.is_press & (firms.inside == inside) & (firms.capacity > 0))[0])
    new, more = opens(world, row, 1.0), opens(world, row, None)
    assert 2 * more == pytest.approx(new, abs=1)
    if inside:
        assert new == round(world.works.lead[row])


def expand(world: World) -> None:
    """Plants decide on more in this month."""
    world.everyone.expand(
        works=world.works,
        beliefs=world.beliefs,
        politics=world.politics,
        support=world.support,
        clock=world.clock,
        p=world.p,
    )


def test_the_first_plants_of_a_kind_outside_share_what_is_unserved() -> None:
    """Also in the quarter in which they open, when none was there at its beginning."""
    world = lived(CALM, 66)
    firms, look = world.firms, world.works.outlook
    process = look.kind[0]
    rows = look.makers[look.kind == process]
    capacity = with_rows(firms.capacity, rows, 0.0)
    firms.capacity = with_rows(capacity, rows[:2], [5.0, 15.0])
    firms.orders_year = with_rows(firms.orders_year, rows, 0.0)
    firms.may_build = with_rows(firms.may_build, rows, True)
    firms.decision_month = with_rows(firms.decision_month, rows, world.clock.month % 12)
    look.unserved = np.where(np.arange(len(look.unserved)) == process, 40.0, 0.0)
    expand(world)
    assert firms.last_year[rows[:2]] == pytest.approx([10.0, 30.0])


def test_plants_outside_grow_for_what_borders_leave_unserved() -> None:
    """Whatever they are ordered today, while they earn; who stands behind the border does not."""
    world = lived(CALM, 66)
    firms, look = world.firms, world.works.outlook
    rows = firms.may_build & (firms.capacity > 0) & firms.is_maker
    firms.decision_month[rows] = world.clock.month % 12
    firms.margin[rows], firms.orders_year[rows] = 2.0, 0.1 * firms.capacity[rows]
    kept = {name: getattr(firms, name).copy() for name in ("trend", "last_year")}
    grown = []
    for times in (0.0, 3.0):
        for name, values in kept.items():
            setattr(firms, name, values.copy())
        look.unserved = np.bincount(look.kind, times * firms.capacity[look.makers])
        expand(world)
        grown.append(firms.addition.copy())
    little = world.works.pipeline.building < 0.1 * firms.capacity
    outside = rows & ~firms.inside & little
    assert outside.any()
    assert not grown[0][rows].any()
    assert (grown[1][outside] > 0.0).all()
    assert not grown[1][rows & firms.inside].any()
