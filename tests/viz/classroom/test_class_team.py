"""The page of a team of several phones, without a browser: who may do what, and what is said to who may not."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.pieces import packed
from coercivity.viz.classroom.pages import class_page, lead, parts
from coercivity.viz.classroom.pages.seat import SeatPage, seat_gone
from coercivity.viz.classroom.rooms import codes, views
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.words.refusals import in_words
from tests.viz.classroom.room_table import BAN, TRUCE, Watch, state, to_talk
from tests.viz.rendered import Desk, shown

STOCK: dict[str, Any] = {"card": "stock", "who_holds": "firms", "cover": "3"}
LOAN: dict[str, Any] = {"card": "loan", "stage": "plants", "amount": "300"}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    one = Rooms(None, Watch())
    for module in (class_page, codes):
        monkeypatch.setattr(module, "rooms", lambda: one)
    return one


class Class:
    """A room: China alone, three people in Japan, one in its parliament."""

    def __init__(self, registry: Rooms, decides: str = "captain") -> None:
        self.registry = registry
        game = new_game(3, ("exporter", "target"), length=2)
        self.room, _ = registry.make(game, decides=decides, roles=("board:target",))
        self.tokens: dict[str, str] = {}
        for place, name in (
            ("exporter", "Beijing"),
            ("target", "Tokyo"),
            ("target", "Ann"),
            ("target", "Bob"),
            ("board:target", "Pia"),
        ):
            self.join(place, name)

    def join(self, place: str, name: str) -> None:
        self.tokens[name] = self.registry.join(self.room.code, place, name)[1]

    def number(self, name: str) -> int:
        return next(one.number for one in self.room.people.values() if one.name == name)

    def page(self, name: str) -> Any:
        token = self.tokens[name]
        seat = self.room.who(token)
        return shown(lambda: SeatPage(room=self.room, seat=seat, token=token))


def own(part: Any) -> dict[str, Any]:
    return dict(json.loads(part.own))


# ---------------------------------------------------------------- cards and votes


def test_members_propose_vote_and_take_back_and_the_captain_seals(
    desk: Desk, registry: Rooms
) -> None:
    table = Class(registry)
    room = table.room
    to_talk(room)
    with table.page("Ann") as ann, table.page("Tokyo") as tokyo:
        assert not own(ann.part("seal"))["seals"]
        assert own(tokyo.part("seal"))["seals"]
        ann.tell("propose", STOCK)
        (proposal,) = room.proposals["target"]
        assert (proposal.by, proposal.votes) == (table.number("Ann"), {table.number("Ann"): True})
        tokyo.tell("vote", {"proposal": 1, "yes": False})
        assert own(ann.part("vote"))["proposals"][0]["no"] == 1
        tokyo.tell("vote", {"proposal": 1, "yes": None})
        assert own(tokyo.part("seal"))["wants"] == [STOCK]
        ann.tell("seal", [LOAN])
        assert ann.part("seal").problem.startswith(
            "“Tokyo” is the captain and speaks for the team."
        )
        assert room.sheets == {}
        tokyo.tell("seal", [LOAN])  # he may change what the team wants
        assert room.sheets["target"].moves == [LOAN]
        assert own(ann.part("seal"))["sheet"] == [LOAN]
        assert not ann.part("vote").can
        ann.tell("vote", {"proposal": 1, "yes": True})
        assert ann.part("vote").problem.startswith("The team's sheet is sealed. The captain can")
        tokyo.tell("unseal")
        ann.tell("withdraw", 1)
        assert room.proposals["target"] == []
        ann.tell("vote", {"proposal": 1, "yes": True})
        assert "Look at the list again." in ann.part("vote").problem


def test_a_team_of_one_has_the_plain_sheet_until_somebody_joins(
    desk: Desk, registry: Rooms
) -> None:
    for decides in ("captain", "majority"):
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


def test_a_majority_seals_by_itself_and_says_how_many_are_needed(
    desk: Desk, registry: Rooms
) -> None:
    table = Class(registry, "majority")
    room = table.room
    to_talk(room)
    with table.page("Ann") as ann, table.page("Bob") as bob, table.page("Tokyo") as tokyo:
        bob.tell("propose", STOCK)
        tokyo.tell("seal", [STOCK])
        assert "A majority seals in this room." in tokyo.part("seal").problem
        ann.tell("ready", True)
        assert own(bob.part("vote"))["ready"] == {"you": False, "count": 1, "needed": 2}
        ann.tell("ready", False)
        assert own(bob.part("vote"))["ready"]["count"] == 0
        for page in (ann, bob):
            page.tell("ready", True)
        assert room.sheets["target"].moves == [STOCK]
        tokyo.tell("ready", True)
        assert "is sealed" in tokyo.part("vote").problem


def test_readiness_is_refused_where_the_captain_seals(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    to_talk(table.room)
    with table.page("Ann") as page:
        page.tell("ready", True)
        assert page.part("vote").problem.startswith("The captain seals in this room.")


# ---------------------------------------------------------------- the captain


def test_the_captain_hands_over_and_no_one_else_does(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    room, team = table.room, table.room.teams["target"]
    to_talk(room)
    with table.page("Ann") as ann, table.page("Tokyo") as tokyo:
        ann.tell("captain", table.number("Bob"))
        assert (
            "“Tokyo” is the captain of this team, and a team has one." in ann.part("vote").problem
        )
        ann.tell("captain", table.number("Ann"))
        assert team.captain == table.number("Tokyo")
        tokyo.tell("captain", table.number("Ann"))
        assert team.captain == table.number("Ann")
        assert (own(ann.part("seal"))["seals"], own(tokyo.part("seal"))["seals"]) == (True, False)
        tokyo.tell("captain", table.number("Tokyo"))  # a second captain
        assert "“Ann” is the captain of this team" in tokyo.part("vote").problem
        ann.tell("captain", 99)
        assert "is not in this room" in ann.part("vote").problem
        ann.tell("captain", table.number("Beijing"))
        assert room.teams["exporter"].captain == table.number("Beijing")


def test_a_member_steps_in_only_where_the_captain_s_page_is_closed(
    desk: Desk, registry: Rooms
) -> None:
    table = Class(registry)
    team = table.room.teams["target"]
    to_talk(table.room)
    with table.page("Ann") as ann:
        with table.page("Tokyo"):
            assert not own(ann.part("vote"))["away"]
            ann.tell("step", {"absent": True})  # whatever a page says of it
            assert ann.part("vote").problem.startswith("Your captain's page is open again.")
            assert team.captain == table.number("Tokyo")
        assert own(ann.part("vote"))["away"]
        ann.tell("step")
        assert team.captain == table.number("Ann")
        assert ann.part("vote").problem == ""


def test_only_the_captain_offers_and_answers_and_members_see_it(
    desk: Desk, registry: Rooms
) -> None:
    table = Class(registry)
    room = table.room
    to_talk(room)
    with table.page("Ann") as ann, table.page("Tokyo") as tokyo, table.page("Beijing") as beijing:
        assert (ann.part("offer").can, tokyo.part("offer").can) == (False, True)
        ann.tell("offer", TRUCE)
        assert "“Tokyo” is the captain and speaks for the team." in ann.part("offer").problem
        beijing.tell("offer", TRUCE)
        assert [one["state"] for one in own(ann.part("offer"))["offers"]] == ["open"]
        ann.tell("answer", {"offer": 1, "answer": "accepted"})
        assert "“Tokyo” is the captain" in ann.part("offer").problem
        tokyo.tell("answer", {"offer": 1, "answer": "accepted"})
        assert room.offers[0].state == "accepted"


def test_the_sheet_says_whether_the_parliament_backs_before_one_tries(
    desk: Desk, registry: Rooms
) -> None:
    table = Class(registry)
    to_talk(table.room)
    with table.page("Tokyo") as page, table.page("Beijing") as beijing:
        assert own(page.part("seal"))["boards"]["target"] == {"yes": 0, "no": 0, "backed": False}
        table.room.do("back", person=table.number("Pia"), yes=True)
        for part in (page.part("seal"), beijing.part("offer")):
            assert own(part)["boards"]["target"] == {"yes": 1, "no": 0, "backed": True}


def test_a_refusal_goes_when_it_no_longer_holds(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    to_talk(table.room)
    concede = [{"card": "concession"}]
    with table.page("Tokyo") as page:
        page.tell("seal", concede)
        assert "parliament" in page.part("seal").problem
        table.room.do("seal", seat="exporter", moves=[])
        assert "parliament" in page.part("seal").problem  # that changes nothing in it
        table.room.do("back", person=table.number("Pia"), yes=True)
        assert page.part("seal").problem == ""
        page.tell("seal", concede)
        assert "target" in table.room.sheets


@pytest.mark.parametrize(
    ("part", "drawn"), [("sheet", "Sheet"), ("team", "TeamPart"), ("deals", "Deals")]
)
def test_no_method_of_a_template_has_the_name_of_its_event(part: str, drawn: str) -> None:
    """The event would be called in its place, with whatever the method is given."""
    text = (Path(parts.__file__).parent / f"{part}.vue").read_text("utf-8")
    given = inspect.signature(getattr(parts, drawn)).parameters
    events = {name.removeprefix("event_") for name in given if name.startswith("event_")}
    own_names = set(re.findall(r"^    (\w+)\(.*\{", text, re.MULTILINE))
    assert own_names
    assert events
    assert not own_names & events


# ---------------------------------------------------------------- who comes late, who is gone


@pytest.mark.parametrize("phase", ["lobby", "brief", "talk", "sealed", "reveal", "debrief"])
def test_who_comes_late_finds_the_page_of_the_phase(
    desk: Desk, registry: Rooms, phase: str
) -> None:
    table = Class(registry)
    room = table.room
    steps = ["start", "talk", "close", "reveal", "finish"]
    for step in steps[: ["lobby", "brief", "talk", "sealed", "reveal", "debrief"].index(phase)]:
        if step == "finish":  # nobody joins a game that is over
            table.join("target", "Late")
        room.do(step)
        if room.phase == "talk":
            room.do("propose", person=table.number("Ann"), move=STOCK)
    if phase != "debrief":
        table.join("target", "Late")
    with table.page("Late") as page:
        assert json.loads(page.part("end").page)["phase"] == phase
        assert bool(page.parts("seal")) == bool(page.parts("vote")) == (phase in ("talk", "sealed"))
        if phase == "talk":
            assert own(page.part("vote"))["proposals"][0]["label"] == "Build up stocks"
            page.tell("vote", {"proposal": 1, "yes": True})
            assert own(page.part("vote"))["proposals"][0]["yes"] == 2
        if phase == "sealed":
            assert own(page.part("seal"))["sheet"] == [STOCK]  # sealed as the time was up
            assert not page.part("vote").can
        assert bool(page.parts("predict")) == (phase in ("lobby", "brief", "debrief"))
        assert bool(page.parts("news")) == (phase == "reveal")


def test_who_has_been_let_go_reads_why_and_has_a_way_back(desk: Desk, registry: Rooms) -> None:
    table = Class(registry)
    room = table.room
    to_talk(room)
    with table.page("Ann") as page:
        part = page.part("vote")
        room.do("propose", person=table.number("Bob"), move=STOCK)
        room.do("leave", person=table.number("Ann"))
        gone = page.part("words")
        assert (gone.words, gone.code) == (in_words(seat_gone()), room.code)
        part.vue_vote({"proposal": 1, "yes": True})  # sent before the page was drawn anew
        assert len(room.proposals["target"][0].votes) == 1


@pytest.mark.parametrize(
    "given", [None, 3, "x", {}, {"proposal": [1]}, {"proposal": 1, "yes": "x"}]
)
def test_what_no_page_of_ours_sends_is_answered_with_a_sentence(
    desk: Desk, registry: Rooms, given: Any
) -> None:
    table = Class(registry)
    to_talk(table.room)
    before = packed(views.own(table.room, "target", table.number("Bob")))
    with table.page("Bob") as page:
        for event in ("vote", "withdraw", "captain", "propose"):
            page.tell(event, given)
            told = page.part("seal" if event == "propose" else "vote").problem
            assert told, event
            assert "Traceback" not in told
    after = packed(views.own(table.room, "target", table.number("Bob")))
    assert after == before


def test_what_was_tapped_in_another_round_is_refused_with_a_sentence(
    desk: Desk, registry: Rooms
) -> None:
    table = Class(registry)
    room = table.room
    to_talk(room)
    with table.page("Tokyo") as tokyo, table.page("Ann") as ann:
        room.do("close")
        room.do("reveal")
        to_talk(room)
        for page, event, given, part in (
            (tokyo, "seal", [LOAN], "seal"),
            (ann, "propose", STOCK, "seal"),
            (tokyo, "offer", TRUCE, "offer"),
        ):
            before = state(room)
            page.tell(event, given, round=1)
            assert state(room) == before
            assert "That was for another round. This is round 2" in page.part(part).problem
        ann.tell("propose", STOCK)  # which is of this round
        room.do("offer", by="exporter", deal=TRUCE)
        for page, event, given, part in (
            (tokyo, "vote", {"proposal": 1, "yes": False}, "vote"),
            (ann, "withdraw", 1, "vote"),
            (tokyo, "answer", {"offer": 1, "answer": "accepted"}, "offer"),
        ):
            before = state(room)
            page.tell(event, given, round=1)
            assert state(room) == before
            assert "That was for another round. This is round 2" in page.part(part).problem
        tokyo.tell("seal", [LOAN])
        assert room.sheets["target"].moves == [LOAN]
        tokyo.tell("unseal", round=1)
        assert "target" in room.sheets


def test_a_paper_sheet_of_another_round_is_refused(registry: Rooms) -> None:
    room = Class(registry).room
    to_talk(room)
    room.do("close")
    room.do("reveal")
    to_talk(room)
    sent = {"round": 1, "given": []}
    with pytest.raises(InputError, match="That was for another round"):
        lead.on_time(room, "seal", sent, "moves", seat="target", paper=True)
    assert room.sheets == {}
