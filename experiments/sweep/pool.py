"""A pool of fresh interpreters on this machine that survives the death of its workers; chunks go
out, counts come back, rows never travel.

`concurrent.futures` gives up when one process dies and does not say what it was doing. Here each
worker has a pipe of its own: a closed pipe is a dead worker, its chunk goes to another one, at most
twice; then the chunk is given up and the sweep goes on. A worker whose parent is gone stops.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from coercivity.experiments.sweep.claims import PAUSE, Taken
from coercivity.experiments.sweep.defined import warn
from coercivity.experiments.sweep.folder import Sweep
from coercivity.experiments.sweep.progress import Clock
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.experiments.worlds.processes import fresh
from coercivity.experiments.worlds.threads import one_thread
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.layers import check_as_read

AGAIN: Final = 2  # times that a chunk is given out again after its worker died
TELL_EVERY: Final = 0.25  # seconds
LEAVES: Final = (
    60.0  # seconds that a worker whose pipe is closed may take to end: the machine may be busy
)
Work = Callable[..., Sequence[Any]]


@dataclass(frozen=True)
class Lost:
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


def serve(folder: str, parent: int, pipe: Connection, work: Work = work_on) -> None:
    """The life of a worker: take a chunk from the pipe, compute it, say so; until the pipe closes
    or the parent is gone.
    """
    with contextlib.suppress(ValueError, OSError):
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # Ctrl-C reaches the parent, which ends its workers
        signal.signal(signal.SIGTERM, leave)
    told, careful = 0.0, False

    def between(chunk: int, run: int, done: int) -> None:
        nonlocal told
        if os.getppid() != parent:
            raise SystemExit(1)
        if careful or time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            pipe.send(("at", chunk, run, done))

    try:
        pipe.send(("ready",))
        while True:
            question = pipe.recv()
            if question is None:
                return
            chunk, careful = question
            try:
                notes = work(folder, [chunk], between, wait=False)
            except Taken as error:
                pipe.send(("taken", chunk, error.line()))
                continue
            pipe.send(
                ("wrote", chunk, notes[0].runs, notes[0].failed, notes[0].seconds)
                if notes
                else ("there", chunk)
            )
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except (SweepStopped, InputError) as error:
        with contextlib.suppress(OSError):  # the parent may be gone
            pipe.send(("stopped", error))
    except Exception:  # a fault of ours: the parent shows it
        pipe.send(("broken", traceback.format_exc()))


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    ready: bool = False
    chunk: int | None = None
    run: int = -1
    leaving: bool = False


class Pool:
    """Gives chunks to workers until all are done or given up; one that another command is at is
    tried again until it is there or free.

    *work* stands in for `work_on`, for tests.
    """

    def __init__(
        self, sweep: Sweep, chunks: Iterable[int], workers: int, clock: Clock, work: Work = work_on
    ) -> None:
        check_as_read()
        self.sweep, self.clock, self.work = sweep, clock, work
        self.waiting = deque(chunks)
        self.later: list[int] = []  # others are at them
        self.due, self.told = 0.0, False
        self.count = max(1, min(workers, len(self.waiting)))
        self.deaths: Counter[int] = Counter()
        self.lost: list[Lost] = []
        self.workers: list[_Worker] = []
        self.never_ready = 0
        self.context = fresh()

    def run(self) -> list[Lost]:
        """Work until nothing waits; return the chunks that were given up. Raises SweepStopped where
        no chunk can be written or no worker starts, and what a worker refused as it was refused.
        """
        try:
            while (
                self.waiting
                or self.later
                or any(worker.chunk is not None for worker in self.workers)
            ):
                self._offer_again()
                while len(self.workers) < min(
                    self.count,
                    len(self.waiting) + sum(worker.chunk is not None for worker in self.workers),
                ):
                    self._start()
                for pipe in wait([worker.pipe for worker in self.workers], timeout=1.0):
                    self._hear(next(worker for worker in self.workers if worker.pipe is pipe))
                self.clock.tell()
            return self.lost
        finally:
            self._end()

    def _start(self) -> None:
        ours, theirs = self.context.Pipe()
        with one_thread():
            process = self.context.Process(
                target=serve,
                args=(str(self.sweep.folder), os.getpid(), theirs, self.work),
                daemon=True,
            )
            process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours))

    def _hear(self, worker: _Worker) -> None:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        match said:
            case ("at", chunk, run, done):
                worker.run = run
                self.clock.at(chunk, done)
            case ("wrote", chunk, runs, failed, seconds):
                worker.chunk = None
                self.clock.wrote(chunk, runs, failed, seconds)
                self._give(worker)
            case ("there", chunk):
                worker.chunk = None
                self.clock.there(chunk, len(self.sweep.rows(chunk)))
                self._give(worker)
            case ("taken", chunk, line):
                worker.chunk = None
                self.clock.lost(chunk)
                self.later.append(chunk)
                if (
                    not self.told
                    and not self.waiting
                    and all(one.chunk is None for one in self.workers)
                ):
                    self.told = True
                    warn(line)
                self._give(worker)
            case ("ready",):
                worker.ready, self.never_ready = True, 0
                self._give(worker)
            case ("stopped", error):
                raise error
            case ("broken", text):
                raise RuntimeError(f"a worker failed:\n{text}")

    def _give(self, worker: _Worker) -> None:
        with contextlib.suppress(
            BrokenPipeError, ConnectionResetError
        ):  # it died meanwhile: its pipe will say so
            if self.waiting:
                chunk = self.waiting.popleft()
                worker.chunk, worker.run = chunk, self.sweep.rows(chunk).start
                worker.pipe.send((chunk, self.deaths[chunk] > 0))
            elif not self.later:
                worker.leaving = True
                worker.pipe.send(None)

    def _offer_again(self) -> None:
        """Once a second, try the chunks that another command was at."""
        if self.later and time.monotonic() >= self.due:
            self.due = time.monotonic() + PAUSE
            self.waiting.extend(self.later)
            self.later.clear()
            for worker in self.workers:
                if worker.ready and worker.chunk is None and not worker.leaving:
                    self._give(worker)

    def _bury(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.join(LEAVES)
        code, chunk = worker.process.exitcode, worker.chunk
        if not worker.ready:
            self.never_ready += 1
            if self.never_ready > AGAIN:
                raise SweepStopped(
                    f"workers do not start ({_how(code)}); see what they print, or work in this "
                    "process with workers=1"
                )
        if chunk is None:
            return
        self.clock.lost(chunk)
        self.deaths[chunk] += 1
        if self.deaths[chunk] <= AGAIN:
            self.waiting.appendleft(chunk)
        else:
            self.lost.append(
                Lost(
                    chunk,
                    len(self.sweep.rows(chunk)),
                    self.deaths[chunk],
                    worker.run,
                    self.sweep.runs[worker.run].seed,
                    _how(code),
                )
            )

    def _end(self) -> None:
        for worker in self.workers:
            if worker.chunk is None:
                with contextlib.suppress(OSError):
                    worker.pipe.send(None)
            else:
                worker.process.terminate()
        for worker in self.workers:
            worker.process.join(5.0)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(5.0)
            worker.pipe.close()
        self.workers.clear()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {-code}, {signal.Signals(-code).name}"
    return f"exit code {code}"
