"""How far a sweep is and how long it will take, from chunks that were finished; before the first of
them from the runs done inside chunks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

FEW: Final = 8  # finished chunks below which a time left is given as a range
RECENT: Final = 40  # finished chunks that an estimate looks back on
SOON: Final = 2.0  # seconds of work in unfinished chunks from which a first estimate is made
WIDE: Final = (
    2.0  # factor up and down of that first estimate: nothing is known yet of how runs differ
)


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
    """Counts what is done and makes the `Progress` of the moment. `report` is called at most four
    times a second, and after every chunk.
    """

    def __init__(
        self,
        total: int,
        chunks: int,
        size: int,
        done: int,
        chunks_done: int,
        failed: int,
        workers: int,
        report: Report | None,
    ) -> None:
        self.total, self.chunks, self.size, self.workers, self.report = (
            total,
            chunks,
            size,
            max(1, workers),
            report,
        )
        self.done, self.chunks_done, self.failed = done, chunks_done, failed
        self.partial: dict[int, int] = {}  # chunk: runs done in it
        self.begun: dict[
            int, tuple[float, float]
        ] = {}  # chunk: when it was begun, and when the last run done in it was heard of
        self.finished: list[tuple[int, float]] = []
        self.began = self.last = time.monotonic()
        self.computed, self.told = 0, 0.0

    def at(self, chunk: int, done: int) -> None:
        """A worker has done so many runs of a chunk."""
        now = time.monotonic()
        if done == 0 or chunk not in self.begun:
            self.begun[chunk] = (now, now)
        self.partial[chunk], self.begun[chunk] = done, (self.begun[chunk][0], now)
        self.tell()

    def lost(self, chunk: int) -> None:
        """A worker died in a chunk."""
        self.partial.pop(chunk, None)

    def wrote(self, chunk: int, runs: int, failed: int, seconds: float) -> None:
        """A chunk is on the disk."""
        self.partial.pop(chunk, None)
        self.done, self.chunks_done, self.failed, self.computed = (
            self.done + runs,
            self.chunks_done + 1,
            self.failed + failed,
            self.computed + runs,
        )
        self.finished, self.last = [*self.finished[-RECENT:], (runs, seconds)], time.monotonic()
        self.tell(always=True)

    def there(self, chunk: int, runs: int) -> None:
        """Somebody else had written the chunk when its turn came."""
        self.partial.pop(chunk, None)
        self.done, self.chunks_done = self.done + runs, self.chunks_done + 1
        self.tell()

    def now(self) -> Progress:
        """The moment."""
        partial = sum(self.partial.values())
        remaining = self.total - self.done - partial
        workers = max(1, min(self.workers, math.ceil((self.total - self.done) / self.size)))
        rate = self.computed / max(self.last - self.began, 1e-9) if self.computed else None
        begun = [
            (done, self.begun[chunk][1] - self.begun[chunk][0])
            for chunk, done in self.partial.items()
        ]
        left = time_left(self.finished, remaining, self.size, workers, begun)
        return Progress(
            self.done + partial,
            self.total,
            self.chunks_done,
            self.chunks,
            self.failed,
            self.workers,
            rate,
            left,
        )

    def tell(self, always: bool = False) -> None:
        """Hand the moment to whoever asked."""
        if self.report is not None and (always or time.monotonic() - self.told >= 0.25):
            self.told = time.monotonic()
            self.report(self.now())
