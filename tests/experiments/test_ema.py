"""The EMA workbench: the file that its load_results reads, step by step as versions 2.5.3 and 3.0.0
read it, and its PRIM beside ours on the same points.
"""

from __future__ import annotations

import io
import json
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.sensitivity.ema_export import export_ema
from coercivity.experiments.sensitivity.prim import QUASI_P, Box, find_box, measure, quasi_p
from coercivity.experiments.sensitivity.sample import Sample
from coercivity.model.basis.errors import InputError
from tests.experiments.ema_answers import FILE
from tests.experiments.test_sensitivity import THREE, cube, sample

TARGET = "evidence:japan-china-2024"
RUNS = np.array([[0.1, 0.2], [0.3, np.nan], [0.5, 0.6]])
DAYS = np.array([[5.0, np.nan], [7.0, np.nan], [9.0, 1.0]])
LOST = np.array([[False, False], [False, True], [False, False]])
HERE = find_spec("ema_workbench") is not None
HELD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def whole() -> Sample:
    """Three points with two seeds, of which one run failed and two never stop."""
    values = {"firms_stopped_share": RUNS, "first_stop_days": DAYS, TARGET: RUNS * 100.0}
    return sample(points=cube(3), runs=RUNS, values=values, lost=LOST)


def load(file: Path) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """What load_results of the workbench does, step by step."""
    with tarfile.open(file, "r:gz", encoding="UTF8") as archive:
        # type: ignore[union-attr]
        held = {item.name: archive.extractfile(item).read() for item in archive.getmembers()}
    metadata = json.loads(held["metadata.json"])
    experiments = pd.read_csv(io.BytesIO(held["experiments.csv"]))
    assert set(metadata["experiments"]) == set(experiments.columns)
    for name, kind in metadata["experiments"].items():
        experiments[name] = experiments[name].astype(kind)
    outcomes = {}
    for kind, name, part in metadata["outcomes"]:
        assert kind == "ScalarOutcome"
        assert name.isidentifier()  # asked for since 3.0
        read = pd.read_csv(io.BytesIO(held[part]), index_col=False, header=None)
        outcomes[name] = read.to_numpy().ravel()
    return experiments, outcomes


# ---------------------------------------------------------------- the file


def test_the_export_is_what_load_results_of_the_workbench_reads(tmp_path: Path) -> None:
    file = export_ema(whole(), tmp_path / "sweep.tar.gz")
    check(*load(file))
    assert export_ema(whole(), tmp_path / "again.tar.gz").read_bytes() == file.read_bytes()


def check(experiments: pd.DataFrame, outcomes: dict[str, np.ndarray]) -> None:
    """That all of the runs came through."""
    assert list(experiments.columns) == [*THREE, "seed", "scenario", "policy", "model"]
    np.testing.assert_array_equal(experiments[THREE].to_numpy(), cube(3)[[0, 0, 1, 2, 2]])
    assert experiments["seed"].tolist() == [0, 1, 0, 0, 1]
    assert experiments["policy"].tolist() == ["none"] * 5  # 'None' would come back as nothing
    assert experiments["model"].tolist() == ["coercivity_japan_2026_from_2024"] * 5
    for name in ("scenario", "policy", "model"):
        assert isinstance(experiments[name].dtype, pd.CategoricalDtype)
    told = {name: np.ravel(values).tolist() for name, values in outcomes.items()}
    assert told == {
        "firms_stopped_share": [0.1, 0.2, 0.3, 0.5, 0.6],
        "first_stop_days": [5.0, 1000.0, 7.0, 9.0, 1.0],
        "evidence_japan_china_2024": [10.0, 20.0, 30.0, 50.0, 60.0],
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("there.tar.gz", "is there already"),
        ("sweep.zip", "does not end in"),
        ("no/sweep.tar.gz", "is not there"),
    ],
)
def test_a_place_that_does_not_fit_costs_one_line(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "there.tar.gz").write_bytes(b"mine")
    with pytest.raises(InputError, match=message):
        export_ema(whole(), tmp_path / name)
    assert (tmp_path / "there.tar.gz").read_bytes() == b"mine"


@pytest.mark.skipif(not HERE, reason="no ema_workbench here")
@pytest.mark.filterwarnings("default")  # which it warns of when it is imported is no matter here
def test_the_workbench_itself_reads_it(tmp_path: Path) -> None:
    from ema_workbench import load_results

    check(*load_results(str(export_ema(whole(), tmp_path / "sweep.tar.gz"))))


# ---------------------------------------------------------------- its PRIM beside ours


def limits_of(held: dict[str, Any], bounds: dict[str, list[float | None]]) -> np.ndarray:
    """Bounds by name as limits, infinite where free."""
    free = np.array([[-np.inf, np.inf]] * len(held["names"]))
    for name, pair in bounds.items():
        for side, bound in enumerate(pair):
            if bound is not None:
                free[held["names"].index(name), side] = bound
    return free


def both(name: str) -> tuple[dict[str, Any], np.ndarray, np.ndarray, Box, Box]:
    """A set of points and hits with our box and the workbench's."""
    held = HELD["sets"][name]
    points, hit = np.array(held["points"]), np.array(held["hit"], bool)
    theirs = measure(limits_of(held, held["answer"]["bounds"]), points, hit)
    return held, points, hit, find_box(points, hit), theirs


@pytest.mark.parametrize("name", HELD["sets"])
def test_the_box_of_the_workbench_has_the_same_measures_here(name: str) -> None:
    held, points, hit, _, box = both(name)
    theirs = held["answer"]
    for key in ("coverage", "density", "mass"):
        assert getattr(box, key) == pytest.approx(theirs[key], rel=1e-12), key
    for (index, side), chance in quasi_p(box, points, hit).items():
        assert chance == pytest.approx(theirs["quasi_p"][held["names"][index]][side], rel=1e-9)


@pytest.mark.parametrize("name", HELD["sets"])
def test_our_box_has_the_bounds_of_the_workbench_that_pass_their_test(name: str) -> None:
    held, points, _, ours, other = both(name)
    theirs, width = held["answer"], np.ptp(points, axis=0)
    passed = {
        (held["names"].index(parameter), side)
        for parameter, pair in theirs["quasi_p"].items()
        for side, chance in enumerate(pair)
        if chance is not None and chance <= QUASI_P
    }
    assert {(at, side) for at, side in np.argwhere(np.isfinite(ours.limits)).tolist()} == passed
    for at, side in passed:
        apart = abs(ours.limits[at, side] - theirs["bounds"][held["names"][at]][side])
        assert apart <= 0.05 * width[at], held["names"][at]
    assert ours.lift >= other.lift - 0.05
    assert (ours.inside & other.inside).sum() >= 0.8 * (ours.inside | other.inside).sum()
