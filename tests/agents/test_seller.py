"""The seller's rules: rationing never gives what is not there, and a price has a floor and a
ceiling.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.firms import seller
from tests.helpers import floats as a


def test_short_stock_by_hand() -> None:
    """Orders of 10, 10 and 5 of 15 t in stock: three fifths of each, wherever they come from; of a
    seller that has enough all.
    """
    granted, wanted = seller.ration(a(10.0, 10.0, 5.0, 7.0), np.array([0, 0, 0, 1]), a(15.0, 8.0))
    np.testing.assert_allclose(granted, [6.0, 6.0, 3.0, 7.0])
    assert wanted.tolist() == [25.0, 7.0]


def test_a_second_round_by_hand() -> None:
    """6 t missing, 10 and 2 left: 5 and 1. Two needs that lack 6 each before one seller with 4: 2
    each.
    """
    one = np.array([0, 0])
    np.testing.assert_allclose(
        seller.second_round(a(6.0), a(10.0, 2.0), one, np.array([0, 1]), 1), [5.0, 1.0]
    )
    np.testing.assert_allclose(
        seller.second_round(a(6.0, 6.0), a(4.0), np.array([0, 1]), one, 2), [2.0, 2.0]
    )


def test_an_asking_price_by_hand() -> None:
    """Worth 50 and as scarce as twice the price: 100, or what users can bear, or the floor."""
    scarce = a(0.0, np.log(2.0), np.log(2.0), -np.log(2.0), -np.log(2.0))
    found = seller.asking_price(
        np.full(5, 50.0), scarce, a(0.0, 0.0, 0.0, 40.0, 0.0), a(np.inf, np.inf, 80.0, 99.0, 99.0)
    )
    np.testing.assert_allclose(found, [50.0, 100.0, 80.0, 40.0, 25.0])


def test_who_cannot_ask_less_asks_its_floor_whatever_users_can_bear() -> None:
    assert seller.asking_price(a(50.0), a(0.0), a(45.0), a(30.0))[0] == 45.0


def test_aid_is_passed_on_down_to_the_quote() -> None:
    """A maker that asks 52 and is paid 10 by the tonne asks 42, where others ask 40; paid 20 it
    asks 40 too. Who asks less than others anyway goes on doing so.
    """
    found = seller.passed_on(a(52.0, 52.0, 38.0), a(10.0, 20.0, 20.0), a(40.0, 40.0, 40.0))
    assert found.tolist() == [42.0, 40.0, 38.0]
