"""The class page without a browser: the door, a seat, the facilitator, one-screen mode; what each shows and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.pages import class_page, game_jobs
from coercivity.viz.classroom.pages.game_files import game_file
from coercivity.viz.classroom.pages.lead import LeadPage
from coercivity.viz.classroom.pages.seat import SeatPage, seat_gone
from coercivity.viz.classroom.rooms import codes
from coercivity.viz.classroom.rooms import room as room_module
from coercivity.viz.classroom.rooms.brake import Brake
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.drawn import download
from coercivity.viz.screens import hooks
from coercivity.viz.server.engine import LEVER
from coercivity.viz.words.refusals import in_words
from tests.viz.classroom.room_table import BAN, TRUCE, Watch, filled, to_talk
from tests.viz.rendered import Desk, Shown, shown

GAME = {
    "how": "room",
    "lesson": "90",
    "seats": ["exporter", "target", "firm"],
    "others": "scripted",
    "binding": False,
    "length": 2,
    "seed": "3",
}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    one = Rooms(None, Watch())
    for module in (class_page, codes):
        monkeypatch.setattr(module, "rooms", lambda: one)
    return one


def sheet(page: Shown) -> Any:
    return page.part("seal")


def phase(page: Shown) -> str:
    return str(json.loads(page.part("end").page)["phase"])


# ---------------------------------------------------------------- the door


def test_making_a_room_leads_to_the_facilitators_page(desk: Desk, registry: Rooms) -> None:
    with shown(class_page.Page, "/class") as page:
        page.tell("make", GAME | {"lesson": "a week"})
        assert "“a week” is not known. Reload the page" in page.part("look").problem
        page.tell("make", GAME | {"seats": "all of them"})
        assert page.part("look").problem
        assert len(registry) == 0
        page.tell("make", GAME)
        assert len(registry) == 1
        assert page.part("end").who == "facilitator"
        assert page.places[-1].split("=")[-1] in page.part("end").remember


def test_only_addresses_of_the_class_page_are_followed(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with shown(class_page.Page, "/class") as page:
        for elsewhere in ("https://elsewhere.example/class?", "/play?seed=1", 3):
            page.tell("go", elsewhere)
        assert page.places == ["/class"]
        page.tell("go", class_page.address(room, tokens["target"]))
        assert page.part("end").who == "target"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"room": "BCDFGH", "seat": "0" * 32}, "There is no room BCDFGH"),
        ({"room": "<b>", "seat": "0" * 32}, "is not a room's code"),
        ({"seat": "0" * 32}, "is not a room's code"),
        ({"room": "BCDFGH"}, ""),
    ],
)
def test_an_address_that_opens_nothing_leads_to_the_door(
    registry: Rooms, fields: dict[str, str], says: str
) -> None:
    seat = class_page.seat_of(fields)
    assert (seat.room, seat.place) == (None, "")
    assert says in seat.problem
    assert bool(says) == bool(seat.problem)


def test_a_wrong_token_opens_no_seat_and_a_longer_address_is_not_read(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry)
    with shown(class_page.Page, f"/class?room={room.code}&seat={tokens['target'][:-1]}") as page:
        assert "opens no seat of the room" in page.part("look").problem
        page.go(class_page.address(room, tokens["target"]) + "&" + "x" * 400)
        assert page.part("look").problem == ""
        assert page.parts("end") == []


# ---------------------------------------------------------------- one screen


def test_files_of_one_address_are_read_one_after_the_other_and_not_without_end(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_page, "LOADS", Brake(2, 60.0, Watch(), what="saved games"))
    monkeypatch.setattr(class_page, "visitor", lambda: "192.0.2.1")
    with shown(class_page.Page, "/class") as page:
        for _ in range(2):
            page.tell("load", {"name": "notes.txt", "text": "not a game"})
            assert "notes.txt" in page.part("look").problem
        page.tell("load", {"name": "notes.txt", "text": "not a game"})
        assert "2 in a minute are enough" in page.part("look").problem


def test_a_file_of_too_many_events_is_not_played(desk: Desk, registry: Rooms) -> None:
    with shown(class_page.Page, "/class") as page:
        page.tell("load", {"name": "long.jsonl", "text": '{"at": 1}\n' * 1501})
        assert "1,501 events are too many" in page.part("look").problem


def test_one_screen_is_saved_and_loaded_and_a_wrong_file_is_told(
    desk: Desk, registry: Rooms
) -> None:
    with shown(class_page.Page, "/class") as page:
        page.tell("load", {"name": "notes.txt", "text": "not a game"})
        assert "notes.txt" in page.part("look").problem
        page.tell("make", GAME | {"how": "one"})
        assert (page.part("end").who, page.part("end").remember) == ("facilitator", "")
        page.tell("predict", {"when": "before", "seat": "target", "text": "long", "number": 12})
        page.tell("act", {"name": "start"})
        page.tell("act", {"name": "talk"})
        page.tell("act", {"name": "close"})
        page.tell("act", {"name": "reveal"})
        saved = page.part("act").saved
    assert len(registry) == 0
    with shown(class_page.Page, "/class") as page:
        page.tell("load", {"name": "saved.jsonl", "text": saved})
        assert phase(page) == "reveal"
        assert page.part("act").saved == saved


# ---------------------------------------------------------------- a seat


def test_a_team_seals_takes_back_and_reads_why_not(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    with shown(lambda: SeatPage(room=room, seat="exporter", token=tokens["exporter"])) as page:
        assert sheet(page).can
        page.tell("seal", [{"card": "no such card"}])
        assert "no such card" in sheet(page).problem
        assert room.sheets == {}
        page.tell("seal", [BAN])
        assert sheet(page).problem == ""
        assert json.loads(sheet(page).own)["sheet"] == [BAN]
        page.tell("unseal")
        assert json.loads(sheet(page).own)["sheet"] is None
        page.tell("unseal")
        assert sheet(page).problem == "No sheet is sealed. Look at the page again."
        room.do("close")
        assert not sheet(page).can
        assert sheet(page).waiting == "Not now: the round is closed."
        page.tell(
            "unseal"
        )  # the round is closed: a button that was pressed just before does nothing
        assert sheet(page).problem == ""  # nor does what was refused before hold any more


def test_offers_are_made_answered_and_refused_where_they_are(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    with shown(lambda: SeatPage(room=room, seat="target", token=tokens["target"])) as page:
        page.tell("offer", {**TRUCE, "first": "firm"})
        assert page.part("offer").problem
        page.tell("offer", TRUCE)
        assert page.part("offer").problem == ""
        (offer,) = room.offers
        page.tell("answer", {"offer": offer.number, "answer": "accepted"})
        assert "answered by the other side" in page.part("offer").problem
        page.tell("answer", {"offer": offer.number, "answer": "withdrawn"})
        assert (page.part("offer").problem, offer.state) == ("", "withdrawn")


def test_a_freed_seat_is_told_and_its_old_page_can_do_nothing(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    with shown(lambda: SeatPage(room=room, seat="exporter", token=tokens["exporter"])) as page:
        part = sheet(page)
        room.do("free", seat="exporter")
        gone = page.part("words")
        assert (gone.words, gone.code) == (in_words(seat_gone()), room.code)
        part.vue_seal({"round": 1, "given": [BAN]})  # sent before the page was drawn anew
        assert room.sheets == {}


def test_the_brief_and_the_news_come_from_the_game_and_a_failure_is_told(
    desk: Desk, registry: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    room, tokens = filled(registry)
    with shown(lambda: SeatPage(room=room, seat="firm", token=tokens["firm"])) as page:
        room.do("start")
        assert page.part("brief").busy
        desk.answer(game_jobs.brief, "told in private")
        assert page.part("brief").brief == "told in private"
        room.do("talk")
        room.do("close")
        room.do("reveal")
        (asked,) = desk.waiting(game_jobs.news)
        assert asked.priority == LEVER
        assert page.part("brief").brief == ""  # the old brief is not that of the coming round
        desk.answer(game_jobs.news, RuntimeError("no news"))
        assert page.part("news").problem == hooks.FAILED
        room.do("next")
        assert (
            page.part("news").problem == hooks.FAILED
        )  # it stays below the brief until there is other news
        room.do("talk")
        assert len(page.parts("news")) == 1
    assert "no news" in caplog.text


def test_a_team_reads_its_points_first_after_a_reveal_and_who_leads_reads_all(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    with (
        shown(lambda: SeatPage(room=room, seat="target", token=tokens["target"])) as page,
        shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as led,
    ):
        assert not page.part("brief").first
        assert led.parts("scores") == []
        room.do("close")
        room.do("reveal")
        brief, news = page.part("brief"), page.part("news")
        assert (brief.first, brief.played, brief.short) == (True, True, True)
        drawn = page.parts("busy")
        assert drawn.index(brief) < drawn.index(news)
        assert led.part("scores").busy
        half = {"scores": {"exporter": 41.0, "target": 12.0, "firm": 30.0}}
        desk.answer(game_jobs.half, json.dumps(half))
        assert json.loads(led.part("scores").scores) == half["scores"]
        room.do("next")
        assert led.parts("scores") == []


def test_the_debrief_waits_for_a_second_prediction_or_for_who_wants_none(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry, length=2)
    with shown(lambda: SeatPage(room=room, seat="target", token=tokens["target"])) as page:
        page.tell("predict", {"when": "before", "text": "soon", "number": "never"})
        assert "never" in page.part("predict").problem
        page.tell("predict", {"when": "before", "text": "long", "number": 12})
        assert json.loads(page.part("predict").made) == {
            "text": "long",
            "number": 12,
            "said": "12 months",
        }
        to_the_debrief(room)
        assert page.part("predict").when == "after"
        assert page.parts("every") == []
        page.press("Show the debrief without one")
        assert len(page.parts("every")) == 1


def to_the_debrief(room: Room) -> None:
    for step in ("start", "talk", "close", "reveal", "next", "talk", "close", "reveal", "finish"):
        room.do(step)


def test_a_room_that_is_full_of_pages_says_so(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, tokens = filled(registry)
    for name in ("MOST_PAGES", "MOST_WALLS"):
        monkeypatch.setattr(room_module, name, 1)
    person = room.known(tokens["target"])[1]
    with shown(lambda: SeatPage(room=room, seat="target", token=tokens["target"])) as page:
        assert page.texts() == []
        room.enter("target", person)
        assert page.texts()[0].startswith("1 pages of this place are open already. Close some")
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        room.enter("facilitator")
        assert page.texts()[0].startswith("1 pages of this place are open already. Close some")


# ---------------------------------------------------------------- the facilitator


def test_the_facilitator_leads_and_reads_what_does_not_fit(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        wrong = (
            ({"name": "explode"}, "is not known"),
            ({"name": "reveal"}, "Not now: before the game begins."),
            ({"name": "free", "seat": "gold"}, "gold"),
            ({}, "is not known"),
        )
        for given, says in wrong:
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
        (team,) = [
            one for one in json.loads(page.part("act").page)["people"] if one["place"] == "target"
        ]
        assert [one["name"] for one in team["people"]] == ["Tokyo", "Ann"]
        page.tell("act", {"name": "captain", "person": 4})
        assert room.teams["target"].captain == 4
        page.tell("act", {"name": "leave", "person": 4})
        assert [one.name for one in room.at("target")] == ["Tokyo"]
        page.tell("act", {"name": "leave", "person": 4})
        assert "is not in this room (any more)" in page.part("act").problem


def test_a_paper_sheet_is_entered_for_the_next_seat_that_has_none(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    room.do("seal", seat="firm", moves=[])
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        assert [one["seat"] for one in json.loads(page.part("pick").seats)] == [
            "exporter",
            "target",
        ]  # the firm has sealed on its own page
        assert page.parts("seal") == []
        page.tell("toggle")
        assert page.part("pick").chosen == "exporter"
        page.tell("seal", [{"card": "no such card"}])
        assert "no such card" in sheet(page).problem
        page.tell("seal", [BAN])
        assert room.sheets["exporter"].paper
        assert page.part("pick").chosen == "target"
        page.tell("offer", {**TRUCE, "rounds": "many"})
        assert page.part("offer").problem
        page.tell("offer", TRUCE)
        assert page.part("offer").problem == ""
        page.tell("answer", {"offer": room.offers[0].number})
        assert room.offers[0].state == "withdrawn"
        page.tell("pick", "exporter")
        page.tell("unseal")
        assert "exporter" not in room.sheets
        page.tell("unseal")
        assert sheet(page).problem == "No sheet is sealed. Look at the page again."
        for seat in ("exporter", "target"):
            room.do("seal", seat=seat, moves=[])
        assert page.parts("pick") == []  # nobody is left whose sheet could come on paper


def test_a_brief_is_asked_for_only_when_a_team_looks(
    desk: Desk, registry: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    room, tokens = filled(registry)
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        room.do("start")
        assert page.parts("pick") == []  # every team has a page of its own
        room.do("free", seat="firm")
        assert page.part("pick").what == "Briefs"
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
        room.do("talk")
        assert page.parts("brief") == []  # closed again, as all may be looking


def test_the_debrief_shows_answers_as_they_come_and_hands_out_files(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry, length=2)
    to_the_debrief(room)
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        end = page.part("every")
        assert end.busy
        page.tell("take", "csv")
        assert not desk.waiting(game_file)  # a table of scores waits for the scores
        desk.answer(game_jobs.scores, "{}")
        desk.answer(game_jobs.against_twin, "twin")
        assert not end.busy
        (asked,) = desk.waiting(game_file)
        assert asked.args[0] == "csv"
        desk.answer(game_file, json.dumps(["a.csv", "text/csv", "kind\n"]))
        assert (end.file, end.shown) == (download.packed("a.csv", "text/csv", "kind\n"), 1)
        page.tell("take", "exe")
        assert end.shown == 1
        desk.answer(
            game_jobs.decision_keys,
            json.dumps({"all": [{"key": "one"}, {"key": "two"}], "first": ["one"]}),
        )
        assert [one.args[-1] for one in desk.waiting(game_jobs.decision)] == ["one"]
        page.tell("every")
        assert [one.args[-1] for one in desk.waiting(game_jobs.decision)] == ["one", "two"]
        desk.waiting(game_jobs.decision)[0].future.set_result('{"scores": {}}')
        assert json.loads(end.decisions)["changed"] == {}  # without the numbers that it moved
        desk.answer(game_jobs.decision, InputError("this decision is not in the game"))
        assert end.problem == "This decision is not in the game."
        room.do("predict", when="after", seat="target", text="hardly", number=0)
        assert "0 months" not in page.part("every").predictions  # others are still asked
        room.do("show")
        assert "0 months" in page.part("every").predictions  # on the projector


def test_the_charts_are_those_of_the_state_that_is_looked_at(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    room.do("close")
    room.do("reveal")
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        chart = page.part("twin_words")
        assert not desk.waiting(game_jobs.twin)  # the line comes first
        desk.answer(game_jobs.charts, "line")
        desk.answer(game_jobs.twin, "ghost")
        assert (chart.page, chart.ghost, chart.state) == ("line", "ghost", "Japan")
        chart.vue_look("Atlantis")
        assert chart.state == "Japan"
        chart.vue_look("China")
        assert (chart.page, chart.ghost, chart.state) == ("", "", "China")
        assert desk.waiting(game_jobs.charts)[0].args[1:] == ("China", False, "en")
        for step in ("next", "talk", "close", "reveal"):
            room.do(step)
        assert (
            desk.waiting(game_jobs.charts)[-1].args[0].played == 2
        )  # each round adds to the history
