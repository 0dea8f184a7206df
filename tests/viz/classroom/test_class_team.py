"""The page of a team of several phones, without a browser: who may do what, and what is said to who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.pages import facilitator_page
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.rooms.registry import Rooms
from tests.viz.rendered import Desk, shown
from tools.check.room_table import BAN, TRUCE, crowd, state, steps, to_talk

STOCK: dict[str, Any] = {"card": "stock", "who_holds": "firms", "cover": "3"}
LOAN: dict[str, Any] = {"card": "loan", "stage": "plants", "amount": "300"}
WHO = (
    ("exporter", "Beijing"),
    ("target", "Tokyo"),
    ("target", "Ann"),
    ("target", "Bob"),
    ("board:target", "Pia"),
)


class Class:
    """A room: China alone, three people in Japan, one in its parliament."""

    def __init__(self, registry: Rooms, decides: str = "captain") -> None:
        self.registry = registry
        seats = ("exporter", "target")
        self.room, self.number, self.tokens = crowd(registry, *WHO, decides=decides, seats=seats)

    def join(self, place: str, name: str) -> None:
        self.tokens[name] = self.registry.join(self.room.code, place, name)[1]

    def page(self, name: str) -> Any:
        token = self.tokens[name]
        seat = self.room.who(token)
        return shown(lambda: SeatPage(room=self.room, seat=seat, token=token))


def own(part: Any) -> dict[str, Any]:
    return dict(json.loads(part.own))


def test_members_propose_and_the_captain_seals(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    room = table.room
    to_talk(room)
    with table.page("Ann") as ann, table.page("Tokyo") as tokyo:
        assert not own(ann.part("seal"))["seals"]
        assert own(tokyo.part("seal"))["seals"]
        assert (ann.part("offer").can, tokyo.part("offer").can) == (False, True)
        ann.tell("propose", STOCK)
        (proposal,) = room.proposals["target"]
        assert proposal.votes == {table.number["Ann"]: True}
        tokyo.tell("vote", {"proposal": 1, "yes": False})
        assert own(ann.part("vote"))["proposals"][0]["no"] == 1
        tokyo.tell("vote", {"proposal": 1, "yes": None})
        assert own(tokyo.part("seal"))["wants"] == [STOCK]
        for event, given, part in (("seal", [LOAN], "seal"), ("offer", TRUCE, "offer")):
            ann.tell(event, given)
            assert "“Tokyo” is the captain and speaks for the team." in ann.part(part).problem
        ann.tell("ready", True)
        assert ann.part("vote").problem.startswith("The captain seals in this room.")
        assert room.sheets == {}
        tokyo.tell("seal", [LOAN])  # he may change what the team wants
        assert room.sheets["target"].moves == own(ann.part("seal"))["sheet"] == [LOAN]
        assert not ann.part("vote").can
        tokyo.tell("unseal")
        ann.tell("withdraw", 1)
        assert room.proposals["target"] == []


@pytest.mark.parametrize("decides", ["captain", "majority"])
def test_a_team_of_one_has_the_plain_sheet(desk: Desk, registry: Rooms, decides: str) -> None:
    table = Class(registry, decides)
    to_talk(table.room)
    with table.page("Beijing") as page:
        assert page.parts("vote") == []
        assert own(page.part("seal"))["seals"]
        page.tell("seal", [BAN])
        assert table.room.sheets["exporter"].moves == [BAN]
        table.join("exporter", "Late")
        assert len(page.parts("vote")) == 1
        assert own(page.part("seal"))["seals"] == (decides == "captain")


def test_a_member_steps_in_where_the_captain_is_away(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    team, number = table.room.teams["target"], table.number
    to_talk(table.room)
    with table.page("Ann") as ann:
        with table.page("Tokyo") as tokyo:
            ann.tell("captain", number["Ann"])
            assert "“Tokyo” is the captain of this team" in ann.part("vote").problem
            assert not own(ann.part("vote"))["away"]
            ann.tell("step", {"absent": True})  # whatever a page says of it
            assert ann.part("vote").problem.startswith("Your captain's page is open again.")
            tokyo.tell("captain", number["Bob"])
            assert (team.captain, own(tokyo.part("seal"))["seals"]) == (number["Bob"], False)
        assert own(ann.part("vote"))["away"]
        ann.tell("step")
        assert (team.captain, ann.part("vote").problem) == (number["Ann"], "")


def test_what_was_tapped_in_another_round_is_refused(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    room = table.room
    steps(room, "start talk close reveal")
    to_talk(room)
    room.do("propose", person=table.number["Ann"], move=LOAN)
    room.do("offer", by="exporter", deal=TRUCE)
    with table.page("Tokyo") as tokyo, table.page("Ann") as ann:
        for page, event, given, part in (
            (tokyo, "seal", [LOAN], "seal"),
            (ann, "propose", STOCK, "seal"),
            (tokyo, "offer", TRUCE, "offer"),
            (tokyo, "vote", {"proposal": 1, "yes": False}, "vote"),
            (ann, "withdraw", 1, "vote"),
            (tokyo, "answer", {"offer": 1, "answer": "accepted"}, "offer"),
        ):
            before = state(room)
            page.tell(event, given, round=1)
            assert state(room) == before
            assert "That was for another round. This is round 2" in page.part(part).problem
        tokyo.tell("seal", [LOAN])
        tokyo.tell("unseal", round=1)
        assert "target" in room.sheets
    sent = {"round": 1, "given": []}  # and on paper
    with pytest.raises(InputError, match="That was for another round"):
        facilitator_page.on_time(room, "seal", sent, "moves", seat="exporter", paper=True)
    assert "exporter" not in room.sheets
