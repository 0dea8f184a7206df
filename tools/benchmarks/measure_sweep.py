"""Sweeps, measured: `python -m tools.benchmarks.measure_sweep [--runs N] [--months M] [--rounds R]
[--each N] [--workers W] [--oracle N] [--small N]`.

Two workers against one plain loop, beside a spin control on the same cores, round by round in turn
(other work on the machine hits all three); memory of parent and workers; and one object per firm
under Mesa's `batch_run` on the same design. Ratios carry over from machine to machine and come
first. Nothing here asserts a time; what is compared is checked to give the same values first.

--runs     runs of the last, large sweep of the reference world (0: none; 10000 for the
           demonstration); rounds use a tenth of it, from 40 to 400
--each     runs of loop and sweep in each round, instead
--small    runs of a sweep of the smallest world over 12 months (0: none; 100000 for the
           demonstration)
--oracle   points x seeds given to `batch_run` (0: none)
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import yaml

from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.finished_parts import read_sweep
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.runs import Runs
from coercivity.experiments.worlds.bare_runs import run_headlines
from coercivity.experiments.worlds.threads import one_thread
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World
from tools.benchmarks.measure import hardware
from tools.check.oracle.states import core_month

REFERENCE = "japan-2026"
OUTCOMES = (
    "output_lost_total",
    "price_multiple_dy_japan",
    "firms_stopped_share",
    "dependence_separated_end",
    "cost_paid_total",
)
POINTS = (2.5, 3.5)  # order_adjustment, which the oracle knows too
GATE = 1e-9


# ---------------------------------------------------------------- the control


def spin(seconds: float) -> float:
    """Units of Python and NumPy work a second that this process gets done."""
    values = np.linspace(0.0, 1.0, 2_000)
    begin, units = time.perf_counter(), 0
    while (passed := time.perf_counter() - begin) < seconds:
        for _ in range(20):
            values = np.sqrt(values * values + 1e-3) * 0.999
        total = 0
        for number in range(500):
            total += number
        units += 1
    return units / passed


@dataclass(frozen=True)
class Round:
    """Runs or units a second: the control on one core and on all, the plain loop, the sweep with
    all workers (steady, and with its start).
    """

    spin_one: float
    spin_all: float
    loop: float
    sweep: float
    sweep_whole: float

    @property
    def control(self) -> float:
        """What the cores gain on the control."""
        return self.spin_all / self.spin_one

    @property
    def gain(self) -> float:
        """What the workers gain over the loop."""
        return self.sweep / self.loop


# ---------------------------------------------------------------- sweeps and their memory


@dataclass
class Watched:
    """Moments of a sweep: seconds since its beginning, runs done; and MiB of parent and of each
    worker.
    """

    moments: list[tuple[float, int]] = field(default_factory=list)
    memory: list[tuple[float, float, list[float]]] = field(default_factory=list)
    seconds: float = 0.0
    runs: int = 0

    @property
    def whole(self) -> float:
        """Runs a second, starting the workers included."""
        return self.runs / self.seconds

    @property
    def steady(self) -> float:
        """Runs a second between the first and the last sight of progress before nine tenths are
        done; that of the whole where there is too little.
        """
        seen = [moment for moment in self.moments if 0 < moment[1] <= 0.9 * self.runs]
        if len(seen) < 2 or seen[-1][1] <= seen[0][1]:
            return self.whole
        return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])

    def at(self, share: float) -> tuple[float, list[float]]:
        """MiB of parent and workers at a share of the time between the first finished run and the
        end.
        """
        first = next((when for when, done in self.moments if done > 0), 0.0)
        near = min(
            self.memory, key=lambda seen: abs(seen[0] - first - share * (self.seconds - first))
        )
        return near[1], near[2]


def resident(pid: int) -> float:
    """MiB that a process holds in memory; 0 where it is gone."""
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            * os.sysconf("SC_PAGE_SIZE")
            / 2**20
        )
    except (OSError, IndexError, ValueError):
        return 0.0


def children(parent: int) -> list[int]:
    """Processes started by this one."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if (
                    int(
                        (folder / "stat")
                        .read_text(encoding="utf-8", errors="replace")
                        .rsplit(")", 1)[1]
                        .split()[1]
                    )
                    == parent
                ):
                    found.append(int(folder.name))
            except (OSError, IndexError, ValueError):
                continue
    return found


def watched_sweep(
    design: Design, workers: int, every: float = 0.5
) -> tuple[Watched, list[dict[Hashable, Any]]]:
    """Run a sweep into a folder that is thrown away, looking at progress and memory; return what
    was seen and the rows.
    """
    seen, ended, others = Watched(), threading.Event(), set(children(os.getpid()))
    begin = time.perf_counter()

    def look() -> None:
        while not ended.wait(every):
            held = [resident(pid) for pid in children(os.getpid()) if pid not in others]
            seen.memory.append(
                (
                    time.perf_counter() - begin,
                    resident(os.getpid()),
                    sorted(one for one in held if one > 40.0),
                )
            )

    looking = threading.Thread(target=look, daemon=True)
    with tempfile.TemporaryDirectory() as place:
        looking.start()
        try:
            finished = run_sweep(
                design,
                Path(place) / "sweep",
                workers,
                lambda now: seen.moments.append((time.perf_counter() - begin, now.done)),
            )
            seen.seconds, seen.runs = time.perf_counter() - begin, finished.runs
        finally:
            ended.set()
            looking.join()
        rows = read_sweep(Path(place) / "sweep").to_dict("records")
    assert finished.missing == finished.failed == 0, (
        f"{finished.missing} runs are missing and {finished.failed} failed"
    )
    if not seen.memory:
        seen.memory.append((0.0, resident(os.getpid()), []))
    return seen, rows


def reference_design(
    runs: int, months: int, firms: int | None = None, scenario: str = REFERENCE
) -> Design:
    """Seeds of one scenario, no parameter moved but the size of the world."""
    size = {} if firms is None else {"firms_per_sector": [firms]}
    return load_design(
        {
            "scenario": scenario,
            "months": months,
            "seeds": runs,
            "parameters": size,
            "outcomes": list(OUTCOMES),
        }
    )


def plain_loop(design: Design) -> tuple[float, list[dict[str, float | None]]]:
    """Runs a second of a loop over the same runs in this process, and what they give."""
    runs = Runs(design)
    run_headlines(runs[0].scenario, runs[0].seed, OUTCOMES)  # warm
    begin = time.perf_counter()
    found = [run_headlines(run.scenario, run.seed, OUTCOMES) for run in runs]
    return len(runs) / (time.perf_counter() - begin), found


def measure_rounds(design: Design, workers: int, rounds: int, spin_seconds: float) -> list[Round]:
    """Control, loop and sweep in turn. Raises AssertionError where loop and sweep do not give the
    same values.
    """
    out = []
    with one_thread(), get_context("spawn").Pool(workers) as pool:
        pool.map(spin, [0.1] * workers, chunksize=1)
        for _ in range(rounds):
            one = pool.map(spin, [spin_seconds])[0]
            loop, found = plain_loop(design)
            every = sum(pool.map(spin, [spin_seconds] * workers, chunksize=1))
            seen, rows = watched_sweep(design, workers)
            for row, values in zip(rows, found, strict=True):
                assert all(
                    row[name] == values[name] or (row[name] != row[name] and values[name] is None)
                    for name in OUTCOMES
                ), "loop and sweep differ"
            out.append(Round(one, every, loop, seen.steady, seen.whole))
    return out


# ---------------------------------------------------------------- one object per firm


def quiet_scenario(months: int, value: float) -> Scenario:
    """Nothing happens: the oracle knows no measure."""
    raw = {
        "name": "quiet",
        "start": "2024-01",
        "months": months,
        "parameters": {"order_adjustment": value},
    }
    return load_scenario(raw)


def begun(months: int, value: float, seed: int) -> World:
    """A world after its first month: the oracle takes over a state, and quotas and plans are set in
    a whole month.
    """
    world = World(quiet_scenario(months, value), seed, record=False)
    world.step()
    return world


def quotes(world: World) -> list[float]:
    """What is compared at the end: the public quote of every good."""
    return [float(value) for value in world.market.quote]


@dataclass(frozen=True)
class OnePerFirm:
    """The same points x seeds x months: runs a second of `batch_run` on the oracle, of a loop over
    our core month, and of a sweep of the whole month.

    The first month of every run is a whole month of the World.
    """

    runs: int
    months: int
    firms: int
    batch: float
    core: float
    full: float
    gate: float


def batch_model() -> type[Any]:
    """The oracle as `batch_run` wants a model: made from keywords, collecting its quotes, ending by
    itself.
    """
    from mesa.datacollection import DataCollector

    from coercivity.agents.base.mesa import BaseModel
    from tools.check.oracle.month import Oracle

    class BatchOracle(BaseModel):
        """Core months on objects, from a balanced start; a model of its own, as `batch_run` makes
        models from keywords.
        """

        def __init__(self, order_adjustment: float, seed: int, months: int) -> None:
            super().__init__(rng=seed)
            self.oracle = Oracle.from_world(begun(months, order_adjustment, seed))
            self.last = months
            self.datacollector = DataCollector(
                model_reporters={"quotes": lambda model: list(model.oracle.quote.values())}
            )

        def step(self) -> None:
            """One core month."""
            self.oracle.step()
            self.running = self.oracle.month < self.last
            self.datacollector.collect(self)

    return BatchOracle


def one_object_per_firm(runs: int, months: int, workers: int = 1) -> OnePerFirm:
    """Measure the three on the same design; building worlds is in all of them. Raises
    AssertionError where the core months differ by more than 1e-9.
    """
    from mesa.batchrunner import batch_run

    seeds = list(range(max(1, runs // len(POINTS))))
    design = {"order_adjustment": list(POINTS), "seed": seeds, "months": [months]}
    begin = time.perf_counter()
    rows = batch_run(
        batch_model(), design, number_processes=1, max_steps=months, display_progress=False
    )
    batch = time.perf_counter() - begin
    theirs = {(row["order_adjustment"], row["seed"]): row["quotes"] for row in rows}
    ours: dict[tuple[float, int], list[float]] = {}
    begin, firms = time.perf_counter(), 0
    for value in POINTS:
        for seed in seeds:
            world = begun(months, value, seed)
            for _ in range(months - 1):
                core_month(world)
            ours[value, seed], firms = quotes(world), len(world.firms)
    core = time.perf_counter() - begin
    assert ours.keys() == theirs.keys()
    gate = float(
        max(np.abs(np.array(ours[key]) / np.array(theirs[key]) - 1.0).max() for key in ours)
    )
    assert np.isfinite(gate), "a quote is not a number"
    assert gate <= GATE, f"not the same model: {gate:.1e}"
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "quiet.yaml"
        path.write_text(
            yaml.safe_dump({"name": "quiet", "start": "2024-01", "months": months}),
            encoding="utf-8",
        )
        asked = load_design(
            {
                "scenario": str(path),
                "months": months,
                "seeds": len(seeds),
                "method": "list",
                "parameters": {"order_adjustment": list(POINTS)},
                "outcomes": ["world_price_dy_end", "world_price_ndpr_end"],
            }
        )
        seen, rows_of_sweep = watched_sweep(asked, workers)
    count = len(POINTS) * len(seeds)
    assert len(rows_of_sweep) == count == len(rows)
    return OnePerFirm(count, months, firms, count / batch, count / core, seen.whole, gate)


# ---------------------------------------------------------------- what is printed


def line(what: str, budget: str, figure: str) -> None:
    """One row of the table."""
    print(f"{what:<52} {budget:<22} {figure}", flush=True)


def say_sweep(what: str, seen: Watched, workers: int) -> None:
    """Runs a second and memory of one sweep."""
    line(
        what,
        "reported",
        f"{seen.whole:.1f} runs/s whole, {seen.steady:.1f} steady   ({seen.runs} runs, "
        f"{seen.seconds:.0f} s, {workers} workers)",
    )
    for name, share in (("start", 0.02), ("middle", 0.5), ("end", 0.97)):
        parent, held = seen.at(share)
        line(
            f"  memory, {name}",
            "flat",
            f"parent {parent:.0f} MiB, workers "
            f"{', '.join(f'{one:.0f}' for one in held) or 'gone'} MiB",
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure sweeps.")
    for name, value in (
        ("runs", 80),
        ("months", 24),
        ("rounds", 3),
        ("workers", 2),
        ("oracle", 4),
        ("small", 0),
        ("each", 0),
    ):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args(arguments)
    print(hardware())
    line("what", "budget (aim)", "measured")
    months = asked.months
    each = asked.each or min(400, max(40, asked.runs // 10))
    rounds = measure_rounds(
        reference_design(each, months),
        asked.workers,
        asked.rounds,
        spin_seconds=min(3.0, 0.02 * each),
    )
    shares = [one.gain / one.control for one in rounds]
    figure = f"{median(shares):.0%}   (rounds {', '.join(f'{share:.0%}' for share in shares)})"
    line(f"{asked.workers} workers over one loop, of the control's gain", "90% (98%)", figure)
    line(
        "  gain of the control, of the sweep",
        "",
        f"{median(r.control for r in rounds):.2f}, {median(r.gain for r in rounds):.2f} times",
    )
    spread = (
        f"{each} runs of {months} months; with their start "
        f"{median(r.sweep_whole for r in rounds):.1f}"
    )
    line(
        "  loop, sweep",
        "",
        f"{median(r.loop for r in rounds):.1f}, {median(r.sweep for r in rounds):.1f} runs/s   "
        f"({spread})",
    )
    if asked.runs:
        seen, _ = watched_sweep(reference_design(asked.runs, months), asked.workers)
        say_sweep(f"reference world, {months} months", seen, asked.workers)
    if asked.small:
        small = with_changes(load_scenario(REFERENCE), parameters={"firms_per_sector": 1})
        firms = len(World(small, 1, record=False).firms)
        seen, _ = watched_sweep(reference_design(asked.small, 12, firms=1), asked.workers)
        say_sweep(f"smallest world ({firms} firms), 12 months", seen, asked.workers)
    if asked.oracle:
        found = one_object_per_firm(asked.oracle, months)
        what = (
            f"{found.runs} runs of {found.months} months, {found.firms} firms, one process, gate "
            f"{found.gate:.0e}"
        )
        line(
            "core month against batch_run of one object per firm",
            "reported",
            f"{found.core / found.batch:.0f}x   ({what})",
        )
        line(
            "whole month in a sweep against the same",
            "reported",
            f"{found.full / found.batch:.0f}x, though it does more",
        )
        line(
            "  batch_run, loop over core months, sweep",
            "",
            f"{found.batch:.3f}, {found.core:.2f}, {found.full:.2f} runs/s",
        )


if __name__ == "__main__":
    main()
