"""Asking the engine from a page: the newest question counts, an older one that nobody waits for is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import solara

from coercivity.model.errors import InputError
from coercivity.viz.engine import PAGE, ask
from coercivity.viz.words import FAILED

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """The newest answer that is there (it may still be that of the last question), whether another is being computed, and what went wrong."""

    value: Any = None
    busy: bool = False
    problem: str = ""
    key: tuple[Any, ...] | None = None


def use_job(function: Callable[..., Any], *args: Any, priority: int = PAGE, wanted: bool = True) -> Answer:
    """The answer of ``function(*args)`` by a worker process; asked when the arguments change and *wanted* is true."""
    key = (function, *args) if wanted else None
    answer, set_answer = solara.use_state(Answer())

    def start() -> Callable[[], None] | None:
        if key is None:
            return None
        live = {"on": True}

        def done(future: Future[Any]) -> None:
            if live["on"] and not future.cancelled():
                value, problem = outcome(future, key)
                set_answer(lambda before: Answer(before.value if problem else value, False, problem, key))

        try:
            future = ask(function, *args, priority=priority)
        except InputError as error:
            refused = str(error)
            set_answer(lambda before: Answer(before.value, False, refused, key))
            return None
        if future.done():
            done(future)
        else:
            when_done(future, done)

        def stop() -> None:
            live["on"] = False
            future.cancel()

        return stop

    solara.use_effect(start, [key])
    busy = key is not None and answer.key != key
    return Answer(answer.value, busy, "" if busy else answer.problem, answer.key)


def outcome(future: Future[Any], what: object) -> tuple[Any, str]:
    """Value and problem of a future that is done; what is not the visitor's fault goes to the log too."""
    error = future.exception()
    if error is None:
        return future.result(), ""
    if isinstance(error, InputError):
        return None, str(error)
    _log.error("a job failed: %s", what, exc_info=error)
    return None, FAILED


def when_done(future: Future[Any], act: Callable[[Future[Any]], None], context: Any = None) -> None:
    """Call *act* in this visitor's own context once the future is done, in a thread of ours: the engine's may not wait for a page."""
    context = context or current_context()

    def run(done: Future[Any]) -> None:
        if context is None:
            act(done)
        elif not context.closed_event.is_set():
            with context:
                act(done)

    future.add_done_callback(lambda done: _tellers().submit(run, done))


def current_context() -> Any:
    """The visitor's kernel, None outside of a server."""
    from solara.server.kernel_context import get_current_context, has_current_context

    return get_current_context() if has_current_context() else None


@cache
def _tellers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4, thread_name_prefix="tell")
