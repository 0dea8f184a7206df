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


def test_full_enforcement_stops_smuggling() -> None:
    drawn = np.array([0.5, 1.0])
    assert trader.smuggled_share(0.45, drawn, 1.0) == pytest.approx([0.0, 0.0])
    assert trader.smuggled_share(0.45, drawn, 0.0) == pytest.approx([0.225, 0.45])


def test_each_deterrent_alone_can_stop_third_country_trade() -> None:
    none = np.zeros(1)
    assert trader.nerve(none, none, 0.0) == pytest.approx([1.0])
    for stopped in (
        trader.nerve(none + 1.0, none, 0.0),
        trader.nerve(none, none + 1.0, 0.0),
        trader.nerve(none, none, 1.0),
    ):
        assert stopped == pytest.approx([0.0])


def test_a_friendly_or_unbelieved_exporter_is_not_feared() -> None:
    assert trader.fear(0.0, np.array([1.0]), 0.5) == pytest.approx([0.0])
    assert trader.fear(1.0, np.array([0.0]), 0.5) == pytest.approx([0.0])
    assert trader.fear(0.8, np.array([0.5]), 0.5) == pytest.approx([0.2])


def test_trade_builds_faster_than_it_fades_and_never_overshoots() -> None:
    capacity = np.zeros(1)
    for _ in range(4):
        capacity = trader.trade_capacity(capacity, np.array([10.0]), 4.0, 12.0)
    assert capacity == pytest.approx([10.0 * (1.0 - 0.75**4)])
    assert trader.trade_capacity(np.array([12.0]), np.array([0.0]), 4.0, 12.0) == pytest.approx(
        [11.0]
    )
    assert trader.trade_capacity(np.array([0.0]), np.array([10.0]), 1.0, 12.0) == pytest.approx(
        [10.0]
    )


def test_speculators_buy_into_alarm_and_sell_into_a_fall() -> None:
    one = np.ones(1)
    calm = trader.hoard_purchase(
        100.0 * one, 0.1 * one, one, 0.0, 0.0 * one, 500.0 * one, 1.5, 0.02, 4.0, 0.15
    )
    alarmed = trader.hoard_purchase(
        100.0 * one, 0.1 * one, one, 1.0, 0.0 * one, 500.0 * one, 1.5, 0.02, 4.0, 0.15
    )
    assert alarmed > calm
    assert alarmed <= 250.0
    assert (
        trader.hoard_purchase(
            100.0 * one, 0.1 * one, 3.5 * one, 1.0, 0.0 * one, 500.0 * one, 1.5, 0.02, 4.0, 0.15
        )
        == 0.0
    )
    assert trader.hoard_release(100.0 * one, -0.1 * one, one, 0.15) == pytest.approx([15.0])
    assert trader.hoard_release(100.0 * one, 0.1 * one, one, 0.15) == pytest.approx([0.0])


def test_the_pull_by_hand() -> None:
    """Half as much again, less a fifth for handling, at a response of 2: 1 - e^-0.6."""
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


def test_a_purchase_by_hand() -> None:
    """1.5 x 100 x 12 (0.05 - 0.02) x 2 x 0.3; at most 4 months' worth less what is held; at most
    15% of what is for sale.
    """

    def buy(
        alarm: float = 0.3, held: float = 0.0, ratio: float = 1.0, for_sale: float = 1e9
    ) -> float:
        columns = (np.array([value]) for value in (100.0, 0.05, ratio))
        return float(
            trader.hoard_purchase(
                *columns, alarm, np.array([held]), np.array([for_sale]), 1.5, 0.02, 4.0, 0.15
            )[0]
        )

    assert buy() == pytest.approx(32.4)
    assert buy(alarm=0.0) == pytest.approx(150.0 * 0.36 * 0.05)
    assert buy(held=395.0) == pytest.approx(5.0)
    assert buy(held=190.0, ratio=2.0) == pytest.approx(10.0)
    assert buy(held=395.0, ratio=0.5) == pytest.approx(5.0)  # cheaper is not more
    assert buy(for_sale=100.0) == pytest.approx(15.0)
