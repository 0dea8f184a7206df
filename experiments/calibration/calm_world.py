"""What a vector does where nothing happens: who loses output in its calm world is no member.

Targets and bounds end with 2025, and a vector may meet them all and then lose output for a decade
without an act, a shock or a shortage that anybody has in mind: plants abroad fall behind, a boom
comes by itself. No line stood for want of a magnet in a year without a measure, so such a vector is
no description of this market, and every band and verdict that holds it measures its own faults
(decision 0055). This is a belief about a world that nobody has seen. No outcome after 2025 is in
it; but the calm world has the projects that were known in 2026, some of them answers to the
licences of 2025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.waves import MatchedRuns
from coercivity.experiments.worlds.processes import map_tasks
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

SCENARIO: Final = "business-as-usual"
# USD billion over the length of the scenario, fifteen years; half of what `japan-2026` loses beside
# the shipped values. Assumed.
MOST_LOST: Final = 50.0
SEED: Final = 1


class Vector(NamedTuple):
    """One vector, as a worker gets it."""

    values: tuple[tuple[str, float], ...]


def leave_out(matched: MatchedRuns, lost: FloatArray) -> MatchedRuns:
    """The runs without the members that lose more than MOST_LOST in calm.

    lost: USD billion by member, in the order of `matched.collection()`.
    """
    left_out = matched.left_out.copy()
    left_out[matched.members()[lost > MOST_LOST]] = True
    return replace(matched, left_out=left_out)


def lost_in_calm(names: Sequence[str], values: FloatArray, workers: int = 1) -> FloatArray:
    """Output that end users lose in the calm world, USD billion over its whole length, by vector
    (rows).
    """
    tasks = [Vector(tuple(zip(names, row, strict=True))) for row in values.tolist()]
    return np.array(map_tasks(run_calm, tasks, count_workers(workers, len(tasks))))


def run_calm(vector: Vector) -> float:
    """The same of one vector: as in the table `macro`, what is not made up later."""
    own: Mapping[str, float] = dict(vector.values)
    scenario = with_changes(load_scenario(SCENARIO), parameters=own)
    world = World(scenario, SEED, record=False, collect=False)
    firms, total = world.firms, 0.0
    for _ in range(scenario.months):
        world.step()
        total += float((firms.loss_gone * firms.value_added)[firms.is_end].sum())
    return total / 1000.0
