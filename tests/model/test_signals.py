"""How grave a measure is, and how beliefs fade and answer orders that stay unfilled, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from coercivity.agents.tables import Links
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock
from coercivity.model.politics.alarm_and_distrust import update_beliefs
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOODS, STATE, STATES

JAPAN, US = STATE["Japan"], STATE["United States"]
S = len(STATES)


def sensed(
    month: int = 4,
    on: bool = True,
    shipped: float = 50.0,
    home: float = 50.0,
    allowed: float = 100.0,
) -> Beliefs:
    """Japan ordered 100 from China and 100 at home, of twice the value by another link, got so much
    of each, and so much of what it ordered from China might pass the border.
    """
    links = Links(
        pair=np.array([JAPAN * S + CHINA, JAPAN * S + JAPAN, JAPAN * S + CHINA]),
        good=np.array([GOOD["ndpr_oxide"]] * 3),
        base_cost=a(1.0, 1.0, 2.0),
        orders=a(100.0, 100.0, 0.0),
        shipped=a(shipped, home, 80.0),
        allowed=a(allowed, 100.0, 80.0),
        facts=FACTS,
    )
    beliefs = Beliefs(FACTS, 0.5)
    beliefs.alarm[:], beliefs.withheld[:] = 0.4, 0.2
    beliefs.usual[:] = np.arange(len(GOODS)) == GOOD["ndpr_oxide"]  # all that is traded
    # type: ignore[arg-type]
    update_beliefs(
        beliefs,
        links=links,
        clock=Clock("2024-01", 12, 1, month),
        p=SimpleNamespace(alarm_half_life=1.0, distrust_half_life=2.0, unfilled_alarm=0.5),
        on={"M7": on},
    )
    return beliefs


def test_beliefs_fade_with_their_half_lives_and_unfilled_orders_raise_them() -> None:
    """Half unfilled: 0.5 x 0.45 = 0.225 of the gap, at home three tenths of it, in distrust half of
    it where the border held it. Old licences that ship fill no order.
    """
    beliefs = sensed(allowed=50.0)
    faded = 0.2 * 0.5**0.5
    assert beliefs.alarm[US, CHINA] == pytest.approx(0.2)
    assert beliefs.distrust[US, CHINA] == pytest.approx(faded)
    assert beliefs.alarm[JAPAN, CHINA] == pytest.approx(0.2 + 0.225 * 0.8)
    assert beliefs.distrust[JAPAN, CHINA] == pytest.approx(faded + 0.1125 * (1.0 - faded))
    assert beliefs.alarm[JAPAN, JAPAN] == pytest.approx(0.2 + 0.0675 * 0.8)


def test_who_withholds_one_good_is_not_distrusted_for_another() -> None:
    beliefs = sensed(allowed=50.0)
    of_goods = beliefs.withheld[JAPAN, CHINA]
    assert of_goods[GOOD["ndpr_oxide"]] > of_goods[GOOD["dysprosium_oxide"]]
    assert of_goods[GOOD["dysprosium_oxide"]] == pytest.approx(0.2 * 0.5**0.5)


def test_a_seller_that_is_short_is_not_distrusted() -> None:
    beliefs = sensed(shipped=0.0)
    assert beliefs.alarm[JAPAN, CHINA] > 0.4
    assert beliefs.distrust[JAPAN, CHINA] == pytest.approx(0.2 * 0.5**0.5)


def test_a_twentieth_unfilled_is_no_news_nor_is_the_first_month() -> None:
    for found in (sensed(shipped=95.0, home=120.0), sensed(month=0)):
        assert found.alarm[JAPAN, [CHINA, JAPAN]] == pytest.approx([0.2, 0.2])
    assert sensed(shipped=94.0).alarm[JAPAN, CHINA] > 0.2
    off = sensed(on=False)
    assert not off.alarm.any()
    assert not off.distrust.any()
