"""Processes that work for this one: each has a fresh interpreter that does not read the script that
asked, one thread for numbers, and ends when this one does, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coercivity.experiments.worlds.threads import one_thread
from coercivity.model.basis.errors import InputError, Phrase, shorten

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Task = TypeVar("Task")
Answer = TypeVar("Answer")
MAIN: Final = "__main__"
_beginning = threading.Lock()
_read: list[str] = []  # files of somebody's that are being read, the innermost last


class _IsolatedProcess(SpawnProcess):
    """A process that begins without a look at who asked."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        if _read:
            raise InputError(
                "'{file}' is read for a class in it and asks for processes meanwhile",
                "put the class into a file of its own, or what asks under if __name__ == "
                '"__main__":',
                file=Phrase(shorten(_read[-1], 200)),
            )
        with _without_main():
            return SpawnProcess._Popen(process_obj)


class _IsolatedContext(SpawnContext):
    Process = _IsolatedProcess


def fresh() -> SpawnContext:
    """How processes begin here: from nothing, without the file that runs.

    A forked copy of a process with threads (a server, a notebook) can hang. One that is spawned
    reads the script that asked once more, and a script without `if __name__ == "__main__"` would
    ask there again. What works here is found by its module, a class of a script by the script's
    path (`world_class.py`), so nobody needs the script.
    """
    return _IsolatedContext()


@contextlib.contextmanager
def reading(path: str | os.PathLike[str]) -> Iterator[None]:
    """While a file is read for a class in it, nothing in it begins processes: they would read it
    again, and so on.
    """
    _read.append(os.fspath(path))
    try:
        yield
    finally:
        _read.pop()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """While a process begins, what runs has no file that the process could read."""
    with _beginning:
        here = sys.modules[MAIN]
        sys.modules[MAIN] = ModuleType(MAIN)
        try:
            yield
        finally:
            sys.modules[MAIN] = here


@contextlib.contextmanager
def helpers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes. What has not begun is dropped where the block ends with an error. Raises
    InputError where they would find other facts than this process has read.
    """
    from concurrent.futures import ProcessPoolExecutor

    from coercivity.model.basis.facts import check_as_read

    check_as_read()
    with one_thread():
        pool = ProcessPoolExecutor(count, mp_context=fresh(), initializer=end_with_parent)
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        pool.shutdown()


def map_tasks(
    function: Callable[[Task], Answer], tasks: Sequence[Task], workers: int
) -> list[Answer]:
    """The function of every task, in order, in this process or several; the answer does not depend
    on it.
    """
    if workers == 1:
        return [function(task) for task in tasks]
    with helpers(workers) as pool:
        return list(pool.map(function, tasks))


def end_with_parent() -> None:
    """In a worker: end when whoever started it has ended, be it by SIGKILL in the midst of a run of
    ours.
    """
    from multiprocessing import parent_process

    parent: Any = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent,), daemon=True).start()


def _wait_and_end(parent: Any) -> None:
    parent.join()
    os._exit(1)
