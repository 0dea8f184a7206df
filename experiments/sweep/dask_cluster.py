"""Reaching a Dask cluster: whether one answers at an address, whether its workers have what we
have, and peace from its messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from coercivity.model.basis.errors import InputError, shorten

if TYPE_CHECKING:
    from coercivity.experiments.sweep.folder import Sweep

LOCAL: Final = "local"
PATIENCE: Final = 8.0  # seconds for the scheduler to answer
SAME: Final = (
    "coercivity",
    "numpy",
    "scipy",
    "mesa",
    "pandas",
    "pyarrow",
    "distributed",
    "cloudpickle",
)  # on client and workers
NOISY: Final = (
    "distributed",
    "distributed.client",
    "distributed.gc",
    "tornado",
    "tornado.application",
    "asyncio",
)

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(\d{1,5})")


def reach(address: str) -> None:
    """Raise InputError unless Dask is installed and *address* is `local` or a scheduler with at
    least one worker answers there within seconds.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise InputError(
            f"--dask '{shorten(address)}': Dask is not installed; install it with: pip "
            "install 'coercivity[dask]'"
        ) from None
    if address == LOCAL:
        return
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found[3]) < 65_536:
        raise InputError(
            f"--dask '{shorten(address)}' is not an address; write tcp://HOST:PORT as the "
            "scheduler prints it, or local"
        )
    try:
        with (
            _quiet(),
            ThreadPoolExecutor(1) as thread,
        ):  # in a thread: the caller may be inside an event loop
            workers = thread.submit(
                asyncio.run, _count_workers(address, found[2].strip("[]"), int(found[3]))
            ).result()
    except Exception as error:  # whatever listens there may answer anything
        raise InputError(
            f"--dask '{address}': no Dask scheduler answers there ({_why(error)}); mend "
            "the address or the cluster, or use --dask local"
        ) from None
    if not workers:
        raise InputError(
            f"--dask '{address}': the scheduler there has no workers; start some first: "
            f"dask worker {address} --nthreads 1"
        )


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError) or not isinstance(error, OSError):
        return (
            f"no answer within {PATIENCE:.0f} s"
            if isinstance(error, TimeoutError)
            else "something else listens there"
        )
    return (
        os.strerror(error.errno).lower()
        if error.errno and error.errno > 0
        else shorten(error.strerror or error, 80).lower()
    )


async def _count_workers(address: str, host: str, port: int) -> int:
    """Ask the scheduler what it is; TimeoutError after PATIENCE seconds, which Dask's own client
    does not keep to.
    """
    from distributed.comm import connect
    from distributed.security import Security

    async with asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection(
            host, port
        )  # says at once that a port is closed, where Dask would try again and again
        writer.close()
        comm = await connect(address, timeout=PATIENCE, **Security().get_connection_args("client"))
        try:
            await comm.write({"op": "identity", "n_workers": -1, "reply": True})
            return len((await comm.read())["workers"])
        finally:
            comm.abort()


@contextlib.contextmanager
def connected(address: str, workers: int | None = None) -> Iterator[Any]:
    """Give a client of the cluster at *address*, and close it (and with `local` the cluster of
    *workers* processes); InputError as `reach`.
    """
    reach(address)
    with _quiet(), contextlib.ExitStack() as stack:
        from distributed import Client

        where = stack.enter_context(_local_cluster(workers)) if address == LOCAL else address
        try:
            client = stack.enter_context(Client(where, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise InputError(
                f"--dask '{address}': the scheduler does not take us "
                f"({shorten(error, 80)}); mend the cluster, or use --dask local"
            ) from None
        yield client


@contextlib.contextmanager
def _local_cluster(workers: int | None) -> Iterator[Any]:
    """Worker processes on this machine, one thread each, without a page; what they keep on disk
    goes when they go.
    """
    from distributed import LocalCluster

    from coercivity.experiments.sweep.threads import one_thread
    from coercivity.experiments.worlds.run import count_workers

    options: dict[str, Any] = {
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
    }
    with (
        one_thread(),
        tempfile.TemporaryDirectory(prefix="coercivity-dask-", ignore_cleanup_errors=True) as place,
        LocalCluster(
            n_workers=workers or count_workers(0, 1_000),
            local_directory=place,
            host="127.0.0.1",
            **options,
        ) as cluster,
    ):
        yield cluster


def check_cluster(client: Any, address: str, sweep: Sweep) -> None:
    """Raise InputError where a worker has other packages than we have, or does not see the folder
    of the sweep as we see it.
    """
    found = client.get_versions(packages=list(SAME))
    ours = _versions(found["client"])
    for worker, theirs in found["workers"].items():
        if different := _difference(ours, _versions(theirs)):
            raise InputError(
                f"--dask '{address}': worker {worker} has {different}; install the same on both"
            )
    if different := _difference(ours, _versions(found["scheduler"]), ("python", "distributed")):
        raise InputError(
            f"--dask '{address}': the scheduler has {different}; install the same on both"
        )
    for worker, problem in client.run(folder_problem, str(sweep.folder), sweep.fingerprint).items():
        if problem:
            raise InputError(f"--dask '{address}': worker {worker}: {problem}")


def _versions(found: Mapping[str, Any]) -> dict[str, str]:
    """Package: version; of Python the first two numbers."""
    packages = {
        name: str(version) if version else "none" for name, version in found["packages"].items()
    }
    return {**packages, "python": ".".join(packages["python"].split(".")[:2])}


def _difference(
    ours: Mapping[str, str], theirs: Mapping[str, str], names: tuple[str, ...] = ("python", *SAME)
) -> str | None:
    """The first package that differs, in words: "numpy 2.3.1 instead of 2.4.6"."""
    return next(
        (
            f"{name} {theirs[name]} instead of {ours[name]}"
            for name in names
            if ours[name] != theirs[name]
        ),
        None,
    )


def folder_problem(folder: str, fingerprint: str) -> str | None:
    """Run on a worker: why it cannot work on the sweep in *folder*; None where it can."""
    from coercivity.experiments.sweep.folder import open_sweep
    from coercivity.experiments.sweep.places import SWEEP

    if not os.path.isfile(os.path.join(folder, SWEEP)):
        return f"it does not see folder '{folder}'; put --out on a disk that all workers share"
    try:
        return (
            None
            if open_sweep(folder).fingerprint == fingerprint
            else f"folder '{folder}' is another sweep's there; put --out on a disk that all share"
        )
    except InputError as error:
        return str(error)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask tells of every lost worker and closed connection; ours to say is what it means for the
    sweep.
    """
    import distributed  # noqa: F401  its import sets the levels

    before = {name: logging.getLogger(name).level for name in NOISY}
    try:
        for name in NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
