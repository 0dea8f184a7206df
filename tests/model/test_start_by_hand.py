"""How a world begins: stocks, flows, links, sizes and prices of the first month, each by its
rule.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.agents.firms.investor import FRINGE_UTILISATION
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import goods, processes
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.start import balanced, links, population
from coercivity.model.start.balanced import balanced_start, plant_outputs
from coercivity.model.start.build import family
from coercivity.model.start.growth import foreseen_growth
from coercivity.model.start.links import Chain, lay_links
from coercivity.model.start.population import census
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import (
    CHINA,
    FIRST_SECTOR,
    GOOD,
    GOODS,
    PROCESS,
    PROCESSES,
    SECTORS,
    STATE,
    STATES,
)

JAPAN, US, GERMANY, FRANCE, AUSTRALIA, MALAYSIA = (
    STATE[n] for n in ("Japan", "United States", "Germany", "France", "Australia", "Malaysia")
)
S, G = len(STATES), len(GOODS)
STARTS = ("2009-01", "2024-01")


@cache
def begun(scenario: str = "business-as-usual", off: tuple[str, ...] = ()) -> World:
    """A world before its first month."""
    of = with_changes(load_scenario(scenario), mechanisms=dict.fromkeys(off, False) or None)
    return World(of, 1, record=False)


BOTH = pytest.mark.parametrize("scenario", ["business-as-usual", "embargo-2010"])


def test_cover_runs_through_its_low_median_and_high() -> None:
    limits = np.repeat(a(1.0, 2.0, 8.0)[:, None], 3, axis=1)
    at = a(0.05, 0.5, 0.95)
    assert population._cover(limits, at, 1.0) == pytest.approx([1.0, 2.0, 8.0], rel=0.02)
    half = population._cover(limits, at, 0.5)
    assert half == pytest.approx([2.0**0.5, 2.0, 4.0], rel=0.01)
    assert population._cover(limits, at, 0.0).tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize("name", STARTS)
def test_plants_of_a_state_add_up_to_its_stage_total(name: str) -> None:
    """Named plants have their share of it, and the rest is given to others."""
    start, who = balanced_start(FACTS, name), census(FACTS, name, 3)
    plants = population._plants(start)
    run = np.zeros_like(start.run)
    for process, state, _, tonnes in plants:
        run[process, state] += tonnes
    np.testing.assert_allclose(run, start.run, rtol=0.005)
    assert who.running == len(plants)
    assert len({plant for _, _, plant, _ in plants}) == len(plants)
    named = {row["firm"]: row["share"] for row in load_table("firms").where(start=name)}
    for process, state, plant, tonnes in plants:
        if plant in named:
            assert tonnes == pytest.approx(named[plant] * start.run[process, state])


@pytest.mark.parametrize("count", [1, 3, 5])
def test_end_users_of_a_sector_differ_in_size_and_share_its_use(count: int) -> None:
    who, start = census(FACTS, "2024-01", count), balanced_start(FACTS, "2024-01")
    firms, needs = who.firms, who.needs
    users = np.arange(len(firms))[who.users]
    assert len(users) == count * len(who.groups)
    sizes = firms.size[users].reshape(-1, count)
    np.testing.assert_allclose(sizes.sum(axis=1), 1.0)
    np.testing.assert_allclose(sizes[:, 1:4], 0.6 * sizes[:, :3][:, : count - 1])
    assert set(firms.base_run[users]) == {1.0}
    used = group_sum(needs.coefficient * np.isin(needs.firm, users), needs.good, G)
    wanted = np.zeros(G)
    for _, _, good, tonnes in start.end_use:
        wanted[good] += tonnes
    np.testing.assert_allclose(used, wanted)


def test_only_chinese_light_separators_finish_the_heavies() -> None:
    """But a heavy line and every other process give what their table says anywhere."""
    light = PROCESS["separate_light"]
    lines = processes(FACTS).outputs[light]
    assert np.array_equal(plant_outputs(FACTS, light, CHINA), lines)
    abroad = plant_outputs(FACTS, light, MALAYSIA)
    heavy = [GOOD[f"{name}_oxide"] for name in ("seg", "dysprosium", "terbium", "yttrium")]
    assert not abroad[heavy].any()
    assert np.array_equal(np.delete(abroad, heavy), np.delete(lines, heavy))
    other = PROCESS["separate_heavy"]
    assert np.array_equal(plant_outputs(FACTS, other, MALAYSIA), processes(FACTS).outputs[other])


def test_where_no_fact_speaks_trade_goes_home_and_near_first() -> None:
    """20 times as much at home, three times as much within a region."""
    seed = balanced._gravity(FACTS, np.full(S, 2.0), np.full(S, 3.0))
    assert (seed[JAPAN, JAPAN], seed[JAPAN, CHINA], seed[JAPAN, GERMANY]) == (120.0, 18.0, 6.0)
    assert seed[GERMANY, FRANCE] == seed[US, STATE["Canada"]] == 18.0
    assert seed[AUSTRALIA, JAPAN] == 6.0
    assert (np.diag(seed) == 120.0).all()


def test_what_is_known_of_a_buyer_s_purchases_stands_and_gravity_fills_the_rest() -> None:
    """Japan buys 60, nine tenths of it in Australia and so the rest in China; France 40 in China.
    Who sells nothing (Brazil) has no part.
    """
    output, use = np.zeros(S), np.zeros(S)
    output[[CHINA, AUSTRALIA]], use[[JAPAN, FRANCE]] = (46.0, 54.0), (60.0, 40.0)
    oxide = GOOD["ndpr_oxide"]
    known = {
        ("ndpr_oxide", "Japan"): {"Australia": 0.9, "Brazil": 0.5},
        ("ndpr_oxide", "France"): {"China": 1.0},
        ("ndpr_metal", "France"): {"Australia": 1.0},
    }
    flow = balanced._flow(FACTS, oxide, output, use, known)
    found = flow[[CHINA, CHINA, AUSTRALIA, AUSTRALIA], [JAPAN, FRANCE, JAPAN, FRANCE]]
    assert found == pytest.approx([6.0, 40.0, 54.0, 0.0], abs=1e-6)
    assert flow.sum() == pytest.approx(100.0)
    near = balanced._flow(FACTS, oxide, output, use, {})[:, JAPAN]  # China is nearer
    assert near[CHINA] / near[AUSTRALIA] > 46.0 / 54.0
    assert not balanced._flow(FACTS, oxide, np.zeros(S), np.zeros(S), known).any()


@pytest.mark.parametrize("name", STARTS)
def test_a_start_adds_up_from_the_mine_to_the_product(name: str) -> None:
    start = balanced_start(FACTS, name)
    inputs, at = start.inputs, PROCESS
    np.testing.assert_allclose(start.flow.sum(axis=1), start.use, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(start.flow.sum(axis=2), start.output, rtol=2e-3, atol=1e-6)
    ends = np.zeros((G, S))
    for state, _, good, tonnes in start.end_use:
        ends[good, state] += tonnes
    used = ends + np.einsum("pg,ps->gs", inputs[: len(PROCESSES)], start.run)
    np.testing.assert_allclose(start.use, used, rtol=1e-9, atol=1e-9)
    for mine, plant in (("mine_light", "separate_light"), ("mine_heavy", "separate_heavy")):
        assert start.run[at[mine]].sum() == pytest.approx(start.run[at[plant]].sum())
    dug = sum(
        row["tonnes_per_year"]
        for row in load_table("stage_output").where(start=name)
        if row["process"] == "mine_light"
    )
    assert start.run[at["mine_light"]].sum() == pytest.approx(dug / 12.0)
    for good in ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide"):
        assert start.use[GOOD[good]].sum() == pytest.approx(start.potential[GOOD[good]].sum()), good
    for process in ("make_metal", "make_magnet_standard", "make_motor_heat_resistant"):
        (made,) = np.flatnonzero(processes(FACTS).outputs[at[process]])
        np.testing.assert_allclose(start.output[made], start.run[at[process]])
    for good in (GOOD["lanthanum_oxide"], GOOD["cerium_oxide"]):  # of which more is dug than used
        assert (start.output[good] <= start.potential[good] + 1e-9).all()
    assert not start.run.flags.writeable


def test_of_many_sellers_each_need_takes_a_few_and_every_seller_meets_its_part() -> None:
    sellers, size = np.arange(10, 16), a(0.4, 0.2, 0.1, 0.1, 0.1, 0.1)
    row, chosen, weight = links._choose(sellers, size, np.arange(400), 2)
    np.testing.assert_allclose(np.bincount(row, weights=weight), 1.0)
    assert np.bincount(row).max() == 2
    met = np.bincount(chosen - 10, weights=weight) / 400.0
    np.testing.assert_allclose(met, size, atol=0.01)
    first = [chosen[row == k].tolist() for k in range(3)]
    assert first == [[10, 11], [10, 12], [10, 13]]  # at 0 and 0.5, 0.118 and 0.618, 0.236 and 0.736


@pytest.mark.parametrize("name", STARTS)
def test_links_carry_what_the_flows_say_and_travel_the_days_of_their_lane(name: str) -> None:
    laid, who = lay_links(FACTS, name, 3), census(FACTS, name, 3)
    of, needs, offers, firms = laid.links, who.needs, who.offers, who.firms
    np.testing.assert_allclose(group_sum(of.share, of.need, len(needs)), 1.0)
    assert (of.good == offers.good[of.offer]).all()
    assert (of.importer == firms.state[needs.firm[of.need]]).all()
    assert (of.days == links.lane_days(FACTS)[of.exporter, of.importer]).all()
    assert (of.days[of.exporter == of.importer] == 6.0).all()
    key = of.need * len(offers) + of.offer
    assert (np.diff(key) > 0).all()  # by need and offer, each pair once
    travel = group_sum(of.share * of.days / 30.0, of.need, len(needs))
    np.testing.assert_allclose(laid.mean_lag, travel)


def test_growth_is_carried_up_the_chain_by_sales() -> None:
    """Wind grows by 20%, cars by 10%; the maker sells 1 t to one and 3 to the other: 12.5%, and so
    does its metal. Bounds: -5% and 25%.
    """
    metal, magnet = GOOD["ndpr_metal"], GOOD["magnet_standard"]
    firms = Firms(
        state=np.array([JAPAN, JAPAN, JAPAN, JAPAN]),
        process=np.array(
            [PROCESS["make_metal"], PROCESS["make_magnet_standard"], FIRST_SECTOR, FIRST_SECTOR + 1]
        ),
        sector=np.array([-1, -1, 0, 1]),
        base_run=a(4.0, 4.0, 1.0, 1.0),
        facts=FACTS,
    )
    needs = Needs(
        firm=np.array([1, 2, 3]),
        good=np.array([metal, magnet, magnet]),
        coefficient=a(1.0, 1.0, 3.0),
        facts=FACTS,
    )
    offers = Offers(
        firm=np.array([0, 1]), good=np.array([metal, magnet]), lead=a(1.0, 1.0), facts=FACTS
    )
    none = np.zeros(0, dtype=int)
    chain = [Chain(none, none, none, np.zeros(0), none)] * G
    chain[metal] = Chain(np.array([0]), np.array([0]), np.array([0]), a(1.0), none)
    chain[magnet] = Chain(np.array([1, 2]), np.array([1, 2]), np.array([1, 1]), a(1.0, 1.0), none)
    laying: Any = SimpleNamespace(chain=tuple(chain))
    rate = np.zeros((S, len(SECTORS)))
    rate[JAPAN, :2] = 0.2, 0.1
    found = foreseen_growth(firms, needs, offers, laying, rate)
    assert found == pytest.approx([0.125, 0.125, 0.2, 0.1])
    rate[JAPAN, :2] = 0.9, -0.9
    assert foreseen_growth(firms, needs, offers, laying, rate)[2:].tolist() == [0.25, -0.05]


@BOTH
def test_prices_of_the_first_month(scenario: str) -> None:
    """In China the table's; elsewhere with the tax and duty that China does not refund, and 7% more
    for metal, 30% for magnets, 10% for motors.
    """
    world = begun(scenario)
    firms, offers = world.firms, world.offers
    start, tax = balanced_start(FACTS, world.start_name), {"2009-01": 0.17, "2024-01": 0.13}
    duty = np.zeros(G)
    for event in world.scenario.events:
        if event.kind == "export_duty" and event.month_index(world.start_name) <= 0:
            end = event.end_index(world.start_name)
            if end is None or end >= 0:
                rows = [GOOD[g] for g in event.goods]
                duty[rows] = np.maximum(duty[rows], event.get("rate"))
    wedge = goods(FACTS).vat_wedge * tax[world.start_name]
    more = {"metal": 0.07, "magnet": 0.3, "motor": 0.1}
    premium = np.array([more.get(family(FACTS, g), 0.0) for g in range(G)]) + wedge + duty
    home = firms.state[offers.firm] == CHINA
    np.testing.assert_allclose(
        offers.ask, start.price[offers.good] * np.where(home, 1.0, 1.0 + premium[offers.good])
    )
    np.testing.assert_array_equal(offers.base_price, offers.ask)
    np.testing.assert_allclose(offers.floor, goods(FACTS).floor[offers.good] * offers.ask)
    of = world.links
    abroad = of.exporter != of.importer
    of_china = abroad & (of.exporter == CHINA)
    np.testing.assert_allclose(of.vat, np.where(of_china, wedge[of.good], 0.0))
    np.testing.assert_allclose(of.freight, np.where(abroad, 0.2, 0.0))
    cost = offers.ask[of.offer] * (1.0 + np.where(of_china, (wedge + duty)[of.good], 0.0))
    np.testing.assert_allclose(of.base_cost, cost + np.where(abroad, 0.2, 0.0))
    paid = group_sum(of.share * of.base_cost, of.need, len(world.needs))
    for name in ("paid", "replacement", "worth", "price_start"):
        np.testing.assert_allclose(getattr(world.needs, name), paid, err_msg=name)


@BOTH
def test_sizes_and_stocks_of_the_first_month(scenario: str) -> None:
    world = begun(scenario)
    firms, needs, offers, of, p = world.firms, world.needs, world.offers, world.links, world.p
    use = needs.coefficient * firms.base_run[needs.firm]
    stocked = needs.cover + group_sum(of.share * of.days / 30.0, of.need, len(needs))
    bought = use * (1.0 + firms.trend[needs.firm] * stocked / 12.0)
    np.testing.assert_allclose(needs.arrived, bought)
    np.testing.assert_allclose(needs.base_use, use)
    np.testing.assert_allclose(
        needs.stock, np.maximum((1.0 + needs.cover) * use - bought, 0.0), atol=1e-12
    )
    assert needs.expected == pytest.approx(
        use * (1.0 - firms.trend[needs.firm] * p.use_smoothing / 12.0)
    )
    sales = group_sum(of.share * bought[of.need], of.offer, len(offers))
    np.testing.assert_allclose(offers.sales, sales, atol=1e-12)
    np.testing.assert_array_equal(offers.cover, goods(FACTS).shelf[offers.good] * p.shelf_scale)
    np.testing.assert_allclose(offers.stock, offers.cover * sales, atol=1e-12)
    assert offers.orders == pytest.approx(
        sales * (1.0 - firms.trend[offers.firm] * p.order_memory / 12.0)
    )
    single = firms.process[offers.firm] >= PROCESS["make_metal"]
    grown = sales / offers.yields * (1.0 + firms.trend[offers.firm] * offers.cover / 12.0)
    np.testing.assert_allclose(firms.base_run[offers.firm[single]], grown[single])
    plants = ~firms.is_end & (firms.base_run > 0)
    fringe = plants & (firms.state != CHINA) & (firms.process < PROCESS["make_metal"])
    room = np.where(fringe, 1.0 / FRINGE_UTILISATION, 1.0 + p.spare_capacity)
    first = plants & ~firms.has_quota
    np.testing.assert_allclose(firms.capacity[first], (firms.base_run * room)[first], rtol=1e-9)
    np.testing.assert_allclose(firms.capacity[firms.is_end], 1.0 + p.overtime)


@BOTH
def test_nobody_does_with_less_at_the_prices_of_the_start(scenario: str) -> None:
    """Whatever these are, recipes are those of the table; diffusion of Dy and Tb goes on."""
    world = begun(scenario)
    needs = world.needs
    assert not needs.swap.any()
    assert not needs.redesign.any()
    moved = world.fork()
    moved.everyone.adapt_recipes(market=moved.market, p=world.p, on=moved.on)
    same = ~np.isin(np.arange(len(needs)), needs.heavy_rows)
    np.testing.assert_allclose(moved.needs.coefficient[same], needs.recipe[same])
    assert (moved.needs.coefficient[needs.heavy_rows] < needs.recipe[needs.heavy_rows]).all()


def test_users_and_makers_that_can_spare_do_with_less_and_nobody_else() -> None:
    """End users; makers of motors of their hot magnets, of magnets of their Dy and Tb and metal."""
    world = begun()
    needs = world.needs
    adapts = needs.adapts > 0.0
    made = ~world.firms.is_end[needs.firm]
    assert adapts[~made].all()
    goods = {GOODS[good] for good in needs.good[made & adapts]}
    spared = {"ndpr_metal", "magnet_heat_resistant", "magnet_smco"}
    assert goods <= spared | {"dysprosium_oxide", "terbium_oxide"}
    assert {"ndpr_metal", "dysprosium_oxide", "terbium_oxide"} <= goods
    assert not adapts[made & np.isin(needs.good, [GOOD["ndpr_oxide"]])].any()


@BOTH
def test_mines_dig_what_they_dug_and_heavy_oxides_meet_their_use(scenario: str) -> None:
    world = begun(scenario)
    firms, start = world.firms, balanced_start(FACTS, world.start_name)
    for mine in ("mine_light", "mine_heavy"):
        dug = firms.base_run[firms.process == PROCESS[mine]].sum()
        assert dug == pytest.approx(start.run[PROCESS[mine]].sum(), rel=0.02), mine
    needs, offers = world.needs, world.offers
    made = group_sum(offers.yields * firms.base_run[offers.firm], offers.good, G)
    for name in ("dysprosium_oxide", "terbium_oxide"):
        bought = needs.arrived[needs.good == GOOD[name]].sum()
        assert bought == pytest.approx(made[GOOD[name]], rel=0.02), name


def test_months_of_qualification() -> None:
    world = begun()
    of = world.links
    months = np.where(of.share > 0, 0.0, goods(FACTS).qualification[of.good])
    np.testing.assert_array_equal(of.qualify, months)
    known = {
        goods(FACTS).qualification[GOOD[g]] for g in ("ndpr_oxide", "ndpr_metal", "magnet_smco")
    }
    assert known == {3.0, 6.0, 9.0}


def test_the_exporter_s_quotas_begin_as_its_mines_run() -> None:
    world = begun()
    firms, supply, needs = world.firms, world.supply, world.needs
    light = firms.base_run[firms.has_quota & (firms.process == PROCESS["mine_light"])].sum()
    heavy = firms.base_run[firms.has_quota & (firms.process == PROCESS["mine_heavy"])].sum()
    assert (supply.light_base, supply.heavy_base) == pytest.approx((light, heavy))
    assert supply.light == pytest.approx(light)
    separates = (firms.process == PROCESS["separate_light"]) & (firms.state == CHINA)
    np.testing.assert_array_equal(supply.at.separators, np.flatnonzero(separates))
    assert supply.use_start == pytest.approx(
        needs.expected[
            np.isin(needs.good, [GOOD["magnet_standard"], GOOD["magnet_heat_resistant"]])
        ].sum()
    )
