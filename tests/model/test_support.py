"""Friend-shoring: programmes with budgets, who they cover, who pays, what comes back, and reserves
that conserve tonnes (M10).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.agents.firms.closing import CLOSE
from coercivity.agents.tables import BANKRUPT
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import CHINA, GOOD, GOODS, PROCESS, STATE
from coercivity.model.plants import closures
from coercivity.model.plants.closures import shut_down
from coercivity.model.plants.projects import carry_out_projects
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.support import public_finance
from coercivity.model.support.programmes import coalitions, cost_shares, partners
from coercivity.model.support.support import pay_support, promise, tail_cut
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import held_by_good, step_and_check

US, JAPAN, GERMANY, MALAYSIA = (
    STATE[name] for name in ("United States", "Japan", "Germany", "Malaysia")
)


def act(
    kind: str,
    ident: str = "",
    actor: str = "United States",
    budget: float | None = 500.0,
    date: str = "2024-03-01",
    **fields: Any,
) -> dict[str, Any]:
    raw = {"date": date, "id": ident or kind, "kind": kind, "actor": actor, **fields}
    return raw if budget is None else {**raw, "budget": budget}


def scenario(
    *acts: dict[str, Any], months: int = 36, name: str = "business-as-usual", on: bool = True
) -> Scenario:
    return with_changes(
        load_scenario(name), months=months, choices=acts, mechanisms=None if on else {"M10": False}
    )


def world(*acts: dict[str, Any], months: int = 36, **changes: Any) -> World:
    """A world that has lived through its months."""
    made = World(scenario(*acts, months=months, **changes), 1)
    for _ in range(months):
        made.step()
    return made


# --- budgets


EVERYTHING = (
    act(
        "grant",
        budget=40.0,
        stages=["mining", "separation", "metal", "magnet"],
        hosts=["United States", "Australia", "Malaysia", "Rest of EU"],
        share=0.4,
    ),
    act("loan", budget=40.0, actor="EU", stages=["separation", "magnet"], share=0.5),
    act("equity", budget=30.0, actor="Japan", stages=["magnet"], share=0.2),
    act("tax_credit", budget=50.0, stages=["separation", "metal"]),
    act("price_floor", budget=30.0, floor=110.0),
    act("offtake", budget=20.0, actor="EU", hosts=["Malaysia", "Australia"], tonnes=800.0),
    act("stockpile", budget=30.0, actor="Japan", cover=3.0),
    act("coalition", budget=None, members=["United States", "EU"], date="2025-01-01"),
)


def test_all_of_it_together_conserves_tonnes_and_money_and_stays_within_every_budget() -> None:
    made = World(scenario(*EVERYTHING, months=60, name="japan-2026"), 1)
    for _ in range(60):
        step_and_check(made)
        for one in made.support.programmes.values():
            back = one.returned if one.kind == "stockpile" else 0.0
            assert one.spent <= one.event.get("budget") + back + 1e-6, one.event.id
            assert one.promised.min() >= 0.0
            assert one.balance.min() >= 0.0
    programmes = [made.support.programmes[act["id"]] for act in EVERYTHING if "budget" in act]
    assert all(one.spent > 0.0 for one in programmes if one.kind != "equity"), (
        "a programme that never pays shows nothing"
    )


def test_a_programme_ends_on_its_last_day() -> None:
    made = world(act("price_floor", floor=110.0, end="2024-12-31"), months=30)
    ended = world(act("price_floor", floor=110.0, end="2024-12-31"), months=12)
    assert (
        made.support.programmes["price_floor"].spent
        == ended.support.programmes["price_floor"].spent
        > 0.0
    )
    assert not made.support.floor.any()


def test_switched_off_it_is_absent() -> None:
    on, off, never = (
        world(*EVERYTHING, months=18),
        world(*EVERYTHING, months=18, on=False),
        world(months=18),
    )
    assert not off.support.programmes
    assert np.array_equal(off.market.quote, never.market.quote)
    assert not np.array_equal(on.market.quote, never.market.quote)


def test_a_fork_pays_from_an_account_of_its_own() -> None:
    made = world(act("price_floor", floor=110.0), months=6)
    before = made.support.programmes["price_floor"].spent
    fork = made.fork()
    fork.step()
    assert (
        fork.support.programmes["price_floor"].spent
        > before
        == made.support.programmes["price_floor"].spent
    )


# --- who is covered and who pays


def test_a_programme_covers_plants_of_its_stages_at_home_and_never_the_senders() -> None:
    made = world(
        act("grant", stages=["separation"]),
        act("loan", hosts=["Malaysia"], stages=["mining", "separation"]),
        months=4,
    )
    firms = made.firms
    grant, loan = (made.support.programmes[name].covered for name in ("grant", "loan"))
    assert set(firms.state[grant]) == {US}
    assert set(firms.process[grant]) <= {PROCESS["separate_light"], PROCESS["separate_heavy"]}
    assert set(firms.state[loan]) == {MALAYSIA}
    assert not (firms.state[grant | loan] == CHINA).any()


def test_support_that_names_a_firm_is_for_its_plants_alone() -> None:
    made = world(
        act("price_floor", firm="MP", hosts=["United States"], floor=110.0),
        act("equity", firm="MP Materials", stages=["mining", "separation", "magnet"]),
        months=4,
    )
    floor, equity = (
        {made.firms.names[row] for row in np.flatnonzero(made.support.programmes[name].covered)}
        for name in ("price_floor", "equity")
    )
    assert floor == {"MP Materials separation", "MP Materials separation ramp"}
    assert equity == {*floor, "MP Materials (Mountain Pass)"}
    with pytest.raises(InputError, match="firm 'Molycorp' is not a firm of 2024-01"):
        scenario(act("grant", firm="Molycorp"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            act("grant", firm="MP", stages=["metal"]),
            "firm 'MP' has no plant of metal in United States; it has",
        ),
        (
            act("loan", firm="MP", hosts=["France"], stages=["separation"]),
            "firm 'MP' has no plant of separation in France; it has",
        ),
        (
            act("price_floor", firm="MP", floor=1.0, hosts=["Malaysia"]),
            "firm 'MP' has no plant that sells ndpr_oxide in Malaysia; it has",
        ),
        (act("grant", firm="  "), "firm '' is blank; write a name, or leave it out for all"),
    ],
)
def test_support_for_a_firm_that_it_cannot_reach_costs_one_line(
    asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        scenario(asked)
    assert "\n" not in str(caught.value)


def test_a_coalition_lets_support_reach_the_firms_of_its_members() -> None:
    grant = act("grant", firm="Carester", stages=["separation"])
    with pytest.raises(InputError, match="firm 'Carester' has no plant"):
        scenario(grant)
    scenario(grant, act("coalition", budget=None, members=["United States", "EU"]))


def test_a_coalition_opens_a_programme_to_its_members_who_share_the_cost_by_their_stake() -> None:
    made = world(
        act("grant", stages=["magnet"]),
        act("coalition", budget=None, members=["United States", "Japan"]),
        months=4,
    )
    one = made.support.programmes["grant"]
    assert set(made.firms.state[one.covered]) == {US, JAPAN}
    assert one.payers.sum() == pytest.approx(1.0)
    assert set(np.flatnonzero(one.payers)) == {US, JAPAN}
    assert set(np.flatnonzero(cost_shares(made.seen, ("EU",)))) == {GERMANY}, (
        "the EU's states have one treasury"
    )


def test_an_enlargement_is_one_coalition() -> None:
    acts = scenario(
        act("coalition", "one", budget=None, members=["United States", "Japan"]),
        act("coalition", "two", budget=None, members=["United States", "Japan", "EU"]),
    ).choices
    assert coalitions(acts) == [{"United States", "Japan", "EU"}]
    assert partners(FACTS, "Japan", coalitions(acts)) == ("Japan", "United States", "EU")
    assert partners(FACTS, "India", coalitions(acts)) == ("India",)


# --- capital


def faked(kind: str, budget: float = 500.0, **fields: Any) -> tuple[World, Any, int]:
    """A world with one programme and one covered plant, whose capital cost tests write
    themselves.
    """
    made = world(act(kind, budget=budget, stages=["magnet"], **fields), months=3)
    one = made.support.programmes[kind]
    made.works.pipeline.spend[:] = 0.0
    made.firms.outlay = np.zeros(len(made.firms))
    made.support.ahead[:] = 0.0
    one.promised[:] = 0.0
    made.firms.may_build = np.zeros(len(made.firms), dtype=bool)
    return made, one, int(np.flatnonzero(one.covered)[0])


def months_of(made: World, count: int) -> None:
    """Only what concerns support, month by month."""
    for _ in range(count):
        made.money.open()
        made.firms.outlay = made.works.pipeline.spend[made.month]
        pay_support(
            made.needs,
            made.offers,
            made.politics,
            made.support,
            made.money,
            firms=made.firms,
            freight=made.freight,
            market=made.market,
            border=made.border,
            works=made.works,
            supply=made.supply,
            clock=made.clock,
            p=made.p,
        )
        made.clock.month += 1


def test_capital_support_is_committed_on_the_decision_and_paid_with_the_capital_cost() -> None:
    made, one, plant = faked("grant", share=0.4)
    spent = one.spent
    made.works.pipeline.spend[made.month + 1 : made.month + 11, plant] = (
        10.0  # decided this month: USD 100 million over ten months
    )
    months_of(made, 1)
    assert one.promised[plant] == pytest.approx(40.0)
    assert one.spent == spent
    months_of(made, 5)
    assert one.spent - spent == pytest.approx(20.0)
    months_of(made, 6)
    assert one.spent - spent == pytest.approx(40.0)
    assert one.promised[plant] == pytest.approx(0.0, abs=1e-9)


def test_what_the_budget_cannot_meet_is_the_owners() -> None:
    made, one, plant = faked("grant", budget=15.0, share=0.4)
    one.spent = 0.0
    made.works.pipeline.spend[made.month + 1 : made.month + 11, plant] = 10.0
    months_of(made, 12)
    assert one.spent == pytest.approx(15.0)


def test_a_project_that_is_given_up_frees_the_promise() -> None:
    made, one, plant = faked("grant", share=0.4)
    made.works.pipeline.spend[made.month + 1 : made.month + 11, plant] = 10.0
    months_of(made, 3)
    made.works.pipeline.spend[made.month :, plant] = 0.0
    months_of(made, 1)
    assert one.promised[plant] == pytest.approx(0.0)


def test_a_loan_comes_back_with_interest_after_its_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    made, one, plant = faked("loan", share=0.5, rate=0.03)
    monkeypatch.setattr(public_finance, "LOAN_GRACE", 12.0)
    monkeypatch.setattr(public_finance, "LOAN_YEARS", 10.0)
    made.firms.cash = np.full(len(made.firms), 1e6)
    one.balance[:], one.returned = 0.0, 0.0
    made.works.pipeline.spend[made.month + 1, plant] = 100.0
    months_of(made, 12)
    assert one.returned == 0.0
    assert one.balance[plant] == pytest.approx(50.0 * 1.03, rel=0.01)
    made.works.pipeline.spend = np.zeros((400, len(made.firms)))
    months_of(made, 126)
    assert one.balance[plant] == pytest.approx(0.0, abs=0.5)
    assert 50.0 * 1.03 < one.returned < 75.0


def test_a_lender_waits_for_a_plant_without_cash_and_loses_what_a_bankrupt_one_owes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, one, plant = faked("loan", share=0.5, rate=0.03)
    monkeypatch.setattr(public_finance, "LOAN_GRACE", 12.0)
    made.firms.cash = np.zeros(len(made.firms))
    one.balance[:], one.returned = 0.0, 0.0
    one.balance[plant], one.drawn[plant] = 50.0, made.month - 20
    months_of(made, 3)
    assert one.returned == 0.0
    assert one.balance[plant] > 50.0
    closures._shut(
        made.firms,
        made.works,
        made.support,
        made.ledger,
        np.array([plant]),
        BANKRUPT,
        clock=made.clock,
    )
    assert one.balance[plant] == 0.0
    months_of(made, 1)
    assert one.balance[plant] == 0.0


# --- price floors


def settled(
    price: float, floor: float = 110.0, ceiling: float = 150.0
) -> tuple[float, float, float]:
    """(paid, returned, tonnes sold) of one month at a market price."""
    made = world(
        act("price_floor", floor=floor, ceiling=ceiling, upside=0.3, hosts=["Malaysia"]), months=3
    )
    one = made.support.programmes["price_floor"]
    made.market.quote = made.market.quote.copy()
    made.market.quote[GOOD["ndpr_oxide"]] = price
    made.firms.cash = np.full(len(made.firms), 1e6)
    rows = (made.offers.good == GOOD["ndpr_oxide"]) & one.covered[made.offers.firm]
    spent, back = one.spent, one.returned
    months_of(made, 1)
    return one.spent - spent, one.returned - back, float(made.offers.sold[rows].sum())


def test_the_state_pays_the_gap_to_the_floor_and_shares_what_is_above_the_ceiling() -> None:
    paid, back, sold = settled(60.0)
    assert (paid, back) == (pytest.approx(50.0 * sold / 1000.0), 0.0)
    assert settled(130.0)[:2] == (0.0, 0.0)
    paid, back, sold = settled(170.0)
    assert (paid, back) == (0.0, pytest.approx(0.3 * 20.0 * sold / 1000.0))


def test_two_contracts_on_one_plant_take_the_upside_once() -> None:
    """The second takes only what it asks beyond the first: 0.3 x 20 and, from 160 on, 0.5 x 10,
    which is less.
    """
    both = (
        act("price_floor", floor=110.0, ceiling=150.0, upside=0.3, hosts=["Malaysia"]),
        act("price_floor", id="second", floor=110.0, ceiling=160.0, upside=0.5, hosts=["Malaysia"]),
    )
    made = world(*both, months=3)
    made.market.quote = made.market.quote.copy()
    made.market.quote[GOOD["ndpr_oxide"]] = 170.0
    made.firms.cash = np.full(len(made.firms), 1e6)
    before = sum(one.returned for one in made.support.programmes.values())
    months_of(made, 1)
    rows = (made.offers.good == GOOD["ndpr_oxide"]) & made.support.programmes["second"].covered[
        made.offers.firm
    ]
    back = sum(one.returned for one in made.support.programmes.values()) - before
    assert back == pytest.approx(6.0 * float(made.offers.sold[rows].sum()) / 1000.0)


def test_a_promise_is_worth_what_its_budget_can_pay() -> None:
    rich, poor = (
        world(act("price_floor", budget=budget, floor=110.0), months=3).support
        for budget in (1e5, 10.0)
    )
    assert 0.0 < poor.floor.max() < 0.1 * rich.floor.max()
    assert 0.0 < poor.floored.max() < rich.floored.max() <= 1.0


def test_a_floor_far_below_the_price_insures_nothing() -> None:
    """The placebo: a floor of zero once raised investment as much as one of 110, because any floor
    counted as insurance.
    """
    cuts = [tail_cut(floor, 60.0, 0.67) for floor in (0.0, 6.0, 30.0, 60.0, 110.0)]
    assert cuts[0] == 0.0
    assert cuts[1] < 0.01
    assert 0.0 < cuts[2] < 0.5
    assert cuts[3:] == [pytest.approx(1.0), 1.0]
    none, zero = world(months=12), world(act("price_floor", floor=0.0), months=12)
    assert np.array_equal(none.market.quote, zero.market.quote)


def test_two_floors_on_one_good_do_not_pay_twice() -> None:
    one = world(act("price_floor", floor=110.0, hosts=["Malaysia"]), months=8).support.programmes
    two = world(
        act("price_floor", floor=110.0, hosts=["Malaysia"]),
        act("price_floor", "other", "Japan", floor=110.0, hosts=["Malaysia"]),
        months=8,
    )
    assert sum(each.spent for each in two.support.programmes.values()) == pytest.approx(
        one["price_floor"].spent, rel=0.02
    )


# --- what public money means to those who run, close and fail


def pace(*acts: dict[str, Any]) -> float:
    """Run (t/month) that a separation plant in Malaysia without a mine wishes for when it loses
    half of its cost on the market.
    """
    made = world(*acts, months=4)
    firms = made.firms
    row = int(
        np.flatnonzero(
            (firms.state == MALAYSIA)
            & (firms.process == PROCESS["separate_light"])
            & (firms.status == 1)
        )[0]
    )
    firms.margin[row], firms.desired[row], firms.mine_of[row] = -0.5, 0.0, -1
    made.firm(row).plan_run()
    return float(made.firms.wish[row])


def test_a_plant_runs_on_what_a_floor_or_a_credit_pays_it() -> None:
    assert pace() == 0.0
    assert (
        pace(act("price_floor", budget=1e5, floor=300.0, ceiling=400.0, hosts=["Malaysia"])) > 0.0
    )
    assert (
        pace(act("tax_credit", budget=1e5, rate=0.35, hosts=["Malaysia"], stages=["separation"]))
        > 0.0
    )
    assert pace(act("price_floor", budget=1e5, floor=1.0, hosts=["Malaysia"])) == 0.0, (
        "a floor that pays nothing now keeps nobody running"
    )


def test_a_credit_keeps_a_plant_from_closing() -> None:
    closed = []
    for acts in (
        (),
        (act("tax_credit", budget=1e5, rate=0.5, hosts=["Malaysia"], stages=["separation"]),),
    ):
        made = world(*acts, months=4)
        firms = made.firms
        row = int(
            np.flatnonzero(
                (firms.state == MALAYSIA)
                & (firms.process == PROCESS["separate_light"])
                & (firms.status == 1)
            )[0]
        )
        firms.margin[row], firms.poor[row], firms.purse[row] = -0.45, 100.0, 1e6
        made.firms.patient[row], made.firms.mine_of[row] = False, -1
        made.firm(row).review()
        closed.append(firms.verdict[row] == CLOSE)
    assert closed == [True, False]


def test_grants_ask_for_no_debt_service() -> None:
    made, one, _ = faked("grant", budget=1e5, share=0.4)
    firms = made.firms
    row = int(
        np.flatnonzero(
            np.isin(np.arange(len(firms)), made.firms.closable_rows)
            & (firms.status == 1)
            & ~made.firms.patient
        )[0]
    )
    one.covered[:] = False
    one.covered[row] = True
    worth = firms.capex[row] * made.p.overrun * firms.capacity[row]
    made.works.pipeline.spend[made.month + 1 : made.month + 11, row] = worth / 10.0
    months_of(made, 12)
    made.works.pipeline.building[row], one.spent = 0.0, 1e5
    promise(
        made.politics,
        made.support,
        firms=made.firms,
        offers=made.offers,
        market=made.market,
        works=made.works,
        clock=made.clock,
        p=made.p,
    )
    firms.poor[:], made.firms.debt_service[row] = 0.0, 0.01
    firms.purse[row] = 0.0
    firms.failed[row] = 1.0  # its purse is not filled anew
    bare = made.fork()
    bare.firms.debt_service[row] = 0.0
    full = made.fork()
    full.support.given[row] = 0.0
    for each in (made, bare, full):
        each.firm(row).review()
    asked, whole = (bare.firms.purse[row] - each.firms.purse[row] for each in (made, full))
    assert whole == pytest.approx(3.0 * 0.01 * firms.capacity[row])
    assert asked == pytest.approx(0.6 * whole)


def test_a_plant_that_the_public_owns_or_lent_to_stays_backed_when_the_budget_is_spent() -> None:
    made, one, plant = faked("equity", share=0.3)
    one.spent = 500.0
    promise(
        made.politics,
        made.support,
        firms=made.firms,
        offers=made.offers,
        market=made.market,
        works=made.works,
        clock=made.clock,
        p=made.p,
    )
    assert not made.support.backed[plant]
    for name in ("stake", "balance", "promised"):
        getattr(one, name)[plant] = 5.0
        assert made.support.backed[plant], name
        getattr(one, name)[plant] = 0.0


def test_capital_of_the_month_pays_no_loan_back_and_a_plant_that_stands_repays_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, one, plant = faked("loan", share=0.5, rate=0.03)
    monkeypatch.setattr(public_finance, "LOAN_GRACE", 12.0)
    made.firms.cash = np.zeros(len(made.firms))
    made.firms.run[plant] = 1.0
    one.returned, one.promised[plant], one.balance[plant], one.drawn[plant] = 0.0, 10.0, 50.0, 0.0
    made.clock.month = 24
    made.works.pipeline.spend[made.month : made.month + 2, plant] = 10.0
    months_of(made, 1)
    assert made.support.capital[plant] == pytest.approx(5.0)
    assert one.returned == 0.0
    made.firms.cash[plant], made.firms.run[plant] = 1e6, 0.0
    months_of(made, 1)
    assert one.returned == 0.0
    made.firms.run[plant] = 1.0
    months_of(made, 1)
    assert one.returned > 0.0


@pytest.mark.parametrize("end", ["cancelled", "bankrupt"])
def test_what_is_given_up_or_fails_owes_nothing_and_has_no_public_owner(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world(
        act(
            "equity",
            budget=500.0,
            stages=["separation"],
            hosts=["Australia", "Malaysia", "United States"],
        ),
        months=3,
    )
    one = made.support.programmes["equity"]
    row = int(made.firms.option_rows[made.firms.status[made.firms.option_rows] == 0][0])
    for name in ("balance", "stake", "promised", "drawn"):
        getattr(one, name)[row] = 2.0
    if end == "cancelled":
        monkeypatch.setattr(
            "coercivity.agents.firms.investor.cancels",
            lambda luck, *_: np.ones(len(luck), dtype=bool),
        )
        made.works.pipeline.building[row], made.firms.decision_month[row] = 10.0, made.month % 12
        made.firm(row).weigh_project()
        carry_out_projects(
            made.firms,
            made.works,
            made.support,
            made.ledger,
            clock=made.clock,
            p=made.p,
        )
        assert made.works.pipeline.building[row] == 0.0
    else:
        made.works.closing = [(np.array([row]), BANKRUPT)]
        shut_down(made.firms, made.works, made.support, made.ledger, clock=made.clock)
    assert [getattr(one, name)[row] for name in ("balance", "stake", "promised", "drawn")] == [
        0.0,
        0.0,
        0.0,
        -1.0,
    ]


# --- reserves


def test_offtake_takes_what_stays_unsold_up_to_its_tonnes() -> None:
    made = world(
        act(
            "offtake",
            budget=1e5,
            tonnes=240.0,
            hosts=["Malaysia", "Australia"],
            goods=["ndpr_oxide"],
            date="2024-01-01",
        ),
        months=24,
    )
    assert 0.0 < made.support.reserve.sum() <= 240.0 * 2 + 1e-9
    assert made.support.reserve[US].sum() == pytest.approx(made.support.reserve.sum())


def test_a_stockpile_is_filled_in_calm_and_not_beyond_its_cover() -> None:
    made = world(
        act("stockpile", actor="Japan", cover=2.0, goods=["dysprosium_oxide"], budget=1e4),
        months=36,
    )
    rows = (made.needs.good == GOOD["dysprosium_oxide"]) & (
        made.firms.state[made.needs.firm] == JAPAN
    )
    held = made.support.reserve[JAPAN, GOOD["dysprosium_oxide"]]
    assert 0.0 < held <= 2.0 * made.needs.expected[rows].sum() * 1.2
    assert made.support.reserve.sum() == pytest.approx(held)


def test_a_reserve_goes_to_home_users_who_are_short_and_nothing_is_lost() -> None:
    made = world(act("stockpile", actor="Japan"), months=3)
    rows = (made.needs.good == GOOD["dysprosium_oxide"]) & (
        made.firms.state[made.needs.firm] == JAPAN
    )
    made.support.reserve[JAPAN, GOOD["dysprosium_oxide"]] = 5.0
    made.support.programmes["stockpile"].open = False
    made.needs.stock = np.where(rows, 0.0, made.needs.stock)
    made.freight.transit[:, rows] = 0.0
    made.needs.fill = np.where(rows, 0.1, 1.0)
    before, expected = held_by_good(made), made.needs.expected[rows].sum()
    months_of(made, 1)
    served = group_sum(made.needs.stock * rows, made.needs.good, len(GOODS))[
        GOOD["dysprosium_oxide"]
    ]
    assert served == pytest.approx(min(5.0, expected))
    assert held_by_good(made) == pytest.approx(before)
    assert made.support.programmes["stockpile"].returned > 0.0


def test_nobody_is_served_from_a_reserve_while_orders_are_filled() -> None:
    made = world(act("stockpile", actor="Japan", cover=0.0), months=3)
    made.support.reserve[JAPAN, GOOD["dysprosium_oxide"]] = 5.0
    made.needs.fill[:] = 1.0
    months_of(made, 1)
    assert made.support.reserve[JAPAN, GOOD["dysprosium_oxide"]] == 5.0


def test_the_spending_table_says_who_paid_whom_for_what() -> None:
    from coercivity.experiments.worlds.run import run_scenario

    table = run_scenario(scenario(*EVERYTHING, months=48, name="japan-2026"), 1).table("spending")
    table = table[table["usd_million"] > 0]
    for kind, payer, payee in (
        ("price_floor", "government of United States", "firms in United States"),
        ("tax_credit", "government of EU", "firms in United States"),
        ("offtake", "government of EU", "firms in Malaysia"),
        ("stockpile", "government of Japan", "firms in"),
    ):
        rows = table[table["kind"] == kind]
        assert ((rows["payer"] == payer) & rows["payee"].astype(str).str.startswith(payee)).any(), (
            kind
        )


# --- mistakes cost one line


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        (
            [act("coalition", budget=None, members=["United States", "Japan"], outside=["Japan"])],
            "outside 'Japan' is a member of the coalition too",
        ),
        (
            [act("coalition", budget=None, members=["Japan", "EU"])],
            "actor 'United States' is not a member of its coalition",
        ),
        (
            [act("coalition", budget=None, members=["United States", "China"])],
            "members 'China' is the exporter",
        ),
        (
            [
                act("coalition", "one", budget=None, members=["United States", "Japan"]),
                act("coalition", "two", "EU", None, members=["EU", "Japan"]),
            ],
            "members 'Japan' is a member of coalition one at the same time",
        ),
        ([act("price_floor", floor=-5.0)], "floor '-5.0' does not fit; use a number, 0 or more"),
        (
            [act("price_floor", floor=110.0, ceiling=100.0)],
            "ceiling '100' is below the floor of 110 USD/kg",
        ),
        (
            [act("grant", date="2021-01-01", end="2023-12-31")],
            "end '2023-12-31' is a budget in the past: the scenario begins in 2024-01",
        ),
        ([act("grant", hosts=["China"])], "hosts 'China' is the rival"),
        ([act("grant", actor="China")], "actor 'China' is the exporter"),
        ([act("grant", budget=-1.0)], "budget '-1.0' does not fit"),
        (
            [act("import_tariff", budget=None, targets=["United States"], rate=0.2)],
            "targets 'United States' are the actor's own",
        ),
        (
            [act("import_tariff", budget=None, targets=["China", "United States"], rate=0.2)],
            "targets 'United States' is the actor's own",
        ),
        (
            [act("licensing", actor="EU", budget=None, targets=["Germany", "Japan"])],
            "targets 'Germany' is the actor's own",
        ),
    ],
)
def test_a_contradiction_costs_one_clear_message(acts: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(InputError) as caught:
        scenario(*acts)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_coalitions_that_follow_each_other_may_share_members() -> None:
    scenario(
        act("coalition", "one", budget=None, members=["United States", "Japan"], end="2025-01-31"),
        act("coalition", "two", "EU", None, date="2025-02-01", members=["EU", "Japan"]),
    )
