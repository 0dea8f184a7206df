"""SALib's own samplers and analyzers, given a design's problem, say what the project says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.sample import morris as morris_sampler
from SALib.sample import sobol as sobol_sampler

from coercivity.experiments.sensitivity import indices
from coercivity.experiments.sensitivity.analysis import analyse_outcome
from coercivity.experiments.sensitivity.sample import read_sample
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.finished_parts import read_sweep
from coercivity.experiments.sweep.problem import table_problem
from coercivity.experiments.sweep.sampling import MORRIS_LEVELS, points
from coercivity.experiments.worlds.draws import drawn_parameters
from coercivity.model.basis.parameters import load_parameters

OUTCOME = "world_price_dy_end"
ASKED: dict[str, Any] = {
    "scenario": "japan-2026-from-2024",
    "months": 3,
    "outcomes": [OUTCOME],
    "parameters": {
        "firms_per_sector": 1,
        "scarcity_elasticity": "table",
        "order_adjustment": {"high": 3.5},
    },
}


def swept(folder: Path, **keys: Any) -> tuple[Design, np.ndarray, np.ndarray]:
    """A sweep of small worlds over three months: its design, the points as run, an outcome."""
    from coercivity.experiments.sweep.run_sweep import run_sweep

    design = load_design({**ASKED, **keys})
    run_sweep(design, folder, workers=1, chunk=100)
    rows = read_sweep(folder)
    return design, rows[design.problem()["names"]].to_numpy(), rows[OUTCOME].to_numpy()


def found(folder: Path, method: str) -> dict[tuple[str, str], tuple[float, float]]:
    finding = analyse_outcome(read_sample(folder), OUTCOME, method)
    assert finding.indices is not None, finding.refused
    return {
        (row.of[0], row.measure): (row.value, row.high - row.value)
        for row in finding.indices.rows
        if len(row.of) == 1
    }


def test_the_problem_of_a_design_has_its_bounds_and_groups() -> None:
    design = load_design({**ASKED, "method": "morris", "samples": 2})
    table = load_parameters()
    elasticity, order = table["scarcity_elasticity"], table["order_adjustment"]
    told = design.problem()
    assert (told["num_vars"], told["names"]) == (2, ["scarcity_elasticity", "order_adjustment"])
    assert told["bounds"] == [[elasticity.low, elasticity.high], [order.low, 3.5]]
    assert told == points(design).salib_problem()
    assert design.problem(groups=True) == told | {"groups": [elasticity.group, order.group]}


def test_the_problem_of_the_table_is_that_of_all_that_is_not_known() -> None:
    told = table_problem(groups=True)
    rows = drawn_parameters()
    assert told["names"] == [row.name for row in rows]
    assert told["bounds"] == [[row.low, row.high] for row in rows]
    assert told["groups"] == [row.group for row in rows]
    asked = {"scenario": "japan-2026-from-2024", "method": "oat", "parameters": "table"}
    assert load_design(asked).problem(groups=True) == told


def test_sobol_by_salib_alone_is_what_the_project_says(tmp_path: Path) -> None:
    design, run, values = swept(
        tmp_path / "out", method="sobol", samples=8, second_order=True, design_seed=3
    )
    told = design.problem()
    np.testing.assert_array_equal(sobol_sampler.sample(told, 8, seed=3), run)
    alone = salib_sobol.analyze(
        told, values, num_resamples=indices.SOBOL_RESAMPLES, seed=indices.SEED
    )
    ours = found(tmp_path / "out", "sobol")
    for number, name in enumerate(told["names"]):
        for measure, key in (("first", "S1"), ("total", "ST")):
            value, half = ours[name, measure]
            assert value == alone[key][number]
            assert half == pytest.approx(alone[f"{key}_conf"][number], rel=1e-12)


def test_morris_by_salib_alone_is_what_the_project_says(tmp_path: Path) -> None:
    design, run, values = swept(tmp_path / "out", method="morris", samples=4, design_seed=3)
    told = design.problem()
    made = morris_sampler.sample(told, 4, num_levels=MORRIS_LEVELS, seed=3)
    np.testing.assert_allclose(made, run, rtol=1e-12)
    how = {"num_resamples": indices.MORRIS_RESAMPLES, "num_levels": MORRIS_LEVELS}
    alone = salib_morris.analyze(told, run, values, seed=indices.SEED, **how)
    ours = found(tmp_path / "out", "morris")
    for number, name in enumerate(told["names"]):
        for measure in ("mu_star", "mu", "sigma"):
            assert ours[name, measure][0] == alone[measure][number]
        assert ours[name, "mu_star"][1] == pytest.approx(alone["mu_star_conf"][number], rel=1e-9)
