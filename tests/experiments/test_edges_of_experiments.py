"""Edges of the experiments: what is refused, what is too short or empty, and studies whose runs are
made up.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.calibration import study
from coercivity.experiments.calibration.implausibility import make_objective
from coercivity.experiments.calibration.licence_targets import licence_objective
from coercivity.experiments.lab import own_scenario
from coercivity.experiments.lab.history import History
from coercivity.experiments.quantities.outcomes import HeadlineWatch
from coercivity.experiments.quantities.record_target import Key
from coercivity.experiments.quantities.target_catalogue import check_names
from coercivity.experiments.questions import hazards
from coercivity.experiments.questions.applicants import firm_named
from coercivity.experiments.questions.friend_shoring import tonnes_outside_sender, trace
from coercivity.experiments.questions.leverage import check_month, check_pair, cut_off, sender_share
from coercivity.experiments.questions.market_power import band, half_life
from coercivity.experiments.studies.arguments import whole_argument
from coercivity.experiments.sweep import finished_parts, run_sweep
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.runs import Runs
from coercivity.experiments.worlds.archive import open_stored
from coercivity.experiments.worlds.output_tables import check_new_folder, new_folder, write_frames
from coercivity.experiments.worlds.twin import without_export_controls
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.classroom.engine.game import new_game, play_round, predict
from tests.facts import FACTS


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


KEPT_NOTHING: Any = SimpleNamespace(records=None)
FORK: Any = SimpleNamespace(is_what_if=True, month=3)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: History(KEPT_NOTHING), "make it with record=True"),
        (lambda: tonnes_outside_sender(KEPT_NOTHING), "run it with record=True"),
        (lambda: trace(KEPT_NOTHING, KEPT_NOTHING), "run them with record=True"),
        (lambda: HeadlineWatch(FORK), "the world is 3 months old; a watch has to see every month"),
        (lambda: cut_off(FORK), "ask its parent"),
        (lambda: check_month(load_scenario("truce"), 3), "'3' is not a month; write YYYY-MM"),  # type: ignore[arg-type]
        (lambda: check_pair(FACTS, "Chna", "Japan"), "sender 'Chna' .* did you mean 'China'"),
        (lambda: sender_share(FORK, "minning"), "stage 'minning' is not known"),
        (lambda: whole_argument(True, "waves", 1, 9), "waves 'True' does .* number from 1 to 9"),
        (lambda: check_names(FACTS, Key("capacity", good="minning")), "good 'minning' of capacity"),
        (lambda: make_objective(()), "no row with a positive fit_weight; .* at least one"),
        (
            lambda: Runs(load_design({"scenario": "truce", "seeds": 4}))[4],
            "one .* 4 runs .* 0 to 3",
        ),
        (lambda: open_stored(Path(os.devnull)).__enter__(), "it is no file and no folder"),
    ],
)
def test_what_cannot_be_answered_says_what_would(ask: Callable[[], object], words: str) -> None:
    with pytest.raises((InputError, ValueError, IndexError), match=words):
        ask()


def test_more_plants_than_a_page_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_scenario, "MAX_PLANTS", -1)
    with pytest.raises(InputError, match=r"mine: 0 own rows of projects .* in a terminal"):
        own_scenario.check_size(load_scenario("truce"), "mine")


def test_a_government_that_decides_takes_no_act_where_nothing_is_controlled() -> None:
    scenario = load_scenario("governments-decide-2024")
    assert scenario.mode_of("China") == "autonomous"
    assert without_export_controls(scenario, "China").mode_of("China") == "scripted"


def test_numbers_of_nothing_and_a_whole_name() -> None:
    assert set(band([None, math.nan]).values()) == {None}
    assert half_life([1, 2], np.array([0.0, 1.0])) is None
    assert firm_named(["Ara", "ara", "Arafura"], "ara") == "ara"


def test_a_folder_is_filled_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, new = tmp_path / "here", tmp_path / "new"
    here.mkdir()
    with new_folder(here) as partial:
        (partial / "a.csv").write_text("1")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.csv", "here"]
    with suppress(KeyError), new_folder(new / "deep" / "out"):
        (new / "mine.txt").write_text("kept")
        raise KeyError
    assert [path.name for path in new.iterdir()] == ["mine.txt"]
    assert write_frames([], new / "none.parquet") == {}
    with pytest.raises(InputError, match=r"lies inside 'mine.txt', which is a file"):
        check_new_folder(new / "mine.txt" / "out")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="cannot be written; give a folder where you may write"):
        check_new_folder(new / "out")


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
    found = study.simulate_targets(
        tmp_path, targets, ["first_answer"], np.array([[0.6], [0.7]]), 2, 1
    )
    assert sorted(ran) == sorted({row.scenario for row in targets})
    assert found.shape == (2, 2, 12 + len(licence_objective()))
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
