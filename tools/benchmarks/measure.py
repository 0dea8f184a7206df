"""What the budgets of the design are measured with: functions that time, and check that what they
time is right before they do.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from coercivity.experiments.lab.snapshots import forget, run_from_snapshots
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_name
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World
from tools.check.oracle.month import Oracle
from tools.check.oracle.states import core_month, differences, quiet_world

REFERENCE = "japan-2026-from-2024"
ABOUT = {
    500: 2,
    5_000: 31,
    15_000: 96,
    50_000: 328,
}  # firms -> firms_per_sector; what came of it is reported
GATE = 1e-9
COLD = """
import time
start = time.perf_counter()
from coercivity import run
after_import = time.perf_counter()
run({scenario!r}, seed=1, record=False)
print(after_import - start, time.perf_counter() - after_import)
"""


@dataclass(frozen=True)
class Month:
    """The core month of a World (after itself, and in turn with the oracle) and of the oracle,
    seconds.

    `spread` is the oracle's fastest and slowest month: where they lie far apart the machine was
    busy and the ratio is not to be trusted. `gate` is the largest difference between the two models
    before they were timed.
    """

    firms: int
    links: int
    world: float
    world_in_turn: float
    oracle: float
    spread: tuple[float, float]
    gate: float

    @property
    def ratio(self) -> float:
        """Oracle over World, each after itself."""
        return self.oracle / self.world

    @property
    def ratio_in_turn(self) -> float:
        """Oracle over World, month by month in turn."""
        return self.oracle / self.world_in_turn


@dataclass(frozen=True)
class Size:
    """A world of some size: seconds to build it and per whole month (`World.step`), memory in MiB
    at its peak.
    """

    firms: int
    links: int
    build: float
    month: float
    peak: float

    @property
    def per_firm(self) -> float:
        return self.month / self.firms


@dataclass(frozen=True)
class Ratio:
    """One thing beside another that it is measured against, seconds: the fastest of some rounds in
    turn.
    """

    this: float
    other: float

    @property
    def ratio(self) -> float:
        return self.this / self.other


def hardware() -> str:
    """One line that says on what these times were taken."""
    import numpy

    model = ""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
            model = next(
                (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")),
                "",
            )
    except OSError:
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{model or platform.machine()}, {cores} cores, {platform.system()}, Python "
        f"{platform.python_version()}, NumPy {numpy.__version__}"
    )


def seconds(call: Callable[[], Any]) -> float:
    """Time of one call."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def peak_memory() -> float:
    """Most memory that this process has held, MiB; NaN where the system does not say. (`ru_maxrss`
    is of no use: a child inherits its parent's.)
    """
    try:
        with open("/proc/self/status", encoding="ascii") as lines:
            return next(
                float(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmHWM")
            )
    except (OSError, StopIteration):
        return float("nan")


def scenario(firms_per_sector: int) -> Scenario:
    """The reference scenario with a world of another size."""
    return with_changes(load_scenario(REFERENCE), parameters={"firms_per_sector": firms_per_sector})


def reference_run() -> World:
    """180 months without tables."""
    scenario = load_scenario(REFERENCE)
    world = World(scenario, 1, record=False, collect=False)
    for _ in range(scenario.months):
        world.step()
    return world


def recorded_against_bare(rounds: int = 7) -> Ratio:
    """The reference run with all that its tables are made from, and without."""
    scenario = load_scenario(REFERENCE)
    run_scenario(scenario, 1)
    pairs = [
        (
            seconds(lambda: run_scenario(scenario, 1)),
            seconds(lambda: run_scenario(scenario, 1, record=False)),
        )
        for _ in range(rounds)
    ]
    return Ratio(min(recorded for recorded, _ in pairs), min(bare for _, bare in pairs))


def later_ban(month: int, goods: str) -> Scenario:
    """The reference scenario with one more ban from some month on."""
    scenario = load_scenario(REFERENCE)
    ban = {
        "date": f"{month_name(scenario.start, month)}-05",
        "id": "later",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["Japan"],
        "goods": goods,
    }
    return with_changes(scenario, choices=[ban])


def snapshot_against_replay(month: int, rounds: int = 5) -> Ratio:
    """A recorded run whose acts differ from some month on, from a world that was kept there, and
    from the beginning; the gate: both have one trade table.
    """
    forget()
    run_from_snapshots(
        later_ban(month, "magnets"), 1, keep=(month_name(load_scenario(REFERENCE).start, month),)
    )
    scenario = later_ban(month, "all")
    kept, replay = run_from_snapshots(scenario, 1), run_scenario(scenario, 1)
    assert kept.table("trade").equals(replay.table("trade")), "not the same run"
    pairs = [
        (
            seconds(lambda: run_from_snapshots(scenario, 1)),
            seconds(lambda: run_scenario(scenario, 1)),
        )
        for _ in range(rounds)
    ]
    forget()
    return Ratio(min(kept for kept, _ in pairs), min(replay for _, replay in pairs))


def cold_process() -> tuple[float, float, float]:
    """A new interpreter that imports, builds and runs once: (whole process, import, build and
    run).
    """
    begin = time.perf_counter()
    out = subprocess.run(
        [sys.executable, "-c", COLD.format(scenario=REFERENCE)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    whole = time.perf_counter() - begin
    after_import, ran = (float(x) for x in out.split())
    return whole, after_import, ran


def gated_pair(firms_per_sector: int) -> tuple[World, Oracle, float]:
    """A world and its oracle after a month in which they agreed. Raises AssertionError where they
    did not.
    """
    world = quiet_world(firms_per_sector, months=2)
    oracle = Oracle.from_world(world)
    core_month(world)
    oracle.step()
    gate = max(differences(world, oracle).values())
    assert gate <= GATE, f"not the same model: {gate:.1e}"
    return world, oracle, gate


def month_against_oracle(firms_per_sector: int, rounds: int = 9) -> Month:
    """The gate, then two ways of timing: each model after itself, as in a run, in blocks that take
    turns; and month by month in turn.

    In turn, the oracle's objects push the World's columns out of the cache before each of its
    months: the ratio is lower, and is reported too.
    """
    world, oracle, gate = gated_pair(firms_per_sector)
    mine: list[float] = []
    theirs: list[float] = []
    cold: list[float] = []
    for _ in range(rounds):
        mine += [seconds(lambda: core_month(world)) for _ in range(6)][1:]
        theirs += [seconds(oracle.step) for _ in range(2)][1:]
    for _ in range(rounds):
        cold.append(seconds(lambda: core_month(world)))
        oracle.step()
    return Month(
        len(world.firms),
        len(world.links),
        median(mine),
        median(cold),
        median(theirs),
        (min(theirs), max(theirs)),
        gate,
    )


def size(firms_per_sector: int, months: int = 13) -> Size:
    """Build and months of one size, in this process; the month is the median of all but the
    first.
    """
    begin = time.perf_counter()
    world = World(scenario(firms_per_sector), 1, record=False)
    build = time.perf_counter() - begin
    times = [seconds(world.step) for _ in range(months)]
    return Size(
        len(world.firms), len(world.links), build, median(times[1:] or times), peak_memory()
    )


def size_apart(firms_per_sector: int, months: int = 13) -> Size:
    """The same in a process of its own, so that peaks do not add up."""
    code = (
        f"from tools.benchmarks.measure import size; s = size({firms_per_sector}, {months}); "
        "print(s.firms, s.links, s.build, s.month, s.peak)"
    )
    firms, links, *rest = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    return Size(int(firms), int(links), *(float(x) for x in rest))
