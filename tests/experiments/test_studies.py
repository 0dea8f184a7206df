"""Leverage over time, dependence after an episode, and what each rule is worth: the small rules
they rest on, and one cheap world each.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.claims.power import signal_acts
from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.quantities.watch import Trace, run_watched
from coercivity.experiments.questions.ablation import LABELS, NAIVE, arms_asked, numbers
from coercivity.experiments.questions.market_power import (
    HELD,
    band,
    half_life,
    lasts,
    sender_and_rivals,
    yearly,
)
from coercivity.experiments.questions.relapse import ARMS, fall_and_relapse, share_by_year
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import GOODS, MECHANISMS, STAGES
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

SHIPPED = Draw((), 1)


def test_half_life_counts_from_the_deepest_loss() -> None:
    assert half_life((1, 2, 3, 4), np.array([-10.0, -40.0, -30.0, -19.0])) == 2.0
    assert half_life((1, 2, 3, 4), np.array([-40.0, -10.0, -30.0, -30.0])) is None  # it comes back
    assert half_life((1, 2), np.array([-10.0, -40.0])) is None
    assert half_life((1, 2), np.array([1.0, 2.0])) is None


def test_market_power_lasts_from_its_peak_until_half_of_it() -> None:
    assert lasts(np.array([0.1, 1.0, 0.8, 0.4])) == 2.0
    assert lasts(np.array([0.1, 1.0, 0.8, 0.9])) is None
    assert lasts(np.array([-0.2, -0.1])) is None


def test_band_leaves_out_what_is_undefined() -> None:
    assert band([1.0, None, 3.0, float("nan")])["median"] == 2.0
    assert band([None]) == {"median": None, "p05": None, "p95": None}


def test_fall_is_to_the_lowest_year_and_relapse_from_it() -> None:
    share = np.array(
        [90.0, 80.0, 60.0, 70.0, 75.0, 75.0, 75.0, 75.0, 75.0, 75.0, 50.0, 72.0]
    )  # 2009 to 2020; 2019 comes too late for the fall
    assert fall_and_relapse(share) == {
        "fall": 30.0,
        "lowest_year": 2011.0,
        "relapse": 12.0,
        "left": -18.0,
    }


@pytest.fixture(scope="module")
def three_years() -> tuple[np.ndarray, np.ndarray]:
    """Dependence by year from 2009 to 2011, with the acts and without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coercivity.experiments.questions.relapse.MONTHS", 36)
        return share_by_year("whole", SHIPPED), share_by_year("no acts", SHIPPED)


def test_dependence_parts_in_the_year_of_the_embargo(
    three_years: tuple[np.ndarray, np.ndarray],
) -> None:
    whole, calm = three_years
    assert len(whole) == len(calm) == 3
    assert calm[1] - whole[1] > 1.0


def test_without_acts_and_with_them_dependence_parts_only_after_the_first_act(
    three_years: tuple[np.ndarray, np.ndarray],
) -> None:
    whole, calm = three_years
    assert abs(whole[2] - calm[2]) > 1.0  # the quotas of 2010 and 2011


@pytest.mark.parametrize("arm", ARMS)
def test_every_channel_has_words(arm: str) -> None:
    assert ARMS[arm][0]


def test_naive_rules_are_mechanisms_and_each_number_has_a_label() -> None:
    assert set(NAIVE) <= set(MECHANISMS)
    world = World(with_changes(load_scenario("japan-blanket-ban"), months=60), 1, record=False)
    found = numbers(run_watched(world, 60))
    assert set(found) == set(LABELS)
    assert found["output_lost"] > 0
    assert found["gdp"] < 0


def test_signals_carried_out_bring_a_ban_each() -> None:
    assert [act["kind"] for act in signal_acts(2, False)] == ["threat", "threat"]
    assert sorted(act["kind"] for act in signal_acts(2, True)) == [
        "blanket_ban",
        "blanket_ban",
        "threat",
        "threat",
    ]


def test_yearly_numbers_of_a_world_are_whole_years() -> None:
    world = World(with_changes(load_scenario("business-as-usual"), months=25), 1, record=False)
    found = yearly(run_watched(world, 25))
    assert all(len(found[name]) == 2 and (found[name] > 0).all() for name in HELD)
    assert all((found[f"exports_{name}"] > 0).all() for name in HELD)


# ---------------------------------------------------------------- more of the rules, by hand


def test_a_band_is_the_median_and_the_tails() -> None:
    assert band([float(number) for number in range(101)]) == {
        "median": 50.0,
        "p05": pytest.approx(5.0),
        "p95": pytest.approx(95.0),
    }


def test_half_of_the_loss_left_ends_the_half_life() -> None:
    assert half_life((1, 2, 3, 6), np.array([-10.0, -40.0, -20.0, -20.0])) == 1.0
    assert half_life((1, 2, 3, 6), np.array([-40.0, -30.0, -30.0, -1.0])) == 5.0
    assert half_life((1, 2), np.array([0.0, 1.0])) is None


def test_half_of_the_power_left_is_still_power() -> None:
    assert lasts(np.array([1.0, 0.5, 0.49])) == 2.0
    assert lasts(np.array([0.0, 0.0])) is None


def month_by_month(months: int, **rows: float) -> dict[str, np.ndarray]:
    """Series of goods, stages or single numbers that are the same every month."""
    return {name: np.full((months, len(GOODS)), value) for name, value in rows.items()}


def test_yearly_prices_shares_and_exports_by_hand() -> None:
    """Two years: the price of the first good of two, 100 - 25% of what the world makes, and the raw
    exports of both.
    """
    series = month_by_month(
        25, target_price=60.0, made_outside=25.0, made_world=100.0, raw_exported=3.0
    )
    series["target_price"][12:24] = 90.0
    series["target_price"][24] = 999.0
    found = yearly(
        Trace(
            "2024-01", {**series, "exports": np.ones((25, 1))}, np.zeros((25, 0)), np.zeros(0), ()
        )
    )
    for name, goods in HELD.items():
        np.testing.assert_allclose(found[name], [60.0, 90.0])
        np.testing.assert_allclose(found[f"share_{name}"], [75.0, 75.0])
        np.testing.assert_allclose(found[f"exports_{name}"], 12 * 3.0 * len(goods))


def test_the_sender_s_exports_count_from_the_second_year_and_rivals_without_mines() -> None:
    stages = np.zeros((15, len(STAGES)))
    stages[-1] = [1.0, 10.0, 100.0, 1000.0, 1e4, 1e5][: len(STAGES)]
    series = {
        "exports": np.arange(15.0)[:, None],
        "capacity_outside": stages,
        "building_outside": 2.0 * stages,
    }
    assert sender_and_rivals(Trace("2024-01", series, np.zeros((15, 0)), np.zeros(0), ())) == (
        12.0 + 13.0 + 14.0,
        3330.0,
    )


def test_the_numbers_of_an_ablation_by_hand() -> None:
    """From January 2026 on: 36 months of money in billions, the highest price over the year before,
    shares of the last year.
    """
    months = 24 + 40
    series = month_by_month(months, world_price=50.0, made_outside=30.0, made_world=100.0)
    series["world_price"][20] = 99.0  # in the year before: its mean rises
    series["world_price"][30] = 135.25
    series |= {
        name: np.full((months, 1), 100.0)
        for name in ("output_lost", "cost_paid", "made_up", "raw_imports")
    }
    series["raw_from_sender"] = np.full((months, 1), 40.0)
    series["gdp_effect"] = np.zeros((months, 1))
    series["gdp_effect"][24:36] = -1000.0
    series["gdp_effect"][0] = -1e9  # before the ban
    found = numbers(Trace("2024-01", series, np.zeros((months, 0)), np.zeros(0), ()))
    assert found["output_lost"] == found["cost_paid"] == found["made_up"] == pytest.approx(3.6)
    assert found["dy_price"] == found["ndpr_price"] == pytest.approx(135.25 / (50.0 + 49.0 / 12.0))
    assert found["share"] == pytest.approx(40.0)
    assert found["separation"] == pytest.approx(70.0)
    year = monthly_gdp(Facts.default(), "Japan", month_names("2026-01", 12)).sum()
    assert found["gdp"] == pytest.approx(-100.0 * 12e3 / year)


def test_what_an_ablation_asks_leaves_out_rules_with_nothing_to_act_on() -> None:
    asked = arms_asked()
    assert set(NAIVE) - set(asked["japan-blanket-ban"]) == {"M12"}
    assert asked["friend-shoring-together"] == ("M10",)
    assert asked["governments-decide-2024"] == ("M12",)
