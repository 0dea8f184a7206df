"""The buyer's rules: hand answers, then properties over their ranges."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.firms import buyer
from tests.helpers import floats as a


def test_expected_use_closes_a_sixth_of_the_gap() -> None:
    assert buyer.expected_use(a(60.0), a(120.0), a(6.0))[0] == pytest.approx(70.0)


def test_a_forecast_looks_as_far_ahead_as_the_smoothing_looks_back() -> None:
    assert buyer.forecast(a(100.0), a(0.12), a(6.0))[0] == pytest.approx(106.0)


def test_an_order_by_hand() -> None:
    """Use 10, cover 2 and lead 1 want 30 t; 15 in stock and 6 on the way leave 9, a third of it a
    month: 13 t.
    """
    assert buyer.order_quantity(a(10.0), a(2.0), a(1.0), a(15.0), a(6.0), 3.0, 2.5)[
        0
    ] == pytest.approx(13.0)


def test_shares_by_hand() -> None:
    """By relationship; by cost to the fourth power, distrust of 0.2 and 0.4 at a gain of 4 and half
    of orders filled; nothing to who is not qualified.
    """
    one = a(1.0, 1.0)
    for weight, cost, distrust, fill, qualified, pull in (
        (a(0.75, 0.25), one, a(0.0, 0.0), one, one, a(0.75, 0.25)),
        (a(0.5, 0.5), a(1.1, 1.0), a(0.2, 0.4), a(1.0, 0.5), one, None),
        (a(0.2, 0.8), a(1.0, 0.2), a(0.0, 0.0), one, a(1.0, 0.0), a(1.0, 0.0)),
    ):
        found = buyer.sourcing_target(
            *(weight, cost, 4.0 * distrust, fill, qualified),
            *(np.zeros(2, dtype=np.int64), np.array([0]), np.full(2, 4.0)),
        )
        wanted = a(1.1**-4 * np.exp(-0.8), 0.5 * np.exp(-1.6)) if pull is None else pull
        np.testing.assert_allclose(found, wanted / wanted.sum())


def test_shares_follow_a_part_of_the_way_and_keep_their_sum() -> None:
    share = buyer.follow(a(0.8, 0.2), a(0.4, 0.6), 0.15)
    np.testing.assert_allclose(share, [0.74, 0.26])


def test_a_relationship_rests_half_way_between_trade_and_its_beginning() -> None:
    weight = a(0.9)
    for _ in range(2000):
        weight = buyer.relationship(weight, a(0.1), a(0.9), 0.02)
    assert weight[0] == pytest.approx(0.5)


def test_use_is_documented_within_a_year_and_a_bad_year_counts_little() -> None:
    shown = buyer.documented_use(a(10.0, 10.0), a(22.0, 0.0), 6.0, 120.0)
    np.testing.assert_allclose(shown, [12.0, 10.0 - 1.0 / 12.0])


def test_habit_moves_with_distrust_and_not_in_calm() -> None:
    """0.05 a month at full distrust: a gap of 0.4 closes by 0.01 at half of it."""
    moved = buyer.habit(a(0.8, 0.8), a(0.4, 0.4), a(0.5, 0.0), 0.05)
    np.testing.assert_allclose(moved, [0.79, 0.8])


def test_what_some_do_not_bring_is_asked_of_those_that_deliver() -> None:
    """Of two halves one brings two fifths: 0.3 is missing and is asked again, of both by what they
    bring. Who gets nothing of anybody asks once; who gets all asks for no more.
    """
    need, first = np.array([0, 0, 1, 1, 2]), np.array([0, 2, 4])
    found = buyer.orders_spread(a(0.5, 0.5, 0.3, 0.7, 1.0), a(0.4, 1.0, 0.0, 0.0, 1.0), need, first)
    assert found == pytest.approx([0.5 + 0.3 * 2 / 7, 0.5 + 0.3 * 5 / 7, 0.3, 0.7, 1.0])


def test_who_lacks_less_than_it_waits_for_takes_the_rest_back() -> None:
    """Ten a month, three months of cover and lead and the month's own: forty, less what is there
    and what ships; never less than nothing.
    """
    lacks = buyer.still_lacking(a(10.0, 10.0), a(2.0, 2.0), a(1.0, 1.0), a(15.0, 50.0), a(5.0, 0.0))
    assert lacks.tolist() == [20.0, 0.0]


def test_habit_follows_what_suppliers_bring() -> None:
    """Of a need that orders half and half of two and gets a tenth and the whole of that: 1/11 and
    10/11; where nothing comes, as it orders.
    """
    need, first = np.array([0, 0, 1, 1]), np.array([0, 2])
    found = buyer.delivered(a(0.5, 0.5, 0.3, 0.7), a(0.1, 1.0, 0.0, 0.0), need, first)
    np.testing.assert_allclose(found, [1.0 / 11.0, 10.0 / 11.0, 0.3, 0.7])
