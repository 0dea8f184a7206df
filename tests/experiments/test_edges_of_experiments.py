"""Edges of the experiments: what is refused, what is too short or empty, and studies whose runs are
made up.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.calibration import study
from coercivity.experiments.questions import hazards
from coercivity.experiments.sweep import finished_parts, run_sweep
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game, play_round, predict


def test_what_is_no_list_of_deals_or_one_prediction_too_many_is_refused() -> None:
    game = new_game(3, ("exporter", "target"), length=2)
    for deals in ("truce", {"kind": "truce"}, 3):
        with pytest.raises(InputError, match="is not a list; use \\[\\] for none"):
            play_round(game, {}, deals)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is not a list by seat"):
        play_round(game, [], ())  # type: ignore[arg-type]
    one = predict(game, "before", "target", "soon", 2030)
    with pytest.raises(InputError, match="400 are in already"):
        predict(replace(game, predictions=one.predictions * 400), "before", "target", "soon", 2030)


# ---------------------------------------------------------------- sensitivity


# ---------------------------------------------------------------- calibration, hazards


def test_targets_are_simulated_by_one_sweep_a_scenario(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    targets = [one for one in load_evidence() if one.fit_weight > 0][:12]
    ran: list[str] = []

    def read(place: Path, complete: bool) -> pd.DataFrame:
        """Rows in any order."""
        assert complete
        held = {
            f"evidence:{row.id}": [targets.index(row) + 0.1 * at for at in range(4)]
            for row in targets
            if row.scenario == place.name
        }
        return pd.DataFrame({"run": range(4), **held}).sample(frac=1.0, random_state=1)

    monkeypatch.setattr(
        run_sweep, "run_sweep", lambda design, place, workers: ran.append(place.name)
    )
    monkeypatch.setattr(finished_parts, "read_sweep", read)
    found = study.simulate_targets(tmp_path, targets, ["price_eta"], np.array([[0.6], [0.7]]), 2, 1)
    assert sorted(ran) == sorted({row.scenario for row in targets})
    assert found.shape == (2, 2, 12)
    np.testing.assert_allclose(found[:, :, 5], [[5.0, 5.1], [5.2, 5.3]])


def test_the_tests_of_governments_count_cases_and_pass_at_their_threshold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six measures happened by the model, six and ten by the record."""

    def panel(after: float) -> dict[str, float]:
        return {"after": after, "without": 1.0, "months_after": 10.0, "months_without": 100.0}

    right, wrong = (
        {"in_sample": inside, "rule": "a", "documented": what, "constant": "b"}
        for inside, what in ((True, "a"), (False, "b"))
    )
    recorded = {"2009-01": panel(5.0), "2024-01": panel(9.0)}
    for name, answer in {
        "model_panel": lambda start, months, last, seeds: [panel(5.0) for _ in seeds],
        "record_panel": lambda start, months: recorded[start],
        "cases": list,
        "leave_one_out": lambda found, temper: [right, right, right, wrong],
    }.items():
        monkeypatch.setattr(hazards, name, answer)
    rows = {row["id"]: row for row in hazards.report((1, 2))}
    ratio = rows["hazard-ratio-2009"]
    pooled = {"after": 10.0, "without": 2.0, "months_after": 20.0, "months_without": 200.0}
    assert (ratio["cases"], ratio["value"]) == (12.0, pytest.approx(hazards.ratio_of(pooled)[2]))
    assert [rows[f"hazard-level-{year}"]["passes"] for year in (2009, 2024)] == [True, False]
    assert (rows["instrument-loo"]["value"], rows["instrument-loo"]["cases"]) == (3.0, 3.0)
    assert (rows["instrument-out"]["value"], rows["instrument-out"]["record"]) == (-1.0, 0.0)
