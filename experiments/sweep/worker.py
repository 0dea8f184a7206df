"""What every worker does, whoever started it (this process, a pool, a SLURM task, a Dask task): chunks of runs into parts."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.atomic import FULL, SweepStopped, owned, remove_strays
from coercivity.experiments.sweep.evaluate import failure
from coercivity.experiments.sweep.folder import PARTS, TABLES, Sweep, open_sweep
from coercivity.experiments.sweep.parts import PartNote, part_path, part_problem, safe_chunks, write_part

if TYPE_CHECKING:
    from coercivity.experiments.sweep.design import Design
    from coercivity.experiments.sweep.runs import Run

Evaluate = Callable[..., dict[str, Any]]
Between = Callable[[int, int, int], None]  # (chunk, run that comes next, runs done in the chunk); may raise to give up
TOUCH_EVERY: Final = 2.0  # seconds


def work_on(folder: str | Path | Sweep, chunks: Iterable[int], between: Between | None = None, evaluate: Evaluate | None = None) -> list[PartNote]:
    """Compute those of *chunks* that have no part yet, one after the other, and return the sidecars of the parts written.

    Any number of processes on any machines may do this in one folder at a time; two at the same chunk cost time and nothing else. *between* is called
    before each run; what it raises ends the work, with nothing half-written left. *evaluate* stands in for the model, for tests.
    Raises SweepStopped, one line, where a part cannot be written (disk full) or a run computed (no memory, a stale file); InputError where the folder holds
    no sweep of this model.
    """
    sweep = folder if isinstance(folder, Sweep) else open_sweep(folder)
    written = []
    for chunk in chunks:
        if part_problem(sweep, chunk) is not None:
            written.append(work_chunk(sweep, chunk, between, evaluate))
    return written


def work_chunk(sweep: Sweep, chunk: int, between: Between | None = None, evaluate: Evaluate | None = None) -> PartNote:
    """Compute one chunk and write its part, whether there is one or not."""
    from coercivity.experiments.sweep.evaluate import evaluate as model

    mark = Mark(sweep, chunk)
    tables, at = None, -1
    try:
        if sweep.design.keep:
            from coercivity.experiments.sweep.kept import KeptTables

            tables = KeptTables(sweep, chunk)
        rows, started = [], time.time()
        for done, index in enumerate(sweep.rows(chunk)):
            if between is not None:
                between(chunk, index, done)
            mark.touch(done)
            at = index
            rows.append(_row(evaluate or model, sweep.runs[index], sweep.design, tables))
            at = -1
            free_world(first=done == 0)
        note = _note(sweep, chunk, rows, started)
        kept = tables.close() if tables is not None else {}
        return write_part(sweep, chunk, rows, PartNote(**{**note, "tables": kept}))
    except (OSError, MemoryError) as error:
        raise _stopped(sweep, chunk, at, error) from error
    finally:
        if tables is not None:
            tables.drop()
        mark.remove()
        gc.unfreeze()


def free_world(first: bool) -> None:
    """Give back the memory of a finished world at once: world and firms point at each other, so that it waits for the collector, and ten can pile up.

    After the first run all that lives (modules, tables of facts) is set aside, so that a collection looks at one world and costs 0.3 ms instead of 30.
    """
    gc.collect()
    if first:
        gc.freeze()


def _row(evaluate: Evaluate, run: Run, design: Design, tables: Any) -> dict[str, Any]:
    return evaluate(run, design) if tables is None else evaluate(run, design, tables.of(run.index))


def _note(sweep: Sweep, chunk: int, rows: list[dict[str, Any]], started: float) -> dict[str, Any]:
    from coercivity.experiments.output import package_versions
    from coercivity.experiments.sweep.evaluate import FAILED

    now = time.time()
    return {
        "chunk": chunk, "first": sweep.rows(chunk).start, "runs": len(rows), "failed": sum(row["status"] == FAILED for row in rows), "sha256": "", "bytes": 0,
        "seconds": round(now - started, 3), "started": round(started, 3), "finished": round(now, 3), "host": platform.node(), "process": os.getpid(),
        "version": sweep.version, "fingerprint": sweep.fingerprint, "packages": {"python": platform.python_version(), **package_versions()},
    }  # fmt: skip


def _stopped(sweep: Sweep, chunk: int, run: int, error: OSError | MemoryError) -> SweepStopped:
    """The one line that says what happened, what is safe and what to do. run: the one that was being computed, -1 between runs."""
    what = f"run {run}" if run >= 0 else part_path(sweep.folder, chunk).name
    with contextlib.suppress(OSError):
        safe = f"{safe_chunks(sweep)} of {sweep.chunks} chunks are safe"
        if isinstance(error, MemoryError):
            return SweepStopped(f"no memory is left at {what} ({failure(error)}): {safe}; use fewer workers or more memory and run the same command again")
        if error.errno in FULL:
            return SweepStopped(f"disk full: {safe}; free space and run the same command again")
        verb = "computed" if run >= 0 else "written"
        return SweepStopped(f"{what} cannot be {verb} ({error.strerror or failure(error)}): {safe}; mend it and run the same command again")
    why = getattr(error, "strerror", None) or failure(error)
    return SweepStopped(f"folder '{sweep.folder}' cannot be read or written ({why}); mend it and run again")


class Mark:
    """A small file that says that a living process is at a chunk, and how far it is; for `sweep status`. It is never needed."""

    def __init__(self, sweep: Sweep, chunk: int) -> None:
        self.path = owned(part_path(sweep.folder, chunk), "busy")
        self.last = -TOUCH_EVERY
        self.began = time.monotonic()

    def touch(self, done: int) -> None:
        """Write how many runs are done in how many seconds, at most every two seconds."""
        if time.monotonic() - self.last >= TOUCH_EVERY:
            self.last = time.monotonic()
            with contextlib.suppress(OSError):
                self.path.write_text(json.dumps({"done": done, "seconds": round(self.last - self.began, 3)}), encoding="utf-8")

    def remove(self) -> None:
        """The process is at it no more."""
        with contextlib.suppress(OSError):
            self.path.unlink()


def tidy(sweep: Sweep) -> int:
    """Remove what dead writers left in the folder; return how many files."""
    tables = [sweep.folder / TABLES / name for name in sweep.design.keep]
    return remove_strays([sweep.folder, sweep.folder / PARTS, *tables])
