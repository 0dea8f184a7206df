"""How a sweep folder stands, from the files in it alone: works while others write, and from any
machine that sees the folder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coercivity.experiments.sweep.chunk_claims import ChunkInProgress, writers
from coercivity.experiments.sweep.finished_parts import PartNote, Trouble, inspect_parts
from coercivity.experiments.sweep.progress import FEW, time_left
from coercivity.experiments.sweep.sweep_folder import open_sweep


@dataclass(frozen=True)
class Status:
    """Runs done, failed and missing; chunks; runs a second over the last chunks written; seconds
    left, low and high; who is writing; the last write.

    damaged: parts that are not what was written; their runs are among the missing ones.
    """

    runs: int
    done: int
    failed: int
    missing: int
    chunks: int
    chunks_missing: int
    chunk_size: int
    rate: float | None
    left: tuple[float, float] | None
    writing: tuple[ChunkInProgress, ...]
    last_write: str | None
    fingerprint: str
    version: str
    packages_differ: bool
    damaged: tuple[Trouble, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        left = None if self.left is None else {"low": self.left[0], "high": self.left[1]}
        damaged = [{"chunk": damage.chunk, "why": damage.why} for damage in self.damaged]
        return {**asdict(self), "left": left, "damaged": damaged, "complete": not self.missing}


def sweep_status(folder: str | Path) -> Status:
    """Return how the sweep in a folder stands: every part is read and compared with its sum. Raises
    InputError where there is none.
    """
    sweep = open_sweep(folder, reading=True)
    standing = inspect_parts(sweep)
    missing, notes = standing.missing, list(standing.notes.values())
    writing = [writer for writer in writers(sweep) if writer.chunk in standing.troubles]
    recent = _recent(notes, max(1, len(writing)))
    remaining = sum(len(sweep.rows(chunk)) for chunk in missing)
    runs, failed = sum(note.runs for note in notes), sum(note.failed for note in notes)
    ahead = remaining - sum(writer.done for writer in writing)
    begun = [(writer.done, writer.seconds) for writer in writing]
    left = (
        time_left(
            [(note.runs, note.seconds) for note in recent], ahead, sweep.chunk, len(writing), begun
        )
        if writing
        else None
    )
    last = max((note.finished for note in notes), default=None)
    return Status(
        runs=sweep.total,
        done=runs - failed,
        failed=failed,
        missing=sweep.total - runs,
        chunks=sweep.chunks,
        chunks_missing=len(missing),
        chunk_size=sweep.chunk,
        rate=_rate(recent),
        left=left if missing else (0.0, 0.0),
        writing=tuple(writing),
        last_write=None
        if last is None
        else datetime.fromtimestamp(last, UTC).isoformat(timespec="seconds"),
        fingerprint=sweep.fingerprint,
        version=sweep.version,
        packages_differ=len({json.dumps(note.packages, sort_keys=True) for note in notes}) > 1,
        damaged=tuple(standing.damaged),
    )


def _recent(notes: Sequence[PartNote], writers_now: int) -> list[PartNote]:
    """The last chunks written: enough for each who writes now, and none from before a pause."""
    latest = sorted(notes, key=lambda note: note.finished)[-max(FEW, 2 * writers_now) :]
    began = math.inf
    for place in range(len(latest) - 1, -1, -1):
        if math.isfinite(began) and latest[place].finished < began - max(
            60.0, latest[place].seconds
        ):
            return latest[place + 1 :]
        began = min(began, latest[place].started)
    return latest


def _rate(recent: Sequence[PartNote]) -> float | None:
    if not recent:
        return None
    taken = max(note.finished for note in recent) - min(note.started for note in recent)
    return sum(note.runs for note in recent) / max(taken, 1e-3)
