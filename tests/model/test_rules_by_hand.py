"""Rules of the model that need no run: dates, balancing, beliefs, the border, programmes, premia,
shocks, each at points reckoned by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.calendar import (
    day_at,
    days_in_month,
    month_index,
    month_name,
    month_names,
)
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import (
    CHINA,
    GOOD,
    PROCESS,
    SECTOR,
    STATE,
    expand_goods,
    government_of,
    states_of,
)
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.politics import Days, Politics
from coercivity.model.parts.programme import new_programme
from coercivity.model.politics import allies
from coercivity.model.politics.shocks import apply_shocks
from coercivity.model.results.records import by_group, one_month_ago, ratio
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.start.links import base_sales
from coercivity.model.start.ras import ras
from coercivity.model.support.programmes import coalitions, partners
from coercivity.model.support.support import tail_cut
from coercivity.model.trade.charges import charge
from coercivity.model.trade.freight import arrive, ship
from coercivity.model.use.demand import growth_path
from coercivity.model.use.exposure import exports_to, exposure, gdp, power
from coercivity.model.use.macro import PARTS, dependent_value_added, followed
from coercivity.model.world import World
from tests.facts import FACTS

JAPAN, US, GERMANY = STATE["Japan"], STATE["United States"], STATE["Germany"]


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def act(kind: str, **fields: Any) -> Event:
    """An act as a scenario writes it, by China unless said otherwise."""
    earlier = fields.pop("earlier", ())
    return event_from_dict(
        FACTS,
        {"date": "2024-03-10", "kind": kind, "id": kind, "actor": "China", **fields},
        "test",
        1,
        earlier,
    )


# ---------------------------------------------------------------- dates


def test_months_are_counted_over_years() -> None:
    assert month_name("2024-11", 0) == "2024-11"
    assert month_name("2024-11", 2) == "2025-01"
    assert month_name("2024-11", -11) == "2023-12"
    assert month_names("2024-11", 3) == ("2024-11", "2024-12", "2025-01")
    assert (
        month_index("2024-11", "2025-01"),
        month_index("2024-11", "2024-10-31"),
        month_index("2024-11", "2024-11-30"),
    ) == (2, -1, 0)


def test_days_of_a_month_and_parts_of_it() -> None:
    assert [days_in_month(month) for month in ("2024-02", "2025-02", "2024-04", "2024-12")] == [
        29,
        28,
        30,
        31,
    ]
    assert [day_at("2024-04", part) for part in (-1.0, 0.0, 0.5, 0.99, 1.0)] == [
        "2024-04-01",
        "2024-04-01",
        "2024-04-16",
        "2024-04-30",
        "2024-04-30",
    ]


# ---------------------------------------------------------------- names


def test_governments_and_states() -> None:
    assert government_of("Germany") == "EU"
    assert government_of("Japan") == "Japan"
    assert states_of("EU") == ("Germany", "France", "Rest of EU")
    assert "China" not in states_of("World", "China")
    assert len(states_of("World")) == 19
    assert expand_goods("magnets") == ("magnet_standard", "magnet_heat_resistant", "magnet_smco")
    assert expand_goods(["ndpr_metal", "metals", "ndpr_oxide"]) == (
        "ndpr_oxide",
        "ndpr_metal",
    )  # each once, in the order of the chain


# ---------------------------------------------------------------- balancing


def test_a_matrix_keeps_its_shape_and_takes_its_sums() -> None:
    """Two by two with equal cells: each is its row times its column over the total. A cell of
    nothing stays nothing.
    """
    np.testing.assert_allclose(
        ras(np.ones((2, 2)), a(30.0, 10.0), a(20.0, 20.0)), [[15.0, 15.0], [5.0, 5.0]]
    )
    np.testing.assert_allclose(
        ras(np.array([[1.0, 0.0], [1.0, 1.0]]), a(10.0, 30.0), a(25.0, 15.0)),
        [[10.0, 0.0], [15.0, 15.0]],
        rtol=1e-9,
    )
    found = ras(np.array([[4.0, 1.0], [1.0, 4.0]]), a(10.0, 10.0), a(10.0, 10.0))
    np.testing.assert_allclose(found, [[8.0, 2.0], [2.0, 8.0]])


def test_what_cannot_be_balanced_is_refused() -> None:
    with pytest.raises(ValueError, match="rows sum to 30, columns to 20"):
        ras(np.ones((2, 2)), a(10.0, 20.0), a(10.0, 10.0))
    for seed in (np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])):
        with pytest.raises(ValueError, match="no cell"):
            ras(seed, a(10.0, 10.0), a(10.0, 10.0))
    np.testing.assert_allclose(
        ras(np.array([[0.0, 0.0], [1.0, 1.0]]), a(0.0, 20.0), a(10.0, 10.0)),
        [[0.0, 0.0], [10.0, 10.0]],
    )


# ---------------------------------------------------------------- small reckonings of tables


def test_sums_by_group_ratios_and_the_month_before() -> None:
    values = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    np.testing.assert_array_equal(
        by_group(values, np.array([1, 0, 1]), 3), [[2.0, 5.0, 0.0], [16.0, 40.0, 0.0]]
    )
    assert by_group(np.zeros((2, 0)), np.zeros(0, dtype=int), 2).tolist() == [[0.0, 0.0]] * 2
    np.testing.assert_array_equal(ratio(a(1.0, 2.0, 3.0), a(2.0, 0.0, -1.0)), [0.5, np.nan, np.nan])
    np.testing.assert_array_equal(
        one_month_ago(values, a(0.0, 7.0, 9.0)), [[0.0, 7.0, 9.0], [1.0, 2.0, 4.0]]
    )


def test_losses_of_the_months_that_follow() -> None:
    rows = [
        {
            **dict.fromkeys(PARTS, 0.0),
            "month": f"2026-{month:02d}",
            "state": "Japan",
            "output_lost": 1.0,
            "cost_paid": 10.0,
        }
        for month in range(1, 7)
    ]
    found = followed(pd.DataFrame(rows), "2026-02", 3)
    assert found.loc["Japan", "output_lost"] == 3.0
    assert found.loc["Japan", "largest"] == "cost_paid"


# ---------------------------------------------------------------- beliefs


def test_news_closes_a_part_of_the_gap_and_half_of_it_in_distrust() -> None:
    beliefs = Beliefs(FACTS, 0.4)
    weight = np.zeros(len(STATE))
    weight[JAPAN] = 0.5
    beliefs.news(CHINA, weight)
    beliefs.news(CHINA, weight)
    assert beliefs.alarm[JAPAN, CHINA] == pytest.approx(0.75)
    assert beliefs.distrust[JAPAN, CHINA] == pytest.approx(1.0 - 0.75**2)
    assert (beliefs.alarm.sum(), beliefs.credibility[CHINA]) == (pytest.approx(0.75), 0.4)
    twin = beliefs.copy()
    twin.news(CHINA, weight)
    twin.credibility[CHINA] = 0.9
    assert (beliefs.alarm[JAPAN, CHINA], beliefs.credibility[CHINA]) == (pytest.approx(0.75), 0.4)


def test_power_rises_out_of_proportion_with_dependence() -> None:
    np.testing.assert_allclose(power(a(0.0, 0.5, 1.0), 2.0), [0.0, 0.25, 1.0])


# ---------------------------------------------------------------- a border of four links


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
    return int(
        np.flatnonzero(
            (border.exporter == exporter) & (border.importer == importer) & (border.keys > 0)
        )[0]
    )


def test_a_channel_is_an_exporter_an_importer_and_a_good() -> None:
    links, needs = small()
    border = Border(links, needs)
    japan, germany, magnets = (
        at(border, CHINA, JAPAN),
        at(border, CHINA, GERMANY),
        at(border, US, JAPAN),
    )
    assert border.size == 4
    assert border.channel.tolist() == [0, japan, japan, germany, magnets]
    assert border.normal[[0, japan, germany, magnets]].tolist() == [
        10.0,
        0.25 * 20.0 + 0.5 * 10.0,
        20.0,
        20.0,
    ]
    assert (border.freight[germany], border.vat[germany], border.freight[0]) == (0.3, 0.13, 0.0)
    assert border.good[magnets] == GOOD["magnet_standard"]


def laid(*acts: Event, month: int = 2) -> tuple[Border, int, int, int]:
    links, needs = small()
    border = Border(links, needs)
    for one in acts:
        border.apply(one, {"China": CHINA, "Japan": JAPAN, "United States": US}[one.actor])
    return border, at(border, CHINA, JAPAN), at(border, CHINA, GERMANY), at(border, US, JAPAN)


def test_measures_fall_on_their_targets_and_goods() -> None:
    border, japan, germany, magnets = laid(
        act("export_duty", targets=["Japan"], rate=0.1),
        act("export_duty", targets=["Japan"], rate=0.05),
    )
    assert border.duty[[0, japan, germany, magnets]].tolist() == [0.0, 0.1, 0.0, 0.0]
    border, japan, germany, magnets = laid(
        act("import_tariff", actor="Japan", targets=["China"], rate=0.2)
    )
    assert border.tariff[[0, japan, germany, magnets]].tolist() == [0.0, 0.2, 0.0, 0.0]
    border, japan, germany, magnets = laid(act("licensing", goods="raw_materials"))
    assert border.licensed[[0, japan, germany, magnets]].tolist() == [0.0, 1.0, 1.0, 0.0]
    border, japan, germany, magnets = laid(
        act("dual_use_ban", targets=["Japan"], goods="raw_materials")
    )
    assert (border.dual_use[japan], border.licensed[japan], border.dual_use[germany]) == (
        1.0,
        1.0,
        0.0,
    )
    for kind, flag in (
        ("blanket_ban", "banned"),
        ("customs_halt", "halted"),
        ("general_licence", "eased"),
    ):
        border, japan, germany, magnets = laid(act(kind, targets=["Japan"], goods="raw_materials"))
        assert getattr(border, flag)[[0, japan, germany, magnets]].tolist() == [
            0.0,
            1.0,
            0.0,
            0.0,
        ], kind
    border, japan, germany, magnets = laid(act("extraterritorial", goods="magnets"))
    assert border.third[[0, japan, germany, magnets]].tolist() == [0.0, 0.0, 0.0, 1.0]
    border, japan, germany, magnets = laid(
        act("entity_list", targets=["Japan"], goods="all", share=0.2)
    )
    assert border.listing[[0, japan, germany, magnets]].tolist() == [0.0, 1.0, 0.0, 0.0]
    border.clear_measures()
    assert not border.listing.any()


def test_a_truce_eases_both_ways() -> None:
    border, japan, germany, magnets = laid(act("truce", targets=["Japan"]))
    assert border.eased[[japan, germany, magnets]].tolist() == [1.0, 0.0, 0.0]
    border, japan, germany, magnets = laid(act("truce", actor="Japan", targets=["United States"]))
    assert border.eased[[japan, germany, magnets]].tolist() == [0.0, 0.0, 1.0]


def test_a_copy_of_a_border_has_measures_of_its_own() -> None:
    border, japan, *_ = laid(act("blanket_ban", targets=["Japan"]))
    twin = border.copy()
    twin.clear_measures()
    assert border.banned[japan] == 1.0
    assert not twin.banned.any()


def test_what_the_flags_touch_is_looked_up_when_they_change() -> None:
    links, needs = small()
    border = Border(links, needs)
    border.apply(act("licensing", targets=["Japan"], goods="raw_materials"), CHINA)
    reach = border.touched(links)
    assert reach.links.tolist() == [1, 2]
    assert reach.queue.tolist() == [0, 1]
    assert not reach.of_target.any()
    assert border.touched(links) is reach
    border.apply(act("blanket_ban", targets=["EU"], goods="raw_materials"), CHINA)
    border.relaid = True
    reach = border.touched(links)
    assert reach.links.tolist() == [1, 2, 3]
    assert reach.of_target.tolist() == [False, False, True]
    assert reach.queue.tolist() == [0, 1]


# ---------------------------------------------------------------- what a border costs


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


# ---------------------------------------------------------------- freight


def freight_world(days: tuple[float, float] = (6.0, 42.0)) -> Any:
    """One seller with 100 t; two needs that buy 30 and 20 t by lanes of this many days; paid 10
    before.
    """
    months = a(*days) / 30.0
    whole = np.where(months < 1.0, 0, 1)  # after which the first part arrives
    links = Links(
        offer=np.array([0, 0]),
        need=np.array([0, 1]),
        due=np.array([0, 1]) + 2 * whole,
        late=months - whole,
        cost=a(12.0, 8.0),
        fill=a(1.0, 1.0),
        pending=np.zeros(2),
        shipped=a(30.0, 20.0),
        licensed=np.zeros(2),
        allowed=a(30.0, 20.0),
        orders=a(40.0, 20.0),
        facts=FACTS,
    )
    needs = Needs(
        pipeline=np.zeros(2),
        paid=a(10.0, 10.0),
        base_use=a(30.0, 20.0),
        fill=a(1.0, 1.0),
        pending=np.zeros(2),
        counted=np.zeros(2),
        stock=a(5.0, 5.0),
        arrived=a(2.0, 0.0),
        wanted=a(40.0, 20.0),
        facts=FACTS,
    )
    needs.link_first = np.array([0, 1])
    return SimpleNamespace(
        links=links,
        needs=needs,
        offers=Offers(stock=a(100.0), sales=a(40.0), facts=FACTS),
        freight=Freight(np.zeros((4, 2))),
        clock=Clock("2024-01", 12, 1, 3),
    )


def sent(world: Any) -> None:
    ship(
        world.needs,
        world.offers,
        world.links,
        world.freight,
        leaks=SimpleNamespace(active=False),
        clock=world.clock,
        p=SimpleNamespace(facts=FACTS, order_memory=5.0),
    )  # type: ignore[arg-type]


def test_what_is_shipped_arrives_after_the_days_of_its_lane() -> None:
    """6 days are 0.2 months: 24 of 30 t arrive in the month in which they left, with the 2 t of
    before, and 6 in the next. 42 days are 1.4: 12 of 20 t arrive in the next month, 8 after two.
    """
    world = freight_world()
    sent(world)
    needs, transit = world.needs, world.freight.transit
    np.testing.assert_allclose(needs.stock, [29.0, 5.0])
    np.testing.assert_allclose(needs.arrived, [26.0, 0.0])
    np.testing.assert_allclose(needs.pipeline, [6.0, 20.0])
    np.testing.assert_allclose(transit[0], [6.0, 12.0])  # month 4 of four slots
    np.testing.assert_allclose(transit[1], [0.0, 8.0])
    for month, stock, left in ((4, [35.0, 17.0], [0.0, 8.0]), (5, [35.0, 25.0], [0.0, 0.0])):
        world.clock.month = month
        arrive(needs, world.freight, clock=world.clock)
        np.testing.assert_allclose(needs.stock, stock)
        np.testing.assert_allclose(needs.pipeline, left, atol=1e-12)
    np.testing.assert_allclose(needs.arrived, [0.0, 8.0])
    assert not transit.any()


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        (0.0, [1.0, 0.0, 0.0]),
        (15.0, [0.5, 0.5, 0.0]),
        (30.0, [0.0, 1.0, 0.0]),
        (45.0, [0.0, 0.5, 0.5]),
        (60.0, [0.0, 0.0, 1.0]),
    ],
)
def test_a_shipment_is_parted_between_two_months(days: float, parts: list[float]) -> None:
    world = freight_world((days, days))
    sent(world)
    for need, tonnes in enumerate((30.0, 20.0)):
        found = [world.needs.stock[need] - 5.0, *world.freight.transit[:2, need]]
        np.testing.assert_allclose(found, tonnes * a(*parts), atol=1e-12)
    assert not world.freight.transit[2:].any()
    np.testing.assert_allclose(world.needs.pipeline, (1.0 - parts[0]) * a(30.0, 20.0), atol=1e-12)


def test_sellers_remember_sales_and_buyers_prices_and_fills() -> None:
    """Sales: 40 + (50 - 40) / 5. Paid: half of the way from 10 to 12 and to 8. Fill of a link: a
    quarter of the way to 3/4; of a need: half of it.
    """
    world = freight_world()
    sent(world)
    assert world.offers.stock.tolist() == [50.0]
    assert world.offers.opening.tolist() == [100.0]
    assert world.offers.sales.tolist() == [42.0]
    np.testing.assert_allclose(world.needs.paid, [11.0, 9.0])
    np.testing.assert_allclose(world.links.fill, [1.0 - 0.25 * 0.25, 1.0])
    np.testing.assert_allclose(world.needs.fill, [0.875, 1.0])
    np.testing.assert_allclose(world.needs.bill, [360.0, 160.0])


def test_a_licence_that_its_seller_could_not_fill_is_kept() -> None:
    world = freight_world()
    world.links.allowed, world.links.licensed = a(45.0, 20.0), a(10.0, 0.0)
    world.links.licence, world.links.under_licence = a(60.0, 0.0), a(10.0, 0.0)
    sent(world)
    assert world.links.under_licence.tolist() == [0.0, 0.0]
    assert world.links.pending.tolist() == [10.0, 0.0]  # 15 t short, of which 10 were licensed
    assert world.links.licence.tolist() == [60.0, 0.0]  # and none of the licence is used up
    assert world.needs.pending.tolist() == world.needs.counted.tolist() == [10.0, 0.0]


def test_who_buys_nothing_keeps_its_price_and_its_fill() -> None:
    world = freight_world()
    world.links.shipped, world.links.orders, world.needs.wanted = (
        a(0.0, 20.0),
        a(0.0, 20.0),
        a(0.0, 20.0),
    )
    world.links.fill, world.needs.fill = a(0.5, 0.5), a(0.5, 0.5)
    sent(world)
    assert world.needs.paid[0] == 10.0
    assert world.links.fill.tolist() == [0.5, 0.625]
    assert world.needs.fill.tolist() == [0.75, 0.75]  # a need that wants nothing is served


# ---------------------------------------------------------------- shocks


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


# ---------------------------------------------------------------- public money


def test_coalitions_that_share_a_member_are_one() -> None:
    def pool(name: str, *members: str) -> Event:
        return act("coalition", id=name, actor=members[0], members=list(members))

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


def test_sales_at_the_start_are_what_all_needs_buy() -> None:
    links = Links(
        share=a(0.25, 0.75, 1.0), need=np.array([0, 0, 1]), offer=np.array([0, 1, 1]), facts=FACTS
    )
    np.testing.assert_allclose(base_sales(links, a(40.0, 5.0), 3), [10.0, 35.0, 0.0])


def test_what_an_ally_sees_of_a_coalition_that_it_could_join() -> None:
    """America and the EU, with 900 million left under a floor of 200: their GDP, what they have at
    stake, and Japan's wedge to the floor times its use.
    """
    acts = [
        {
            "date": "2024-02-01",
            "id": "pool",
            "kind": "coalition",
            "actor": "United States",
            "members": ["United States", "EU"],
        },
        {
            "date": "2024-02-01",
            "id": "floor",
            "kind": "price_floor",
            "actor": "United States",
            "budget": 900,
            "floor": 200,
            "ceiling": 250,
        },
    ]
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


def test_nobody_spends_where_friend_shoring_is_off_nor_the_exporter_against_itself() -> None:
    for on, states in ((False, (JAPAN,)), (True, (CHINA,))):
        seen: Any = SimpleNamespace(facts=FACTS, on={"M10": on})
        # type: ignore[arg-type]
        assert allies.pacts_to_weigh(seen, SimpleNamespace(states=states)) is None


def test_exports_are_the_sender_s_own_across_its_border_in_the_goods_asked_for() -> None:
    """USD million: 5 t at 200 USD/kg to Japan and 10 t at 100 to Germany; not what stays at home,
    nor what America sells.
    """
    links, _ = small()
    links.add_columns(
        cost=a(100.0, 200.0, 100.0, 100.0, 100.0), shipped=a(1000.0, 5.0, 0.0, 10.0, 1000.0)
    )
    seen: Any = SimpleNamespace(facts=FACTS, links=links)
    found = exports_to(seen, (CHINA,), ("ndpr_oxide",))[0, 0]
    assert (found[JAPAN], found[GERMANY], found.sum()) == (1.0, 1.0, 2.0)
    assert exports_to(seen, (US,), ("magnet_standard",))[0, 0, JAPAN] == 100.0
    assert exports_to(seen, (CHINA,), ("magnet_standard",)).sum() == 0.0


def test_value_added_is_a_twelfth_of_the_year_s_that_rests_on_the_part() -> None:
    row = next(row for row in load_table("value_added") if row["state"] == "Japan")
    found = dependent_value_added(FACTS)[JAPAN, SECTOR[row["sector"]]]
    assert found == pytest.approx(row["usd_bn"] * 1000.0 * row["dependent_share"] / 12.0)


def test_value_added_stands_at_the_activity_of_the_start() -> None:
    """What is known of 2023, less the growth since: V e^-G; from 2024 on it is that of 2023."""
    today = dependent_value_added(FACTS, "2024-01")
    np.testing.assert_array_equal(dependent_value_added(FACTS), today)
    np.testing.assert_array_equal(dependent_value_added(FACTS, "2026-01"), today)
    for start, months in (("2009-01", 180), ("2019-07", 54)):
        grown = growth_path(FACTS, start, months + 1)[months]
        np.testing.assert_allclose(dependent_value_added(FACTS, start) * np.exp(grown), today)
    cars = SECTOR["automotive"]
    then = dependent_value_added(FACTS, "2009-01")[CHINA, cars]
    assert then < dependent_value_added(FACTS, "2019-07")[CHINA, cars] < today[CHINA, cars]
    assert not dependent_value_added(FACTS, "2009-01").flags.writeable
