"""Cases of faster demand (M15): what they add, where, for how long, and that nobody builds ahead of
them.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import SECTOR, STATE
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.use.demand import case_events
from coercivity.model.world import World
from tests.facts import FACTS

QUIET = {"demand_noise_sector": 0.0, "demand_noise_state": 0.0, "demand_noise_firm": 0.0}
CASE = {
    "date": "2024-04-01",
    "end": "2025-03-31",
    "id": "robots",
    "kind": "demand_case",
    "sectors": ["industrial"],
    "growth": 0.5,
    "states": ["Japan", "China"],
}


def world(months: int, case: bool = True, **mechanisms: bool) -> World:
    """Business as usual without noise, with or without robots that add half to industrial motors
    within a year, in Japan and China.
    """
    found = with_changes(
        load_scenario("business-as-usual"),
        months=months,
        parameters=QUIET,
        mechanisms=mechanisms or None,
        choices=[CASE] if case else [],
    )
    made = World(found, 1, record=False)
    for _ in range(months):
        made.step()
    return made


@pytest.mark.parametrize(
    ("months", "factor"),
    [(4, 1.0), (10, 1.5**0.5), (16, 1.5), (24, 1.5)],
    ids=["first month", "half-way", "at its end", "it stays"],
)
def test_a_case_multiplies_the_plans_of_its_sector_and_states_and_no_others(
    months: int, factor: float
) -> None:
    with_case, without = world(months), world(months, case=False)
    firms = with_case.firms
    inside = (
        (firms.sector == SECTOR["industrial"])
        & np.isin(firms.state, [STATE["Japan"], STATE["China"]])
        & with_case.firms.is_end
    )
    ratio = firms.plan[with_case.firms.is_end] / without.firms.plan[with_case.firms.is_end]
    assert np.allclose(ratio[inside[with_case.firms.is_end]], factor, rtol=1e-9)
    assert np.allclose(ratio[~inside[with_case.firms.is_end]], 1.0, rtol=1e-12)


def test_nobody_foresees_a_case() -> None:
    """What was decided before its date is what was decided without it: not a plant, not an order
    differs.
    """
    with_case, without = world(3), world(3, case=False)
    assert np.array_equal(with_case.links.orders, without.links.orders)
    assert np.array_equal(with_case.firms.capacity, without.firms.capacity)
    assert np.array_equal(with_case.demand.growth, without.demand.growth)


def test_plants_follow_once_orders_show_it() -> None:
    with_case, without = world(70), world(70, case=False)
    makers = with_case.firms.is_maker & ~with_case.firms.is_end
    assert with_case.firms.capacity[makers].sum() > without.firms.capacity[makers].sum()


def test_with_demand_switched_off_a_case_is_absent() -> None:
    with_case, without = world(12, M15=False), world(12, case=False, M15=False)
    assert np.array_equal(with_case.firms.run, without.firms.run)


def test_a_fork_grows_on_its_own() -> None:
    one = world(6)
    other = one.fork()
    other.step()
    assert one.demand.case.max() < other.demand.case.max()


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("humanoid-boom", ("humanoid",)),
        ("all-sectors-at-once", ("ev", "ai_hardware", "defence", "clean_energy")),
    ],
)
def test_shipped_cases_are_those_of_the_table(name: str, cases: tuple[str, ...]) -> None:
    shipped = {
        (e.date, e.end, e.get("sectors"), e.get("growth"))
        for e in load_scenario(name).events
        if e.kind == "demand_case"
    }
    table = {
        (str(e["date"]), str(e["end"]), tuple(e["sectors"]), e["growth"])
        for case in cases
        for e in case_events(FACTS, case)
    }  # type: ignore[arg-type]
    assert shipped == table


@pytest.mark.parametrize(
    "row",
    [r for r in load_table("demand_cases") if r["tonnes"]],
    ids=lambda row: f"{row['case']}-{row['date']}",
)
def test_the_tonnes_of_a_case_follow_from_its_growth(row: dict[str, object]) -> None:
    """tonnes: magnets a year in the last year of the row, on top of the sector at the growth of
    growth.csv; the table's own arithmetic, to a tenth.
    """
    start = sum(
        r["tonnes_per_year"]
        for r in load_table("end_use")
        if r["start"] == "2024-01" and r["sector"] == row["sector"] and "oxide" not in r["good"]
    )
    years = int(str(row["end"])[:4]) - 2024
    base = start
    for year in range(2024, 2024 + years):
        rates = [
            r
            for r in load_table("growth")
            if r["sector"] == row["sector"]
            and r["region"] == "World"
            and r["start_year"] <= year < r["end_year"]
        ]
        base *= 1.0 + rates[0]["growth_per_year"]
    level = 1.0
    for other in load_table("demand_cases"):
        if (
            other["case"] == row["case"]
            and other["sector"] == row["sector"]
            and str(other["end"]) <= str(row["end"])
        ):
            first, last = (
                np.datetime64(str(other["date"])[:7]),
                np.datetime64(str(other["end"])[:7]),
            )
            level *= (1.0 + other["growth_per_year"]) ** (
                float((last - first).astype(int) + 1) / 12.0
            )
    assert base * (level - 1.0) == pytest.approx(float(str(row["tonnes"])), rel=0.1)


def test_demand_grows_on_beyond_the_months_that_were_asked_for() -> None:
    """A world that was made for two years and steps five has the use of one made for five."""
    short, long = (
        World(with_changes(load_scenario("business-as-usual"), months=months), 1, record=False)
        for months in (24, 60)
    )
    for _ in range(60):
        short.plan_use()
        long.plan_use()
        for world in (short, long):
            world.clock.month += 1
    np.testing.assert_array_equal(short.firms.plan, long.firms.plan)
