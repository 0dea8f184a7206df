"""Gallium and germanium: a data folder that ships, runs, has its scenarios and its targets, and
changes no line of Python.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import Result
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World

MINERAL = "gallium-germanium"
GOODS = ("gallium_primary", "gallium_refined", "germanium_refined")
SCENARIO = "gallium-germanium-2023"


@cache
def lived(licences: bool) -> Result:
    """The first nine months of 2023, with the licences of August or without."""
    scenario = {"name": "short", "base": SCENARIO, "start": "2023-01", "months": 9}
    without = {} if licences else {"mechanisms": {"M6": False}}
    return run(scenario | without, 3, data=MINERAL)


def abroad(result: Result, good: str) -> pd.Series:
    """What China sells abroad, t a month, by month."""
    trade = result.table("trade")
    rows = (
        (trade["good"] == good) & (trade["origin"] == "China") & (trade["destination"] != "China")
    )
    return trade[rows].groupby("month")["tonnes"].sum()


def test_its_tonnes_balance_beside_those_of_the_rare_earths() -> None:
    facts = Facts.load(MINERAL)
    assert facts.elements[-2:] == ("Ga", "Ge")
    names = [name for name in list_scenarios(facts) if name.startswith("gallium")]
    assert names == [SCENARIO, "gallium-germanium-2024"]
    world = World(load_scenario(SCENARIO, facts), months=9, record=False, collect=False)
    for _ in range(9):
        world.step()
        assert abs(world.balance_error()).max() < 1e-6


@pytest.mark.parametrize("good", ["gallium_primary", "germanium_refined"])
def test_licences_hold_it_back_at_once(good: str) -> None:
    """In August and September 2023 China's customs counted nothing. The first month of licences has
    to show a fall of nine tenths against June, and the twin without them no fall of a third.
    """
    sold, free = abroad(lived(True), good), abroad(lived(False), good)
    assert sold.get("2023-08", 0.0) < 0.1 * sold["2023-06"]
    assert free["2023-08"] > 0.67 * free["2023-06"]


@pytest.mark.parametrize("good", GOODS)
def test_the_start_is_quiet(good: str) -> None:
    """Where nothing is held back, prices stay within a tenth of the start's for half a year."""
    prices = lived(False).table("prices")
    path = prices[(prices["good"] == good) & (prices["state"] == "Japan")]["home"].iloc[:6]
    assert path.max() < 1.1 * path.iloc[0]
    assert path.min() > 0.9 * path.iloc[0]
