"""A page that watches a room: it is drawn again when something happens there, and leaves nothing
behind when it closes. What it is given is of one moment, and one failure does not end it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

import solara

from coercivity import InputError
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import clock_of
from coercivity.viz.classroom.words.refusal_text import refusal_in_words
from coercivity.viz.screens.hooks import connection_check, when_done
from coercivity.viz.words.language import noted

FAILED: Final = noted("This page cannot be drawn just now. It is tried again at the next change.")
STALE: Final = noted("That was for another round. This is round {round}: look at the page again.")
CLOCK_AGAIN: Final = 15.0  # seconds after which a clock that runs is sent again
T = TypeVar("T")
_log = logging.getLogger(__name__)


def use_room(room: Room, who: str, mine: bool = True, person: int = 0) -> str:
    """Draw the page again with every change of the room, and let the room know that *who* is there;
    a page that is no longer *mine* gives its place back.

    Returns why the page had to give way to newer ones, '' while it has not.
    """
    seen, set_seen = solara.use_state(-1)
    (page, of), set_page = solara.use_state((0, ("", 0)))
    entered = of == (who, person)
    left = room.gave_way(who, person, page) if mine and entered else None

    def enter() -> Callable[[], None] | None:
        if not mine:
            return None
        number = room.enter(who, person, connection_check())
        set_page((number, (who, person)))
        return lambda: room.leave(who, person, number)

    def watch() -> Callable[[], None] | None:
        if not (mine and entered) or left:
            return None
        future = room.watch(seen)

        def told(done: Future[int]) -> None:
            if not done.cancelled():
                set_seen(done.result())

        when_done(future, told)
        return lambda: room.forget(future)

    solara.use_effect(enter, [room, who, mine, person])
    solara.use_effect(watch, [room, seen, mine, page, left is None])
    return refusal_in_words(left) if left else ""


def use_room_view(room: Room, build: Callable[[], T], wanted: bool = True) -> T | None:
    """What *build* reads of a room for a page, under the room's lock: all of it is of one moment.

    Where it fails the page keeps what it had, None at first, and tries again when it is next drawn.
    """
    last = solara.use_ref(None)
    if wanted:
        try:
            with room.lock:
                last.current = build()
        except Exception:  # a page that raises while it is drawn is never drawn again
            _log.exception("a page of room %s could not be put together", room.code)
    return last.current


def of_this_round(room: Room, sent: Any) -> Any:
    """What a page has sent, ``{round, given}``, where the page was that of the round that is on.

    A phone that slept sends what was tapped in another round; raises InputError for that. The
    caller holds the room's lock.
    """
    entries = sent if isinstance(sent, dict) else {}
    number = entries.get("round")
    if type(number) is not int or number != room.round:
        raise InputError(STALE, round=room.round)
    return entries.get("given")


def use_clock(room: Room) -> str:
    """The clock as a page counts it down by itself: it is sent when somebody has set it, and while
    it runs again when the page is drawn after a while, as a phone may have slept.
    """
    sent = solara.use_ref(("", ()))
    with room.lock:
        clock, now = room.clock, room.now()
        since = int((now - clock.since) // CLOCK_AGAIN) if clock.runs else 0
        key = (clock.left, clock.since, clock.runs, since)
        if sent.current[1] != key:
            sent.current = (pack_json(clock_of(room)), key)
    return str(sent.current[0])


class ActionRunner:
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
            self._set({part: refusal_in_words(error)})
        else:
            self._set({})

    def forget(self) -> None:
        """What was refused no longer holds."""
        self._set({})

    def problem(self, part: str) -> str:
        """What went wrong with a part's last wish."""
        return self.problems.get(part, "")


def use_doing(stand: Hashable = None) -> ActionRunner:
    """One for this page. stand: what a refusal may rest on; another one, and it is told no more."""
    problems, set_problems = solara.use_state({})
    doing = ActionRunner(problems, set_problems)
    solara.use_effect(doing.forget, [stand])
    return doing
