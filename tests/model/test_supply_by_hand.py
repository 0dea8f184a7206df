"""The exporter's supply policy, and who holds stock, at points reckoned by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import BANKRUPT, MOTHBALLED, OPEN, Firms, Needs, Offers
from coercivity.model.basis.goods import processes
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.money import Money
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.politics.supply_policy import (
    decide_supply,
    export_rent,
    places,
    quota_trade_share,
    state_and_traders,
)
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOODS, PROCESS, SECTORS, STATE, STATES

JAPAN, US, GERMANY = STATE["Japan"], STATE["United States"], STATE["Germany"]
OXIDE, METAL, HEAVY = (GOOD[g] for g in ("ndpr_oxide", "ndpr_metal", "dysprosium_oxide"))
S, G, K = len(STATES), len(GOODS), len(SECTORS)


HARD_MAGNETS = (GOOD["magnet_standard"], GOOD["magnet_heat_resistant"])


class Exporter:
    """A light and a heavy Chinese mine, an American one, two Chinese sellers and an American of
    oxide, and users of 100 t of it a month and of 100 t of magnets.
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
            firm=np.array([3, 5, 3, 5]),
            good=np.array([OXIDE, OXIDE, *HARD_MAGNETS]),
            expected=a(60.0, 40.0, 60.0, 40.0),
            facts=FACTS,
        )
        self.offers = Offers(
            firm=np.array([3, 4, 5]),
            good=np.full(3, OXIDE),
            stock=a(30.0, 10.0, 500.0),
            made=a(15.0, 5.0, 70.0),
            facts=FACTS,
        )
        self.offers.add_columns(opening=self.offers.stock.copy())
        quote = np.full(G, 100.0)
        self.market: Any = SimpleNamespace(
            quote=quote, quote_start=quote.copy(), quote_growth=np.zeros(G), level=1.0
        )
        self.supply = SupplyPolicy(FACTS, 50.0, 10.0, 0.0, quote, 6)
        self.supply.at = places(firms=self.firms, needs=self.needs, offers=self.offers)
        self.supply.use_before = 100.0
        self.supply.import_weight = np.zeros(S)
        self.supply.import_weight[[JAPAN, US]] = 3.0, 1.0
        self.beliefs, self.money = Beliefs(FACTS, 0.5), Money(FACTS, self.firms.state, False)
        lane = np.ones(3)
        self.border: Any = SimpleNamespace(
            facts=FACTS,  # oxide to Japan and to America, metal to Japan
            exporter=np.full(3, CHINA),
            importer=np.array([JAPAN, US, JAPAN]),
            good=np.array([OXIDE, OXIDE, GOOD["ndpr_metal"]]),
            normal=a(3.0, 1.0, 5.0),
            licensed=np.zeros(3),
            shut=np.zeros(3),
            dual_use=np.zeros(3),
            quota=lane,
            rent=np.zeros(3),
        )
        self.ledger = Ledger(False)
        self.p: Any = SimpleNamespace(
            facts=FACTS,
            **{
                "band_price": 100.0,
                "band_width": 0.25,
                "quota_growth_gain": 0.5,
                "quota_noise": 0.0,
                "quota_cut_limit": 0.03,
                "illegal_mining_share": 0.2,
                "illegal_elasticity": 1.0,
                "enforcement": 0.0,
                "enforcement_2015": 0.4,
                "smuggling_cost": 0.2,
                "smuggling_response": 1.0,
                "state_purchase": 0.1,
                "hoard_gain": 1.5,
                "trend_band": 0.02,
                "hoard_finance": 4.0,
                "hoard_rate": 0.5,
                **parameters,
            },
        )
        self.supply.illegal_heavy = self.p.illegal_mining_share

    def decide(self, month: int, on: bool = True, start: str = "2024-01") -> SupplyPolicy:
        apply_rule(decide_supply, self, clock=Clock(start, 99, 1, month), on={"M13": on})
        return self.supply

    def trade(self, **off: bool) -> SupplyPolicy:
        self.money.open()
        apply_rule(state_and_traders, self, on={"M2": True, "M7": True, "M13": True, **off})
        return self.supply


def test_the_exporter_sets_its_quotas_in_january_and_july_on_the_use_that_it_plans_for() -> None:
    """Use of magnets +4%, whatever is ordered of oxide: trend 0.15 x 2 ln 1.04; the quota grows by
    half the trend, and with it what the mine
    and each separator are allowed. Those of another state are free.
    """
    world = Exporter()
    world.needs.expected = a(999.0, 99.0, 60.0, 44.0)
    for month in (0, 1, 5, 7, 11):
        assert world.decide(month).light == 50.0
    supply = world.decide(6)
    trend = 0.3 * np.log(1.04)
    assert supply.trend == pytest.approx(trend)
    assert supply.light == pytest.approx(50.0 * np.exp(trend / 2.0))
    assert supply.allowed[0] == pytest.approx(supply.light)
    assert supply.allowed[3:5] == pytest.approx([supply.light / 50.0] * 2)  # they ran at 1 t
    assert supply.allowed[[2, 5]].tolist() == [np.inf] * 2
    assert world.firms.capacity[0] == pytest.approx(supply.light)
    assert world.firms.capacity[2:].tolist() == [50.0] * 4
    ((*row, told),) = world.ledger.events
    assert row == [6, "China", "mining_quota"]
    assert str(told) == "China sets its light mining quota +1% for the half-year"
    again = world.decide(12)  # use stood still since
    assert again.trend == pytest.approx(0.85 * trend)


def test_planners_see_growth_of_use_within_bounds_and_do_not_plan_for_less() -> None:
    """6% in half a year at most, and no fall. What is cheap is another matter: at half the price
    that is defended, ln 2 - 0.25 below the band, the largest cut.
    """
    world = Exporter()
    world.needs.expected = a(60.0, 40.0, 60.0, 500.0)
    assert world.decide(6).trend == pytest.approx(0.3 * 0.06)
    world = Exporter()
    world.needs.expected = a(60.0, 40.0, 6.0, 5.0)
    assert world.decide(6).trend == 0.0
    assert world.supply.light == 50.0
    world = Exporter(band_price=200.0)
    assert world.decide(6).light == pytest.approx(50.0 * np.exp(-0.03))
    world = Exporter(band_price=200.0, quota_cut_limit=9.0)
    assert world.decide(6).light == pytest.approx(50.0 * np.exp(0.25 - np.log(2.0)))


def test_the_price_that_is_defended_rises_with_the_price_level() -> None:
    """100 of 2024 are 50 where costs are half of its: 100 is then ln 2 above, 0.44 beyond the
    band, of which 0.4 count.
    """
    world = Exporter()
    world.market.level = 0.5
    wanted = 50.0 * np.exp(0.5 * 0.5 * 0.4)
    assert world.decide(6).light == pytest.approx(wanted)


def test_illegal_mining_answers_what_heavy_ore_holds() -> None:
    """Of 10 t a fifth is illegal and doubles with the price; enforcement halves it; without supply
    policy the mine runs as it did.
    """
    heavy = processes(FACTS).outputs[PROCESS["separate_heavy"]]
    for ratio, parameters, found in (
        (1.0, {}, 10.0),
        (2.0, {}, 12.0),
        (2.0, {"enforcement": 0.5}, 10.0),
        (2.0, {"illegal_elasticity": 0.0}, 10.0),
        (4.0, {}, 12.0),
    ):
        world = Exporter(**parameters)
        world.market.quote = np.where(heavy > 0, 100.0 * ratio, 7.0)
        assert world.decide(1).allowed[1] == pytest.approx(found), (ratio, parameters)
    world = Exporter()
    world.market.quote = world.market.quote * 2.0
    assert world.decide(6, on=False).allowed[:2].tolist() == [50.0, 10.0]
    assert world.supply.light == 50.0


def test_light_ore_dug_without_a_quota_follows_the_plan_the_price_and_pursuit() -> None:
    """Of 50 t a fifth has no quota: at four times the price and an elasticity of 0.5 it doubles.
    From 2013 on 0.4 of it is shut down, and separators are fed so much less; a start after that has
    the pursuit of its day in its tonnes.
    """
    for start, month, light in (
        ("2009-01", 47, 60.0),
        ("2009-01", 48, 52.0),
        ("2013-01", 12, 60.0),
        ("2024-01", 1, 60.0),
    ):
        world = Exporter(illegal_elasticity=0.5)
        world.supply.illegal_light = 0.2
        world.market.quote = world.market.quote * 4.0
        world.supply.recent = world.market.quote.copy()
        world.supply.light = 50.0
        if month % 6 == 0:
            world.p.quota_growth_gain = 0.0
        supply = world.decide(month, start=start)
        plan = supply.light / 50.0
        assert supply.allowed[0] == pytest.approx(light * plan), (start, month)
        assert supply.illegal[0] == pytest.approx(1.0 - 40.0 / light)
        assert supply.allowed[3:5] == pytest.approx(np.full(2, light * plan / 50.0))


def test_a_rent_of_export_rights_draws_those_who_hold_oxide_at_home() -> None:
    """Rights to Japan, three quarters of the trade, are worth 80 USD/kg beside 100 at home: 60 over
    100, less 0.2 for handling, draws 1 - e^-0.4 of four months of 100 t; half of that at once, of
    40 t half at most.
    """
    world = Exporter(hoard_finance=0.2)
    world.border.rent[0] = 80.0
    assert export_rent(world.border)[OXIDE] == pytest.approx(60.0)
    assert world.trade().hoard[OXIDE] == pytest.approx(0.5 * 20.0 * (1.0 - np.exp(-0.4)))
    world.border.rent[0] = 20.0
    assert world.trade().hoard[OXIDE] == pytest.approx(0.25 * 20.0 * (1.0 - np.exp(-0.4)))


def test_the_state_buys_cheap_oxide_at_home_and_sells_it_dear() -> None:
    """A tenth of 20 t made in China, from sellers by their stock; paid at the quote of the day,
    which decides, whatever half a year cost: 0.12 for 2 t at 60 USD/kg. It sells what it holds.
    """
    world = Exporter()
    world.market.quote[OXIDE], world.supply.recent[OXIDE] = 60.0, 180.0
    supply = world.trade(M2=False)
    assert supply.stockpile[OXIDE] == pytest.approx(2.0)
    assert world.offers.stock == pytest.approx([28.5, 9.5, 500.0])
    assert world.money.by_kind == pytest.approx({"reserve_purchase": 0.12})
    assert world.money.month[world.money.at["treasury"][CHINA]] == pytest.approx(-0.12)
    assert world.money.month[3:5] == pytest.approx([0.09, 0.03])
    supply.stockpile[OXIDE] = 1.0
    world.market.quote[OXIDE], supply.recent[OXIDE] = 280.0, 70.0
    supply = world.trade(M2=False)
    assert supply.stockpile[OXIDE] == 0.0
    assert world.offers.stock == pytest.approx([29.25, 9.75, 500.0])
    assert world.money.by_kind == pytest.approx({"reserve_sale": 0.28})
    world.market.quote[OXIDE] = 60.0
    world.trade(M2=False, M13=False)
    assert supply.stockpile[OXIDE] == 0.0


def test_the_state_takes_at_most_half_of_what_is_for_sale() -> None:
    world = Exporter(state_purchase=0.9)
    world.market.quote[OXIDE] = 60.0
    world.offers.stock = a(0.2, 0.2, 500.0)
    assert world.trade(M2=False).stockpile[OXIDE] == pytest.approx(0.2)
    world = Exporter()
    world.market.quote[OXIDE] = 60.0
    world.offers.stock = a(0.0, 0.0, 500.0)
    assert world.trade().stockpile[OXIDE] == 0.0


def test_traders_hold_what_runs_under_alarm_and_let_go_when_it_does_not() -> None:
    """Alarm by what each state imports: 0.3. Four months of 100 t x 12 (0.06 - 0.02) x 2 x 0.3 =
    115.2 are wanted; half of it in a month, but of 40 t only half are to be had. Then nothing is
    wanted, and half of what is held is sold.
    """
    world = Exporter()
    world.beliefs.alarm[JAPAN, CHINA] = 0.4
    world.market.quote_growth[OXIDE] = 0.06
    assert world.trade().hoard[OXIDE] == pytest.approx(20.0)
    assert world.money.by_kind == pytest.approx({"hoard_purchase": 2.0})
    assert world.offers.stock == pytest.approx([15.0, 5.0, 500.0])
    world.market.quote_growth[OXIDE] = -0.05
    assert world.trade().hoard[OXIDE] == pytest.approx(10.0)
    assert world.money.by_kind == pytest.approx({"hoard_sale": 1.0})
    assert world.offers.stock == pytest.approx([22.5, 7.5, 500.0])


def test_fear_counts_for_what_quotas_touch() -> None:
    """Three of four tonnes of oxide go to Japan: under a quota there three quarters of the alarm
    count, under a licence or a ban none; metal under a quota is another good.
    """
    world = Exporter()
    world.border.quota[:2] = 0.0
    assert quota_trade_share(world.border)[[OXIDE, GOOD["ndpr_metal"]]].tolist() == [0.0, 1.0]
    world.border.licensed[0] = world.border.shut[1] = 1.0
    assert quota_trade_share(world.border)[OXIDE] == 0.0
    world.border.quota[0] = 1.0
    assert quota_trade_share(world.border)[OXIDE] == pytest.approx(0.75)
    world.border.quota[0] = 2.0  # of two quotas on one lane none counts twice
    assert quota_trade_share(world.border)[OXIDE] == pytest.approx(0.75)


def test_traders_stock_what_is_cheap_against_three_years_and_sell_it_as_it_recovers() -> None:
    """At 80 of 100, less 12% of carry: 1.5 x 100 x ln(1 / 0.896) = 16.47 t, half of it at once. At
    95 of 100 it does not pay to hold them.
    """
    world = Exporter()
    world.market.quote[OXIDE] = 80.0
    wanted = 150.0 * np.log(1.0 / 0.896)
    assert world.trade(M13=False).hoard[OXIDE] == pytest.approx(0.5 * wanted)
    assert world.trade(M13=False).hoard[OXIDE] == pytest.approx(0.75 * wanted)
    assert world.offers.stock[:2].sum() == pytest.approx(40.0 - 0.75 * wanted)
    world.market.quote[OXIDE] = 95.0
    assert world.trade(M13=False).hoard[OXIDE] == pytest.approx(0.375 * wanted)


def test_a_separator_that_stands_still_does_not_come_back_by_quota() -> None:
    world = Exporter()
    world.firms.status[3:5] = MOTHBALLED, BANKRUPT
    world.firms.capacity[3:5] = 0.0
    world.decide(1)
    assert world.firms.capacity[3:5].tolist() == [0.0, 0.0]
