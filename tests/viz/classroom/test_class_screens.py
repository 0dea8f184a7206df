"""The class page without a browser: the door, a seat, the facilitator, one screen, the debrief; what each shows, asks for and refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.pages import class_page, game_jobs
from coercivity.viz.classroom.pages.facilitator_page import LeadPage, lead
from coercivity.viz.classroom.pages.game_files import game_file
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.rooms import views
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.documents import download
from coercivity.viz.screens import hooks
from coercivity.viz.server.worker_pool import LEVER, PAGE
from tests.viz.rendered import Desk, Shown, shown
from tools.check.room_table import BAN, TRUCE, Watch, filled, steps, to_talk

GAME = {
    "how": "room",
    "lesson": "90",
    "seats": ["exporter", "target", "firm"],
    "others": "scripted",
    "binding": False,
    "length": 2,
    "seed": "3",
}


def phase(page: Shown) -> str:
    return str(json.loads(page.part("end").page)["phase"])


def a_seat(room: Room, tokens: dict[str, str], seat: str = "exporter") -> Any:
    return shown(lambda: SeatPage(room=room, seat=seat, token=tokens[seat]))


def the_lead(room: Room, tokens: dict[str, str]) -> Any:
    return shown(lambda: LeadPage(room=room, token=tokens["facilitator"]))


def test_making_a_room_leads_to_the_facilitators_page(desk: Desk, registry: Rooms) -> None:
    with shown(class_page.Page, "/class?room=BCDFGHXYZ") as page:
        choices = json.loads(page.part("look").choices)
        assert choices["code"] == "BCDFGH"
        assert [(one["id"], one["rounds"], len(one["seats"])) for one in choices["lessons"]] == [
            ("30", 2, 3),
            ("90", 6, 5),
            ("180", 8, 5),
        ]
        for wrong in ({"lesson": "a week"}, {"seats": "all of them"}, {"seed": "x"}, {"length": 9}):
            page.tell("make", GAME | wrong)
            assert page.part("look").problem
        assert len(registry) == 0
        page.tell("make", GAME)
        (room,) = registry.every()
        assert (room.game, room.lesson) == (new_game(3, GAME["seats"], length=2), "90")
        assert page.part("end").who == "facilitator"
        assert page.places[-1].split("=")[-1] in page.part("end").remember
    assert class_page.wanted_game({**GAME, "binding": True})[0].binding
    assert not class_page.wanted_game({**GAME, "binding": "yes"})[0].binding
    assert class_page.wanted_game({**GAME, "seed": " 12 "})[0].seed == 12


def test_short_addresses_of_the_class_page_are_followed(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    address = class_page.address(room, tokens["target"])
    with shown(class_page.Page, "/class") as page:
        for elsewhere in ("https://elsewhere.example/class?", "/play?seed=1", 3):
            page.tell("go", elsewhere)
        assert page.places == ["/class"]
        page.tell("go", address)
        assert page.part("end").who == "target"
        assert room.present["target"] == 1
    assert room.present["target"] == 0  # who leaves gives the place back
    search = len(address.removeprefix("/class?"))
    for length, opened in ((399, True), (400, False)):
        with shown(class_page.Page, address + "&" + "x" * (length - search - 1)) as page:
            assert bool(page.parts("end")) is opened


def test_one_screen_is_saved_and_loaded_and_a_wrong_file_is_told(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shown(class_page.Page, "/class") as page:
        page.tell("make", GAME | {"how": "one"})
        assert (page.part("end").who, page.part("end").remember) == ("facilitator", "")
        assert len(json.loads(page.part("predict").seats)) == 3  # all predict on the one page
        page.tell("predict", {"when": "before", "seat": "gold"})
        assert "gold" in page.part("predict").problem
        page.tell("predict", {"when": "before", "seat": "target", "text": "long", "number": 12})
        for name in ("start", "talk", "close", "reveal"):
            page.tell("act", {"name": name})
        saved = page.part("act").saved
    assert len(registry) == 0
    monkeypatch.setattr(class_page, "LOADS", Brake(3, 60.0, Watch(), what="saved games"))
    monkeypatch.setattr(class_page, "visitor", lambda: "192.0.2.1")
    with shown(class_page.Page, "/class") as page:
        for text, says in (
            ("not a game", "notes.txt"),
            ('{"at": 1}\n' * 1501, "1,501 events are too many"),
        ):
            page.tell("load", {"name": "notes.txt", "text": text})
            assert says in page.part("look").problem
        page.tell("load", {"name": "saved.jsonl", "text": saved})
        assert phase(page) == "reveal"
        assert page.part("act").saved == saved
    with shown(class_page.Page, "/class") as page:
        page.tell("load", {"name": "saved.jsonl", "text": saved})
        assert "3 in a minute are enough" in page.part("look").problem


def test_a_team_seals_takes_back_and_reads_why_not(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with a_seat(room, tokens) as page:
        assert page.parts("seal") == page.parts("offer") == []
        to_talk(room)
        sheet, deals = page.part("seal"), page.part("offer")
        assert (sheet.place, sheet.can, sheet.paper) == (f"{room.code}/exporter/1", True, False)
        assert json.loads(sheet.choices) == views.choices_of(room.game, "exporter")
        page.tell("seal", [{"card": "no such card"}])
        assert "no such card" in sheet.problem
        assert room.sheets == {}
        page.tell("offer", {**TRUCE, "other": "firm"})
        assert deals.problem
        page.tell("offer", TRUCE)
        page.tell("answer", {"offer": 1, "answer": "accepted"})
        assert "answered by the other side" in deals.problem
        page.tell("answer", {"offer": 1, "answer": "withdrawn"})
        assert (deals.problem, room.offers[0].state) == ("", "withdrawn")
        page.tell("seal", [BAN])
        assert (sheet.problem, json.loads(sheet.own)["sheet"]) == ("", [BAN])
        page.tell("unseal")
        assert json.loads(sheet.own)["sheet"] is None
        page.tell("unseal")
        assert sheet.problem == "No sheet is sealed. Look at the page again."
        room.do("close")
        assert (sheet.can, deals.can) == (False, False)
        assert sheet.waiting == "Not now: the round is closed."
        page.tell("unseal")  # a button that was pressed just before does nothing
        assert sheet.problem == ""  # nor does what was refused before hold any more
        room.do("reveal")
        assert page.parts("seal") == []
        to_talk(room)
        assert page.part("seal").place == f"{room.code}/exporter/2"


def test_the_brief_and_the_news_come_from_the_game_and_a_failure_is_told(
    desk: Desk, registry: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    room, tokens = filled(registry)
    with a_seat(room, tokens, "firm") as page:
        (asked,) = desk.waiting(game_jobs.brief)
        assert (asked.args[1], asked.priority) == ("firm", PAGE)
        assert page.part("brief").busy
        desk.answer(game_jobs.brief, "told in private")
        to_talk(room)
        assert page.part("brief").brief == "told in private"  # beside the sheet too
        assert (page.parts("news"), desk.waiting(game_jobs.news)) == ([], [])
        steps(room, "close reveal")
        brief, news = page.part("brief"), page.part("news")
        assert (brief.brief, brief.first, brief.played) == ("", True, True)  # points come first
        drawn = page.parts("busy")
        assert drawn.index(brief) < drawn.index(news)
        desk.answer(game_jobs.news, RuntimeError("no news"))
        room.do("next")  # it stays below the brief until there is other news
        assert page.part("news").problem == hooks.FAILED
        steps(room, "talk close reveal")
        desk.answer(game_jobs.news, "what happened")
        assert (page.part("news").news, page.part("news").problem) == ("what happened", "")
        found = {"moved": True, "lost": {"Japan": [7516.2, 6113.4]}}
        desk.answer(game_jobs.without_steps, json.dumps(found))
        assert page.part("news").without == "without China's new steps: 6,113"
        room.do("finish")
        assert page.parts("news") == []  # the debrief has them
    assert "no news" in caplog.text


def test_a_clock_run_down_closes_the_round(desk: Desk, registry: Rooms, watch: Watch) -> None:
    for page_of in (a_seat, the_lead):
        room, tokens = filled(registry)
        to_talk(room)
        room.do("clock", left=60.0, runs=True)
        with page_of(room, tokens) as page:
            page.tell("end")
            assert room.phase == "talk"
            watch.time += 61.0
            page.tell("end")
            assert room.phase == "sealed"


def test_the_facilitator_leads_and_reads_what_does_not_fit(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with the_lead(room, tokens) as page:
        for given, says in (
            ({"name": "explode"}, "is not known"),
            ({"name": "reveal"}, "Not now: before the game begins."),
            ({"name": "free", "seat": "gold"}, "gold"),
            ({}, "is not known"),
        ):
            page.tell("act", given)
            assert says in page.part("act").problem
        page.tell("act", {"name": "start"})
        assert (page.part("act").problem, phase(page)) == ("", "brief")
        page.tell("act", {"name": "clock", "more": True, "runs": True})
        assert (room.clock.left, room.clock.runs) == (420.0, False)  # it runs while teams talk
        page.tell("act", {"name": "talk"})
        page.tell("act", {"name": "clock", "runs": False})
        assert (room.clock.left, room.clock.runs) == (420.0, False)
        page.tell("act", {"name": "free", "seat": "firm"})
        assert room.free == ("firm",)
        registry.join(room.code, "target", "", "Ann")
        page.tell("act", {"name": "captain", "person": 4})
        assert room.teams["target"].captain == 4
        page.tell("act", {"name": "leave", "person": 4})
        assert [one.name for one in room.at("target")] == ["Tokyo"]
        page.tell("act", {"name": "close"})
        page.tell("act", {"name": "close"})  # pressed twice
        assert page.part("act").problem.startswith("Not now: the round is closed.")
        room.do("reveal")  # by another page that leads
        assert page.part("act").problem == ""


@pytest.mark.parametrize(
    ("left", "more", "after"),
    [(100.0, False, 100.0), (100.0, True, 160.0), (2940.0, True, 3000.0), (2980.0, True, 3000.0)],
)
def test_the_clock_is_given_a_minute_and_no_more_than_fifty_in_all(
    registry: Rooms, left: float, more: bool, after: float
) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("clock", left=left, runs=False)
    lead(room, {"name": "clock", "more": more})
    assert (room.clock.left, room.clock.runs) == (after, False)
    lead(room, {"name": "clock", "runs": True})
    assert room.clock.runs
    lead(room, {"name": "clock", "runs": "yes"})
    assert not room.clock.runs


def test_a_paper_sheet_is_entered_for_who_has_none(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    room.do("seal", seat="firm", moves=[])
    with the_lead(room, tokens) as page:
        seats = [one["seat"] for one in json.loads(page.part("pick").seats)]
        assert seats == ["exporter", "target"]  # the firm has sealed on its own page
        assert page.parts("seal") == []
        page.tell("toggle")
        sheet = page.part("seal")
        assert (page.part("pick").chosen, sheet.paper) == ("exporter", True)
        assert sheet.place == f"{room.code}/paper/exporter/1"
        assert page.part("offer").own == ""  # nothing of what the team does on its own page
        page.tell("seal", [{"card": "no such card"}])
        assert "no such card" in sheet.problem
        page.tell("seal", [BAN])
        assert room.sheets["exporter"].paper
        assert page.part("pick").chosen == "target"
        page.tell("offer", {**TRUCE, "rounds": "many"})
        assert page.part("offer").problem
        page.tell("offer", TRUCE)
        page.tell("answer", {"offer": room.offers[0].number})
        assert room.offers[0].state == "withdrawn"
        page.tell("pick", "exporter")
        page.tell("unseal")
        assert "exporter" not in room.sheets
        for seat in ("exporter", "target"):
            room.do("seal", seat=seat, moves=[])
        assert page.parts("pick") == []  # nobody is left whose sheet could come on paper


def test_a_brief_is_asked_for_only_when_a_team_without_a_page_looks(
    desk: Desk, registry: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    room, tokens = filled(registry)
    with the_lead(room, tokens) as page:
        room.do("start")
        assert page.parts("pick") == []  # every team has a page of its own
        room.do("free", seat="firm")
        assert page.part("pick").note == "For this team alone: let the others look away."
        assert not desk.waiting(game_jobs.brief)
        page.tell("toggle")
        (asked,) = desk.waiting(game_jobs.brief)
        assert asked.args[-1] == "firm"
        desk.answer(game_jobs.brief, RuntimeError("no brief"))
        assert page.part("brief").problem == hooks.FAILED
        page.tell("toggle")
        assert page.parts("brief") == []
        room.do("free", seat="target")
        page.tell("pick", "target")
        page.tell("toggle")
        assert desk.waiting(game_jobs.brief)[-1].args[-1] == "target"
        desk.answer(game_jobs.brief, "in private")
        assert page.part("brief").brief == "in private"
        room.do("talk")
        assert page.parts("brief") == []  # closed again, as all may be looking


def test_the_debrief_shows_answers_and_hands_out_files(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry, length=1)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "to be seen"}])
    steps(room, "close reveal finish")
    with the_lead(room, tokens) as page:
        end = page.part("every")
        (told,) = json.loads(end.rounds)
        assert told["moves"][0]["moves"][0]["why"] == "to be seen"
        jobs = (
            game_jobs.scores,
            game_jobs.against_twin,
            game_jobs.decision_keys,
            game_jobs.class_history_json,
        )
        assert [one.priority for job in jobs for one in desk.waiting(job)] == [LEVER] * 4
        page.tell("take", "csv")
        assert not desk.waiting(game_file)  # a table of scores waits for the scores
        desk.answer(game_jobs.scores, "{}")
        assert (end.scores, end.busy) == ("{}", True)  # the twin is still made
        desk.answer(game_jobs.against_twin, "twin")
        assert (end.twin, end.busy) == ("twin", False)
        assert [one.args[0] for one in desk.waiting(game_file)] == ["csv"]
        desk.answer(game_file, json.dumps(["a.csv", "text/csv", "kind\n"]))
        assert (end.file, end.shown) == (download.pack_file("a.csv", "text/csv", "kind\n"), 1)
        page.tell("take", "exe")
        assert end.shown == 1
        keys = {"all": [{"key": "1.exporter.1"}, {"key": "two"}], "first": ["1.exporter.1"]}
        desk.answer(game_jobs.decision_keys, json.dumps(keys))
        assert json.loads(end.decisions)["all"][0]["text"] == (
            "Round 1, China: Dual-use ban (whom: Japan)"
        )
        assert [one.args[-1] for one in desk.waiting(game_jobs.decision)] == ["1.exporter.1"]
        page.tell("every")
        assert [one.args[-1] for one in desk.waiting(game_jobs.decision)] == ["1.exporter.1", "two"]
        desk.waiting(game_jobs.decision)[0].future.set_result('{"scores": {}}')
        assert json.loads(end.decisions)["changed"] == {}  # without the numbers that it moved
        desk.answer(game_jobs.decision, InputError("this decision is not in the game"))
        assert end.problem == "This decision is not in the game."
        room.do("predict", when="after", seat="target", text="hardly", number=0)
        assert "0 months" not in page.part("every").predictions  # others are still asked
        room.do("show")
        assert "0 months" in page.part("every").predictions  # on the projector
