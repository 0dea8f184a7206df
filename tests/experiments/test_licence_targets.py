"""Licences for other metals as targets of the fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.experiments.backtest.evidence_targets import LINE, load_targets
from coercivity.experiments.calibration import licence_targets
from coercivity.experiments.calibration.implausibility import fit_targets, make_objective
from coercivity.experiments.calibration.licence_record import RULES, record_rows
from coercivity.experiments.calibration.licence_targets import (
    Task,
    fit_objective,
    run_licences,
    simulate_licences,
)
from coercivity.model.basis.calendar import month_name


def test_the_record_that_is_fitted_ends_by_the_line() -> None:
    rows = record_rows()
    assert rows
    for row in rows:
        assert month_name(RULES[row.case][0], row.since + row.months - 1) <= LINE


def test_what_is_in_the_folder_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other seeds and other vectors are another file."""
    ran: list[Task] = []

    def formula(task: Task) -> np.ndarray:
        ran.append(task)
        return np.outer(task.seeds, [value for _, value in task.parameters])

    monkeypatch.setattr(licence_targets, "run_licences", formula)
    monkeypatch.setattr(licence_targets, "CHUNK", 2)
    values = np.arange(1.0, 7.0).reshape(3, 2)
    for seeds, runs in (([1, 2], 3), ([1, 2], 3), ([3, 4], 6)):
        found = simulate_licences(tmp_path, ["a", "b"], values, seeds, workers=1)
        np.testing.assert_array_equal(found, np.array([np.outer(seeds, row) for row in values]))
        assert len(ran) == runs
    simulate_licences(tmp_path, ["a", "b"], values[:2], [1, 2], workers=1)
    assert len(ran) == 6
    simulate_licences(tmp_path, ["a", "b"], values + 1.0, [1, 2], workers=1)
    assert len(ran) == 9


def test_a_vector_is_run_against_the_whole_record() -> None:
    """Three months for a licence let more through in a year than twelve."""
    year = [run_licences(Task((("licence_months", months),), (1,))) for months in (3.0, 12.0)]
    assert year[0][0, 0] > year[1][0, 0] > 0.0
    assert year[0].shape == (1, len(licence_targets.licence_objective()))


def test_the_measure_holds_the_targets_of_evidence_and_then_those_of_licences() -> None:
    targets = fit_targets(load_targets())
    whole, evidence = fit_objective(targets), make_objective(targets)
    assert whole.ids[: len(evidence)] == evidence.ids
    assert all(name.startswith("licences: ") for name in whole.ids[len(evidence) :])
    assert len(whole) == len(evidence) + 11 == len(set(whole.ids)) == len(whole.never)
    np.testing.assert_array_equal(whole.sd[: len(evidence)], evidence.sd)
