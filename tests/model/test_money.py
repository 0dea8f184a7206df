"""Money: cash worked out again from prices and tonnes, payers and payees that exist, and
governments that receive what was charged.

Thresholds written before the first run: 1e-9 of the month's turnover for a firm's cash, 1e-6
relative for sums of a table.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.experiments.worlds.run import finish
from coercivity.model.books import money as accounts
from coercivity.model.books.money import settle
from coercivity.model.parts.money import group_count, group_name
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.names import CHINA
from tools.check.invariants import check_invariants

MONTHS = 20


def act(kind: str, date: str, actor: str = "China", **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "date": date, "actor": actor, **fields}


ACTS = [
    act("blanket_ban", "2024-03-01", targets=["Japan"], goods="all", id="ban"),
    act("import_tariff", "2024-04-01", "United States", targets=["China"], goods="magnets")
    | {"rate": 0.25},
    act("export_duty", "2024-05-01", goods="oxides", rate=0.1),
    act("quota", "2024-06-01", end="2025-05-31", goods="raw_materials", tonnes=20000),
]


def taxed_world(**more: Any) -> World:
    """Three years after January 2024 in which every kind of charge is in force."""
    raw = {"name": "taxed", "start": "2024-01", "months": MONTHS, "events": ACTS, **more}
    return World(scenario_from_dict(raw), 1)


def test_cash_follows_from_prices_and_tonnes() -> None:
    """Sales at last month's asking prices less bills at delivered costs less wages, plus the other
    kinds that the spending table names, firm by firm.
    """
    world = taxed_world()
    money, firms, links, offers = world.money, world.firms, world.links, world.offers
    needs = world.needs
    count = len(firms)
    value_added = (
        np.where(
            world.firms.is_end,
            dependent_value_added(FACTS)[firms.state, np.maximum(firms.sector, 0)] * firms.size,
            0.0,
        )
        * world.p.dependent_scale
    )
    for _ in range(MONTHS):
        before, asked = firms.cash.copy(), offers.ask.copy()
        other: list[np.ndarray] = []

        def watch(
            kind: str,
            payer: Any,
            payee: Any,
            amount: Any,
            kept: Any = other,
            pay: Any = type(money).pay,
        ) -> None:
            if kind not in ("final_sale", "production_cost"):
                who, whom, paid = (np.ravel(x) for x in np.broadcast_arrays(payer, payee, amount))
                both = group_sum(paid, whom, money.size) - group_sum(paid, who, money.size)
                kept.append(both[:count])
            pay(money, kind, payer, payee, amount)

        money.pay = watch  # type: ignore[method-assign]
        world.step()
        del money.pay
        sold = group_sum(world.links.shipped * asked[links.offer], offers.firm[links.offer], count)
        bills = group_sum(world.links.shipped * links.cost, needs.firm[links.need], count)
        parts = group_sum(
            np.where(world.firms.is_end[needs.firm], world.needs.used * needs.paid, 0.0),
            needs.firm,
            count,
        )
        # an end user passes its value added on
        wages = np.where(world.firms.is_end, 0.0, firms.conversion * firms.run)
        expected = before + (sold - bills + parts - wages) / 1000.0 + sum(other, np.zeros(count))
        assert np.abs(firms.cash - expected).max() <= 1e-9 * sum(money.by_kind.values()), (
            f"month {world.month - 1}"
        )
        assert value_added @ firms.run == pytest.approx(
            money.by_kind["final_sale"] - parts.sum() / 1000.0
        )
        check_invariants(world)


def test_every_payment_has_a_payer_and_a_payee_and_governments_receive_what_was_charged() -> None:
    world = taxed_world()
    received, bills = np.zeros(world.money.size), 0.0
    for _ in range(MONTHS):
        world.step()
        received += world.money.month
        bills += float((world.links.shipped * world.links.cost).sum())
    spending = finish(world).table("spending")
    usd = spending["usd_million"]
    payer, payee = (spending[side].astype(str) for side in ("payer", "payee"))
    known = {group_name(FACTS, group) for group in range(group_count(FACTS))}
    assert set(payer) | set(payee) <= known
    assert (usd >= 0.0).all()
    china = "government of China"
    assert usd[payee == china].sum() - usd[payer == china].sum() == pytest.approx(
        received[world.money.at["treasury"][CHINA]], rel=1e-6
    )
    ways = ["sale", "border_premium", "freight", "export_tax_not_refunded", "export_duty"]
    ways += ["tax_evaded", "import_tariff", "quota_rent"]
    table = spending.groupby("kind", observed=True)["usd_million"].sum()
    assert table[ways].sum() == pytest.approx(bills / 1000.0, rel=1e-6)


def test_owners_take_out_what_exceeds_the_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "DIVIDEND", 1.0)
    world = taxed_world(events=[])
    world.run_for(6)
    firms = world.firms
    most = accounts.CASH_BUFFER * (firms.cost * firms.run / 1000.0 + firms.value_added * firms.run)
    assert (firms.cash <= most + 1e-9 * most.max()).all()


def test_owners_pay_in_what_is_missing_and_a_bankrupt_plants_debts_are_written_off() -> None:
    world = taxed_world()
    world.step()
    firms = world.firms
    alive, dead = (
        int(row)
        for row in world.firms.closable_rows[firms.state[world.firms.closable_rows] != CHINA][:2]
    )
    firms.cash[[alive, dead]], firms.status[dead] = -1e4, 3
    world.money.open()
    apply_rule(settle, world)
    assert firms.cash.min() == 0.0
    assert world.money.by_kind["owners_in"] > 5e3
    assert world.money.by_kind["written_off"] > 5e3
    assert abs(world.money.month.sum()) <= 1e-9 * sum(world.money.by_kind.values())
