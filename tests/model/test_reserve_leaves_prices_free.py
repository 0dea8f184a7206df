"""A state's reserve leans against a price and does not make it: how free NdPr oxide is inside the
exporter in calm (M13, decision 0049).

The record is that of monthly means of Chinese daily quotes before tax, January 2013 to July 2024
(0.75 Nd + 0.25 Pr; record.csv has their years): 7% of months lie within 3% of the price a year
before, 13% within 5% of the level below which the reserve buys, 4% within 5% of the level above
which it sells.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import Result

SEEDS = (1, 2, 3, 4, 5, 6)
NDPR, DYSPROSIUM = "ndpr_oxide", "dysprosium_oxide"
BUYS = load_parameters()["band_price"].value * np.exp(-0.25)  # USD/kg of NdPr


@cache
def calm(seed: int) -> Result:
    """A world without acts to the end of 2039."""
    return run("business-as-usual", seed, months=192)


@cache
def at_home(seed: int, good: str) -> np.ndarray:
    """Price of an oxide inside the exporter by month (USD/kg)."""
    table = calm(seed).table("prices")
    rows = table[(table.good == good) & (table.state == "China")]
    return np.asarray(rows.home.astype(float))


def as_a_year_before(price: np.ndarray) -> float:
    """Share of months within 3% of the price of the same month a year before."""
    return float((np.abs(np.log(price[12:] / price[:-12])) < np.log(1.03)).mean())


def test_neodymium_does_not_stand_still() -> None:
    """In the mean of six worlds at most twice the share of the record (0.15) of months cost what
    they did a year before.

    Refuted by a share beyond it: then something other than users and mines sets the price.
    """
    shares = [as_a_year_before(at_home(seed, NDPR)) for seed in SEEDS]
    assert np.mean(shares) <= 0.15, np.round(shares, 2)


def test_no_price_lives_at_the_level_where_the_state_buys() -> None:
    """At most twice the share of the record (0.26) of months within 5% of that level."""
    near = [np.abs(np.log(at_home(seed, NDPR) / BUYS)) < 0.05 for seed in SEEDS]
    assert np.mean(near) <= 0.26, [round(float(one.mean()), 2) for one in near]


def test_without_the_plateau_no_year_is_dearer_than_is_believed() -> None:
    """Guard: the dearest year of six worlds costs at most 200 USD/kg (tests/believed), and within
    nine months NdPr rises at most as in 2020-21, 2.44 times.
    """
    prices = [at_home(seed, NDPR) for seed in SEEDS]
    assert max(price.reshape(-1, 12).mean(axis=1).max() for price in prices) <= 200.0
    assert max((price[9:] / price[:-9]).max() for price in prices) <= 2.44


@pytest.mark.parametrize("good", [NDPR, DYSPROSIUM])
def test_luck_and_not_a_bound_tells_worlds_apart(good: str) -> None:
    """Yearly prices of the last four years differ between worlds by a sixth or more (sd of logs):
    half of what a year differs from the mean of all on record (0.35; NdPr, 2013-24).
    """
    last = np.log([at_home(seed, good)[-48:].reshape(4, 12).mean(axis=1) for seed in SEEDS])
    assert last.std(axis=0, ddof=1).mean() >= 0.17
