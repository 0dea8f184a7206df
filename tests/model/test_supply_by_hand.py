"""The exporter's supply policy at points reckoned by hand: quotas of mining, orders, rents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN, Firms, Needs
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.politics import supply_policy
from coercivity.model.politics.supply_policy import (
    by_orders,
    decide_supply,
    illegal_pursuit,
    places,
)
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.trade.export_quota import export_rent
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOODS, PROCESS, SECTORS, STATE, STATES

JAPAN, US, GERMANY = STATE["Japan"], STATE["United States"], STATE["Germany"]
OXIDE, METAL, HEAVY = (GOOD[g] for g in ("ndpr_oxide", "ndpr_metal", "dysprosium_oxide"))
S, G, K = len(STATES), len(GOODS), len(SECTORS)


HARD_MAGNETS = (GOOD["magnet_standard"], GOOD["magnet_heat_resistant"])


@pytest.fixture(autouse=True)
def _round_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply_policy, "ENFORCEMENT_2015", 0.4)


class Exporter:
    """A light and a heavy Chinese mine, an American one, two Chinese separators and an American,
    and users of 100 t of magnets a month.
    """

    def __init__(self, **parameters: float) -> None:
        self.firms = Firms(
            state=np.array([CHINA, CHINA, US, CHINA, CHINA, US]),
            process=np.array(
                [
                    PROCESS[p]
                    for p in ("mine_light", "mine_heavy", "mine_light", *["separate_light"] * 3)
                ]
            ),
            has_quota=np.array([True, True, False, False, False, False]),
            base_run=a(50.0, 10.0, 99.0, 1.0, 1.0, 1.0),
            capacity=np.full(6, 50.0),
            status=np.full(6, OPEN),
            facts=FACTS,
        )
        self.needs = Needs(
            good=np.array([OXIDE, OXIDE, *HARD_MAGNETS]),
            expected=a(60.0, 40.0, 60.0, 40.0),
            facts=FACTS,
        )
        quote = np.full(G, 100.0)
        self.market: Any = SimpleNamespace(quote=quote, quote_start=quote.copy())
        self.supply = SupplyPolicy(50.0, 10.0, quote, 6)
        self.supply.at = places(firms=self.firms)
        self.supply.use_start = 100.0
        self.ledger = Ledger(False)
        self.p: Any = SimpleNamespace(
            facts=FACTS,
            **{
                "enforcement": 0.0,
                "order_done": 0.5,
                "quota_speed": 1.0,
                **parameters,
            },
        )
        self.supply.illegal_heavy = 0.2

    def decide(self, month: int, on: bool = True, start: str = "2024-01") -> SupplyPolicy:
        seen: Any = SimpleNamespace(**vars(self))
        seen.clock, seen.on = Clock(start, 99, 1, month), {"M13": on}
        decide_supply(self.firms, self.supply, self.ledger, seen=seen)
        return self.supply


def test_the_exporter_sets_its_quotas_in_january_and_july_on_the_use_that_it_plans_for() -> None:
    """Use of magnets +4% over the start, whatever is expected of oxide: 4% more of the quota, and
    with it what the mine and each separator are allowed. Those of another state are free.
    """
    world = Exporter()
    world.needs.expected = a(999.0, 99.0, 60.0, 44.0)
    for month in (0, 1, 5, 7, 11):
        assert world.decide(month).light == 50.0
    supply = world.decide(6)
    assert supply.light == pytest.approx(52.0)
    assert supply.allowed[0] == pytest.approx(52.0)
    assert supply.allowed[3:5] == pytest.approx([1.04] * 2)  # they ran at 1 t
    assert supply.allowed[[2, 5]].tolist() == [np.inf] * 2
    assert world.firms.capacity[0] == pytest.approx(52.0)
    assert world.firms.capacity[2:].tolist() == [50.0] * 4
    ((*row, told),) = world.ledger.events
    assert row == [6, "China", "mining_quota"]
    assert str(told) == "China sets its light mining quota +4% for the half-year"
    assert world.decide(12).light == pytest.approx(52.0)  # use stood still since


def test_no_quota_is_cut_when_use_falls_or_prices_do() -> None:
    world = Exporter()
    world.needs.expected = a(60.0, 40.0, 60.0, 60.0)
    assert world.decide(6).light == pytest.approx(60.0)
    world.needs.expected = a(60.0, 40.0, 30.0, 20.0)
    world.market.quote = world.market.quote / 4.0
    assert world.decide(12).light == pytest.approx(60.0)
    world.needs.expected = a(60.0, 40.0, 60.0, 66.0)
    assert world.decide(18).light == pytest.approx(63.0)


def test_what_is_dug_without_a_quota_answers_pursuit_and_no_price() -> None:
    """Of 10 t of clay a fifth has no quota, also where it is worth twice as much; enforcement
    halves it; without supply policy the mine runs as it did.
    """
    for parameters, found in ({}, 10.0), ({"enforcement": 0.5}, 9.0), ({"enforcement": 1.0}, 8.0):
        world = Exporter(**parameters)
        world.market.quote = world.market.quote * 2.0
        supply = world.decide(1)
        assert supply.allowed[1] == pytest.approx(found), parameters
        assert supply.illegal[1] == pytest.approx(1.0 - 8.0 / found)
    world = Exporter()
    assert world.decide(6, on=False).allowed[:2].tolist() == [50.0, 10.0]
    assert world.supply.light == 50.0


def test_light_ore_dug_without_a_quota_follows_the_plan_and_pursuit() -> None:
    """Of 50 t a fifth has no quota. From 2015 on 0.4 of it is shut down, and separators are fed so
    much less; a start after that has the pursuit of its day in its tonnes.
    """
    for start, month, light in (
        ("2009-01", 71, 50.0),
        ("2009-01", 72, 46.0),
        ("2015-01", 12, 50.0),
        ("2024-01", 1, 50.0),
    ):
        world = Exporter()
        world.supply.illegal_light = 0.2
        world.supply.light = 50.0
        supply = world.decide(month, start=start)
        plan = supply.light / 50.0
        assert supply.allowed[0] == pytest.approx(light * plan), (start, month)
        assert supply.illegal[0] == pytest.approx(1.0 - 40.0 / light)
        assert supply.allowed[3:5] == pytest.approx(np.full(2, light * plan / 50.0))


def orders(*size: float, end: str = "") -> Politics:
    """A state that in July 2024 orders that so much of what has no quota ends, once for each, until
    a day.
    """
    events = [
        {"date": "2024-07-10", "id": f"order{k}", "kind": "supply_order", "actor": "China"}
        | {"size": part}
        | ({"end": end} if end else {})
        for k, part in enumerate(size)
    ]
    scenario = scenario_from_dict(
        {"name": "test", "start": "2024-01", "months": 24, "events": events}
    )
    politics = Politics(FACTS, scenario.events, {})
    politics.memory = SimpleNamespace(ruled={}, ended={})  # type: ignore[assignment]
    return politics


def believed(month: int, *size: float) -> float:
    return by_orders(0.8, 0.1, 10.0, politics=orders(*size), clock=Clock("2024-01", 24, 1, month))


def test_a_campaign_counts_for_the_months_before_its_last_day() -> None:
    """To October, four of the ten months ahead in July: 0.4 of 0.8; in September, two of them and
    0.9^2; of the next month alone it counts in full until it is over.
    """
    seen = {"politics": orders(1.0, end="2024-10-15")}
    clocks = [Clock("2024-01", 24, 1, month) for month in (6, 8, 9, 10)]
    ahead = [by_orders(0.8, 0.1, 10.0, clock=clock, **seen) for clock in clocks]
    assert ahead == pytest.approx([0.32, 0.16 * 0.81, 0.08 * 0.729, 0.0])
    now = [by_orders(0.8, 0.1, 1.0, clock=clock, **seen) for clock in clocks]
    assert now == pytest.approx([0.8, 0.8 * 0.81, 0.8 * 0.729, 0.0])


def test_an_order_is_believed_on_its_day_and_forgotten_month_by_month() -> None:
    """Of half that is to end 0.8 are believed: 0.4, then 0.9 of it; of two orders what neither
    leaves; nothing before, and nothing without one.
    """
    assert [believed(month, 0.5) for month in (5, 6, 7)] == pytest.approx([0.0, 0.4, 0.36])
    assert believed(6, 0.5, 0.5) == pytest.approx(1.0 - 0.6**2)
    assert believed(6) == 0.0
    assert 0.0 < believed(23, 1.0) < believed(22, 1.0) < believed(6, 1.0) < 1.0


def test_what_orders_ended_adds_to_what_is_pursued() -> None:
    """0.2 that orders ended beside 0.4 since 2015: 1 - 0.6 x 0.8; alone 0.2; with enforcement of
    0.5.
    """
    p: Any = SimpleNamespace(enforcement=0.0)
    before, since = Clock("2009-01", 99, 1, 71), Clock("2009-01", 99, 1, 72)
    assert illegal_pursuit(0.0, clock=before, p=p) == 0.0
    assert illegal_pursuit(0.2, clock=before, p=p) == pytest.approx(0.2)
    assert illegal_pursuit(0.2, clock=since, p=p) == pytest.approx(0.52)
    p.enforcement = 0.5
    assert illegal_pursuit(0.2, clock=before, p=p) == pytest.approx(0.6)
    assert illegal_pursuit(1.0, clock=before, p=p) <= 1.0


def test_an_order_takes_from_what_is_dug_without_a_quota_alone() -> None:
    """A fifth of 10 t, of which orders have ended half."""
    world = Exporter()
    world.supply.ended = 0.5
    supply = world.decide(1)
    assert supply.allowed[1] == pytest.approx(9.0)
    assert supply.allowed[0] == pytest.approx(50.0)
    assert supply.illegal[1] == pytest.approx(1.0 / 9.0)


def test_what_a_right_to_export_is_worth_is_a_mean_over_the_trade_in_the_good() -> None:
    """Rights to Japan, three quarters of the trade in oxide, are worth 80 USD/kg: 60; metal, which
    is under no quota, has no rent, nor has trade of others or at home.
    """
    border: Any = SimpleNamespace(
        facts=FACTS,
        exporter=np.array([CHINA, CHINA, CHINA, US, CHINA]),
        importer=np.array([JAPAN, US, JAPAN, JAPAN, CHINA]),
        good=np.array([OXIDE, OXIDE, METAL, OXIDE, OXIDE]),
        normal=a(3.0, 1.0, 5.0, 99.0, 99.0),
        rent=a(80.0, 0.0, 0.0, 0.0, 0.0),
    )
    found = export_rent(border)
    assert found[[OXIDE, METAL]] == pytest.approx([60.0, 0.0])
    border.rent = np.zeros(5)
    assert not export_rent(border).any()


def test_a_separator_that_stands_still_does_not_come_back_by_quota() -> None:
    world = Exporter()
    world.firms.status[3:5] = MOTHBALLED, BANKRUPT
    world.firms.capacity[3:5] = 0.0
    world.decide(1)
    assert world.firms.capacity[3:5].tolist() == [0.0, 0.0]
