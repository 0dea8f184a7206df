"""Tonnes are conserved and nothing is negative, after every month of every shipped scenario and of
any legal parameter set.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coercivity.model.basis.names import MECHANISMS
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.helpers import step_and_check

BOUNDS = load_parameters().bounds()
SHOCKS = [
    {
        "date": "2024-04-01",
        "end": "2024-12-31",
        "id": "closure",
        "kind": "mine_closure",
        "state": "Myanmar",
        "good": "heavy_concentrate",
        "share": 1.0,
    },
    {
        "date": "2024-06-01",
        "end": "2024-08-31",
        "id": "fire",
        "kind": "plant_fire",
        "state": "China",
        "process": "make_magnet_heat_resistant",
        "share": 0.5,
    },
]
PHASES = [
    Phase.explicit,
    Phase.generate,
]  # the message names seed and set; shrinking seventy numbers takes minutes
SIZES = {
    "firms_per_sector"
}  # scale the world, not its behaviour; kept small so that the test stays fast


def run_checked(
    scenario: str,
    months: int,
    seed: int = 1,
    parameters: dict[str, float] | None = None,
    mechanisms: dict[str, bool] | None = None,
) -> World:
    """Step a world and check everything after each month."""
    choices = SHOCKS if load_scenario(scenario).start == "2024-01" else []
    world = World(
        with_changes(
            load_scenario(scenario),
            months=months,
            parameters=parameters,
            mechanisms=mechanisms,
            choices=choices,
        ),
        seed,
        record=False,
    )
    for _ in range(months):
        step_and_check(world)
    return world


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_scenario_conserves_tonnes_for_forty_months(name: str) -> None:
    run_checked(name, 40)


@pytest.mark.slow
@pytest.mark.parametrize("name", list_scenarios())
@pytest.mark.parametrize("seed", [0, 7])
def test_every_shipped_scenario_conserves_tonnes_to_its_end(name: str, seed: int) -> None:
    run_checked(name, load_scenario(name).months, seed)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_no_switch_breaks_an_account(mechanism: str) -> None:
    run_checked("japan-blanket-ban", 32, mechanisms={mechanism: False})


def parameter_sets() -> st.SearchStrategy[dict[str, float]]:
    """Any legal set: each parameter anywhere in its documented range, ends included."""
    floats = {
        n: st.floats(low, high, allow_nan=False) | st.sampled_from([low, high])
        for n, (low, high) in BOUNDS.items()
        if n not in SIZES
    }
    return st.fixed_dictionaries({**floats, "firms_per_sector": st.integers(1, 4).map(float)})


@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(
    parameters=parameter_sets(),
    scenario=st.sampled_from(list_scenarios()),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_legal_parameter_set_runs_two_years(
    parameters: dict[str, float], scenario: str, seed: int
) -> None:
    run_checked(scenario, 24, seed, parameters)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(
    parameters=parameter_sets(),
    scenario=st.sampled_from(list_scenarios()),
    seed=st.integers(0, 2**32 - 1),
)
def test_many_legal_parameter_sets_run_four_years(
    parameters: dict[str, float], scenario: str, seed: int
) -> None:
    run_checked(scenario, 48, seed, parameters)


@pytest.mark.slow
@pytest.mark.parametrize("end", [0, 1], ids=["low", "high"])
@pytest.mark.parametrize("name", sorted(set(BOUNDS) - SIZES))
def test_one_parameter_at_the_end_of_its_range(name: str, end: int) -> None:
    for scenario in ("japan-blanket-ban", "embargo-2010"):
        run_checked(scenario, 36, parameters={name: BOUNDS[name][end]})
