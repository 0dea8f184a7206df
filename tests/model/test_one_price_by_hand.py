"""One price for a commodity in a state, costs in the money of the month, what lies unfinished, and
inputs that go into different goods, at points reckoned by hand (decision 0024).
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.basis.price_level import price_level
from coercivity.model.parts.clock import Clock
from coercivity.model.plants.building import capex_of_projects
from coercivity.model.plants.capacity import capex_per_tonne
from coercivity.model.plants.costs import costs_rise, learning_factor
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.trade.clearing import pricing_terms, tighten
from coercivity.model.use.adaptation import APART, use_kinds
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import FIRST_SECTOR, GOOD, PROCESS, SECTOR

OXIDE, METAL, ORE = GOOD["ndpr_oxide"], GOOD["ndpr_metal"], GOOD["heavy_concentrate"]
LA, CE = GOOD["lanthanum_oxide"], GOOD["cerium_oxide"]


@cache
def begun(scenario: str) -> World:
    """A world before its first month."""
    return World(load_scenario(scenario), 1, record=False)


def test_costs_of_2009_are_six_tenths_of_those_of_2024_and_rise_by_the_same_part_each_month() -> (
    None
):
    """180 months: half-way, in July 2016, 0.6^(1/2); no change outside the table."""
    assert price_level(FACTS, "2009-01") == pytest.approx(0.6)
    assert price_level(FACTS, "2009-01", 90) == pytest.approx(0.6**0.5)
    assert price_level(FACTS, "2016-07") == price_level(FACTS, "2009-01", 90)
    assert price_level(FACTS, "2009-01", 1) == pytest.approx(0.6 ** (179.0 / 180.0))
    assert (
        price_level(FACTS, "2009-01", 180)
        == price_level(FACTS, "2009-01", 400)
        == pytest.approx(1.0)
    )
    assert price_level(FACTS, "2024-01") == price_level(FACTS, "2024-01", 60) == pytest.approx(1.0)
    assert price_level(FACTS, "2009-01", -24) == pytest.approx(0.6)


def test_cost_falls_with_every_doubling() -> None:
    """But where nobody has separated there is nothing to learn."""
    given = ((100.0, 200.0, 0.15), (100.0, 400.0, 0.15), (100.0, 200.0, 0.0), (0.0, 10.0, 0.15))
    assert [learning_factor(*one) for one in given] == pytest.approx([0.85, 0.85**2, 1.0, 1.0])


def test_conversion_and_plants_cost_what_they_cost_in_the_month() -> None:
    firms = Firms(conversion=a(6.0, 0.0), capex=a(1200.0, 60.0), facts=FACTS)
    market: Any = SimpleNamespace(level=0.6)
    costs_rise(firms, market, clock=Clock("2009-01", 240, 1, 90))
    assert firms.conversion == pytest.approx([6.0 * 0.6**-0.5, 0.0])
    assert firms.capex == pytest.approx([1200.0 * 0.6**-0.5, 60.0 * 0.6**-0.5])
    assert market.level == pytest.approx(0.6**0.5)
    costs_rise(firms, market, clock=Clock("2009-01", 240, 1, 180))
    assert firms.conversion == pytest.approx([10.0, 0.0])
    assert firms.capex == pytest.approx([2000.0, 100.0])
    costs_rise(firms, market, clock=Clock("2009-01", 240, 1, 181))
    assert firms.conversion == pytest.approx([10.0, 0.0])
    assert market.level == pytest.approx(1.0)


@pytest.mark.parametrize(("scenario", "level"), [("embargo-2010", 0.6), ("business-as-usual", 1.0)])
def test_a_world_begins_at_the_level_of_its_start_and_its_costs_rise_each_month(
    scenario: str, level: float
) -> None:
    world = begun(scenario).fork()
    firms = world.firms
    assert (world.market.level, world.market.rise) == pytest.approx((level, 1.0))
    # others state their own
    usual = np.isnan(capex_of_projects(FACTS, firms.names, world.start_name))
    listed = level * capex_per_tonne(FACTS, firms.process, firms.state)
    np.testing.assert_allclose(firms.capex[usual], listed[usual])
    before = firms.conversion.copy(), firms.capex.copy()
    for month in range(3):
        world.step()
        now = price_level(FACTS, world.start_name, month)
        assert world.market.level == pytest.approx(now)
        np.testing.assert_allclose(firms.conversion, before[0] * now / level)
        np.testing.assert_allclose(firms.capex, before[1] * now / level)
    assert (now > level) == (level < 1.0)


def test_sellers_of_a_commodity_in_a_state_share_its_scarcity() -> None:
    """Two Chinese sellers of oxide: 10 t ordered, and sold, at 2 months of cover and 30 at 1, of 5
    and 20 t in stock: ln(50 / 25). An American and two makers stand alone. Where 40 t more are
    ordered than are sold, the shelf is as large as it was: ln(90 / 25).
    """
    offers = Offers(
        pool=np.array([0, 0, 2, 3, 4]),
        orders=a(10.0, 30.0, 10.0, 10.0, 20.0),
        sales=a(10.0, 30.0, 10.0, 10.0, 20.0),
        cover=a(2.0, 1.0, 1.5, 1.2, 1.2),
        stock=a(5.0, 20.0, 30.0, 12.0, 12.0),
        facts=FACTS,
    )
    market: Any = SimpleNamespace()
    tighten(market, offers=offers)
    ln = np.log
    assert market.tightness == pytest.approx([ln(2.0), ln(2.0), ln(0.5), 0.0, ln(2.0)])
    offers.orders[0] = 50.0
    tighten(market, offers=offers)
    assert market.tightness[0] == pytest.approx(ln(90.0 / 25.0))
    offers.stock[:2] = 0.0
    tighten(market, offers=offers)
    assert market.tightness[:2].tolist() == [2.5, 2.5]


def test_asking_prices_follow_the_scarcity_of_the_market_but_not_of_who_is_shut() -> None:
    """Whatever a seller's own stock is."""
    world = begun("business-as-usual").fork()
    offers = world.offers
    offers.stock = 9.0 * offers.stock
    world.market.tightness = np.full(len(offers), 0.4)
    offers.shut_rows = np.array([0, 3])
    before = offers.ask.copy()
    world.everyone.post_prices(market=world.market, p=world.p, on=world.on)
    wanted = np.where(np.isin(np.arange(len(offers)), offers.shut_rows), 0.0, 0.4)
    np.testing.assert_array_equal(offers.scarcity, wanted)
    free = ~offers.to_order & ~offers.is_ore & (wanted > 0.0)
    moved = np.exp(world.p.price_speed * world.p.price_eta * 0.4)
    np.testing.assert_allclose((offers.ask / before)[free], moved)
    assert world.market.tightness[0] == 0.4  # what the market is, stays


def test_makers_answer_scarcity_with_time_and_ores_with_less_than_oxides() -> None:
    """0.6 and 1/2 of the response of oxides; of its convex part 0 and 0.3."""
    p = load_parameters().defaults().with_values({"price_eta": 0.8, "price_steep": 1.0})
    to_order, ore, eta, steep = pricing_terms(np.array([METAL, ORE, OXIDE]), p)
    assert (to_order.tolist(), ore.tolist()) == ([True, False, False], [False, True, False])
    assert eta == pytest.approx([0.48, 0.4, 0.8])
    assert steep == pytest.approx([0.0, 0.3, 1.0])


def test_catalysts_and_machinery_are_parted_by_what_their_inputs_cost() -> None:
    """2 t at 5 and 6 t at 15 USD/kg: a tenth and nine tenths. A car maker's inputs are one line."""
    assert APART == ("catalysts_glass", "industrial")
    glass, cars = (FIRST_SECTOR + SECTOR[s] for s in ("catalysts_glass", "automotive"))
    firms = Firms(process=np.array([cars, glass, PROCESS["make_metal"], glass]), facts=FACTS)
    needs = Needs(
        firm=np.array([0, 0, 1, 1, 2, 3]),
        good=np.array([METAL, LA, LA, CE, OXIDE, CE]),
        coefficient=a(1.0, 1.0, 2.0, 6.0, 1.2, 6.0),
        paid=a(50.0, 5.0, 5.0, 15.0, 50.0, 15.0),
        facts=FACTS,
    )
    use_kinds(needs, firms=firms, p=load_parameters().defaults())
    assert needs.part == pytest.approx([0.0, 0.0, 0.1, 0.9, 0.0, 1.0])
    assert needs.apart_rows.tolist() == [2, 3, 5]
    assert needs.apart_first.tolist() == [0, 2]
    assert needs.apart_firms.tolist() == [1, 3]
