"""Sensitivity: indices against functions whose answer is known, corners against boxes that were
hidden, and sentences that never say too much.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer.testing
from SALib.analyze import pawn as salib_pawn
from SALib.sample import morris as morris_sampler
from SALib.sample import sobol as sobol_sampler
from scipy.stats import norm

from coercivity.cli import app
from coercivity.experiments.sensitivity import sentences as say
from coercivity.experiments.sensitivity.analysis import (
    analyse_outcome,
    choose_methods,
    choose_outcomes,
    corner_of,
    to_dict,
)
from coercivity.experiments.sensitivity.discovery import find_corner, read_corner
from coercivity.experiments.sensitivity.indices import (
    Index,
    Indices,
    delta,
    morris,
    pawn,
    pawn_medians,
    sobol,
)
from coercivity.experiments.sensitivity.replications import Luck, luck_share, settle, whole_blocks
from coercivity.experiments.sensitivity.sample import Sample, read_sample, run_days
from coercivity.experiments.sensitivity.tornado import tornado
from coercivity.experiments.sweep.parts import read_sweep
from coercivity.model.basis.errors import InputError

THREE = ["one", "two", "three"]
WIDE = {"num_vars": 3, "names": THREE, "bounds": [[-np.pi, np.pi]] * 3}
UNIT = {"num_vars": 3, "names": THREE, "bounds": [[0.0, 1.0]] * 3}
# Ishigami and Homma 1990 with a = 7, b = 0.1: shares of the variance in closed form
FIRST, TOTAL, TOGETHER = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), 0.2437


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.asarray(
        np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


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
        scenario="japan-2026",
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


def test_sobol_finds_the_indices_of_ishigami_within_its_intervals() -> None:
    points = sobol_sampler.sample(WIDE, 512, calc_second_order=True, seed=3)
    found = sobol(WIDE, ishigami(points), 512)
    of = {(row.of, row.measure): row for row in found.rows}
    for name, first, total in zip(THREE, FIRST, TOTAL, strict=True):
        for measure, known in (("first", first), ("total", total)):
            row = of[(name,), measure]
            assert row.low <= known <= row.high, row
            assert row.high - row.low < 0.35
    pair = of[("one", "three"), "second"]
    assert pair.low <= TOGETHER <= pair.high
    assert found == sobol(WIDE, ishigami(points), 512)


def test_sobol_without_second_order_is_told_by_the_number_of_points() -> None:
    points = sobol_sampler.sample(WIDE, 64, calc_second_order=False, seed=3)
    assert not sobol(WIDE, ishigami(points), 64).measured("second")
    with pytest.raises(InputError, match="do not make a Sobol' design"):
        sobol(WIDE, ishigami(points)[:-1], 64)


def test_morris_gives_a_linear_function_its_slopes_and_no_spread() -> None:
    points = morris_sampler.sample(UNIT, 6, num_levels=4, seed=2)
    found = morris(UNIT, points, points @ np.array([3.0, -2.0, 0.0]))
    of = {(row.of[0], row.measure): row.value for row in found.rows}
    assert [of[name, "mu"] for name in THREE] == pytest.approx([3.0, -2.0, 0.0])
    assert [of[name, "mu_star"] for name in THREE] == pytest.approx([3.0, 2.0, 0.0])
    assert [of[name, "sigma"] for name in THREE] == pytest.approx([0.0] * 3, abs=1e-9)


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


def test_the_bootstrap_of_pawn_uses_salibs_own_number() -> None:
    points = cube(200)
    values = np.round(points[:, 0] * 4) + np.round(points[:, 1] * 2)  # many equal values
    known = salib_pawn.analyze(UNIT, points, values, S=10)["median"]
    np.testing.assert_allclose(pawn_medians(points, values), known, atol=1e-12)


def test_salib_leaves_the_warnings_and_the_global_generator_alone() -> None:
    points, before, formatter = cube(60), np.random.get_state()[1].tolist(), warnings.formatwarning
    delta(UNIT, points, points[:, 0], resamples=2)
    assert np.random.get_state()[1].tolist() == before
    assert warnings.formatwarning is formatter


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


# ---------------------------------------------------------------- replications and undefined values


def test_luck_is_its_known_share_and_seeds_in_common_do_not_hide_the_points() -> None:
    rng = np.random.default_rng(1)
    points = 2.0 * norm.ppf((np.arange(400) + 0.5) / 400)[:, None]
    runs = points + rng.standard_normal((1, 8)) + rng.standard_normal((400, 8))
    found = luck_share(runs)
    assert found is not None
    assert found.low <= 2.0 / 6.0 <= found.high  # variances: points 4, seeds 1, rest 1
    assert found.left == pytest.approx((1 / 8) / (4 + 1 / 8), rel=0.2)
    common = luck_share(0.1 * rng.standard_normal((100, 1)) + np.array([[0.0, 5.0]]))
    assert common is not None
    assert (
        common.left < 1e-9
    )  # the points differ by parameters alone, however far apart the seeds are
    assert luck_share(runs[:, :1]) is None


def test_a_stop_that_never_comes_counts_as_the_length_of_the_run_but_a_failure_does_not() -> None:
    runs = np.array([[10.0, np.nan], [np.nan, np.nan], [30.0, np.nan]])
    failed = np.array([[False, False], [False, False], [False, True]])
    found = settle(runs, "days", 1000.0, failed)
    assert found.means.tolist() == [505.0, 1000.0, 30.0]
    assert "1000 days" in found.notes[0]
    assert "failed" in found.notes[1]
    assert run_days("2024-01", 60) == 1827


def test_undefined_points_are_dropped_with_their_group_or_refused() -> None:
    assert whole_blocks(np.array([1.0, np.nan, 1.0, 1.0, 1.0, 1.0]), 2).tolist() == [
        False,
        False,
        True,
        True,
        True,
        True,
    ]
    with pytest.raises(InputError, match="2 of 3 groups"):
        whole_blocks(np.array([1.0, np.nan, np.nan, 1.0, 1.0, 1.0]), 2)
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
        ("morris", "tornado", "needs a sweep with method oat"),
        ("oat", "delta", "needs a sweep with method lhs"),
        ("grid", None, "fits no index"),
        ("lhs", "sobbol", "did you mean 'sobol'"),
    ],
)
def test_a_method_that_does_not_fit_is_refused_with_the_fit(
    method: str, wanted: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        choose_methods(sample(method), wanted)


def test_an_unfinished_sweep_is_refused_for_sobol_and_used_as_it_is_for_pawn() -> None:
    there = np.ones((100, 1), dtype=bool)
    there[90:] = False
    with pytest.raises(InputError, match="10 of 100 runs are missing, and sobol needs them all"):
        choose_methods(sample("sobol", there=there, samples=20))
    part = sample("lhs", there=there, lost=~there)
    found = analyse_outcome(part, "firms_stopped_share", *choose_methods(part))
    assert found.indices is not None
    assert found.indices.points == 90
    assert any("10 of 100 runs are missing" in note for note in found.notes)


def test_of_a_sobol_design_a_density_takes_the_points_that_were_drawn_independently() -> None:
    points = sobol_sampler.sample(UNIT, 64, calc_second_order=False, seed=3)
    made = sample("sobol", points=points, samples=64)
    found = analyse_outcome(made, "firms_stopped_share", "pawn")
    assert found.indices is not None
    assert found.indices.points == 128
    assert analyse_outcome(made, "firms_stopped_share", "sobol").indices is not None


def test_an_outcome_that_the_sweep_does_not_hold_is_named() -> None:
    with pytest.raises(
        InputError,
        match=(
            r"--outcome 'firms_stoped_share' is not in this sweep; did you mean "
            r"'firms_stopped_share'"
        ),
    ):
        choose_outcomes(sample(), ["firms_stoped_share"])


def test_delta_gives_way_to_pawn_where_many_points_share_a_value() -> None:
    lumpy = sample(runs=np.maximum(0.6, cube(100)[:, :1]))
    assert "use --method pawn" in analyse_outcome(lumpy, "firms_stopped_share", "delta").refused
    assert not analyse_outcome(lumpy, "firms_stopped_share", "pawn").refused


# ---------------------------------------------------------------- tornado


def test_a_tornado_sorts_by_size_and_keeps_the_luck_of_each_world_out() -> None:
    points = np.array([[0.5, 0.5], [0.0, 0.5], [1.0, 0.5], [0.5, 0.0], [0.5, 1.0]])
    worlds = np.array([0.0, 10.0, -3.0, 7.0])
    found = tornado(["small", "large"], points, points @ np.array([[1.0], [-4.0]]) + worlds)
    assert [swing.parameter for swing in found.swings] == ["large", "small"]
    large = found.swings[0]
    assert (large.low, large.high) == pytest.approx((2.0, -2.0))
    assert large.low_band == pytest.approx((2.0, 2.0))
    assert large.certain
    with pytest.raises(InputError, match="no one-at-a-time design"):
        tornado(["small", "large"], points[:4], points[:4])


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
    assert all(bound.quasi_p < 0.001 and bound.again > 0.5 for bound in found.bounds)


@pytest.mark.parametrize("seed", range(3))
def test_luck_has_no_corner(seed: int) -> None:
    found = find_corner(
        [f"p{at}" for at in range(8)],
        cube(150, 8, seed),
        np.random.default_rng(100 + seed).random(150) < 0.3,
    )
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


def test_a_stop_that_never_comes_is_later_than_any_day() -> None:
    runs = np.where(cube(100)[:, :1] > 0.5, 40.0, np.nan)
    days = sample(values={"first_stop_days": runs})
    early = corner_of(days, read_corner("first_stop_days<60", ["first_stop_days"]))
    late = corner_of(days, read_corner("first_stop_days>60", ["first_stop_days"]))
    assert early.hits + late.hits == early.points == 100
    assert [(bound.parameter, bound.side) for bound in early.bounds] == [("one", "low")]
    with pytest.raises(InputError, match="holds in 0 of 100 points"):
        corner_of(days, read_corner("first_stop_days<10", ["first_stop_days"]))
    with pytest.raises(InputError, match="this sweep is morris"):
        corner_of(sample("morris"), read_corner("firms_stopped_share>1", ["firms_stopped_share"]))


# ---------------------------------------------------------------- sentences


def made(
    measure: str, *rows: tuple[str, float, float], groups: int = 256, floor: float | None = None
) -> Indices:
    """Indices with the intervals given, value in the middle; Sobol' first-order equal to the total
    ones.
    """
    found = [
        Index((name,), kind, (low + high) / 2, low, high)
        for name, low, high in rows
        for kind in ({"total", "first"} if measure == "total" else {measure})
    ]
    method = {"total": "sobol", "mu_star": "morris"}.get(measure, measure)
    return Indices(method, 1000, tuple(found), floor, groups)


def test_interplay_is_stated_only_where_total_and_first_order_are_apart() -> None:
    rows = (Index(("a",), "total", 0.6, 0.55, 0.65), Index(("a",), "first", 0.3, 0.25, 0.35))
    assert (
        "At least 20% of the variance is a at work together"
        in say.sobol_sentences("stops", Indices("sobol", 9, rows, groups=256))[1]
    )
    rows = (Index(("a",), "total", 0.6, 0.55, 0.65), Index(("a",), "first", 0.5, 0.4, 0.6))
    assert len(say.sobol_sentences("stops", Indices("sobol", 9, rows, groups=256))) == 1


def test_pairs_are_stated_at_intervals_widened_for_their_number() -> None:
    pairs = tuple(Index(("a", name), "second", 0.10, 0.01, 0.19) for name in "bcdefghijk")
    rows = (Index(("a",), "total", 0.6, 0.55, 0.65), Index(("a",), "first", 0.5, 0.4, 0.6))
    assert say.sobol_sentences("stops", Indices("sobol", 9, rows + pairs[:1], groups=256))[
        -1
    ].endswith("a with b (0.1).")
    assert (
        "No pair of parameters can be shown"
        in say.sobol_sentences("stops", Indices("sobol", 9, rows + pairs, groups=256))[-1]
    )


def test_a_density_measure_has_to_beat_luck() -> None:
    said = say.density_sentences(
        "stops", made("pawn", ("a", 0.3, 0.4), ("b", 0.05, 0.2), floor=0.15)
    )
    assert said[0].startswith("Over these ranges, a moves 'stops' most")
    assert said[1].startswith("1 of 2 parameters cannot be told from columns of pure luck")
    assert (
        "not told from luck"
        in say.density_sentences("stops", made("pawn", ("a", 0.1, 0.4), floor=0.15))[0]
    )


def test_luck_is_stated_with_its_interval_or_not_at_all() -> None:
    assert say.luck_sentence(Luck(0.12, 0.1, 0.14, 0.01, 8), 8).startswith("Luck alone (the seed)")
    assert "cannot be said (one seed a point)" in say.luck_sentence(None, 1)
    assert "cannot be said (nothing varies)" in say.luck_sentence(None, 4)


# ---------------------------------------------------------------- the whole way


def test_a_document_holds_plain_values_only() -> None:
    two = np.hstack([cube(100)[:, :1], cube(100)[:, :1]])
    document = to_dict(
        sample(runs=two), [analyse_outcome(sample(runs=two), "firms_stopped_share", "pawn")], None
    )
    json.dumps(document, allow_nan=False)
    assert document["outcomes"][0]["sentences"][0].startswith(
        "Over these ranges, one moves 'Share of firms in Japan that stop, level' most"
    )


def test_the_command_reads_a_sweep(tmp_path: Path) -> None:
    from coercivity.experiments.sweep.local import run_sweep

    design = {
        "scenario": "japan-2026",
        "months": 2,
        "seeds": 1,
        "method": "morris",
        "samples": 2,
        "outcomes": ["world_price_dy_end", "firms_stopped_share"],
        "parameters": {"firms_per_sector": 1, "price_eta": "table", "order_adjustment": "table"},
    }
    run_sweep(design, tmp_path / "sweep", workers=1)

    def call(*options: str) -> typer.testing.Result:
        return typer.testing.CliRunner().invoke(
            app, ["sensitivity", str(tmp_path / "sweep"), *options]
        )

    shown = call(
        "--json", "--figures", str(tmp_path / "figures"), "--ema", str(tmp_path / "sweep.tar.gz")
    )
    assert shown.exit_code == 0, shown.output
    document = json.loads(shown.stdout)
    price, stopped = (
        next(one for one in document["outcomes"] if one["outcome"] == name)
        for name in ("world_price_dy_end", "firms_stopped_share")
    )
    assert {row["of"][0] for row in price["indices"]["rows"]} == {"price_eta", "order_adjustment"}
    assert "in every point" in stopped["refused"]  # nothing stops before the measure
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == [
        "world_price_dy_end-morris-plane.png",
        "world_price_dy_end-morris-plane.svg",
        "world_price_dy_end-morris.png",
        "world_price_dy_end-morris.svg",
    ]
    assert "not computed: the outcome is" in call("--outcome", "firms_stopped_share").stdout
    wrong = call("--method", "sobol")
    assert wrong.exit_code == 2
    assert "needs a sweep with method sobol, and this one is morris" in wrong.output


def swept(folder: Path, **keys: Any) -> Path:
    """A sweep folder of worlds of one firm over two months."""
    from coercivity.experiments.sweep.local import run_sweep

    parameters = keys.pop("parameters", {"price_eta": "table", "order_adjustment": "table"})
    asked = {
        "scenario": "japan-2026",
        "months": 2,
        "outcomes": ["world_price_dy_end"],
        "parameters": {"firms_per_sector": 1, **parameters},
        **keys,
    }
    run_sweep(asked, folder, workers=1, chunk=100)
    return folder


def other_points(patch: pytest.MonkeyPatch) -> None:
    """Points as another model would make them: the same number of them, all else in the middle of
    the bounds.
    """
    from coercivity.experiments.sweep import sampling

    made = sampling.points
    patch.setattr(
        sampling,
        "points",
        lambda design: replace(
            made(design), values=made(design).values * 0.0 + np.mean(made(design).bounds, axis=1)
        ),
    )


@pytest.mark.parametrize(("method", "samples"), [("lhs", 3), ("collection", 3), ("oat", None)])
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


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_rows_that_are_not_those_of_an_ordered_design_are_refused(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = swept(tmp_path / "out", method=method, samples=2)
    assert read_sample(place).names == ("price_eta", "order_adjustment")
    other_points(monkeypatch)
    with pytest.raises(
        InputError,
        match=(
            f"its rows are not the points that method {method} makes here, whose order the "
            "indices need; read it with"
        ),
    ):
        read_sample(place)


def test_rows_of_a_point_that_differ_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = swept(tmp_path / "out", method="lhs", samples=3, seeds=2)
    frame = read_sweep(place)
    frame.loc[3, "price_eta"] += 0.01
    monkeypatch.setattr("coercivity.experiments.sweep.parts.read_sweep", lambda _: frame)
    with pytest.raises(
        InputError,
        match=(
            r"rows of point 1 differ in price_eta \(.* and .*\), and all seeds of a point have "
            r"one value"
        ),
    ):
        read_sample(place)


def test_what_a_scenario_sets_is_no_parameter_of_a_collection(tmp_path: Path) -> None:
    place = swept(
        tmp_path / "out",
        scenario="civilian-unaffected",
        method="collection",
        samples=3,
        parameters={},
    )
    found = read_sample(place)
    assert set(read_sweep(place)["over_compliance"]) == {0.0}
    assert "over_compliance" not in found.names
    assert found.points.shape == (3, len(found.names))
    assert found.problem["num_vars"] == len(found.problem["bounds"]) == len(found.names)


def test_points_without_a_row_yet_are_those_of_the_design(tmp_path: Path) -> None:
    place = swept(tmp_path / "out", method="lhs", samples=3)
    whole = read_sample(place)
    for name in ("part-00000.json", "part-00000.parquet"):
        (place / "parts" / name).unlink()
    found = read_sample(place)
    assert found.missing == 3
    assert found.points.tolist() == whole.points.tolist()
