"""Dependence after an episode: the fall and the relapse of Japan's share from China after 2010,
taken apart into price, memory and supply policy.

The same worlds from January 2009 to December 2024 with the acts of the time, once whole and once
with each channel shut, and the twin without acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.dependence import yearly_dependence
from coercivity.experiments.quantities.watch import Watch
from coercivity.experiments.questions.market_power import band
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.world import World

Row = dict[str, Any]
SCENARIO: Final = "embargo-2010"
MONTHS: Final = 192  # to December 2024
FIRST_YEAR: Final = 2009
LOWEST_BY: Final = 2018  # the fall is looked for until then; the record has its low in 2018


def _leave_world(world: World) -> None:
    """Leave the world as it is."""


def _no_price(world: World) -> None:
    """Buyers do not look at delivered cost when they choose suppliers."""
    world.links.sensitivity[:] = 0.0


def _no_memory(world: World) -> None:
    """Nobody remembers: distrust is gone at the end of every month (alarm stays)."""
    world.beliefs.withheld[:] = 0.0


ARMS: Final[Mapping[str, tuple[str, dict[str, bool], Callable[[World], None]]]] = {
    "whole": ("all channels", {}, _leave_world),
    "no price": ("buyers do not look at cost", {}, _no_price),
    "no memory": ("distrust is forgotten at once", {}, _no_memory),
    "no supply policy": (
        (
            "quotas and illegal mining do not answer the market: mines keep the "
            "quota of the start (M13 off)"
        ),
        {"M13": False},
        _leave_world,
    ),
    "no acts": ("the twin in which no act was taken", {}, _leave_world),
}


def share_by_year(arm: str, draw: Draw) -> FloatArray:
    """China's share of Japan's imports of oxides and metal by tonnage, % a year, in one world with
    a channel shut.
    """
    _, mechanisms, shut = ARMS[arm]
    base = _without_events() if arm == "no acts" else load_scenario(SCENARIO)
    world = World(
        with_changes(base, months=MONTHS, parameters=dict(draw.parameters), mechanisms=mechanisms),
        draw.seed,
        record=False,
        collect=False,
    )
    watch = Watch(world, series=("raw_imports", "raw_from_sender"))
    for _ in range(MONTHS):
        shut(world)
        world.step()
        watch.read(world)
    return yearly_dependence(watch.trace(world))


def fall_and_relapse(share: FloatArray) -> dict[str, float]:
    """Points lost from 2009 to the lowest year up to 2018, the year of the lowest, and points
    regained from there to 2024.
    """
    until = share[: LOWEST_BY - FIRST_YEAR + 1]
    low = int(np.argmin(until))
    return {
        "fall": float(share[0] - until[low]),
        "lowest_year": float(FIRST_YEAR + low),
        "relapse": float(share[-1] - until[low]),
        "left": float(share[-1] - share[0]),
    }


def decompose(
    draws: Sequence[Draw], progress: Callable[[int, int], None] | None = None
) -> list[Row]:
    """One row an arm: shares of some years, fall, relapse, and what shutting the channel takes away
    from both (points, whole less shut, twin by twin).
    """
    by_arm: dict[str, list[FloatArray]] = {arm: [] for arm in ARMS}
    for done, draw in enumerate(draws, start=1):
        for arm in ARMS:
            by_arm[arm].append(share_by_year(arm, draw))
        if progress is not None:
            progress(done, len(draws))
    whole = [fall_and_relapse(share) for share in by_arm["whole"]]
    rows = []
    for arm, shares in by_arm.items():
        parts = [fall_and_relapse(share) for share in shares]
        row: Row = {"arm": arm, "what": ARMS[arm][0], "worlds": len(draws)}
        for year in (2009, 2012, 2015, 2018, 2024):
            row[str(year)] = band([float(share[year - FIRST_YEAR]) for share in shares])
        for name in ("fall", "relapse", "left", "lowest_year"):
            row[name] = band([part[name] for part in parts])
            row[f"{name}_due"] = band(
                [total[name] - part[name] for total, part in zip(whole, parts, strict=True)]
            )
        row["path"] = [float(value) for value in np.median(np.array(shares), axis=0)]
        rows.append(row)
    return rows


def _without_events() -> Scenario:
    raw = load_scenario(SCENARIO).to_dict()
    raw.update(name="2009 without acts", events=[])
    return scenario_from_dict(raw, "2009 without acts")
