"""Edges of the experiments: what is refused, what is too short or empty, and studies whose runs are
made up.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.backtest import naive
from coercivity.experiments.backtest.evidence import check_target, load_evidence
from coercivity.experiments.calibration import study
from coercivity.experiments.questions import hazards
from coercivity.experiments.questions.leverage import leverage, sender_share, worst_year
from coercivity.experiments.sensitivity.analysis import (
    choose_methods,
    choose_outcomes,
    corner_points,
)
from coercivity.experiments.sweep import local, parts
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.viz.classroom.engine.game import new_game, play_round, predict
from coercivity.viz.classroom.engine.pieces import Move

TARGET = next(
    one for one in load_evidence() if one.statistic == "mean" and one.tolerance_kind == "log"
)
CHANGE = next(one for one in load_evidence() if one.base_first)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (replace(TARGET, first="2012-01", last="2011-12"), "to '2011-12' is before from '2012-01'"),
        (replace(CHANGE, base_first="2012-01", base_last="2011-12"), "do not make a window"),
        (replace(CHANGE, base_first=""), "do not make a window"),
        (replace(TARGET, tolerance=0.0), "tolerance '0.0' does not fit"),
        (replace(TARGET, tolerance_kind="loud"), "tolerance_kind 'loud' is not known"),
        (replace(TARGET, tolerance_kind="relative", value=0.0), "has no relative tolerance"),
        (replace(TARGET, quantity="mood"), "quantity 'mood' is not known"),
        (replace(TARGET, statistic="mode"), "statistic 'mode' is not known"),
        (replace(TARGET, quantity="first_stop"), "use first_day with first_stop"),
    ],
)
def test_a_target_that_cannot_be_judged_is_refused(target: Any, says: str) -> None:
    check_target(Facts.default(), TARGET)
    with pytest.raises(InputError) as error:
        check_target(Facts.default(), target)
    assert says in str(error.value)


def test_unknown_samples_stages_and_no_seeds_are_refused() -> None:
    with pytest.raises(InputError, match="sample 'inn' is not known"):
        load_evidence("inn")
    with pytest.raises(InputError, match="stage 'mine' is not known"):
        sender_share({}, "mine")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="seeds is empty"):
        leverage("business-as-usual", "2025-01", ())


def test_the_worst_year_of_less_than_a_year_is_its_whole() -> None:
    def trace(*values: float) -> Any:
        return {"gdp_effect": np.array(values)[:, None]}

    assert worst_year(trace(-1.0, -2.0), trace(0.0, 1.0)) == -4.0
    assert worst_year(trace(*[-1.0] * 12, 5.0), trace(*[0.0] * 13)) == -12.0
    assert worst_year(trace(*[-1.0] * 12, 5.0), trace(*[0.0] * 13), first=1) == -6.0


def test_what_is_no_list_of_deals_or_one_prediction_too_many_is_refused() -> None:
    game = new_game(3, ("exporter", "target"), length=2)
    for deals in ("truce", {"kind": "truce"}, 3):
        with pytest.raises(InputError, match="is not a list; use \\[\\] for none"):
            play_round(game, {}, deals)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is not a list by seat"):
        play_round(game, [], ())  # type: ignore[arg-type]
    made = play_round(game, {"exporter": [Move("dual_use_ban", (("whom", "target"),), "why")]})
    assert made == play_round(
        game, {"exporter": [{"card": "dual_use_ban", "whom": "target", "why": "why"}]}
    )
    one = predict(game, "before", "target", "soon", 2030)
    with pytest.raises(InputError, match="400 are in already"):
        predict(replace(game, predictions=one.predictions * 400), "before", "target", "soon", 2030)


# ---------------------------------------------------------------- sensitivity


def sample(**fields: Any) -> Any:
    return SimpleNamespace(
        **{"method": "lhs", "names": ("a",), "values": {"firms_stopped": None}, **fields}
    )


def test_a_sweep_without_parameters_outcomes_or_spread_points_is_refused() -> None:
    with pytest.raises(InputError, match="the sweep moves no parameter"):
        choose_methods(sample(names=()))
    with pytest.raises(InputError, match="--method 'sobel' is not known; did you mean"):
        choose_methods(sample(), "sobel")
    with pytest.raises(InputError, match="the sweep holds no outcome"):
        choose_outcomes(sample(values={}))
    with pytest.raises(InputError, match="--outcome 'firms' is not in this sweep"):
        choose_outcomes(sample(), ("firms",))
    with pytest.raises(InputError, match="--corner needs points spread over the ranges"):
        corner_points(sample(method="oat"), ())


# ---------------------------------------------------------------- calibration, hazards


def test_targets_are_simulated_by_one_sweep_a_scenario(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    targets = [one for one in load_evidence() if one.fit_weight > 0][:12]
    designs: dict[str, Any] = {}

    def run(design: Any, place: Path, workers: int) -> None:
        designs[place.name] = design

    def read(place: Path, complete: bool) -> pd.DataFrame:
        assert complete
        of = [row for row in targets if row.scenario == place.name]
        held = {
            f"evidence:{row.id}": [targets.index(row) + 0.1 * at for at in range(4)] for row in of
        }
        return pd.DataFrame({"run": range(4), **held}).sample(
            frac=1.0, random_state=1
        )  # in any order

    monkeypatch.setattr(local, "run_sweep", run)
    monkeypatch.setattr(parts, "read_sweep", read)
    found = study.simulate_targets(tmp_path, targets, ["price_eta"], np.array([[0.6], [0.7]]), 2, 1)
    assert sorted(designs) == sorted({row.scenario for row in targets})
    assert found.shape == (2, 2, 12)
    np.testing.assert_allclose(found[:, :, 5], [[5.0, 5.1], [5.2, 5.3]])


def test_the_tests_of_governments_count_cases_and_pass_at_their_threshold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def panel(after: float) -> dict[str, float]:
        return {"after": after, "without": 1.0, "months_after": 10.0, "months_without": 100.0}

    right, wrong = (
        {"in_sample": inside, "rule": "a", "documented": what, "constant": "b"}
        for inside, what in ((True, "a"), (False, "b"))
    )
    guesses = [right, right, right, wrong]
    monkeypatch.setattr(
        hazards, "model_panel", lambda start, months, last, seeds: [panel(5.0) for _ in seeds]
    )
    monkeypatch.setattr(
        hazards, "record_panel", lambda start, months: panel(5.0 if start == "2009-01" else 9.0)
    )
    monkeypatch.setattr(hazards, "cases", list)
    monkeypatch.setattr(hazards, "leave_one_out", lambda found, temper: guesses)
    rows = {row["id"]: row for row in hazards.report((1, 2))}
    assert rows["hazard-ratio-2009"]["cases"] == 12.0
    pooled = {"after": 10.0, "without": 2.0, "months_after": 20.0, "months_without": 200.0}
    assert rows["hazard-ratio-2009"]["value"] == pytest.approx(hazards.ratio_of(pooled)[2])
    assert (rows["hazard-level-2009"]["passes"], rows["hazard-level-2024"]["passes"]) == (
        True,
        False,
    )  # six measures happened, ten did
    assert (rows["instrument-loo"]["value"], rows["instrument-loo"]["cases"]) == (3.0, 3.0)
    assert (rows["instrument-out"]["value"], rows["instrument-out"]["record"]) == (-1.0, 0.0)


def test_a_reckoning_without_the_model_follows_the_statistic_it_is_set_against(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(naive, "effect", lambda target: 0.5)
    window = {
        "first": "2010-01",
        "last": "2010-12",
        "event": "2010-01",
        "before": 20.0,
        "hit": 0.5,
        "quantity": TARGET.quantity,
    }
    base = {"base_first": "2009-01", "base_last": "2009-12"}
    assert naive._after(replace(TARGET, **window, statistic="ratio", **base), naive._stays) == 0.5
    assert naive._after(
        replace(TARGET, **window, statistic="log_change", **base), naive._stays
    ) == pytest.approx(np.log(0.5))
    assert naive._after(replace(TARGET, **window), naive._stays) == 10.0
    assert naive._after(replace(TARGET, **window | {"before": None}), naive._stays) is None
    assert naive._after(replace(TARGET, **window | {"event": ""}), naive._stays) is None
