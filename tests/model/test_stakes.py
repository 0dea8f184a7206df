"""What those abroad bid for a good that a border holds back follows what stands still without it
(M5, decision 0034).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World

BEFORE = ("2025-01", "2025-03")  # licences come on 4 April 2025
AFTER = {"licensing-2025": ("2025-04", "2026-03"), "japan-2026": ("2026-01", "2026-12")}
SEEDS = (1, 2, 3)
CASES = [(name, seed) for name in AFTER for seed in SEEDS]
# what waits is smuggled, and yttrium with it, and NdPr rises in China itself (decision 0039)
SMUGGLED = {("japan-2026", seed, "yttrium_oxide") for seed in (2,)}
smuggled = pytest.mark.xfail(
    strict=True,
    reason="1.4 times what NdPr rises by, where 1.5 is asked; a calmer NdPr would mend it",
)
RISES = [
    pytest.param(
        *case,
        good,
        marks=smuggled if (*case, good) in SMUGGLED else (),
    )
    for case in CASES
    for good in ("yttrium_oxide", "seg_oxide")
]


@cache
def lived(name: str, seed: int) -> Result:
    return run(name, seed, months=36)


def of_china(name: str, seed: int, good: str) -> pd.DataFrame:
    """China's price at home and free on board by month (USD/kg)."""
    table = lived(name, seed).table("prices")
    rows = table[(table.good == good) & (table.state == "China")]
    return rows.set_index(rows.month.astype(str))[["home", "export"]].astype(float)


def rise(name: str, seed: int, good: str) -> float:
    """Dearest export price of a year under licences over that of the months before them."""
    export = of_china(name, seed, good).export
    first, last = AFTER[name]
    return float(export[first:last].max() / export[BEFORE[0] : BEFORE[1]].mean())


def gap(name: str, seed: int, good: str) -> float:
    """Widest ratio of export and home price in that year, over what it was before."""
    prices = of_china(name, seed, good)
    ratio = prices.export / prices.home
    first, last = AFTER[name]
    return float(ratio[first:last].max() / ratio[BEFORE[0] : BEFORE[1]].mean())


@pytest.mark.parametrize(("name", "seed", "good"), RISES)
def test_what_is_cheap_against_its_use_rises_most_abroad(name: str, seed: int, good: str) -> None:
    """By a half more than NdPr, which no act of 2025 names; refuted if a few USD/kg do not move
    while lines stand for them.
    """
    assert rise(name, seed, good) > 1.5 * rise(name, seed, "ndpr_oxide")


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_what_is_cheap_against_its_use_opens_a_wider_gap_than_dysprosium(
    name: str, seed: int
) -> None:
    """Yttrium costs a fiftieth of what its users bear and dysprosium a twelfth."""
    assert gap(name, seed, "yttrium_oxide") > gap(name, seed, "dysprosium_oxide")


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_the_gap_of_dysprosium_is_of_the_order_of_antimonys(name: str, seed: int) -> None:
    """Antimony, after three and a half months: 1.75."""
    assert 1.3 < gap(name, seed, "dysprosium_oxide") < 6.0


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_the_exporters_traders_take_the_premium(name: str, seed: int) -> None:
    """Three quarters of it; the rest goes to those who sell on."""
    spent = lived(name, seed).table("spending")
    spent = spent[spent.kind == "border_premium"]
    home = spent[spent.payee.astype(str).str.endswith("in China")]
    assert home.usd_million.sum() > 0.75 * spent.usd_million.sum() > 0.0


def test_without_a_border_in_force_nobody_bids_a_premium() -> None:
    """To the last bit, whatever runs short."""
    world = World(load_scenario("business-as-usual"), 1, record=False, collect=False)
    for _ in range(24):
        world.step()
        assert not world.border.premium.any()
        assert not world.border.contract.any()
        assert np.array_equal(world.links.spot, world.links.cost)
