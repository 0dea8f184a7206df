"""The places of a room as who comes in sees them: how many are in each, where one is needed most, what is full, what is over; and as the facilitator sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.table import GOVERNMENT, SEATS
from coercivity.viz.classroom.pages.class_page import wanted_game, wanted_roles
from coercivity.viz.classroom.rooms import people, places
from coercivity.viz.classroom.rooms.places import crew, needed_most, offered, remembered
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import roles_of
from coercivity.viz.words.language import speaking
from tests.viz.classroom.room_table import Watch, again, close_all, filled, open_registry, to_talk


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(tmp_path: Path, watch: Watch) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", watch)
    close_all()


def roomy(registry: Rooms) -> tuple[Room, str]:
    """A room with three seats and all roles, and its facilitator's token."""
    game = new_game(3, ("exporter", "target", "firm"), length=2)
    return registry.make(game, roles=roles_of(game.seats, GOVERNMENT))


def line(room: Room, place: str) -> str:
    (told,) = [one["line"] for one in offered(room)["places"] if one["place"] == place]
    return str(told)


# ---------------------------------------------------------------- where one is needed


def test_every_seat_has_two_people_before_a_role_has_one(registry: Rooms) -> None:
    room, _ = roomy(registry)
    taken = []
    for number in range(10):
        taken.append(needed_most(room))
        registry.join(room.code, taken[-1], "Team", f"Pupil {number}")
    assert taken == [
        *("exporter", "target", "firm"),  # no seat stays free
        *("exporter", "target", "firm"),  # and nobody decides alone
        *("press", "market", "board:target"),
        "press",  # the emptiest place
    ]
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


def test_forty_who_take_what_is_needed_are_spread_evenly(registry: Rooms) -> None:
    room, _ = roomy(registry)
    for number in range(40):
        registry.join(room.code, "", "Team", f"Pupil {number}")
    held = [len(room.at(place)) for place in (*room.game.seats, *room.roles)]
    assert sum(held) == 40
    assert max(held) - min(held) <= 1


def test_a_full_place_is_needed_by_nobody(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_IN_TEAM", 1)
    monkeypatch.setattr(people, "MOST_IN_ROLE", 1)
    room, _ = filled(registry)
    with pytest.raises(InputError, match="every place of this room is full"):
        needed_most(room)
    with pytest.raises(InputError, match="this place is full: 1 people are there"):
        registry.join(room.code, "target", "Ann", "Ann")
    assert [one["full"] for one in offered(room)["places"]] == [True] * 3


# ---------------------------------------------------------------- what is told of the places


def test_a_place_is_told_with_its_team_how_many_are_there_and_the_captain(
    registry: Rooms,
) -> None:
    room, _ = roomy(registry)
    assert line(room, "target") == "nobody yet"
    registry.join(room.code, "target", "Team Tokyo", "Ann")
    assert line(room, "target") == "Team Tokyo, 1 person, captain Ann"
    for name in ("Ben", "Cem"):
        registry.join(room.code, "target", "Team Japan", name)
    assert line(room, "target") == "Team Tokyo, 3 people, captain Ann"
    assert line(room, "press") == "nobody yet"
    registry.join(room.code, "press", "", "Jo")
    assert line(room, "press") == "1 person"
    told = {one["place"]: one for one in offered(room)["places"]}
    assert list(told) == ["exporter", "target", "firm", "press", "market", "board:target"]
    assert told["target"]["label"] == "Japan"
    assert (told["exporter"]["team"], told["target"]["team"]) == ("Team China", "")
    assert told["press"]["label"] == "Press"
    assert told["board:target"]["label"] == "Parliament of Japan"
    assert all(one["who"] for one in told.values())
    assert offered(room)["people"] == 4


def test_what_is_told_at_the_door_holds_no_token_and_no_number(registry: Rooms) -> None:
    room, lead = roomy(registry)
    token = registry.join(room.code, "target", "Team Tokyo", "Ann")[1]
    told = json.dumps(offered(room)) + json.dumps(crew(room))
    for secret in (lead, token, room.facilitator, room.at("target")[0].token):
        assert secret not in told


def test_places_are_told_in_the_language_that_is_spoken(registry: Rooms) -> None:
    room, _ = roomy(registry)
    with speaking("de"):
        assert offered(room)["places"][0]["label"] == "China"
        assert len(offered(room)["places"][0]["team"]) <= 30


@pytest.mark.parametrize("code", ["en", "de", "ja"])
def test_every_team_s_own_name_fits(code: str, registry: Rooms) -> None:
    room, _ = registry.make(new_game(1, ("exporter", "target", "ally", "bloc", "firm")))
    with speaking(code):
        for one in offered(room)["places"]:
            registry.join(room.code, one["place"], one["team"], "Ann")
    assert not room.free


# ---------------------------------------------------------------- joining


def test_who_comes_to_a_taken_seat_joins_its_team_and_keeps_its_name(registry: Rooms) -> None:
    room, _ = filled(registry)
    _, token = registry.join(room.code, "target", "Thieves", "Ann")
    assert room.known(token) == ("target", 4)
    assert room.teams["target"].name == "Tokyo"
    assert room.people[4].name == "Ann"
    assert room.people[room.teams["target"].captain].name == "Tokyo"


@pytest.mark.parametrize("steps", range(1, 6))
def test_late_joiners_are_let_in_at_any_phase_before_the_debrief(
    registry: Rooms, steps: int
) -> None:
    room, _ = filled(registry)
    for step in ("start", "talk", "close", "reveal", "next")[:steps]:
        room.do(step)
    assert room.known(registry.join(room.code, "", "Team", "Late")[1])[0]


def test_a_game_that_is_over_takes_nobody_and_says_what_to_do(registry: Rooms) -> None:
    room, _ = filled(registry, length=1)
    to_talk(room)
    for step in ("close", "reveal", "finish"):
        room.do(step)
    with pytest.raises(InputError, match=rf"the game in room {room.code} is over; .*a new code"):
        registry.join(room.code, "target", "Team", "Late")
    assert again(registry).get(room.code).phase == "debrief"  # the journal is whole


def test_a_code_of_yesterday_is_told_apart_from_one_that_never_was(
    registry: Rooms, watch: Watch
) -> None:
    room, _ = filled(registry)
    watch.time += 15 * 86400
    registry.tick()
    for _ in range(2):  # and so after a restart
        with pytest.raises(InputError, match=rf"room {room.code} is put away; .*code of today"):
            registry.get(room.code)
        with pytest.raises(InputError, match="there is no room BCDFGH on this server"):
            registry.get("BCDFGH")
        registry = again(registry)


# ---------------------------------------------------------------- what a page keeps and shows


def test_a_page_keeps_who_one_is_and_how_to_come_back(registry: Rooms) -> None:
    room, lead = roomy(registry)
    ann = registry.join(room.code, "target", "Team Tokyo", "Ann")[1]
    ben = registry.join(room.code, "target", "Team Tokyo", "Ben")[1]
    jo = registry.join(room.code, "press", "", "Jo")[1]
    told = [json.loads(remembered(room, token)) for token in (ann, ben, jo, lead)]
    query = f"/class?room={room.code}&seat="
    assert [one["query"] for one in told] == [query + token for token in (ann, ben, jo, lead)]
    kept = [(one["name"], one["team"], one["captain"], one["lead"]) for one in told]
    assert kept == [
        ("Ann", "Team Tokyo", "Ann", False),
        ("Ben", "Team Tokyo", "Ann", False),
        ("Jo", "Press", "", False),
        ("", "", "", True),
    ]
    assert {one["code"] for one in told} == {room.code}
    assert remembered(room, "0" * 32) == ""
    assert remembered(room, "") == ""


def test_the_facilitator_sees_everybody_by_place(registry: Rooms) -> None:
    room, _ = roomy(registry)
    for place, name in (("target", "Ann"), ("press", "Jo"), ("target", "Ben")):
        registry.join(room.code, place, "Team Tokyo", name)
    room.enter("target", 1)
    told = crew(room)
    assert [(one["place"], one["label"], one["team"], one["seat"]) for one in told] == [
        ("target", "Japan", "Team Tokyo", True),
        ("press", "Press", "", False),
    ]
    people = [
        (one["number"], one["name"], one["there"], one["captain"]) for one in told[0]["people"]
    ]
    assert people == [(1, "Ann", True, True), (3, "Ben", False, False)]
    room.do("captain", person=3)
    assert [one["captain"] for one in crew(room)[0]["people"]] == [False, True]
    assert [places.label(f"board:{seat}") for seat in ("target", "ally", "bloc")] == [
        "Parliament of Japan",
        "Parliament of the United States",
        "Parliament of the EU",
    ]
