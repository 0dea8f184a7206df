"""Investors' rules of entry, place and closing: hand answers and which way each input works. (Expansion and the multiple: test_producers.)"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents import investor


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_an_annuity_of_twenty_years_at_eight_percent() -> None:
    assert investor.annuity(a(0.08), 20.0)[0] == pytest.approx(9.818, abs=0.001)


def test_an_annuity_at_no_interest_is_its_years_and_nears_them() -> None:
    """A plant that is lent all its capital for nothing: the limit of the rule, which divides zero by zero there."""
    rates = a(0.08, 1e-6, 1e-9, 1e-13, 0.0)
    worth = investor.annuity(rates, 20.0)
    assert worth[0] == (1.0 - 1.08**-20.0) / 0.08
    np.testing.assert_allclose(worth[1:], 20.0, rtol=2e-5)
    assert worth[-1] == 20.0
    assert (np.diff(worth) > -1e-5).all()


def test_value_over_cost_by_hand() -> None:
    """10 USD/kg at half use is 60 USD million a year per thousand t/month; ten annuity years at no wait over a capex of 0.3: 2.0."""
    assert investor.value_over_cost(a(10.0), a(0.5), a(10.0), a(1.0), a(0.3))[0] == pytest.approx(2.0)


def test_threats_raise_and_promises_cut_the_volatility_that_is_expected() -> None:
    alone = investor.expected_volatility(0.3, a(0.0, 1.0), 0.3, a(0.0, 0.0), a(0.0, 0.0))
    np.testing.assert_allclose(alone, [0.3, 0.6])
    backed = investor.expected_volatility(0.3, a(1.0, 1.0), 0.3, a(1.0, 0.0), a(0.0, 0.7))
    np.testing.assert_allclose(backed, [0.3, 0.18])


def test_public_equity_asks_no_premium() -> None:
    np.testing.assert_allclose(investor.hurdle(a(3.0, 3.0, 3.0), 0.5, a(1.0, 1.0, 0.0), a(0.0, 1.0, 0.0)), [2.0, 1.0, 1.0])


def test_a_cheap_loan_lowers_the_rate_on_its_part_and_a_dear_one_is_not_taken() -> None:
    np.testing.assert_allclose(investor.borrowing_rate(0.08, a(0.5, 0.5), a(0.02, 0.2)), [0.05, 0.08])


def test_a_quote_is_read_with_its_weight() -> None:
    assert investor.expected_price(a(50.0), a(150.0), 0.3, a(0.0))[0] == pytest.approx(80.0)


def test_newcomers_fill_what_is_left() -> None:
    """Orders of 100 and rivals of 100 that fill 70 leave 30 for a plant of 50; a plant of 10 sells as much as it can; in a calm market none sells."""
    use = investor.expected_use(a(100.0, 100.0, 60.0), a(0.0, 0.0, 0.0), a(3.0, 3.0, 3.0), a(100.0, 100.0, 100.0), a(50.0, 10.0, 50.0), 0.7, 0.85)
    np.testing.assert_allclose(use, [0.6, 0.85, 0.0])


@given(st.floats(0.2, 5), st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1))
def test_shares_of_sites_add_up_and_a_dearer_or_more_threatened_site_gets_less(cost: float, dearer: float, threat: float, more: float) -> None:
    low, high = sorted((cost, dearer))
    calm, feared = sorted((threat, more))
    cost_rows = np.array([[1.0, low, 1.0], [1.0, high, 1.0]])
    shares = investor.site_shares(cost_rows, np.array([[0.0, calm, 0.0], [0.0, feared, 0.0]]), np.array([0.8, 0.08, 0.12]), 6.0, 4.0)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert shares[1, 1] <= shares[0, 1] + 1e-12


def test_without_gap_or_threat_makers_build_where_they_used_to() -> None:
    shares = investor.site_shares(np.ones((1, 3)), np.zeros((1, 3)), np.array([0.8, 0.08, 0.12]), 6.0, 4.0)
    np.testing.assert_allclose(shares[0], [0.8, 0.08, 0.12])


def test_a_plant_between_the_two_thresholds_stays_as_it_is() -> None:
    assert investor.closes(a(3.0, 2.0), a(3.0, 3.0)).tolist() == [True, False]
    assert investor.reopens(a(2.0, 1.0), 2.0).tolist() == [True, False]


def test_hopeless_projects_are_given_up_and_public_backing_halves_the_chance() -> None:
    gone = investor.cancels(a(0.1, 0.1, 0.03, 0.3), a(0.5, 2.0, 2.0, 0.5), 0.05, 0.4, np.array([False, False, False, True]))
    assert gone.tolist() == [True, False, True, False]
