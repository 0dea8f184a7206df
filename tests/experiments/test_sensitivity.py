"""Sensitivity: indices, corners against boxes that were hidden, and points that were run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer.testing
from SALib.sample import sobol as sobol_sampler

from coercivity.cli import app
from coercivity.experiments.sensitivity import sentences as say
from coercivity.experiments.sensitivity.analysis import analyse_outcome, choose_methods
from coercivity.experiments.sensitivity.corner import find_corner, read_corner
from coercivity.experiments.sensitivity.indices import Index, Indices, delta, pawn, sobol
from coercivity.experiments.sensitivity.sample import Sample, read_sample
from coercivity.experiments.sweep.finished_parts import read_sweep
from coercivity.model.basis.errors import InputError

THREE = ["one", "two", "three"]
UNIT = {"num_vars": 3, "names": THREE, "bounds": [[0.0, 1.0]] * 3}


def cube(points: int, parameters: int = 3, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).random((points, parameters))


def sample(
    method: str = "lhs",
    runs: np.ndarray | None = None,
    points: np.ndarray | None = None,
    **changes: Any,
) -> Sample:
    """A sample with one outcome, firms_stopped_share, and the runs given: points x seeds."""
    points = cube(100) if points is None else points
    runs = points[:, :1] + points[:, 1:2] * 0.2 if runs is None else runs
    made = Sample(
        scenario="japan-2026-from-2024",
        method=method,
        problem=UNIT,
        points=points,
        samples=0,
        seeds=tuple(range(runs.shape[1])),
        values={"firms_stopped_share": runs},
        lost=np.zeros(runs.shape, dtype=bool),
        there=np.ones(runs.shape, dtype=bool),
        days=1000.0,
        months=33,
    )
    return replace(made, **changes)


# ---------------------------------------------------------------- indices


def test_sobol_without_second_order_is_told_by_the_number_of_points() -> None:
    points = sobol_sampler.sample(UNIT, 64, calc_second_order=False, seed=3)
    assert not sobol(UNIT, points[:, 0], 64).measured("second")
    with pytest.raises(InputError, match="do not make a Sobol' design"):
        sobol(UNIT, points[:-1, 0], 64)


@pytest.mark.parametrize("measure", [delta, pawn])
def test_density_measures_rank_and_know_what_luck_gets(measure: Callable[..., Indices]) -> None:
    points = cube(300)
    values = points[:, 0] ** 2 + 0.8 * points[:, 1]
    found = measure(UNIT, points, values)
    ranked = found.measured(found.method)
    assert [row.of[0] for row in ranked] == THREE
    assert found.floor is not None
    assert [row.low > found.floor for row in ranked] == [True, True, False]
    assert measure(UNIT, points, values, 4) == measure(UNIT, points, values, 4)


@pytest.mark.parametrize(
    "measure",
    [
        lambda x, y: pawn(UNIT, x, y),
        lambda x, y: delta(UNIT, x, y),
        lambda x, y: sobol(UNIT, y[:50], 10),
    ],
)
def test_a_constant_outcome_is_said(measure: Callable[..., Indices]) -> None:
    with pytest.raises(InputError, match=r"0\.25 in every point: nothing in this design moves it"):
        measure(cube(80), np.full(80, 0.25))


def test_an_outcome_that_is_undefined_in_many_points_is_refused() -> None:
    runs = cube(100)[:, :1].copy()
    runs[:6] = np.nan
    found = analyse_outcome(sample(runs=runs), "firms_stopped_share", "pawn")
    assert "undefined in 6% of the points" in found.refused
    assert found.indices is None


# ---------------------------------------------------------------- which method fits


@pytest.mark.parametrize(
    ("method", "wanted", "message"),
    [
        (
            "lhs",
            "sobol",
            "--method sobol needs a sweep with method sobol, and this one is lhs; it allows: "
            "pawn, delta",
        ),
        ("grid", None, "fits no index"),
        ("lhs", "sobbol", "did you mean 'sobol'"),
    ],
)
def test_a_method_that_does_not_fit_is_refused_with_the_fit(
    method: str, wanted: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        choose_methods(sample(method), wanted)


# ---------------------------------------------------------------- corners


def test_a_hidden_box_is_found_with_its_bounds() -> None:
    points = cube(400, 6)
    hit = (points[:, 1] > 0.6) & (points[:, 4] < 0.5)
    hit[:12] = ~hit[:12]
    found = find_corner([f"p{at}" for at in range(6)], points, hit)
    assert {(bound.parameter, bound.side) for bound in found.bounds} == {
        ("p1", "low"),
        ("p4", "high"),
    }
    assert {bound.parameter: bound.value for bound in found.bounds} == pytest.approx(
        {"p1": 0.6, "p4": 0.5}, abs=0.05
    )
    assert min(found.coverage, found.density) > 0.8
    assert min(found.held_out_coverage, found.held_out_density) > 0.6
    assert found.as_good <= 0.05
    assert [one.quasi_p for one in found.bounds] == sorted(one.quasi_p for one in found.bounds)
    assert all(bound.quasi_p < 0.001 and bound.again > 0.5 for bound in found.bounds)


def test_luck_has_no_corner() -> None:
    hit = np.random.default_rng(100).random(150) < 0.3
    found = find_corner([f"p{at}" for at in range(8)], cube(150, 8, 0), hit)
    assert not found.found
    assert "no statement" in say.corner_sentences(found)[0]


def test_conditions_are_read_safely() -> None:
    one, two = read_corner(
        "firms_stopped_share>0.3 and first_stop_days <= 6e1",
        ["firms_stopped_share", "first_stop_days"],
    )
    assert str(one) == "firms_stopped_share > 0.3"
    assert two.met(np.array([60.0, 61.0, np.nan])).tolist() == [True, False, False]
    for wrong in ("__import__('os')", "firms_stopped_share>", "firms_stopped_share=0.3", "1<2", ""):
        with pytest.raises(InputError, match="write OUTCOME>NUMBER"):
            read_corner(wrong, ["firms_stopped_share"])
    with pytest.raises(InputError, match="did you mean 'firms_stopped_share'"):
        read_corner("firms_stoped_share>1", ["firms_stopped_share"])


# ---------------------------------------------------------------- sentences


def interplay(first: Index) -> list[str]:
    rows = (Index(("a",), "total", 0.6, 0.55, 0.65), first)
    return say.sobol_sentences("stops", Indices("sobol", 9, rows, groups=256))


def test_interplay_is_stated_only_where_total_and_first_order_are_apart() -> None:
    apart = interplay(Index(("a",), "first", 0.3, 0.25, 0.35))
    assert "At least 20% of the variance is a at work together" in apart[1]
    assert len(interplay(Index(("a",), "first", 0.5, 0.4, 0.6))) == 1
    alone = interplay(Index(("a",), "first", 0.62, 0.61, 0.64))
    assert alone[1].startswith("a acts by itself: at most 4% of the variance")


# ---------------------------------------------------------------- the whole way


def test_the_command_reads_a_sweep(tmp_path: Path) -> None:
    place = swept(
        tmp_path / "sweep",
        method="morris",
        samples=2,
        outcomes=["world_price_dy_end", "firms_stopped_share"],
    )

    def call(*options: str) -> typer.testing.Result:
        return typer.testing.CliRunner().invoke(app, ["sensitivity", str(place), *options])

    shown = call("--json", "--figures", str(tmp_path / "figures"), "--ema", f"{place}.tar.gz")
    assert shown.exit_code == 0, shown.output
    found = {one["outcome"]: one for one in json.loads(shown.stdout)["outcomes"]}
    rows = found["world_price_dy_end"]["indices"]["rows"]
    assert {row["of"][0] for row in rows} == {"scarcity_elasticity", "order_adjustment"}
    assert "in every point" in found["firms_stopped_share"]["refused"]  # before the measure
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == [
        f"world_price_dy_end-morris{plane}.{kind}"
        for plane in ("-plane", "")
        for kind in ("png", "svg")
    ]
    assert "not computed: the outcome is" in call("--outcome", "firms_stopped_share").stdout
    wrong = call("--method", "sobol")
    assert wrong.exit_code == 2
    assert "needs a sweep with method sobol, and this one is morris" in wrong.output


def swept(folder: Path, **keys: Any) -> Path:
    """A sweep folder of worlds of one firm over three months."""
    from coercivity.experiments.sweep.run_sweep import run_sweep

    parameters = keys.pop(
        "parameters", {"scarcity_elasticity": "table", "order_adjustment": "table"}
    )
    asked = {
        "scenario": "japan-2026-from-2024",
        "months": 3,
        "outcomes": ["world_price_dy_end"],
        "parameters": {"firms_per_sector": 1, **parameters},
        **keys,
    }
    run_sweep(asked, folder, workers=1, chunk=100)
    return folder


def other_points(patch: pytest.MonkeyPatch) -> None:
    from coercivity.experiments.sweep import sampling

    real = sampling.points

    def others(design: Any) -> Any:
        made = real(design)
        return replace(made, values=made.values * 0.0 + np.mean(made.bounds, axis=1))

    patch.setattr(sampling, "points", others)


@pytest.mark.parametrize(("method", "samples"), [("lhs", 3), ("collection", 3)])
def test_points_are_those_that_were_run_whatever_the_model_would_draw_now(
    method: str, samples: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"parameters": {}} if method == "collection" else {}
    place = swept(tmp_path / "out", method=method, samples=samples, seeds=2, **keys)
    before = read_sample(place)
    frame = read_sweep(place)
    other_points(monkeypatch)
    after = read_sample(place)
    assert (after.problem, after.points.tolist()) == (before.problem, before.points.tolist())
    for point, values in enumerate(after.points):
        rows = frame[frame["point"] == point]
        assert len(rows) == 2
        assert (rows[list(after.names)].to_numpy() == values).all()


def test_rows_that_are_not_those_of_an_ordered_design_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = swept(tmp_path / "out", method="morris", samples=2)
    assert read_sample(place).names == ("scarcity_elasticity", "order_adjustment")
    other_points(monkeypatch)
    words = "its rows are not the points that method morris makes here, whose order the indices"
    with pytest.raises(InputError, match=words):
        read_sample(place)
