"""Cases of faster demand (M15): what they add, where, for how long, and that nobody builds ahead of
them.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.use.demand import case_events
from coercivity.model.world import World
from tests.facts import FACTS
from tests.model.lived import act, begun, lived
from tests.names import SECTOR, STATE

QUIET = {"demand_noise_sector": 0.0, "demand_noise_state": 0.0}
ROBOTS = {"sectors": ["industrial"], "growth": 0.5, "states": ["Japan", "China"]}
CASE = act("demand_case", "2024-04-01", "", end="2025-03-31", **ROBOTS)


def quiet(months: int, case: bool = True, **mechanisms: bool) -> World:
    """No noise, with or without robots that add half to industrial motors within a year."""
    acts, off = [CASE] if case else [], mechanisms or None
    return lived("business-as-usual", months, *acts, parameters=QUIET, mechanisms=off)


@pytest.mark.parametrize(
    ("months", "factor"),
    [(4, 1.0), (16, 1.5), (24, 1.5)],
)
def test_a_case_multiplies_the_plans_of_its_sector_and_states_and_no_others(
    months: int, factor: float
) -> None:
    firms, calm = quiet(months).firms, quiet(months, case=False).firms
    ours = np.isin(firms.state, [STATE["Japan"], STATE["China"]])
    inside = ((firms.sector == SECTOR["industrial"]) & ours)[firms.is_end]
    ratio = firms.plan[firms.is_end] / calm.plan[firms.is_end]
    assert np.allclose(ratio[inside], factor, rtol=1e-9)
    assert np.allclose(ratio[~inside], 1.0, rtol=1e-12)


def test_nobody_foresees_a_case() -> None:
    with_case, without = quiet(3), quiet(3, case=False)
    assert np.array_equal(with_case.links.orders, without.links.orders)
    assert np.array_equal(with_case.firms.capacity, without.firms.capacity)
    assert np.array_equal(with_case.demand.growth, without.demand.growth)


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("humanoid-boom", ("humanoid",)),
        ("all-sectors-at-once", ("ev", "ai_hardware", "defence", "clean_energy")),
    ],
)
def test_shipped_cases_are_those_of_the_table(name: str, cases: tuple[str, ...]) -> None:
    """A case of the table that began before the scenario does begins with it."""
    scenario = load_scenario(name)
    shipped = {
        (e.date, e.end, e.get("sectors"), e.get("growth"))
        for e in scenario.events
        if e.kind == "demand_case"
    }
    rows = [row for case in cases for row in case_events(FACTS, case)]
    begin = f"{scenario.start}-01"
    table = {
        (max(str(r["date"]), begin), str(r["end"]), tuple(r["sectors"]), r["growth"]) for r in rows
    }
    assert shipped == table


def test_demand_grows_on_beyond_the_months_that_were_asked_for() -> None:
    """A world that was made for two years and steps five has the use of one made for five."""
    short, long = (begun("business-as-usual", months) for months in (24, 60))
    for _ in range(60):
        short.plan_use()
        long.plan_use()
        for world in (short, long):
            world.clock.month += 1
    np.testing.assert_array_equal(short.firms.plan, long.firms.plan)
