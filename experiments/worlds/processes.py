"""Processes that work for this one: each has a fresh interpreter, one thread for numbers, and ends
when this one does, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from coercivity.experiments.sweep.threads import one_thread

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Task = TypeVar("Task")
Answer = TypeVar("Answer")


@contextlib.contextmanager
def helpers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes. What has not begun is dropped where the block ends with an error.

    A forked copy of a process with threads (a server, a notebook) can hang, so each begins from
    nothing.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with one_thread():
        pool = ProcessPoolExecutor(
            count, mp_context=get_context("spawn"), initializer=end_with_parent
        )
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        pool.shutdown()


def each(function: Callable[[Task], Answer], tasks: Sequence[Task], workers: int) -> list[Answer]:
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
