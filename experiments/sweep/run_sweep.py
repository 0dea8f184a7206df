"""A sweep in this process, in a pool or on a Dask cluster; run again it does what is missing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coercivity.experiments.sweep import dask_pool
from coercivity.experiments.sweep.chunk_claims import holders, iterate_until_done
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.finished_parts import (
    PartInventory,
    PartNote,
    damage_line,
    inspect_parts,
)
from coercivity.experiments.sweep.outcome_checks import warn
from coercivity.experiments.sweep.pool import Work, run_in_pool
from coercivity.experiments.sweep.progress import Clock, Report
from coercivity.experiments.sweep.sweep_folder import Sweep, prepare_sweep
from coercivity.experiments.sweep.worker import remove_dead_files, work_on
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.experiments.worlds.class_loading import check_rules
from coercivity.experiments.worlds.run import count_workers

__all__ = ["SweepStopped", "SweepSummary", "run_sweep", "summarise_folder", "work_on"]


@dataclass(frozen=True)
class SweepSummary:
    """What a sweep folder holds after a command: runs in all, done, failed, missing; what this
    command computed and in how many seconds.

    problems: one line for each chunk that had to be given up.
    """

    folder: Path
    runs: int
    done: int
    failed: int
    missing: int
    computed: int
    seconds: float
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every run is there and at least one of them did not fail."""
        return not self.missing and self.done > 0


def run_sweep(
    design: Design | str | Path | Mapping[str, Any],
    out: str | Path,
    workers: int = 0,
    progress: Report | None = None,
    *,
    chunk: int | None = None,
    dask: str | None = None,
    work: Work = work_on,
) -> SweepSummary:
    """Run the sweep of a design into a folder, or what is missing of it; say what is there at the
    end.

    workers: 1 works in this process, 0 takes a process for each usable core. chunk: runs a part,
    fixed when the folder is begun. dask: the address of a scheduler, or `local`, in place of
    processes of our own. *progress* is told about once a second how far it is. *work* stands in
    for `work_on`, for tests. Raises InputError before any run for a folder that does not
    fit, and SweepStopped, one line, when it has to end early (disk full); what was written stays.
    """
    wanted = design if isinstance(design, Design) else load_design(design)
    if dask is not None:
        dask_pool.check_address(dask)
    usable = count_workers(workers, wanted.run_count)
    sweep = prepare_sweep(wanted, out, chunk=chunk, workers=usable)
    standing = begin(sweep)
    missing = what_to_do(sweep, standing)
    began = time.monotonic()
    at_once = 1 if dask is not None else min(usable, max(1, len(missing)))
    clock = Clock(sweep, standing, at_once, progress)
    problems: list[str] = []

    def alone(number: int) -> Sequence[PartNote]:
        clock.going = {number}
        return work(sweep, [number], wait=False, tell=clock.tell)

    try:
        if missing and dask is not None:
            dask_pool.run_on_dask(sweep, dask, clock.wrote, workers or None)
        elif missing and usable == 1:
            for number, notes in iterate_until_done(missing, alone, warn):
                clock.over(number, notes)
        elif missing:
            check_rules(wanted.contents, wanted.world)
            problems = [one.line() for one in run_in_pool(sweep, missing, usable, clock, work)]
    finally:
        remove_dead_files(sweep)
    return summarise_folder(sweep, clock.computed, time.monotonic() - began, problems)


def begin(sweep: Sweep) -> PartInventory:
    """Clear away what dead processes left and look at what is there; say on standard error which
    parts are damaged.
    """
    remove_dead_files(sweep)
    standing = inspect_parts(sweep)
    if standing.damaged:
        warn(f"{damage_line(standing.damaged)}; computed anew in their place")
    return standing


def what_to_do(sweep: Sweep, standing: PartInventory) -> list[int]:
    """The missing chunks, those that another command is at last, which is said on standard error:
    they may be there when their turn comes.
    """
    busy = {chunk: who for chunk, who in holders(sweep).items() if chunk in standing.troubles}
    if busy:
        first, *others = sorted(set(busy.values()))
        more = f" and {len(others)} more" if others else ""
        warn(f"another command is at this sweep, too ({first}{more}); the chunks are shared")
    return sorted(standing.missing, key=lambda number: number in busy)


def summarise_folder(
    sweep: Sweep, computed: int, seconds: float, problems: list[str] | tuple[str, ...] = ()
) -> SweepSummary:
    """What the folder holds now."""
    notes = inspect_parts(sweep).notes.values()
    runs, failed = sum(note.runs for note in notes), sum(note.failed for note in notes)
    return SweepSummary(
        sweep.folder,
        sweep.total,
        runs - failed,
        failed,
        sweep.total - runs,
        computed,
        seconds,
        tuple(problems),
    )
