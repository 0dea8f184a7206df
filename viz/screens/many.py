"""Asking the engine for several answers at once, which come one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import solara

from coercivity.model.basis.errors import InputError
from coercivity.viz.screens.hooks import outcome, when_done
from coercivity.viz.server.engine import BAND, PAGE, ask
from coercivity.viz.words.refusals import in_words


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
                future = ask(*key, priority=PAGE if place == 0 else BAND)
            except InputError as error:
                set_problem(in_words(error))
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
