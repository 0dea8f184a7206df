"""What traders decide."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.dealers import trader


def test_nobody_smuggles_for_less_than_it_costs() -> None:
    drawn = trader.pull(np.array([0.5, 1.0, 1.2, 1.5, 3.0]), 0.2, 1.0)
    assert drawn[:3] == pytest.approx([0.0, 0.0, 0.0])
    assert drawn[3] == pytest.approx(1.0 - np.exp(-0.3))
    assert drawn[3] < drawn[4] < 1.0
    assert trader.pull(np.array([1.5]), 0.2, 2.0) == pytest.approx([1.0 - np.exp(-0.6)])


def wanted(today: float, growth: float = 0.0, alarm: float = 0.0, abroad: float = 0.0) -> float:
    """Stock that traders want of a good of which 100 t a month are used: 1.5 months per log of
    cheapness, four months at most.
    """
    return trader.stock_wanted(100.0, growth, today, alarm, abroad, 1.5, 0.02, 4.0)


def test_deterrents_and_leaks_by_hand() -> None:
    assert trader.nerve(np.array([0.2]), np.array([0.5]), 0.25) == pytest.approx([0.8 * 0.5 * 0.75])
    assert trader.smuggled_share(0.45, np.array([0.5]), 0.2) == pytest.approx([0.18])
    assert trader.trade_capacity(np.array([2.0]), np.array([10.0]), 4.0, 12.0) == pytest.approx(
        [4.0]
    )
    assert trader.trade_capacity(np.array([8.0]), np.array([2.0]), 4.0, 12.0) == pytest.approx(
        [7.5]
    )


def test_a_purchase_by_hand() -> None:
    """4 x 100 x 12 (0.05 - 0.02) x 2 x 0.3 = 86.4 are wanted, whatever the price; four months of
    use at most; a fifth of the way from what is held, a fifth of what is for sale.
    """
    assert wanted(1.0, 0.05, 0.3) == wanted(2.0, 0.05, 0.3) == pytest.approx(86.4)
    assert wanted(1.0, 0.05) == 0.0
    assert wanted(2.0, 0.2, 0.9) == pytest.approx(400.0)
    assert wanted(0.5, 0.2, 0.9) == pytest.approx(400.0)  # cheaper is not more
    for held, for_sale, moved in (
        (0.0, 1e9, 17.28),
        (36.4, 1e9, 10.0),
        (186.4, 1e9, -20.0),
        (0.0, 50.0, 10.0),
    ):
        assert trader.stock_traded(86.4, held, for_sale, 0.2) == pytest.approx(moved)
