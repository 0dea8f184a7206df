"""Does more cover mean a later stop? Japan's end users under a ban of everything, beside their
twins without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.world import World

SCENARIO: Final = "japan-blanket-ban"
MONTHS: Final = 12  # from January 2026, in all of which the ban is in force
FEWEST: Final = 4  # firms of a sector without which it is left out


@dataclass(frozen=True)
class Stops:
    """Firm by firm: sector, smallest target cover of what comes from China (months), months into
    the ban until the first stop (inf: never).
    """

    sector: IntArray
    cover: FloatArray
    stop: FloatArray


def cover_and_stop(seeds: Sequence[int]) -> dict[str, Any]:
    """Spearman correlation of cover and first stop over firms that stop in the ban and not in the
    twin, within sectors and pooled over them.

    slope: months later per month of cover, within sectors. None where too few firms stop.
    """
    pairs = [(_stops(_without_ban(), seed), _stops(_with_ban(), seed)) for seed in seeds]
    sector = np.concatenate([ban.sector for _, ban in pairs])
    cover, stop = (
        np.concatenate([getattr(ban, name) for _, ban in pairs]) for name in ("cover", "stop")
    )
    came = np.isfinite(stop) & np.isfinite(cover)
    caused = came & np.isinf(np.concatenate([twin.stop for twin, _ in pairs]))
    groups = [
        rows
        for k in np.unique(sector)
        if (rows := np.flatnonzero(caused & (sector == k))).size >= FEWEST
    ]
    found: dict[str, Any] = {
        "worlds": len(seeds),
        "firms": sum(map(len, groups)),
        "spearman": None,
        "slope": None,
        "pooled": None,
    }
    if groups:
        held, day = (
            np.concatenate([_centred_ranks(values[rows]) for rows in groups])
            for values in (cover, stop)
        )
        months, late = (
            np.concatenate([values[rows] - values[rows].mean() for rows in groups])
            for values in (cover, stop)
        )
        found |= {
            "spearman": _correlation(held, day),
            "slope": float(np.polyfit(months, late, 1)[0]) if np.ptp(months) > 0 else None,
        }
    if came.sum() >= FEWEST:
        found["pooled"] = _correlation(_centred_ranks(cover[came]), _centred_ranks(stop[came]))
    return found


def _with_ban() -> Scenario:
    return with_changes(load_scenario(SCENARIO), months=MONTHS)


def _without_ban() -> Scenario:
    raw = _with_ban().to_dict()
    raw["events"] = [event for event in raw["events"] if event["kind"] != "blanket_ban"]
    return scenario_from_dict(raw, SCENARIO)


def _stops(scenario: Scenario, seed: int) -> Stops:
    world = World(scenario, seed, record=False, collect=False)
    facts, firms, needs, links = world.facts, world.firms, world.needs, world.links
    ends = world.firms.is_end & (firms.state == facts.state_row["Japan"])
    from_china = (
        np.bincount(
            links.need, weights=links.share * (links.exporter == facts.china), minlength=len(needs)
        )
        > 0.05
    )
    cover = np.full(len(firms), np.inf)
    np.minimum.at(cover, needs.firm[from_china], needs.cover[from_china])
    sector, stop = firms.sector[ends].copy(), np.full(len(firms), np.inf)
    cover = cover[ends]
    for month in range(MONTHS):
        world.step()
        new = world.firms.is_end & np.isinf(stop) & (firms.run < STOP_THRESHOLD * firms.plan)
        stop[new] = month + world.firms.lasts[new]
    return Stops(sector, cover, stop[ends])


def _centred_ranks(values: FloatArray) -> FloatArray:
    from scipy.stats import rankdata

    ranks = rankdata(values)
    return np.asarray((ranks - ranks.mean()) / len(ranks))


def _correlation(one: FloatArray, other: FloatArray) -> float | None:
    return float(np.corrcoef(one, other)[0, 1]) if np.ptp(one) > 0 and np.ptp(other) > 0 else None
