"""Asking the engine for several answers at once, which come one by one."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import solara

from coercivity.model.basis.errors import InputError
from coercivity.viz.screens.hooks import current_context, outcome, when_done
from coercivity.viz.server.worker_pool import BAND, PAGE, ask_engine
from coercivity.viz.words.refusals import refusal_in_words

K = TypeVar("K", bound=Hashable)
AGAIN: Final = 10.0  # seconds after which a busy server is asked again


@dataclass(frozen=True)
class Answers:
    """What has come so far, by place in the list of questions; whether more is to come; the last
    problem.
    """

    values: dict[int, Any] = field(default_factory=dict)
    busy: bool = False
    problem: str = ""


def use_many(function: Callable[..., Any], questions: Sequence[tuple[Any, ...]]) -> Answers:
    """The answers of ``function(*question)`` for each question, the first before the others; what
    is no longer asked is dropped.

    Where the list only grows, what was answered stays.
    """
    answers, set_found = solara.use_state({})
    problem, set_problem = solara.use_state("")
    calls = [(function, *question) for question in questions]

    def start() -> Callable[[], None]:
        live = {"on": True}
        futures: list[Future[Any]] = []
        set_problem("")
        set_found(lambda before: {key: value for key, value in before.items() if key in calls})

        def take(future: Future[Any], key: tuple[Any, ...]) -> None:
            if not live["on"] or future.cancelled():
                return
            value, wrong = outcome(future, key)
            if wrong:
                set_problem(wrong)
            else:
                set_found(lambda before: {**before, key: value})

        for place, key in enumerate(calls):
            if key in answers:
                continue
            try:
                future = ask_engine(*key, priority=PAGE if place == 0 else BAND)
            except InputError as error:
                set_problem(refusal_in_words(error))
                break
            futures.append(future)
            when_done(future, lambda done, key=key: take(done, key))  # type: ignore[misc]

        def stop() -> None:
            live["on"] = False
            for future in futures:
                future.cancel()

        return stop

    solara.use_effect(start, [tuple(calls)])
    values = {place: answers[key] for place, key in enumerate(calls) if key in answers}
    return Answers(values, len(values) < len(calls) and not problem, problem)


def ask_all(
    function: Callable[..., Any],
    questions: Mapping[K, tuple[Any, ...]],
    take: Callable[[K, Any, str], None],
) -> Callable[[], None]:
    """Ask ``function(*question)`` in the background; *take* gets the key of each question, its
    answer, and '' or what went wrong. A busy server is asked again later. Returns what takes the
    questions back.
    """
    live, left, waiting = {"on": True}, deque(questions.items()), list[Future[Any]]()
    timers: list[threading.Timer] = []
    context, lock = current_context(), threading.RLock()

    def done(key: K, future: Future[Any]) -> None:
        if live["on"] and not future.cancelled():
            take(key, *outcome(future, key))

    def begin() -> None:
        while left:
            with lock:  # the page may go while its timer asks
                if not live["on"]:
                    return
                key, question = left[0]
                try:
                    future = ask_engine(function, *question, priority=BAND)
                except InputError:  # a busy server takes the others later
                    timers.append(threading.Timer(AGAIN, begin))
                    timers[-1].daemon = True
                    timers[-1].start()
                    return
                left.popleft()
                waiting.append(future)
            when_done(future, partial(done, key), context)

    def stop() -> None:
        with lock:
            live["on"] = False
        for timer in timers:
            timer.cancel()
        for future in waiting:
            future.cancel()

    begin()
    return stop
