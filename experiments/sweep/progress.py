"""How far a sweep is and how long it will take, from chunks that were finished; before the first of
them from the runs done inside chunks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coercivity.experiments.sweep.chunk_claims import read_claim

if TYPE_CHECKING:
    from coercivity.experiments.sweep.finished_parts import PartInventory, PartNote
    from coercivity.experiments.sweep.sweep_folder import Sweep

FEW: Final = 8  # finished chunks below which a time left is given as a range
RECENT: Final = 40  # finished chunks that an estimate looks back on
SOON: Final = 2.0  # seconds of work in unfinished chunks from which a first estimate is made
WIDE: Final = (
    2.0  # factor up and down of that first estimate: nothing is known yet of how runs differ
)
REPORT_EVERY: Final = 0.25  # seconds


@dataclass(frozen=True)
class Progress:
    """A moment of a sweep. rate: runs a second over the chunks finished since this command began;
    left: seconds, low and high; None: too soon.
    """

    done: int
    total: int
    chunks_done: int
    chunks: int
    failed: int
    workers: int
    rate: float | None
    left: tuple[float, float] | None


Report = Callable[[Progress], None]


def time_left(
    chunks: Sequence[tuple[int, float]],
    remaining: int,
    size: int,
    workers: int,
    begun: Sequence[tuple[int, float]] = (),
) -> tuple[float, float] | None:
    """Return (low, high) seconds for *remaining* runs, from the (runs, seconds) of finished chunks.

    Before the first of them a wide range comes from *begun*, the (runs done, seconds) of chunks
    that are being worked on; None while that is too little.

    *workers* share what remains, but no chunk: the end waits for the last one. Few chunks give a
    range, from the fastest to the slowest seen and a fifth more.
    """
    seen = [(runs, seconds) for runs, seconds in chunks[-RECENT:] if runs > 0]
    if remaining <= 0:
        return (0.0, 0.0)
    wide = 1.2
    if not seen:
        seen, wide = [(runs, seconds) for runs, seconds in begun if runs > 0], WIDE
        if sum(seconds for _, seconds in seen) < SOON:
            return None
        seen = [(sum(runs for runs, _ in seen), sum(seconds for _, seconds in seen))]
    per_run = sum(seconds for _, seconds in seen) / sum(runs for runs, _ in seen)
    even, last = (
        remaining / workers,
        min(size, remaining),
    )  # the longest that one worker has to do, at least and at most
    uneven = max(even, math.ceil(remaining / (size * workers)) * last)
    if len(seen) >= FEW:
        return (even * per_run, max(even, 0.5 * (even + uneven)) * per_run)
    each = [seconds / runs for runs, seconds in seen]
    return (even * min(each) / wide, uneven * max(each) * wide)


class Clock:
    """Counts the chunks that this command sees finished and makes the `Progress` of the moment; how
    far the chunks in `going` are stands in their claims. `report` is called after every chunk and
    at most four times a second.
    """

    def __init__(
        self, sweep: Sweep, standing: PartInventory, workers: int, report: Report | None
    ) -> None:
        notes = standing.notes.values()
        self.sweep, self.workers, self.report = sweep, max(1, workers), report
        self.done = sum(note.runs for note in notes)
        self.failed = sum(note.failed for note in notes)
        self.chunks_done, self.computed = len(notes), 0
        self.going: set[int] = set()
        self.finished: list[tuple[int, float]] = []
        self.began = self.last = time.monotonic()
        self.told = 0.0

    def over(self, chunk: int, notes: Sequence[PartNote]) -> None:
        """A chunk in hand is on the disk; without notes somebody else has written it."""
        self.going.discard(chunk)
        for note in notes:
            self.wrote(note.runs, note.failed, note.seconds)
        if not notes:
            self.done, self.chunks_done = (
                self.done + len(self.sweep.rows(chunk)),
                self.chunks_done + 1,
            )
            self.tell()

    def wrote(self, runs: int, failed: int = 0, seconds: float | None = None) -> None:
        """A chunk is on the disk, and this command had it computed, without *seconds* since the one
        before.
        """
        seconds = time.monotonic() - self.last if seconds is None else seconds
        self.done, self.failed = self.done + runs, self.failed + failed
        self.chunks_done, self.computed = self.chunks_done + 1, self.computed + runs
        self.finished, self.last = [*self.finished[-RECENT:], (runs, seconds)], time.monotonic()
        self.tell(always=True)

    def now(self) -> Progress:
        """The moment."""
        claims = [read_claim(self.sweep, chunk) for chunk in self.going]
        begun = [(claim.done, claim.seconds) for claim in claims if claim is not None]
        total, size = self.sweep.total, self.sweep.chunk
        done = self.done + sum(runs for runs, _ in begun)
        at_most = max(1, min(self.workers, math.ceil((total - self.done) / size)))
        rate = self.computed / max(self.last - self.began, 1e-9) if self.computed else None
        left = time_left(self.finished, total - done, size, at_most, begun)
        return Progress(
            done,
            total,
            self.chunks_done,
            self.sweep.chunks,
            self.failed,
            self.workers,
            rate,
            left,
        )

    def tell(self, always: bool = False) -> None:
        """Hand the moment to whoever asked."""
        if self.report is not None and (always or time.monotonic() - self.told >= REPORT_EVERY):
            self.told = time.monotonic()
            self.report(self.now())
