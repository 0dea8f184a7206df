"""A calibration on a formula in the model's place: what it must find again, what it must not
claim, and what it may never read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.calibration.emulator import fit_emulator
from coercivity.experiments.calibration.identifiability import (
    Recovery,
    identify_parameters,
    recover,
    truths_of,
)
from coercivity.experiments.calibration.implausibility import (
    FAR,
    Objective,
    fit_targets,
    implausibility,
    log_likelihood,
    make_objective,
)
from coercivity.experiments.calibration.study import Setting, claim_folder
from coercivity.experiments.calibration.waves import MatchedRuns, Space, check, match, propose
from coercivity.model.basis.errors import InputError

SPACE = Space(
    ("slope", "level", "idle"),
    np.array([0.0, -1.0, 10.0]),
    np.array([2.0, 1.0, 20.0]),
    np.array([1.0, 0.0, 15.0]),
    3,
)
TRUTH = np.array([1.4, -0.5, 12.0])


@dataclass(frozen=True)
class Row:
    """As much of a target as an objective reads."""

    id: str
    value: float
    tolerance: float
    tolerance_kind: str = "absolute"
    fit_weight: float = 1.0
    sample: str = "in"
    last: str = "2014-12"
    base_last: str = ""
    never: float = float("nan")


def formula(values: np.ndarray, wave: int) -> np.ndarray:
    """Three outcomes of two parameters; the third parameter does nothing. Two seeds, their luck a
    hundredth.
    """
    slope, level, _ = values.T
    clean = np.column_stack([np.exp(slope), level + slope**2, 3.0 * level])
    luck = 0.01 * np.random.default_rng(wave).standard_normal((len(values), 2, 3))
    return clean[:, None, :] + luck


def objective(*extra: Row) -> Objective:
    """The record is what the truth gives."""
    first, second, third = formula(TRUTH[None, :], 99)[0].mean(axis=0)
    rows = (Row("a", first, 0.1, "log"), Row("b", second, 0.1), Row("c", third, 0.1, "relative"))
    return make_objective([*rows, *extra])


@cache
def three_waves() -> MatchedRuns:
    return match(SPACE, objective(), formula, vectors=150, waves=3, seed=1)


def test_waves_close_in_on_the_truth_and_leave_the_idle_parameter_open() -> None:
    found = three_waves()
    slope, level, idle = identify_parameters(found)
    assert np.median(found.likely[found.wave == 2]) > np.median(found.likely[found.wave == 0]) + 3.0
    for one, truth in ((slope, 1.4), (level, -0.5)):
        assert one.p05 <= truth <= one.p95
        assert one.identified
    assert not idle.identified
    assert idle.left > 0.7


def test_the_last_wave_is_kept_whole_but_for_what_is_left_out() -> None:
    """None of it is chosen by its own runs; the likeliest comes first."""
    found = three_waves()
    assert found.kept.sum() == (found.wave == 2).sum() == 150
    left_out = found.wave == 0
    left_out[-2:] = True
    fewer = replace(found, left_out=left_out)
    assert fewer.kept.sum() == 148
    best = found.unit[found.kept][found.likely[found.kept].argmax()]
    assert found.collection()[0] == pytest.approx(SPACE.values(best))


def test_a_target_that_nothing_meets_does_not_decide_the_rest() -> None:
    """[By squares the members gather where it is least far off.] The two that tell still do."""
    record = objective(Row("impossible", 50.0, 1.0))

    def model(values: np.ndarray, wave: int) -> np.ndarray:
        leans = np.repeat(10.0 * values[:, None, :1], 2, axis=1)  # nearer to 50 at a steep slope
        return np.concatenate([formula(values, wave), leans], axis=2)

    found = match(SPACE, record, model, vectors=100, waves=3)
    slope, level, _ = identify_parameters(found)
    for one, truth in ((slope, 1.4), (level, -0.5)):
        assert one.p05 <= truth <= one.p95
    assert found.each[:, -1].min() == 10.0


def test_an_undefined_outcome_is_as_implausible_as_can_be() -> None:
    record = objective()
    each = implausibility(record, np.array([[np.nan, *record.record[1:]]]), np.zeros(3))
    assert each.tolist() == [[10.0, 0.0, 0.0]]


def test_a_stop_that_never_comes_is_later_than_any_day() -> None:
    """It moves means, luck and the emulator as the day after the window does."""
    stop = next(one for one in load_evidence("in") if one.statistic == "first_day")
    assert (stop.first, stop.last, stop.never) == ("2025-04", "2025-12", 275.0)
    record = objective(Row("stop", 55.0, 14.0, never=stop.never))

    def model(values: np.ndarray, wave: int) -> np.ndarray:
        day = np.where(values[:, [2]] > 15.0, np.nan, 55.0) * np.ones((1, 2))
        return np.concatenate([formula(values, wave), day[:, :, None]], axis=2)

    found = match(SPACE, record, model, vectors=100, waves=2)
    never = found.space.values(found.unit)[:, 2] > 15.0
    assert (found.mean[never, 3].min(), found.mean[~never, 3].max()) == (275.0, 55.0)
    assert found.each[never, 3].min() > FAR
    assert np.mean(never[found.wave == 1]) < 0.2  # the emulator has learned it


def test_a_far_target_costs_little_more_the_farther_it_is() -> None:
    """5 / 2 ln(1 + I^2 / 4): of the likelihood's logarithm one deviation takes 0.56, three 2.95,
    nine 7.64, where squares take 0.5, 4.5 and 40.5.
    """
    found = log_likelihood(np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 3.0], [0.0, 9.0]]))
    assert found == pytest.approx([0.0, -0.558, -2.946, -7.641], abs=1e-3)


def test_what_is_not_calibrated_is_drawn_and_stays_with_its_vector() -> None:
    """The level as no calibrated parameter: it is spread as a triangle with its peak at the shipped
    0, moves the targets all the same, and what is kept holds levels near the truth.
    """
    order = [0, 2, 1]
    names = tuple(SPACE.names[at] for at in order)
    space = Space(names, *(ends[order] for ends in (SPACE.low, SPACE.high, SPACE.shipped)), 2)
    spread = space.values(np.column_stack([np.full(999, 0.5)] * 2 + [np.linspace(0, 1, 999)]))
    assert np.quantile(spread[:, 2], [0.125, 0.5, 0.875]) == pytest.approx([-0.5, 0, 0.5], abs=0.01)
    assert space.unit(spread)[:, 2] == pytest.approx(np.linspace(0, 1, 999), abs=1e-9)

    def model(values: np.ndarray, wave: int) -> np.ndarray:
        return formula(values[:, order], wave)

    found = match(space, objective(), model, vectors=150, waves=3, seed=1)
    assert np.abs(np.median(found.collection()[:, 2]) + 0.5) < 0.1
    assert [one.name for one in identify_parameters(found)] == ["slope", "idle"]


def recovered(vectors: int, truths: int, waves: int = 1) -> Recovery:
    """What is found of truths, with luck that the fit has not seen."""
    found = match(SPACE, objective(), formula, vectors=vectors, waves=waves)
    chosen = truths_of(found, truths)
    histories = found.objective.scaled(formula(SPACE.values(found.unit[chosen]), 5)[:, 0])
    return recover(found, chosen, histories)


def test_known_truths_are_found_again_and_one_alone_has_no_correlation() -> None:
    result = recovered(200, 12)
    assert min(result.inside) >= 0.6  # eight tenths of twelve, less two standard errors
    assert min(result.correlation[:2]) > 0.8
    assert max(result.left[:2]) < 0.7 < result.left[2]
    assert recovered(60, 1).correlation == (None, None, None)


def test_truths_of_the_first_wave_are_found_again_when_later_ones_crowd_elsewhere() -> None:
    result = recovered(100, 24, waves=3)
    assert min(result.inside) >= 0.63  # eight tenths of 24, less two standard errors


@pytest.mark.parametrize(
    "fields",
    [
        {"sample": "out", "last": "2025-12"},
        {"sample": "kept_back", "last": "2013-12"},
        {"base_last": "2026-02"},
    ],
)
def test_nothing_after_2025_and_nothing_kept_back_can_enter_a_fit(fields: dict[str, str]) -> None:
    with pytest.raises(InputError, match="only in and bound up to 2025-12"):
        fit_targets([Row("later", 1.0, 0.1, **fields)])


def test_luck_is_the_variance_of_one_history_of_the_model_and_one_of_the_record() -> None:
    record = make_objective([Row("a", 0.0, 0.1), Row("b", 0.0, 0.1)])

    def model(values: np.ndarray, wave: int) -> np.ndarray:
        luck = np.random.default_rng(wave).standard_normal((len(values), 2))
        return np.stack([0.3 * luck, np.zeros_like(luck)], axis=2)

    found = match(SPACE, record, model, vectors=2000, waves=1)
    assert found.luck[0] == pytest.approx(0.09 * 1.5, rel=0.1)
    assert found.luck[1] == 0.0


def test_a_stand_in_is_judged_by_runs_that_it_has_not_seen() -> None:
    rng = np.random.default_rng(3)
    unit, later = rng.random((200, 3)), rng.random((400, 3))

    def model(at: np.ndarray) -> np.ndarray:
        clean = at[:, 0] + at[:, 1] ** 2 + 0.01 * rng.standard_normal(len(at))
        return np.column_stack([clean, rng.standard_normal(len(at))])

    found = check(fit_emulator(unit, model(unit)), later, model(later))
    assert found.explained[0] > 0.98
    assert found.explained[1] < 0.1
    assert np.all((found.covered > 0.9) & (found.covered < 0.99))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    claim_folder(tmp_path / "new", Setting())
    claim_folder(tmp_path / "new", Setting())  # the same again resumes
    with pytest.raises(InputError, match="another size"):
        claim_folder(tmp_path / "new", Setting(vectors=7))
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is in use"):
        claim_folder(tmp_path / "used", Setting())


def test_a_stand_in_of_many_parameters_says_how_far_it_is_off() -> None:
    """Sixty parameters and two hundred runs, as many as a calibration has at first: the error that
    it states lies within a quarter of that on runs which it has not seen.
    """
    rng = np.random.default_rng(8)
    unit, later = rng.random((200, 60)), rng.random((2000, 60))
    slopes = rng.standard_normal(60) / np.arange(1, 61)

    def model(at: np.ndarray) -> np.ndarray:
        luck = 0.05 * rng.standard_normal(len(at))
        return np.asarray((at @ slopes + at[:, 0] * at[:, 1] + luck)[:, None])

    emulator = fit_emulator(unit, model(unit))
    seen = ((emulator.predict(later) - model(later)) ** 2).mean()
    assert 0.75 < emulator.error()[0] / seen < 1.25


def test_a_stand_in_learns_what_two_parameters_do_together() -> None:
    """x y has no slope of its own; nine tenths of what moves beside the plane are found."""
    rng = np.random.default_rng(5)
    unit, later = rng.random((300, 3)), rng.random((300, 3))

    def model(at: np.ndarray) -> np.ndarray:
        return (at[:, [0]] + at[:, [1]] + 2.0 * at[:, [0]] * at[:, [1]]) ** 2

    missed = fit_emulator(unit, model(unit)).predict(later) - model(later)
    plane = np.column_stack([np.ones(300), later])
    beside = model(later) - plane @ np.linalg.lstsq(plane, model(later), rcond=None)[0]
    assert missed.var() < 0.1 * beside.var()


def test_chains_end_where_the_record_is_likely() -> None:
    found = three_waves()
    emulator = fit_emulator(found.unit, found.mean)
    truth, free = SPACE.unit(TRUTH), propose(found, emulator, 60, 4)
    assert np.abs(np.median(free[:, :2], axis=0) - truth[:2]).max() < 0.02
    assert np.ptp(free[:, 2]) > 0.8  # the idle one goes where it likes
