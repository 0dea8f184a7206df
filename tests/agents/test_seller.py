"""The seller's rules: rationing never gives what is not there, prices are calm at home and steep in
a crisis.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.firms import seller
from tests.helpers import floats as a


def test_short_stock_by_hand() -> None:
    """Orders of 10 at home, 10 large abroad, 10 small abroad; 15 t in stock. Even: half to all. By
    tier: home all, the large one half, the small one none.
    """
    granted, wanted = seller.ration(a(10.0, 10.0, 10.0), np.array([0, 1, 2]), a(15.0), 0.4)
    np.testing.assert_allclose(granted, [0.4 * 5 + 0.6 * 10, 0.4 * 5 + 0.6 * 5, 0.4 * 5])
    assert granted.sum() == pytest.approx(15.0)
    assert wanted[0] == 30.0


def test_scarcity_is_zero_at_normal_cover_and_clipped() -> None:
    np.testing.assert_allclose(
        seller.scarcity(a(10.0, 10.0, 10.0, 0.0), a(20.0, 10.0, 0.0, 50.0), 2.0),
        [0.0, np.log(2.0), 2.5, -1.5],
    )


def post(
    price: float,
    anchor: float,
    short: float,
    floor: float = 0.0,
    ceiling: float = np.inf,
    speed: float = 0.35,
    step: float = 0.3,
) -> float:
    return float(
        seller.posted_price(
            a(price), a(anchor), a(short), a(floor), a(ceiling), a(0.3), a(0.8), speed, step
        )[0]
    )


def test_a_price_by_hand() -> None:
    """Scarcity 1.0: wish 0.3 + 0.8 x 0.25 = 0.5 log above the anchor; 35% of it is 0.175."""
    assert post(50.0, 50.0, 0.0) == pytest.approx(50.0)
    assert post(50.0, 50.0, 1.0) == pytest.approx(50.0 * np.exp(0.175))


def test_the_monthly_step_and_the_floor_hold() -> None:
    assert post(50.0, 50.0, 2.5) == pytest.approx(50.0 * np.exp(0.3))
    assert post(50.0, 50.0, -1.5, floor=49.0) == 49.0


def test_an_ore_moves_to_its_netback_and_not_beyond() -> None:
    assert post(50.0, 50.0, 2.5, ceiling=55.0) == pytest.approx(50.0 * 1.1**0.35)
    assert post(50.0, 50.0, 2.5, ceiling=40.0) < 50.0


def test_the_rule_is_convex_beyond_half_a_log_unit() -> None:
    def wish(short: float) -> float:
        return np.log(post(1.0, 1.0, short, floor=1e-9, speed=1.0, step=10.0))

    assert wish(0.5) == pytest.approx(0.15)
    assert wish(2.5) - wish(2.0) > wish(1.5) - wish(1.0) > wish(0.5) - wish(0.0)
    assert np.exp(wish(2.5)) > 10.0  # tenfold in a crisis


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


def test_the_anchor_by_hand() -> None:
    """3% of the gap to the price, counted up to 0.3 log either way, and 1% of the gap to the
    base.
    """
    anchor = seller.drift_anchor(
        a(100.0, 100.0, 100.0), a(110.0, 1e4, 1.0), a(80.0, 100.0, 100.0), 0.03, 0.01
    )
    np.testing.assert_allclose(
        np.log(anchor / 100.0), [0.03 * np.log(1.1) + 0.01 * np.log(0.8), 0.009, -0.009]
    )
