"""A page that watches a room: it is drawn again when something happens there, and leaves nothing
behind when it closes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any

import solara

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.room import Room
from coercivity.viz.screens.hooks import when_done
from coercivity.viz.words.refusals import in_words


def use_room(room: Room, who: str, mine: bool = True, person: int = 0) -> str:
    """Draw the page again with every change of the room, and let the room know that *who* is there;
    a page that is no longer *mine* gives its place back.

    Returns a problem, '' for none.
    """
    seen, set_seen = solara.use_state(-1)
    entered, set_entered = solara.use_state(False)
    problem, set_problem = solara.use_state("")

    def enter() -> Callable[[], None] | None:
        if not mine:
            return None
        try:
            room.enter(who, person)
        except InputError as error:
            set_problem(in_words(error))
            return None
        set_entered(True)
        return lambda: room.leave(who, person)

    def watch() -> Callable[[], None] | None:
        if not (mine and entered):
            return None
        future = room.watch(seen)

        def told(done: Future[int]) -> None:
            if not done.cancelled():
                set_seen(done.result())

        when_done(future, told)
        return lambda: room.forget(future)

    solara.use_effect(enter, [room, who, mine, person])
    solara.use_effect(watch, [room, seen, mine, entered])
    return problem


class Doing:
    """Runs what somebody asked for and keeps the reason where it was refused, in the reader's
    words, by the part of the page that asked.
    """

    def __init__(
        self, problems: dict[str, str], set_problems: Callable[[dict[str, str]], None]
    ) -> None:
        self.problems, self._set = problems, set_problems

    def __call__(self, part: str, act: Callable[[], Any]) -> None:
        try:
            act()
        except InputError as error:
            self._set({part: in_words(error)})
        else:
            self._set({})

    def forget(self) -> None:
        """What was refused no longer holds."""
        self._set({})

    def problem(self, part: str) -> str:
        """What went wrong with a part's last wish."""
        return self.problems.get(part, "")


def use_doing(stand: Hashable = None) -> Doing:
    """One for this page. stand: what a refusal may rest on; another one, and it is told no more."""
    problems, set_problems = solara.use_state({})
    doing = Doing(problems, set_problems)
    solara.use_effect(doing.forget, [stand])
    return doing
