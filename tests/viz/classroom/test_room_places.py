"""The places of a room as who comes in sees them: how many are in each, where one is needed most, what is full, what is over; and as the facilitator sees them."""

from __future__ import annotations

import json

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.pages.class_page import wanted_game, wanted_roles
from coercivity.viz.classroom.rooms import people
from coercivity.viz.classroom.rooms.place_views import (
    crew,
    needed_most,
    offered_places,
    phone_memory,
)
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.words.language import languages, speaking
from tests.viz.classroom.room_table import Watch, again, crowd, filled


def line(room: Room, place: str) -> str:
    (told,) = [one["line"] for one in offered_places(room)["places"] if one["place"] == place]
    return str(told)


def test_every_seat_has_two_before_a_role_has_one(registry: Rooms) -> None:
    room, *_ = crowd(registry)
    taken = []
    for number in range(40):
        taken.append(needed_most(room))
        registry.join(room.code, taken[-1], "Team", f"Pupil {number}")
    assert taken[:10] == [
        *("exporter", "target", "firm"),  # no seat stays free
        *("exporter", "target", "firm"),  # and nobody decides alone
        *("press", "market", "board:target"),
        "press",  # the emptiest place
    ]
    held = [len(room.at(place)) for place in (*room.game.seats, *room.roles)]
    assert max(held) - min(held) <= 1
    room.do("free", seat="firm")
    assert needed_most(room) == "firm"


def test_twelve_phones_make_five_teams_of_two_or_three(registry: Rooms) -> None:
    asked = {"lesson": "90", "seats": list(SEATS), "others": "scripted", "length": 6}
    game, lesson = wanted_game(asked)
    room, _ = registry.make(game, lesson, roles=wanted_roles(asked, game))
    for number in range(12):
        registry.join(room.code, "", "", f"Pupil {number}")
    assert room.roles == ()
    assert sorted(len(room.at(seat)) for seat in SEATS) == [2, 2, 2, 3, 3]


def test_full_teams_and_rooms_say_so(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_IN_TEAM", 1)
    room, _ = filled(registry)
    with pytest.raises(InputError, match="every place of this room is full"):
        needed_most(room)
    with pytest.raises(InputError, match="this place is full: 1 people are there; choose another"):
        registry.join(room.code, "target", "Ann", "Ann")
    assert [one["full"] for one in offered_places(room)["places"]] == [True] * 3
    monkeypatch.setattr(people, "MOST_PEOPLE", 3)
    three = crowd(registry, ("exporter", "Ann"), ("target", "Ben"), ("firm", "Cem"))[0]
    with pytest.raises(InputError, match="the room is full: 3 people are in it; share a phone"):
        registry.join(three.code, "press", "Dan")


def test_a_place_is_told_with_team_and_captain_and_no_secret(registry: Rooms) -> None:
    room, *_ = crowd(registry)
    assert line(room, "target") == line(room, "press") == "nobody yet"
    token = registry.join(room.code, "target", "Team Tokyo", "Ann")[1]
    assert line(room, "target") == "Team Tokyo, 1 person, captain Ann"
    for name in ("Ben", "Cem"):  # who comes to a taken seat joins its team, which keeps its name
        registry.join(room.code, "target", "Thieves", name)
    assert line(room, "target") == "Team Tokyo, 3 people, captain Ann"
    registry.join(room.code, "press", "", "Jo")
    assert line(room, "press") == "1 person"
    told = {one["place"]: one for one in offered_places(room)["places"]}
    assert list(told) == ["exporter", "target", "firm", "press", "market", "board:target"]
    assert (told["exporter"]["team"], told["target"]["team"]) == ("Team China", "")
    assert told["board:target"]["label"] == "Parliament of Japan"
    assert all(one["who"] for one in told.values())
    assert offered_places(room)["people"] == 4
    text = json.dumps([offered_places(room), crew(room)])
    for secret in (token, room.facilitator, room.at("target")[0].token):
        assert secret not in text


def test_every_team_s_own_name_fits_in_every_language(registry: Rooms) -> None:
    for code in languages():
        room, _ = registry.make(new_game(1, SEATS))
        with speaking(code):
            for one in offered_places(room)["places"]:
                registry.join(room.code, one["place"], one["team"], "Ann")
        assert not room.free


def test_late_joiners_are_let_in_at_any_phase_before_the_debrief(registry: Rooms) -> None:
    room, _ = filled(registry)
    for step in ("start", "talk", "close", "reveal", "next", "talk", "close", "reveal"):
        room.do(step)
        assert room.known(registry.join(room.code, "", "Team", "Late")[1])[0]
    room.do("finish")
    with pytest.raises(InputError, match=rf"the game in room {room.code} is over; .*a new code"):
        registry.join(room.code, "target", "Team", "Late")
    assert again(registry).get(room.code).phase == "debrief"  # the journal is whole


def test_a_code_of_yesterday_is_not_one_that_never_was(registry: Rooms, watch: Watch) -> None:
    room, _ = filled(registry)
    watch.time += 15 * 86400
    registry.tick()
    for _ in range(2):  # and so after a restart
        with pytest.raises(InputError, match=rf"room {room.code} is put away; .*code of today"):
            registry.get(room.code)
        with pytest.raises(InputError, match="there is no room BCDFGH on this server"):
            registry.get("BCDFGH")
        registry = again(registry)


def test_a_page_keeps_who_one_is_and_how_to_come_back(registry: Rooms) -> None:
    who = (("target", "Ann"), ("target", "Ben"), ("press", "Jo"))
    room, _, tokens = crowd(registry, *who)
    lead = json.loads(phone_memory(room, tokens.pop("facilitator")))
    assert (lead["name"], lead["lead"]) == ("", True)
    told = {name: json.loads(phone_memory(room, token)) for name, token in tokens.items()}
    query = f"/class?room={room.code}&seat="
    assert {name: one["query"] for name, one in told.items()} == {
        name: query + token for name, token in tokens.items()
    }
    kept = [(one["name"], one["team"], one["captain"], one["lead"]) for one in told.values()]
    assert kept == [
        ("Ann", "Ann", "Ann", False),
        ("Ben", "Ann", "Ann", False),
        ("Jo", "Press", "", False),
    ]
    assert {one["code"] for one in told.values()} == {room.code}
    assert phone_memory(room, "0" * 32) == phone_memory(room, "") == ""


def test_the_facilitator_sees_everybody_by_place(registry: Rooms) -> None:
    room, *_ = crowd(registry, ("target", "Ann"), ("press", "Jo"), ("target", "Ben"))
    room.enter("target", 1)
    told = crew(room)
    assert [(one["place"], one["label"], one["team"], one["seat"]) for one in told] == [
        ("target", "Japan", "Ann", True),
        ("press", "Press", "", False),
    ]
    people = [
        (one["number"], one["name"], one["there"], one["captain"]) for one in told[0]["people"]
    ]
    assert people == [(1, "Ann", True, True), (3, "Ben", False, False)]
