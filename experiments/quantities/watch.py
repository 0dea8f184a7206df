"""A watch on a world that does not record: what experiments ask of it, seen from a target and a
sender, by name from the catalogue of quantities.

A run without tables takes a third of the time of one with them; an experiment of a thousand runs
keeps only its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.quantities.catalogue import (
    RecordedQuantities,
    columns_of,
)
from coercivity.experiments.quantities.recording import Recording
from coercivity.experiments.quantities.static_quantities import ground_of
from coercivity.model.basis.facts import Facts
from coercivity.model.parts.ledger import Happening
from coercivity.model.world import World

LOSSES: Final = (
    "output_lost",
    "cost_paid",
    "made_up",
    "gdp_effect",
    "investment_postponed",
    "planned",
)  # of the target, by sector
SERIES: Final = (
    *LOSSES,
    "exports",
    "exports_to_target",
    "raw_exported",
    "raw_from_sender",
    "raw_imports",
    "made_outside",
    "made_world",
    "world_price",
    "target_price",
    "capacity_outside",
    "capacity_world",
    "building_outside",
    "support",
    "alarm",
    "distrust",
)


@dataclass(frozen=True, eq=False)
class Trace:
    """Months x columns, by name (units and words in the catalogue); sums and shares are taken by
    whoever asks.
    """

    start: str
    series: dict[str, FloatArray]
    press_run: FloatArray  # months x magnet plants of the target, t/month
    press_normal: FloatArray  # t/month at the start
    events: tuple[Happening, ...]
    stood: BoolArray = field(
        default_factory=lambda: np.zeros((0, 0), dtype=bool)
    )  # months x end users of the target: whether its line stood
    lasts: FloatArray = field(
        default_factory=lambda: np.zeros((0, 0))
    )  # the same: the part of the month for which its stock lasted, 0-1
    facts: Facts = field(default_factory=Facts.default)

    def __getitem__(self, name: str) -> FloatArray:
        """One series, months x columns."""
        return self.series[name]

    def total(self, name: str, first: int, months: int) -> float:
        """Sum of a series over all its columns and `months` months from `first`."""
        return float(self.series[name][first : first + months].sum())


class Watch:
    """Reads a world after each step; `trace()` gives what was read: the series asked for, all of
    SERIES without any.
    """

    def __init__(
        self,
        world: World,
        target: str = "Japan",
        sender: str = "China",
        series: Iterable[str] = SERIES,
    ) -> None:
        self.target, self.sender, self.series = target, sender, tuple(series)
        names = (*self.series, "press_run", "stood", "lasts")
        self.recording = Recording(world, columns_of(names))
        self.read = self.recording.read

    def trace(self, world: World) -> Trace:
        """What was read so far."""
        records = self.recording.records()
        recorded = RecordedQuantities(records, self.target, self.sender, ground_of(world))
        users, losses = recorded.users, recorded.target
        return Trace(
            records.start,
            {
                name: recorded[name][:, losses] if name in LOSSES else recorded[name]
                for name in self.series
            },
            recorded["press_run"],
            recorded.ground.base_run[recorded.presses],
            records.events,
            recorded["stood"][:, users],
            recorded["lasts"][:, users],
            records.facts,
        )


def run_watched(
    world: World,
    months: int,
    target: str = "Japan",
    sender: str = "China",
    series: Iterable[str] = SERIES,
) -> Trace:
    """Step a world for some months under a watch."""
    watch = Watch(world, target, sender, series)
    for _ in range(months):
        world.step()
        watch.read(world)
    return watch.trace(world)
