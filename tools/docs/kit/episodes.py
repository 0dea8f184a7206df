"""Part `episodes`: yearly series of 2009 to 2015, the threat without a measure, and what licences
and bans do to Japan, over seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.experiments.worlds.run import run_worlds
from tools.docs.kit.beside import favoured_destinations, recorded_target_rows
from tools.docs.kit.depths import EPISODES, GROUPS, depths, exported_tonnes
from tools.docs.kit.documents import Order
from tools.docs.kit.stock_cover import SCENARIO as COVER_SCENARIO
from tools.docs.kit.stock_cover import cover_and_stop

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.model.results.result import Result

YEARS: Final = tuple(str(year) for year in range(2009, 2016))
RAW: Final = GROUPS["raw materials"]
THREAT_GOODS: Final = ("ndpr_oxide", "dysprosium_oxide", "magnet_heat_resistant")
BANS: Final = ("licensing-2025", "japan-2026", "civilian-unaffected", "japan-blanket-ban")
NAMES: Final = (
    "first_stop_days",
    "median_stop_days",
    "firms_stopped_share",
    "output_lost_24m",
    "made_up_24m",
    "cost_paid_24m",
    "gdp_effect_worst",
)
PRICES: Final = (  # of China; name, good, at home or for export, series of the record
    ("NdPr oxide", "ndpr_oxide", "export", "price.nd_oxide.export_fob"),
    ("NdPr oxide", "ndpr_oxide", "home", ""),
    ("Dy oxide", "dysprosium_oxide", "export", "price.dysprosium_oxide.export_fob"),
    ("Dy oxide", "dysprosium_oxide", "home", ""),
    ("La oxide", "lanthanum_oxide", "export", ""),
)
THREAT_MONTHS, BAN_MONTHS, COVER_SEEDS = 48, 72, 4  # of bans from 2026 on


def scenarios() -> tuple[str, ...]:
    """Every scenario that is run."""
    return tuple(
        dict.fromkeys(
            (
                "embargo-2010",
                "threat-2019",
                "business-as-usual",
                *BANS,
                COVER_SCENARIO,
                *(one.scenario for one in EPISODES),
            )
        )
    )


def build(order: Order) -> dict[str, Any]:
    """Series of the embargo by year, price moves of the threat, depth and recovery of each episode
    by destination and good, the record on each, what truces do, headlines of the bans, and cover
    against first stop.
    """
    seeds, workers = range(1, order.worlds + 1), order.workers
    return {
        "seeds": order.worlds,
        "years": list(YEARS),
        "embargo": embargo(seeds, workers),
        "threat": threat(seeds, workers),
        "depths": depths(seeds, workers),
        "recorded": {one.name: recorded_target_rows(one, order.worlds) for one in EPISODES},
        "favours": favoured_destinations(seeds, workers),
        "bans": bans(seeds, workers),
        "cover": cover_and_stop(range(1, 2 if order.quick else COVER_SEEDS + 1)),
    }


def embargo(seeds: Sequence[int], workers: int) -> list[dict[str, Any]]:
    """One row a series: its name in the record ('' without one) and median, lowest and highest by
    year.
    """
    wanted: dict[str, tuple[Callable[[Result], pd.Series], str]] = {
        "Japan's imports from China, % by tonnage": (share, "dependence.Japan.tonnes.China"),
        "Chinese exports of raw materials, t": (exports, "exports.raw.China"),
    }
    for name, good, column, record in PRICES:
        label = f"{name} {'for export' if column == 'export' else 'at home'}, USD/kg"
        wanted[label] = (partial(price, good=good, column=column), record)
    results = run_worlds("embargo-2010", seeds, workers=workers)
    rows = []
    for label, (series, record) in wanted.items():
        found = [series(result) for result in results]
        values = {year: spread([one.get(year, np.nan) for one in found]) for year in YEARS}
        rows.append({"label": label, "record": record, "values": values})
    return rows


def threat(seeds: Sequence[int], workers: int) -> list[dict[str, Any]]:
    """Largest difference of a yearly mean price at home from the twin without the threat, over
    seeds and years, %.
    """
    threatened = run_worlds("threat-2019", seeds, months=THREAT_MONTHS, workers=workers)
    calm = run_worlds("business-as-usual", seeds, months=THREAT_MONTHS, workers=workers)
    rows = []
    for good in THREAT_GOODS:
        moves = [
            float((price(a, good, "home") / price(b, good, "home")).sub(1.0).abs().max())
            for a, b in zip(threatened, calm, strict=True)
        ]
        rows.append({"good": good, "change": 100.0 * max(moves)})
    return rows


def bans(seeds: Sequence[int], workers: int) -> list[dict[str, Any]]:
    """Headlines of each scenario: median, lowest and highest over seeds; a stop that never comes is
    later than any other and written as None.
    """
    rows: list[dict[str, Any]] = []
    for scenario in BANS:
        found = [
            result.headlines()
            for result in run_worlds(scenario, seeds, months=BAN_MONTHS, workers=workers)
        ]
        row: dict[str, Any] = {"scenario": scenario}
        for name in NAMES:
            values = [np.inf if one[name] is None else float(one[name] or 0.0) for one in found]
            row[name] = {
                "median": float(np.quantile(values, 0.5, method="inverted_cdf")),
                "low": min(values),
                "high": max(values),
            }
        rows.append(row)
    return rows


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median, lowest and highest of what is defined."""
    known = np.array([value for value in values if np.isfinite(value)], dtype=float)
    if not len(known):
        return dict.fromkeys(("median", "low", "high"))
    low, high = float(known.min()), float(known.max())
    return {"median": float(np.median(known)), "low": low, "high": high}


def yearly(frame: pd.DataFrame, value: str, how: str) -> pd.Series:
    """One number a year, from monthly rows."""
    found: pd.Series = frame.groupby(frame["month"].astype(str).str[:4])[value].agg(how)
    return found


def price(result: Result, good: str, column: str) -> pd.Series:
    """Yearly mean price of a good of China, USD/kg; column: home or export."""
    frame = result.table("prices")
    return yearly(frame[(frame["state"] == "China") & (frame["good"] == good)], column, "mean")


def exports(result: Result) -> pd.Series:
    """China's raw exports, t a year, as its customs count them: without what is smuggled."""
    import pandas as pd

    lines = exported_tonnes(result, RAW, "good", len(result.months)).values()
    total = pd.DataFrame({"month": result.months, "tonnes": np.sum(list(lines), axis=0)})
    return yearly(total, "tonnes", "sum")


def share(result: Result) -> pd.Series:
    """China's share of Japan's raw imports of a year by tonnage and place of shipment, %."""
    trade = result.table("trade")
    bought = trade[
        (trade["destination"] == "Japan") & (trade["origin"] != "Japan") & trade["good"].isin(RAW)
    ]
    of_china = bought[bought["origin"] == "China"]
    return 100.0 * yearly(of_china, "tonnes", "sum") / yearly(bought, "tonnes", "sum")
