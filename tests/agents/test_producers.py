"""Miners, processors, makers, end users, investors and traders: hand answers and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents.dealers import recycler, trader
from coercivity.agents.firms import end_user, investor, miner, plant, processor, user


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


# --- miners


def fringe(margin: float, unsold: float, ratio: float = 1.0, elasticity: float = 0.1) -> float:
    return float(plant.fringe_run(a(100.0), 0.85, a(margin), a(unsold), a(ratio), elasticity)[0])


def test_an_entrant_runs_without_waiting_for_orders_and_tapers_with_unsold_stock() -> None:
    assert fringe(0.2, 0.0) == pytest.approx(85.0)
    assert fringe(0.2, 4.5) == pytest.approx(42.5)
    assert fringe(0.2, 6.0) == 0.0
    assert fringe(-0.2, 0.0) == pytest.approx(85.0 * 0.4)
    assert fringe(-0.4, 0.0) == 0.0


@given(st.floats(-1, 5), st.floats(-1, 5), st.floats(0, 10), st.floats(0.1, 20), st.floats(0, 0.2))
def test_a_mine_runs_more_at_a_better_margin_and_never_above_capacity(
    margin: float, other: float, unsold: float, ratio: float, elasticity: float
) -> None:
    low, high = (fringe(m, unsold, ratio, elasticity) for m in sorted((margin, other)))
    assert 0.0 <= low <= high <= 98.0 + 1e-9


def test_illegal_mining_answers_price_and_enforcement() -> None:
    assert miner.illegal_run(a(100.0), a(1.0), 0.2, 0.5, 0.0)[0] == pytest.approx(20.0)
    assert miner.illegal_run(a(100.0), a(2.25), 0.2, 0.5, 0.5)[0] == pytest.approx(15.0)
    assert miner.illegal_run(a(100.0), a(400.0), 0.2, 0.5, 0.0)[0] == pytest.approx(
        40.0
    )  # twice its normal size at most
    assert miner.illegal_run(a(100.0), a(3.0), 0.2, 0.5, 1.0)[0] == 0.0


# --- processors


def test_wanted_output_by_hand() -> None:
    np.testing.assert_allclose(
        plant.wanted_output(a(10.0, 10.0, 10.0), a(20.0, 10.0, 90.0), 2.0, 2.0),
        [10.0, 15.0, 0.0],
    )


def test_a_plant_runs_for_its_scarce_product() -> None:
    """One product wants a run of 1, one of equal value a run of 0: the power mean is 0.84, a plain
    mean would be 0.5.
    """
    run = plant.desired_run(a(1.0, 0.0), a(1.0, 1.0), a(1.0, 1.0), np.array([0, 0]), 1, 4.0)
    assert run[0] == pytest.approx(0.5**0.25)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=5), st.floats(0, 100))
def test_the_desired_run_lies_between_least_and_most_and_rises_with_each(
    runs: list[float], more: float
) -> None:
    n = len(runs)
    zero = np.zeros(n, dtype=int)
    run = plant.desired_run(np.array(runs), np.ones(n), np.ones(n), zero, 1, 4.0)[0]
    assert min(runs) - 1e-9 <= run <= max(runs) + 1e-9
    assert (
        plant.desired_run(
            np.array([runs[0] + more, *runs[1:]]), np.ones(n), np.ones(n), zero, 1, 4.0
        )[0]
        >= run - 1e-9
    )


def test_running_at_a_loss_is_throttled_gradually() -> None:
    """A loss of 15% is borne; 15% more than that takes 45% off the run."""
    np.testing.assert_allclose(
        plant.throttle(np.ones(4), a(0.1, -0.15, -0.3, -0.9), 0.15), [1.0, 1.0, 0.55, 0.25]
    )


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e5), st.sampled_from([0.0, 1.0]))
def test_byproducts_are_finished_only_as_they_sell(
    potential: float, orders: float, stock: float, lead: float
) -> None:
    made = processor.finished(a(potential), a(orders), a(stock), a(lead), 2.0, 2.0)[0]
    assert 0.0 <= made <= potential
    if lead:
        assert made == potential


# --- end users, and all as users of inputs


def test_overtime_works_off_a_backlog() -> None:
    np.testing.assert_allclose(
        end_user.planned_activity(a(1.0, 1.0, 1.0), a(0.0, 0.3, 6.0), 0.15, 6.0),
        [1.0, 1.05, 1.15],
    )


def test_a_missed_month_waits_and_part_of_it_goes_elsewhere() -> None:
    backlog, gone = end_user.backlog_after(a(2.0), a(1.0), a(0.4), 0.05)
    assert gone[0] == pytest.approx(0.1)
    assert backlog[0] == pytest.approx(2.5)


@given(st.floats(0, 12), st.floats(0, 2), st.floats(0, 2), st.floats(0, 0.2))
def test_a_backlog_is_never_negative_and_no_more_is_lost_than_there_was(
    backlog: float, plan: float, run: float, lost: float
) -> None:
    left, gone = end_user.backlog_after(a(backlog), a(plan), a(run), lost)
    assert left[0] >= 0.0
    assert 0.0 <= gone[0] <= backlog
    assert left[0] <= backlog + max(plan - run, 0.0) + 1e-12


def test_elastic_use_is_reversible_and_falls_with_price() -> None:
    np.testing.assert_allclose(
        user.elastic_intensity(a(1.0, 2.0, 0.5), a(0.4, 0.4, 0.4)),
        [1.0, 2.0**-0.4, 2.0**0.4],
    )


def test_thrift_waits_for_the_dead_band_and_does_not_come_back() -> None:
    assert (
        user.thrifted(a(1.0), a(1.6), a(0.12), 0.5, 0.45)[0] == 1.0
    )  # a rise of 60% is inside the band of 65%
    assert user.thrifted(a(1.0), a(np.exp(1.5)), a(0.12), 0.5, 0.45)[0] == pytest.approx(0.99)
    assert user.thrifted(a(0.8), a(0.1), a(0.12), 0.5, 0.45)[0] == 0.8
    assert user.thrifted(a(0.45), a(100.0), a(0.25), 0.5, 0.45)[0] == 0.45


@given(st.floats(0.45, 1.0), st.floats(0.01, 100), st.floats(0.01, 100), st.floats(0, 0.6))
def test_thrift_stays_within_its_bounds_and_falls_with_price(
    thrift: float, ratio: float, other: float, rate: float
) -> None:
    dear, cheap = (
        user.thrifted(a(thrift), a(r), a(rate), 0.5, 0.45)[0]
        for r in sorted((ratio, other), reverse=True)
    )
    assert 0.45 <= dear <= cheap <= thrift + 1e-12


# --- investors


@pytest.mark.parametrize(("volatility", "multiple"), [(0.15, 1.45), (0.30, 2.08), (0.50, 3.26)])
def test_the_option_multiple_of_dixit_and_pindyck(volatility: float, multiple: float) -> None:
    assert investor.option_multiple(a(volatility), 0.08, 0.08)[0] == pytest.approx(
        multiple, abs=0.01
    )


@given(st.floats(0.05, 1.0), st.floats(0.05, 1.0), st.floats(0.03, 0.15))
def test_uncertainty_raises_the_hurdle(volatility: float, other: float, rate: float) -> None:
    low, high = (investor.option_multiple(a(v), rate, rate)[0] for v in sorted((volatility, other)))
    assert 1.0 < low <= high


def test_wanted_capacity_by_hand() -> None:
    """Need 100 with a reserve of 1.2, growth of 10% over half a year of lead and a year and a half
    of age: 120 x 1.21 unless growth fades.

    Fading within three years, no lead is worth more than three years of growth.
    """
    assert investor.wanted_capacity(a(100.0), a(0.10), a(0.5), 1.2, 1e6)[0] == pytest.approx(
        145.2, rel=1e-5
    )
    assert investor.wanted_capacity(a(100.0), a(0.10), a(5.0), 1.2, 3.0)[0] < 120.0 * 1.1**3
    assert investor.wanted_capacity(a(100.0), a(0.10), a(1e6), 1.2, 3.0)[0] == pytest.approx(
        120.0 * 1.1**3
    )


def test_planned_growth_follows_what_is_seen_within_its_memory() -> None:
    """Orders up by e^0.1 close a fifth of the gap to 10% with a memory of five years; a doubling
    counts as 25%.
    """
    np.testing.assert_allclose(
        investor.planned_growth(a(0.0, 0.0), a(1.0, 1.0), a(np.exp(0.1), 2.0), 5.0), [0.02, 0.05]
    )


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


# --- traders


def buy(
    growth: float = 0.1,
    ratio: float = 1.0,
    alarm: float = 0.5,
    held: float = 0.0,
    for_sale: float = 1e9,
    gain: float = 1.0,
) -> float:
    return float(
        trader.hoard_purchase(
            a(100.0), a(growth), a(ratio), alarm, a(held), a(for_sale), gain, 0.02, 4.0, 0.15
        )[0]
    )


def test_hoarders_by_hand() -> None:
    """Growth of 7% is 5% beyond the band: 0.6 of a month of use at half alarm or more; a twentieth
    of it without alarm.
    """
    assert buy(growth=0.07) == pytest.approx(60.0)
    assert buy(growth=0.07, alarm=0.0) == pytest.approx(3.0)


def test_hoarders_stop_at_four_months_worth_at_a_part_of_the_stock_and_at_tripled_prices() -> None:
    assert buy(held=400.0) == 0.0
    assert buy(held=350.0) == pytest.approx(50.0)
    assert buy(held=150.0, ratio=2.0) == pytest.approx(
        50.0
    )  # at twice the price the same money buys two months
    assert buy(for_sale=10.0) == pytest.approx(1.5)
    assert buy(ratio=3.0) == 0.0
    assert buy(growth=0.02) == 0.0


def test_hoarders_release_when_prices_fall_or_are_high_enough() -> None:
    release = trader.hoard_release(
        np.full(5, 100.0), a(0.05, -0.001, -0.05, -0.5, 0.05), a(1.0, 1.0, 1.0, 1.0, 3.0), 0.15
    )
    np.testing.assert_allclose(release, [0.0, 1.5, 9.0, 15.0, 15.0])


@given(
    st.floats(-1, 1),
    st.floats(0.1, 10),
    st.floats(0, 1),
    st.floats(0, 1e3),
    st.floats(0, 1e3),
    st.floats(0, 3),
)
def test_hoards_are_bounded(
    growth: float, ratio: float, alarm: float, held: float, for_sale: float, gain: float
) -> None:
    bought = buy(growth, ratio, alarm, held, for_sale, gain)
    assert 0.0 <= bought <= 0.15 * for_sale
    assert bought <= max(400.0 / max(ratio, 1.0) - held, 0.0) + 1e-9
    assert 0.0 <= trader.hoard_release(a(held), a(growth), a(ratio), 0.15)[0] <= held


def test_research_answers_price_and_fear_beyond_their_bands() -> None:
    """Full alarm (1.0, band 0.2, gain 0.5) pushes by 0.4; a price e times its mean (band 0.5) by
    0.5; a calm month not at all.
    """
    push = user.research_push(
        a(1.0, 1.0, np.e, 1.6, np.e), a(0.0, 1.0, 0.0, 0.2, 1.0), 0.5, 0.2, 0.5
    )
    np.testing.assert_allclose(push, [0.0, 0.4, 0.5, 0.0, 0.9])


def test_innovation_comes_years_after_the_push_and_stays() -> None:
    """Two years of push 1, then ten of calm: little is saved in the first year, most after the push
    is over, and nothing is given back.
    """
    under_way, saving = a(0.0), a(1.0)
    path = []
    for month in range(144):
        under_way = user.research(under_way, a(1.0 if month < 24 else 0.0), 30.0)
        saving = user.innovated(saving, under_way, 0.1, 0.4)
        path.append(float(saving[0]))
    assert 1.0 - path[11] < 0.02
    assert path[23] - path[-1] > 1.0 - path[23]
    assert (np.diff(path) <= 0).all()
    assert user.innovated(a(0.41), a(100.0), 0.15, 0.4)[0] >= 0.4


def test_uncertainty_puts_investment_off() -> None:
    """Calm: all is invested; at full alarm exp(-0.045), 4.4% less."""
    np.testing.assert_allclose(
        end_user.investment_kept(a(0.0, 1.0), 0.045), [1.0, 0.955997], rtol=1e-6
    )


# --- more of the equations, by hand


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


def test_a_stock_is_brought_to_cover_within_some_months() -> None:
    assert plant.wanted_output(a(10.0), a(24.0), 3.0, 2.0)[0] == pytest.approx(13.0)
    np.testing.assert_allclose(
        processor.finished(
            a(20.0, 5.0, 20.0), np.full(3, 10.0), np.full(3, 24.0), a(0.0, 0.0, 1.0), 3.0, 2.0
        ),
        [13.0, 5.0, 20.0],
    )


def test_diffusion_slows_as_it_nears_its_floor() -> None:
    """1% a month of what is left, half of it half-way: 0.7 (1 - 0.01 x 0.3 / 0.6)."""
    np.testing.assert_allclose(
        user.diffused(a(1.0, 0.7, 0.4, 0.3), 0.12, 0.4), [0.99, 0.6965, 0.4, 0.3]
    )


def test_research_and_what_it_finds_by_hand() -> None:
    assert user.research(a(0.2), a(1.0), 4.0)[0] == pytest.approx(0.4)
    np.testing.assert_allclose(
        user.innovated(a(0.8, 0.8, 0.3), a(2.0, 1e9, 1.0), 0.12, 0.4), [0.792, 0.4, 0.3]
    )


def test_elastic_use_has_bounds() -> None:
    np.testing.assert_allclose(
        user.elastic_intensity(a(1e-9, 1e9), a(0.4, 0.4)), [0.05**-0.4, 50.0**-0.4]
    )


def test_overtime_is_a_part_of_the_plan() -> None:
    assert end_user.planned_activity(a(2.0), a(6.0), 0.15, 6.0)[0] == pytest.approx(2.3)


def test_recycling_by_hand() -> None:
    """10 t a month, a life of 100 months and growth of 1%: 10 / (0.01 + 0.01). Collection closes a
    tenth of its gap to 0.02 x 9^0.5, or to its most.
    """
    assert recycler.in_use_at_start(a(10.0), 0.01, 100.0)[0] == pytest.approx(500.0)
    assert recycler.worn_out(a(500.0), 100.0)[0] == pytest.approx(5.0)
    assert recycler.collection(0.01, 9.0, 0.02, 0.5, 0.3, 10.0) == pytest.approx(0.015)
    assert recycler.collection(0.01, 1e9, 0.02, 0.5, 0.3, 10.0) == pytest.approx(0.039)
