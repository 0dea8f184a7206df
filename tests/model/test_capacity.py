"""Projects, entrants, closures and money spent on building: what a world does with them.

Thresholds were written before the first run of this file: in ten calm years newcomers add no more
than a tenth to the capacity that a stage outside China would have without them, and a ban brings at
least three; before they open, plants get no orders and ask within a fifth of their anchor.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import CHINA, FIRST_SECTOR, PROCESSES, STARTS
from coercivity.model.parts.pipeline import Pipeline
from coercivity.model.results.records import gather
from coercivity.model.results.tables import build_table
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World


def grown(name: str, months: int, seed: int = 1, **parameters: float) -> World:
    world = World(
        with_changes(load_scenario(name), months=months, parameters=parameters or None),
        seed,
        record=False,
    )
    for _ in range(months):
        world.step()
    return world


def test_every_process_has_a_capex_in_china_and_elsewhere() -> None:
    table = load_table("capex")
    for process in PROCESSES:
        states = {row["state"]: row for row in table.where(process=process)}
        assert {"China", "Other"} <= states.keys(), process
        assert all(row["low"] <= row["usd_per_t_year"] <= row["high"] for row in states.values()), (
            process
        )
        assert states["China"]["usd_per_t_year"] < states["Other"]["usd_per_t_year"], process


@pytest.mark.parametrize("start", STARTS)
def test_options_and_pairs_name_firms_of_the_start(start: str) -> None:
    options = load_table("options").where(start=start)
    assert all(row["tonnes_per_year"] > 0 or row["kind"] == "sister" for row in options)
    world = World(
        with_changes(
            load_scenario("embargo-2010" if start == "2009-01" else "business-as-usual"), months=1
        ),
        1,
        record=False,
    )
    for pair in load_table("integrated").where(start=start):
        assert {pair["plant"], pair["mine"]} <= set(world.firms.names)


def test_plants_that_never_opened_get_no_orders_and_ask_what_their_good_is_worth() -> None:
    world = grown("business-as-usual", 40)
    never = world.firms.status == 0
    assert never.sum() > 20
    rows = never[world.offers.firm]
    assert world.offers.orders[rows].max() == 0.0
    assert world.links.orders[rows[world.links.offer]].max() < 1e-9
    assert np.abs(np.log(world.offers.ask / world.offers.anchor)[rows]).max() < np.log(1.2)


def added(world: World) -> np.ndarray:
    """Capacity of newcomers outside China over that of the others, by process."""
    firms = world.firms
    mine = np.isin(np.arange(len(firms)), world.firms.option_rows)
    new, old = (
        (firms.capacity * rows * (firms.state != CHINA))
        for rows in (mine, ~mine & (firms.process < FIRST_SECTOR))
    )
    kind = np.minimum(firms.process, FIRST_SECTOR - 1)
    return group_sum(new, kind, FIRST_SECTOR) / np.maximum(
        group_sum(old, kind, FIRST_SECTOR), 1e-12
    )


@pytest.fixture(scope="module")
def calm() -> list[np.ndarray]:
    return [added(grown("business-as-usual", 120, seed)) for seed in (1, 2)]


MISSES = {
    "make_metal": (
        "misses: up to 0.32; some 5,000 t stand outside China, so three plants of common size are "
        "half of it"
    ),
}


@pytest.mark.parametrize(
    "process",
    [
        pytest.param(
            p, marks=[pytest.mark.xfail(strict=True, reason=MISSES[p])] if p in MISSES else []
        )
        for p in PROCESSES
    ],
)
def test_newcomers_do_not_flood_a_calm_market(calm: list[np.ndarray], process: str) -> None:
    assert max(share[PROCESSES.index(process)] for share in calm) <= 0.1


@pytest.mark.parametrize("name", ["japan-blanket-ban", "licensing-2025", "embargo-2010"])
def test_newcomers_come_in_a_crisis(name: str) -> None:
    world = grown(name, 48)
    building = (world.firms.capacity + world.works.pipeline.building)[world.firms.option_rows] > 0
    assert building.sum() >= 3, [
        world.firms.names[row] for row in world.firms.option_rows[building]
    ]


def test_public_money_builds_what_the_market_would_not() -> None:
    """A gift of half the cost, a promised sale of four fifths and public equity: value over cost
    clears the hurdle at more options, at none at fewer.
    """
    world = grown("business-as-usual", 24)
    rows, luck = world.firms.option_rows, np.zeros(len(world.firms.option_rows))
    alone = world.everyone.appraise(
        rows,
        luck,
        works=world.works,
        beliefs=world.beliefs,
        politics=world.politics,
        support=world.support,
        p=world.p,
    )
    (
        world.support.gift_share[rows],
        world.support.offtake_share[rows],
        world.support.equity_share[rows],
    ) = 0.5, 0.8, 0.3
    helped = world.everyone.appraise(
        rows,
        luck,
        works=world.works,
        beliefs=world.beliefs,
        politics=world.politics,
        support=world.support,
        p=world.p,
    )
    before, after = alone.value > alone.hurdle, helped.value > helped.hurdle
    assert (after >= before).all()
    assert after.sum() > before.sum()
    assert (helped.hurdle <= alone.hurdle + 1e-12).all()


def test_a_project_under_way_is_no_rival_to_itself() -> None:
    world = grown("business-as-usual", 24)
    rows = world.firms.option_rows[
        (world.firms.status[world.firms.option_rows] == 0)
        & (world.works.pipeline.building[world.firms.option_rows] == 0)
    ]
    process, luck = world.firms.process[rows], np.zeros(len(rows))
    before = world.everyone.appraise(
        rows,
        luck,
        works=world.works,
        beliefs=world.beliefs,
        politics=world.politics,
        support=world.support,
        p=world.p,
    ).value
    crowded = 0
    for k, row in enumerate(rows):
        tonnes, rivals = world.firms.option_size[row], world.works.outlook.rivals
        rivals[process[k]] += tonnes
        crowded += (
            world.everyone.appraise(
                rows[k : k + 1],
                luck[k : k + 1],
                works=world.works,
                beliefs=world.beliefs,
                politics=world.politics,
                support=world.support,
                p=world.p,
            ).value[0]
            < before[k] * 0.999
        )  # another's plant of that size
        world.works.pipeline.building[row] = tonnes
        assert world.everyone.appraise(
            rows[k : k + 1],
            luck[k : k + 1],
            works=world.works,
            beliefs=world.beliefs,
            politics=world.politics,
            support=world.support,
            p=world.p,
        ).value[0] == pytest.approx(before[k]), world.firms.names[row]
        rivals[process[k]] -= tonnes
        world.works.pipeline.building[row] = 0.0
    assert crowded > 0


def test_a_closed_plant_makes_nothing_and_comes_back() -> None:
    world = grown("business-as-usual", 12)
    firms = world.firms
    row = next(r for r in world.firms.closable_rows if firms.state[r] != CHINA and firms.run[r] > 0)
    before = firms.capacity[row]
    world.works.closing = [(np.array([row]), MOTHBALLED)]
    world.step()
    assert firms.status[row] == MOTHBALLED
    assert firms.capacity[row] == 0.0
    assert firms.run[row] == 0.0
    for _ in range(24):
        world.step()
    assert firms.status[row] == OPEN, "its margin was fine, so it restarts within two years"
    assert firms.capacity[row] == pytest.approx(before, rel=0.5)


def test_bankrupt_plants_wait_years_for_a_new_owner() -> None:
    world = grown("business-as-usual", 12)
    row = next(
        r
        for r in world.firms.closable_rows
        if world.firms.state[r] != CHINA and world.firms.run[r] > 0
    )
    world.works.closing = [(np.array([row]), BANKRUPT)]
    for _ in range(int(world.p.revival_months) - 3):
        world.step()
    assert world.firms.status[row] == BANKRUPT


def test_the_pipeline_opens_what_was_added_and_a_slow_ramp_comes_later() -> None:
    even, slow = Pipeline(1, 200), Pipeline(1, 200)
    row, tonnes = np.array([0]), np.array([90.0])
    even.add(row, 10, tonnes, 18.0)
    slow.add(row, 10, tonnes, 18.0, slow=True)
    opened = [np.cumsum([pipe.open(month)[0] for month in range(120)]) for pipe in (even, slow)]
    np.testing.assert_allclose([o[-1] for o in opened], 90.0)
    assert opened[0][9] == opened[1][9] == 0.0
    assert opened[1][28] / 90.0 == pytest.approx(
        (1.0 - np.exp(-19.0 / 18.0)) / (1.0 - np.exp(-3.0)), rel=0.01
    )
    assert opened[1][28] < opened[0][28]
    assert even.building[0] == pytest.approx(0.0, abs=1e-9)


def test_what_is_spent_is_what_building_costs() -> None:
    pipe = Pipeline(2, 50)
    pipe.pay(np.array([0, 1]), 3, np.array([10, 4]), np.array([50.0, 8.0]))
    np.testing.assert_allclose(pipe.spend.sum(axis=0), [50.0, 8.0])
    np.testing.assert_allclose(pipe.spend[3], [5.0, 2.0])
    world = grown("business-as-usual", 12)
    assert world.firms.outlay.min() >= 0.0
    assert 10.0 < world.firms.outlay.sum() < 2000.0, "USD million a month the world over"


def test_what_is_given_up_is_in_the_capacity_table() -> None:
    world = World(with_changes(load_scenario("japan-2026"), months=60), 1)
    for _ in range(60):
        world.step()
    table = build_table(
        "capacity",
        gather(world.seen),
        tuple(f"{2024 + k // 12}-{k % 12 + 1:02d}" for k in range(60)),
    )
    assert table["cancelled"].sum() > 0.0
    assert (table["cancelled"] >= 0.0).all()
