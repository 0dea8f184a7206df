"""What every worker does, whoever started it (this process, a pool, a SLURM task, a Dask task):
chunks of runs into parts.
"""

from __future__ import annotations

import contextlib
import gc
import os
import platform
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.experiments.sweep.chunk_claims import (
    SIGN_EVERY,
    Claim,
    iterate_until_done,
    remove_claims,
)
from coercivity.experiments.sweep.evaluate import failure
from coercivity.experiments.sweep.finished_parts import (
    PartNote,
    inspect_parts,
    part_trouble,
    write_part,
)
from coercivity.experiments.sweep.layout import PARTS, TABLES, part_path
from coercivity.experiments.sweep.outcome_checks import warn
from coercivity.experiments.sweep.rows import FAILED
from coercivity.experiments.sweep.sweep_folder import Sweep, open_sweep
from coercivity.experiments.worlds.atomic import FULL, SweepStopped, remove_strays

if TYPE_CHECKING:
    from coercivity.experiments.sweep.design import Design
    from coercivity.experiments.sweep.runs import Run

Evaluate = Callable[..., dict[str, Any]]


def work_on(
    folder: str | Path | Sweep,
    chunks: Iterable[int],
    *,
    wait: bool = True,
    careful: bool = False,
    tell: Callable[[], None] | None = None,
    evaluate: Evaluate | None = None,
) -> list[PartNote]:
    """Compute those of *chunks* that have no part yet, one after the other, and return the sidecars
    of the parts written.

    Any number of processes on any machines may do this in one folder at a time: each chunk is done
    by one of them (`chunk_claims.py`). One that another process is at comes last, and is waited
    for; without *wait* it raises ChunkTaken. careful: note each run in the claim, for a chunk in
    which a worker has died. *tell* is called before each run. *evaluate* stands in for the model,
    for tests. Raises SweepStopped, one line, where a part cannot be written (disk full) or a run
    computed (no memory, a stale file); InputError where the folder holds no sweep of this model.
    """
    sweep = folder if isinstance(folder, Sweep) else open_sweep(folder)

    def attempt(chunk: int) -> PartNote | None:
        if part_trouble(sweep, chunk) is None:
            return None
        claim = Claim(sweep, chunk, 0.0 if careful else SIGN_EVERY)
        try:
            claim.take()
            if part_trouble(sweep, chunk) is None:  # finished between the look and the claim
                return None
            return _compute(sweep, claim, tell, evaluate)
        except OSError as error:
            raise _stop_error(sweep, chunk, -1, error) from error
        finally:
            claim.drop()

    notes = (
        (note for _, note in iterate_until_done(chunks, attempt, warn))
        if wait
        else map(attempt, chunks)
    )
    return [note for note in notes if note is not None]


def _compute(
    sweep: Sweep, claim: Claim, tell: Callable[[], None] | None, evaluate: Evaluate | None
) -> PartNote:
    from coercivity.experiments.sweep.evaluate import evaluate as model

    chunk = claim.chunk
    tables, run_at = None, -1
    try:
        if sweep.design.keep:
            from coercivity.experiments.sweep.kept_tables import KeptTables

            tables = KeptTables(sweep, chunk)
        rows, started = [], time.time()
        for done, index in enumerate(sweep.rows(chunk)):
            claim.sign(done)
            if tell is not None:
                tell()
            run_at = index
            rows.append(_row(evaluate or model, sweep.runs[index], sweep.design, tables))
            run_at = -1
            free_world(first=done == 0)
        note = _note(sweep, chunk, rows, started)
        digests = tables.close() if tables is not None else {}
        return write_part(sweep, chunk, rows, PartNote(**{**note, "tables": digests}))
    except (OSError, MemoryError) as error:
        raise _stop_error(sweep, chunk, run_at, error) from error
    finally:
        if tables is not None:
            tables.drop()
        gc.unfreeze()


def free_world(first: bool) -> None:
    """Give back the memory of a finished world at once: world and firms point at each other, so
    that it waits for the collector, and ten can pile up.

    After the first run all that lives (modules, tables of facts) is set aside, so that a collection
    looks at one world and costs 0.3 ms instead of 30.
    """
    gc.collect()
    if first:
        gc.freeze()


def _row(evaluate: Evaluate, run: Run, design: Design, tables: Any) -> dict[str, Any]:
    return evaluate(run, design) if tables is None else evaluate(run, design, tables.of(run.index))


def _note(sweep: Sweep, chunk: int, rows: list[dict[str, Any]], started: float) -> dict[str, Any]:
    from coercivity.experiments.worlds.output_tables import package_versions

    now = time.time()
    return {
        "chunk": chunk,
        "first": sweep.rows(chunk).start,
        "runs": len(rows),
        "failed": sum(row["status"] == FAILED for row in rows),
        "sha256": "",
        "bytes": 0,
        "seconds": round(now - started, 3),
        "started": round(started, 3),
        "finished": round(now, 3),
        "host": platform.node(),
        "process": os.getpid(),
        "version": sweep.version,
        "fingerprint": sweep.fingerprint,
        "packages": {"python": platform.python_version(), **package_versions()},
        "code": sweep.code,
        "size": sweep.chunk,
    }


def _stop_error(sweep: Sweep, chunk: int, run: int, error: OSError | MemoryError) -> SweepStopped:
    """The one line that says what happened, what is safe and what to do. run: the one that was
    being computed, -1 between runs.
    """
    what = f"run {run}" if run >= 0 else part_path(sweep.folder, chunk).name
    with contextlib.suppress(OSError):
        safe = f"{len(inspect_parts(sweep).notes)} of {sweep.chunks} chunks are safe"
        if isinstance(error, MemoryError):
            return SweepStopped(
                f"no memory is left at {what} ({failure(error)}): {safe}; use fewer "
                "workers or more memory and run the same command again"
            )
        if error.errno in FULL:
            return SweepStopped(f"disk full: {safe}; free space and run the same command again")
        verb = "computed" if run >= 0 else "written"
        return SweepStopped(
            f"{what} cannot be {verb} ({error.strerror or failure(error)}): {safe}; mend "
            "it and run the same command again"
        )
    why = getattr(error, "strerror", None) or failure(error)
    return SweepStopped(
        f"folder '{sweep.folder}' cannot be read or written ({why}); mend it and run again"
    )


def remove_dead_files(sweep: Sweep) -> int:
    """Remove what dead writers left in the folder; return how many files."""
    tables = [sweep.folder / TABLES / name for name in sweep.design.keep]
    return remove_strays([sweep.folder, sweep.folder / PARTS, *tables]) + remove_claims(sweep)
