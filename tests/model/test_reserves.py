"""Public reserves: offtake of what stays unsold, stockpiles, and what is let out of them, at points
reckoned by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Links, Needs
from coercivity.model.parts.border import Border
from coercivity.model.parts.money import Money
from coercivity.model.parts.programme import Programme
from coercivity.model.support import reserves
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.model.test_public_finance import Small, a, programme
from tests.names import CHINA, GOOD, GOODS, STATE

JAPAN, US, GERMANY, FRANCE, MALAYSIA = (
    STATE[name] for name in ("Japan", "United States", "Germany", "France", "Malaysia")
)
OXIDE, HEAVY = GOOD["ndpr_oxide"], GOOD["dysprosium_oxide"]
G = len(GOODS)


def bought(**fields: Any) -> tuple[Small, Programme]:
    one = programme("offtake", goods="oxides", **fields)
    one.payers[[JAPAN, US]] = 0.75, 0.25
    small = Small(one)
    small.offers.stock[:] = 10.0, 4.0, 5.0  # 6, 0 and 1 t beyond a month's orders
    small.offers.opening = small.offers.stock.copy()
    reserves.take_unsold(small.offers, small.support, small.money, one)
    return small, one


def test_offtake_buys_what_stays_unsold_at_the_asking_price() -> None:
    small, one = bought(tonnes=1200.0)
    assert small.offers.stock.tolist() == [4.0, 4.0, 4.0]
    assert small.support.reserve[[JAPAN, US], OXIDE].tolist() == [5.25, 1.75]
    assert small.support.reserve.sum() == 7.0
    assert one.spent == pytest.approx(7.0 * 60.0 / 1000.0)
    assert small.support.paid == pytest.approx([0.36, 0.0, 0.06])
    assert (small.treasury(JAPAN), small.treasury(US)) == pytest.approx((-0.315, -0.105))
    assert small.paid("offtake") == pytest.approx(0.42)


def test_a_full_shelf_is_not_unsold() -> None:
    """What stands beyond each good's normal stock is: 10 t less 2 x 4, 4 less 0.5 x 4, and of 5 t
    less than the 8 that are normal nothing.
    """
    one = programme("offtake", goods="oxides", tonnes=1200.0)
    small = Small(one)
    small.offers.stock[:], small.offers.cover = (10.0, 4.0, 5.0), a(2.0, 0.5, 2.0)
    reserves.take_unsold(small.offers, small.support, small.money, one)
    assert small.offers.stock.tolist() == [8.0, 2.0, 5.0]
    assert one.spent == pytest.approx(4.0 * 0.06)


def test_offtake_is_bounded_by_its_yearly_tonnes_and_by_its_budget() -> None:
    small, one = bought(tonnes=42.0)  # 3.5 a month: half of what is spare
    assert small.offers.stock.tolist() == [7.0, 4.0, 4.5]
    assert one.spent == pytest.approx(0.21)
    small, one = bought(tonnes=1200.0, budget=0.14)  # a third of the cost
    assert small.support.reserve.sum() == pytest.approx(7.0 / 3.0)
    assert one.spent == pytest.approx(0.14)


def test_offtake_pays_its_own_government_s_floor_where_that_is_higher() -> None:
    for actor, state, price in (("Japan", True, 90.0), ("Japan", False, 60.0), ("EU", True, 60.0)):
        floor = programme("price_floor", floor=90.0, actor=actor)
        floor.open = state
        one = programme("offtake", goods="oxides", tonnes=1200.0)
        small = Small(one, floor)
        reserves.take_unsold(small.offers, small.support, small.money, one)
        assert one.spent == pytest.approx(18.0 * price / 1000.0), (actor, state)


def short() -> tuple[Small, Needs, Any]:
    """Users of heavy oxide: two German, a French and a Japanese one; each lacks 2 t. Its
    government's reserve is 3 and 1 t in the EU, 9 in Japan.
    """
    small = Small(programme("stockpile", actor="EU"), programme("stockpile", id="j"), count=4)
    small.firms.state = np.array([GERMANY, GERMANY, FRANCE, JAPAN])
    small.money = Money(FACTS, small.firms.state, False)
    small.support.reserve[[GERMANY, FRANCE, JAPAN], HEAVY] = 3.0, 1.0, 9.0
    needs = Needs(
        firm=np.arange(4),
        good=np.full(4, HEAVY),
        fill=np.zeros(4),
        expected=np.full(4, 4.0),
        stock=np.full(4, 1.5),
        paid=np.full(4, 500.0),
        facts=FACTS,
    )
    freight = SimpleNamespace(transit=np.full((3, 4), 9.0))
    freight.transit[11 % 3] = 0.5
    return small, needs, freight


def opened(small: Small, needs: Needs, freight: Any) -> None:
    vars(small).update(freight=freight)
    apply_rule(reserves.open_reserves, small, needs=needs)


def test_a_reserve_is_shared_by_what_home_users_lack() -> None:
    """4 t for 6 t in the EU: two thirds of each lack, from all its states alike; Japan's user gets
    its 2 t of 9. Paid at what users last paid.
    """
    small, needs, freight = short()
    opened(small, needs, freight)
    third = 4.0 / 3.0
    assert needs.stock == pytest.approx([1.5 + third] * 3 + [3.5])
    assert small.support.reserve[[GERMANY, FRANCE, JAPAN], HEAVY] == pytest.approx([0.0, 0.0, 7.0])
    assert small.paid("stockpile_sale") == pytest.approx(6.0 * 0.5)
    assert small.treasury(FRANCE) == small.treasury(GERMANY) == pytest.approx(2.0)
    returned = [one.returned for one in small.support.programmes.values()]
    assert returned == pytest.approx([2.0, 1.0])


def test_who_is_served_or_lacks_nothing_gets_nothing_from_a_reserve() -> None:
    small, needs, freight = short()
    needs.fill = a(0.9, 0.89, 1.0, 1.0)
    needs.stock = a(1.5, 3.5, 1.5, 1.5)
    opened(small, needs, freight)
    assert needs.stock.tolist() == [1.5, 3.5, 1.5, 1.5]
    assert small.money.by_kind == {}
    needs.stock = a(1.5, 0.5, 1.5, 1.5)  # it lacks 3 t of the 4
    opened(small, needs, freight)
    assert needs.stock.tolist() == [1.5, 3.5, 1.5, 1.5]
    assert small.support.reserve[[GERMANY, FRANCE, JAPAN], HEAVY] == pytest.approx(
        [0.75, 0.25, 9.0]
    )


def stocked(
    *, premium: float = 0.0, flag: str = "", quote: float = 100.0, fill: float = 1.0, **fields: Any
) -> tuple[Small, Programme]:
    """Japan's stockpile of oxide after a month: its user expects to use 10 t; sellers in Japan,
    Malaysia and China have 8, 4 and 40 t beyond their orders.
    """
    one = programme("stockpile", goods=["ndpr_oxide"], cover=12.0, **fields)
    small = Small(one)
    small.firms.state = np.array([JAPAN, MALAYSIA, CHINA])
    small.money = Money(FACTS, small.firms.state, False)
    small.offers.stock[:] = 12.0, 8.0, 44.0
    small.offers.opening = small.offers.stock.copy()
    needs = Needs(
        firm=np.array([0, 1]),
        good=np.array([OXIDE, OXIDE]),
        expected=a(10.0, 50.0),
        fill=a(fill, 0.0),
        base_use=a(10.0, 50.0),
        facts=FACTS,
    )
    links = Links(
        need=np.array([0, 0, 0]),
        exporter=np.array([JAPAN, MALAYSIA, CHINA]),
        importer=np.array([JAPAN] * 3),
        good=np.full(3, OXIDE),
        share=np.full(3, 1 / 3),
        freight=a(0.0, 0.5, 0.5),
        vat=a(0.0, 0.0, 0.13),
        facts=FACTS,
    )
    border = Border(links, needs)
    china = int(np.flatnonzero((border.exporter == CHINA) & (border.keys > 0))[0])
    border.premium[china] = premium
    border.duty[china] = 0.1
    if flag:
        getattr(border, flag)[china] = 1.0
    small.market.quote[:] = quote
    vars(small).update(
        needs=needs, border=border, supply=SimpleNamespace(preferred=np.full(G, 100.0))
    )
    reserves.keep_stockpile(small.offers, small.support, small.money, one, seen=small.seen)
    return small, one


def test_a_stockpile_buys_a_part_of_what_it_lacks_from_whoever_has_to_spare() -> None:
    """It wants 12 x 10 t, a twelfth of it a month: 10 t of half of the 52 t that are spare, from
    each in proportion; tax, duty and freight abroad.
    """
    small, one = stocked()
    assert small.support.reserve[JAPAN, OXIDE] == pytest.approx(10.0)
    part = 10.0 / 52.0
    assert small.offers.stock == pytest.approx([12.0 - 8 * part, 8.0 - 4 * part, 44.0 - 40 * part])
    goods_ = 10.0 * 0.06
    tax, freight = 40 * part * 0.06 * 0.23, 44 * part * 0.0005
    assert one.spent == pytest.approx(goods_ + tax + freight)
    assert small.treasury(CHINA) == pytest.approx(tax)
    assert small.treasury(JAPAN) == pytest.approx(-one.spent)
    assert small.money.month[small.money.at["carriers"][JAPAN]] == pytest.approx(freight)
    assert small.support.paid == pytest.approx(np.array([8.0, 4.0, 40.0]) * part * 0.06)


@pytest.mark.parametrize("flag", ["licensed", "banned", "dual_use", "quota"])
def test_a_stockpile_does_not_buy_across_a_border_that_holds_back(flag: str) -> None:
    small, _ = stocked(flag=flag)
    assert small.offers.stock[2] == 44.0
    assert small.support.reserve[JAPAN, OXIDE] == pytest.approx(6.0)  # all that is spare elsewhere


def test_a_stockpile_buys_in_calm_only_and_within_its_budget() -> None:
    assert stocked(premium=0.02)[0].offers.stock[2] == 44.0
    assert stocked(premium=0.01)[0].offers.stock[2] < 44.0
    assert stocked(quote=100.1)[1].spent == 0.0
    assert stocked(fill=0.94)[1].spent == 0.0
    assert stocked(fill=0.95)[1].spent > 0.0
    small, one = stocked(budget=0.3)
    assert one.spent == pytest.approx(0.3)
    assert 0.0 < small.support.reserve.sum() < 5.0
