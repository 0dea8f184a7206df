"""Rules of the model that need no run: dates, balancing, beliefs, the border, programmes, premia,
shocks, each at points reckoned by hand.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.politics import Days, Politics
from coercivity.model.parts.programme import new_programme
from coercivity.model.politics import allies
from coercivity.model.politics.shocks import apply_shocks
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.start.ras import ras
from coercivity.model.support.programmes import coalitions, partners
from coercivity.model.support.promise_support import tail_cut
from coercivity.model.trade.charges import charge
from coercivity.model.use.demand import growth_path
from coercivity.model.use.exposure import exports_to, exposure, gdp
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import an_event
from tests.helpers import floats as a
from tests.names import (
    CHINA,
    GOOD,
    PROCESS,
    SECTOR,
    STATE,
    states_of,
)

JAPAN, US, GERMANY = STATE["Japan"], STATE["United States"], STATE["Germany"]


act = partial(an_event, date="2024-03-10")


def test_a_matrix_keeps_its_shape_and_takes_its_sums() -> None:
    """Two by two with equal cells: each is its row times its column over the total. A cell of
    nothing stays nothing.
    """
    for seed, rows, columns, found in (
        ([[1.0, 1.0], [1.0, 1.0]], a(30.0, 10.0), a(20.0, 20.0), [[15.0, 15.0], [5.0, 5.0]]),
        ([[1.0, 0.0], [1.0, 1.0]], a(10.0, 30.0), a(25.0, 15.0), [[10.0, 0.0], [15.0, 15.0]]),
        ([[4.0, 1.0], [1.0, 4.0]], a(10.0, 10.0), a(10.0, 10.0), [[8.0, 2.0], [2.0, 8.0]]),
    ):
        np.testing.assert_allclose(ras(np.array(seed), rows, columns), found, rtol=1e-7)
    with pytest.raises(ValueError, match="rows sum to 30, columns to 20"):
        ras(np.ones((2, 2)), a(10.0, 20.0), a(10.0, 10.0))
    for seed in ([[0.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]):
        with pytest.raises(ValueError, match="no cell"):
            ras(np.array(seed), a(10.0, 10.0), a(10.0, 10.0))


def test_news_closes_a_part_of_the_gap_and_half_of_it_in_distrust() -> None:
    beliefs = Beliefs(FACTS, 0.4)
    weight = np.zeros(len(STATE))
    weight[JAPAN] = 0.5
    beliefs.news(CHINA, weight)
    beliefs.news(CHINA, weight)
    assert beliefs.alarm[JAPAN, CHINA] == pytest.approx(0.75)
    assert beliefs.distrust[JAPAN, CHINA] == pytest.approx(1.0 - 0.75**2)
    assert (beliefs.alarm.sum(), beliefs.credibility[CHINA]) == (pytest.approx(0.75), 0.4)
    beliefs.news(CHINA, weight, [2])
    assert beliefs.withheld[JAPAN, CHINA, 2] == pytest.approx(1.0 - 0.75**3)
    assert beliefs.withheld[JAPAN, CHINA, 3] == pytest.approx(1.0 - 0.75**2)


def small() -> tuple[Links, Needs]:
    """Links: China's NdPr oxide at home, to Japan twice and to Germany; American magnets to Japan.
    Two needs use 10 and 20 t a month.
    """
    oxide, magnet = GOOD["ndpr_oxide"], GOOD["magnet_standard"]
    links = Links(
        exporter=np.array([CHINA, CHINA, CHINA, CHINA, US]),
        importer=np.array([CHINA, JAPAN, JAPAN, GERMANY, JAPAN]),
        good=np.array([oxide, oxide, oxide, oxide, magnet]),
        share=a(1.0, 0.25, 0.5, 1.0, 1.0),
        need=np.array([0, 1, 0, 1, 1]),
        freight=a(0.0, 0.2, 0.2, 0.3, 0.5),
        vat=a(0.0, 0.13, 0.13, 0.13, 0.0),
        pending=np.zeros(5),
        user=np.arange(5),
        offer=np.array([0, 0, 0, 0, 1]),
        taxed=1.0 + a(0.0, 0.13, 0.13, 0.13, 0.0),
        facts=FACTS,
    )
    return links, Needs(base_use=a(10.0, 20.0), facts=FACTS)


def at(border: Border, exporter: int, importer: int) -> int:
    """The channel from one state to another (one good each here)."""
    lane = (border.exporter == exporter) & (border.importer == importer) & (border.keys > 0)
    return int(np.flatnonzero(lane)[0])


def test_a_channel_is_an_exporter_an_importer_and_a_good() -> None:
    links, needs = small()
    border = Border(links, needs)
    japan, germany = at(border, CHINA, JAPAN), at(border, CHINA, GERMANY)
    magnets = at(border, US, JAPAN)
    assert border.size == 4
    assert border.channel.tolist() == [0, japan, japan, germany, magnets]
    normal = [10.0, 0.25 * 20.0 + 0.5 * 10.0, 20.0, 20.0]
    assert border.normal[[0, japan, germany, magnets]].tolist() == normal
    assert (border.freight[germany], border.vat[germany], border.freight[0]) == (0.3, 0.13, 0.0)
    assert border.good[magnets] == GOOD["magnet_standard"]


def laid(*acts: Event, month: int = 2) -> tuple[Border, int, int, int]:
    links, needs = small()
    border = Border(links, needs)
    for one in acts:
        border.apply(one, {"China": CHINA, "Japan": JAPAN, "United States": US}[one.actor])
    return border, at(border, CHINA, JAPAN), at(border, CHINA, GERMANY), at(border, US, JAPAN)


@pytest.mark.parametrize(
    ("kind", "flag", "found", "fields"),
    [
        ("import_tariff", "tariff", [0.0, 0.2, 0.0, 0.0], {"actor": "Japan", "rate": 0.2}),
        ("licensing", "licensed", [0.0, 1.0, 1.0, 0.0], {"targets": ["World"]}),
        ("dual_use_ban", "dual_use", [0.0, 1.0, 0.0, 0.0], {}),
        ("dual_use_ban", "licensed", [0.0, 1.0, 0.0, 0.0], {}),
        ("blanket_ban", "banned", [0.0, 1.0, 0.0, 0.0], {}),
        ("customs_halt", "halted", [0.0, 1.0, 0.0, 0.0], {}),
        ("general_licence", "eased", [0.0, 1.0, 0.0, 0.0], {}),
        ("extraterritorial", "third", [0.0, 0.0, 0.0, 1.0], {"goods": "magnets"}),
        ("entity_list", "listing", [0.0, 1.0, 0.0, 0.0], {"goods": "all", "share": 0.2}),
    ],
)
def test_a_measure_falls_on_its_targets_and_goods(
    kind: str, flag: str, found: list[float], fields: dict[str, Any]
) -> None:
    usual = {"targets": ["China" if "actor" in fields else "Japan"], "goods": "raw_materials"}
    if kind == "extraterritorial":
        del usual["targets"]
    border, japan, germany, magnets = laid(act(kind, **{**usual, **fields}))
    assert getattr(border, flag)[[0, japan, germany, magnets]].tolist() == found
    border.clear_measures()
    assert not getattr(border, flag).any()


def test_of_two_duties_on_one_good_the_higher_is_paid() -> None:
    duties = (act("export_duty", targets=["Japan"], rate=rate) for rate in (0.1, 0.05))
    border, japan, germany, magnets = laid(*duties)
    assert border.duty[[0, japan, germany, magnets]].tolist() == [0.0, 0.1, 0.0, 0.0]


def test_a_truce_eases_both_ways() -> None:
    border, japan, germany, magnets = laid(act("truce", targets=["Japan"]))
    assert border.eased[[japan, germany, magnets]].tolist() == [1.0, 0.0, 0.0]
    border, japan, germany, magnets = laid(act("truce", actor="Japan", targets=["United States"]))
    assert border.eased[[japan, germany, magnets]].tolist() == [0.0, 0.0, 1.0]


def priced(**flags: float) -> tuple[Any, Border]:
    """A world that only charges: asking prices of 100 and 50, and these flags on the channel from
    China to Japan.
    """
    links, needs = small()
    border = Border(links, needs)
    japan = at(border, CHINA, JAPAN)
    for name, value in flags.items():
        getattr(border, name)[japan] = value
    return SimpleNamespace(
        border=border, links=links, offers=Offers(ask=a(100.0, 50.0), facts=FACTS)
    ), border


def test_delivered_cost_by_hand() -> None:
    """100 e^0.1 (1 + 13% + 10%) (1 + 20%) + 0.2 to Japan; to Germany and from America as without
    measures; a quota's rent on top. On the spot at e^0.3.
    """
    world, _ = priced()
    charge(world.offers, world.links, world.border)
    np.testing.assert_allclose(world.links.cost, [100.0, 113.2, 113.2, 113.3, 50.5])
    assert world.links.spot is world.links.cost
    world, border = priced(contract=0.1, premium=0.3, duty=0.1, tariff=0.2)
    charge(world.offers, world.links, world.border)
    japan, spot = (100.0 * np.exp(m) * 1.23 * 1.2 + 0.2 for m in (0.1, 0.3))
    np.testing.assert_allclose(world.links.cost, [100.0, japan, japan, 113.3, 50.5])
    np.testing.assert_allclose(world.links.spot, [100.0, spot, spot, 113.3, 50.5])
    assert border.premium_charged is border.contract
    world, _ = priced(rent=7.0)
    charge(world.offers, world.links, world.border)
    np.testing.assert_allclose(world.links.cost, [100.0, 120.2, 120.2, 113.3, 50.5])


def test_shocks_take_their_share_of_a_plant_and_two_multiply() -> None:
    process = np.array(
        [PROCESS["mine_heavy"], PROCESS["mine_light"], PROCESS["make_metal"], PROCESS["mine_heavy"]]
    )
    firms = Firms(
        state=np.array([STATE["Myanmar"], STATE["Myanmar"], JAPAN, CHINA]),
        process=process,
        facts=FACTS,
    )
    closed = act("mine_closure", actor=None, state="Myanmar", good="heavy_concentrate", share=0.6)
    fire = act("plant_fire", actor=None, state="Japan", process="make_metal", share=0.5)
    politics = Politics(FACTS, (), {})
    politics.in_force = (closed, fire, fire, act("licensing"))
    apply_shocks(firms, politics=politics, on={"M16": True})
    np.testing.assert_allclose(firms.available, [0.4, 1.0, 0.25, 1.0])
    politics.cut = (Days(0.25, (closed,)), Days(0.75, (closed, fire)))
    apply_shocks(firms, politics=politics, on={"M16": True})
    np.testing.assert_allclose(firms.available, [0.4, 1.0, 0.625**2, 1.0])  # for 3/4 of the days
    apply_shocks(firms, politics=politics, on={"M16": False})
    assert firms.available.tolist() == [1.0] * 4


def test_coalitions_that_share_a_member_are_one() -> None:
    def pool(name: str, *members: str) -> Event:
        return act("coalition", name, members[0], members=list(members))

    apart = coalitions((pool("a", "Japan", "EU"), pool("b", "India", "Brazil"), act("licensing")))
    assert sorted(sorted(group) for group in apart) == [["Brazil", "India"], ["EU", "Japan"]]
    joined = coalitions(
        (pool("a", "Japan", "EU"), pool("b", "India", "Brazil"), pool("c", "Brazil", "Japan"))
    )
    assert [sorted(group) for group in joined] == [["Brazil", "EU", "India", "Japan"]]
    assert partners(FACTS, "EU", joined) == ("Japan", "EU", "India", "Brazil")
    assert partners(FACTS, "Canada", joined) == ("Canada",)


def test_an_account_by_hand() -> None:
    """1,000 promised to last ten years from month 2; 300 paid and 200 committed leave 500. What a
    stockpile sells is spent again.
    """
    grant = new_programme(act("grant", actor="Japan", budget=1000.0), 3)
    assert (grant.left, grant.kind, grant.drawn.tolist()) == (1000.0, "grant", [-1.0] * 3)
    grant.spent, grant.promised[1], grant.returned = 300.0, 200.0, 50.0
    assert grant.left == 500.0
    assert (
        grant.months_left("2024-01", 2),
        grant.months_left("2024-01", 12),
        grant.months_left("2024-01", 999),
    ) == (120, 110, 1)
    dated = new_programme(act("grant", actor="Japan", budget=1000.0, end="2024-12-31"), 3)
    assert (dated.months_left("2024-01", 11), dated.months_left("2024-01", 2)) == (1, 10)
    store = new_programme(act("stockpile", actor="Japan", budget=1000.0), 3)
    store.spent, store.returned = 900.0, 250.0
    assert store.left == 350.0
    store.spent = 9000.0
    assert store.left == 0.0
    twin = grant.copy()
    twin.promised[1] = 0.0
    assert grant.left == 500.0
    assert (twin.spent, twin.returned, twin.open) == (300.0, 50.0, True)


def test_a_floor_is_a_put() -> None:
    """At the price it takes the whole risk, far below none; at 20% below, with a spread of 0.4, the
    ratio of two puts by Black and Scholes: 6.39 to 15.85.
    """
    assert tail_cut(0.0, 100.0, 0.4) == 0.0
    assert tail_cut(100.0, 100.0, 0.4) == 1.0
    assert tail_cut(150.0, 100.0, 0.4) == 1.0
    assert tail_cut(80.0, 100.0, 0.4) == pytest.approx(6.391 / 15.852, abs=1e-4)
    assert tail_cut(10.0, 100.0, 0.2) < 1e-6


def test_what_an_ally_sees_of_a_coalition_that_it_could_join() -> None:
    """America and the EU, with 900 million left under a floor of 200: their GDP, what they have at
    stake, and Japan's wedge to the floor times its use.
    """
    us = {"date": "2024-02-01", "actor": "United States"}
    pool = {"id": "pool", "kind": "coalition", "members": ["United States", "EU"]}
    floor = {"id": "floor", "kind": "price_floor", "budget": 900, "floor": 200, "ceiling": 250}
    acts = [us | pool, us | floor]
    world = World(
        with_changes(load_scenario("business-as-usual"), months=6, choices=acts), 1, record=False
    )
    for _ in range(2):
        world.step()
    rows = [STATE[state] for state in ("United States", *states_of("EU"))]
    stake = gdp(FACTS, "2024-01") * exposure(world.seen, (CHINA,))[0][:, 0]
    use = world.needs.expected[
        (world.needs.good == GOOD["ndpr_oxide"]) & (world.firms.state[world.needs.firm] == JAPAN)
    ].sum()
    japan = SimpleNamespace(name="Japan", states=(JAPAN,))
    (pact,) = allies.pacts(world.seen, japan)  # type: ignore[arg-type]
    assert (pact.id, pact.members) == ("pool", ("United States", "EU"))
    assert pact.gdp == pytest.approx(gdp(FACTS, "2024-01")[rows].sum())
    assert pact.at_stake == pytest.approx(stake[rows].sum())
    assert pact.budget == pytest.approx(world.support.programmes["floor"].left)
    assert pact.wedge == pytest.approx(
        12.0 * use * (200.0 - world.market.quote[GOOD["ndpr_oxide"]]) / 1000.0
    )
    assert pact.wedge > 0.0
    # type: ignore[arg-type]
    assert allies.pacts(world.seen, SimpleNamespace(name="EU", states=rows[1:])) == []


def test_exports_are_the_sender_s_own_across_its_border_in_the_goods_asked_for() -> None:
    links, _ = small()
    links.add_columns(
        cost=a(100.0, 200.0, 100.0, 100.0, 100.0), shipped=a(1000.0, 5.0, 0.0, 10.0, 1000.0)
    )
    seen: Any = SimpleNamespace(facts=FACTS, links=links)
    found = exports_to(seen, (CHINA,), ("ndpr_oxide",))[0, 0]
    assert (found[JAPAN], found[GERMANY], found.sum()) == (1.0, 1.0, 2.0)
    assert exports_to(seen, (US,), ("magnet_standard",))[0, 0, JAPAN] == 100.0
    assert exports_to(seen, (CHINA,), ("magnet_standard",)).sum() == 0.0


def test_value_added_stands_at_the_activity_of_the_start() -> None:
    """What is known of 2023, at the growth since or until then: V e^G. A world that begins in 2026
    is as large as one that has come there from 2024 (refuted by 2023's value added in 2026).
    """
    today = dependent_value_added(FACTS, "2024-01")
    np.testing.assert_array_equal(dependent_value_added(FACTS), today)
    lived = today * np.exp(growth_path(FACTS, "2024-01", 25)[24])
    np.testing.assert_allclose(dependent_value_added(FACTS, "2026-01"), lived)
    assert lived[JAPAN].sum() > 1.02 * today[JAPAN].sum()
    for start, months in (("2009-01", 180), ("2019-07", 54)):
        grown = growth_path(FACTS, start, months + 1)[months]
        np.testing.assert_allclose(dependent_value_added(FACTS, start) * np.exp(grown), today)
    cars = SECTOR["automotive"]
    then = dependent_value_added(FACTS, "2009-01")[CHINA, cars]
    assert then < dependent_value_added(FACTS, "2019-07")[CHINA, cars] < today[CHINA, cars]
    assert not dependent_value_added(FACTS, "2009-01").flags.writeable


def test_the_part_of_orders_that_came_moves_half_way_to_what_the_month_brought() -> None:
    world = World("business-as-usual", 1, record=False)
    world.run_for(3)
    needs, before = world.needs, world.needs.fill.copy()
    for verb in ("arrive", "govern", "sense", "plan_use", "order", "license", "clear"):
        getattr(world, verb)()
    world.links.shipped = world.links.shipped * np.linspace(0.2, 1.0, len(world.links))
    sent = needs.stock + needs.pipeline
    world.ship()
    got = needs.stock + needs.pipeline - sent
    part = np.where(needs.wanted > 1e-12, got / (needs.wanted + 1e-300), 1.0)
    assert 0.0 < part[needs.wanted > 1e-12].min() < 0.99
    np.testing.assert_allclose(
        needs.fill, before + (np.minimum(part, 1.0) - before) / 2.0, atol=1e-9
    )
