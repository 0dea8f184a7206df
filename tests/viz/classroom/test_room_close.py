"""What becomes of a sealed sheet that fits no longer: what still fits is sealed at the close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.journal import to_dict
from coercivity.viz.classroom.engine.table import SEATS
from coercivity.viz.classroom.rooms import recovery
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import roles_of
from coercivity.viz.classroom.rooms.views import own
from tests.viz.classroom.room_table import Watch, again, close_all, open_registry, state, to_talk

GOVERNMENTS = ("target", "ally", "bloc")
LOAN: dict[str, Any] = {"card": "loan", "stage": "chain", "amount": "600"}
FLOOR: dict[str, Any] = {"card": "price_floor", "good": "ndpr", "amount": "500"}
CONCEDE: dict[str, Any] = {"card": "concession"}
DISPUTE: dict[str, Any] = {"card": "dispute"}
SHARE: dict[str, Any] = {
    "kind": "cost_share",
    "first": "target",
    "other": "ally",
    "amount": "600",
    "stage": "mines",
}
SMALL = {**SHARE, "amount": "100"}
TRUCE: dict[str, Any] = {"kind": "truce", "first": "exporter", "other": "target", "rounds": "2"}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", Watch())
    close_all()


def crowd(registry: Rooms, *who: tuple[str, str]) -> tuple[Room, dict[str, int]]:
    """A room that talks, with these people by (place, name), and their numbers."""
    room, _ = registry.make(new_game(3, SEATS, length=2), roles=roles_of(SEATS, GOVERNMENTS))
    for place, name in who:
        registry.join(room.code, place, name)
    to_talk(room)
    return room, {one.name: one.number for one in room.people.values()}


def test_another_teams_tap_costs_a_sheet_only_what_no_longer_fits(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"), ("ally", "Washington"))
    room.do("offer", person=number["Tokyo"], by="target", deal=SHARE)
    room.do("seal", person=number["Tokyo"], seat="target", moves=[LOAN, FLOOR])
    room.do("answer", person=number["Washington"], by="ally", offer=1, answer="accepted")
    assert "target" not in room.sheets  # open again, and its team may choose
    assert "open again" in own(room, "target")["notice"]
    room.do("close")
    assert room.sheets["target"].moves == [LOAN]
    assert "sealed without what no longer fits" in own(room, "target")["notice"]
    before = state(room)
    assert state(again(registry).get(room.code)) == before
    room.do("reveal")
    assert [move.card for move in room.game.rounds[0].of("target")] == ["loan"]


def test_a_new_sheet_takes_the_place_of_the_opened_one(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"), ("ally", "Washington"))
    room.do("offer", person=number["Tokyo"], by="target", deal=SHARE)
    room.do("seal", person=number["Tokyo"], seat="target", moves=[LOAN, FLOOR])
    room.do("answer", person=number["Washington"], by="ally", offer=1, answer="accepted")
    room.do("seal", person=number["Tokyo"], seat="target", moves=[DISPUTE])
    room.do("unseal", person=number["Tokyo"], seat="target")
    room.do("close")
    assert "target" not in room.sheets  # taken back by the team itself


def test_a_parliament_that_turns_takes_its_card_alone(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"), ("board:target", "Dora"))
    room.do("back", person=number["Dora"], yes=True)
    room.do("seal", person=number["Tokyo"], seat="target", moves=[CONCEDE, DISPUTE])
    room.do("back", person=number["Dora"], yes=False)
    room.do("close")
    assert room.sheets["target"].moves == [DISPUTE]


def test_a_parliament_that_fills_up_is_asked(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"))
    room.do("seal", person=number["Tokyo"], seat="target", moves=[CONCEDE, DISPUTE])
    registry.join(room.code, "board:target", "Dora")
    assert "target" not in room.sheets
    room.do("close")
    assert room.sheets["target"].moves == [DISPUTE]


def test_who_leaves_a_parliament_takes_the_vote_along(registry: Rooms) -> None:
    room, number = crowd(
        registry, ("target", "Tokyo"), ("board:target", "Dora"), ("board:target", "Emil")
    )
    room.do("back", person=number["Dora"], yes=True)
    room.do("seal", person=number["Tokyo"], seat="target", moves=[CONCEDE, DISPUTE])
    room.do("leave", person=number["Dora"])
    room.do("close")
    assert room.sheets["target"].moves == [DISPUTE]


def test_who_comes_to_a_parliament_after_the_close_is_not_asked(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"))
    room.do("seal", person=number["Tokyo"], seat="target", moves=[CONCEDE])
    room.do("close")
    registry.join(room.code, "board:target", "Dora")
    room.do("deal", deal=SMALL)
    assert room.sheets["target"].moves == [CONCEDE]
    room.do("reopen")
    assert "target" not in room.sheets  # now there is somebody to vote


def test_a_deal_of_the_same_round_is_not_broken(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"))
    room.do("deal", deal=SMALL)
    room.do("deal", deal=TRUCE)
    moves = [{"card": "break", "deal": "D1-2"}]
    with pytest.raises(InputError, match="made in this round"):
        room.do("seal", person=number["Tokyo"], seat="target", moves=moves)


def test_a_deal_that_is_taken_out_opens_a_sheet_that_needed_it(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"))
    seen: list[list[dict[str, Any]]] = []
    room.do("deal", deal=SMALL)
    room.do("seal", person=number["Tokyo"], seat="target", moves=[DISPUTE])
    room.sheets["target"].moves[:] = [{"card": "break", "deal": "D1-1"}, DISPUTE]  # as it was once
    room.do("drop", offer=1)
    seen.append(room.sheets["target"].moves if "target" in room.sheets else [])
    room.do("close")
    room.do("reveal")
    assert seen == [[]]
    assert [move.card for move in room.game.rounds[0].of("target")] == ["dispute"]


def test_after_the_close_a_new_deal_takes_only_what_no_longer_fits(registry: Rooms) -> None:
    room, number = crowd(registry, ("target", "Tokyo"))
    room.do("seal", person=number["Tokyo"], seat="target", moves=[LOAN, FLOOR])
    room.do("close")
    room.do("deal", deal=SHARE)
    assert room.sheets["target"].moves == [LOAN]


def test_a_journal_of_before_is_played_by_its_own_rules() -> None:
    game = new_game(3, SEATS, length=2)
    head = {
        "form": 1,
        "code": "",
        "lesson": "",
        "decides": "captain",
        "roles": [],
        "facilitator": "",
        "at": 1.0,
        "game": to_dict(game),
    }
    broken = {"card": "break", "deal": "D1-2"}
    events = [
        {"do": "start"},
        {"do": "talk"},
        {"do": "deal", "deal": SMALL},
        {"do": "deal", "deal": TRUCE},
        {"do": "seal", "seat": "target", "moves": [broken], "paper": True},
        {"do": "drop", "offer": 1},
        {"do": "unseal", "seat": "target"},
        {"do": "seal", "seat": "target", "moves": [LOAN, FLOOR], "paper": True},
        {"do": "deal", "deal": SHARE},
        {"do": "close"},
    ]
    lines = [head, *({"at": 2.0, **event} for event in events)]
    room, played, refused = recovery._replay(lines, "")
    assert (played, refused, room.rules, room.sheets) == (len(lines), None, 1, {})
    assert recovery.head(room)["rules"] == 1
