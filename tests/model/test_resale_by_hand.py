"""What traders in third states re-sell to who is barred or waits for a licence, at points reckoned
by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.dealers import trader
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.goods import goods
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.money import Money
from coercivity.model.trade import leakage
from tests.facts import FACTS
from tests.model.test_border_by_hand import INDIA, JAPAN, OXIDE, G, S, a
from tests.names import CHINA


@pytest.fixture(autouse=True)
def _round_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leakage, "TRADER_FEAR", 1.0)
    monkeypatch.setattr(leakage, "TRADER_BUILD_MONTHS", 4.0)
    monkeypatch.setattr(leakage, "TRADER_FADE_MONTHS", 8.0)
    monkeypatch.setattr(leakage, "ENFORCEMENT_2015", 0.0)
    monkeypatch.setattr(trader, "SMUGGLING_COST", 0.5)


class Resale:
    """Japan is barred from Chinese oxide, of which 8 t are held back at a premium of e; an Indian
    firm gets 10 t a month, holds 30 and needs 22 of it.
    """

    def __init__(self, daring: float = 1.0, **more: float) -> None:
        self.links = Links(
            exporter=np.array([CHINA, CHINA]),
            importer=np.array([JAPAN, INDIA]),
            good=np.full(2, OXIDE),
            share=np.ones(2),
            need=np.arange(2),
            user=np.arange(2),
            offer=np.zeros(2, dtype=int),
            freight=np.zeros(2),
            vat=np.zeros(2),
            pending=np.zeros(2),
            cost=a(250.0, 100.0),
            facts=FACTS,
        )
        self.needs = Needs(
            firm=np.arange(2),
            good=np.full(2, OXIDE),
            base_use=a(9.0, 10.0),
            expected=a(9.0, 10.0),
            arrived=a(0.0, 10.0),
            stock=a(0.0, 30.0),
            coefficient=np.ones(2),
            pipeline=np.zeros(2),
            paid=a(80.0, 90.0),
            facts=FACTS,
        )
        self.firms = Firms(state=np.array([JAPAN, INDIA]), wish=a(9.0, 22.0), facts=FACTS)
        self.border = Border(self.links, self.needs)
        japan = self.border.channel[0]
        self.border.banned[japan], self.border.premium[japan] = 1.0, 1.0
        self.leaks, self.money = Leaks(FACTS, 2, True), Money(FACTS, self.firms.state, False)
        self.freight: Any = SimpleNamespace(transit=np.zeros((4, 2)))
        tension = np.zeros(S)
        tension[JAPAN] = 1.0 - daring
        self.politics: Any = SimpleNamespace(
            government_of_state=[SimpleNamespace(tension=tension)] * S
        )
        self.p: Any = SimpleNamespace(
            facts=FACTS,
            **{
                "third_country_share": 0.5,
                "smuggling_response": 1.0,
                "extraterritorial_compliance": 0.5,
                "border_enforcement": 0.0,
                **more,
            },
        )

    def month(self, held: float = 8.0, late: float = 0.0) -> float:
        """Tonnes re-sold to Japan in a month in which so much is held back, and waits too long."""
        before = float(self.leaks.bought[0])
        reach = self.border.touched(self.links)
        amounts = np.zeros((2, len(reach.links)))
        amounts[:, 0] = held, late
        trading = leakage.Trading(
            self.needs,
            self.freight,
            self.leaks,
            self.money,
            firms=self.firms,
            links=self.links,
            border=self.border,
            beliefs=SimpleNamespace(credibility=np.ones(S)),  # type: ignore[arg-type]
            politics=self.politics,
            clock=Clock("2024-01", 99, 1, 9),
            p=self.p,
        )
        (self.to_who_waits, *_) = leakage.divert(trading, *amounts)
        return float(self.leaks.bought[0]) - before


WISH = 0.5 * 10.0 * (1.0 - np.exp(-(np.e - 1.5)))  # of what traders in India would carry


def test_third_states_re_sell_what_their_lines_can_spare() -> None:
    """Traders build up what they can carry in four months; it leaves the Indian stock and is two
    months on its way to Japan, at the price behind the border.
    """
    world = Resale()
    first = goods(FACTS).leak[OXIDE] * WISH / 4.0
    assert world.month() == pytest.approx(first)
    assert world.leaks.capacity[INDIA, OXIDE] == pytest.approx(first)
    assert world.needs.stock == pytest.approx([0.0, 30.0 - first])
    assert world.leaks.resold == pytest.approx([0.0, first])
    assert world.freight.transit[11 % 4] == pytest.approx([first, 0.0])
    assert world.needs.pipeline == pytest.approx([first, 0.0])
    assert world.money.by_kind == pytest.approx(
        {"resale": first * 0.25, "resale_purchase": first * 0.09}
    )
    traders = world.money.month[world.money.at["traders"]]
    assert traders[INDIA] == pytest.approx(first * 0.16)
    assert world.money.month[:2] == pytest.approx([-first * 0.25, first * 0.09])
    ((route, code, tonnes),) = world.leaks.lines
    assert (route, code.tolist()) == (1, [(INDIA * S + JAPAN) * G + OXIDE])
    assert tonnes == pytest.approx([first])
    world.needs.stock[1] = 30.0
    assert world.month() == pytest.approx(first + (4.0 * first - first) / 4.0)


def test_no_more_is_re_sold_than_is_held_back_or_can_be_spared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leakage, "TRADER_BUILD_MONTHS", 1.0)
    big = {"third_country_share": 9.0}
    assert Resale(**big).month() == pytest.approx(8.0)
    assert Resale(**big).month(3.0) == pytest.approx(3.0)
    world = Resale(**big)
    world.firms.wish = a(9.0, 25.0)
    assert world.month() == pytest.approx(5.0)
    world = Resale(**big)
    world.needs.arrived = a(0.0, 2.0)
    assert world.month() == pytest.approx(2.0)


def test_fear_obedience_and_bars_keep_traders_from_re_selling() -> None:
    free = Resale().month()
    assert Resale(daring=0.75).month() == pytest.approx(0.75 * free)
    assert Resale(border_enforcement=0.5).month() == pytest.approx(0.5 * free)
    obey = Resale()
    obey.border.third[obey.border.channel[0]] = 1.0
    assert obey.month() == pytest.approx(0.5 * free)
    barred = Resale()
    barred.border.banned[:] = 1.0
    assert barred.month() == 0.0
    dear = Resale()
    dear.border.premium[:] = 1.0  # as dear in India as in Japan
    assert dear.month() == 0.0
    assert Resale().month(0.0) == 0.0


def under_licences(world: Resale) -> Resale:
    """Nothing is barred: all the world needs licences."""
    world.border.banned[:], world.border.licensed[:] = 0.0, 1.0
    world.border.relaid = True
    return world


def test_who_waits_buys_where_it_is_cheaper_and_sellers_stake_their_licences() -> None:
    free = Resale().month()
    world = under_licences(Resale())
    assert world.month(0.0, 8.0) == pytest.approx(free)
    assert world.to_who_waits == pytest.approx(free)
    assert under_licences(Resale(border_enforcement=0.5)).month(0.0, 8.0) == pytest.approx(
        0.25 * free
    )
    both = Resale()
    both.border.licensed[both.border.channel[0]] = 1.0
    assert both.month(6.0, 2.0) == pytest.approx(free)  # India needs none, and stakes none
    assert both.to_who_waits == pytest.approx(0.25 * free)


def test_who_waits_where_it_is_cheap_buys_of_nobody() -> None:
    world = under_licences(Resale())
    world.border.premium[world.border.channel] = 0.0, 1.0  # dear in India, not in Japan
    assert world.month(0.0, 8.0) == 0.0
