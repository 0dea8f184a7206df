"""Worker processes that run worlds for the pages, so that the process which talks to the browsers
never has to.

A queue stands before a standard process pool: levers first, then pages, then the draws of bands,
then guesses at what is asked next; what nobody waits for any more is dropped before it runs, and a
draw or a guess that runs makes room for a lever, to be begun anew when there is time. Two
visitors who ask the same thing share one answer, and parts of it that are told before it is whole
(`parts`). A worker that dies is replaced and its job is tried once more.
"""

from __future__ import annotations

import heapq
import itertools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from coercivity.experiments.worlds.processes import end_with_parent, fresh
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.basis.errors import InputError
from coercivity.viz.server.lab_jobs import warm_worker
from coercivity.viz.server.partial_answers import (
    AnswerDropped,
    Heard,
    PartListener,
    answer,
    connect,
)

LEVER, PAGE, BAND, GUESS = 0, 1, 2, 3  # lower goes first
LONGEST_QUEUE: Final = 2000
ROOM: Final = {BAND: 0.6, GUESS: 0.3}  # of it, for those who can wait: a lever always finds a place
KEPT_BYTES: Final = 48_000_000  # answers that the next visitor may ask for again


class Key:
    """What is asked: a function and plain hashable values. Its hash is reckoned once, before the
    lock is taken: that of a scenario runs over all of its acts, and a full queue is looked through
    often.
    """

    __slots__ = ("_hash", "parts")

    def __init__(self, *parts: Any) -> None:
        self.parts, self._hash = parts, parts.__hash__()  # for tables of this process alone

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Key) and self._hash == other._hash and self.parts == other.parts
        )


@dataclass
class _Job:
    """A job, those who wait for it, and its place in the queue."""

    key: Key
    priority: int
    waiting: list[Future[Any]] = field(default_factory=list)
    tries: int = 0
    runs: bool = False
    band: bool = False  # whether it runs as the draw of a band or as a guess
    listening: list[tuple[Future[Any], Heard]] = field(default_factory=list)
    part: str = ""  # what was told of the answer so far
    number: int = 0  # under which its parts are told
    pool: Any = None  # that it was given to last
    yields: bool = False  # it was told to make room


class WorkerPool:
    """The queue and its workers. `make` builds the pool; tests give a pool of threads."""

    def __init__(self, workers: int = 0, make: Callable[[int], Any] | None = None) -> None:
        self.workers = count_workers(workers, 64)
        self._make = make or self._processes
        self._pool: Any = None
        self._lock = threading.RLock()
        self._queue: list[tuple[int, int, _Job]] = []
        self._jobs: dict[Key, _Job] = {}
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._bytes = 0
        self._order = itertools.count(1)
        self._ear: PartListener | None = None
        self._running = self._bands = 0
        self._pumping = False
        self.done = 0
        self.asked = 0  # questions so far

    def ask(
        self,
        function: Callable[..., Any],
        *args: Any,
        priority: int = PAGE,
        heard: Heard | None = None,
    ) -> Future[Any]:
        """The future answer of function(*args), a module-level function of plain hashable values.

        Cancel it when nobody waits any more. heard: called, in a thread of the engine's, with each
        part that is told before the whole is there; it may not take long.

        Raises InputError when the server has more to do than it can promise.
        """
        future: Future[Any] = Future()
        key = Key(function, *args)
        with self._lock:
            self.asked += 1
            if key in self._kept:
                self._kept.move_to_end(key)
                future.set_result(self._kept[key])
                return future
            job = self._jobs.get(key)
            if job is None:
                most = ROOM.get(priority, 1.0) * LONGEST_QUEUE
                if len(self._queue) >= most:
                    self._sweep()
                if len(self._queue) >= most:
                    raise InputError(
                        "the server has too much to do just now", "try again in a minute"
                    )
                job = self._jobs[key] = _Job(key, priority)
                heapq.heappush(self._queue, (priority, next(self._order), job))
            elif priority < job.priority:  # somebody is in more of a hurry for the same thing
                job.priority = priority
                heapq.heappush(self._queue, (priority, next(self._order), job))
            job.waiting.append(future)
            told = job.part
            if heard is not None:
                job.listening.append((future, heard))
        future.add_done_callback(partial(self._left, job))
        if heard is not None and told:
            heard(told)
        self._pump()
        if not job.runs and job.priority < BAND:
            self._make_room()
        return future

    @property
    def idle(self) -> bool:
        """Whether a worker has nothing to do."""
        return self._running < self.workers

    @property
    def at_rest(self) -> bool:
        """Whether nobody waits for anything."""
        return self._running == 0 and not self._queue

    def stop(self) -> None:
        """End the workers; what is queued is dropped."""
        with self._lock:
            self._queue.clear()
            pool, self._pool = self._pool, None
            ear, self._ear = self._ear, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        if ear is not None:
            ear.close()

    def _sweep(self) -> None:
        """Take what nobody waits for any more out of the queue: hands that move levers leave many
        such behind.
        """
        waiting = {}
        for _, _, job in self._queue:
            job.waiting = [future for future in job.waiting if not future.cancelled()]
            if self._jobs.get(job.key) is job and not job.runs:
                if job.waiting:
                    waiting[job.key] = (job.priority, next(self._order), job)
                else:
                    del self._jobs[job.key]
        self._queue = list(waiting.values())
        heapq.heapify(self._queue)

    def _pump(self) -> None:
        """Give free workers the next jobs that somebody still waits for."""
        with self._lock:
            if self._pumping:  # whoever is at it looks again before he leaves
                return
            self._pumping = True
        while True:
            with self._lock:
                started = self._start()
                if started is None:
                    self._pumping = False
                    return
            job, running = started
            running.add_done_callback(partial(self._finish, job))

    def _start(self) -> tuple[_Job, Future[Any]] | None:
        """Start the next job; None when no worker is free or nothing is left to do."""
        while self._queue and self._running < self.workers:
            if self._queue[0][0] >= BAND and self._bands >= self._most_bands:
                return None
            _, _, job = heapq.heappop(self._queue)
            if self._jobs.get(job.key) is not job or job.runs:
                continue  # it was queued twice, and runs or is done already
            job.waiting = [future for future in job.waiting if not future.cancelled()]
            if not job.waiting:
                del self._jobs[job.key]
                continue
            job.tries, job.runs, job.band = job.tries + 1, True, job.priority >= BAND
            self._running += 1
            self._bands += job.band
            try:
                if self._pool is None:
                    self._pool = self._make(self.workers)
                job.pool = self._pool
                return job, self._pool.submit(*self._call(job))
            except (
                Exception
            ) as error:  # a worker has died while nobody looked, or none can be started
                running: Future[Any] = Future()
                running.set_exception(error)
                return job, running
        return None

    @property
    def _most_bands(self) -> int:
        """How many draws and guesses may run at a time: where they cannot be told to make room, one
        worker stays free for the next lever.
        """
        return self.workers if self._ear is not None else max(1, self.workers - 1)

    def _make_room(self) -> None:
        """Tell one draw or guess that runs to end, where every worker has something to do."""
        with self._lock:
            running = [job for job in self._jobs.values() if job.runs and job.number]
            if self._ear is None or self._running < self.workers:
                return
            fit = [job for job in running if job.priority >= BAND and not job.yields]
            if fit:  # the guess before the draw, and what has run for the shortest time
                last = max(fit, key=lambda job: (job.priority, job.number))
                last.yields = True
                self._ear.drop(last.number)

    def _call(self, job: _Job) -> tuple[Any, ...]:
        """What the pool is given."""
        hear = partial(self._hear, job)
        if self._ear is None:  # the worker is a thread
            return (answer, hear, *job.key.parts) if job.listening else job.key.parts
        job.number = next(self._order)
        self._ear.expect(job.number, hear)
        return (answer, job.number, *job.key.parts)

    def _left(self, job: _Job, future: Future[Any]) -> None:
        """Somebody may have gone: what runs for nobody is dropped."""
        if not future.cancelled():
            return
        with self._lock:
            ear, number = self._ear, job.number
            if not job.runs or not all(one.cancelled() for one in job.waiting):
                return
        if ear is not None:
            ear.drop(number)

    def _hear(self, job: _Job, part: str) -> None:
        """A part of the answer has come."""
        with self._lock:
            job.part = part
            listening = [heard for future, heard in job.listening if not future.cancelled()]
        for heard in listening:
            heard(part)

    def _finish(self, job: _Job, done: Future[Any]) -> None:
        error = done.exception() if not done.cancelled() else InputError("the server is stopping")
        with self._lock:
            self._running -= 1
            self._bands -= job.band
            self.done += 1
            job.runs = job.yields = False
            if self._ear is not None:
                self._ear.forget(job.number)
            if isinstance(error, BrokenProcessPool):
                if self._pool is job.pool:  # else another job that broke with it has seen to that
                    self._pool = None
                if job.tries < 2:
                    heapq.heappush(self._queue, (job.priority, next(self._order), job))
                    error = None
                    waiting: list[Future[Any]] = []
                else:
                    waiting = self._take(job)
            elif isinstance(error, AnswerDropped) and not all(
                one.cancelled() for one in job.waiting
            ):
                job.tries -= 1  # somebody came for it after all, or it made room
                heapq.heappush(self._queue, (job.priority, next(self._order), job))
                error, waiting = None, []
            else:
                waiting = self._take(job)
                if error is None:
                    self._keep(job.key, done.result())
        for future in waiting:
            if future.set_running_or_notify_cancel():
                if error is None:
                    future.set_result(done.result())
                else:
                    future.set_exception(error)
        self._pump()

    def _processes(self, workers: int) -> ProcessPoolExecutor:
        # A fresh interpreter for each worker: a forked copy of a process with threads can hang.
        if self._ear is None:
            self._ear = PartListener()
        return ProcessPoolExecutor(
            workers,
            mp_context=fresh(),
            initializer=_begin,
            initargs=(self._ear.address,),
        )

    def _take(self, job: _Job) -> list[Future[Any]]:
        self._jobs.pop(job.key, None)
        return job.waiting

    def _keep(self, key: Key, answer: Any) -> None:
        """Keep texts and packed draws for whoever asks next."""
        if not isinstance(answer, (str, bytes)) or len(answer) > KEPT_BYTES // 8:
            return
        self._kept[key] = answer
        self._bytes += len(answer)
        while self._bytes > KEPT_BYTES:
            _, old = self._kept.popitem(last=False)
            self._bytes -= len(old)


_making = threading.Lock()
_engine: list[WorkerPool] = []


def worker_pool() -> WorkerPool:
    """The engine of this server process, made once whoever asks first: two visitors may come at the
    same moment.
    """
    with _making:
        if not _engine:
            _engine.append(WorkerPool())
        return _engine[0]


def ask_engine(
    function: Callable[..., Any], *args: Any, priority: int = PAGE, heard: Heard | None = None
) -> Future[Any]:
    """Ask the server's pool of workers; see `WorkerPool.ask`."""
    return worker_pool().ask(function, *args, priority=priority, heard=heard)


def warm_up() -> None:
    """Start the workers and let each make its first world, so that the first visitor does not wait
    for it.
    """
    for number in range(worker_pool().workers):
        ask_engine(warm_worker, number, priority=LEVER)


def _begin(address: str | None) -> None:
    """In a worker: Ctrl-C is for the server, one world uses one core, nobody works for a server
    that was killed, and parts of answers have a line to go by.
    """
    import signal

    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "nice"):
        os.nice(5)  # whoever talks to the browsers goes first
    if address is not None:
        connect(address)
