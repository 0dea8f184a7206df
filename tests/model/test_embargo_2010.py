"""embargo-2010, directions only: the levels are the business of the backtest.

Metrics and thresholds were written before the first run; mean of seeds 1 to 3, start 2009-01, 84
months; "before" is 2009, "peak" the highest quarterly mean of July 2010 to December 2012:

- the export price (delivered cost of Chinese goods abroad) rises more than the home price, for
  NdPr, Dy, La and Ce, in relative terms;
- a rent per kg lifts cheap elements more: relative rise of the export price La, Ce > NdPr > ...
  measured as La and Ce above NdPr and Dy less their home rise;
- raw exports fall in 2011 against 2009; the quota is not exceeded by legal exports; rent is zero
  again in 2015 (quota ended);
- Japan's share of raw imports from China (by value of orders) is lower in 2012 than in 2009.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.model.quantities import CHINA, JAPAN, RAW, export_price, home_price, shipped

SEEDS, MONTHS = (1, 2, 3), 84
ELEMENTS = {
    "La": "lanthanum_oxide",
    "Ce": "cerium_oxide",
    "NdPr": "ndpr_oxide",
    "Dy": "dysprosium_oxide",
}
YEAR = {year: slice(12 * (year - 2009), 12 * (year - 2008)) for year in range(2009, 2016)}


@pytest.fixture(scope="module")
def record() -> dict[str, np.ndarray]:
    found: dict[str, list[list[float]]] = {}
    for seed in SEEDS:
        world = World(
            with_changes(load_scenario("embargo-2010"), months=MONTHS), seed, record=False
        )
        rows: dict[str, list[float]] = {}
        for _ in range(MONTHS):
            world.step()
            now = {
                "rent": float(world.border.rent.max()),
                "exports": shipped(world, RAW, CHINA),
                "japan": shipped(world, RAW, CHINA, JAPAN),
            }
            now["japan all"] = shipped(world, RAW, None, JAPAN)
            now |= {f"home {e}": home_price(world, good) for e, good in ELEMENTS.items()}
            now |= {f"export {e}": export_price(world, good) for e, good in ELEMENTS.items()}
            for key, value in now.items():
                rows.setdefault(key, []).append(value)
        for key, values in rows.items():
            found.setdefault(key, []).append(values)
    return {key: np.mean(values, axis=0) for key, values in found.items()}


def rise(series: np.ndarray) -> float:
    """Highest quarterly mean of July 2010 to December 2012 over the mean of 2009 (a ratio)."""
    return float(
        np.convolve(series[18:48], np.ones(3) / 3.0, "valid").max() / series[YEAR[2009]].mean()
    )


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_export_price_rises_more_than_the_home_price(
    record: dict[str, np.ndarray], element: str
) -> None:
    abroad, home = rise(record[f"export {element}"]), rise(record[f"home {element}"])
    assert abroad > home, f"{element}: export x{abroad:.2f}, home x{home:.2f}"


def test_a_rent_per_kg_lifts_cheap_elements_more(record: dict[str, np.ndarray]) -> None:
    """Measured as export over home, so that what happens at home does not count."""
    gap = {
        element: rise(record[f"export {element}"] / record[f"home {element}"])
        for element in ELEMENTS
    }
    assert min(gap["La"], gap["Ce"]) > gap["NdPr"] > gap["Dy"], ", ".join(
        f"{e} x{g:.2f}" for e, g in gap.items()
    )


def test_the_quota_has_a_rent_while_it_binds_and_none_after_its_end(
    record: dict[str, np.ndarray],
) -> None:
    assert record["rent"][18:36].max() > 3.0, (
        f"rent at most {record['rent'][18:36].max():.1f} USD/kg"
    )
    assert record["rent"][75:].max() == 0.0, (
        f"rent of {record['rent'][75:].max():.1f} USD/kg in 2015"
    )


def test_raw_exports_fall(record: dict[str, np.ndarray]) -> None:
    before, after = record["exports"][YEAR[2009]].sum(), record["exports"][YEAR[2011]].sum()
    assert after < before, f"{before:.0f} t in 2009, {after:.0f} t in 2011"


def test_the_embargo_stops_what_goes_to_japan(record: dict[str, np.ndarray]) -> None:
    """October 2010 (month 21) carries below half of the monthly mean of the first half of 2010;
    only leaks cross.
    """
    share = record["japan"][21] / record["japan"][12:18].mean()
    assert share < 0.5, f"{share:.0%} of the first half of 2010"


def test_japans_share_from_china_falls(record: dict[str, np.ndarray]) -> None:
    """By tonnage and last origin, 2012 against 2009; the record falls from 86% to about 57%, only
    the direction is asked for.

    Record 58-70% in 2012, 60% in 2014. The fall still comes two years late.
    """
    share = {
        year: float(record["japan"][YEAR[year]].sum() / record["japan all"][YEAR[year]].sum())
        for year in (2009, 2012, 2014)
    }
    assert share[2012] < share[2009], (
        f"{share[2009]:.0%} in 2009, {share[2012]:.0%} in 2012, {share[2014]:.0%} in 2014"
    )
