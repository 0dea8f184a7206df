"""A sweep on this machine: in this process or in a pool. Running it again does what is missing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coercivity.experiments.run import count_workers
from coercivity.experiments.sweep.atomic import SweepStopped
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.folder import Sweep, prepare_sweep
from coercivity.experiments.sweep.parts import missing_chunks, note_path, read_note
from coercivity.experiments.sweep.pool import Pool, Work
from coercivity.experiments.sweep.progress import Clock, Report
from coercivity.experiments.sweep.status import writers
from coercivity.experiments.sweep.worker import tidy, work_on

__all__ = ["Finished", "SweepStopped", "finished", "run_sweep", "work_on"]


@dataclass(frozen=True)
class Finished:
    """What a sweep folder holds after a command: runs in all, done, failed, missing; what this command computed and in how many seconds.

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
    design: Design | str | Path | Mapping[str, Any], out: str | Path, workers: int = 0, progress: Report | None = None, *,
    chunk: int | None = None, work: Work = work_on,
) -> Finished:  # fmt: skip
    """Run the sweep of a design into a folder, or what is missing of it; say what is there at the end.

    workers: 1 works in this process, 0 takes a process for each usable core. chunk: runs a part, fixed when the folder is begun. *progress* is told
    a few times a second how far it is. *work* stands in for `work_on`, for tests. Raises InputError before any run for a folder that does not fit, and
    SweepStopped, one line, when it has to end early (disk full); what was written stays.
    """
    asked = design if isinstance(design, Design) else load_design(design)
    usable = count_workers(workers, asked.run_count)
    sweep = prepare_sweep(asked, out, chunk=chunk, workers=usable)
    tidy(sweep)
    busy = {one.chunk for one in writers(sweep)}  # another command is at them: they come last, and may be there by then
    missing = sorted(missing_chunks(sweep), key=lambda number: number in busy)
    began = time.monotonic()
    clock = start_clock(sweep, missing, min(usable, max(1, len(missing))), progress)
    problems: list[str] = []
    try:
        if missing and usable == 1:
            for number in missing:
                notes = work(sweep, [number], lambda chunk, run, done: clock.at(chunk, done))
                for note in notes:
                    clock.wrote(note.chunk, note.runs, note.failed, note.seconds)
                if not notes:
                    clock.there(number, len(sweep.rows(number)))
        elif missing:
            problems = [one.line() for one in Pool(sweep, missing, usable, clock, work).run()]
    finally:
        tidy(sweep)
    return finished(sweep, clock.computed, time.monotonic() - began, problems)


def start_clock(sweep: Sweep, missing: list[int], workers: int, progress: Report | None) -> Clock:
    """A clock that knows what is there already."""
    absent = sum(len(sweep.rows(chunk)) for chunk in missing)
    return Clock(
        total=sweep.total, chunks=sweep.chunks, size=sweep.chunk, done=sweep.total - absent, chunks_done=sweep.chunks - len(missing),
        failed=failed_runs(sweep, missing), workers=workers, report=progress,
    )  # fmt: skip


def failed_runs(sweep: Sweep, missing: list[int]) -> int:
    """Number of runs that failed, in the parts that count."""
    absent = set(missing)
    notes = (read_note(sweep.folder, chunk) for chunk in range(sweep.chunks) if chunk not in absent and note_path(sweep.folder, chunk).is_file())
    return sum(note.failed for note in notes if note is not None)


def finished(sweep: Sweep, computed: int, seconds: float, problems: list[str] | tuple[str, ...] = ()) -> Finished:
    """What the folder holds now."""
    missing = missing_chunks(sweep, thorough=False)
    absent, failed = sum(len(sweep.rows(chunk)) for chunk in missing), failed_runs(sweep, missing)
    return Finished(sweep.folder, sweep.total, sweep.total - absent - failed, failed, absent, computed, seconds, tuple(problems))
