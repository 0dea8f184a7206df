"""What everybody knows, and what follows from it: figures of the nine tests that the economics has
to meet (form, sign and order; no number here is fitted). Written before the rules.

Output lost is value added; abroad: all states but China. A twin has the same luck.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from coercivity.experiments.worlds.run import run
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario
from tools.docs.believed.measures import CALM, INSTEAD, figure, made, prices, ran

SEEDS = (1, 2, 3, 4)
CARS = ("automotive", "ev_drivetrains")
BUYERS = ("United States", "Japan", "Germany")
CHINA = "China"
DYSPROSIUM, NDPR = "dysprosium_oxide", "ndpr_oxide"


@lru_cache(maxsize=128)
def replaced(
    base: str, seed: int, months: int, acts: tuple[tuple[tuple[str, Any], ...], ...]
) -> Result:
    """A scenario with other acts, run once."""
    scenario = load_scenario(base).to_dict()
    events = [dict(act) for act in acts]
    return run({**scenario, "events": events, "months": months}, seed, **INSTEAD)


def lived(base: str, seed: int, months: int, *acts: dict[str, Any], own: bool = False) -> Result:
    """A scenario with these acts in place of its own, or beside its own."""
    held = [*load_scenario(base).to_dict().get("events", ())] if own else []
    frozen = tuple(tuple((key, _plain(act[key])) for key in sorted(act)) for act in (*held, *acts))
    return replaced(base, seed, months, frozen)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def without(base: str, seed: int, months: int) -> Result:
    """A scenario without China's acts."""
    acts = load_scenario(base).to_dict()["events"]
    return lived(base, seed, months, *(act for act in acts if act.get("actor") != CHINA))


def cars(result: Result, state: str) -> pd.Series:
    """What car makers of a state make by month, as a share of their plans: a car with less of a
    good is a car.
    """
    table = result.table("output")
    rows = table[(table.state == state) & table.sector.isin(CARS)]
    made = rows.pivot_table(
        index="month", columns=["sector", "good"], values="tonnes", observed=True
    )
    plan = made * 0.0 + rows.pivot_table(
        index="month", columns=["sector", "good"], values="potential_tonnes", observed=True
    )
    return ((made / plan) * plan.iloc[0]).sum(axis=1) / plan.iloc[0].sum()


def lost_abroad(result: Result) -> pd.Series:
    """Output missing outside China by month, USD million: planned less made, timing included."""
    table = result.table("macro")
    return -table[table.state != CHINA].groupby("month", observed=True).gdp_effect.sum()


def exports(result: Result) -> pd.Series:
    """What China earns abroad by month, USD million: sales, and what is bid beyond them."""
    table = result.table("spending")
    firms = f"firms in {CHINA}"
    home = (firms, f"traders and licence holders in {CHINA}")
    rows = table[table.kind.isin(["sale", "border_premium"]) & table.payee.isin(home)]
    rows = rows[rows.payer != firms]
    return rows.groupby("month", observed=True).usd_million.sum()


def cut(share: float, months: int, seed: int, years: int = 5) -> Result:
    """A calm world in which China lets a share less of everything out to all, from January 2026."""
    act = {
        "date": "2026-01-01",
        "end": f"{2025 + years}-12-31",
        "id": "cut",
        "kind": "cut",
        "actor": CHINA,
        "targets": ["World"],
        "goods": "all",
        "share": share,
    }
    return lived(CALM, seed, months, act)


def loss_of_cut(share: float, seed: int, years: int = 5) -> pd.Series:
    """Output lost abroad above the calm twin by year of a cut, USD bn."""
    months = 24 + 12 * years
    apart = lost_abroad(cut(share, months, seed, years)) - lost_abroad(lived(CALM, seed, months))
    by_year = apart.groupby(apart.index.astype(str).str[:4]).sum() / 1e3
    return by_year[by_year.index >= "2026"]


def abroad(result: Result, good: str) -> pd.Series:
    """What users in three states are quoted for a good, their mean by month, USD/kg."""
    quoted = [prices(result, good, state, "quoted") for state in BUYERS]
    return pd.concat(quoted, axis=1).mean(axis=1)


# ---- 1. what everybody knows of 2010-12 and 2025 ------------------------------------------------


def _worst_cars(result: Result, twin: Result, first: str, last: str) -> float:
    worst = []
    for state in BUYERS:
        ratio = cars(result, state) / cars(twin, state)
        worst.append(ratio[(ratio.index >= first) & (ratio.index <= last)].min())
    return float(min(worst))


@figure
def cars_of_2025() -> float:
    """Output of cars in the worst month from April to December 2025 in Japan, Germany or the United
    States over that of the world without China's acts, worst of four seeds."""
    return min(
        _worst_cars(
            lived("licensing-2025", seed, 84, own=True),
            without("licensing-2025", seed, 84),
            "2025-04",
            "2025-12",
        )
        for seed in SEEDS
    )


@figure
def first_stop_of_2025() -> float:
    """Days from 4 April 2025 to the first line abroad that stops and does not without China's acts,
    mean of four seeds; 400 where none does."""

    def one(seed: int) -> float:
        stops = lived("licensing-2025", seed, 84, own=True).table("stoppages")
        usual = set(without("licensing-2025", seed, 84).table("stoppages").firm)
        new = stops[(stops.state != CHINA) & (stops.sector != "") & ~stops.firm.isin(usual)]
        days = pd.to_datetime(new.first_day.astype(str)) - pd.Timestamp("2025-04-04")
        later = days[days.dt.days >= 0]
        return float(later.dt.days.min()) if len(later) else 400.0

    return float(np.mean([one(seed) for seed in SEEDS]))


@figure
def cars_of_2010() -> float:
    """Output of cars in the worst month from July 2010 to December 2012 in Japan, Germany or the
    United States over that of the world without any act, worst of four seeds."""
    return min(
        _worst_cars(
            lived("embargo-2010", seed, 84, own=True),
            lived("embargo-2010", seed, 84),
            "2010-07",
            "2012-12",
        )
        for seed in SEEDS
    )


# ---- 2. a cut -----------------------------------------------------------------------------------


@figure
def convex_in_depth() -> float:
    """Share of steps of the depth of a three-year cut (20, 40 ... 100%) at which the loss abroad
    rises, and rises by more than at the step before, over four seeds."""
    right = []
    for seed in SEEDS:
        losses = [0.0, *(loss_of_cut(d, seed, 3).sum() for d in (0.2, 0.4, 0.6, 0.8, 1.0))]
        steps = np.diff(losses)
        room = 0.02 * max(losses)
        right += [*(steps > -room), *(np.diff(steps) > -room)]
    return float(np.mean(right))


@figure
def loss_of_last_year() -> float:
    """Output lost abroad in the last year of an 80% cut of five years over that of its first."""
    found = [loss_of_cut(0.8, seed) for seed in SEEDS]
    return float(np.mean([one.iloc[4] for one in found]) / np.mean([one.iloc[0] for one in found]))


def _earned(share: float) -> float:
    """What China earns abroad in two years of a cut over what it does in calm."""
    found = [
        (exports(cut(share, 84, seed))[24:48].sum(), exports(lived(CALM, seed, 84))[24:48].sum())
        for seed in SEEDS
    ]
    mine, usual = np.array(found).sum(axis=0)
    return float(mine / usual)


@figure
def sender_of_a_partial_cut() -> float:
    """What China earns abroad in the first two years of a 40% cut over what it earns in calm."""
    return _earned(0.4)


@figure
def sender_of_a_total_cut() -> float:
    """What China earns abroad in the first two years of a cut of everything over what it earns in
    calm."""
    return _earned(1.0)


# ---- 3. prices look ahead -----------------------------------------------------------------------

LICENCE = {
    "date": "2026-01-05",
    "id": "rule",
    "kind": "licensing",
    "actor": CHINA,
    "targets": ["World"],
    "goods": "controlled_2025",
}


def _over_twin(good: str, column: str, when: str, *acts: dict[str, Any]) -> float:
    """A price of a month under acts in a calm world over that of the calm twin, four seeds."""
    ratios = []
    for seed in SEEDS:
        pair = [lived(CALM, seed, 60, *some) for some in (acts, ())]
        mine, twin = (
            abroad(one, good) if column == "abroad" else prices(one, good, CHINA, "home")
            for one in pair
        )
        ratios.append(float(mine[when] / twin[when]))
    return float(np.mean(ratios))


@figure
def announced_abroad() -> float:
    """Price of dysprosium abroad in the month in which licences for it are announced, over the calm
    twin."""
    return _over_twin(DYSPROSIUM, "abroad", "2026-01", LICENCE)


@figure
def announced_at_home() -> float:
    """The same at home."""
    return _over_twin(DYSPROSIUM, "home", "2026-01", LICENCE)


@figure
def gap_when_granted() -> float:
    """The rise abroad two years after the licences were announced, as answers are known, over the
    highest in their first year."""
    rise = [_over_twin(DYSPROSIUM, "abroad", f"2026-{m:02d}", LICENCE) - 1.0 for m in range(1, 13)]
    later = _over_twin(DYSPROSIUM, "abroad", "2028-01", LICENCE) - 1.0
    return later / max(*rise, 1e-9)


@figure
def threat_forgotten() -> float:
    """Price of dysprosium abroad a year after a threat that nothing followed was over, over the
    calm twin."""
    threat = {
        "date": "2026-01-05",
        "end": "2026-06-30",
        "id": "threat",
        "kind": "threat",
        "actor": CHINA,
        "targets": ["World"],
        "severity": 0.5,
    }
    return _over_twin(DYSPROSIUM, "abroad", "2027-06", threat)


# ---- 4. feed ------------------------------------------------------------------------------------


@figure
def feed_lost_within_weeks() -> float:
    """Price of dysprosium in China in the second month after 80% of Myanmar's heavy mines close for
    two years, over the calm twin."""
    closed = {
        "date": "2026-01-05",
        "end": "2027-12-31",
        "id": "closed",
        "kind": "mine_closure",
        "state": "Myanmar",
        "good": "heavy_concentrate",
        "share": 0.8,
    }
    return _over_twin(DYSPROSIUM, "home", "2026-02", closed)


@figure
def ore_without_its_buyer() -> float:
    """Light ore in stock at mines in the United States three months after it may not go to China
    any more, over the calm twin."""
    barred = {
        "date": "2026-01-05",
        "id": "barred",
        "kind": "blanket_ban",
        "actor": "United States",
        "targets": [CHINA],
        "goods": ["light_concentrate"],
    }

    def held(result: Result) -> float:
        table = result.table("stocks")
        rows = table[
            (table.month == "2026-03")
            & (table.state == "United States")
            & (table.stage == "mining")
            & (table.good == "light_concentrate")
        ]
        return float(rows.tonnes.sum())

    found = [(held(lived(CALM, s, 60, barred)), held(lived(CALM, s, 60))) for s in SEEDS]
    mine, usual = np.array(found).sum(axis=0)
    return float(mine / max(usual, 1e-9))


# ---- 5. calm ------------------------------------------------------------------------------------


@figure
def calm_stock_most() -> float:
    """Stocks of NdPr oxide in the world, all holders, months of the world's output, in the fullest
    month of fifteen calm years, worst of four seeds."""
    worst = 0.0
    for seed in SEEDS:
        table = ran(CALM, seed).table("stocks")
        held = table[table.good == NDPR].groupby("month", observed=True).tonnes.sum()
        output = made(ran(CALM, seed), NDPR).rolling(12, min_periods=1).mean()
        worst = max(worst, float((held / output).max()))
    return worst


@figure
def calm_flat_years() -> float:
    """Share of the years of lanthanum, cerium, NdPr, dysprosium, terbium and yttrium in fifteen
    calm years in which the price in China moves by less than 1% from its lowest month to its
    highest.
    """
    goods = ("lanthanum", "cerium", "ndpr", "dysprosium", "terbium", "yttrium")
    flat = []
    for seed in SEEDS:
        for good in goods:
            price = prices(ran(CALM, seed), f"{good}_oxide", CHINA, "home")
            by_year = price.groupby(price.index.astype(str).str[:4])
            flat += [*(by_year.max() / by_year.min() < 1.01)]
    return float(np.mean(flat))


@figure
def ndpr_of_2009() -> float:
    """Price of NdPr oxide in China in the last quarter of 2009 over the first, mean of four
    seeds."""

    def one(seed: int) -> float:
        price = prices(lived("embargo-2010", seed, 84, own=True), NDPR, CHINA, "home")
        return float(price["2009-10":"2009-12"].mean() / price["2009-01":"2009-03"].mean())

    return float(np.mean([one(seed) for seed in SEEDS]))
