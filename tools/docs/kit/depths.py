"""How deep an episode cuts what the exporter sends, whom and what it hits most, and how it comes
back: part of `episodes`.

Of every destination and every good, what the exporter's customs count (not what is smuggled) is set
against its mean of the twelve months before its acts began, as customs are read in the press: the
least month of the first year (depth), the first year as a whole, and the first month from which a
mean over three months is at least nine tenths again, looked for after the least one (recovery).
Beside it the first year of the same world without any export control (twin).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.worlds.run import run_worlds
from coercivity.experiments.worlds.twin import without_export_controls
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.scenario import load_scenario, with_changes

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.model.results.result import Result

EXPORTER: Final = "China"
BEFORE: Final = 12  # months that the base is a mean of
FIRST: Final = 12  # months in which the least one is looked for
AFTER: Final = 24  # months that are followed
BACK: Final = 0.9  # of the base
ROLLING: Final = 3  # months that a recovery is a mean over
LEAST: Final = 0.02  # of what leaves before: a destination with less is left out
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "raw materials": (
        "lanthanum_oxide",
        "cerium_oxide",
        "ndpr_oxide",
        "seg_oxide",
        "dysprosium_oxide",
        "terbium_oxide",
        "yttrium_oxide",
        "ndpr_metal",
    ),
    "heavy oxides": ("seg_oxide", "dysprosium_oxide", "terbium_oxide", "yttrium_oxide"),
    "magnets under the rule of 2025": ("magnet_heat_resistant", "magnet_smco"),
    "standard magnets": ("magnet_standard",),
}
CUTS: Final = ("depth", "first_year", "recovery")
SMUGGLED: Final = "smuggled"


@dataclass(frozen=True)
class Episode:
    """A scenario, the month of the act from which it is counted, and the one before which what is
    usual is read ('YYYY-MM').
    """

    name: str
    scenario: str
    since: str
    usual: str


EPISODES: Final = (
    Episode("Quotas of July 2010 and the halt at the ports", "embargo-2010", "2010-07", "2010-07"),
    Episode("Licences of April 2025", "licensing-2025", "2025-04", "2025-04"),
    Episode(
        "The ban on military use of January 2026", "japan-2026-from-2024", "2026-01", "2025-04"
    ),
)


def depths(seeds: Sequence[int], workers: int) -> list[dict[str, Any]]:
    """One row an episode: its act and how many others are scripted, and by group of goods its
    destinations and its goods with depth, first year and recovery: median, lowest and highest over
    seeds, recovery None where it does not come within two years; and the median first year of the
    twin.
    """
    rows = []
    for one in EPISODES:
        scenario = load_scenario(one.scenario)
        at = month_index(scenario.start, one.since)
        usual = month_index(scenario.start, one.usual)
        asked = with_changes(scenario, months=at + AFTER)
        found = run_worlds(asked, seeds, workers=workers)
        free = run_worlds(without_export_controls(asked, EXPORTER), seeds, workers=workers)
        months = at + AFTER
        rows.append(
            {
                "episode": one.name,
                "scenario": one.scenario,
                "since": one.since,
                "usual": one.usual,
                "imposed": _count_imposed_acts(one),
                "groups": {
                    group: {
                        by: _rank_by_depth(
                            [exported_tonnes(result, goods, by, months) for result in found],
                            [exported_tonnes(result, goods, by, months) for result in free],
                            at,
                            usual,
                            LEAST if by == "destination" else 0.0,
                        )
                        for by in ("destination", "good")
                    }
                    for group, goods in GROUPS.items()
                },
            }
        )
    return rows


def exported_tonnes(
    result: Result, goods: Sequence[str], by: str, months: int
) -> dict[str, FloatArray]:
    """What the exporter's customs count of these goods, t a month, by destination or good: what
    leaves without what is smuggled.
    """
    trade = result.table("trade")
    abroad = (trade["origin"] == EXPORTER) & (trade["destination"] != EXPORTER)
    leaks = result.table("leaks")
    hidden = (leaks["route"] == SMUGGLED) & (leaks["via"] == EXPORTER)
    left = _by_month(result, trade[abroad & trade["good"].isin(list(goods))], by, months)
    past = _by_month(
        result,
        leaks[hidden & leaks["good"].isin(list(goods))].rename(columns={"to": "destination"}),
        by,
        months,
    )
    return {key: np.maximum(line - past.get(key, 0.0), 0.0) for key, line in left.items()}


def _by_month(result: Result, frame: pd.DataFrame, by: str, months: int) -> dict[str, FloatArray]:
    start = result.scenario.start
    at = np.array([month_index(start, str(month)) for month in frame["month"]], dtype=int)
    keys = frame[by].astype(str).to_numpy()
    tonnes = frame["tonnes"].to_numpy(dtype=float)
    return {
        str(key): np.asarray(
            np.bincount(at[keys == key], tonnes[keys == key], minlength=months)[:months],
            dtype=float,
        )
        for key in np.unique(keys)
    }


def depth_of_cut(line: FloatArray, at: int, usual: int) -> tuple[float, float, float]:
    """Of one line (t a month) from month *at* on: least month of the first year and the first year
    as a whole, both as a share of the twelve months before the month *usual*, and months to
    recovery (inf where it does not come).
    """
    share = line[at:] / max(float(line[max(usual - BEFORE, 0) : usual].mean()), 1e-12)
    year = share[:FIRST]
    worst = int(np.argmin(year))
    if year[worst] >= BACK:
        return float(year[worst]), float(year.mean()), 0.0
    rolling = np.convolve(share, np.full(ROLLING, 1.0 / ROLLING), mode="valid")
    back = np.flatnonzero(rolling[worst:] >= BACK)
    recovery = float(worst + back[0]) if len(back) else float("inf")
    return float(year[worst]), float(year.mean()), recovery


def _rank_by_depth(
    worlds: Sequence[Mapping[str, FloatArray]],
    twins: Sequence[Mapping[str, FloatArray]],
    at: int,
    usual: int,
    least: float,
) -> list[dict[str, Any]]:
    """Rows of what is large enough in all worlds (more than this share), hit most first (by the
    first year). The twin is set against what was usual in the world itself.
    """
    rows: list[dict[str, Any]] = []
    for key in worlds[0]:
        if not all(takes_enough(world, key, usual, least) for world in worlds):
            continue
        three = np.array([depth_of_cut(world[key], at, usual) for world in worlds]).T
        pairs = zip(worlds, twins, strict=True)
        beside = [twin_year_share(twin.get(key), world[key], at, usual) for world, twin in pairs]
        rows.append({"of": key, **dict(zip(CUTS, map(spread, three), strict=True))})
        rows[-1]["twin"] = float(np.median(beside))
    return sorted(rows, key=lambda row: row["first_year"]["median"])


def twin_year_share(twin: FloatArray | None, line: FloatArray, at: int, usual: int) -> float:
    """The twin's first year from month *at* on, as a share of the twelve months of *line* before
    the month *usual*.
    """
    before = max(float(line[max(usual - BEFORE, 0) : usual].mean()), 1e-12)
    return 0.0 if twin is None else float(twin[at:][:FIRST].mean()) / before


def takes_enough(world: Mapping[str, FloatArray], key: str, usual: int, least: float = 0.0) -> bool:
    """Whether a line has more than this share of all tonnes of the twelve months before the month
    *usual*.
    """
    before = {
        name: float(line[max(usual - BEFORE, 0) : usual].sum()) for name, line in world.items()
    }
    return before.get(key, 0.0) > least * sum(before.values())


def spread(values: FloatArray) -> dict[str, float | None]:
    """Median, lowest and highest; None for what does not come in time or is undefined, which counts
    as never reached.
    """
    known = np.where(np.isfinite(values), values, np.inf)
    middle = float(np.quantile(known, 0.5, method="inverted_cdf"))
    ends = {"median": middle, "low": float(known.min()), "high": float(known.max())}
    return {name: value if np.isfinite(value) else None for name, value in ends.items()}


def _count_imposed_acts(one: Episode) -> dict[str, int]:
    """How many acts of each kind the exporter's script has from the focal one to the end of what is
    followed.
    """
    found: dict[str, int] = {}
    for event in load_scenario(one.scenario).events:
        if event.actor == EXPORTER and 0 <= month_index(one.since, event.date) < AFTER:
            found[event.kind] = found.get(event.kind, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
