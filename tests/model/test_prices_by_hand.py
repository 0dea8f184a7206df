"""What bounds a price: parity with the exporter, what users bear, a border's premium, at points
reckoned by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.founding import look_up_rivals
from coercivity.model.parts.border import Border
from coercivity.model.trade.charges import move_premia, shortage
from coercivity.model.trade.clearing import bearable_prices, import_parity, worth_in_use
from tests.facts import FACTS
from tests.helpers import apply_rule
from tests.helpers import floats as a
from tests.names import CHINA, FIRST_SECTOR, GOOD, GOODS, PROCESS, STATE, STATES

JAPAN, US, GERMANY, INDIA = (STATE[n] for n in ("Japan", "United States", "Germany", "India"))
OXIDE, METAL, ORE = GOOD["ndpr_oxide"], GOOD["ndpr_metal"], GOOD["light_concentrate"]
S, G = len(STATES), len(GOODS)


class Trade:
    """Oxide of two Chinese sellers and an American one, which serves Japan (30 t), Germany (10 t),
    China (5 t) and India (100 t); only the first three buy in China as well. And ore of both to
    Japan.
    """

    def __init__(self, oxide: int = OXIDE) -> None:
        rows = (  # need, offer, exporter, importer, good, orders, cost, freight, tax, fill
            (0, 0, CHINA, JAPAN, oxide, 60.0, 100.0, 0.2, 1.13, 0.9),
            (0, 1, CHINA, JAPAN, oxide, 10.0, 90.0, 0.2, 1.13, 0.4),
            (0, 2, US, JAPAN, oxide, 30.0, 130.0, 0.2, 1.0, 1.0),
            (1, 0, CHINA, GERMANY, oxide, 90.0, 120.0, 0.3, 1.13, 1.0),
            (1, 2, US, GERMANY, oxide, 10.0, 131.0, 1.0, 1.25, 1.0),
            (2, 0, CHINA, CHINA, oxide, 95.0, 60.0, 0.0, 1.0, 1.0),
            (2, 2, US, CHINA, oxide, 5.0, 130.0, 0.2, 1.0, 1.0),
            (3, 2, US, INDIA, oxide, 100.0, 130.0, 0.2, 1.0, 1.0),
            (4, 3, CHINA, JAPAN, ORE, 50.0, 5.0, 0.2, 1.0, 1.0),
            (4, 4, US, JAPAN, ORE, 50.0, 9.0, 0.2, 1.0, 1.0),
        )
        need, offer, exporter, importer, good, *others = zip(*rows, strict=True)
        orders, cost, freight, taxed, fill = (a(*column) for column in others)
        self.links = Links(
            need=np.array(need),
            offer=np.array(offer),
            exporter=np.array(exporter),
            importer=np.array(importer),
            good=np.array(good),
            share=np.full(10, 0.5),
            orders=orders,
            spot=cost,
            freight=freight,
            taxed=taxed,
            vat=taxed - 1.0,
            fill=fill,
            facts=FACTS,
        )
        self.needs = Needs(
            good=np.array([oxide] * 4 + [ORE]),
            base_use=np.full(5, 10.0),
            firm=np.arange(5),
            facts=FACTS,
        )
        self.offers = Offers(
            is_ore=np.array([False, False, False, True, True]), ask=np.full(5, 80.0), facts=FACTS
        )
        look_up_rivals(self.links, offers=self.offers)
        self.border = Border(self.links, self.needs)

    def shut(self, importer: int, flag: str = "banned") -> None:
        at = (self.border.exporter == CHINA) & (self.border.importer == importer)
        getattr(self.border, flag)[at & (self.border.keys > 0)] = 1.0

    def parity(self, margin: float = 0.1) -> float:
        market: Any = SimpleNamespace(parity=np.full(5, np.inf), least=np.full(5, 7.0))
        p: Any = SimpleNamespace(facts=FACTS, parity_margin=margin)
        self.market = market
        import_parity(
            market, offers=self.offers, needs=self.needs, links=self.links, border=self.border, p=p
        )
        assert np.isinf(market.parity[[0, 1, 3, 4]]).all()  # neither the exporter's own nor ores
        return float(market.parity[2])


def test_parity_is_the_exporter_s_price_at_the_door_of_its_customers_by_their_orders() -> None:
    """Japan: 1.1 x 100 - 0.2 = 109.8, for who charges 90 delivers 0.4 of orders; Germany, with a
    tax of a quarter: (1.1 x 120 - 1) / 1.25 = 104.8. 30 and 10 t: 108.55.
    """
    assert Trade().parity() == pytest.approx(108.55)
    assert Trade().parity(0.0) == pytest.approx((30.0 * 99.8 + 10.0 * 119.0 / 1.25) / 40.0)


@pytest.mark.parametrize(
    ("good", "found"), [("ndpr_oxide", 108.55), ("ndpr_metal", 118.45), ("magnet_smco", 128.35)]
)
def test_a_second_source_is_worth_more_of_what_takes_longer_to_qualify(
    good: str, found: float
) -> None:
    """A tenth for the three months of an oxide, two for the six of metal, three for the nine of a
    magnet: 1.2 x 100 - 0.2 and (1.2 x 120 - 1) / 1.25, by 30 and 10 t.
    """
    assert Trade(GOOD[good]).parity() == pytest.approx(found)


@pytest.mark.parametrize("flag", ["banned", "licensed"])
def test_behind_a_border_that_holds_back_all_ask_what_is_paid_on_the_spot(flag: str) -> None:
    """What Japan would pay for a tonne that came through, 300 USD/kg, bounds the American seller
    from above and, as three quarters of its orders come from Japan, from below: without a margin.
    Where nothing is held back nothing bounds from below.
    """
    world = Trade()
    assert world.parity() == pytest.approx(108.55)
    assert world.market.least.tolist() == [7.0, 7.0, 0.0, 7.0, 7.0]  # only who competes
    world.shut(JAPAN, flag)
    world.links.fill[0], world.links.spot[0] = 0.0, 300.0
    world.links.orders[1] = 0.0
    assert world.parity() == pytest.approx((30.0 * (1.1 * 300.0 - 0.2) + 1048.0) / 40.0)
    assert world.market.least[2] == pytest.approx((30.0 * 299.8 + 10.0 * 119.0 / 1.25) / 40.0)
    world.links.orders[2] = 9.0  # less than half of its orders
    world.parity()
    assert world.market.least[2] == 0.0


def bearable(steep: float = 2.0, **choke: float) -> np.ndarray:
    """Bounds where these goods are used up at these choke prices, twice each: half as dear for the
    other user.
    """
    rows = [GOOD[name] for name in choke]
    worth = list(choke.values())
    needs = Needs(
        good=np.array([*rows, *rows, ORE]),
        choke=a(*worth, *np.divide(worth, 2), np.inf),
        facts=FACTS,
    )
    return bearable_prices(needs, SimpleNamespace(facts=FACTS, choke_steep=steep))  # type: ignore[arg-type]


def test_three_quarters_of_the_most_patient_uses_are_given_up_at_what_is_bearable() -> None:
    """1 / (1 + 3) are kept at 3^(1/2) of the choke price, 3^(1/3) where uses are more alike."""
    assert bearable(motor_standard=400.0)[GOOD["motor_standard"]] == pytest.approx(400.0 * 3**0.5)
    found = bearable(3.0, motor_standard=400.0)[GOOD["motor_standard"]]
    assert found == pytest.approx(400.0 * 3.0 ** (1.0 / 3.0))
    assert 1.0 / (1.0 + (found / 400.0) ** 3.0) == pytest.approx(0.25)


def test_what_only_makers_buy_is_worth_what_their_goods_leave_for_it() -> None:
    """Of a motor its magnet; of a magnet 0.3 t of metal in a tonne; of metal 1.213 t of oxide. Ores
    are bounded by their netback, and what nobody uses by nothing.
    """
    found = bearable(motor_standard=400.0)
    top = 400.0 * 3.0**0.5
    assert found[GOOD["magnet_standard"]] == pytest.approx(top)
    assert found[METAL] == pytest.approx(top / 0.3)
    assert found[OXIDE] == pytest.approx(top / 0.3 / 1.213)
    assert np.isinf(found[[ORE, GOOD["heavy_concentrate"], GOOD["magnet_smco"]]]).all()
    own = bearable(motor_standard=400.0, magnet_standard=100.0)  # the more patient use decides
    assert own[GOOD["magnet_standard"]] == pytest.approx(top)
    more = bearable(motor_standard=400.0, magnet_standard=500.0)
    assert more[GOOD["magnet_standard"]] == pytest.approx(500.0 * 3.0**0.5)


def worth(**more: Any) -> np.ndarray:
    """What goods are worth where 1 t of hot magnets goes to a user who has 400 as its choke price
    and 3 t to one who has 200; a maker of metal uses 5 t of oxide, one of hot magnets 1 t of metal.
    """
    hot = GOOD["magnet_heat_resistant"]
    columns = {"good": [hot, hot, OXIDE, METAL], "choke": [400.0, 200.0, np.inf, np.inf]}
    columns |= {"base_use": [1.0, 3.0, 5.0, 1.0], **more}
    users = [
        FIRST_SECTOR,
        FIRST_SECTOR,
        PROCESS["make_metal"],
        PROCESS["make_magnet_heat_resistant"],
    ]
    needs = Needs(
        good=np.array(columns["good"]),
        choke=a(*columns["choke"]),
        base_use=a(*columns["base_use"]),
        firm=np.arange(4),
        facts=FACTS,
    )
    quote = np.zeros(G)
    quote[[OXIDE, METAL, hot]] = 50.0, 70.0, 80.0
    steep: Any = SimpleNamespace(facts=FACTS, choke_steep=2.0)
    return worth_in_use(needs, Firms(process=np.array(users), facts=FACTS), quote, steep)


def test_a_good_is_worth_the_mean_of_what_its_users_would_pay_for_each_kilogram() -> None:
    """The integral of 1 / (1 + (p / p50)^2) is pi / 2 times p50; a mean by use of 400 and 200."""
    prices = np.linspace(0.0, 4e6, 4_000_001)
    area = float(np.trapezoid(1.0 / (1.0 + (prices / 400.0) ** 2), prices))
    assert area == pytest.approx(400.0 * np.pi / 2.0, rel=1e-3)
    assert worth()[GOOD["magnet_heat_resistant"]] == pytest.approx(250.0 * np.pi / 2.0)
    assert not worth()[[ORE, GOOD["magnet_standard"], GOOD["yttrium_oxide"]]].any()


def test_what_makers_use_is_worth_its_quote_and_what_their_goods_are_worth_beyond_theirs() -> None:
    """0.281 t of metal in a tonne of hot magnets, 1.213 t of oxide in one of metal."""
    metal = 70.0 + (250.0 * np.pi / 2.0 - 80.0) / 0.281
    assert worth()[METAL] == pytest.approx(metal)
    assert worth()[OXIDE] == pytest.approx(50.0 + (metal - 70.0) / 1.213)
    poor = worth(choke=[1.0, 1.0, np.inf, np.inf])
    assert poor[[METAL, OXIDE]] == pytest.approx([70.0, 50.0])  # nobody pays more than it costs


class Held:
    """Oxide of two Chinese sellers to two Japanese needs and a German one. Japan wants 30 t (10 a
    month for 0.75 months of cover, the use to come, and 1.25 on its way) and 20 t, and has half.
    """

    def __init__(self, premium: float = 0.0, bound: float = 1.0, **needs: Any) -> None:
        self.links = Links(
            need=np.array([0, 0, 1, 2]),
            offer=np.array([0, 2, 1, 0]),
            exporter=np.array([CHINA, US, CHINA, CHINA]),
            importer=np.array([JAPAN, JAPAN, JAPAN, GERMANY]),
            good=np.full(4, OXIDE),
            share=a(0.75, 0.25, 1.0, 1.0),
            travel=a(1.0, 2.0, 1.0, 1.0),
            freight=np.zeros(4),
            vat=np.zeros(4),
            facts=FACTS,
        )
        columns = {
            "stock": a(10.0, 4.0, 30.0),
            "pipeline": a(10.0, 1.0, 10.0),
            "expected": a(10.0, 5.0, 10.0),
            "cover": a(0.75, 2.0, 1.0),
            **needs,
        }
        self.needs = Needs(
            good=np.full(3, OXIDE),
            base_use=a(10.0, 5.0, 10.0),
            firm=np.arange(3),
            **columns,
            facts=FACTS,
        )
        self.needs.link_first = np.array([0, 2, 3])
        self.offers = Offers(ask=a(100.0, 105.0, 999.0), facts=FACTS)
        self.border = Border(self.links, self.needs)
        to = self.border.keys > 0
        self.japan, self.germany = (
            int(
                np.flatnonzero(to & (self.border.exporter == CHINA) & (self.border.importer == i))[
                    0
                ]
            )
            for i in (JAPAN, GERMANY)
        )
        for at in (self.japan, self.germany):
            self.border.banned[at], self.border.premium[at] = bound, premium
            self.border.was_bound[at] = bound

    @staticmethod
    def goal(gain: float = 0.6, worth: float = 1000.0) -> float:
        """Where that to Japan goes: half of what it wants is there, and 105 is asked."""
        return float(np.log(1.0 + gain / (1.0 + gain) * (worth / 105.0 - 1.0)))

    def move(self, gain: float = 0.6, worth: float = 1000.0, on: bool = True) -> float:
        """The premium to Japan after a month, of oxide that is worth so much to its users."""
        market: Any = SimpleNamespace(worth=np.full(G, worth))
        p: Any = SimpleNamespace(facts=FACTS, premium_gain=gain, share_speed=0.2)
        apply_rule(move_premia, self, market=market, p=p, on={"M5": on})
        return float(self.border.premium[self.japan])


def test_buyers_are_short_by_how_far_stock_and_arrivals_in_sight_have_fallen() -> None:
    """Japan has 25 t of the 50 that it wants; Germany more than its 30."""
    world = Held()
    short = shortage(world.needs, world.links, world.border).reshape(S, G)
    assert short[JAPAN, OXIDE] == pytest.approx(np.log(2.0))
    short[JAPAN, OXIDE] = 0.0
    assert not short.any()
    waits = Held(pending=a(100.0, 100.0, 100.0))  # for a licence: not in sight
    waiting = shortage(waits.needs, waits.links, waits.border).reshape(S, G)
    assert waiting[JAPAN, OXIDE] == pytest.approx(np.log(2))


def test_who_expects_to_wait_for_a_licence_is_short_before_anything_has_run_out() -> None:
    world = Held()
    world.border.licensed[world.japan] = 1.0
    world.border.speed[world.japan] = 0.2
    short = shortage(world.needs, world.links, world.border).reshape(S, G)
    assert short[JAPAN, OXIDE] == pytest.approx(np.log(100.0 / 25.0))


def test_contracts_follow_the_spot_as_they_lapse_and_nobody_keeps_one_that_is_dearer() -> None:
    """A fifth of the tonnes is contracted anew in a month; when the spot falls all follow."""
    world = Held()
    for _ in range(2):
        world.move()
    assert world.border.contract[world.japan] == pytest.approx(
        0.2 * (0.8 * 0.5 + 0.75) * world.goal()
    )
    world.border.was_bound[:] = 0.0
    for _ in range(3):
        world.move()
    assert world.border.contract[world.japan] == world.border.premium[world.japan]


def test_a_premium_follows_cover_abroad_halfway_each_month() -> None:
    world, goal = Held(), Held.goal()
    assert world.move() == pytest.approx(goal / 2.0)
    assert world.move() == pytest.approx(goal * 0.75)
    assert world.border.premium[world.germany] == 0.0
    assert Held().move(gain=0.3) == pytest.approx(Held.goal(0.3) / 2.0)
    dear = Held(premium=1.0)
    assert dear.move() == pytest.approx((1.0 + goal) / 2.0)
    assert dear.border.premium[dear.germany] == pytest.approx(0.5)


def test_a_premium_stops_where_the_dearest_offer_of_its_channel_costs_what_it_is_worth() -> None:
    """Two Chinese sellers ask 100 and 105: at a worth of 120 it is ln(120 / 105) at most, whatever
    an American asks; none where a seller asks more than the good is worth, or nobody uses it.
    """
    assert Held(premium=2.0).move(worth=120.0) == pytest.approx(np.log(120.0 / 105.0))
    assert Held(premium=2.0).move(worth=104.0) == 0.0
    assert Held(premium=2.0).move(worth=0.0) == 0.0
    empty = Held(stock=np.zeros(3), pipeline=np.zeros(3))  # sure to go without
    assert empty.move(worth=210.0) == pytest.approx(np.log(2.0) / 2.0)
    assert empty.move(worth=210.0) == pytest.approx(np.log(2.0) * 0.75)
    assert empty.border.premium[empty.germany] == pytest.approx(np.log(2.1) * 0.75)
    assert Held().move(gain=1e-9) < 1e-6


def test_a_premium_goes_when_the_border_opens() -> None:
    assert Held(premium=1.0, bound=0.0).move() == pytest.approx(0.2)
    assert Held(premium=4e-4, bound=0.0).move() == 0.0
    assert Held(premium=6e-4, bound=0.0).move() == pytest.approx(1.2e-4)
    full = Held(premium=1.5e-4, stock=np.full(3, 99.0))
    assert full.move() == 0.0
    assert Held(premium=1.0).move(on=False) == 1.0
    opened = Held(premium=1.0)
    opened.border.banned[:] = 0.0  # bound for the last time
    opened.move()
    assert not opened.border.was_bound.any()
