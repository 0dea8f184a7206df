"""A whole calibration with a formula in the place of the sweeps: two parameters move the targets,
and one those of licences; all others do nothing.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.backtest import evidence_targets
from coercivity.experiments.calibration import calibration_files, licence_targets, study
from coercivity.experiments.calibration.identifiability import truths_of
from coercivity.experiments.calibration.implausibility import fit_targets, make_objective
from coercivity.experiments.calibration.study import Setting, Study
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.sampling import points
from coercivity.experiments.worlds.draws import (
    drawn_parameters,
)
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version
from tools.docs.pages.calibration import calibration_page

MOVING = study.choose({row.name: 1.0 for row in drawn_parameters()})[:2]
UNDEFINED = 3  # the target of this place is never defined
TARGETS = 6  # of the fit: the first ones, to be quick
SETTING = Setting(vectors=120, waves=2, seeds=2, trajectories=2)
Found = tuple[Study, Path, list[str]]


def formula(
    folder: Path, asked: dict[str, Any], targets: Any, count: int, seeds: int, workers: int
) -> np.ndarray:
    """Each target lies four standard deviations of its tolerance above or below the record at the
    ends of one of the two parameters.
    """
    table, objective = {row.name: row for row in load_parameters()}, make_objective(targets)
    if asked["method"] == "morris":
        grid = points(load_design({**asked, "scenario": targets[0].scenario}))
        columns = {name: grid.values[:, at] for at, name in enumerate(grid.names)}
    else:
        columns = {name: np.array(values) for name, values in asked["parameters"].items()}
    place = [np.full(count, 0.5), np.full(count, 0.5)]
    for at, row in enumerate(table[name] for name in MOVING):
        if row.name in columns:
            place[at] = (columns[row.name] - row.low) / (row.high - row.low)
    record = objective.scaled(objective.values[None, :])[0]
    shift = np.array([8.0 * (place[at % 2] - 0.5) for at in range(len(targets))]).T * objective.sd
    normals = np.random.default_rng(count).standard_normal((count, seeds, 1))
    luck = (seeds > 1) * 0.01 * objective.sd * normals
    values = objective.unscaled(record + shift[:, None, :] + luck)
    values[:, :, UNDEFINED] = np.nan
    return values


def licence_formula(task: licence_targets.Task) -> np.ndarray:
    """Every target is met where licences last for six months, and missed far away."""
    objective = licence_targets.licence_objective()
    far = dict(task.parameters)["licence_months"] - 6.0
    return np.tile(objective.values + 0.8 * far * objective.sd, (len(task.seeds), 1))


def calm_formula(names: Any, values: np.ndarray, workers: int = 1) -> np.ndarray:
    """The first vector that is asked about loses a hundred billion in calm, the others nothing."""
    return np.where(np.arange(len(values)) == 0, 100.0, 0.0)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path, list[str]]:
    said: list[str] = []
    folder = tmp_path_factory.mktemp("calibration") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "_run", formula)
        patch.setattr(licence_targets, "run_licences", licence_formula)
        patch.setattr(study, "lost_in_calm", calm_formula)
        chosen = fit_targets(evidence_targets.load_evidence())[:TARGETS]
        patch.setattr(evidence_targets, "load_evidence", lambda facts=None: chosen)
        patch.setattr(study, "truths_of", lambda matched, seed: truths_of(matched, 3, seed))
        return study.calibrate(folder, SETTING, workers=1, say=said.append), folder, said


def test_the_screening_finds_what_moves_the_targets_and_it_is_narrowed(found: Found) -> None:
    one, folder, said = found
    importance = one.importance
    assert sum(importance.values()) == pytest.approx(1.0)
    felt = {*MOVING, "licence_months"}
    assert set(sorted(importance, key=lambda name: -importance[name])[:3]) == felt
    assert sum(importance[name] for name in felt) > 0.99
    space = one.found.space
    assert felt <= set(space.names[: space.calibrated])
    left = {row["name"]: row["left"] for row in one.to_dict()["parameters"]}
    still = [value for name, value in left.items() if name not in felt]
    assert one.found.kept.any()
    assert max(left[name] for name in felt) < min(still)
    assert json.loads((folder / study.MARK).read_text())["vectors"] == SETTING.vectors
    assert "119 members; 1 lose more than 50 bn in calm" in said


def test_what_a_scenario_sets_is_drawn_with_each_vector_and_not_calibrated() -> None:
    """`enforcement` is what `central-discipline` is about."""
    everything = [row.name for row in drawn_parameters()]
    names = study.choose(dict.fromkeys(everything, 1.0))
    space = study.whole_space(names)
    assert "enforcement" not in names
    assert "enforcement" in space.names[space.calibrated :]
    assert sorted(space.names) == sorted(everything)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "collection.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_both_files_are_written_and_make_a_page(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, folder, _ = found
    monkeypatch.setattr(
        calibration_files, "recheck_record", lambda members, seeds: {"members": len(members)}
    )
    document = calibration_files.write_study(one, folder)
    kept = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(document))
    code = calibration_files.fitted_code(one.found.space.names)
    assert (document["version"], document["code"]) == (model_version(), code)
    assert len(rows_of(folder)) == document["kept"] == 119
    bounds = load_parameters().bounds()
    for row in rows_of(folder):
        row.pop("id")
        assert all(bounds[at][0] <= float(value) <= bounds[at][1] for at, value in row.items())
    page = calibration_page(document)
    assert "1 of 25 targets are more than 3 deviations from every vector" in page
    assert "outcomes to December 2025" in page
    assert page.count("| licences: first year |") == 2


def test_members_are_judged_by_licences_and_calm(found: Found) -> None:
    """One that is restless in calm is left out; what no target feels is drawn anew."""
    one, folder, _ = found
    months = [float(row["licence_months"]) for row in rows_of(folder)]
    drawn = one.found.space.values(one.found.unit)[:, one.found.space.names.index("licence_months")]
    assert np.ptp(months) < 0.8 * np.ptp(drawn)
    assert not {*MOVING, "licence_months"} & set(one.unfelt)
    assert "tension_kept" in one.unfelt
    assert one.restless == 1
