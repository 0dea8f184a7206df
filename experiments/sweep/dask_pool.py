"""A sweep on any Dask cluster: one task a chunk; the worker writes the part, and no result travels.

What is done is what lies on the disk: after each round the missing chunks are looked up there and
given out again, so a worker that is killed, a result that is lost and a task that fails cost time
and no data.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.atomic import SweepStopped
from coercivity.experiments.sweep.dask_cluster import check_cluster, connected, reach
from coercivity.model.basis.errors import shorten

if TYPE_CHECKING:
    from coercivity.experiments.sweep.folder import Sweep

RETRIES: Final = 2  # of one task within a round, where it raises
IDLE_ROUNDS: Final = 2  # in a row without a single chunk finished: then it is no use
AHEAD: Final = (
    1_000  # tasks that the scheduler holds at a time: its memory does not grow with the sweep
)
LOOK: Final = 2.0  # seconds between looks at the cluster while nothing is reported
DESERTED: Final = 60.0  # seconds without any worker after which we give up

_one_at_a_time = (
    threading.Lock()
)  # in a worker process with several threads: they would share one core


def check_address(address: str) -> None:
    """Raise InputError, within about ten seconds, unless Dask is installed and *address* is `local`
    or a scheduler with workers answers there.
    """
    reach(address)


def run_on_dask(
    sweep: Sweep,
    address: str,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> None:
    """Do the missing chunks of *sweep* on the Dask cluster at *address*: `tcp://host:port`, or
    `local` for *workers* processes on this machine.

    progress: called with the number of runs of each chunk that was finished. InputError before any
    run: no Dask here, no cluster at the address, no workers, a worker with other packages or
    without sight of the folder. SweepStopped where chunks are missing at the end.
    """
    from coercivity.experiments.sweep.missing import missing_chunks

    missing = missing_chunks(sweep)
    if not missing:
        return
    with connected(address, workers) as client:
        check_cluster(client, address, sweep)
        idle = number = 0
        while missing and idle < IDLE_ROUNDS:
            reason = _Round(client, sweep, number, progress).run(missing)
            left = missing_chunks(sweep)
            idle = idle + 1 if len(left) == len(missing) else 0
            missing, number = left, number + 1
            if client.status != "running":
                reason = f"lost the scheduler at {address}"
                break
    if missing:
        safe = sweep.chunks - len(missing)
        raise SweepStopped(
            f"Dask: {reason or 'workers were lost'}; {safe} of {sweep.chunks} chunks are "
            "safe, run the same command again"
        )


class _Round:
    """Gives every chunk of a list to the cluster once and waits until the scheduler has said of
    each that it is over, well or not.
    """

    def __init__(
        self, client: Any, sweep: Sweep, number: int, progress: Callable[[int], None] | None
    ) -> None:
        self.client, self.sweep, self.progress = client, sweep, progress
        self.prefix = f"coercivity-{sweep.fingerprint}-{client.id}-{number}"
        self.over: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.task = _task()
        self.going: dict[str, tuple[Any, int]] = {}  # key: (future, chunk)
        self.reason = ""

    def run(self, chunks: Sequence[int]) -> str:
        """Return why a chunk failed, "" where none did."""
        waiting = iter(chunks)
        try:
            for chunk in islice(waiting, AHEAD):
                self._give(chunk)
            while self.going:
                self._take(self._next())
                for chunk in islice(waiting, 1):
                    self._give(chunk)
        finally:
            if self.going and self.client.status == "running":
                self.client.cancel([future for future, _ in self.going.values()])
        return self.reason

    def _give(self, chunk: int) -> None:
        future = self.client.submit(
            self.task,
            str(self.sweep.folder),
            chunk,
            key=f"{self.prefix}-{chunk}",
            retries=RETRIES,
            pure=False,
        )
        self.going[future.key] = future, chunk
        future.add_done_callback(self.over.put)

    def _next(self) -> Any:
        """The next future that is over. SweepStopped where the cluster is gone."""
        seen = time.monotonic()
        while True:
            try:
                return self.over.get(timeout=LOOK)
            except queue.Empty:
                if self.client.status != "running":
                    raise SweepStopped(
                        "Dask: lost the scheduler; what was written is safe, run the same "
                        "command again"
                    ) from None
                if self.client.nthreads():
                    seen = time.monotonic()
                elif time.monotonic() - seen > DESERTED:
                    raise SweepStopped(
                        f"Dask: no workers for {DESERTED:.0f} s; what was written is safe, "
                        "run the same command again"
                    ) from None

    def _take(self, future: Any) -> None:
        _, chunk = self.going.pop(future.key)
        if future.status == "finished":
            if self.progress is not None:
                self.progress(len(self.sweep.rows(chunk)))
        elif future.status == "error":
            error = future.exception(timeout=LOOK)
            self.reason = f"chunk {chunk}: {shorten(f'{type(error).__name__}: {error}', 200)}"


def _task() -> Callable[[str, int], int]:
    """What Dask is given. A function inside a function travels whole, so that the scheduler need
    not have Coercivity; the workers must.
    """

    def chunk_on_dask(folder: str, chunk: int) -> int:
        from coercivity.experiments.sweep.dask_pool import do_chunk as work

        return work(folder, chunk)

    return chunk_on_dask


def do_chunk(folder: str, chunk: int) -> int:
    """On a worker: compute one chunk, write its part, return the number of runs written now."""
    from coercivity.experiments.sweep.worker import work_on

    with _one_at_a_time:
        return sum(note.runs for note in work_on(folder, [chunk]))
