"""Miners, processors, makers, end users, investors and traders: hand answers and properties."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.dealers import recycler
from coercivity.agents.firms import end_user, investor, maker, miner, plant, processor, real_option
from tests.helpers import floats as a


def fringe(margin: float, unsold: float, ratio: float = 1.0, elasticity: float = 0.1) -> float:
    return float(plant.fringe_run(a(100.0), 0.85, a(margin), a(unsold), a(ratio), elasticity)[0])


def test_an_entrant_runs_without_waiting_for_orders_and_tapers_with_unsold_stock() -> None:
    assert fringe(0.2, 0.0) == pytest.approx(85.0)
    assert fringe(0.2, 4.5) == pytest.approx(42.5)
    assert fringe(0.2, 6.0) == 0.0
    assert fringe(-0.2, 0.0) == pytest.approx(85.0 * 0.4)
    assert fringe(-0.4, 0.0) == 0.0


def pit(margin: float, unsold: float = 0.0, most: float = 1e9, speed: float = 1.5) -> float:
    return float(miner.pits_opened(a(100.0), a(margin), a(unsold), a(most), speed)[0])


def test_pits_open_while_clay_pays_and_sells_and_fall_in_when_it_does_not() -> None:
    """Revenue e^0.4 of cost, at 1.5 a year and log: 0.6 / 12 = 5% a month up to a month of unsold
    clay, half of it at two, none at three, and as much down from five on.
    """
    pays = np.expm1(0.4)
    assert pit(pays) == pit(pays, 1.0) == pytest.approx(100.0 * np.exp(0.05))
    assert pit(pays, 2.0) == pytest.approx(100.0 * np.exp(0.025))
    assert pit(pays, 3.0) == pytest.approx(100.0)
    assert pit(pays, 4.0) == pytest.approx(100.0 * np.exp(-0.025))
    assert (
        pit(np.expm1(0.2), 5.0) == pit(np.expm1(0.2), 50.0) == pytest.approx(100.0 * np.exp(-0.025))
    )
    assert pit(pays, speed=0.75) == pytest.approx(100.0 * np.exp(0.025))
    assert pit(0.0) == pytest.approx(100.0)


def test_wanted_output_by_hand() -> None:
    np.testing.assert_allclose(
        plant.wanted_output(a(10.0, 10.0, 10.0), a(20.0, 10.0, 90.0), a(2.0, 2.0, 2.0), 2.0),
        [10.0, 15.0, 0.0],
    )
    np.testing.assert_allclose(  # each good has a shelf of its own: 10 + (1.4 x 10 - 12) / 2
        plant.wanted_output(a(10.0, 10.0), a(12.0, 12.0), a(1.4, 1.9), 2.0), [11.0, 13.5]
    )


def test_running_at_a_loss_is_throttled_gradually() -> None:
    """A loss of 15% is borne; 15% more than that takes 45% off the run."""
    np.testing.assert_allclose(
        plant.throttle(np.ones(4), a(0.1, -0.15, -0.3, -0.9), 0.15), [1.0, 1.0, 0.55, 0.25]
    )


def test_the_surplus_of_a_byproduct_is_stocked_for_three_months_and_left_from_six_on() -> None:
    """20 t could be made and 10 are asked for: all of it up to 60 t in stock, at 90 t half of the
    surplus, from 120 t on none; who could make 5 makes them. A lead product is always finished.
    """
    stock = a(0.0, 60.0, 90.0, 120.0, 180.0, 45.0, 180.0)
    np.testing.assert_allclose(
        processor.finished_output(
            a(20.0, 20.0, 20.0, 20.0, 20.0, 5.0, 20.0),
            np.full(7, 10.0),
            stock,
            a(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        ),
        [20.0, 20.0, 15.0, 10.0, 10.0, 5.0, 20.0],
    )
    np.testing.assert_allclose(  # nobody asks: made for half a year, and never after
        processor.finished_output(a(20.0, 20.0), np.zeros(2), a(60.0, 120.0), np.zeros(2)),
        [20.0, 0.0],
    )


def test_what_lay_unfinished_is_drawn_once_orders_outrun_the_ore() -> None:
    """Of 10 t ordered the ore gives 6 and 15 t lie in stock: the 4 that lack; with 7 in stock 3
    more, for the shelf; with none left unfinished but 5, these. Ore that gives 10 and a stock that
    covers the month draw nothing, nor does ore in plenty; ore that gives 12 fills half of a gap of
    4 in the stock.
    """
    np.testing.assert_allclose(
        processor.finished_backlog(
            a(6.0, 6.0, 6.0, 10.0, 30.0, 12.0),
            np.full(6, 10.0),
            a(15.0, 7.0, 7.0, 10.0, 0.0, 6.0),
            a(99.0, 99.0, 5.0, 99.0, 99.0, 99.0),
        ),
        [4.0, 7.0, 5.0, 0.0, 0.0, 2.0],
    )
    assert processor.KEPT == 24.0


def test_the_quota_of_separation_is_worked_in_full_until_oxides_pile_up() -> None:
    """2.4 months unsold slow nothing, 4.2 halve the run, six stop it."""
    np.testing.assert_allclose(
        processor.separated_quota(
            np.full(6, 100.0), a(0.0, 2.4, 3.3, 4.2, 6.0, 20.0), a(0.0, 0.0, 9.0, 0.0, 0.0, 0.0)
        ),
        [100.0, 100.0, 75.0, 50.0, 0.0, 0.0],
    )
    np.testing.assert_allclose(
        processor.separated_quota(a(0.0, 40.0), a(0.0, 4.2), a(1.0, 1.0)), [0.0, 20.0]
    )


def test_who_loses_more_than_can_be_borne_separates_less_of_its_quota() -> None:
    """1.5 of what is lost beyond that: a tenth takes 15%, and no loss more than three quarters."""
    np.testing.assert_allclose(
        processor.separated_quota(
            np.full(5, 100.0), a(0.0, 0.0, 0.0, 4.2, 0.0), a(0.5, -0.1, -0.4, -0.4, -0.9)
        ),
        [100.0, 85.0, 40.0, 20.0, 25.0],
    )


def separators() -> tuple[Any, Any]:
    """A Chinese separator under a quota of 80 t of feed, one without, and one abroad, that each ran
    at 40; of 100 t of capacity; of one product each: 60 t are ordered and 60 in stock.
    """
    firms = SimpleNamespace(
        capacity=np.full(3, 100.0),
        available=np.ones(3),
        desired=np.full(3, 40.0),
        margin=np.full(3, 0.2),
        cost=np.full(3, 4.0),
        mine_of=np.full(3, -1),
        trend=np.zeros(3),
        is_fringe=np.array([False, False, True]),
        is_maker=np.zeros(3, dtype=bool),
    )
    offers = SimpleNamespace(
        firm=np.arange(3),
        orders=np.full(3, 60.0),
        stock=np.full(3, 60.0),
        cover=np.full(3, 2.0),
        yields=np.ones(3),
        lead=np.ones(3),
        ask=np.full(3, 5.0),
        base_price=np.full(3, 5.0),
    )
    return sized(firms), offers


def sized(firms: SimpleNamespace) -> Any:
    """These columns as a table, which has a length."""
    return type("Table", (SimpleNamespace,), {"__len__": lambda self: len(self.capacity)})(
        **vars(firms)
    )


def a_set(kind: type[Any], firms: Any, offers: Any) -> Any:
    """A set of firms that decides by these columns alone."""
    made = object.__new__(kind)
    made.firms, made.offers, made.whole = firms, offers, True
    made.tables, made.rows = (firms, offers, None, None), np.arange(len(firms))
    return made


PACE: Any = SimpleNamespace(
    order_memory=3.0,
    run_speed=0.25,
    clay_speed=0.05,
    maker_speed=0.5,
    order_book_months=4.0,
)
NO_AID: Any = SimpleNamespace(programmes={})


@pytest.fixture(autouse=True)
def _round_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (plant, processor):
        monkeypatch.setattr(module, "BEARABLE_LOSS", 0.1)
    monkeypatch.setattr(plant, "PLANT_ADJUSTMENT", 12.0)


def test_makers_close_the_gap_of_their_stock_by_their_own_months_and_speed() -> None:
    """Growth of 12% over 3 + 1 / 0.5 months of looking back: 60 x 1.05 = 63 are foreseen. 2 x 63 -
    60 over 4 months on top: 79.5, halfway from 40. Fast makers look less far ahead: 63 -> 62.4.
    """
    firms, offers = separators()
    firms.trend[:] = 0.12
    plants = a_set(maker.Makers, firms, offers)
    none: Any = SimpleNamespace()
    aim = plants.aim(supply=none, support=NO_AID, p=PACE)
    np.testing.assert_allclose(aim, np.full(3, 40.0 + 0.5 * (63.0 + 66.0 / 4.0 - 40.0)))
    fast: Any = SimpleNamespace(**{**vars(PACE), "maker_speed": 1.0})
    np.testing.assert_allclose(
        plants.aim(supply=none, support=NO_AID, p=fast), np.full(3, 62.4 + 64.8 / 4.0)
    )


def test_a_maker_passes_on_what_inputs_cost_and_others_run_less_at_a_loss() -> None:
    """A loss of 30%, of which 10% are borne, takes three fifths off the 75 t that orders call for;
    nothing of who makes to order.
    """
    firms, offers = separators()
    firms.margin[:] = -0.3
    firms.is_maker[:] = (True, False, False)
    plants = a_set(maker.Makers, firms, offers)
    found = plants.for_orders(firms.margin, 4.0, 1.0, PACE)
    np.testing.assert_allclose(found, [75.0, 30.0, 30.0])


def test_an_entrant_that_earns_runs_at_a_third_whatever_it_ran_before() -> None:
    """Nothing ordered and nothing in stock: 0.3 of 100 while it earns, else half of 10."""
    firms, offers = separators()
    offers.orders[:], offers.stock[:], firms.margin[:] = 0.0, 0.0, (0.2, 0.0, -0.05)
    firms.desired[:] = 10.0
    plants = a_set(maker.Makers, firms, offers)
    none: Any = SimpleNamespace()
    np.testing.assert_allclose(plants.aim(supply=none, support=NO_AID, p=PACE), [30.0, 5.0, 5.0])


def test_overtime_works_off_a_backlog() -> None:
    np.testing.assert_allclose(
        end_user.planned_activity(a(1.0, 1.0, 1.0), a(0.0, 0.3, 6.0), 0.15, 6.0),
        [1.0, 1.05, 1.15],
    )


def test_a_line_that_runs_all_day_has_no_hours_to_add() -> None:
    """Both owe 0.6 of a month and lack 1 of finished stock: 1 + min(0.15, 1.6 / 6), and 1."""
    firms: Any = SimpleNamespace(
        plan=a(1.0, 1.0), backlog=a(0.6, 0.6), finished=a(0.0, 0.0), adds_hours=a(1.0, 0.0)
    )
    p: Any = SimpleNamespace(finished_stock=1.0, overtime=0.15)
    np.testing.assert_allclose(end_user.wanted_activity(firms, p=p, on={"M14": True}), [1.15, 1.0])


@pytest.mark.parametrize(("volatility", "multiple"), [(0.15, 1.45), (0.30, 2.08), (0.50, 3.26)])
def test_the_option_multiple_of_dixit_and_pindyck(volatility: float, multiple: float) -> None:
    assert real_option.option_multiple(a(volatility), 0.08)[0] == pytest.approx(multiple, abs=0.01)


def test_expansion_fills_the_gap_above_the_hurdle_only() -> None:
    wanted, existing, planned = (
        a(150.0, 150.0, 150.0, 90.0),
        np.full(4, 100.0),
        a(20.0, 20.0, 60.0, 0.0),
    )
    built = investor.expansion(
        wanted, existing, planned, a(1.5, 1.1, 1.5, 1.5), np.full(4, 1.2), 0.35, 0.6
    )
    np.testing.assert_allclose(built, [30.0, 0.0, 0.0, 0.0])
    assert investor.expansion(a(900.0), a(100.0), a(0.0), a(2.0), a(1.0), 0.35, 0.5)[0] == 35.0
    assert investor.expansion(a(900.0), a(100.0), a(40.0), a(2.0), a(1.0), 0.35, 0.5)[
        0
    ] == pytest.approx(10.0)  # half of it at most is under way


def test_uncertainty_puts_investment_off() -> None:
    """Calm: all is invested; at full alarm exp(-0.045), 4.4% less."""
    np.testing.assert_allclose(
        end_user.investment_kept(a(0.0, 1.0), 0.045), [1.0, 0.955997], rtol=1e-6
    )


def test_a_fringe_mine_answers_its_price_up_to_98_percent() -> None:
    assert fringe(0.2, 0.0, ratio=2.0, elasticity=0.1) == pytest.approx(85.0 * 2.0**0.1)
    assert fringe(0.2, 0.0, ratio=100.0, elasticity=0.2) == pytest.approx(98.0)
    assert fringe(0.2, 0.0, ratio=0.01, elasticity=0.2) == pytest.approx(85.0 * 0.1**0.2)
    assert fringe(0.2, 3.0) == pytest.approx(85.0)


def test_the_quota_is_dug_in_full_until_half_a_year_lies_unsold() -> None:
    np.testing.assert_allclose(
        miner.quota_run(np.full(5, 100.0), a(0.0, 6.0, 9.0, 12.0, 20.0)),
        [100.0, 100.0, 75.0, 50.0, 0.0],
    )


def test_products_weigh_by_their_value() -> None:
    """Runs of 2 and 1 weighted 3 x 2 and 1 x 4: ((6 x 16 + 4) / 10)^(1/4); what is not made wants
    no run.
    """
    run = plant.desired_run(
        a(4.0, 4.0, 1.0), a(2.0, 4.0, 0.0), a(3.0, 1.0, 5.0), np.array([0, 0, 1]), 2, 4.0
    )
    np.testing.assert_allclose(run, [10.0**0.25, 0.0])


def test_recycling_by_hand() -> None:
    """10 t a month, a life of 100 months and growth of 1%: 10 / (0.01 + 0.01). Collection closes a
    tenth of its gap to 0.02 x 9^0.5, or to its most.
    """
    assert recycler.in_use_at_start(a(10.0), 0.01, 100.0)[0] == pytest.approx(500.0)
    assert recycler.worn_out(a(500.0), 100.0)[0] == pytest.approx(5.0)
    assert recycler.collection(0.01, 9.0, 0.02, 0.5, 0.3, 10.0) == pytest.approx(0.015)
    assert recycler.collection(0.01, 1e9, 0.02, 0.5, 0.3, 10.0) == pytest.approx(0.039)
