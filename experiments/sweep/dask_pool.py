"""A sweep on any Dask cluster: one task a chunk; the worker writes the part, and no result travels.

What is done is what lies on the disk: after each round the missing chunks are looked up there and
given out again, so a worker that is killed, a result that is lost and a task that fails cost time
and no data.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import platform
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.experiments.worlds.threads import one_thread
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.extras import require_packages

if TYPE_CHECKING:
    from coercivity.experiments.sweep.sweep_folder import Sweep

LOCAL: Final = "local"
PATIENCE: Final = 8.0  # seconds for the scheduler to answer
RETRIES: Final = 2  # of one task within a round, where it raises
IDLE_ROUNDS: Final = 2  # in a row without a single chunk finished: then it is no use
AHEAD: Final = 1_000  # tasks that the scheduler holds at a time, however large the sweep
LOOK: Final = 2.0  # seconds between looks at the cluster while nothing is reported
DESERTED: Final = 60.0  # seconds without any worker after which we give up
LOST: Final = "workers were lost"
NOBODY: Final = f"no workers for {DESERTED:.0f} s"

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(\d{1,5})")
_one_at_a_time = threading.Lock()  # in a worker with several threads: they would share one core


def check_address(address: str) -> None:
    """Raise InputError, within about ten seconds, unless Dask is installed and *address* is `local`
    or a scheduler with workers answers there.
    """
    asked = f"--dask '{shorten(address)}'"
    require_packages("distributed", "dask", asked)
    if address == LOCAL:
        return
    parts = _ADDRESS.fullmatch(address)
    if not parts or not 0 < int(parts[3]) < 65_536:
        raise InputError(
            "--dask '{value}' is not an address",
            "write tcp://HOST:PORT as the scheduler prints it, or local",
            value=address,
        )
    host, port = parts[2].strip("[]"), int(parts[3])
    try:
        with ThreadPoolExecutor(1) as thread:  # the caller may be inside an event loop
            workers = thread.submit(asyncio.run, _count_workers(address, host, port)).result()
    except Exception as error:  # whatever listens there may answer anything
        closed = isinstance(error, OSError) and error.errno and os.strerror(error.errno).lower()
        why = closed or f"no answer that Dask gives within {PATIENCE:g} s"
        raise InputError(
            "no Dask scheduler answers there ({why})",
            "mend the address or the cluster, or use --dask local",
            where=asked,
            why=why,
        ) from None
    if not workers:
        raise InputError(
            "the scheduler there has no workers",
            "start some first: dask worker {address} --nthreads 1",
            where=asked,
            address=address,
        )


async def _count_workers(address: str, host: str, port: int) -> int:
    """Ask the scheduler what it is; TimeoutError after PATIENCE seconds, which Dask's own client
    does not keep to.
    """
    from distributed.comm import connect
    from distributed.security import Security

    async with asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection(host, port)  # a closed port says so at once
        writer.close()
        comm = await connect(address, timeout=PATIENCE, **Security().get_connection_args("client"))
        try:
            await comm.write({"op": "identity", "n_workers": -1, "reply": True})
            return len((await comm.read())["workers"])
        finally:
            comm.abort()


def run_on_dask(
    sweep: Sweep,
    address: str,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> None:
    """Do the missing chunks of *sweep* on the Dask cluster at *address*: `tcp://host:port`, or
    `local` for *workers* processes on this machine.

    progress: called with the number of runs of each chunk that was finished. InputError as
    `check_address`; SweepStopped, with the reason that a worker gave last, where chunks are missing
    at the end: two rounds in a row without a part, the scheduler lost, or no workers for a minute.
    """
    from coercivity.experiments.sweep.finished_parts import missing_chunks
    from coercivity.experiments.worlds.class_loading import check_rules

    missing = missing_chunks(sweep)
    if not missing:
        return
    check_rules(sweep.design.contents, sweep.design.world)
    check_address(address)
    idle, reason, cause = 0, LOST, None
    with _client(address, workers) as client:
        while missing and idle < IDLE_ROUNDS:
            why, error = _round(client, sweep, missing, progress)
            if why:
                reason, cause = why, error
            left = missing_chunks(sweep)
            idle = idle + 1 if len(left) == len(missing) else 0
            missing = left
            if reason == NOBODY:
                break
            if client.status != "running":
                reason, idle = f"lost the scheduler at {address}", IDLE_ROUNDS
    if missing:
        safe = sweep.chunks - len(missing)
        raise SweepStopped(
            f"Dask: {reason}; {safe} of {sweep.chunks} chunks are safe, run the same command again"
        ) from cause


@contextlib.contextmanager
def _client(address: str, workers: int | None) -> Iterator[Any]:
    """A client of the cluster, which is closed at the end, with `local` the cluster too. Dask tells
    of every lost worker; ours to say is what it means for the sweep.
    """
    from distributed import Client, LocalCluster

    from coercivity.experiments.worlds.run import count_workers

    with silence_loggers("distributed"), contextlib.ExitStack() as stack:
        where: Any = address
        if address == LOCAL:
            stack.enter_context(one_thread())
            scratch = tempfile.TemporaryDirectory("", "coercivity-dask-", None, True)
            where = LocalCluster(
                n_workers=workers or count_workers(0, 1_000),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                memory_limit=0,
                silence_logs=logging.CRITICAL,
                local_directory=stack.enter_context(scratch),
            )
            stack.enter_context(where)
        try:
            client = Client(where, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                "the scheduler does not take us ({why})",
                "mend the cluster, or use --dask local",
                where=f"--dask '{address}'",
                why=Phrase(shorten(error, 80)),
            ) from None
        yield stack.enter_context(client)


@contextlib.contextmanager
def silence_loggers(name: str) -> Iterator[None]:
    """The loggers of a library say nothing meanwhile; those of the caller are left alone."""
    library = [
        logger
        for known, logger in logging.root.manager.loggerDict.items()
        if isinstance(logger, logging.Logger) and f"{known}.".startswith(f"{name}.")
    ]
    levels = {logger: logger.level for logger in (logging.getLogger(name), *library)}
    for logger in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


def _round(
    client: Any, sweep: Sweep, chunks: Sequence[int], progress: Callable[[int], None] | None
) -> tuple[str, BaseException | None]:
    """Give every chunk to the cluster once and wait until each is over, well or not, or the cluster
    is gone; return why one failed and what its worker raised, "" and None where none did.
    """
    waiting, going = list(reversed(chunks)), dict[Any, int]()
    reason, error = "", None
    task, ours = _task(), packages()
    seen = asked = time.monotonic()  # when somebody last worked, and when we last asked
    try:
        while (waiting or going) and client.status == "running":
            while waiting and len(going) < AHEAD:
                chunk, folder = waiting.pop(), str(sweep.folder)
                future = client.submit(task, folder, chunk, ours, retries=RETRIES, pure=False)
                going[future] = chunk
            over = [future for future in going if future.status != "pending"]
            for future in over:
                chunk = going.pop(future)
                if future.status == "finished" and progress is not None:
                    progress(len(sweep.rows(chunk)))
                elif future.status == "error":
                    error = _ask_cluster(partial(future.exception, timeout=LOOK))
                    reason = LOST if error is None else f"chunk {chunk}: {_error_line(error)}"
            now = time.monotonic()
            if over:
                seen = asked = now
            elif now - asked > LOOK:
                asked = now
                if _ask_cluster(client.nthreads):
                    seen = now
            if now - seen > DESERTED:
                return NOBODY, error
            if not over:
                time.sleep(0.02)
    finally:
        if going and client.status == "running":
            client.cancel(list(going))
    return reason, error


def _ask_cluster(ask: Callable[[], Any]) -> Any:
    """What the cluster answers; None where it does not in time or is gone."""
    try:
        return ask()
    except (OSError, TimeoutError):  # the loop finds out by the client's status
        return None


def _error_line(error: BaseException) -> str:
    return shorten(f"{type(error).__name__}: {error}", 200)


def _task() -> Callable[[str, int, dict[str, str]], None]:
    """What Dask is given. A function inside a function travels whole, so that the scheduler need
    not have Coercivity; the workers must.
    """

    def chunk_on_dask(folder: str, chunk: int, ours: dict[str, str]) -> None:
        from coercivity.experiments.sweep.dask_pool import do_chunk as work

        work(folder, chunk, ours)

    return chunk_on_dask


def packages() -> dict[str, str]:
    """Versions of what can change a value here."""
    from coercivity.experiments.worlds.output_tables import package_versions

    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, **{name: str(one) for name, one in package_versions().items()}}


def do_chunk(folder: str, chunk: int, ours: dict[str, str]) -> None:
    """On a worker: compute one chunk and write its part. Raises InputError where the worker has
    other packages than *ours* or does not see the sweep; nothing is written then.
    """
    from coercivity.experiments.sweep.worker import work_on

    here = packages()
    if other := next((name for name in ours if here.get(name) != ours[name]), ""):
        raise InputError(
            "a worker has {package} {version} instead of {wanted}",
            "install the same on all",
            package=other,
            version=here.get(other),
            wanted=ours[other],
        )
    with _one_at_a_time:
        work_on(folder, [chunk])
