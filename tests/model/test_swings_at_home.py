"""A good that may not leave is not scarce at home: how far prices swing inside the exporter (M5,
M13, decision 0043).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from coercivity.experiments.worlds.run import run
from coercivity.model.results.result import Result

SEEDS = (1, 2, 3, 4, 5, 6)
DYSPROSIUM, NDPR = "dysprosium_oxide", "ndpr_oxide"


@cache
def lived(seed: int) -> Result:
    return run("japan-2026", seed, months=60)


@cache
def at_home(seed: int, good: str) -> np.ndarray:
    """Price of an oxide inside the exporter by month (USD/kg)."""
    table = lived(seed).table("prices")
    return np.asarray(table.query("good == @good and state == 'China'").home.astype(float))


def rise(price: np.ndarray, months: int) -> float:
    """The largest rise within so many months (ratio)."""
    return float((price[months:] / price[:-months]).max())


def test_what_may_not_leave_does_not_double_at_home() -> None:
    """Licences on heavy rare earths and their magnets take customers from an exporter that has all
    of its own ore: to the end of 2028 dysprosium at home costs at most twice what it cost a year
    before, in five worlds of six.
    """
    rises = [rise(at_home(seed, DYSPROSIUM), 12) for seed in SEEDS]
    assert sum(found <= 2.0 for found in rises) >= 5, np.round(rises, 2)


def test_neodymium_rises_no_faster_than_on_record() -> None:
    """Nd oxide at home rose most within nine months to March 2021: 2.44 times (monthly means of
    Chinese daily quotes, 2013 to 2024); under the acts of 2025 and 2026 in one world of six at
    most. Calm: tests/believed.
    """
    rises = [rise(at_home(seed, NDPR), 9) for seed in SEEDS]
    assert sum(found <= 2.44 for found in rises) >= 5, np.round(rises, 2)
