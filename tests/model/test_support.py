"""Friend-shoring in worlds: programmes with budgets, who they cover, what they keep alive, and what
a scenario may not say of them (M10). Payments by hand: test_public_finance.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import BANKRUPT
from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.plants.closures import shut_down
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World
from tests.helpers import apply_rule
from tests.model.lived import lived
from tests.names import CHINA, FIRST_SECTOR, PROCESS, STATE
from tests.refusal import refusal
from tools.check.invariants import step_and_check

US, JAPAN, MALAYSIA = (STATE[name] for name in ("United States", "Japan", "Malaysia"))


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


def pool(*members: str, **fields: Any) -> dict[str, Any]:
    return act("coalition", budget=None, members=list(members), **fields)


def scenario(*acts: dict[str, Any], months: int = 36, name: str = "business-as-usual") -> Scenario:
    return with_changes(load_scenario(name), months=months, choices=acts)


def world(*acts: dict[str, Any], months: int) -> World:
    """A world that has lived through its months."""
    made = World(scenario(*acts, months=months), 1)
    made.run_for(months)
    return made


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
    pool("United States", "EU", date="2025-01-01"),
)


def test_all_of_it_together_conserves_tonnes_and_money_within_every_budget_and_is_told() -> None:
    made = World(scenario(*EVERYTHING, months=60, name="japan-2026-from-2024"), 1)
    for _ in range(60):
        step_and_check(made)
        for one in made.support.programmes.values():
            back = one.returned if one.kind == "stockpile" else 0.0
            assert one.spent <= one.event.get("budget") + back + 1e-6, one.event.id
            assert one.promised.min() >= 0.0
            assert one.balance.min() >= 0.0
    for act in EVERYTHING:
        if "budget" in act and act["kind"] != "equity":
            assert made.support.programmes[act["id"]].spent > 0.0
    spending = finish(made).table("spending").query("usd_million > 0")
    for kind, payer, payee in (
        ("price_floor", "government of United States", "firms in United States"),
        ("tax_credit", "government of EU", "firms in United States"),
        ("offtake", "government of EU", "firms in Malaysia"),
        ("stockpile", "government of Japan", "firms in"),
    ):
        paid = spending[(spending["kind"] == kind) & (spending["payer"] == payer)]
        assert paid["payee"].astype(str).str.startswith(payee).any(), kind


def test_a_programme_ends_on_its_last_day() -> None:
    made = World(scenario(act("price_floor", floor=110.0, end="2024-12-31")), 1)
    made.run_for(12)
    spent = made.support.programmes["price_floor"].spent
    assert spent > 0.0
    made.run_for(3)
    assert made.support.programmes["price_floor"].spent == spent
    assert not made.support.floor.any()


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


def test_a_coalition_opens_a_programme_to_the_firms_of_its_members_who_share_its_cost() -> None:
    made = world(act("grant", stages=["magnet"]), pool("United States", "Japan"), months=4)
    one = made.support.programmes["grant"]
    assert set(made.firms.state[one.covered]) == set(np.flatnonzero(one.payers)) == {US, JAPAN}
    assert one.payers.sum() == pytest.approx(1.0)
    grant = act("grant", firm="Carester", stages=["separation"])
    with pytest.raises(InputError, match="firm 'Carester' has no plant"):
        scenario(grant)
    scenario(grant, pool("United States", "EU"))


@cache
def supported(*acts: tuple[str, float]) -> World:
    """A world of four months with such a programme: kind and floor or rate; tests take forks."""
    terms = {"price_floor": "floor", "tax_credit": "rate"}
    more = {"price_floor": {"ceiling": 400.0}, "tax_credit": {"stages": ["separation"]}}
    raw = (act(k, budget=1e5, hosts=["Malaysia"], **{terms[k]: x}, **more[k]) for k, x in acts)
    return world(*raw, months=4)


def malaysian(*acts: tuple[str, float]) -> tuple[World, int]:
    """A fork, and the row of a separation plant in Malaysia that now has no mine."""
    made = supported(*acts).fork()
    firms = made.firms
    plants = (firms.state == MALAYSIA) & (firms.process == PROCESS["separate_light"])
    row = int(np.flatnonzero(plants & (firms.status == 1))[0])
    firms.mine_of[row] = -1
    return made, row


@pytest.mark.parametrize(
    ("acts", "runs"),
    [
        ((), False),
        ((("price_floor", 300.0),), True),
        ((("tax_credit", 0.35),), True),
        ((("price_floor", 1.0),), False),  # pays nothing now
    ],
)
def test_a_plant_that_loses_runs_on_what_a_floor_or_a_credit_pays_it(
    acts: tuple[tuple[str, float], ...], runs: bool
) -> None:
    made, row = malaysian(*acts)
    made.firms.margin[row], made.firms.desired[row] = -0.5, 0.0
    made.firm(row).plan_run()
    assert (made.firms.wish[row] > 0.0) == runs


def test_money_by_the_tonne_builds_what_as_much_for_capital_alone_does_not() -> None:
    """What loses by the tonne is hardly built for a cheap plant; makers that are paid by the tonne
    ask no more than others, and sell: at least twice as much is built.
    """
    where = {"stages": ["magnet"], "hosts": ["United States", "Germany", "France", "Malaysia"]}
    capital = act("grant", budget=3000.0, share=0.5, **where)
    half = {**capital, "budget": 1500.0}
    tonnes = act("tax_credit", budget=1500.0, rate=0.25, **where)

    def outside(*acts: dict[str, Any]) -> float:
        """Magnets, t a year, after five years."""
        firms = lived("business-as-usual", 84, *acts).firms
        stage = processes(firms.facts).stage[np.minimum(firms.process, FIRST_SECTOR - 1)]
        presses = (stage == STAGES.index("magnet")) & ~firms.is_end & (firms.state != CHINA)
        return float(firms.run[presses].sum() * 12.0)

    alone = outside()
    assert outside(half, tonnes) - alone > max(2000.0, 2.0 * (outside(capital) - alone))


def test_what_was_given_asks_for_no_debt_service() -> None:
    """Of a plant of which 40% were a grant 60% of the service of a quarter is due."""
    made, row = malaysian(("price_floor", 1.0))
    firms = made.firms
    firms.patient[row], firms.poor[:], firms.purse[row] = False, 0.0, 0.0
    firms.failed[row] = 1.0  # its purse is not filled anew
    worth = firms.capex[row] * made.p.overrun * firms.capacity[row]
    left = []
    for service, given in ((0.0, 0.0), (0.01, 0.0), (0.01, 0.4 * worth)):
        one = made.fork()
        one.firms.debt_service[row], one.support.given[row] = service, given
        one.works.pipeline.building[row] = 0.0
        one.firm(row).review()
        left.append(one.firms.purse[row])
    assert left[0] - left[1] == pytest.approx(3.0 * 0.01 * firms.capacity[row])
    assert left[0] - left[2] == pytest.approx(0.6 * 3.0 * 0.01 * firms.capacity[row])


def test_a_plant_that_fails_owes_nothing_and_has_no_public_owner() -> None:
    hosts = ["Australia", "Malaysia", "United States"]
    made = world(act("equity", stages=["separation"], hosts=hosts), months=3)
    one, firms = made.support.programmes["equity"], made.firms
    row = int(firms.option_rows[firms.status[firms.option_rows] == 0][0])
    for name in ("balance", "stake", "promised", "drawn"):
        getattr(one, name)[row] = 2.0
    made.works.closing = [(np.array([row]), BANKRUPT)]
    apply_rule(shut_down, made)
    left = [getattr(one, name)[row] for name in ("balance", "stake", "promised", "drawn")]
    assert left == [0.0, 0.0, 0.0, -1.0]


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        ([act("grant", firm="MP", stages=["metal"])], "firm 'MP' has no plant of metal in United"),
        ([act("price_floor", firm="MP", floor=1.0, hosts=["Malaysia"])], "sells ndpr_oxide in Mal"),
        ([pool("United States", "Japan", outside=["Japan"])], "outside 'Japan' is a member of the"),
        ([pool("Japan", "EU")], "actor 'United States' is not a member of its coalition"),
        ([pool("United States", "China")], "members 'China' is the exporter"),
        ([act("price_floor", floor=110.0, ceiling=100.0)], "'100' is below the floor of 110 USD"),
        ([act("grant", hosts=["China"])], "hosts 'China' is the rival"),
        (
            [act("licensing", actor="EU", budget=None, targets=["Germany", "Japan"])],
            "targets 'Germany' is the actor's own",
        ),
        ([act("ore_in_quota", actor="Japan", budget=None)], "actor 'Japan' sets no quota of mini"),
        (
            [act("sales_end", budget=None, goods=["ndpr_oxide"], state="Myanmar", to=["Japan"])],
            "actor 'United States' is named, but sellers end their sales themselves",
        ),
        (
            [
                {"date": "2024-03-01", "id": "end", "kind": "sales_end", "goods": ["ndpr_oxide"]}
                | {"state": "Myanmar", "to": ["Myanmar"]}
            ],
            "to 'Myanmar' is the state that sells",
        ),
        (
            [
                act("remark", actor="China", budget=None),
                act("suspension", actor="China", budget=None, of="remark"),
            ],
            "of 'remark' is of kind 'remark', which is never in force, so nothing can end it",
        ),
    ],
)
def test_a_contradiction_costs_one_clear_message(acts: list[dict[str, Any]], says: str) -> None:
    assert says in refusal(scenario, *acts)
