"""Leverage over time, dependence after an episode, and what each rule is worth: the small rules they rest on, and one cheap world each."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.ablation import LABELS, NAIVE, numbers
from coercivity.experiments.claims.power import signal_acts
from coercivity.experiments.draws import Draw
from coercivity.experiments.market_power import HELD, band, half_life, lasts, yearly
from coercivity.experiments.relapse import ARMS, fall_and_relapse, share_by_year
from coercivity.experiments.watch import run_watched
from coercivity.model.names import MECHANISMS
from coercivity.model.scenario import load_scenario, with_changes
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
    share = np.array([90.0, 80.0, 60.0, 70.0, 75.0, 75.0, 75.0, 75.0, 75.0, 75.0, 50.0, 72.0])  # 2009 to 2020; 2019 comes too late for the fall
    assert fall_and_relapse(share) == {"fall": 30.0, "lowest_year": 2011.0, "relapse": 12.0, "left": -18.0}


def test_without_acts_and_with_them_dependence_parts_only_after_the_first_act(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coercivity.experiments.relapse.MONTHS", 36)
    whole, calm = share_by_year("whole", SHIPPED), share_by_year("no acts", SHIPPED)
    assert len(whole) == 3
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
    assert sorted(act["kind"] for act in signal_acts(2, True)) == ["blanket_ban", "blanket_ban", "threat", "threat"]


def test_yearly_numbers_of_a_world_are_whole_years() -> None:
    world = World(with_changes(load_scenario("business-as-usual"), months=25), 1, record=False)
    found = yearly(run_watched(world, 25))
    assert all(len(found[name]) == 2 and (found[name] > 0).all() for name in HELD)
    assert all((found[f"exports_{name}"] > 0).all() for name in HELD)
