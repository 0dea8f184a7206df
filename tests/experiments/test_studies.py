"""Leverage over time, dependence after an episode, and what each rule is worth: the small rules
they rest on, and one cheap world each.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.ablation import numbers
from coercivity.experiments.questions.market_power import (
    HELD,
    half_life,
    sender_and_rivals,
    yearly,
    years_above_half_peak,
)
from coercivity.experiments.questions.relapse import fall_and_relapse, share_by_year
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from tests.names import GOODS, STAGES


@pytest.mark.parametrize(
    ("changes", "months"),
    [
        ([-10.0, -40.0, -30.0, -19.0], 4.0),
        ([-40.0, -10.0, -30.0, -30.0], None),  # it comes back
        ([-40.0, -30.0, -30.0, -1.0], 5.0),
    ],
)
def test_half_life_counts_from_the_deepest_loss_to_half_of_it(
    changes: list[float], months: float | None
) -> None:
    assert half_life((1, 2, 3, 6), np.array(changes)) == months


@pytest.mark.parametrize(
    ("power", "years"),
    [
        ([0.1, 1.0, 0.8, 0.4], 2.0),
        ([0.1, 1.0, 0.8, 0.9], None),
        ([1.0, 0.5, 0.49], 2.0),  # half is still power
    ],
)
def test_market_power_lasts_from_its_peak_until_half_of_it(
    power: list[float], years: float | None
) -> None:
    assert years_above_half_peak(np.array(power)) == years


def test_fall_is_to_the_lowest_year_and_relapse_from_it() -> None:
    # 2009 to 2020; 2019 comes too late for the fall
    share = np.array([90.0, 80.0, 60.0, 70.0, 75.0, 75.0, 75.0, 75.0, 75.0, 75.0, 50.0, 72.0])
    assert fall_and_relapse(share) == {
        "fall": 30.0,
        "lowest_year": 2011.0,
        "relapse": 12.0,
        "left": -18.0,
    }


def test_dependence_parts_by_the_year_of_the_embargo_and_the_quotas_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In 2010 by nine points; the share of 2011 is back, for what was withheld is bought then, and
    falls again from 2013 on: by eight points or more in 2014.
    """
    monkeypatch.setattr("coercivity.experiments.questions.relapse.MONTHS", 72)
    whole, calm = (share_by_year(arm, Draw((), 1)) for arm in ("whole", "no acts"))
    assert len(whole) == len(calm) == 6
    assert calm[1] - whole[1] > 1.0
    assert calm[5] - whole[5] > 1.0


def month_by_month(months: int, **rows: float) -> dict[str, np.ndarray]:
    return {name: np.full((months, len(GOODS)), value) for name, value in rows.items()}


def test_yearly_prices_shares_and_exports_by_hand() -> None:
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
