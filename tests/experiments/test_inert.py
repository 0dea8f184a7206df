"""Which parameters a world does not feel: sizes of moves by hand, and one short world with a knob
that it feels and two that it cannot.
"""

from __future__ import annotations

import pytest

from coercivity.experiments.questions.inert_parameters import (
    APPEARS,
    RangeEndEffect,
    find_inert_parameters,
    measure_range_ends,
    moves,
)


def test_a_move_is_measured_against_the_headline_or_the_least_of_its_unit() -> None:
    rows = {  # before, after, size of the move
        "first_stop_days": (200.0, 190.0, 0.05),
        "firms_stopped": (4.0, 5.0, 0.1),  # of the ten that are the least
        "output_lost_total": (0.0, 0.005, 0.005),  # of a billion
        "world_price_dy_end": (300.0, 300.3, 0.001),
        "median_stop_days": (None, 80.0, APPEARS),
    }
    before, after, sizes = ({name: row[at] for name, row in rows.items()} for at in range(3))
    still = {"gdp_effect_12m": -0.5}
    found = moves(before | still, after | still)
    assert found == pytest.approx(sizes)
    one = RangeEndEffect("price_eta", "japan-2026", 0.4, found)
    assert one.large == ("first_stop_days", "firms_stopped", "median_stop_days")


def test_inert_is_what_changes_no_digit_and_small_what_moves_nothing_by_a_hundredth() -> None:
    found = [
        RangeEndEffect("a", "one", 0.0, {}),
        RangeEndEffect("a", "other", 0.0, {}),
        RangeEndEffect("b", "one", 0.0, {}),
        RangeEndEffect("b", "other", 1.0, {"firms_stopped": 0.009}),
        RangeEndEffect("c", "one", 0.0, {"firms_stopped": 0.009}),
        RangeEndEffect("c", "other", 1.0, {"firms_stopped": 0.02}),
    ]
    assert find_inert_parameters(found) == (["a"], ["b"])


def test_a_short_calm_world_feels_prices_and_no_courts_and_is_not_asked_about_its_size() -> None:
    names = ("price_eta", "dispute_odds_security", "firms_per_sector")
    found = list(measure_range_ends("business-as-usual", names, months=8))
    assert [(one.parameter, one.value) for one in found] == [
        ("price_eta", 0.4),
        ("price_eta", 1.3),
        ("dispute_odds_security", 0.0),
        ("dispute_odds_security", 0.2),
    ]
    assert find_inert_parameters(found)[0] == ["dispute_odds_security"]
    assert all("world_price_ndpr_end" in one.moves for one in found[:2])
