"""Tonnes are conserved and nothing is negative, after every month of every shipped scenario and of
any legal parameter set.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from tests.golden.cases import OWN
from tests.model.lived import act, begun, lived
from tests.names import MECHANISMS
from tools.check.invariants import step_and_check

BOUNDS = load_parameters().bounds()
ORE, HOT = "heavy_concentrate", "make_magnet_heat_resistant"
# the message names seed and set; shrinking seventy numbers takes minutes
PHASES = [Phase.explicit, Phase.generate]
SIZES = {"firms_per_sector"}  # scale the world, not its behaviour; kept small for speed
FEW, MANY = (
    settings(max_examples=count, suppress_health_check=list(HealthCheck), phases=PHASES)
    for count in (5, 150)
)


def shocks(year: str) -> list[dict[str, Any]]:
    closed, burnt = {"state": "Myanmar", "good": ORE}, {"state": "China", "process": HOT}
    return [
        act("mine_closure", f"{year}-04-01", "", end=f"{year}-12-31", share=1.0, **closed),
        act("plant_fire", f"{year}-06-01", "", end=f"{year}-08-31", share=0.5, **burnt),
    ]


def run_checked(name: str, months: int, seed: int = 1, **changes: Any) -> None:
    """Step a world and check everything after each month."""
    start = load_scenario(name).start
    choices = shocks(start[:4]) if start >= "2024-01" else []
    world = begun(name, months, *choices, seed=seed, **changes)
    for _ in range(months):
        step_and_check(world)


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_scenario_conserves_tonnes_for_thirty_months(name: str) -> None:
    run_checked(name, 30)


def test_magnets_in_use_wear_out_and_what_comes_back_is_booked() -> None:
    """In use + recycled + discarded = in use at the start + pressed, to rounding; it is little."""
    world = lived("business-as-usual", 18)
    state, books = world.recycling, world.elements.books
    np.testing.assert_allclose(state.unaccounted / state.in_use, 0.0, atol=1e-12)
    assert (books["recycled"][state.element] == state.recycled).all()
    assert (state.recycled > 0.0).all()
    assert (state.recycled < 0.02 * books["pressed"][state.element]).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", list_scenarios())
@pytest.mark.parametrize("seed", [0, 7])
def test_every_shipped_scenario_conserves_tonnes_to_its_end(name: str, seed: int) -> None:
    run_checked(name, load_scenario(name).months, seed)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_no_switch_breaks_an_account(mechanism: str) -> None:
    world = begun(str(OWN["every-instrument"]), 14, mechanisms={mechanism: False})
    for _ in range(14):
        step_and_check(world)


def parameter_sets() -> st.SearchStrategy[dict[str, float]]:
    """Any legal set: each parameter anywhere in its documented range, ends included."""
    floats = {
        n: st.floats(low, high, allow_nan=False) | st.sampled_from([low, high])
        for n, (low, high) in BOUNDS.items()
        if n not in SIZES
    }
    return st.fixed_dictionaries({**floats, "firms_per_sector": st.integers(1, 4).map(float)})


ANY = given(
    parameters=parameter_sets(),
    scenario=st.sampled_from(list_scenarios()),
    seed=st.integers(0, 2**32 - 1),
)


@FEW
@ANY
def test_any_legal_parameter_set_runs_two_years(
    parameters: dict[str, float], scenario: str, seed: int
) -> None:
    run_checked(scenario, 24, seed, parameters=parameters)


@pytest.mark.slow
@MANY
@ANY
def test_many_legal_parameter_sets_run_four_years(
    parameters: dict[str, float], scenario: str, seed: int
) -> None:
    run_checked(scenario, 48, seed, parameters=parameters)


@pytest.mark.slow
@pytest.mark.parametrize("end", [0, 1], ids=["low", "high"])
@pytest.mark.parametrize("name", sorted(set(BOUNDS) - SIZES))
def test_one_parameter_at_the_end_of_its_range(name: str, end: int) -> None:
    for scenario in ("japan-blanket-ban", "embargo-2010"):
        run_checked(scenario, 36, parameters={name: BOUNDS[name][end]})
