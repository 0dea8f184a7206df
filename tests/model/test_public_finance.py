"""Public money for plants, payment by payment, at points reckoned by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.firms.closing import private_part
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.tables import Firms, Offers
from coercivity.model.parts.money import Money
from coercivity.model.parts.pipeline import Pipeline
from coercivity.model.parts.programme import Programme, new_programme
from coercivity.model.parts.support import Support
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.support import payments_to_plants as finance
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.helpers import floats as a
from tests.names import GOOD, GOODS, PROCESS, STATE, STATES

JAPAN, US, GERMANY, FRANCE, MALAYSIA = (
    STATE[name] for name in ("Japan", "United States", "Germany", "France", "Malaysia")
)
OXIDE, HEAVY = GOOD["ndpr_oxide"], GOOD["dysprosium_oxide"]
S, G = len(STATES), len(GOODS)


def programme(kind: str, firms: int = 3, budget: float = 100.0, **fields: Any) -> Programme:
    """A programme of Japan's that pays alone and is for every firm."""
    raw = {
        "date": "2024-02-01",
        "id": kind,
        "kind": kind,
        "actor": "Japan",
        "budget": budget,
        **fields,
    }
    made = new_programme(event_from_dict(FACTS, raw, "test", 1), firms)
    made.payers[JAPAN] = 1.0
    made.covered[:] = True
    made.sells = np.arange(firms)
    return made


class Small:
    """Three Malaysian plants: capacity 10 t/month at 2 USD million per t/month of capital, cost 50
    USD/kg, running 8, with 40 million in cash each.
    """

    def __init__(self, *programmes: Programme, count: int = 3) -> None:
        self.firms = Firms(
            state=np.full(count, MALAYSIA),
            process=np.full(count, PROCESS["separate_light"]),
            capex=np.full(count, 2.0),
            capacity=np.full(count, 10.0),
            cash=np.full(count, 40.0),
            cost=np.full(count, 50.0),
            margin=np.full(count, 0.5),
            run=np.full(count, 8.0),
            outlay=np.zeros(count),
            facts=FACTS,
        )
        self.offers = Offers(
            firm=np.arange(count),
            good=np.full(count, OXIDE),
            yields=np.full(count, 0.5),
            sold=np.full(count, 4.0),
            ask=np.full(count, 60.0),
            stock=np.full(count, 10.0),
            orders=np.full(count, 4.0),
            cover=np.full(count, 1.0),
            made=np.full(count, 4.0),
            facts=FACTS,
        )
        self.support, self.money = (
            Support(FACTS, count, count),
            Money(FACTS, self.firms.state, False),
        )
        self.support.programmes = {one.event.id: one for one in programmes}
        self.works: Any = SimpleNamespace(pipeline=Pipeline(count, 0))
        self.p: Any = SimpleNamespace(facts=FACTS, overrun=1.25)
        self.facts = FACTS
        self.seen: Any = self
        self.clock: Any = SimpleNamespace(start="2024-01", month=10)
        quote = np.full(G, 70.0)
        self.market: Any = SimpleNamespace(quote=quote)

    def paid(self, kind: str) -> float:
        return self.money.by_kind.get(kind, 0.0)

    def treasury(self, state: int) -> float:
        return float(self.money.month[self.money.at["treasury"][state]])


def test_members_pay_by_their_shares_and_firms_pay_back_by_them() -> None:
    one = programme("grant")
    one.payers[[JAPAN, US]] = 0.25, 0.75
    small = Small(one)
    rows = np.array([0, 2])
    finance.pay_out(small.support, small.money, one, rows, a(8.0, 0.0))
    finance.pay_out(small.support, small.money, one, rows, a(0.0, 4.0))
    assert (small.treasury(JAPAN), small.treasury(US)) == (-3.0, -9.0)
    assert small.money.month[:3].tolist() == [8.0, 0.0, 4.0]
    assert (one.spent, small.support.paid.tolist(), small.paid("grant")) == (12.0, [8.0, 0, 4], 12)
    finance.pay_back(small.support, small.money, one, "back", rows, a(4.0, 4.0))
    assert (small.treasury(JAPAN), small.treasury(US)) == (-1.0, -3.0)
    assert (one.returned, small.support.back.tolist()) == (8.0, [4.0, 0.0, 4.0])
    assert (one.spent, small.support.paid.tolist()) == (12.0, [8.0, 0.0, 4.0])


def test_a_firm_pays_from_its_cash_and_what_it_earned_less_capital_of_the_month() -> None:
    small = Small()
    small.money.month[:3] = -10.0, 30.0, -90.0
    small.support.capital[:] = 5.0
    rows = np.arange(3)
    found = finance.able_to_pay(rows, firms=small.firms, support=small.support, money=small.money)
    assert found.tolist() == [25.0, 65.0, 0.0]


def test_public_money_of_the_month_is_a_margin_on_top_of_the_market_s() -> None:
    """A credit of 10% of cost, and 20 USD/kg more for half a tonne of oxide per t of run that costs
    50: 0.1 + 0.2.
    """
    small = Small(programme("tax_credit"))
    small.support.credited[:] = 0.1
    finance.weigh_aid(small.support, firms=small.firms, offers=small.offers)
    assert small.support.aid.tolist() == [0.1] * 3
    small.support.topped[1] = 20.0
    finance.weigh_aid(small.support, firms=small.firms, offers=small.offers)
    assert small.support.aid == pytest.approx([0.1, 0.3, 0.1])
    assert small.support.credited.tolist() == [0.1] * 3
    everyone: Any = SimpleNamespace(firms=small.firms, of_firms=lambda values: values)
    assert FirmSet.margin(everyone, support=small.support) == pytest.approx([0.6, 0.8, 0.6])
    small.support.programmes = {}
    assert FirmSet.margin(everyone, support=small.support) is small.firms.margin


def test_the_private_part_of_a_plant_is_what_was_not_given() -> None:
    """Capital of 2 x 1.25 x (10 + 2) = 30; 6 given leave four fifths; more than all leaves
    nothing.
    """
    worth = np.full(3, 2.0 * 1.25 * (10.0 + 2.0))
    found = private_part(a(6.0, 0.0, 90.0), worth)
    assert found == pytest.approx([0.8, 1.0, 0.0])


def committed(*programmes: Programme, cost: tuple[float, ...] = (40.0, 20.0, 0.0)) -> Small:
    """Plants that have decided this month to spend so much, half next month and half in the one
    after.
    """
    small = Small(*programmes)
    small.works.pipeline.spend[11] = small.works.pipeline.spend[12] = a(*cost) / 2.0
    small.works.pipeline.paid_until = 13
    small.works.pipeline.spend[10] = 99.0  # of this month: no longer ahead
    apply_rule(finance.commit, small)
    return small


def test_a_covered_plant_is_promised_its_share_of_what_it_decided() -> None:
    one = programme("grant", share=0.4)
    one.covered[1] = False
    small = committed(one)
    assert one.promised.tolist() == [16.0, 0.0, 0.0]
    assert small.support.ahead.tolist() == [40.0, 20.0, 0.0]
    small.clock.month, small.firms.outlay = 11, a(20.0, 10.0, 0.0)
    apply_rule(finance.commit, small)
    assert one.promised.tolist() == [16.0, 0.0, 0.0], "nothing was decided since"
    assert small.support.ahead.tolist() == [20.0, 10.0, 0.0]


def test_a_short_budget_is_promised_pro_rata_and_a_spent_or_closed_one_not_at_all() -> None:
    one = programme("grant", budget=12.0, share=0.4)
    committed(one)
    assert one.promised.tolist() == [8.0, 4.0, 0.0]
    for name, value in (("open", False), ("spent", 12.0)):
        one = programme("grant", budget=12.0, share=0.4)
        setattr(one, name, value)
        committed(one)
        assert not one.promised.any(), name
    credit = programme("tax_credit")
    committed(credit)
    assert not credit.promised.any()


def test_all_promises_together_stay_below_what_the_public_may_carry() -> None:
    """Shares of 0.5 and 0.75 ask for 1.25 of the cost; 0.8 is the most: 0.32 and 0.48."""
    one, other = programme("grant", share=0.5), programme("loan", share=0.75)
    committed(one, other)
    assert one.promised[:2] == pytest.approx([0.32 * 40.0, 0.32 * 20.0])
    assert other.promised[:2] == pytest.approx([0.48 * 40.0, 0.48 * 20.0])


def drawn(
    kind: str, promised: float, ahead: float = 100.0, **fields: Any
) -> tuple[Small, Programme]:
    """After a month in which the first plant spent 20 on capital, of which 5 were paid by another
    programme.
    """
    one = programme(kind, share=0.5, **fields)
    small = Small(one)
    one.promised[0] = promised
    small.firms.outlay = a(20.0, 0.0, 0.0)
    small.support.ahead[:] = ahead
    small.support.capital[0] = 5.0
    apply_rule(finance.pay_capital, small)
    return small, one


def test_a_promise_is_paid_with_the_capital_cost_of_the_month() -> None:
    small, one = drawn("grant", 30.0)
    assert (one.spent, one.promised[0]) == (10.0, 20.0)
    assert (small.support.capital[0], small.support.given[0]) == (15.0, 10.0)
    assert drawn("grant", 4.0)[1].spent == 4.0
    assert drawn("grant", 30.0, ahead=12.0)[1].promised[0] == 6.0  # what is given up is free again
    assert (one.balance[0], one.stake[0], one.drawn[0]) == (0.0, 0.0, -1.0)


def test_a_loan_is_owed_and_a_share_is_held_and_only_gifts_and_shares_were_given() -> None:
    small, one = drawn("equity", 30.0)
    assert (one.stake[0], one.balance[0], small.support.given[0]) == (10.0, 0.0, 10.0)
    small, one = drawn("loan", 30.0, rate=0.0)
    assert (one.stake[0], one.balance[0], small.support.given[0]) == (0.0, 10.0, 0.0)
    assert one.drawn.tolist() == [10.0, -1.0, -1.0]
    one.promised[0], small.clock.month = 10.0, 11
    apply_rule(finance.pay_capital, small)
    assert one.drawn[0] == 10.0, "grace runs from the first draw"


def served(
    age: float, balance: float = 12.0, rate: float = 0.0, **firm: float
) -> tuple[Small, Programme]:
    """A loan of the first plant after a month, drawn so many months ago: grace of three years,
    fifteen years to repay.
    """
    one = programme("loan", share=0.5, rate=rate)
    small = Small(one)
    one.balance[0], one.drawn[0] = balance, small.clock.month - age
    for name, value in firm.items():
        getattr(small.firms, name)[0] = value
    finance.serve_loan(small.support, small.money, one, firms=small.firms, clock=small.clock)
    return small, one


def test_a_loan_without_interest_is_paid_back_in_equal_parts_after_its_grace() -> None:
    for age, due in (
        (0, 0.0),
        (35, 0.0),
        (36, 1 / 15),
        (96, 0.1),
        (156, 0.2),
        (215, 12.0),
        (500, 12.0),
    ):
        small, one = served(age)
        assert one.returned == pytest.approx(due), age
        assert one.balance[0] == pytest.approx(12.0 - due)
        assert small.treasury(JAPAN) == pytest.approx(due)
    assert served(156)[0].paid("loan_repayment") == pytest.approx(0.2)


def test_an_annuity_by_hand() -> None:
    """12 at 12.6825% a year, 1% a month: 12.12 owed; over the 120 months that are left 12.12 x 0.01
    / (1 - 1.01^-120) = 0.17389 a month.
    """
    _, one = served(96, rate=0.12682503)
    assert one.returned == pytest.approx(0.173886, rel=1e-5)
    assert one.balance[0] == pytest.approx(12.12 - 0.173886, rel=1e-6)
    assert served(10, rate=0.12682503)[1].balance[0] == pytest.approx(12.12)


def test_a_lender_waits_for_a_plant_that_stands_or_has_no_cash() -> None:
    assert served(96, run=0.0)[1].returned == 0.0
    assert served(96, cash=0.05)[1].returned == pytest.approx(0.05)
    assert served(96, cash=-3.0)[1].returned == 0.0


def test_public_shares_earn_their_part_of_the_profit() -> None:
    """A stake of 5 in capital of 2 x (10 + 2.5) = 25: a fifth of 0.5 x 50 x 8 / 1000 = 0.2."""
    one = programme("equity")
    small = Small(one)
    small.works.pipeline.building[:] = 2.5
    one.stake[:] = 5.0, 0.0, 500.0

    def earned() -> np.ndarray:
        small.support.back[:] = 0.0
        due = finance.dividends(small.support, firms=small.firms, works=small.works)
        if one.event.id in due:
            finance.pay_dividend(
                small.support, small.money, one, *due[one.event.id], firms=small.firms
            )
        return small.support.back

    assert earned() == pytest.approx([0.04, 0.0, 0.2])  # a stake in all of it takes all and no more
    assert small.paid("public_dividend") == pytest.approx(0.24)
    small.firms.cash[:], small.money.month[:] = 0.01, 0.0
    assert earned() == pytest.approx([0.01, 0.0, 0.01])
    small.firms.margin[:] = -0.5
    assert earned().tolist() == [0.0, 0.0, 0.0]


def test_a_credit_pays_back_a_part_of_the_cost_of_plants_that_run() -> None:
    """10% of 50 x 8 / 1000 = 0.04 each; with 0.06 left each of two gets three quarters. A plant
    that stands would get it too.
    """
    for budget, scale in ((100.0, 1.0), (0.06, 0.75)):
        one = programme("tax_credit", rate=0.1, budget=budget)
        small = Small(one)
        small.firms.run[2] = 0.0
        finance.pay_credit(small.support, small.money, one, firms=small.firms)
        assert small.support.paid == pytest.approx([0.04 * scale, 0.04 * scale, 0.0])
        assert small.support.credited == pytest.approx([0.1 * scale] * 3)
    one.open = False
    small = Small(one)
    finance.pay_credit(small.support, small.money, one, firms=small.firms)
    assert not small.support.credited.any()
    assert not small.support.paid.any()


def floored(price: float, *programmes: Programme, **firm: float) -> Small:
    small = Small(*programmes)
    small.market.quote[OXIDE] = price
    for name, value in firm.items():
        getattr(small.firms, name)[:] = value
    for one in programmes:
        finance.settle_floor(small.support, small.money, one, seen=small.seen)
    return small


def test_a_floor_pays_the_gap_on_what_was_sold() -> None:
    """(100 - 70) x 4 t = 0.12 each; a budget of 0.18 pays half of it, and half is what a seller
    would get.
    """
    for budget, scale in ((100.0, 1.0), (0.18, 0.5)):
        one = programme("price_floor", floor=100.0, ceiling=150.0, budget=budget)
        small = floored(70.0, one)
        assert small.support.paid == pytest.approx([0.12 * scale] * 3)
        assert small.support.topped == pytest.approx([30.0 * scale] * 3)
        assert (one.returned, small.support.shared.any()) == (0.0, False)
    assert floored(100.0, programme("price_floor", floor=100.0)).money.by_kind == {}


def test_a_second_floor_adds_only_what_it_is_higher() -> None:
    low, high = (programme("price_floor", id=f"{f}", floor=f) for f in (100.0, 110.0))
    small = floored(70.0, low, high)
    assert (low.spent, high.spent) == pytest.approx((0.36, 0.12))
    assert small.support.topped.tolist() == [40.0] * 3


def test_above_the_ceiling_a_plant_gives_back_the_public_s_share() -> None:
    """0.25 x (190 - 150) = 10 USD/kg on 4 t: 0.04; a second contract that asks for 0.5 x 10 takes
    nothing more, one for 0.5 x 30 half as much again.
    """
    one = programme("price_floor", floor=100.0, ceiling=150.0, upside=0.25)
    less = programme("price_floor", id="less", floor=100.0, ceiling=180.0, upside=0.5)
    more = programme("price_floor", id="more", floor=100.0, ceiling=160.0, upside=0.5)
    small = floored(190.0, one, less, more)
    assert [each.returned for each in (one, less, more)] == pytest.approx([0.12, 0.0, 0.06])
    assert small.support.shared.tolist() == [15.0] * 3
    assert small.paid("price_ceiling") == pytest.approx(0.18)
    assert floored(190.0, one, cash=0.01).support.back == pytest.approx([0.01] * 3)
    closed = programme("price_floor", floor=100.0, upside=0.25)
    closed.open = False
    assert floored(190.0, closed).money.by_kind == {}


def test_the_public_holds_a_plant_by_promise_loan_or_share_of_any_programme() -> None:
    loan, credit = programme("loan"), programme("tax_credit")
    small = Small(loan, credit)
    credit.promised[:] = credit.balance[:] = credit.stake[:] = 1.0
    assert small.support.held.tolist() == [False, False, False]
    for name in ("promised", "balance", "stake"):
        getattr(loan, name)[1] = 1e-6
        assert small.support.held.tolist() == [False, True, False], name
        getattr(loan, name)[1] = 0.0
