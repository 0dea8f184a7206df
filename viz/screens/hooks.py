"""Asking the engine from a page: the newest question counts, an older one that nobody waits for is
dropped.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

import solara

from coercivity.model.basis.errors import InputError
from coercivity.viz.server.kernels import Kernels
from coercivity.viz.server.worker_pool import PAGE, ask_engine
from coercivity.viz.words.language import say
from coercivity.viz.words.names import FAILED
from coercivity.viz.words.refusals import refusal_in_words

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """The newest answer that is there (it may still be that of the last question), whether another
    is being computed, and what went wrong. `part`: of what is being computed, as far as it was
    told.
    """

    value: Any = None
    busy: bool = False
    problem: str = ""
    key: tuple[Any, ...] | None = None
    part: str = ""

    @property
    def settled(self) -> Any:
        """The answer to what is asked now; '' while that is being computed."""
        return "" if self.busy else self.value or ""


def use_job(
    function: Callable[..., Any],
    *args: Any,
    priority: int = PAGE,
    wanted: bool = True,
    parts: bool = False,
) -> Answer:
    """The answer of ``function(*args)`` by a worker process; asked when the arguments change and
    *wanted* is true. parts: hear what is told of it before it is whole.
    """
    key = (function, *args) if wanted else None
    answer, set_answer = solara.use_state(Answer())
    part, set_part = solara.use_state((key, ""))
    turn = solara.use_memo(threading.RLock, [])  # an answer comes before the next question or not

    def start() -> Callable[[], None] | None:
        if key is None:
            return None
        live = {"on": True}
        context = current_context()

        def told(text: str) -> None:
            if live["on"]:
                set_part((key, text))

        def done(future: Future[Any]) -> None:
            if not live["on"] or future.cancelled():
                return
            value, problem = outcome(future, key)
            with turn:
                if live["on"]:
                    live["on"] = False  # what is told of it from now on is late
                    set_answer(
                        lambda now: Answer(now.value if problem else value, False, problem, key)
                    )

        try:
            heard = (lambda text: tell_page(lambda: told(text), context)) if parts else None
            future = ask_engine(function, *args, priority=priority, heard=heard)
        except InputError as error:
            refused = refusal_in_words(error)
            set_answer(lambda before: Answer(before.value, False, refused, key))
            return None
        if future.done():
            done(future)
        else:
            when_done(future, done)

        def stop() -> None:
            with turn:
                live["on"] = False
            future.cancel()

        return stop

    solara.use_effect(start, [key])
    current = (
        answer.key == key
    )  # what went wrong with a question that is not asked any more is nobody's concern
    busy = key is not None and not current
    return Answer(
        answer.value,
        busy,
        answer.problem if current else "",
        answer.key,
        part[1] if busy and part[0] == key else "",
    )


def outcome(future: Future[Any], what: object) -> tuple[Any, str]:
    """Value and problem of a future that is done; what is not the visitor's fault goes to the log
    too.
    """
    error = future.exception()
    if error is None:
        return future.result(), ""
    if isinstance(error, InputError):
        return None, refusal_in_words(error)
    _log.error("a job failed: %s", what, exc_info=error)
    return None, say(FAILED)


def when_done(future: Future[Any], act: Callable[[Future[Any]], None], context: Any = None) -> None:
    """Call *act* in this visitor's own context once the future is done, in a thread of the
    visitor's own: the engine's may not wait for a page.
    """
    context = context or current_context()
    future.add_done_callback(lambda done: tell_page(lambda: act(done), context))


def tell_page(act: Callable[[], None], context: Any) -> None:
    """Call *act* in a visitor's context, in a thread of the visitor's own."""

    def run() -> None:
        if context is None:
            act()
        elif not context.closed_event.is_set():
            with context:
                act()

    TELLERS.tell(getattr(context, "id", ""), run)


def current_context() -> Any:
    """The visitor's kernel, None outside of a server."""
    from solara.server.kernel_context import get_current_context, has_current_context

    return get_current_context() if has_current_context() else None


def connection_check() -> Callable[[], bool]:
    """Whether this visitor's browser is connected, for whoever asks later; always outside of a
    server. A page that has lost its connection is kept for a while, should it come back.
    """
    from solara.server.kernel_context import PageStatus

    context = current_context()
    return lambda: context is None or PageStatus.CONNECTED in tuple(context.page_status.values())


class Tellers:
    """Threads that tell pages: one a page while it has something to hear, so that one who does not
    listen keeps nobody else waiting.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Callable[[], None]]] = {}
        self._lock = threading.Lock()

    def tell(self, page: str, act: Callable[[], None]) -> None:
        """Run *act* after what this page is still to be told."""
        with self._lock:
            if page in self._waiting:
                self._waiting[page].append(act)
                return
            self._waiting[page] = deque([act])
        thread = threading.Thread(target=self._run, args=(page,), name="tell", daemon=True)
        # Solara would give it the page that happens to be served by the asking thread.
        thread.current_context = None  # type: ignore[attr-defined]
        thread.start()

    def _run(self, page: str) -> None:
        while True:
            with self._lock:
                if not self._waiting[page]:
                    del self._waiting[page]
                    return
                act = self._waiting[page].popleft()
            try:
                act()
            except Exception:
                _log.exception("a page could not be told")
                Kernels().drop(page)  # its browser finds it gone, and loads it again


TELLERS: Final = Tellers()
