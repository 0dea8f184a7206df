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
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import goods, processes
from coercivity.model.basis.names import (
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
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.start import balanced, links, population
from coercivity.model.start.balanced import balanced_start, plant_outputs
from coercivity.model.start.build import family
from coercivity.model.start.growth import foreseen_growth
from coercivity.model.start.links import Chain, lay_links
from coercivity.model.start.population import census
from coercivity.model.use.adaptation import choke_prices
from coercivity.model.world import World
from tests.facts import FACTS

JAPAN, US, GERMANY, FRANCE, AUSTRALIA, MALAYSIA = (
    STATE[n] for n in ("Japan", "United States", "Germany", "France", "Australia", "Malaysia")
)
S, G = len(STATES), len(GOODS)
STARTS = ("2009-01", "2024-01")


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@cache
def begun(scenario: str = "business-as-usual", off: tuple[str, ...] = ()) -> World:
    """A world before its first month."""
    of = with_changes(load_scenario(scenario), mechanisms=dict.fromkeys(off, False) or None)
    return World(of, 1, record=False)


BOTH = pytest.mark.parametrize("scenario", ["business-as-usual", "embargo-2010"])


# ---------------------------------------------------------------- stocks of firms


def test_cover_runs_through_its_low_median_and_high() -> None:
    """At a twentieth, a half and nineteen twentieths; a spread of half as much halves both
    distances in logs.
    """
    limits = np.repeat(a(1.0, 2.0, 8.0)[:, None], 3, axis=1)
    at = a(0.05, 0.5, 0.95)
    assert population._cover(limits, at, 1.0) == pytest.approx([1.0, 2.0, 8.0], rel=0.02)
    half = population._cover(limits, at, 0.5)
    assert half == pytest.approx([2.0**0.5, 2.0, 4.0], rel=0.01)
    assert population._cover(limits, at, 0.0).tolist() == [2.0, 2.0, 2.0]


def test_cover_stays_between_a_day_or_two_and_two_years() -> None:
    limits = np.array([[0.0, 9.0], [0.1, 10.0], [0.2, 99.0]])
    assert population._cover(limits, a(0.0001, 0.9999), 1.0).tolist() == [0.05, 24.0]
    low = np.array([[1.0], [2.0], [1.0]])  # a high below the median does not turn round
    assert population._cover(low, a(0.9), 1.0).tolist() == [2.0]


def test_limits_of_cover_are_the_state_s_else_everybody_s_else_assumed() -> None:
    covers = {("wind", "Japan"): (1.0, 2.0, 3.0), ("wind", "All"): (4.0, 5.0, 6.0)}
    assert population._limits(covers, "wind", "Japan") == (1.0, 2.0, 3.0)
    assert population._limits(covers, "wind", "France") == (4.0, 5.0, 6.0)
    assert population._limits(covers, "automotive", "Japan") == (1.0, 1.5, 3.0)


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


def test_the_rest_of_a_state_is_a_few_plants_each_seven_tenths_of_the_one_before() -> None:
    plants = population._plants(balanced_start(FACTS, "2024-01"))

    def rest(process: str, state: str) -> list[tuple[str, float]]:
        known = {row["firm"] for row in load_table("firms")}
        return [
            (name, tonnes)
            for p, s, name, tonnes in plants
            if (p, s) == (PROCESS[process], STATE[state]) and name not in known
        ]

    for process, state, count in (
        ("separate_light", "China", 2),
        ("make_metal", "China", 6),
        ("make_motor_standard", "Germany", 2),
        ("make_motor_standard", "Japan", 3),
    ):
        found = rest(process, state)
        assert len(found) == count, (process, state)
        sizes = np.array([tonnes for _, tonnes in found])
        np.testing.assert_allclose(sizes[1:] / sizes[:-1], 0.7)
    names = [name for name, _ in rest("make_motor_standard", "Germany")]
    assert names == ["Germany motor standard 1", "Germany motor standard 2"]
    assert rest("separate_light", "China")[0][0].endswith("China separation, light 1")


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


def test_plants_that_are_planned_or_possible_do_not_run_and_come_after_those_that_do() -> None:
    who = census(FACTS, "2024-01", 3)
    assert (who.firms.base_run[: who.running] > 0).all()
    planned = [firm for firm, _, _ in who.builds]
    possible = [firm for firm, *_ in who.options]
    assert planned == list(range(who.running, who.users.start))
    assert possible == list(range(who.users.stop, len(who.firms)))
    assert not who.firms.base_run[[*planned, *possible]].any()
    assert min(month for _, month, _, _ in who.options) == 0
    row = load_table("projects").where(start="2024-01")[0]
    assert who.builds[0][2] == pytest.approx(row["tonnes_per_year"] / 12.0)


# ---------------------------------------------------------------- the balanced start


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


# ---------------------------------------------------------------- links


def test_all_sellers_of_an_origin_are_customers_where_they_are_few() -> None:
    """By size: three quarters and a quarter, for each of two needs; four are few, and so are as
    many as are sampled.
    """
    row, chosen, weight = links._choose(np.array([7, 9]), a(0.75, 0.25), np.arange(2), 2)
    assert (row.tolist(), chosen.tolist()) == ([0, 0, 1, 1], [7, 9, 7, 9])
    assert weight.tolist() == [0.75, 0.25, 0.75, 0.25]
    assert len(links._choose(np.arange(4), np.full(4, 0.25), np.arange(3), 1)[0]) == 12
    assert len(links._choose(np.arange(6), np.full(6, 1 / 6), np.arange(3), 6)[0]) == 18
    assert len(links._choose(np.arange(5), np.full(5, 0.2), np.arange(3), 1)[0]) == 3


def test_of_many_sellers_each_need_takes_a_few_and_every_seller_meets_its_part() -> None:
    sellers, size = np.arange(10, 16), a(0.4, 0.2, 0.1, 0.1, 0.1, 0.1)
    row, chosen, weight = links._choose(sellers, size, np.arange(400), 2)
    np.testing.assert_allclose(np.bincount(row, weights=weight), 1.0)
    assert np.bincount(row).max() == 2
    met = np.bincount(chosen - 10, weights=weight) / 400.0
    np.testing.assert_allclose(met, size, atol=0.01)
    first = [chosen[row == k].tolist() for k in range(3)]
    assert first == [[10, 11], [10, 12], [10, 13]]  # at 0 and 0.5, 0.118 and 0.618, 0.236 and 0.736


def test_more_sellers_are_known_at_home_and_in_china_than_elsewhere_and_fewer_by_end_users() -> (
    None
):
    plant, end = (links.Buyers(JAPAN, end, np.arange(1), np.arange(1)) for end in (False, True))
    assert [links._most(FACTS, o, plant, False) for o in (JAPAN, CHINA, US)] == [3, 3, 2]
    assert [links._most(FACTS, o, end, False) for o in (JAPAN, CHINA, US)] == [2, 2, 1]


def test_a_plant_buys_a_commodity_from_all_sellers_at_home_and_from_some_elsewhere() -> None:
    """Every metal maker of China knows every Chinese separator; an end user and who buys abroad a
    few.
    """
    plant, end = (links.Buyers(JAPAN, end, np.arange(1), np.arange(1)) for end in (False, True))
    assert [links._most(FACTS, o, plant, True) for o in (JAPAN, CHINA, US)] == [
        links.EVERYONE,
        3,
        2,
    ]
    assert [links._most(FACTS, o, end, True) for o in (JAPAN, CHINA, US)] == [2, 2, 1]
    laid, who = lay_links(FACTS, "2024-01", 3).links, census(FACTS, "2024-01", 3)
    oxide, metal = GOOD["ndpr_oxide"], GOOD["ndpr_metal"]
    home = (laid.exporter == CHINA) & (laid.importer == CHINA) & (laid.share > 0)
    plants = who.firms.process[who.needs.firm[laid.need]] < FIRST_SECTOR
    for good, few in ((oxide, False), (metal, True)):
        rows = home & plants & (laid.good == good)
        sold = len(np.unique(laid.offer[rows]))
        known = np.bincount(laid.need[rows])
        assert sold > 3, GOODS[good]
        assert known.max() == (3 if few else sold), GOODS[good]
        assert few or known[known > 0].min() == sold


def test_of_plants_that_may_be_built_a_plant_looks_at_two_and_an_end_user_at_one() -> None:
    possible, own, turn = np.array([5, 6, 7]), np.array([True, False, False]), np.arange(3)
    home, abroad = links._of_options(possible, own, turn, False)
    assert (home.tolist(), abroad.tolist()) == ([5, 5, 5], [6, 7, 6])
    (only,) = links._of_options(possible, own, turn, True)
    assert only.tolist() == [5, 5, 5]
    assert links._of_options(possible, ~own | True, turn, True)[0].tolist() == [5, 6, 7]
    assert links._of_options(possible[:0], own[:0], turn, False) == []


@pytest.mark.parametrize("name", STARTS)
def test_links_carry_what_the_flows_say_and_travel_the_days_of_their_lane(name: str) -> None:
    laid, who, start = (
        lay_links(FACTS, name, 3),
        census(FACTS, name, 3),
        balanced_start(FACTS, name),
    )
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
    column = start.flow[needs.good, :, firms.state[needs.firm]]
    bought = column.sum(axis=1, keepdims=True)
    part = np.where(bought > 0, column / np.maximum(bought, 1e-300), np.arange(S) == CHINA)
    is_end = firms.process[needs.firm] >= FIRST_SECTOR
    least = np.where(is_end, 0.02, 0.004)
    least[np.isin(needs.good, [GOOD["light_concentrate"], GOOD["heavy_concentrate"]])] = 0.0
    part = np.where(part >= least[:, None], part, 0.0)
    found = group_sum(of.share, of.need * S + of.exporter, len(needs) * S).reshape(-1, S)
    np.testing.assert_allclose(found, part / part.sum(axis=1, keepdims=True), atol=1e-12)
    new = of.share == 0
    assert (of.prior[new] >= 0.002 - 1e-12).all()
    assert (of.prior[~new] == of.share[~new]).all()
    for good, chain in enumerate(laid.chain):
        assert (needs.good[chain.needs] == good).all()
        assert (of.good == good).sum() == len(chain.need)
    light = firms.process[offers.firm] == PROCESS["separate_light"]
    traces = light & (offers.good > GOOD["ndpr_oxide"])
    assert not laid.lead[traces].any()
    np.testing.assert_array_equal(laid.lead[~traces], goods(FACTS).lead[offers.good[~traces]])


def test_a_lane_is_the_same_both_ways_and_as_long_as_its_regions_are_apart() -> None:
    """Home, within a region, from East Asia, between others that are known, and where no row
    speaks.
    """
    days = links.lane_days(FACTS)
    canada, brazil, rest = STATE["Canada"], STATE["Brazil"], STATE["Rest of world"]
    assert (np.diag(days) == 6.0).all()
    assert [days[CHINA, state] for state in (JAPAN, MALAYSIA, AUSTRALIA, US, GERMANY)] == [
        14.0,
        14.0,
        24.0,
        35.0,
        42.0,
    ]
    assert (days[GERMANY, FRANCE], days[US, canada], days[US, GERMANY]) == (7.0, 9.0, 28.0)
    assert (days[AUSTRALIA, MALAYSIA], days[brazil, GERMANY], days[rest, CHINA]) == (40.0,) * 3
    np.testing.assert_array_equal(days, days.T)
    assert not days.flags.writeable
    assert (days <= 60.0).all()  # two months: longer lanes would arrive too early


def test_plants_of_a_good_are_sized_by_it_and_light_separators_by_ndpr_alone() -> None:
    laid, who = lay_links(FACTS, "2024-01", 3), census(FACTS, "2024-01", 3)
    process = who.firms.process[who.offers.firm]
    sizing = {GOODS[g]: set(process[of.sizing].tolist()) for g, of in enumerate(laid.chain)}
    assert sizing["ndpr_oxide"] == {PROCESS["separate_light"]}
    assert not any(sizing[f"{name}_oxide"] for name in ("cerium", "dysprosium", "terbium"))
    assert sizing["ndpr_metal"] == {PROCESS["make_metal"]}


# ---------------------------------------------------------------- growth that is foreseen


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


# ---------------------------------------------------------------- the tables of the first month


def test_families_of_goods() -> None:
    found = [
        family(FACTS, GOOD[g])
        for g in ("ndpr_metal", "magnet_smco", "motor_standard", "ndpr_oxide")
    ]
    assert found == ["metal", "magnet", "motor", "ndpr"]


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
    for name in ("paid", "replacement", "reference", "lagged", "recent"):
        np.testing.assert_allclose(getattr(world.needs, name), paid, err_msg=name)


@BOTH
def test_costs_and_margins_of_the_first_month(scenario: str) -> None:
    """Inputs at what is paid for them, and conversion, in 2009 at six tenths of today's."""
    world = begun(scenario)
    firms, needs, offers = world.firms, world.needs, world.offers
    scale = 0.6 if world.start_name == "2009-01" else 1.0
    np.testing.assert_allclose(
        firms.conversion, scale * census(FACTS, world.start_name, 3).firms.conversion
    )
    inputs = group_sum(needs.recipe * needs.paid, needs.firm, len(firms))
    np.testing.assert_allclose(firms.base_cost, inputs + firms.conversion)
    revenue = group_sum(offers.yields * offers.base_price, offers.firm, len(firms))
    sells = revenue > 0
    np.testing.assert_allclose(
        firms.base_margin[sells], revenue[sells] / firms.base_cost[sells] - 1.0
    )
    assert not firms.base_margin[~sells].any()
    for now, then in (("cost", "base_cost"), ("margin", "base_margin"), ("run", "base_run")):
        np.testing.assert_array_equal(getattr(firms, now), getattr(firms, then))
    assert (firms.plan == firms.is_end).all()


@BOTH
def test_sizes_and_stocks_of_the_first_month(scenario: str) -> None:
    """Plants sell what is bought and fill stocks that grow with sales; what is bought covers use
    and growth of stocks.
    """
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
    room = np.where(fringe, 1.0 / p.fringe_utilisation, 1.0 + p.spare_capacity)
    first = plants & ~firms.has_quota
    np.testing.assert_allclose(firms.capacity[first], (firms.base_run * room)[first], rtol=1e-9)
    np.testing.assert_allclose(firms.capacity[firms.is_end], 1.0 + p.overtime)


@BOTH
def test_what_is_under_way_at_the_start_is_what_left_in_the_months_before(scenario: str) -> None:
    """Of a lane of L months L times the flow is under way; in the first month arrives what left
    before it, with what leaves and arrives in it as much as is bought.
    """
    world = begun(scenario)
    of, needs, transit = world.links, world.needs, world.freight.transit
    flow, months = of.share * needs.arrived[of.need], of.days / 30.0
    on_the_way = group_sum(flow * months, of.need, len(needs))
    np.testing.assert_allclose(needs.pipeline, on_the_way, atol=1e-12)
    np.testing.assert_allclose(transit.sum(axis=0), on_the_way, atol=1e-12)
    at_once = group_sum(flow * np.maximum(1.0 - months, 0.0), of.need, len(needs))
    np.testing.assert_allclose(transit[0] + at_once, needs.arrived, atol=1e-12)
    late = group_sum(flow * np.maximum(months - 1.0, 0.0), of.need, len(needs))
    np.testing.assert_allclose(transit[1], late, atol=1e-12)
    assert not transit[2].any()


def test_shelves_are_scaled_all_alike() -> None:
    """Ores 1.4 months of sales, oxides 1.9, what is made to order 1.2."""
    shelf = dict(zip(GOODS, goods(FACTS).shelf.tolist(), strict=True))
    assert (shelf["heavy_concentrate"], shelf["ndpr_oxide"], shelf["motor_standard"]) == (
        1.4,
        1.9,
        1.2,
    )
    scaled = World(
        with_changes(load_scenario("business-as-usual"), parameters={"shelf_scale": 1.25}), 1
    ).offers
    np.testing.assert_allclose(scaled.cover, 1.25 * goods(FACTS).shelf[scaled.good])
    np.testing.assert_allclose(scaled.stock, scaled.cover * scaled.sales)


@BOTH
def test_uses_keep_at_the_start_what_they_keep_at_its_prices(scenario: str) -> None:
    """Whatever the price of the first month, recipes are those of the table at it."""
    world = begun(scenario)
    needs, p = world.needs, world.p
    kept = 1.0 / (1.0 + (needs.paid / needs.choke) ** p.choke_steep)
    np.testing.assert_allclose(needs.usual, kept)
    assert (needs.usual[np.isinf(needs.choke)] == 1.0).all()
    assert needs.usual.min() > 0.5  # nobody begins beyond its choke price
    process = world.firms.process[needs.firm]
    made = process < FIRST_SECTOR
    finite = {GOODS[g] for g in needs.good[made & np.isfinite(needs.choke)]}
    assert finite == {"dysprosium_oxide", "terbium_oxide"}
    assert np.isfinite(needs.choke[~made]).all()
    moved = world.fork()
    moved.everyone.adapt_recipes(p=p, on=moved.on)
    same = ~np.isin(np.arange(len(needs)), needs.heavy_rows)  # those thrift by diffusion anyway
    np.testing.assert_allclose(moved.needs.coefficient[same], needs.recipe[same])


def test_the_choke_price_of_a_use_is_its_own_else_that_of_all_end_users() -> None:
    price = choke_prices(FACTS)
    wind, defence, cars = (PROCESS[s] for s in ("wind", "aerospace_defence", "automotive"))
    magnet, oxide, dy = (GOOD[g] for g in ("magnet_standard", "ndpr_oxide", "dysprosium_oxide"))
    hot = PROCESS["make_magnet_heat_resistant"]
    assert price[[cars, defence, hot], magnet].tolist() == [250.0, 1500.0, np.inf]
    assert price[wind, GOOD["magnet_heat_resistant"]] == 300.0
    assert price[cars, GOOD["magnet_heat_resistant"]] == 350.0
    assert price[[cars, PROCESS["make_metal"]], oxide].tolist() == [200.0, np.inf]
    assert price[[hot, cars], dy].tolist() == [1500.0, np.inf]
    assert np.isinf(price[PROCESS["separate_light"]]).all()
    assert not price.flags.writeable


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


@BOTH
def test_tiers_and_months_of_qualification(scenario: str) -> None:
    """Customers at home first, then abroad those who take 3% of a seller's sales; whom it has not
    supplied before has to be won.
    """
    world = begun(scenario)
    of, needs, offers = world.links, world.needs, world.offers
    abroad = of.exporter != of.importer
    sold = np.maximum(offers.sales[of.offer], 1e-12)
    big = of.share * needs.base_use[of.need] / sold >= 0.03
    assert (of.tier == np.where(abroad, np.where(big, 1, 2), 0)).all()
    assert set(of.tier) == {0, 1, 2}
    months = np.where(of.share > 0, 0.0, goods(FACTS).qualification[of.good])
    np.testing.assert_array_equal(of.qualify, months)
    known = {
        goods(FACTS).qualification[GOOD[g]] for g in ("ndpr_oxide", "ndpr_metal", "magnet_smco")
    }
    assert known == {3.0, 6.0, 9.0}


def test_without_sourcing_only_the_suppliers_of_the_start_ever_count() -> None:
    world = begun(off=("M3",)).fork()
    for _ in range(14):
        world.step()
    np.testing.assert_array_equal(world.links.qualified > 0, world.links.qualify == 0)
    assert (world.links.qualify > 0).any()


def test_what_is_looked_up_of_links() -> None:
    world = begun()
    of = world.links
    assert (of.pair == of.importer * S + of.exporter).all()
    months = of.days / 30.0
    first = np.where(months < 1.0, 0, 1)  # the first part arrives in the same month or the next
    assert (of.due == first * len(world.needs) + of.need).all()
    np.testing.assert_allclose(of.late, months - first)
    assert ((of.late >= 0.0) & (of.late <= 1.0)).all()
    np.testing.assert_array_equal(of.travel, months)
    np.testing.assert_array_equal(of.taxed, 1.0 + of.vat)
    np.testing.assert_allclose(
        of.sensitivity, goods(FACTS).sensitivity[of.good] * world.p.cost_sensitivity
    )
    np.testing.assert_allclose(of.nothing, 1e-9 * world.needs.base_use[of.need])
    assert (of.queue == of.tier * len(world.offers) + of.offer).all()
    assert (np.concatenate(of.stage_rows).size, len(of.stage_rows)) == (len(of), 6)
    motors = {GOODS[g] for g in of.good[of.motor_rows]}
    assert motors == {"motor_standard", "motor_heat_resistant"}
    assert (of.new_rows == np.flatnonzero(of.share == 0)).all()


def test_who_may_build_and_when_it_decides() -> None:
    firms = begun().firms
    quota = (firms.state == CHINA) & np.isin(
        firms.process, [PROCESS["mine_light"], PROCESS["mine_heavy"]]
    )
    assert (firms.has_quota == quota).all()
    assert firms.decision_month[:14].tolist() == [*range(12), 0, 1]
    ends = firms.process >= FIRST_SECTOR
    assert (firms.is_end == ends).all()
    assert ((firms.sector >= 0) == ends).all()


def test_the_exporter_s_quotas_begin_as_its_mines_run_with_some_slack() -> None:
    world = begun()
    firms, supply, of, needs = world.firms, world.supply, world.links, world.needs
    light = firms.base_run[firms.has_quota & (firms.process == PROCESS["mine_light"])].sum()
    heavy = firms.base_run[firms.has_quota & (firms.process == PROCESS["mine_heavy"])].sum()
    assert (supply.light_base, supply.heavy_base) == pytest.approx((light, heavy))
    assert supply.light == pytest.approx(light * (1.0 + world.p.quota_slack))
    separates = (firms.process == PROCESS["separate_light"]) & (firms.state == CHINA)
    np.testing.assert_array_equal(supply.at.separators, np.flatnonzero(separates))
    assert supply.use_before == pytest.approx(
        needs.expected[
            np.isin(needs.good, [GOOD["magnet_standard"], GOOD["magnet_heat_resistant"]])
        ].sum()
    )
    bought = of.share * needs.base_use[of.need] * of.base_cost
    to_japan = (of.exporter == CHINA) & (of.importer == JAPAN)
    assert supply.import_weight[JAPAN] == pytest.approx(bought[to_japan].sum())
    assert supply.import_weight[CHINA] == 1e-12
