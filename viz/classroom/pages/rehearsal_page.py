"""Without a class: a rehearsal in which simulated people play, for a teacher who tries it alone,
and solo play of one seat, in which the other governments decide by their rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import solara

from coercivity import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_state import MOST_ROUNDS, pack_json
from coercivity.viz.classroom.engine.game_tables import CHOOSE, SEATS, check_option, seats
from coercivity.viz.classroom.lessons.texts import LESSONS
from coercivity.viz.classroom.pages.hooks import use_doing, use_room_view
from coercivity.viz.classroom.pages.seat_page import SeatPage, seat_freed_error
from coercivity.viz.classroom.rooms import rehearsal
from coercivity.viz.classroom.rooms.registry import rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import common_view
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.screens.hooks import when_done
from coercivity.viz.screens.template import template
from coercivity.viz.server.visitor import visitor
from coercivity.viz.words.language import noted, say, says

Told = Callable[[dict[str, Any]], None]
Go = Callable[[Room, str], None]
USUAL: Final = "90"
SOLO_ROUNDS: Final = 4
STEPS: Final = {  # what the one player of a room does in place of a facilitator
    "begin": ("start", "talk"),
    "go": ("talk",),
    "next": ("next", "talk"),
    "finish": ("finish",),
}
YOU: Final = noted("You")


@template("rehearsal.vue")
def Alone(choices: str, problem: str, event_rehearse: Told, event_solo: Told) -> None:
    """Rehearse alone, or play one seat alone."""


@template("steps.vue")
def Steps(page: str, problem: str, event_step: Callable[[str], None]) -> None:
    """What comes next, for who plays alone."""


@solara.component
def TryAlone(go: Go) -> None:
    """At the door: both ways to play without a class; *go* opens the room that was made."""
    doing = use_doing()
    Alone(
        choices=pack_json(
            {
                "people": rehearsal.PEOPLE,
                "lesson": USUAL,
                "lessons": [
                    {
                        "id": name,
                        "label": says("{count} round", "{count} rounds", one.rounds),
                    }
                    for name, one in LESSONS.items()
                ],
                "seats": [
                    {"seat": seat, "actor": seat_name(seat), "who": say(seats()[seat].who)}
                    for seat in SEATS
                ],
                "rounds": SOLO_ROUNDS,
                "most": MOST_ROUNDS,
            }
        ),
        problem=doing.problem("alone"),
        event_rehearse=lambda entries: doing("alone", lambda: go(*begin_rehearsal(entries))),
        event_solo=lambda entries: doing("alone", lambda: go(*begin_solo(entries))),
    )


def begin_rehearsal(entries: Any) -> tuple[Room, str]:
    """A room for a rehearsal, and its facilitator's token. Raises InputError."""
    lesson = entries.get("lesson") if isinstance(entries, dict) else None
    chosen = check_option(lesson, LESSONS, "lesson", fix=CHOOSE)
    return rehearsal.begin(rooms(), chosen, LESSONS[chosen].rounds, by=visitor())


def begin_solo(entries: Any) -> tuple[Room, str]:
    """A room for one person in one seat, and that person's token. Raises InputError."""
    given = entries if isinstance(entries, dict) else {}
    seat, length = given.get("seat"), given.get("length", SOLO_ROUNDS)
    text = str(given.get("seed", "1")).strip()[:40]
    seed: Any = int(text) if text.isdecimal() and len(text) < 12 else text
    game = new_game(seed, [str(seat)], others="autonomous", length=length)
    room, _ = rooms().make(game, by=visitor(), solo=True)  # nobody leads it
    return rooms().join(room.code, game.seats[0], say(YOU))


@solara.component
def SoloPage(room: Room, seat: str, token: str) -> None:
    """The page of who plays alone: the steps, and below them the page of the seat."""
    seen, set_seen = solara.use_state(0)
    doing = use_doing()

    def take(name: Any) -> None:
        doing("steps", lambda: step(room, token, name))
        set_seen(seen + 1)

    with solara.Div(classes=["gm-solo"]):
        SoloSteps(room=room, problem=doing.problem("steps"), take=take)
        SeatPage(room=room, seat=seat, token=token)


@solara.component
def SoloSteps(room: Room, problem: str, take: Callable[[Any], None]) -> None:
    """The steps as they are now."""
    version, set_version = solara.use_state(room.version)

    def watch() -> Callable[[], None]:
        future = room.watch(version)
        when_done(future, lambda done: None if done.cancelled() else set_version(done.result()))
        return lambda: room.forget(future)

    solara.use_effect(watch, [room, version])
    page = use_room_view(room, lambda: pack_json(common_view(room)))
    if page is not None:
        Steps(page=page, problem=problem, event_step=take)


def step(room: Room, token: str, name: object) -> None:
    """Let the game go on for who plays it alone. Raises InputError."""
    if not (room.solo and room.known(token)[1]):
        raise seat_freed_error()
    if not isinstance(name, str) or name not in STEPS:
        raise InputError("that button is not known", "reload the page")
    for what in STEPS[name]:
        room.do(what)


def show_band(room: Room) -> None:
    """On every page of a rehearsal: that it is one."""
    if room.rehearsal:
        solara.v.Html(
            tag="p",
            class_="gm-rehearsal",
            attributes={"role": "note", "data-rehearsal": "true"},
            children=[
                say(
                    "Rehearsal: simulated people play here, {seconds} seconds a round. Join with "
                    "the code {code} on a phone to lead a team yourself.",
                    seconds=round(room.seconds),
                    code=room.code,
                )
            ],
        )
