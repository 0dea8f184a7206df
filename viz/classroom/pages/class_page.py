"""The class page: make a room, join one with a code, or play on one screen.

Who one is stands in the address: /class?room=CODE&seat=TOKEN. The browser keeps it too, so that who
has closed the page comes back from /class.

A seat's page is put together for that seat alone (rooms/views.py); runs happen in
worker processes and are shared by all of a room.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import solara

from coercivity import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_state import Game, pack_json
from coercivity.viz.classroom.engine.game_tables import CHOOSE, GOVERNMENT, SEATS, check_option
from coercivity.viz.classroom.lessons.texts import LESSONS
from coercivity.viz.classroom.pages.facilitator_page import LeadPage
from coercivity.viz.classroom.pages.hooks import use_doing
from coercivity.viz.classroom.pages.lesson_kit_page import LessonKit
from coercivity.viz.classroom.pages.page_templates import Entry
from coercivity.viz.classroom.pages.rehearsal_page import SoloPage, TryAlone, show_band
from coercivity.viz.classroom.pages.role_pages import page_of_role
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.pages.wall_page import WallPage
from coercivity.viz.classroom.rooms import room_lookup
from coercivity.viz.classroom.rooms.place_views import ROLES, offered_places
from coercivity.viz.classroom.rooms.proposals import CAPTAIN, DECIDES
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.recovery import load_one_screen, one_screen
from coercivity.viz.classroom.rooms.registry import rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import BOARD, MARKET, PRESS, kind_of, roles_of
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.screens.session_state import with_language
from coercivity.viz.screens.template import call_with_reason
from coercivity.viz.server.visitor import UNKNOWN, visitor
from coercivity.viz.words.language import language, noted, say

PATH: Final = "/class"
LOADS: Final = Brake(20, 60.0, what=noted("saved games"))  # of one address
FACILITATOR: Final = "facilitator"
WALL: Final = "wall"
MADE_WITH: Final = {  # the roles that a room can be made with
    PRESS: noted("Press: headlines before the reveal"),
    MARKET: noted("Market: bets on the coming numbers"),
    BOARD: noted("Parliaments: they must back a concession"),
}


@solara.component
def Page() -> None:
    """One visitor: at the door, in a place of a room, or its facilitator."""
    router = solara.use_router()
    fields = (
        dict(parse_qsl((router.search or "").lstrip("?"))) if len(router.search or "") < 400 else {}
    )
    alone, set_alone = solara.use_state(None)
    solara.Title(say("Coercivity: class"))
    seat = solara.use_memo(lambda: seat_of(fields), [router.search])
    with solara.v.Html(tag="main", class_="cv-main gm-main", attributes={"id": "cv-main"}):
        if seat.room is not None:
            show_band(seat.room)
        if isinstance(alone, Room):
            LeadPage(room=alone, token="").key("alone")
        elif seat.room is not None:
            page_of(seat.room, seat.place, fields.get("seat", ""))
        else:
            code = fields.get("room", "")
            Door(code=code, seat=seat, go=router.push, set_alone=set_alone).key("door" + code)


def page_of(room: Room, place: str, token: str) -> Any:
    """The page of who is in a place of a room."""
    key = room.code + place
    if place == WALL:
        return WallPage(room=room).key(key)
    if place == FACILITATOR:
        return LeadPage(room=room, token=token).key(key)
    if page := page_of_role(place):
        return page(room=room, seat=place, token=token).key(token)
    if room.solo:
        return SoloPage(room=room, seat=place, token=token).key(key)
    return SeatPage(room=room, seat=place, token=token).key(key)


@dataclass(frozen=True)
class Seat:
    """What an address opens: a room and a place in it; or nothing, and the reason. lost: the token
    that opens nothing for good, and is to be forgotten.
    """

    room: Room | None = None
    place: str = ""
    problem: str = ""
    lost: str = ""


def seat_of(fields: dict[str, str]) -> Seat:
    """What an address opens; the wall of a room needs no more than its code. Never raises."""
    if fields.get("wall"):
        room, problem = call_with_reason(lambda: room_lookup.room_of(fields.get("room", "")))
        return Seat(room, WALL) if room else Seat(problem=problem)
    if not fields.get("seat"):
        return Seat()
    lost = ""

    def find() -> tuple[Room, str]:
        nonlocal lost
        try:
            return room_lookup.seat_of(fields.get("room", ""), fields["seat"])
        except room_lookup.ExpiredLink:
            lost = fields["seat"]
            raise

    found, problem = call_with_reason(find)
    return Seat(*found) if found else Seat(problem=problem, lost=lost)


@solara.component
def Door(code: str, seat: Seat, go: Any, set_alone: Any) -> None:
    """Where everybody begins."""
    doing = use_doing()
    found, set_found = solara.use_state("")

    def look(wanted: str) -> None:
        def act() -> None:
            try:
                set_found(pack_json(offered_places(room_lookup.room_of(wanted))))
            except InputError:
                set_found("")
                raise

        doing("door", act)

    def join(entries: dict[str, Any]) -> None:
        def act() -> None:
            room = room_lookup.room_of(entries.get("code"))
            if not (entries.get("own") or entries.get("name")):
                raise InputError("your name is empty", "write one, for example Ann")
            try:
                _, token = rooms().join(
                    room.code, entries.get("seat", ""), entries.get("name"), entries.get("own", "")
                )
            except InputError:
                set_found(
                    pack_json(offered_places(room))
                )  # what was free when the page looked may not be
                raise
            go(with_language(address(room, token)))

        doing("door", act)

    def make(fields: dict[str, Any]) -> None:
        def act() -> None:
            game, lesson = wanted_game(fields)
            if fields.get("how") == "one":
                set_alone(one_screen(game, lesson, time.time))
            else:
                room, token = rooms().make(
                    game,
                    lesson,
                    by=visitor(),
                    decides=wanted_decides(fields),
                    roles=wanted_roles(fields, game),
                    spoken=language(),
                )
                go(with_language(address(room, token)))

        doing("door", act)

    def load(given: dict[str, Any]) -> None:
        def act() -> None:
            if (who := visitor()) != UNKNOWN:
                LOADS.ask(who)
            set_alone(load_one_screen(given.get("name"), given.get("text"), time.time))

        doing("door", act)

    def back(query: Any) -> None:
        if str(query).startswith(PATH + "?"):
            go(with_language(str(query)))

    Entry(
        choices=choices_json(code[:6], language()),
        found=found,
        problem=doing.problem("door") or seat.problem,
        lost=seat.lost,
        event_look=look,
        event_join=join,
        event_make=make,
        event_load=load,
        event_go=back,
    )
    if not code:  # who has read a room's code wants nothing but to come in
        TryAlone(go=lambda room, token: go(with_language(address(room, token))))
        LessonKit()


def address(room: Room, token: str) -> str:
    """The address that is a seat's own."""
    return f"{PATH}?{urlencode({'room': room.code, 'seat': token})}"


def wanted_game(entries: dict[str, Any]) -> tuple[Game, str]:
    """The game that somebody wants to begin. Raises InputError."""
    lesson = check_option(str(entries.get("lesson")), LESSONS, "lesson", fix=CHOOSE)
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


def wanted_decides(entries: dict[str, Any]) -> str:
    """Who seals the sheets of a room that somebody wants. Raises InputError."""
    return check_option(entries.get("decides", CAPTAIN), DECIDES, "decides", fix=CHOOSE)


def wanted_roles(entries: dict[str, Any], game: Game) -> tuple[str, ...]:
    """The roles of a room that somebody wants; none where nothing is said. Raises InputError."""
    wanted = entries.get("roles", [])
    if not isinstance(wanted, list) or not set(map(str, wanted)) <= set(ROLES):
        raise InputError("roles '{value}' are not known", CHOOSE, value=wanted)
    return tuple(place for place in roles_of(game.seats, GOVERNMENT) if kind_of(place) in wanted)


@lru_cache(maxsize=64)
def choices_json(code: str, spoken: str) -> str:
    """What can be chosen at the door, in the language of this code."""
    lessons = [
        {
            "id": name,
            "label": say(one.label),
            "words": say(one.words),
            "seats": list(one.seats),
            "rounds": one.rounds,
        }
        for name, one in LESSONS.items()
    ]
    return pack_json(
        {
            "code": code,
            "lessons": lessons,
            "seats": [{"seat": seat, "actor": seat_name(seat)} for seat in SEATS],
            "roles": [{"role": kind, "label": say(words)} for kind, words in MADE_WITH.items()],
            "told": [],
        }
    )
