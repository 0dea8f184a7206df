"""Second sources, habit, distrust, parity and learning: what must move, which way, how far.

Bands for Japan's dependence were set with the question (decision 0023), before the rules; those for
incumbents (a thousand tonnes, two thirds of capacity) and the point for inert rules after the first
trials. In sample to December 2024 alone.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.agents.firms import buyer
from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.names import CHINA, STATE
from coercivity.model.plants.costs import learned
from coercivity.model.results.dependence import by_last_origin, by_separation, separated_in
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

SEEDS = (1, 2, 3)
JAPAN = STATE["Japan"]


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@cache
def lived(name: str, months: int, seed: int) -> World:
    world = World(with_changes(load_scenario(name), months=months), seed, collect=False)
    world.run_model()
    return world


def yearly(flow: np.ndarray) -> np.ndarray:
    """China's share of what Japan imports, by year (months x suppliers)."""
    years = flow.reshape(-1, 12, flow.shape[-1]).sum(axis=1)
    return years[:, CHINA] / years.sum(axis=1)


@cache
def imported(months: int, seed: int) -> np.ndarray:
    records = finish(lived("embargo-2010", months, seed)).records
    assert records is not None
    return yearly(by_last_origin(records, "tonnes", ("all",))[:, JAPAN, 0])


@cache
def separated(name: str, seed: int) -> np.ndarray:
    records = finish(lived(name, 144, seed)).records
    assert records is not None
    return yearly(by_separation(records, "tonnes", separated_in(records))[:, JAPAN, 0])


# --- the rules by hand


def test_habit_moves_with_distrust_and_not_in_calm() -> None:
    """0.05 a month at full distrust: a gap of 0.4 closes by 0.01 at half of it."""
    np.testing.assert_allclose(
        buyer.habit(a(0.8, 0.8), a(0.4, 0.4), a(0.5, 0.0), 0.05), [0.79, 0.8]
    )


def test_cost_falls_with_every_doubling() -> None:
    assert learned(100.0, 200.0, 0.15) == pytest.approx(0.85)
    assert learned(100.0, 400.0, 0.15) == pytest.approx(0.85**2)
    assert learned(100.0, 200.0, 0.0) == 1.0
    assert learned(0.0, 10.0, 0.15) == 1.0  # where nobody has separated there is nothing to learn


# --- what they do together


def test_japan_turns_away_after_2010_and_comes_back_slowly() -> None:
    """Record: 81.6, 68, ... 60, ... 58, ... 72. At least 10 points off by 2013-15, below the start
    through 2020. Refuted by a share that is back at its start within the decade.
    """
    share = np.mean([imported(192, seed) for seed in SEEDS], axis=0)
    start = share[0]
    assert share[4:7].mean() < start - 0.10, np.round(share, 3)
    assert (share[7:12] < start).all(), np.round(share, 3)
    assert share[15] < start, np.round(share, 3)


def test_habit_is_not_inert_after_2010() -> None:
    """Without its moves Japan takes more from China in 2021-24 than with it."""
    shares = []
    for seed in SEEDS:
        scenario = with_changes(
            load_scenario("embargo-2010"), months=192, parameters={"habit_speed": 0.0}
        )
        world = World(scenario, seed, collect=False)
        world.run_model()
        records = finish(world).records
        assert records is not None
        shares.append(yearly(by_last_origin(records, "tonnes", ("all",))[:, JAPAN, 0]))
    without = np.mean(shares, axis=0)[12:].mean()
    assert without > np.mean([imported(192, seed) for seed in SEEDS], axis=0)[12:].mean() + 0.01


def test_lynas_lives_through_the_years_after_2013() -> None:
    """It separates in every year from 2014 to 2023; Lynas cut output and never closed for long."""
    for seed in SEEDS:
        world = lived("embargo-2010", 192, seed)
        records = finish(world).records
        assert records is not None
        row = world.firms.names.index("Lynas Malaysia (Kuantan)")
        run = np.asarray(records["run"])[:, row].reshape(-1, 12).sum(axis=1)
        assert (run[5:15] > 1000.0).all(), (seed, np.round(run))


def test_under_the_measures_of_2026_dependence_does_not_rise_above_its_start() -> None:
    """By place of separation; refuted by a rise."""
    share = np.mean([separated("japan-2026", seed) for seed in SEEDS], axis=0)
    assert (share[3:] < share[0]).all(), np.round(share, 3)


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="0.485 (0.479 over ten seeds; 0.503 before decision 0042): Japan's lines no longer "
    "stand, and of its motors 2 to 7% come from China in those years, where it was half",
)
def test_under_the_measures_of_2026_dependence_settles_at_half_or_more() -> None:
    """By place of separation: 0.5 to 0.7 within a decade of the measure."""
    share = np.mean([separated("japan-2026", seed) for seed in SEEDS], axis=0)
    assert 0.5 <= share[8:12].mean() <= 0.7, np.round(share, 3)


def test_without_measures_it_stays_about_where_it_is() -> None:
    share = np.mean([separated("business-as-usual", seed) for seed in SEEDS], axis=0)
    assert ((share[:11] > 0.6) & (share[:11] < 0.8)).all(), np.round(share, 3)


def test_incumbents_run_near_capacity_in_calm() -> None:
    """Lynas and MP of the start: above two thirds of what they could on a mean over ten years."""
    for name in ("Lynas Malaysia (Kuantan)", "MP Materials separation"):
        use = []
        for seed in SEEDS:
            world = lived("business-as-usual", 144, seed)
            records = finish(world).records
            assert records is not None
            row = world.firms.names.index(name)
            run = np.asarray(records["run"])[:120, row]
            use.append(run.mean() / world.p.fringe_utilisation / (run[0] / 0.85))
        assert np.mean(use) > 0.67, (name, use)
