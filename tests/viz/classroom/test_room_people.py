"""People in a room: many to a seat, their captain, roles beside the seats, who leaves and who is let go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.table import GOVERNMENT
from coercivity.viz.classroom.rooms import people
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import roles_of
from tests.viz.classroom.room_table import Watch, again, close_all, open_registry, to_talk

SEATS = ("exporter", "target", "firm")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", Watch())
    close_all()


def crowd(
    registry: Rooms, *who: tuple[str, str], decides: str = "captain"
) -> tuple[Room, dict[str, int]]:
    """A room with every role, people in it by (place, name), and their numbers."""
    game = new_game(3, SEATS, length=2)
    room, _ = registry.make(game, decides=decides, roles=roles_of(SEATS, GOVERNMENT))
    for place, name in who:
        registry.join(room.code, place, name)
    return room, {person.name: person.number for person in room.people.values()}


TOKYO = (("target", "Tokyo"), ("target", "Ann"), ("target", "Bob"))


def test_the_first_one_in_a_seat_is_its_captain_and_the_next_join_the_team(registry: Rooms) -> None:
    room, number = crowd(registry, *TOKYO)
    assert (room.teams["target"].name, room.teams["target"].captain) == ("Tokyo", number["Tokyo"])
    assert [person.name for person in room.at("target")] == ["Tokyo", "Ann", "Bob"]
    assert room.free == ("exporter", "firm")


def test_a_team_has_a_name_and_each_person_their_own(registry: Rooms) -> None:
    room, _ = crowd(registry)
    registry.join(room.code, "target", "Team Tokyo", "Ann")
    assert (room.teams["target"].name, room.at("target")[0].name) == ("Team Tokyo", "Ann")


def test_a_token_is_a_persons(registry: Rooms) -> None:
    room, _ = crowd(registry)
    tokens = {name: registry.join(room.code, "target", name)[1] for name in ("Ann", "Bob")}
    assert [room.known(tokens[name]) for name in ("Ann", "Bob")] == [("target", 1), ("target", 2)]
    room.do("leave", person=1)
    assert room.known(tokens["Ann"]) == ("", 0)
    assert room.known(tokens["Bob"]) == ("target", 2)


def test_a_captain_hands_over_and_nobody_else_makes_a_second_one(registry: Rooms) -> None:
    room, number = crowd(registry, *TOKYO)
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


def test_when_a_captain_leaves_the_next_one_is_and_the_last_leaves_the_seat_free(
    registry: Rooms,
) -> None:
    room, number = crowd(registry, *TOKYO)
    to_talk(room)
    room.do("seal", seat="target", person=number["Tokyo"], moves=[])
    room.do("leave", person=number["Tokyo"])
    assert (room.teams["target"].captain, list(room.sheets)) == (number["Ann"], ["target"])
    room.do("leave", person=number["Bob"])
    room.do("leave", person=number["Ann"])
    assert room.teams == {}
    assert room.sheets == {}
    assert room.free == SEATS


def test_a_freed_seat_lets_all_of_its_team_go(registry: Rooms) -> None:
    room, number = crowd(registry, *TOKYO, ("press", "Jo"))
    room.do("free", seat="target")
    assert [person.name for person in room.people.values()] == ["Jo"]
    with pytest.raises(InputError, match="person '1' is not in this room"):
        room.do("leave", person=number["Tokyo"])


def test_only_the_captain_speaks_for_the_team(registry: Rooms) -> None:
    room, number = crowd(registry, *TOKYO, ("exporter", "Beijing"))
    to_talk(room)
    deal = {"kind": "truce", "first": "exporter", "other": "target", "rounds": "2"}
    for what, fields in (
        ("seal", {"seat": "target", "moves": []}),
        ("offer", {"by": "target", "deal": deal}),
    ):
        with pytest.raises(InputError, match="'Tokyo' is the captain and speaks for the team"):
            room.do(what, person=number["Ann"], **fields)
        with pytest.raises(InputError, match="'Beijing' is not in the team of 'target'"):
            room.do(what, person=number["Beijing"], **fields)
    room.do("offer", by="target", deal=deal, person=number["Tokyo"])
    with pytest.raises(InputError, match="is not in the team of 'exporter'"):
        room.do("answer", by="exporter", offer=1, answer="accepted", person=number["Tokyo"])
    assert (room.sheets, room.offers[0].state) == ({}, "open")


@pytest.mark.parametrize("place", ["board:exporter", "board:firm", "board:", "jury", None, 3])
def test_a_place_that_the_room_has_not_is_refused(registry: Rooms, place: object) -> None:
    room, _ = crowd(registry)
    with pytest.raises(InputError, match=r"not (open|played) in this room"):
        registry.join(room.code, place, "Ann")
    assert room.people == {}


def test_a_room_without_roles_has_seats_alone(registry: Rooms) -> None:
    room, _ = registry.make(new_game(3, SEATS))
    with pytest.raises(InputError, match="place 'press' is not open in this room"):
        registry.join(room.code, "press", "Ann")


def test_a_full_team_and_a_full_room_say_so(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_IN_TEAM", 2)
    monkeypatch.setattr(people, "MOST_PEOPLE", 3)
    room, _ = crowd(registry, ("target", "Ann"), ("target", "Bob"))
    with pytest.raises(InputError, match="this place is full: 2 people are there; choose another"):
        registry.join(room.code, "target", "Cid")
    registry.join(room.code, "press", "Cid")
    with pytest.raises(InputError, match="the room is full: 3 people are in it; share a phone"):
        registry.join(room.code, "market", "Dan")
    assert len(room.people) == 3


def test_all_of_it_is_the_same_after_a_restart(registry: Rooms) -> None:
    room, number = crowd(
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
    """Its head says neither who decides nor which roles there are."""
    room, _ = registry.make(new_game(3, SEATS))
    registry.join(room.code, "target", "Tokyo")
    assert room.journal is not None
    lines = room.journal.text.decode().splitlines()  # type: ignore[attr-defined]
    from coercivity.viz.classroom.rooms.journal import read_line
    from coercivity.viz.classroom.rooms.recovery import _replay

    events = [read_line(line.encode(), "line") for line in lines]
    del events[0]["decides"], events[0]["roles"]
    old, played, refused = _replay(events, room.code)
    assert (played, refused, old.decides, old.roles) == (2, None, "captain", ())
    assert old.teams["target"].name == "Tokyo"
