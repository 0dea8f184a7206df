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


def test_deterrents_and_leaks_by_hand() -> None:
    assert trader.nerve(np.array([0.2]), np.array([0.5]), 0.25) == pytest.approx([0.8 * 0.5 * 0.75])
    assert trader.smuggled_share(0.45, np.array([0.5]), 0.2) == pytest.approx([0.18])
    assert trader.trade_capacity(np.array([2.0]), np.array([10.0]), 4.0, 12.0) == pytest.approx(
        [4.0]
    )
    assert trader.trade_capacity(np.array([8.0]), np.array([2.0]), 4.0, 12.0) == pytest.approx(
        [7.5]
    )
