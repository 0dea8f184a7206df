"""What becomes of a sealed sheet that fits no longer: what still fits is sealed at the close."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_json import to_dict
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.rooms import recovery
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import seat_view
from tools.check.room_table import TRUCE, again, crowd, state, to_talk

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


def talking(registry: Rooms, *others: tuple[str, str]) -> tuple[Room, dict[str, int]]:
    """A room that talks, with Tokyo and these people by (place, name), and their numbers."""
    room, number, _ = crowd(registry, ("target", "Tokyo"), *others, seats=SEATS)
    to_talk(room)
    return room, number


def seal(room: Room, *moves: dict[str, Any]) -> None:
    room.do("seal", person=room.teams["target"].captain, seat="target", moves=list(moves))


def shared(registry: Rooms) -> Room:
    """Tokyo has sealed what it can pay for, and Washington accepts what costs it more."""
    room, number = talking(registry, ("ally", "Washington"))
    room.do("offer", person=number["Tokyo"], by="target", deal=SHARE)
    seal(room, LOAN, FLOOR)
    room.do("answer", person=number["Washington"], by="ally", offer=1, answer="accepted")
    return room


def test_another_teams_tap_costs_a_sheet_only_what_no_longer_fits(registry: Rooms) -> None:
    room = shared(registry)
    assert "target" not in room.sheets  # open again, and its team may choose
    assert "open again" in seat_view(room, "target")["notice"]
    room.do("close")
    assert room.sheets["target"].moves == [LOAN]
    assert "sealed without what no longer fits" in seat_view(room, "target")["notice"]
    before = state(room)
    assert state(again(registry).get(room.code)) == before
    room.do("reveal")
    assert [move.card for move in room.game.rounds[0].of("target")] == ["loan"]


def test_a_new_sheet_takes_the_place_of_the_opened_one(registry: Rooms) -> None:
    room = shared(registry)
    seal(room, DISPUTE)
    room.do("unseal", person=room.teams["target"].captain, seat="target")
    room.do("close")
    assert "target" not in room.sheets  # taken back by the team itself


@pytest.mark.parametrize("how", ["it turns", "it fills up", "a vote leaves"])
def test_a_parliament_that_turns_takes_its_card_alone(registry: Rooms, how: str) -> None:
    board = [("board:target", name) for name in ("Dora", "Emil")]
    room, number = talking(registry, *(board if how != "it fills up" else ()))
    if how != "it fills up":
        room.do("back", person=number["Dora"], yes=True)
    seal(room, CONCEDE, DISPUTE)
    if how == "it turns":
        room.do("back", person=number["Dora"], yes=False)
    elif how == "it fills up":
        registry.join(room.code, "board:target", "Dora")
        assert "target" not in room.sheets
    else:
        room.do("leave", person=number["Dora"])
    room.do("close")
    assert room.sheets["target"].moves == [DISPUTE]


def test_who_comes_to_a_parliament_after_the_close_is_not_asked(registry: Rooms) -> None:
    room, _ = talking(registry)
    seal(room, CONCEDE)
    room.do("close")
    registry.join(room.code, "board:target", "Dora")
    room.do("deal", deal=SMALL)
    assert room.sheets["target"].moves == [CONCEDE]
    room.do("reopen")
    assert "target" not in room.sheets  # now there is somebody to vote


def test_a_deal_of_the_same_round_is_not_broken(registry: Rooms) -> None:
    room, _ = talking(registry)
    room.do("deal", deal=SMALL)
    room.do("deal", deal=TRUCE)
    with pytest.raises(InputError, match="made in this round"):
        seal(room, {"card": "break", "deal": "D1-2"})


def test_after_the_close_a_new_deal_takes_only_what_no_longer_fits(registry: Rooms) -> None:
    room, _ = talking(registry)
    seal(room, LOAN, FLOOR)
    room.do("close")
    room.do("deal", deal=SHARE)
    assert room.sheets["target"].moves == [LOAN]


def test_a_journal_of_before_is_played_by_its_own_rules() -> None:
    head = {
        "form": 1,
        "code": "",
        "lesson": "",
        "decides": "captain",
        "roles": [],
        "facilitator": "",
        "at": 1.0,
        "game": to_dict(new_game(3, SEATS, length=2)),
    }
    on_paper = {"do": "seal", "seat": "target", "paper": True}
    events = [
        {"do": "start"},
        {"do": "talk"},
        {"do": "deal", "deal": SMALL},
        {"do": "deal", "deal": TRUCE},
        {**on_paper, "moves": [{"card": "break", "deal": "D1-2"}]},
        {"do": "drop", "offer": 1},
        {"do": "unseal", "seat": "target"},
        {**on_paper, "moves": [LOAN, FLOOR]},
        {"do": "deal", "deal": SHARE},
        {"do": "close"},
    ]
    lines = [head, *({"at": 2.0, **event} for event in events)]
    room, played, refused = recovery._replay(lines, "")
    assert (played, refused, room.rules, room.sheets) == (len(lines), None, 1, {})
    assert recovery.head(room)["rules"] == 1
