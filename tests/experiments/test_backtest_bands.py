"""Whether bands hold what they say (experiments/backtest/bands.py), by hand and on rows that are no
different from those of the fit.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.backtest.bands import band_rows, outside_band, widening
from coercivity.experiments.backtest.score import Score, score
from tests.experiments.made_targets import target

DRAWS = list(np.linspace(90.0, 110.0, 101))  # the 10th and 90th percentile are 92 and 108


def judged(value: float, **fields: object) -> Score:
    """A row of tolerance 10 around its value, beside the draws."""
    return score(
        target(value=value, tolerance=10.0, tolerance_kind="absolute", **fields),  # type: ignore[arg-type]
        DRAWS,
    )


def test_how_far_the_record_lies_outside_by_hand() -> None:
    assert outside_band(judged(100.0)) == pytest.approx(-0.8)
    assert outside_band(judged(92.0)) == pytest.approx(0.0, abs=1e-9)
    assert outside_band(judged(120.0)) == pytest.approx(1.2)
    assert outside_band(judged(72.0)) == pytest.approx(2.0)


def test_a_band_without_an_end_holds_all_beyond() -> None:
    """A stop that never comes in a fifth of the draws: any late day is in the band; where it never
    comes at all, none is.
    """
    never = target(
        quantity="first_stop", statistic="first_day", value=900.0, tolerance_kind="absolute"
    )
    assert outside_band(score(never, [10.0] * 80 + [None] * 20)) < 0.0
    assert outside_band(score(never, [None] * 100)) == 10.0


def test_four_fifths_of_the_fit_lie_in_the_wider_band() -> None:
    fit = [judged(100.0 + 4.0 * at) for at in range(10)]
    assert widening(fit) == pytest.approx((100.0 + 32.0 - 108.0) / 10.0)  # the ninth of ten
    later = [judged(value, sample="kept_back") for value in (100.0, 131.0, 140.0, 150.0)]
    found = {(row["sample"], row["kind"]): row for row in band_rows([*fit, *later])}
    kept = found["kept_back", "prices"]
    assert (kept["rows"], kept["inside"], kept["inside_wider"]) == (4, 0.25, 0.5)
    assert kept["wider"] == pytest.approx(2.4)
    assert found["in", "all"]["inside_wider"] == 0.9


def test_rows_that_are_no_different_lie_inside_as_often_as_it_says() -> None:
    """Two hundred worlds of forty rows of the fit and forty others, all as far off: four fifths,
    within what their luck allows.
    """
    rng = np.random.default_rng(2)
    held = []
    for _ in range(200):
        values = 100.0 + 20.0 * rng.standard_normal(80)
        rows = [
            judged(value, sample="in" if at < 40 else "kept_back")
            for at, value in enumerate(values.tolist())
        ]
        found = {(row["sample"], row["kind"]): row for row in band_rows(rows)}
        held.append(found["kept_back", "all"]["inside_wider"])
    assert np.mean(held) == pytest.approx(0.8, abs=0.025)
