"""Draws of parameter vector and seed: within the documented ranges, spread evenly, the same every
time.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.worlds.draws import corners, drawn_parameters, draws, triangular
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario, with_changes


def test_draws_are_the_same_every_time_and_each_has_its_own_seed() -> None:
    assert draws(6) == draws(6)
    assert draws(6) != draws(6, design_seed=1)
    assert len({one.seed for one in draws(40)} | {one.seed for one in corners(40)}) == 80


def test_a_draw_is_accepted_by_a_scenario() -> None:
    changed = with_changes(load_scenario("japan-2026"), parameters=dict(draws(1)[0].parameters))
    assert (
        changed.parameter_values().over_compliance
        == dict(draws(1)[0].parameters)["over_compliance"]
    )


def test_measured_parameters_and_the_size_of_the_world_are_not_drawn() -> None:
    drawn = {row.name for row in drawn_parameters()}
    assert "firms_per_sector" not in drawn
    assert not {row.name for row in load_parameters() if row.status == "measured"} & drawn


def test_each_slice_of_a_range_is_used_once() -> None:
    """A Latin hypercube where no collection says more: of ten draws, one lies in each tenth."""
    rows = {row.name: row for row in drawn_parameters()}
    row = rows["over_compliance"]
    values = np.sort([dict(one.parameters)["over_compliance"] for one in draws(10, fitted=False)])
    edges = triangular(np.linspace(0.0, 1.0, 11), row.low, row.value, row.high)
    assert ((values >= edges[:-1]) & (values <= edges[1:])).all()


def test_triangular_has_its_mode_at_the_shipped_value() -> None:
    values = triangular((np.arange(4000) + 0.5) / 4000, 0.0, 0.7, 1.0)
    count, edges = np.histogram(values, bins=10)
    assert edges[count.argmax()] == pytest.approx(0.6, abs=0.11)
    assert triangular(np.array([0.0, 1.0]), 2.0, 2.0, 5.0).tolist() == [2.0, 5.0]


def test_corners_stand_at_the_ends_of_the_ranges() -> None:
    bounds = load_parameters().bounds()
    for one in corners(3):
        assert all(value in bounds[name] for name, value in one.parameters)


@pytest.mark.parametrize("count", [0, -1, 20_000, 2.5, True])
def test_a_number_of_draws_that_does_not_fit_costs_one_message(count: object) -> None:
    with pytest.raises(InputError, match="draws"):
        draws(count)  # type: ignore[arg-type]


def test_designs_have_seeds_of_their_own() -> None:
    assert [draw.seed for draw in draws(3)] == [1000, 1001, 1002]
    assert [draw.seed for draw in draws(2, design_seed=3)] == [31_000, 31_001]
