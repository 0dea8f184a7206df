"""Cards that a team proposes and votes on, who seals them, and what a parliament has to back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import play_round
from coercivity.viz.classroom.rooms.proposals import wanted
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tests.viz.classroom.room_table import Watch, again, close_all, open_registry, to_talk
from tests.viz.classroom.test_room_people import TOKYO, crowd

CONCEDE = {"card": "concession"}
STORE = {"card": "stock", "who_holds": "firms", "cover": "3"}
DISPUTE = {"card": "dispute"}
LICENCES = {"kind": "licences", "first": "exporter", "other": "target", "rounds": "2"}
LOAN = {"card": "loan", "stage": "chain", "amount": "300"}
FLOOR = {"card": "price_floor", "good": "ndpr", "amount": "200"}
PARLIAMENT = (("board:target", "Pia"), ("board:target", "Quin"), ("board:target", "Rae"))


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", Watch())
    close_all()


@pytest.fixture
def team(registry: Rooms) -> tuple[Room, dict[str, int]]:
    """Three in a team whose captain seals, while teams talk."""
    room, number = crowd(registry, *TOKYO, ("exporter", "Beijing"))
    to_talk(room)
    return room, number


@pytest.fixture
def council(registry: Rooms) -> tuple[Room, dict[str, int]]:
    """Three in a team that seals by majority, and three in the parliament."""
    room, number = crowd(registry, *TOKYO, *PARLIAMENT, decides="majority")
    to_talk(room)
    return room, number


def cards(moves: list[dict[str, Any]]) -> list[str]:
    return [move["card"] for move in moves]


def test_on_the_sheet_is_what_more_want_than_not_the_most_wanted_first(
    team: tuple[Room, dict[str, int]],
) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("propose", person=number["Bob"], move=DISPUTE)
    assert cards(wanted(room, "target")) == ["stock", "dispute"]  # the older first
    room.do("vote", person=number["Tokyo"], proposal=2, yes=True)
    assert cards(wanted(room, "target")) == ["dispute", "stock"]
    room.do("vote", person=number["Tokyo"], proposal=1, yes=False)
    assert cards(wanted(room, "target")) == ["dispute"]  # as many against as for
    room.do("vote", person=number["Tokyo"], proposal=1, yes=None)
    assert cards(wanted(room, "target")) == ["dispute", "stock"]


def test_what_the_money_does_not_allow_together_is_left_out(
    team: tuple[Room, dict[str, int]],
) -> None:
    room, number = team
    spent = [{**LOAN, "amount": "600"}, {**FLOOR, "amount": "500"}]
    room.game = play_round(room.game, {"target": spent})  # of 1,500: 400 are left
    room.do("propose", person=number["Ann"], move=LOAN)
    room.do("propose", person=number["Ann"], move=FLOOR)  # 300 and 200
    assert cards(wanted(room, "target")) == ["loan"]
    room.do("vote", person=number["Bob"], proposal=2, yes=True)
    assert cards(wanted(room, "target")) == ["price_floor"]
    room.do("seal", seat="target", person=number["Tokyo"], moves=wanted(room, "target"))


def test_a_proposal_is_checked_and_made_once(team: tuple[Room, dict[str, int]]) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    for move, why in (
        (STORE, "proposed already"),
        ({**STORE, "why": "other words"}, "proposed already"),
        ({"card": "blanket_ban"}, "card 'blanket_ban' is not known"),
        (None, "is not a move"),
        ({**STORE, "cover": "99"}, "cover '99' is not known"),
    ):
        with pytest.raises(InputError, match=why):
            room.do("propose", person=number["Bob"], move=move)
    assert len(room.proposals["target"]) == 1


def test_whoever_proposed_it_or_the_captain_takes_it_back(
    team: tuple[Room, dict[str, int]],
) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    with pytest.raises(InputError, match="taken back by whoever made it, or by the captain"):
        room.do("withdraw", person=number["Bob"], proposal=1)
    room.do("withdraw", person=number["Tokyo"], proposal=1)
    assert wanted(room, "target") == []
    with pytest.raises(InputError, match="proposal '1' is not among those of this round"):
        room.do("vote", person=number["Bob"], proposal=1, yes=True)


def test_no_vote_after_the_seal_nor_after_the_close(team: tuple[Room, dict[str, int]]) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("seal", seat="target", person=number["Tokyo"], moves=[STORE])
    with pytest.raises(
        InputError, match="the team's sheet is sealed; the captain can take it back"
    ):
        room.do("vote", person=number["Bob"], proposal=1, yes=True)
    room.do("close")
    with pytest.raises(InputError, match="not now"):
        room.do("vote", person=number["Bob"], proposal=1, yes=True)


def test_other_teams_and_roles_have_no_vote(team: tuple[Room, dict[str, int]]) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    with pytest.raises(InputError, match="proposal '1' is not among those"):
        room.do("vote", person=number["Beijing"], proposal=1, yes=False)
    for number_asked in (99, None, "1", True, -1):
        with pytest.raises(InputError, match="is not in this room"):
            room.do("vote", person=number_asked, proposal=1, yes=False)


def test_a_majority_seals_as_soon_as_more_than_half_are_ready(
    council: tuple[Room, dict[str, int]],
) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("ready", person=number["Ann"])
    assert room.sheets == {}
    with pytest.raises(InputError, match="a majority seals in this room"):
        room.do("seal", seat="target", person=number["Tokyo"], moves=[])
    room.do("ready", person=number["Tokyo"])
    assert cards(room.sheets["target"].moves) == ["stock"]


def test_a_change_of_the_sheet_asks_all_again(council: tuple[Room, dict[str, int]]) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("ready", person=number["Ann"])
    room.do("vote", person=number["Bob"], proposal=1, yes=False)
    room.do("ready", person=number["Tokyo"])
    assert room.sheets == {}
    room.do("ready", person=number["Tokyo"], yes=False)
    room.do("ready", person=number["Bob"])
    assert room.sheets == {}
    room.do("ready", person=number["Ann"])
    assert room.sheets["target"].moves == []  # as many against it as for it


def test_who_leaves_is_waited_for_no_more(council: tuple[Room, dict[str, int]]) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("ready", person=number["Ann"])
    room.do("leave", person=number["Tokyo"])
    assert room.sheets == {}  # one of two is not more than half
    room.do("leave", person=number["Bob"])
    assert cards(room.sheets["target"].moves) == ["stock"]


def test_in_a_captains_room_nobody_is_asked_whether_he_is_ready(
    team: tuple[Room, dict[str, int]],
) -> None:
    room, number = team
    with pytest.raises(InputError, match="the captain seals in this room"):
        room.do("ready", person=number["Ann"])


def test_what_a_team_wants_is_sealed_when_the_time_is_up(team: tuple[Room, dict[str, int]]) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("close")
    assert cards(room.sheets["target"].moves) == ["stock"]
    assert set(room.sheets) == {"target"}  # who wanted nothing has no sheet


def test_votes_of_who_has_left_count_no_more(team: tuple[Room, dict[str, int]]) -> None:
    room, number = team
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("leave", person=number["Ann"])
    assert wanted(room, "target") == []


def test_a_concession_needs_its_parliament(council: tuple[Room, dict[str, int]]) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=CONCEDE)
    room.do("propose", person=number["Ann"], move=STORE)
    assert cards(wanted(room, "target")) == ["stock"]
    room.do("back", person=number["Pia"], yes=True)
    assert cards(wanted(room, "target")) == ["concession", "stock"]
    room.do("back", person=number["Quin"], yes=False)
    assert cards(wanted(room, "target")) == ["stock"]  # one for, one against
    room.do("back", person=number["Rae"], yes=True)
    for name in ("Ann", "Bob"):
        room.do("ready", person=number[name])
    assert cards(room.sheets["target"].moves) == ["concession", "stock"]
    room.do("back", person=number["Rae"], yes=False)  # what it took back opens the sheet again
    assert room.sheets == {}
    assert "the parliament of Japan has not backed a concession (1 for, 2 against)" in str(
        room.notices["target"]
    )


def test_a_parliament_without_anybody_in_it_asks_nobody(registry: Rooms) -> None:
    room, number = crowd(registry, *TOKYO)
    to_talk(room)
    room.do("seal", seat="target", person=number["Tokyo"], moves=[CONCEDE])
    assert cards(room.sheets["target"].moves) == ["concession"]


def test_a_deal_in_which_a_state_concedes_needs_its_parliament(registry: Rooms) -> None:
    room, number = crowd(registry, ("exporter", "Beijing"), *TOKYO[:1], *PARLIAMENT[:1])
    to_talk(room)
    room.do("offer", by="exporter", deal=LICENCES, person=number["Beijing"])
    accept = {"by": "target", "offer": 1, "answer": "accepted", "person": number["Tokyo"]}
    with pytest.raises(InputError, match="the parliament of Japan has not backed a concession"):
        room.do("answer", **accept)
    room.do("back", person=number["Pia"], yes=True)
    room.do("answer", **accept)
    assert room.offers[0].state == "accepted"


def backed_deal(registry: Rooms) -> tuple[Room, dict[str, int]]:
    """A room in which licences for a concession are agreed, as the parliament backs it."""
    room, number = crowd(registry, ("exporter", "Beijing"), *TOKYO[:1], *PARLIAMENT[:2])
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
    (kept,) = again(registry).every()
    assert kept.offers[0].state == "accepted"


def test_what_a_parliament_said_stands_while_the_round_is_closed_and_on_paper(
    registry: Rooms,
) -> None:
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


def test_in_a_room_of_before_an_agreed_deal_stands(registry: Rooms) -> None:
    room, number = backed_deal(registry)
    room.rules = 2
    room.do("back", person=number["Quin"], yes=False)
    assert room.offers[0].state == "accepted"


@pytest.mark.parametrize("name", ["Ann", "Pia"])
@pytest.mark.parametrize("yes", ["yes", 1, 0, [], {}])
def test_a_vote_is_yes_no_or_none(
    council: tuple[Room, dict[str, int]], name: str, yes: object
) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    what = ("vote", {"proposal": 1}) if name == "Ann" else ("back", {})
    with pytest.raises(InputError, match="is neither yes nor no"):
        room.do(what[0], person=number[name], yes=yes, **what[1])


def test_a_round_begins_with_nothing_proposed_and_nothing_backed(
    council: tuple[Room, dict[str, int]],
) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("back", person=number["Pia"], yes=True)
    room.do("close")
    room.do("reveal")
    room.do("next")
    assert (room.proposals, room.backs, room.ready) == ({}, {}, {})
    assert cards([{"card": move.card} for move in room.game.rounds[0].of("target")]) == ["stock"]


def test_proposals_and_votes_outlive_a_restart(
    registry: Rooms, council: tuple[Room, dict[str, int]]
) -> None:
    room, number = council
    room.do("propose", person=number["Ann"], move=STORE)
    room.do("vote", person=number["Bob"], proposal=1, yes=False)
    room.do("back", person=number["Pia"], yes=True)
    room.do("ready", person=number["Bob"])
    back = again(registry).get(room.code)
    for name in ("proposals", "proposed", "backs", "ready"):
        assert getattr(back, name) == getattr(room, name), name
