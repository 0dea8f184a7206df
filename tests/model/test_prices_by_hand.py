"""What a kilogram is worth abroad, what holders ask at home, and what users can bear: at points
reckoned by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.firms.valuation import WAITS
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.trade.believed_prices import (
    asked_under_quotas,
    believed_capacity,
    count_unserved,
    delay_of_needs,
    open_gap,
    scarcity_of_offers,
    value_abroad,
    with_by_products,
)
from coercivity.model.trade.clearing import STEEPNESS, bearable_prices
from coercivity.model.trade.expectations import (
    believed_draw,
    believed_flow,
    believed_supply,
    use_at_usual_prices,
)
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.model.small_chain import CAPACITY, METAL, ORE, OXIDE, Chain, G
from tests.names import GOOD


def bearable(**choke: float) -> np.ndarray:
    """Bounds where these goods are used up at these choke prices, twice each: half as dear for the
    other user.
    """
    table = np.full((3, G), np.inf)
    for name, price in choke.items():
        table[:2, GOOD[name]] = price, price / 2.0
    return bearable_prices(table, FACTS)


def test_three_quarters_of_the_most_patient_uses_are_given_up_at_what_is_bearable() -> None:
    """1 / (1 + 3) are kept at 3^(1 / 2.2) of the choke price."""
    found = bearable(motor_standard=400.0)[GOOD["motor_standard"]]
    assert found == pytest.approx(400.0 * 3.0 ** (1.0 / 2.2))
    assert 1.0 / (1.0 + (found / 400.0) ** STEEPNESS) == pytest.approx(0.25)


def test_what_only_makers_buy_is_worth_what_their_goods_leave_for_it() -> None:
    """Of a motor its magnet; of a magnet 0.3 t of metal in a tonne; of metal 1.213 t of oxide. Ores
    are bounded by their netback, and what nobody uses by nothing.
    """
    found = bearable(motor_standard=400.0)
    top = 400.0 * 3.0 ** (1.0 / 2.2)
    assert found[GOOD["magnet_standard"]] == pytest.approx(top)
    assert found[METAL] == pytest.approx(top / 0.3)
    assert found[OXIDE] == pytest.approx(top / 0.3 / 1.213)
    assert np.isinf(found[[ORE, GOOD["heavy_concentrate"], GOOD["magnet_smco"]]]).all()
    own = bearable(motor_standard=400.0, magnet_standard=100.0)  # the more patient use decides
    assert own[GOOD["magnet_standard"]] == pytest.approx(top)
    more = bearable(motor_standard=400.0, magnet_standard=500.0)
    assert more[GOOD["magnet_standard"]] == pytest.approx(500.0 * 3.0 ** (1.0 / 2.2))


def ready(part: float = 1.0, *capacity: float) -> tuple[Chain, Any, Any, Any]:
    """A chain whose border lets a part pass (where it holds anything), its use, what is believed to
    come to each need, and to run.
    """
    world = Chain()
    if part < 1.0:
        world.lets_pass(part)
    use = use_at_usual_prices(world.expected.chain, world.tables)
    given = a(*capacity) if capacity else a(*CAPACITY)
    draw = believed_draw(world.expected, use, world.tables)
    can, able = believed_supply(world.expected, use, given, world.tables, draw=draw, horizon=10.0)
    return world, use, believed_flow(world.expected, can, world.tables, draw=draw), able


def scarcity(world: Chain, use: Any, able: Any, more_cover: Any = 0.0) -> np.ndarray:
    asked = asked_under_quotas(world.expected, use, world.tables)
    return scarcity_of_offers(
        world.expected,
        asked,
        able,
        use=use,
        more_cover=more_cover,
        market=world.market,
        tables=world.tables,
        p=world.p,
    )


def test_where_all_comes_as_usual_nothing_is_scarce() -> None:
    world, use, _, able = ready()
    assert scarcity(world, use, able) == pytest.approx(np.zeros(5))


def test_holders_at_home_ask_for_what_is_believed_to_come_short() -> None:
    """Half of China's ore is lost: 7.5 of 12 t of oxide come, asked at 0.625^-2 of what it is worth
    on both sides of an open border; not by who makes to order, nor for ore, worth its basket.
    """
    world, use, _, able = ready(1.0, 9.0, *CAPACITY[1:])
    found = np.exp(scarcity(world, use, able))
    assert found == pytest.approx([1.0, 1.0, 0.625**-2, 0.625**-2, 1.0])


def test_a_stock_beyond_the_usual_is_a_glut_and_its_want_a_scarcity() -> None:
    """12 t of oxide more are 1.2 a month over ten months: a tenth of what is used, 0.6 + 0.4 x
    1.1^-5 of the price; 12 t less a tenth too little, 0.9^-2 of it. Who makes to order comes down
    as well, and never asks more than its costs.
    """
    world, use, _, able = ready()
    world.offers.stock[2] += 12.0
    world.offers.stock[4] += 10.0
    found = scarcity(world, use, able)
    assert np.exp(found) == pytest.approx([1.0, 1.0, *[0.8 + 0.2 * 1.1**-10] * 3])
    world, use, _, able = ready()
    world.offers.stock[2:] = 0.0
    assert np.exp(scarcity(world, use, able)) == pytest.approx([1.0, 1.0, 0.9**-2, 0.9**-2, 1.0])


def test_what_users_have_laid_in_counts_as_what_sellers_hold() -> None:
    """12 t of oxide more in the store of who makes metal of it, or on their way, are a glut like
    12 t unsold; and what it has decided to hold beside its usual cover, a month of 12 t, is none.
    """
    for column in ("stock", "pipeline"):
        world, use, _, able = ready()
        getattr(world.needs, column)[2] += 12.0
        assert np.exp(scarcity(world, use, able))[2] == pytest.approx(0.8 + 0.2 * 1.1**-10)
        held = scarcity(world, use, able, a(0.0, 0.0, 1.0, 0.0))
        assert held == pytest.approx(np.zeros(5))
        world.needs.stock[2] -= 12.0
        world.offers.stock[2] += 12.0  # it changes hands
        assert np.exp(scarcity(world, use, able))[2] == pytest.approx(0.8 + 0.2 * 1.1**-10)


def test_on_the_day_of_an_act_what_may_not_leave_is_no_glut_at_home() -> None:
    """Half passes: 4.5 t are asked of 9 that can be made, and the stock is that of all nine. An
    American asks three times the usual where a kilogram is worth three times its price.
    """
    world, use, _, able = ready(0.5)
    world.expected.gap[OXIDE] = np.log(3.0)
    assert scarcity(world, use, able) == pytest.approx([0.0, 0.0, 0.0, np.log(3.0), 0.0])


def test_home_counts_demand_and_output_outside_in_the_share_that_passes() -> None:
    """China makes 6 t of the 9 that are asked of it, an American 1 of 3. Where all passes home asks
    as if there were no border, 7 of 12 t; where two thirds pass 6 t and two thirds of 1 come for 6
    and two thirds of 3; at a closed border nothing of home is asked and nothing is scarce.
    """
    plants = 12.0, 24.0, 12.0, 2.0, *CAPACITY[4:]
    world, use, _, able = ready(1.0, *plants)
    assert np.exp(scarcity(world, use, able)[2]) == pytest.approx((7.0 / 12.0) ** -2)
    for part, lasts in ((1.0, 7.0 / 12.0), (2.0 / 3.0, (6.0 + 2.0 / 3.0) / 8.0), (0.0, 1.0)):
        world, use, _, able = ready(1.0, *plants)
        world.lets_pass(part)
        assert np.exp(scarcity(world, use, able))[2] == pytest.approx(lasts**-2)


def test_stock_for_a_trade_that_a_border_holds_is_neither_glut_nor_want() -> None:
    """Nothing passes for months: of the 9 t that sellers at home used to hold for it they still
    have all, then none; neither moves the price. A tonne more is a glut, at an open border the
    want of nine a scarcity.
    """
    for stock in (9.0, 4.0, 0.0):
        world, use, _, able = ready(0.5)
        world.lets_pass(0.0)
        world.offers.stock[2] = stock
        assert scarcity(world, use, able)[2] == pytest.approx(0.0)
    world, use, _, able = ready(0.5)
    world.offers.stock[2] = 4.5
    assert scarcity(world, use, able)[2] == pytest.approx(0.0)
    world.offers.stock[2] = 1.5
    assert scarcity(world, use, able)[2] > 0.0
    world.offers.stock[2] = 10.0
    assert scarcity(world, use, able)[2] < 0.0


def test_who_sells_outside_asks_what_goods_from_behind_the_border_cost_there() -> None:
    """Half passes, and a quarter of China's ore comes: 2.25 of the 4.5 t of oxide that are asked
    there, and 3 of 3 outside, half of which counts: 3.75 of 6, at 0.625^-2. An American asks three
    times that, as all oxide abroad costs.
    """
    world, use, _, able = ready(0.5, 4.5, *CAPACITY[1:])
    world.expected.gap[OXIDE] = np.log(3.0)
    found = np.exp(scarcity(world, use, able))
    assert found == pytest.approx([1.0, 1.0, 0.625**-2, 3.0 * 0.625**-2, 1.0])


def test_who_holds_a_good_at_home_may_hope_for_the_rent_of_a_right() -> None:
    """A right is worth 25 USD/kg beside 50 at home, half of which is hoped for: ln 1.25."""
    world, use, _, able = ready()
    world.border.rent[world.oxide] = 25.0
    world.border.quota[world.oxide] = 1.0
    found = scarcity(world, use, able)
    assert found[2] == pytest.approx(np.log(1.25))
    world.p.rent_at_home = 0.0
    assert scarcity(world, use, able)[2] == pytest.approx(0.0)


def test_who_sells_outside_earns_the_rent_of_a_right_that_others_pay() -> None:
    """Oxide of a usual 50 USD/kg and a right of 25: an American asks 50 x 1.25 at home's hope of
    half a right, and the right itself; metal bears it in its inputs, ore has no price of its own.
    """
    world, use, _, able = ready()
    world.border.rent[world.oxide] = 25.0
    world.border.quota[world.oxide] = 1.0
    found = np.exp(scarcity(world, use, able))
    assert found == pytest.approx([1.0, 1.0, 1.25, 1.25 + 0.5, 1.0])
    world.expected.held[OXIDE] = True
    world.expected.gap[OXIDE] = np.log(3.0)
    found = np.exp(scarcity(world, use, able))
    assert found[3] == pytest.approx(3.0 * found[2] + 0.5)


def test_a_good_that_comes_along_is_as_scarce_as_its_ore() -> None:
    """12 t of it are in the ore, 4 find users at the start: as much again comes as usual, whatever
    is asked; of half the ore half. Ore and metal, which plants run for, come as they are made.
    """
    world = Chain()
    world.market.led[OXIDE] = False
    comes, wanted = np.full(2 * G, 3.0), np.full(2 * G, 3.0)
    comes[[2 * OXIDE, 2 * OXIDE + 1]], wanted[2 * OXIDE : 2 * OXIDE + 2] = (1.0, 3.0), (4.0, 0.0)
    rows = [2 * OXIDE, 2 * OXIDE + 1, 2 * ORE, 2 * METAL]
    terms = {"market": world.market, "tables": world.tables}
    for _ in range(2):
        found = with_by_products(world.expected, comes, wanted, **terms)
        assert found[rows] == pytest.approx([1.0, 3.0, 3.0, 3.0])
    world.expected.runs[2:4] /= 2.0
    found = with_by_products(world.expected, comes, wanted, **terms)
    assert found[rows] == pytest.approx([0.5, 1.5, 3.0, 3.0])


def test_capacity_is_believed_within_quotas_and_less_what_an_order_ends() -> None:
    """Of 100 t of capacity 40 are allowed; of a mine that digs a fifth without a quota, half of
    which is believed to end, 36; of mines and plants outside China 85 run at usual prices.
    """
    world = Chain()
    world.firms.capacity = np.full(6, 100.0)
    at = SimpleNamespace(limited=np.array([0, 2]), mines=np.array([0]))
    allowed, illegal = np.full(6, np.inf), np.zeros(6)
    allowed[[0, 2]], illegal[0] = (40.0, 30.0), 0.2
    supply: Any = SimpleNamespace(at=at, allowed=allowed, illegal=illegal)
    found = believed_capacity(world.tables, supply, 0.5)
    assert found == pytest.approx([36.0, 85.0, 30.0, 85.0, 100.0, 100.0])
    assert world.firms.capacity.tolist() == [100.0] * 6


def test_what_a_kilogram_is_worth_abroad_by_hand() -> None:
    """Half of China's three quarters passes. The maker of metal has 18 t in its stores and on their
    way, a month and a half of use, and waits half a month, three quarters of the two months of an
    office and what it believes beyond. Nobody at home asks.
    """
    world, use, flow, _ = ready(0.5)
    value_abroad(
        world.needs, world.expected, use, flow, market=world.market, tables=world.tables, p=world.p
    )
    have = 0.625 + 1.5 / (0.5 + 1.5 + 6.0 * WAITS)
    rise = float(np.mean(np.maximum(1.0, have**-2.0)))
    assert rise > 1.2
    assert world.needs.worth[2] == pytest.approx(60.0 * rise)
    assert world.expected.abroad[OXIDE] == pytest.approx(rise)
    assert world.needs.worth[:2].tolist() == [5.0, 5.0]
    assert world.expected.abroad[ORE] == 1.0


def test_a_ban_has_no_office_whose_clock_runs() -> None:
    """The same without the month and a half for the office."""
    world, use, flow, _ = ready(0.5)
    world.border.licensed[world.oxide], world.border.banned[world.oxide] = 0.0, 1.0
    value_abroad(
        world.needs, world.expected, use, flow, market=world.market, tables=world.tables, p=world.p
    )
    have = 0.625 + 1.5 / (0.5 + 6.0 * WAITS)
    rise = float(np.mean(np.maximum(1.0, have**-2.0)))
    assert world.needs.worth[2] == pytest.approx(60.0 * rise)


def test_nobody_waits_by_a_lane_over_which_it_buys_nothing() -> None:
    """A quarter of the usual six months, as 0.9 pass where 0.6 were said to; six, where another
    seller brings all.
    """
    world, *_ = ready(0.9)
    world.expected.said[world.oxide] = 0.6
    assert delay_of_needs(world.expected, world.tables, usual=6.0)[2] == pytest.approx(1.5)
    world.links.share[2:4] = 0.0, 1.0
    assert delay_of_needs(world.expected, world.tables, usual=6.0)[2] == 6.0


def test_what_a_licence_holds_back_is_not_held_back_by_a_quota_again() -> None:
    """Under both, half passes the licence and 0.8 of that the quota, whatever came of it in all."""
    world, use, *_ = ready(0.5)
    whole = asked_under_quotas(world.expected, use, world.tables)
    world.border.quota[world.oxide], world.border.rationed[world.oxide] = 1.0, 0.8
    world.expected.passed[world.oxide] = 0.4
    found = asked_under_quotas(world.expected, use, world.tables)
    offer, share = world.links.offer[2], world.links.share[2]
    assert whole[offer] - found[offer] == pytest.approx(0.2 * 0.5 * share * use.need[2])


def test_who_pays_dear_already_is_not_short_twice() -> None:
    """What is short of the usual use is worth more than the usual price, not than a price that has
    risen for it; and a kilogram is worth what is paid for it.
    """
    found = []
    for paid in (60.0, 65.0, 600.0):
        world, use, flow, _ = ready(0.5)
        world.needs.paid[2] = paid
        value_abroad(
            *(world.needs, world.expected, use, flow),
            market=world.market,
            tables=world.tables,
            p=world.p,
        )
        found.append((world.expected.abroad[OXIDE], world.needs.worth[2]))
    assert found[0] == found[1]
    assert found[2] == (found[0][0], 600.0)


def test_what_is_cheap_and_not_scarce_is_worth_what_it_costs() -> None:
    """Where all is believed to come a kilogram is worth little more than it costs behind the border
    [before: the usual price, 60]; where half comes, what it would be at the usual price, but for
    the waits that its shelf lasts. The gap is over what it costs.
    """
    found, over = [], []
    for passes, asked in ((1.0, 40.0), (0.5, 40.0), (0.5, 50.0)):  # and a fifth for the way
        world, use, flow, _ = ready(passes)
        firms, _, offers, _, _ = world.tables
        offers.ask[(offers.good == OXIDE) & firms.inside[offers.firm]] = asked
        world.needs.paid[2] = 1.2 * asked
        flow = np.ones_like(flow) if passes == 1.0 else flow
        value_abroad(
            *(world.needs, world.expected, use, flow),
            market=world.market,
            tables=world.tables,
            p=world.p,
        )
        found.append(float(world.needs.worth[2]))
        over.append(float(world.expected.abroad[OXIDE]))
    open_, half, usual = found
    assert 48.0 <= open_ < 54.0
    assert 60.0 < half <= usual
    assert over == pytest.approx([open_ / 48.0, half / 48.0, usual / 60.0])


def test_nobody_pays_more_than_the_dearest_use_bears() -> None:
    world, use, flow, _ = ready(0.0)
    world.market.ceiling[OXIDE] = 66.0
    value_abroad(
        world.needs, world.expected, use, flow, market=world.market, tables=world.tables, p=world.p
    )
    assert world.needs.worth[2] <= 66.0 * (1.0 + 1e-12)
    assert 1.0 < world.expected.abroad[OXIDE] <= 1.1 * (1.0 + 1e-12)


def test_the_clock_of_an_office_runs_down_month_by_month() -> None:
    found = []
    for since in (0.0, 1.0, 2.0, 9.0):
        world, use, flow, _ = ready(0.5)
        world.expected.since[world.oxide] = since
        value_abroad(
            world.needs,
            world.expected,
            use,
            flow,
            market=world.market,
            tables=world.tables,
            p=world.p,
        )
        found.append(world.expected.abroad[OXIDE])
    assert found[0] > found[1] > found[2] == found[3]


def test_the_gap_opens_on_the_day_and_contracts_follow_as_they_lapse() -> None:
    """Worth twice the price: ln 2 on the spot at once, a quarter of it in what is paid on average,
    then 7/16; no gap where no border holds.
    """
    world = Chain()
    world.lets_pass(0.5)
    world.expected.abroad[OXIDE], at = 2.0, world.oxide
    open_gap(world.border, world.expected, speed=0.25)
    assert world.border.premium[at] == pytest.approx(np.log(2.0))
    assert world.border.contract[at] == pytest.approx(0.25 * np.log(2.0))
    open_gap(world.border, world.expected, speed=0.25)
    assert world.border.contract[at] == pytest.approx(7.0 / 16.0 * np.log(2.0))
    assert world.border.premium.sum() == world.border.premium[at]
    assert np.flatnonzero(world.expected.held).tolist() == [OXIDE]
    assert world.expected.gap[OXIDE] == world.border.premium[at]  # oxide has a quote
    assert world.expected.gap.sum() == world.expected.gap[OXIDE]


def test_the_gap_goes_when_the_border_opens_and_nobody_keeps_a_contract_that_is_dearer() -> None:
    world = Chain()
    world.border.contract[world.oxide] = world.border.premium[world.oxide] = 0.9
    world.expected.held[OXIDE] = True
    open_gap(world.border, world.expected, speed=0.25)
    assert not world.border.premium.any()
    assert not world.border.contract.any()
    assert not world.expected.held.any()


def test_what_borders_leave_unserved_is_what_others_sell_and_what_is_not_believed_to_come() -> None:
    """Of 12 t of oxide America sells 3; of China's 9 a third is not believed to come: 6 t. Metal is
    bought of Japan alone, ore abroad at home.
    """
    world, use, _, _ = ready(2.0 / 3.0)
    draw = believed_draw(world.expected, use, world.tables)
    count_unserved(world.expected, use, world.tables, draw=draw)
    assert world.expected.unserved[[ORE, OXIDE, METAL]] == pytest.approx([6.0, 6.0, 10.0])
    world, use, _, _ = ready()
    draw = believed_draw(world.expected, use, world.tables)
    count_unserved(world.expected, use, world.tables, draw=draw)
    assert world.expected.unserved[OXIDE] == pytest.approx(3.0)


LICENCE = {
    "date": "2024-04-01",
    "kind": "licensing",
    "id": "licence",
    "actor": "China",
    "goods": ["dysprosium_oxide"],
}


def test_a_rule_opens_a_gap_abroad_on_its_day_and_not_at_home() -> None:
    """While no shelf is empty; a calm world has no gap at all."""
    ruled, free = (
        World(
            with_changes(load_scenario("business-as-usual"), months=4, choices=acts),
            1,
            record=False,
        )
        for acts in ([LICENCE], [])
    )
    dysprosium = GOOD["dysprosium_oxide"]
    for world in (ruled, free):
        world.run_for(3)
        assert not world.border.premium.any()
        assert (world.expected.abroad == 1.0).all()
    for world in (ruled, free):
        world.step()
    held = (ruled.border.good == dysprosium) & np.isfinite(ruled.expected.since)
    assert held.any()
    assert (ruled.border.premium[held] > 0.0).all()
    assert not ruled.border.premium[~held].any()
    assert ruled.market.quote[dysprosium] <= free.market.quote[dysprosium] * 1.001
