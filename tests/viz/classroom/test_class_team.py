"""The page of a team of several phones, without a browser: who may do what, and what is said to who may not."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.pages import facilitator_page, parts
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.rooms.registry import Rooms
from tests.viz.classroom.room_table import BAN, TRUCE, crowd, state, steps, to_talk
from tests.viz.rendered import Desk, shown

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


def test_a_majority_seals_and_says_how_many_are_needed(desk: Desk, registry: Rooms) -> None:
    table = Class(registry, "majority")
    to_talk(table.room)
    with table.page("Ann") as ann, table.page("Bob") as bob, table.page("Tokyo") as tokyo:
        bob.tell("propose", STOCK)
        tokyo.tell("seal", [STOCK])
        assert "A majority seals in this room." in tokyo.part("seal").problem
        ann.tell("ready", True)
        assert own(bob.part("vote"))["ready"] == {"you": False, "count": 1, "needed": 2}
        bob.tell("ready", True)
        assert table.room.sheets["target"].moves == [STOCK]


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


def test_a_refusal_goes_when_it_no_longer_holds(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    to_talk(table.room)
    concede = [{"card": "concession"}]
    with table.page("Tokyo") as page, table.page("Beijing") as beijing:
        page.tell("seal", concede)
        assert "parliament" in page.part("seal").problem
        table.room.do("seal", seat="exporter", moves=[])
        assert "parliament" in page.part("seal").problem  # that changes nothing in it
        table.room.do("back", person=table.number["Pia"], yes=True)
        assert page.part("seal").problem == ""
        for part in (page.part("seal"), beijing.part("offer")):
            assert own(part)["boards"]["target"] == {"yes": 1, "no": 0, "backed": True}
        page.tell("seal", concede)
        assert "target" in table.room.sheets


def test_no_method_of_a_template_has_the_name_of_its_event() -> None:
    for part, drawn in (("sheet", "Sheet"), ("team", "TeamPart"), ("deals", "Deals")):
        text = (Path(parts.__file__).parent / f"{part}.vue").read_text("utf-8")
        given = inspect.signature(getattr(parts, drawn)).parameters
        events = {name.removeprefix("event_") for name in given if name.startswith("event_")}
        own_names = set(re.findall(r"^    (\w+)\(.*\{", text, re.MULTILINE))
        assert own_names
        assert events
        assert not own_names & events


@pytest.mark.parametrize("phase", ["lobby", "brief", "talk", "sealed", "reveal", "debrief"])
def test_who_is_late_finds_the_page_of_the_phase(desk: Desk, registry: Rooms, phase: str) -> None:
    table = Class(registry)
    room = table.room
    for step in ("start", "talk", "close", "reveal", "finish"):
        if room.phase == phase:
            break
        if room.phase == "talk":
            room.do("propose", person=table.number["Ann"], move=STOCK)
        if step == "finish":  # nobody joins a game that is over
            table.join("target", "Late")
        room.do(step)
    if phase != "debrief":
        table.join("target", "Late")
    with table.page("Late") as page:
        assert json.loads(page.part("end").page)["phase"] == phase
        assert bool(page.parts("seal")) == bool(page.parts("vote")) == (phase in ("talk", "sealed"))
        if phase == "sealed":
            assert own(page.part("seal"))["sheet"] == [STOCK]  # sealed as the time was up
            assert not page.part("vote").can
        assert bool(page.parts("predict")) == (phase in ("lobby", "brief", "debrief"))
        assert bool(page.parts("news")) == (phase == "reveal")


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
