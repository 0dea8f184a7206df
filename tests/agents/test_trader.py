"""What traders decide."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents import trader


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
    for stopped in (trader.nerve(none + 1.0, none, 0.0), trader.nerve(none, none + 1.0, 0.0), trader.nerve(none, none, 1.0)):
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
    assert trader.trade_capacity(np.array([12.0]), np.array([0.0]), 4.0, 12.0) == pytest.approx([11.0])
    assert trader.trade_capacity(np.array([0.0]), np.array([10.0]), 1.0, 12.0) == pytest.approx([10.0])


def test_speculators_buy_into_alarm_and_sell_into_a_fall() -> None:
    one = np.ones(1)
    calm = trader.hoard_purchase(100.0 * one, 0.1 * one, one, 0.0, 0.0 * one, 500.0 * one, 1.5, 0.02, 4.0, 0.15)
    alarmed = trader.hoard_purchase(100.0 * one, 0.1 * one, one, 1.0, 0.0 * one, 500.0 * one, 1.5, 0.02, 4.0, 0.15)
    assert alarmed > calm
    assert alarmed <= 250.0
    assert trader.hoard_purchase(100.0 * one, 0.1 * one, 3.5 * one, 1.0, 0.0 * one, 500.0 * one, 1.5, 0.02, 4.0, 0.15) == 0.0
    assert trader.hoard_release(100.0 * one, -0.1 * one, one, 0.15) == pytest.approx([15.0])
    assert trader.hoard_release(100.0 * one, 0.1 * one, one, 0.15) == pytest.approx([0.0])
