"""Costs in the money of the month, what sellers ask by the scarcity of the market, and inputs that
go into different goods, at points reckoned by hand (decision 0024).
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Needs
from coercivity.model.basis.price_level import price_level
from coercivity.model.parts.clock import Clock
from coercivity.model.plants.building import capex_of_projects
from coercivity.model.plants.capacity import capex_per_tonne
from coercivity.model.plants.costs import costs_rise, learning_factor
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.trade.clearing import pricing_terms
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


def posted(scarce: float, **market: Any) -> tuple[World, np.ndarray]:
    """What sellers ask over their prices of the start, where all is as scarce; two stand still."""
    world = begun("business-as-usual").fork()
    world.market.scarcity = np.full(len(world.offers), scarce)
    world.offers.shut_rows = np.array([0, 3])
    for name, value in market.items():
        setattr(world.market, name, value)
    world.everyone.post_prices(market=world.market, support=world.support, on=world.on)
    return world, world.offers.ask / world.offers.base_price


def test_asking_prices_follow_the_scarcity_of_the_market_but_not_of_who_is_shut() -> None:
    """Whatever a seller's own stock is; within what users bear."""
    world, ratio = posted(0.4)
    offers = world.offers
    shut = np.isin(np.arange(len(offers)), offers.shut_rows)
    bears = world.market.ceiling[offers.good] / offers.base_price
    free = ~offers.to_order & ~offers.is_ore & ~shut
    np.testing.assert_allclose(ratio[free], np.minimum(np.exp(0.4), bears)[free])
    calm = posted(0.0)[1]
    np.testing.assert_allclose(ratio[shut], calm[shut])
    assert world.market.scarcity[0] == 0.4  # what the market is, stays


def test_at_no_scarcity_all_ask_the_prices_of_the_start() -> None:
    ratio = posted(0.0)[1]
    np.testing.assert_allclose(ratio, 1.0, rtol=1e-6)


def test_makers_do_not_ask_less_than_nine_tenths_of_their_costs() -> None:
    """In any glut; who sells a commodity down to its floor."""
    world, ratio = posted(-9.0)
    firms, offers = world.firms, world.offers
    cost = 0.9 / (1.0 + np.maximum(firms.base_margin, 0.0))[offers.firm]
    shut = np.isin(np.arange(len(offers)), offers.shut_rows)
    rows = offers.to_order & ~shut
    np.testing.assert_allclose(ratio[rows], cost[rows], rtol=1e-6)
    rows = ~offers.to_order & ~offers.is_ore & ~shut
    np.testing.assert_allclose(ratio[rows], (offers.floor / offers.base_price)[rows])


def test_goods_are_made_to_order_from_metal_on_and_ores_are_concentrates() -> None:
    to_order, ore = pricing_terms(np.array([METAL, ORE, OXIDE]), FACTS)
    assert (to_order.tolist(), ore.tolist()) == ([True, False, False], [False, True, False])


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
    use_kinds(needs, firms=firms)
    assert needs.part == pytest.approx([0.0, 0.0, 0.1, 0.9, 0.0, 1.0])
    assert needs.apart_rows.tolist() == [2, 3, 5]
    assert needs.apart_first.tolist() == [0, 2]
    assert needs.apart_firms.tolist() == [1, 3]
