"""The class page: make a room, join one with a code, or play on one screen.

Who one is stands in the address: /class?room=CODE&seat=TOKEN.

A seat's page is put together for that seat alone (viz/classroom/room_views.py); runs happen in
worker processes and are shared by all of a room.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import solara

from coercivity.experiments.game.game import new_game
from coercivity.experiments.game.pieces import Game
from coercivity.experiments.game.table import SEATS, seats
from coercivity.model.basis.errors import InputError, shorten
from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_recovery import load_one_screen, one_screen
from coercivity.viz.classroom.room_views import packed
from coercivity.viz.classroom.rooms import rooms
from coercivity.viz.screens.classroom_alone import SoloPage, TryAlone, show_band
from coercivity.viz.screens.classroom_hooks import use_doing
from coercivity.viz.screens.classroom_lead import LeadPage
from coercivity.viz.screens.classroom_parts import Entry
from coercivity.viz.screens.classroom_seat import SeatPage
from coercivity.viz.screens.template import told
from coercivity.viz.server import codes
from coercivity.viz.server.visitor import visitor
from coercivity.viz.words.game_text import seat_name
from coercivity.viz.words.language import language, noted, say

PATH: Final = "/class"
LESSONS: Final[tuple[tuple[str, str, str, tuple[str, ...], int], ...]] = (
    (
        "30",
        noted("30 minutes"),
        noted("Two rounds, three seats: a first taste."),
        ("exporter", "target", "firm"),
        2,
    ),
    (
        "90",
        noted("90 minutes"),
        noted("Six rounds, all five seats, a short debrief."),
        SEATS,
        6,
    ),
    (
        "180",
        noted("180 minutes"),
        noted("All eight rounds, with time to bargain and a long debrief."),
        SEATS,
        8,
    ),
)


@solara.component
def Page() -> None:
    """One visitor: at the door, in a seat, or the facilitator."""
    router = solara.use_router()
    fields = (
        dict(parse_qsl((router.search or "").lstrip("?"))) if len(router.search or "") < 400 else {}
    )
    alone, set_alone = solara.use_state(None)
    solara.Title(say("Coercivity: class"))
    room, who, problem = solara.use_memo(lambda: seat_of(fields), [router.search])
    with solara.v.Html(tag="main", class_="cv-main gm-main", attributes={"id": "cv-main"}):
        if room is not None:
            show_band(room)
        if isinstance(alone, Room):
            LeadPage(room=alone, token="").key("alone")
        elif room is not None and who == "facilitator":
            LeadPage(room=room, token=fields["seat"]).key(room.code + who)
        elif room is not None and who and room.solo:
            SoloPage(room=room, seat=who, token=fields["seat"]).key(room.code + who)
        elif room is not None and who:
            SeatPage(room=room, seat=who, token=fields["seat"]).key(room.code + who)
        else:
            Door(code=fields.get("room", ""), problem=problem, go=router.push, set_alone=set_alone)


def seat_of(fields: dict[str, str]) -> tuple[Room | None, str, str]:
    """The room and the seat that an address names, or neither and the reason. Never raises."""
    if not fields.get("seat"):
        return None, "", ""
    seat, problem = told(lambda: codes.seat_of(fields.get("room", ""), fields["seat"]))
    return (*seat, "") if seat else (None, "", problem)


@solara.component
def Door(code: str, problem: str, go: Any, set_alone: Any) -> None:
    """Where everybody begins."""
    doing = use_doing()
    found, set_found = solara.use_state("")

    def look(wanted: str) -> None:
        def act() -> None:
            try:
                set_found(free_seats(codes.room_of(wanted)))
            except InputError:
                set_found("")
                raise

        doing("door", act)

    def join(entries: dict[str, Any]) -> None:
        def act() -> None:
            codes.room_of(entries.get("code"))
            room, token = rooms().join(
                entries.get("code"), entries.get("seat"), entries.get("name")
            )
            go(address(room, token))

        doing("door", act)

    def make(fields: dict[str, Any]) -> None:
        def act() -> None:
            game, lesson = wanted_game(fields)
            if fields.get("how") == "one":
                set_alone(one_screen(game, lesson, time.time))
            else:
                room, token = rooms().make(game, lesson, by=visitor())
                go(address(room, token))

        doing("door", act)

    def load(given: dict[str, Any]) -> None:
        doing(
            "door",
            lambda: set_alone(load_one_screen(given.get("name"), given.get("text"), time.time)),
        )

    Entry(
        choices=choices_json(code[:6], language()),
        found=found,
        problem=doing.problem("door") or problem,
        event_look=look,
        event_join=join,
        event_make=make,
        event_load=load,
        event_go=lambda query: go(query) if str(query).startswith(PATH + "?") else None,
    )
    TryAlone(go=lambda room, token: go(address(room, token)))


def address(room: Room, token: str) -> str:
    """The address that is a seat's own."""
    return f"{PATH}?{urlencode({'room': room.code, 'seat': token})}"


def free_seats(room: Room) -> str:
    """Which seats of a room are free, for who wants to join."""
    return packed(
        {
            "code": room.code,
            "seats": [
                {
                    "seat": seat,
                    "actor": seat_name(seat),
                    "who": say(seats()[seat].who),
                    "taken": seat in room.teams,
                    "team": room.teams[seat].name if seat in room.teams else "",
                }
                for seat in room.game.seats
            ],
        }
    )


def wanted_game(entries: dict[str, Any]) -> tuple[Game, str]:
    """The game that somebody wants to begin. Raises InputError."""
    lesson = str(entries.get("lesson"))
    if lesson not in [one[0] for one in LESSONS]:
        raise InputError(
            f"lesson '{shorten(lesson)}' is not known; use one of "
            f"{', '.join(one[0] for one in LESSONS)}"
        )
    text = str(entries.get("seed", "1")).strip()
    seed: Any = int(text) if text.isdecimal() and len(text) < 12 else text
    chosen = entries.get("seats")
    return new_game(
        seed,
        chosen if isinstance(chosen, list) else [],
        str(entries.get("others")),
        entries.get("binding") is True,
        entries.get("length", 8),
    ), lesson


@lru_cache(maxsize=64)
def choices_json(code: str, spoken: str) -> str:
    """What can be chosen at the door, in the language of this code."""
    lessons = [
        {
            "id": name,
            "label": say(label),
            "words": say(words),
            "seats": list(played),
            "rounds": rounds,
        }
        for name, label, words, played, rounds in LESSONS
    ]
    return packed(
        {
            "code": code,
            "lessons": lessons,
            "seats": [{"seat": seat, "actor": seat_name(seat)} for seat in SEATS],
            "told": [],
        }
    )
