"""The crisis of 2010 to 2012 inside the exporter: what is dug without a quota, and what is
asked there for oxides (M13, M5, decision 0047).

Figures and thresholds were written before the rule; the record is the rows of sample `in` of
evidence.csv.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.model.lived import begun
from tests.names import GOOD, PROCESS

SEEDS = (1, 2, 3, 4, 5, 6)
CRISIS = slice(31, 34)  # August to October 2011
DYSPROSIUM, NDPR = "dysprosium_oxide", "ndpr_oxide"


@cache
def record(seed: int) -> dict[str, np.ndarray]:
    """What Chinese mines dig, the part without a quota (t), two prices at home (USD/kg)."""
    world = begun("embargo-2010", 84, seed=seed)
    firms, offers = world.firms, world.offers
    mines = firms.has_quota[offers.firm] & np.isin(
        firms.process[offers.firm], [PROCESS["mine_light"], PROCESS["mine_heavy"]]
    )
    months = []
    for _ in range(84):
        world.step()
        made = np.where(mines, offers.made, 0.0)
        illegal = made * world.supply.illegal[offers.firm]
        prices = [world.market.quote[GOOD[good]] for good in (DYSPROSIUM, NDPR)]
        months.append((made.sum(), illegal.sum(), *prices))
    return dict(zip(("made", "illegal", DYSPROSIUM, NDPR), np.array(months).T, strict=True))


def share(seed: int, months: slice) -> float:
    """Part of what is dug in so many months that has no quota."""
    found = record(seed)
    return float(found["illegal"][months].sum() / found["made"][months].sum())


@pytest.mark.xfail(
    strict=True,
    reason="a fifth: orders of 2010 and 2011 end 0.6 of it and a fiftieth of that returns each "
    "month; prices of 2011 want as much, tonnes do not",
)
def test_a_third_of_what_china_dug_to_2012_had_no_quota() -> None:
    """30% by Adamas, give or take 8, 2009 to 2012 (illegal-share-2009-2012)."""
    found = [share(seed, slice(0, 48)) for seed in SEEDS]
    assert all(0.22 <= part <= 0.38 for part in found), np.round(found, 3)


def test_below_a_fifth_has_none_once_mines_are_pursued() -> None:
    """Below 20% after 2014 (Adamas)."""
    found = [share(seed, slice(72, 84)) for seed in SEEDS]
    assert np.mean(found) < 0.2, np.round(found, 3)


def at_home(good: str) -> float:
    """Price at home in August to October 2011, geometric mean of six worlds (USD/kg)."""
    return float(np.exp(np.mean([np.log(record(seed)[good][CRISIS].mean()) for seed in SEEDS])))


def missed(because: str) -> Any:
    return pytest.mark.xfail(strict=True, reason=because)


@pytest.mark.parametrize(
    ("good", "usd"),
    [
        (NDPR, 120.0),
        pytest.param(
            DYSPROSIUM,
            1350.0,
            marks=missed("737: buyers of 2011 who feared worse to come are not in it (0104)"),
        ),
    ],
)
def test_prices_at_home_in_the_crisis(good: str, usd: float) -> None:
    """USD/kg in September 2011, within two tolerances: a factor of e^0.5."""
    assert abs(np.log(at_home(good) / usd)) < 0.5


@pytest.mark.parametrize(
    "good",
    [
        pytest.param(DYSPROSIUM, marks=missed("to 0.6: what orders ended comes back slowly")),
        pytest.param(NDPR, marks=missed("it peaks later and lower than on record")),
    ],
)
def test_what_rose_falls_again(good: str) -> None:
    """By March 2012, to half of the dearest of 2011, in five worlds of six."""
    falls = [record(seed)[good][38] / record(seed)[good][24:36].max() for seed in SEEDS]
    assert sum(part < 0.5 for part in falls) >= 5, np.round(falls, 2)
