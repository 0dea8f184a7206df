"""Chunks in processes on this machine: chunks go out, their sidecars come back, rows never travel.

Each worker is a standard pool of one process: where that dies, its chunk is known, another process
takes it, at most twice, and then the chunk is given up and the sweep goes on.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Final

from coercivity.experiments.sweep.chunk_claims import PAUSE, ChunkInProgress, ChunkTaken, read_claim
from coercivity.experiments.sweep.finished_parts import PartNote
from coercivity.experiments.sweep.outcome_checks import warn
from coercivity.experiments.sweep.progress import Clock
from coercivity.experiments.sweep.sweep_folder import Sweep
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.experiments.worlds.processes import end_with_parent, fresh
from coercivity.experiments.worlds.threads import one_thread
from coercivity.model.basis.facts import check_as_read

AGAIN: Final = 2  # times that a chunk is given out again after its worker died
ENDS: Final = 5.0  # seconds that a worker that is told to end may take
Work = Callable[..., Sequence[PartNote]]


@dataclass(frozen=True)
class LostChunk:
    """A chunk that was given up: its worker died each time. run: the one it was at."""

    chunk: int
    runs: int
    times: int
    run: int
    seed: int
    how: str

    def line(self) -> str:
        """One line for a user."""
        return (
            f"chunk {self.chunk} ({self.runs} runs) ended its worker {self.times} times, the last "
            f"time at run {self.run}, seed {self.seed} ({self.how}); "
            "it is left out, the others are safe"
        )


def leave(number: int, _: Any) -> None:
    """End the process at a polite signal, taking away what is half written."""
    raise SystemExit(128 + number)


def begin_worker() -> None:
    """In a worker: Ctrl-C is for the parent, which ends its workers; and end when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


class _Worker:
    """A pool of one process, which begins with its first chunk."""

    def __init__(self) -> None:
        context: Any = fresh()
        begin = context.Process
        self.process: BaseProcess | None = None

        def started(*arguments: Any, **named: Any) -> BaseProcess:
            self.process = begin(*arguments, **named)
            return self.process

        context.Process = started
        self.pool = ProcessPoolExecutor(1, context, begin_worker)

    def submit(self, work: Work, sweep: Sweep, chunk: int, careful: bool) -> Future[Any]:
        with one_thread():
            return self.pool.submit(work, str(sweep.folder), [chunk], wait=False, careful=careful)

    def claim(self, sweep: Sweep, chunk: int) -> ChunkInProgress | None:
        """The process's claim to a chunk; None where it has none."""
        claim = read_claim(sweep, chunk)
        process = self.process.pid if self.process is not None else None
        return claim if claim is not None and claim.process == process else None

    def is_dead(self) -> bool:
        """Whether the process has begun and is no more."""
        return self.process is not None and not self.process.is_alive()

    def how_it_ended(self) -> str:
        """How the process ended, when it has: exit code or signal."""
        self.pool.shutdown()
        return _exit_cause(self.process.exitcode if self.process is not None else None)

    def end(self) -> None:
        """End the process, whatever it is at."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()
            self.process.join(ENDS)
            self.process.kill()
        self.pool.shutdown(cancel_futures=True)


def run_in_pool(
    sweep: Sweep, chunks: Iterable[int], workers: int, clock: Clock, work: Work = work_on
) -> list[LostChunk]:
    """Give chunks to workers until all are done or given up, and return those that were given up;
    one that another command is at is tried again until it is there or free.

    *work* stands in for `work_on`, for tests. Raises SweepStopped where no chunk can be written or
    no worker starts, and what a worker raised.
    """
    check_as_read()
    waiting, later, lost = deque(chunks), list[int](), list[LostChunk]()
    deaths, not_started, told = Counter[int](), 0, False
    idle = [_Worker() for _ in range(max(1, min(workers, len(waiting))))]
    at_work: dict[Future[Any], tuple[_Worker, int]] = {}
    due = 0.0  # when the chunks that others are at are tried again
    try:
        while waiting or later or at_work:
            if later and time.monotonic() >= due:
                waiting.extend(later)
                later.clear()
                due = time.monotonic() + PAUSE
            while waiting and idle:
                worker, chunk = idle.pop(), waiting.popleft()
                if worker.is_dead():  # killed while it had nothing to do
                    worker = _Worker()
                at_work[worker.submit(work, sweep, chunk, deaths[chunk] > 0)] = worker, chunk
                clock.going.add(chunk)
            if not at_work:
                time.sleep(PAUSE)
            for future in wait(at_work, PAUSE, FIRST_COMPLETED).done:
                worker, chunk = at_work.pop(future)
                try:
                    clock.over(chunk, future.result())
                    not_started = 0
                except ChunkTaken as error:
                    later.append(chunk)
                    if not told and not waiting and not at_work:
                        told = True
                        warn(error.line())
                except BrokenProcessPool:
                    how, claim = worker.how_it_ended(), worker.claim(sweep, chunk)
                    worker = _Worker()
                    not_started += claim is None
                    deaths[chunk] += claim is not None
                    if not_started > AGAIN:
                        raise _no_start(how) from None
                    if claim is not None and deaths[chunk] > AGAIN:
                        lost.append(_lost_chunk(sweep, claim, deaths[chunk], how))
                    else:
                        waiting.appendleft(chunk)
                finally:
                    clock.going.discard(chunk)
                    idle.append(worker)
            clock.tell()
        return lost
    finally:
        for worker in (*idle, *(worker for worker, _ in at_work.values())):
            worker.end()


def _no_start(how: str) -> SweepStopped:
    return SweepStopped(
        f"workers do not start ({how}); see what they print, or work in this process with workers=1"
    )


def _lost_chunk(sweep: Sweep, claim: ChunkInProgress, times: int, how: str) -> LostChunk:
    rows = sweep.rows(claim.chunk)
    run = rows[min(claim.done, len(rows) - 1)]
    return LostChunk(claim.chunk, len(rows), times, run, sweep.runs[run].seed, how)


def _exit_cause(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {-code}, {signal.Signals(-code).name}"
    return f"exit code {code}"
