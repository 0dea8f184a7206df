"""What a practitioner would look at first, measured on whole runs: each figure of targets.csv by
its name.

A figure is one number, a mean or a worst case over the worlds that it says. Runs are made once in a
process and shared.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

FACTS = Facts.default()
FIRST_SECTOR, expand_goods = FACTS.first_sector, FACTS.expand_goods
GOOD, SECTOR, STATE = FACTS.good_row, FACTS.sector_row, FACTS.state_row
CALM = "business-as-usual"
CRISES = ("japan-2026", "japan-blanket-ban", "licensing-2025", "embargo-2010", "myanmar-closure")
MONTHS = 180  # that figures look at
# what is asked of modern crises, such as their dearest month, comes within eight or twelve years
LENGTH = {CALM: MONTHS + 12, "japan-2026": 120, "japan-blanket-ban": 72}
LENGTH |= dict.fromkeys(("myanmar-closure", "licensing-2025"), 96)
WEST = ("United States", "Japan", "Germany")
FIGURES: dict[str, Callable[[], float]] = {}
INSTEAD: dict[str, Any] = {}  # parameters in place of the table's: a vector that may be shipped


def figure(rule: Callable[[], float]) -> Callable[[], float]:
    """A figure under the name of its function."""
    FIGURES[rule.__name__] = rule
    return rule


@lru_cache(maxsize=64)
def ran(name: str, seed: int = 1) -> Result:
    """A shipped scenario, run once; a calm world for a year more, which its prices tell of."""
    return run(name, seed, months=LENGTH.get(name, MONTHS), **INSTEAD)


def after(
    name: str, *events: dict[str, Any], months: int = 72, seed: int = 1, **parameters: Any
) -> Result:
    """A shipped scenario with further events, as a scenario file writes them."""
    scenario = load_scenario(name).to_dict()
    scenario["events"] = [*scenario.get("events", []), *events]
    scenario["months"] = months
    return run(scenario, seed, **{**INSTEAD, **parameters})


def prices(result: Result, good: str, state: str, column: str, months: int = MONTHS) -> pd.Series:
    """A price of a good in a state by month (USD/kg)."""
    table = result.table("prices")
    rows = table[(table.good == good) & (table.state == state)]
    return rows.set_index("month")[column].astype(float).iloc[:months]


def made(result: Result, good: str, state: str | None = None) -> pd.Series:
    """Output of a good by month (t), of the world or of a state."""
    table = result.table("output")
    rows = table[(table.good == good) & ((table.state == state) if state else True)]
    return rows.groupby("month", observed=True).tonnes.sum().iloc[:MONTHS]


def year(series: pd.Series, which: int) -> pd.Series:
    """The months of a calendar year."""
    return series[series.index.astype(str).str[:4] == str(which)]


def yearly(series: pd.Series, how: str = "mean") -> pd.Series:
    """Means or sums of whole calendar years."""
    groups = series.groupby(series.index.astype(str).str[:4])
    return groups.agg(how)[groups.size() == 12]


def over_seeds(rule: Callable[[int], float], seeds: tuple[int, ...] = (1, 2, 3)) -> float:
    """Mean of a figure over seeds."""
    return float(np.mean([rule(seed) for seed in seeds]))


# ---- from 2009 to 2024 -------------------------------------------------------------------------


def arrival(seed: int) -> Result:
    """The start of 2009 run to the end of 2023 with the acts on record."""
    return ran("embargo-2010", seed)


@figure
def arrival_ndpr_tonnes() -> float:
    """NdPr oxide made in the world in 2023 (t)."""
    return over_seeds(lambda seed: year(made(arrival(seed), "ndpr_oxide"), 2023).sum())


@figure
def arrival_heavy_ore_tonnes() -> float:
    """Heavy concentrate dug in the world in 2023 (t REO)."""
    return over_seeds(lambda seed: year(made(arrival(seed), "heavy_concentrate"), 2023).sum())


@figure
def arrival_heavy_ore_abroad() -> float:
    """Heavy concentrate dug outside China in 2023 (t REO)."""

    def abroad(seed: int) -> float:
        whole = year(made(arrival(seed), "heavy_concentrate"), 2023).sum()
        return whole - year(made(arrival(seed), "heavy_concentrate", "China"), 2023).sum()

    return over_seeds(abroad)


@figure
def arrival_dysprosium_price() -> float:
    """Mean price of dysprosium oxide in China in 2023 (USD/kg)."""
    return over_seeds(
        lambda s: year(prices(arrival(s), "dysprosium_oxide", "China", "home"), 2023).mean()
    )


@figure
def arrival_ndpr_price() -> float:
    """Mean price of NdPr oxide in China, 2014 to 2023 (USD/kg)."""

    def mean(seed: int) -> float:
        by_year = yearly(prices(arrival(seed), "ndpr_oxide", "China", "home"))
        return float(by_year[[str(y) for y in range(2014, 2024)]].mean())

    return over_seeds(mean)


# ---- calm ---------------------------------------------------------------------------------------


def off_parity(column: str, is_off: Callable[[pd.Series], pd.Series]) -> float:
    """Share of calm months in which what a western buyer of NdPr oxide is quoted or pays is so far
    from China's export price."""

    def share(seed: int) -> float:
        result = ran(CALM, seed)
        at_home = prices(result, "ndpr_oxide", "China", "export")
        abroad = [prices(result, "ndpr_oxide", state, column) / at_home for state in WEST]
        return float(np.mean([is_off(ratio.dropna()).mean() for ratio in abroad]))

    return over_seeds(share)


@figure
def parity_months() -> float:
    """Share of calm months in which NdPr oxide costs a western buyer more than 1.25 of China's
    export price."""
    return off_parity("paid", lambda ratio: ratio > 1.25)


@figure
def parity_quoted() -> float:
    """Share of calm months in which a western buyer of NdPr oxide is quoted more than 1.25 of
    China's export price."""
    return off_parity("quoted", lambda ratio: ratio > 1.25)


@figure
def calm_price_swing() -> float:
    """Standard deviation of the yearly log price of NdPr oxide in China, business as usual."""
    return over_seeds(
        lambda seed: float(
            np.log(yearly(prices(ran(CALM, seed), "ndpr_oxide", "China", "home"))).std()
        )
    )


@figure
def calm_tonnage_swing() -> float:
    """Standard deviation of the yearly log change of the world's NdPr oxide, business as usual."""
    return over_seeds(
        lambda seed: float(np.log(yearly(made(ran(CALM, seed), "ndpr_oxide"), "sum")).diff().std())
    )


@figure
def calm_lines_stopped() -> float:
    """Lines that stop in the worst year of business as usual."""

    def stopped(seed: int) -> float:
        years = ran(CALM, seed).table("stoppages").first_day.astype(str).str[:4]
        return float(years[years < "2039"].value_counts().max()) if len(years) else 0.0

    return over_seeds(stopped)


@figure
def calm_months_at_floor() -> float:
    """Share of calm months in which NdPr oxide stands within 2% of the least that sellers ask."""

    def share(seed: int) -> float:
        price = prices(ran(CALM, seed), "ndpr_oxide", "China", "home")
        return float((price < 1.02 * price.iloc[0] * goods(FACTS).floor[GOOD["ndpr_oxide"]]).mean())

    return over_seeds(share)


@figure
def parity_below() -> float:
    """Share of calm months in which a western buyer of NdPr oxide is quoted less than 0.8 of
    China's export price."""
    return off_parity("quoted", lambda ratio: ratio < 0.8)


@figure
def calm_ndpr_dearest() -> float:
    """Dearest year of NdPr oxide in China in any of six calm worlds (USD/kg)."""
    return float(
        max(
            yearly(prices(ran(CALM, seed), "ndpr_oxide", "China", "home")).max()
            for seed in range(1, 7)
        )
    )


@figure
def oxides_at_floor() -> float:
    """Share of calm months in which an oxide stands within 2% of the least that sellers ask, mean
    over eight oxides."""

    def share(seed: int) -> float:
        found = []
        for good in expand_goods(("oxides",)):
            price = prices(ran(CALM, seed), good, "China", "home")
            found.append((price < 1.02 * price.iloc[0] * goods(FACTS).floor[GOOD[good]]).mean())
        return float(np.mean(found))

    return over_seeds(share)


@figure
def lanthanum_range() -> float:
    """Highest over lowest yearly price of lanthanum oxide in China in fifteen calm years."""

    def swing(seed: int) -> float:
        by_year = yearly(prices(ran(CALM, seed), "lanthanum_oxide", "China", "home"))
        return float(by_year.max() / by_year.min())

    return over_seeds(swing)


# ---- crises -------------------------------------------------------------------------------------


def most_paid(good: str) -> float:
    """The most that the users of any state pay on average in a month of a crisis, seeds 1 to 3."""
    worlds = [(name, seed) for name in CRISES for seed in (1, 2, 3)]
    tables = [ran(name, seed).table("prices") for name, seed in worlds]
    return float(max(t[t.good == good].paid.max() for t in tables))


@figure
def paid_dysprosium_most() -> float:
    """The most that anybody pays for dysprosium oxide in the crisis scenarios (USD/kg)."""
    return most_paid("dysprosium_oxide")


@figure
def paid_terbium_most() -> float:
    """The most that anybody pays for terbium oxide in the crisis scenarios (USD/kg)."""
    return most_paid("terbium_oxide")


@figure
def paid_ndpr_most() -> float:
    """The most that anybody pays for NdPr oxide in the crisis scenarios (USD/kg)."""
    return most_paid("ndpr_oxide")


# ---- shocks of supply ---------------------------------------------------------------------------


def _closure(state: str, good: str, share: float) -> dict[str, Any]:
    return {
        "date": "2026-01-01",
        "end": "2027-12-31",
        "id": "closed",
        "kind": "mine_closure",
        "state": state,
        "good": good,
        "share": share,
    }


def _moved(good: str, closure: dict[str, Any]) -> float:
    """Price of a good in China in the second year of a closure over that of the twin, less one."""

    def one(seed: int) -> float:
        shut, twin = (
            prices(of, good, "China", "home")
            for of in (after(CALM, closure, months=48, seed=seed), ran(CALM, seed))
        )
        return float(year(shut, 2027).mean() / year(twin, 2027).mean() - 1.0)

    return over_seeds(one)


@figure
def feed_shock_ndpr() -> float:
    """What the closure of all light mining in the United States (12% of what Chinese separators are
    fed) does to the price of NdPr oxide in China in its second year (share)."""
    return _moved("ndpr_oxide", _closure("United States", "light_concentrate", 1.0))


@figure
def feed_shock_dysprosium() -> float:
    """What the closure of 80% of Myanmar's heavy mining, half of the world's, does to the price of
    dysprosium oxide in China in its second year (share)."""
    return _moved("dysprosium_oxide", _closure("Myanmar", "heavy_concentrate", 0.8))


# ---- stock and time along the chain -------------------------------------------------------------


@lru_cache(maxsize=4)
def calm_world(months: int = 24) -> World:
    """A calm world after some months."""
    scenario = with_changes(load_scenario(CALM), parameters=INSTEAD)
    world = World(scenario, 1, record=False, collect=False)
    for _ in range(months):
        world.step()
    return world


def months_along(state: str, sector: str, chain: tuple[str, ...]) -> float:
    """Months of use between the border and a sector's line: at each step what buyers hold, what is
    on the way to them and what the sellers of that state have on the shelf, over what is used."""
    world = calm_world()
    needs, offers, firms = world.needs, world.offers, world.firms
    total, user = 0.0, FIRST_SECTOR + SECTOR[sector]
    for good in chain:
        mine = (firms.state[needs.firm] == STATE[state]) & (needs.good == GOOD[good])
        if good == chain[-1]:
            mine &= firms.process[needs.firm] == user
        use = float(needs.used[mine].sum())
        if use <= 0:
            continue
        stock = float((needs.stock + needs.pipeline)[mine].sum())
        here = (firms.state[offers.firm] == STATE[state]) & (offers.good == GOOD[good])
        shelf = float(offers.stock[here].sum()) / max(float(offers.sold[here].sum()), 1e-9)
        own = float(offers.sold[here].sum())
        total += stock / use + (shelf if own > 0.1 * use else 0.0)
    return total


CHAIN = ("ndpr_metal", "magnet_heat_resistant", "motor_heat_resistant")


@figure
def chain_months_japan_cars() -> float:
    """Months of stock between the border and Japan's electric cars, from alloy to motor."""
    return months_along("Japan", "ev_drivetrains", CHAIN)


@figure
def chain_months_germany_cars() -> float:
    """Months of stock between the border and Germany's electric cars, from magnet to motor."""
    return months_along("Germany", "ev_drivetrains", CHAIN[1:])
