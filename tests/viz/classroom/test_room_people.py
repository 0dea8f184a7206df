"""People in a room: many to a seat, their captain, roles beside the seats, who leaves and who is let go."""

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms.journal import read_line
from coercivity.viz.classroom.rooms.recovery import _replay
from coercivity.viz.classroom.rooms.registry import Rooms
from tests.viz.classroom.room_table import TRUCE, again, crowd, to_talk

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


def test_only_the_captain_speaks_for_the_team(registry: Rooms) -> None:
    room, number, _ = crowd(registry, *TOKYO, ("exporter", "Beijing"))
    to_talk(room)
    for what, fields in (
        ("seal", {"seat": "target", "moves": []}),
        ("offer", {"by": "target", "deal": TRUCE}),
    ):
        with pytest.raises(InputError, match="'Tokyo' is the captain and speaks for the team"):
            room.do(what, person=number["Ann"], **fields)
        with pytest.raises(InputError, match="'Beijing' is not in the team of 'target'"):
            room.do(what, person=number["Beijing"], **fields)
    room.do("offer", by="target", deal=TRUCE, person=number["Tokyo"])
    with pytest.raises(InputError, match="is not in the team of 'exporter'"):
        room.do("answer", by="exporter", offer=1, answer="accepted", person=number["Tokyo"])
    assert (room.sheets, room.offers[0].state) == ({}, "open")


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
