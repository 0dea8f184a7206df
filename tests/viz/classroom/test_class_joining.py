"""Coming into a room without a browser: places, late ones, full and closed rooms, who leads, and the way that phones take."""

from __future__ import annotations

import json

import pytest

from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.facilitator_page import LeadPage
from coercivity.viz.classroom.pages.qr_code import make_qr_code
from coercivity.viz.classroom.rooms import people
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.screens import session_state
from coercivity.viz.server import phone_addresses
from coercivity.viz.server.phone_addresses import Interface
from tests.viz.classroom.test_class_screens import GAME
from tests.viz.rendered import Desk, shown
from tools.check.room_table import filled, steps, to_talk


def test_a_code_shows_the_places_and_a_name_takes_one(desk: Desk, registry: Rooms) -> None:
    room, _ = filled(registry)
    room.do("free", seat="firm")
    with shown(class_page.Page, f"/class?room={room.code}") as page:
        assert page.parts("rehearse") == page.parts("kit") == []  # that room alone is offered
        door = page.part("look")
        assert json.loads(door.choices)["code"] == room.code
        page.tell("look", "no code")
        assert "is not a room's code" in door.problem
        page.tell("look", room.code.lower())
        assert door.problem == ""
        assert [(one["place"], one["line"]) for one in json.loads(door.found)["places"]] == [
            ("exporter", "Beijing, 1 person, captain Beijing"),
            ("target", "Tokyo, 1 person, captain Tokyo"),
            ("firm", "nobody yet"),
        ]
        page.tell("join", {"code": room.code, "seat": "firm", "name": "Magnets", "own": "Mo"})
        assert page.places[-1].startswith(f"/class?room={room.code}&seat=")
        assert page.part("end").who == "firm"
        assert json.loads(page.part("end").remember)["name"] == "Mo"
    assert room.teams["firm"].name == "Magnets"


def test_who_is_late_is_let_in_and_reads_why_not(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = filled(registry, length=1)
    to_talk(room)
    late = {"code": room.code, "seat": "target", "name": "", "own": "Late"}
    with shown(class_page.Page, f"/class?room={room.code}") as page:
        page.tell("look", room.code)
        for wrong, says in (
            ({"own": ""}, "Your name is empty. Write one, for example Ann."),
            ({"code": "BCDFGH"}, "There is no room BCDFGH on this server. Compare the code"),
            ({"seat": "ally"}, "is not played in this room"),
        ):
            page.tell("join", late | wrong)
            assert says in page.part("look").problem
        with monkeypatch.context() as patch:
            patch.setattr(people, "MOST_IN_TEAM", 1)
            page.tell("join", late)
            assert page.part("look").problem == (
                "This place is full: 1 people are there. Choose another one of the room."
            )
            assert json.loads(page.part("look").found)["places"][1]["full"]
        page.tell("join", late)
        assert page.part("end").who == "target"
    steps(room, "close reveal finish")
    with shown(class_page.Page, f"/class?room={room.code}") as page:
        page.tell("join", late)
        assert page.part("look").problem.startswith(f"The game in room {room.code} is over. ")


def test_a_room_is_made_with_who_seals_and_with_roles(desk: Desk, registry: Rooms) -> None:
    for asked, decides, roles in (
        ({}, "captain", ()),  # none unless they are chosen
        ({"roles": ["press", "market", "board:"]}, "captain", ("press", "market", "board:target")),
        ({"roles": [], "decides": "majority"}, "majority", ()),
        ({"lesson": "30", "roles": ["press", "board:"]}, "captain", ("press", "board:target")),
    ):
        with shown(class_page.Page, "/class") as page:
            page.tell("make", GAME | asked)
            room = registry.get(json.loads(page.part("end").page)["code"])
        assert (room.decides, room.roles) == (decides, roles)
    with shown(class_page.Page, "/class") as page:
        for wrong in ({"decides": "the teacher"}, {"roles": "press"}, {"roles": ["king"]}):
            page.tell("make", GAME | wrong)
            assert "known" in page.part("look").problem
    assert len(registry) == 4


def test_the_way_in_is_big_in_the_lobby_and_behind_a_button_later(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, tokens = filled(registry, length=1)
    monkeypatch.setattr(phone_addresses, "interfaces", lambda: [Interface("wlan0", "192.168.1.20")])
    monkeypatch.setattr(phone_addresses, "_here", [phone_addresses.Listening("0.0.0.0", 8765)])
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        way = page.part("see")
        assert (way.code, way.opened) == (room.code, True)
        told = json.loads(way.reach)
        link = f"http://192.168.1.20:8765/class?room={room.code}"
        assert [(one["link"], one["path"]) for one in told["ways"]] == [
            (link, make_qr_code(link).path)
        ]
        assert tokens["facilitator"] not in way.reach
        page.tell("see", "https://lab.example.org")
        page.tell("see", "http://localhost:1")  # no phone gets there
        assert len(json.loads(page.part("see").reach)["ways"]) == 1
        page.tell("see", "https://lab.example.org")
        assert [one["link"] for one in json.loads(page.part("see").reach)["ways"]][1:] == [
            f"https://lab.example.org/class?room={room.code}"
        ]
        for step in ("start", "talk", "close", "reveal"):
            room.do(step)
            assert not page.part("see").opened
        room.do("finish")
        assert page.parts("see") == []


def test_the_way_in_and_the_wall_keep_the_language_of_the_page(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, tokens = filled(registry)
    monkeypatch.setattr(phone_addresses, "_here", [phone_addresses.Listening("10.0.0.9", 80)])
    monkeypatch.setattr(session_state, "visitor_speaks", lambda: "de")
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        (way,) = json.loads(page.part("see").reach)["ways"]
        assert way["link"] == f"http://10.0.0.9/class?room={room.code}&lang=de"
        assert page.part("see").wall == f"/class?room={room.code}&wall=1&lang=de"
