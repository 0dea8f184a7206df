"""A mixture of model and reckoning (experiments/backtest/mixtures.py): the fit chooses, by hand."""

from __future__ import annotations

import pytest

from coercivity.experiments.backtest.mixtures import Mixture, choose, error, mixture_rows
from coercivity.experiments.backtest.score import Score, score
from tests.experiments.made_targets import target


def judged(value: float, model: float, before: float, **fields: object) -> Score:
    """A row whose record is *value*, of which the model says *model* and no change *before*."""
    plain = {"value": value, "tolerance": 10.0, "tolerance_kind": "absolute", "before": before}
    return score(target(**{**plain, **fields}), [model] * 5)  # type: ignore[arg-type]


def test_errors_on_either_side_cancel() -> None:
    rows = [judged(100.0, model=120.0, before=60.0, good=good) for good in ("", "ndpr_oxide")]
    assert error(rows, Mixture("no_change", 0.0)) == pytest.approx(2.0)
    assert error(rows, Mixture("no_change", 1.0)) == pytest.approx(4.0)
    assert error(rows, Mixture("no_change", 0.25)) == pytest.approx(0.5)
    assert choose(rows) == Mixture("no_change", 0.25)


def test_a_model_that_is_right_is_left_alone() -> None:
    rows = [judged(100.0, model=100.1, before=80.0, good=good) for good in ("", "ndpr_oxide")]
    assert choose(rows).weight == 0.0
    (row,) = mixture_rows(rows)
    assert (row["weight"], row["holds"]) == (0.0, None)


def test_one_series_chooses_nothing() -> None:
    assert choose([judged(100.0, model=120.0, before=60.0)]).weight == 0.0


def test_the_fit_chooses_and_the_other_samples_only_judge() -> None:
    fit = [judged(100.0, model=120.0, before=60.0, good=good) for good in ("", "ndpr_oxide")]
    worse = judged(100.0, model=100.0, before=60.0, sample="kept_back")
    found = {row["sample"]: row for row in mixture_rows([*fit, worse])}
    assert found["in"]["holds"] is True
    assert (found["kept_back"]["weight"], found["kept_back"]["holds"]) == (0.25, False)
    assert found["kept_back"]["mixture"] == pytest.approx(1.0)


def test_what_is_undefined_is_as_far_as_can_be() -> None:
    never = score(target(value=100.0, tolerance=10.0, tolerance_kind="absolute", before=100.0), [])
    assert error([never], Mixture("no_change", 0.0)) == 10.0
    assert error([never], Mixture("no_change", 0.5)) == 5.0
