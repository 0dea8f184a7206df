"""People in a room and its places: many to a seat, their captain, roles beside the seats, who comes, who leaves, what is full."""

from __future__ import annotations

import json

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine import game_tables
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import people
from coercivity.viz.classroom.rooms.journal import read_line
from coercivity.viz.classroom.rooms.place_views import (
    crew,
    needed_most,
    offered_places,
)
from coercivity.viz.classroom.rooms.recovery import _replay
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.words.language import languages, speaking
from tools.check.room_table import again, crowd, filled, to_talk

SEATS = ("exporter", "target", "firm")
TOKYO = (("target", "Tokyo"), ("target", "Ann"), ("target", "Bob"))


def test_the_first_one_in_a_seat_is_its_captain_and_a_token_is_a_persons(registry: Rooms) -> None:
    room, number, tokens = crowd(registry, *TOKYO)
    assert (room.teams["target"].name, room.teams["target"].captain) == ("Tokyo", number["Tokyo"])
    assert [person.name for person in room.at("target")] == ["Tokyo", "Ann", "Bob"]
    assert room.free == ("exporter", "firm")
    room.do("leave", person=number["Ann"])
    assert room.known(tokens["Ann"]) == ("", 0)
    assert room.known(tokens["Bob"]) == ("target", number["Bob"])


def test_a_captain_hands_over_and_nobody_else_makes_a_second_one(registry: Rooms) -> None:
    room, number, _ = crowd(registry, *TOKYO)
    with pytest.raises(InputError, match="'Tokyo' is the captain of this team, and a team has one"):
        room.do("captain", person=number["Ann"], by=number["Ann"])
    room.do("captain", person=number["Ann"], by=number["Tokyo"])
    assert room.teams["target"].captain == number["Ann"]
    with pytest.raises(InputError, match="'Ann' is the captain of this team already"):
        room.do("captain", person=number["Ann"])
    room.do(
        "captain", person=number["Bob"], by=number["Bob"], absent=True
    )  # the server saw her page close
    assert room.teams["target"].captain == number["Bob"]


def test_the_next_one_is_captain_and_the_last_leaves_the_seat_free(registry: Rooms) -> None:
    room, number, _ = crowd(registry, *TOKYO)
    to_talk(room)
    room.do("seal", seat="target", person=number["Tokyo"], moves=[])
    room.do("leave", person=number["Tokyo"])
    assert (room.teams["target"].captain, list(room.sheets)) == (number["Ann"], ["target"])
    room.do("leave", person=number["Bob"])
    room.do("leave", person=number["Ann"])
    assert (room.teams, room.sheets, room.free) == ({}, {}, SEATS)


def test_a_place_that_the_room_has_not_is_refused(registry: Rooms) -> None:
    room, *_ = crowd(registry)
    plain, _ = registry.make(new_game(3, SEATS))
    for place in ("board:exporter", "board:firm", "board:", "jury", None, 3):
        with pytest.raises(InputError, match=r"not (open|played) in this room"):
            registry.join(room.code, place, "Ann")
    with pytest.raises(InputError, match="place 'press' is not open in this room"):
        registry.join(plain.code, "press", "Ann")
    assert room.people == {}


def test_all_of_it_is_the_same_after_a_restart(registry: Rooms) -> None:
    room, number, _ = crowd(
        registry, *TOKYO, ("press", "Jo"), ("board:target", "Pia"), decides="majority"
    )
    to_talk(room)
    room.do("captain", person=number["Bob"], by=number["Tokyo"])
    room.do("leave", person=number["Ann"])
    back = again(registry).get(room.code)
    for name in ("people", "teams", "joined", "decides", "roles"):
        assert getattr(back, name) == getattr(room, name), name
    assert back.decides == "majority"


def test_a_journal_of_a_room_that_knew_no_teams_is_read_as_before(registry: Rooms) -> None:
    room, _ = registry.make(new_game(3, SEATS))
    registry.join(room.code, "target", "Tokyo")
    lines = room.journal.text.splitlines()  # type: ignore[union-attr]
    events = [read_line(line, "line") for line in lines]
    del events[0]["decides"], events[0]["roles"]
    old, played, refused = _replay(events, room.code)
    assert (played, refused, old.decides, old.roles) == (2, None, "captain", ())
    assert old.teams["target"].name == "Tokyo"


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
        room, _ = registry.make(new_game(1, game_tables.SEATS))
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
