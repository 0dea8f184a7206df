"""Investors' rules of entry, place and closing: hand answers and which way each input works.
(Expansion and the multiple: test_producers.)
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.firms import closing, investor, real_option
from tests.helpers import floats as a


def test_an_annuity_at_no_interest_is_its_years_and_nears_them() -> None:
    rates = a(0.08, 1e-6, 1e-9, 1e-13, 0.0)
    worth = investor.annuity(rates, 20.0)
    assert worth[0] == (1.0 - 1.08**-20.0) / 0.08
    np.testing.assert_allclose(worth[1:], 20.0, rtol=2e-5)
    assert worth[-1] == 20.0
    assert (np.diff(worth) > -1e-5).all()


def test_a_cheap_loan_lowers_the_rate_on_its_part_and_a_dear_one_is_not_taken() -> None:
    np.testing.assert_allclose(
        investor.borrowing_rate(0.08, a(0.5, 0.5), a(0.02, 0.2)), [0.05, 0.08]
    )


def test_newcomers_fill_what_is_left() -> None:
    """Orders of 100 and rivals of 100 that fill 70 leave 30 for a plant of 50; a plant of 10 sells
    as much as it can; in a calm market none sells.
    """
    use = investor.expected_use(
        a(100.0, 100.0, 60.0),
        a(0.0, 0.0, 0.0),
        a(3.0, 3.0, 3.0),
        a(100.0, 100.0, 100.0),
        a(50.0, 10.0, 50.0),
        0.7,
        0.85,
    )
    np.testing.assert_allclose(use, [0.6, 0.85, 0.0])


def test_a_plant_between_the_two_thresholds_stays_as_it_is() -> None:
    assert closing.should_mothball(a(3.0, 2.0), a(3.0, 3.0)).tolist() == [True, False]
    assert closing.should_reopen(a(2.0, 1.0), 2.0).tolist() == [True, False]


def test_below_2_percent_volatility_counts_as_2_percent() -> None:
    calm, least, more = real_option.option_multiple(a(0.0, 0.02, 0.03), 0.08)
    assert calm == least < more


def test_volatility_hurdle_and_price_by_hand() -> None:
    """(0.3 + 0.3 x 0.5) (1 - 0.4 / 2) (1 - 0.2);  1 + 0.5 x 2 x 0.75 x 0.5;  0.7 x 50 + 0.3 x 150
    e^0.1.
    """
    assert real_option.expected_volatility(0.3, a(0.5), 0.3, a(0.4), a(0.2))[0] == pytest.approx(
        0.288
    )
    assert real_option.hurdle(a(3.0), 0.5, a(0.5), a(0.25))[0] == pytest.approx(1.375)
    assert investor.expected_price(a(50.0), a(150.0), 0.3, a(0.1))[0] == pytest.approx(
        35.0 + 45.0 * np.exp(0.1)
    )
    assert investor.annuity(a(0.1), 2.0)[0] == pytest.approx(1.0 / 1.1 + 1.0 / 1.21)


def test_a_newcomer_counts_on_growth_until_it_opens_from_a_fall_of_5_to_a_rise_of_25_percent() -> (
    None
):
    use = investor.expected_use(
        np.full(3, 100.0),
        a(0.1, 0.9, -0.9),
        np.full(3, 2.0),
        np.full(3, 50.0),
        np.full(3, 1000.0),
        0.8,
        0.85,
    )
    np.testing.assert_allclose(use, (100.0 * np.exp([0.2, 0.5, -0.1]) - 40.0) / 1000.0)


def test_waiting_takes_its_part_of_the_value() -> None:
    assert investor.value_over_cost(a(10.0), a(0.5), a(10.0), a(0.8), a(0.3))[0] == pytest.approx(
        1.6
    )


def test_planned_growth_follows_what_is_seen_between_bounds() -> None:
    """A quarter of the gap in a year of a memory of four: to e^0.1 from 0, to e^-0.02 from 10%; a
    doubling counts as 25%, a halving as -5%.
    """
    before, now = a(0.0, 0.0, 0.1, 0.1), a(np.exp(0.1), 2.0, np.exp(-0.02), 0.5)
    found = investor.planned_growth(before, np.ones(4), now, 4.0)
    np.testing.assert_allclose(found, [0.025, 0.0625, 0.07, 0.0625])


def test_capacity_is_wanted_for_growth_between_bounds() -> None:
    wanted = investor.wanted_capacity(np.full(2, 100.0), a(0.9, -0.9), np.full(2, 0.5), 1.2, 1e9)
    np.testing.assert_allclose(wanted, [120.0 * 1.25**2, 120.0 * 0.95**2], rtol=1e-6)
    assert investor.wanted_capacity(a(100.0), a(0.1), a(1.5), 1.0, 3.0)[0] == pytest.approx(
        100.0 * 1.1 ** (3.0 * (1.0 - np.exp(-1.0)))
    )


def test_sites_by_hand() -> None:
    shares = investor.site_shares(a(1.0, 2.0)[None], a(0.0, 0.5)[None], a(0.5, 0.5), 1.0, 2.0)
    other = 0.5 * np.exp(-1.0)
    np.testing.assert_allclose(shares, [[1.0 / (1.0 + other), other / (1.0 + other)]])


def test_chances_of_giving_up_are_strict() -> None:
    no = np.zeros(5, dtype=bool)
    gone = investor.cancels(
        a(0.05, 0.049, 0.2, 0.19, 0.05), a(1.0, 1.0, 0.99, 0.99, 1.5), 0.05, 0.2, no
    )
    assert gone.tolist() == [False, True, False, True, False]
    assert investor.cancels(a(0.026, 0.024), a(2.0, 2.0), 0.05, 0.2, ~no[:2]).tolist() == [
        False,
        True,
    ]


def test_what_borders_leave_unserved_is_shared_by_what_stands() -> None:
    """90 t for plants of 30 in all; where nothing stands nobody wins anything."""
    by_tonne = investor.unserved_by_tonne(a(90.0, 0.0), a(30.0, 0.0))
    assert (by_tonne * a(10.0, 0.0)).tolist() == [30.0, 0.0]
