"""Cards that a team proposes and votes on, who seals them, and what a parliament has to back."""

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import play_round
from coercivity.viz.classroom.rooms.proposals import wanted_moves
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tests.viz.classroom.test_room_people import TOKYO
from tools.check.room_table import again, crowd, steps, to_talk

CONCEDE = {"card": "concession"}
STORE = {"card": "stock", "who_holds": "firms", "cover": "3"}
DISPUTE = {"card": "dispute"}
LICENCES = {"kind": "licences", "first": "exporter", "other": "target", "rounds": "2"}
LOAN = {"card": "loan", "stage": "chain", "amount": "300"}
FLOOR = {"card": "price_floor", "good": "ndpr", "amount": "200"}
PARLIAMENT = (("board:target", "Pia"), ("board:target", "Quin"), ("board:target", "Rae"))
Talks = tuple[Room, dict[str, int]]


@pytest.fixture
def team(registry: Rooms) -> Talks:
    """Three in a team whose captain seals, while teams talk."""
    room, number, _ = crowd(registry, *TOKYO, ("exporter", "Beijing"))
    to_talk(room)
    return room, number


@pytest.fixture
def council(registry: Rooms) -> Talks:
    """Three in a team that seals by majority, and three in the parliament."""
    room, number, _ = crowd(registry, *TOKYO, *PARLIAMENT, decides="majority")
    to_talk(room)
    return room, number


def cards(moves: list[dict[str, Any]]) -> list[str]:
    return [move["card"] for move in moves]


def test_on_the_sheet_is_what_more_want_than_not_the_most_wanted_first(team: Talks) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("propose", person=number["Bob"], move=DISPUTE)
    assert cards(wanted_moves(room, "target")) == ["stock", "dispute"]  # the older first
    room.do("vote", person=number["Tokyo"], proposal=2, yes=True)
    assert cards(wanted_moves(room, "target")) == ["dispute", "stock"]
    room.do("vote", person=number["Tokyo"], proposal=1, yes=False)
    assert cards(wanted_moves(room, "target")) == ["dispute"]  # as many against as for
    room.do("vote", person=number["Tokyo"], proposal=1, yes=None)
    assert cards(wanted_moves(room, "target")) == ["dispute", "stock"]
    room.do("leave", person=number["Ann"])  # whose votes count no more
    assert cards(wanted_moves(room, "target")) == ["dispute"]
    room.do("close")  # what a team wants is sealed when the time is up
    assert {seat: cards(sheet.moves) for seat, sheet in room.sheets.items()} == {
        "target": ["dispute"]
    }


def test_what_the_money_does_not_allow_together_is_left_out(team: Talks) -> None:
    room, number = team
    spent = [{**LOAN, "amount": "600"}, {**FLOOR, "amount": "500"}]
    room.game = play_round(room.game, {"target": spent})  # of 1,500: 400 are left
    room.do("propose", person=number["Ann"], move=LOAN)
    room.do("propose", person=number["Ann"], move=FLOOR)  # 300 and 200
    assert cards(wanted_moves(room, "target")) == ["loan"]
    room.do("vote", person=number["Bob"], proposal=2, yes=True)
    assert cards(wanted_moves(room, "target")) == ["price_floor"]
    room.do("seal", seat="target", person=number["Tokyo"], moves=wanted_moves(room, "target"))


def test_a_proposal_is_made_once_and_taken_back_by_author_or_captain(team: Talks) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    for move, why in (
        ({**STORE, "why": "other words"}, "proposed already"),
        ({"card": "blanket_ban"}, "card 'blanket_ban' is not known"),
        (None, "is not a move"),
    ):
        with pytest.raises(InputError, match=why):
            room.do("propose", person=number["Bob"], move=move)
    with pytest.raises(InputError, match="taken back by whoever made it, or by the captain"):
        room.do("withdraw", person=number["Bob"], proposal=1)
    room.do("withdraw", person=number["Tokyo"], proposal=1)
    assert wanted_moves(room, "target") == []
    with pytest.raises(InputError, match="proposal '1' is not among those of this round"):
        room.do("vote", person=number["Bob"], proposal=1, yes=True)


def test_no_vote_after_the_seal_nor_after_the_close_nor_of_others(team: Talks) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    with pytest.raises(InputError, match="proposal '1' is not among those"):
        room.do("vote", person=number["Beijing"], proposal=1, yes=False)
    with pytest.raises(InputError, match="the captain seals in this room"):
        room.do("ready", person=number["Ann"])
    room.do("seal", seat="target", person=number["Tokyo"], moves=[STORE])
    with pytest.raises(
        InputError, match="the team's sheet is sealed; the captain can take it back"
    ):
        room.do("vote", person=number["Bob"], proposal=1, yes=True)
    room.do("close")
    with pytest.raises(InputError, match="not now"):
        room.do("vote", person=number["Bob"], proposal=1, yes=True)


def test_a_majority_seals_as_soon_as_more_than_half_are_ready(council: Talks) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("ready", person=number["Ann"])
    assert room.sheets == {}
    with pytest.raises(InputError, match="a majority seals in this room"):
        room.do("seal", seat="target", person=number["Tokyo"], moves=[])
    room.do("ready", person=number["Tokyo"])
    assert cards(room.sheets["target"].moves) == ["stock"]


def test_a_change_of_the_sheet_asks_all_again(council: Talks) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("ready", person=number["Ann"])
    room.do("vote", person=number["Bob"], proposal=1, yes=False)
    room.do("ready", person=number["Tokyo"])
    room.do("ready", person=number["Tokyo"], yes=False)
    room.do("ready", person=number["Bob"])
    assert room.sheets == {}
    room.do("ready", person=number["Ann"])
    assert room.sheets["target"].moves == []  # as many against it as for it


def test_who_leaves_is_waited_for_no_more(council: Talks) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("ready", person=number["Ann"])
    room.do("leave", person=number["Tokyo"])
    assert room.sheets == {}  # one of two is not more than half
    room.do("leave", person=number["Bob"])
    assert cards(room.sheets["target"].moves) == ["stock"]


def test_a_concession_needs_its_parliament(council: Talks) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=CONCEDE)
    room.do("propose", person=number["Ann"], move=STORE)
    assert cards(wanted_moves(room, "target")) == ["stock"]
    room.do("back", person=number["Pia"], yes=True)
    assert cards(wanted_moves(room, "target")) == ["concession", "stock"]
    room.do("back", person=number["Quin"], yes=False)
    assert cards(wanted_moves(room, "target")) == ["stock"]  # one for, one against
    room.do("back", person=number["Rae"], yes=True)
    for name in ("Ann", "Bob"):
        room.do("ready", person=number[name])
    assert cards(room.sheets["target"].moves) == ["concession", "stock"]
    room.do("back", person=number["Rae"], yes=False)  # what it took back opens the sheet again
    assert room.sheets == {}
    assert "the parliament of Japan has not backed a concession (1 for, 2 against)" in str(
        room.notices["target"]
    )


def test_a_deal_in_which_a_state_concedes_needs_its_parliament(registry: Rooms) -> None:
    room, number, _ = crowd(registry, ("exporter", "Beijing"), *TOKYO[:1], *PARLIAMENT[:1])
    to_talk(room)
    room.do("offer", by="exporter", deal=LICENCES, person=number["Beijing"])
    accept = {"by": "target", "offer": 1, "answer": "accepted", "person": number["Tokyo"]}
    with pytest.raises(InputError, match="the parliament of Japan has not backed a concession"):
        room.do("answer", **accept)
    room.do("back", person=number["Pia"], yes=True)
    room.do("answer", **accept)
    assert room.offers[0].state == "accepted"


def backed_deal(registry: Rooms) -> Talks:
    """A room in which licences for a concession are agreed, as the parliament backs it."""
    room, number, _ = crowd(registry, ("exporter", "Beijing"), *TOKYO[:1], *PARLIAMENT[:2])
    to_talk(room)
    room.do("back", person=number["Pia"], yes=True)
    room.do("offer", by="exporter", deal=LICENCES, person=number["Beijing"])
    room.do("answer", by="target", offer=1, answer="accepted", person=number["Tokyo"])
    return room, number


def test_an_agreed_deal_is_open_again_when_its_parliament_turns(registry: Rooms) -> None:
    room, number = backed_deal(registry)
    room.do("back", person=number["Quin"], yes=False)  # one each: no longer backed
    assert (room.offers[0].state, room.accepted()) == ("open", [])
    room.do("back", person=number["Quin"], yes=True)
    room.do("answer", by="target", offer=1, answer="accepted", person=number["Tokyo"])
    room.do("leave", person=number["Quin"])
    assert room.offers[0].state == "accepted"
    room.rules = 2  # a room of before, in which an agreed deal stands
    room.do("back", person=number["Pia"], yes=False)
    assert room.offers[0].state == "accepted"


def test_what_a_parliament_said_stands_after_the_close_and_on_paper(registry: Rooms) -> None:
    room, number = backed_deal(registry)
    room.do("close")
    room.do("leave", person=number["Pia"])
    assert room.offers[0].state == "accepted"
    room.do("reopen")
    assert (room.offers[0].state, room.accepted()) == ("open", [])
    room.do("deal", deal=LICENCES)
    room.do("back", person=number["Quin"], yes=False)
    assert [offer.state for offer in room.offers] == ["open", "accepted"]
    (kept,) = again(registry).every()
    assert [offer.state for offer in kept.offers] == ["open", "accepted"]


def test_proposals_outlive_a_restart_not_their_round(registry: Rooms, council: Talks) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("back", person=number["Pia"], yes=True)
    room.do("ready", person=number["Bob"])
    back = again(registry).get(room.code)
    for name in ("proposals", "proposed", "backs", "ready"):
        assert getattr(back, name) == getattr(room, name), name
    steps(back, "close reveal next")
    assert (back.proposals, back.backs, back.ready) == ({}, {}, {})
    assert [move.card for move in back.game.rounds[0].of("target")] == ["stock"]
