"""What each part of the class page is given, without a browser: seat, facilitator, one screen, debrief."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import QUESTION, new_game
from coercivity.viz.classroom.engine.pieces import Game
from coercivity.viz.classroom.engine.table import SEATS, seats
from coercivity.viz.classroom.pages import class_page, game_jobs
from coercivity.viz.classroom.pages.lead import LeadPage, lead
from coercivity.viz.classroom.pages.seat import SeatPage
from coercivity.viz.classroom.rooms import codes, views
from coercivity.viz.classroom.rooms.recovery import one_screen
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.server.engine import LEVER, PAGE
from tests.viz.classroom.room_table import BAN, Watch, filled, to_talk
from tests.viz.classroom.test_class_screens import GAME, to_the_debrief
from tests.viz.rendered import Desk, shown


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, watch: Watch) -> Rooms:
    one = Rooms(None, watch)
    for module in (class_page, codes):
        monkeypatch.setattr(module, "rooms", lambda: one)
    return one


def traits(part: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def a_seat(room: Room, tokens: dict[str, str], seat: str = "exporter") -> Any:
    return shown(lambda: SeatPage(room=room, seat=seat, token=tokens[seat]))


def the_lead(room: Room, tokens: dict[str, str]) -> Any:
    return shown(lambda: LeadPage(room=room, token=tokens["facilitator"]))


# ---------------------------------------------------------------- a seat


def test_a_seat_is_told_who_it_is_and_how_to_come_back(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with a_seat(room, tokens) as page:
        top = page.part("end")
        assert (top.who, json.loads(top.page)["code"]) == ("exporter", room.code)
        told = json.loads(top.remember)
        assert (told["code"], told["query"]) == (
            room.code,
            f"/class?room={room.code}&seat={tokens['exporter']}",
        )
        assert (told["name"], told["team"], told["captain"]) == ("Beijing",) * 3
        registry.join(room.code, "exporter", "", "Ann")
        room.do("captain", person=4)
        assert json.loads(top.remember)["captain"] == "Ann"


def test_the_sheet_of_a_round_is_open_while_teams_talk(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with a_seat(room, tokens) as page:
        assert page.parts("seal") == page.parts("offer") == []
        to_talk(room)
        sheet = page.part("seal")
        assert traits(sheet, "place", "can", "paper", "most", "problem") == {
            "place": f"{room.code}/exporter/1",
            "can": True,
            "paper": False,
            "most": 2,
            "problem": "",
        }
        assert json.loads(sheet.choices) == views.choices_of(room.game, "exporter")
        deals = page.part("offer")
        assert traits(deals, "seat", "can", "paper", "problem") == {
            "seat": "exporter",
            "can": True,
            "paper": False,
            "problem": "",
        }
        assert deals.choices == sheet.choices
        assert deals.own == sheet.own
        room.do("close")
        assert (sheet.can, deals.can) == (False, False)
        room.do("reveal")
        assert page.parts("seal") == []
        to_talk(room)
        assert page.part("seal").place == f"{room.code}/exporter/2"


def test_a_team_predicts_before_the_first_round_and_after_the_last(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry, length=2)
    with a_seat(room, tokens) as page:
        first = page.part("predict")
        assert traits(first, "when", "question", "made", "seats") == {
            "when": "before",
            "question": QUESTION,
            "made": "",
            "seats": "[]",
        }
        assert first.months == 60  # two rounds and four years
        room.do("start")
        assert len(page.parts("predict")) == 1  # while the first briefs are read
        room.do("talk")
        assert page.parts("predict") == []
        for step in ("close", "reveal", "next"):
            room.do(step)
        assert page.parts("predict") == []  # not before the second round
        for step in ("talk", "close", "reveal", "finish"):
            room.do(step)
        assert page.part("predict").when == "after"
        page.tell("predict", {"when": "after", "text": "long", "number": 9.5, "seat": "firm"})
        assert room.predictions == {("after", "exporter"): ("long", 9.5)}  # its own, whoever asks
        assert json.loads(page.part("predict").made)["said"] == "9.5 months"
        assert len(page.parts("every")) == 1


def test_a_brief_says_whether_anything_was_played_and_is_empty_while_it_is_made(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry)
    with a_seat(room, tokens) as page:
        brief = page.part("brief")
        assert traits(brief, "brief", "played", "busy", "problem") == {
            "brief": "",
            "played": False,
            "busy": True,
            "problem": "",
        }
        (asked,) = desk.waiting(game_jobs.brief)
        assert (asked.args[1], asked.priority) == ("exporter", PAGE)
        desk.answer(game_jobs.brief, "in private")
        assert (brief.brief, brief.busy) == ("in private", False)
        to_talk(room)
        assert page.part("brief").brief == "in private"  # beside the sheet too
        room.do("close")
        room.do("reveal")
        assert page.part("brief").played
        assert desk.waiting(game_jobs.brief)


def test_news_are_asked_for_once_a_round_is_played_and_stay_below_what_follows(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry, length=2)
    with a_seat(room, tokens) as page:
        to_talk(room)
        assert page.parts("news") == []
        assert not desk.waiting(game_jobs.news)
        room.do("close")
        room.do("reveal")
        assert traits(page.part("news"), "news", "busy") == {"news": "", "busy": True}
        desk.answer(game_jobs.news, "what happened")
        for _ in ("reveal", "brief", "talk"):
            assert traits(page.part("news"), "news", "busy", "problem") == {
                "news": "what happened",
                "busy": False,
                "problem": "",
            }
            room.do(
                "next" if room.phase == "reveal" else "talk" if room.phase == "brief" else "close"
            )
        room.do("reveal")
        room.do("finish")
        assert page.parts("news") == []  # the debrief has them


def test_a_clock_that_has_run_down_on_a_page_closes_the_round(
    desk: Desk, registry: Rooms, watch: Watch
) -> None:
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


# ---------------------------------------------------------------- the facilitator


def test_the_facilitator_has_no_sheet_but_all_that_is_said_to_everybody(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry)
    with the_lead(room, tokens) as page:
        top, controls = page.part("end"), page.part("act")
        assert top.who == "facilitator"
        assert json.loads(top.remember)["query"] == (
            f"/class?room={room.code}&seat={tokens['facilitator']}"
        )
        assert traits(controls, "sheets", "saved", "problem") == {
            "sheets": "[]",
            "saved": "",
            "problem": "",
        }
        assert json.loads(controls.page)["trouble"] == ""
        assert page.parts("predict") == []  # every team predicts on a page of its own
        room.do("start")
        room.do("talk")
        room.do("seal", seat="firm", moves=[], paper=True)
        assert [one["seat"] for one in json.loads(controls.sheets)] == ["firm"]


def test_a_team_reads_what_would_have_been_lost_without_chinas_new_steps(
    desk: Desk, registry: Rooms
) -> None:
    """One more line beside what was lost, once it is computed; none where China did nothing."""
    room, tokens = filled(registry, length=2)
    told = {"moved": True, "lost": {"Japan": [7516.2, 6113.4]}}
    with a_seat(room, tokens) as page:
        to_talk(room)
        room.do("close")
        room.do("reveal")
        desk.answer(game_jobs.news, "what happened")
        assert page.part("news").without == ""
        desk.answer(game_jobs.without_steps, json.dumps(told))
        assert page.part("news").without == "without China's new steps: 6,113"


def test_news_and_charts_come_with_the_first_round_played(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with the_lead(room, tokens) as page:
        to_talk(room)
        assert page.parts("news") == page.parts("twin_words") == []
        room.do("close")
        room.do("reveal")
        (asked,) = desk.waiting(game_jobs.news)
        assert asked.priority == LEVER
        assert traits(page.part("news"), "news", "busy") == {"news": "", "busy": True}
        desk.answer(game_jobs.news, "what happened")
        assert traits(page.part("news"), "news", "busy") == {"news": "what happened", "busy": False}
        charts = page.part("twin_words")
        assert traits(charts, "state", "until", "heading", "twin_words", "busy", "problem") == {
            "state": "Japan",
            "until": "2026-07",
            "heading": "So far",
            "twin_words": "China does nothing new",
            "busy": True,
            "problem": "",
        }
        assert [name for name, _ in json.loads(charts.states)] == [
            "Japan",
            "United States",
            "Germany",
            "France",
            "China",
        ]
        desk.answer(game_jobs.charts, "line")
        assert (charts.page, charts.ghost, charts.busy) == ("line", "", False)


def test_paper_is_entered_for_seats_without_a_sealed_page_of_their_own(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    with the_lead(room, tokens) as page:
        pick = page.part("pick")
        assert traits(pick, "what", "words", "note", "chosen", "opened") == {
            "what": "Paper sheets",
            "words": "Enter a paper sheet or deal",
            "note": "",
            "chosen": "exporter",
            "opened": False,
        }
        assert json.loads(pick.seats) == [
            {"seat": seat, "actor": seats()[seat].name, "sealed": False}
            for seat in ("exporter", "target", "firm")
        ]
        page.tell("toggle")
        assert traits(page.part("pick"), "opened", "words") == {
            "opened": True,
            "words": "Hide the paper sheets",
        }
        sheet, deals = page.part("seal"), page.part("offer")
        assert traits(sheet, "place", "can", "paper", "most", "waiting", "problem") == {
            "place": f"{room.code}/paper/exporter/1",
            "can": True,
            "paper": True,
            "most": 2,
            "waiting": "",
            "problem": "",
        }
        assert traits(deals, "own", "seat", "can", "paper") == {
            "own": "",
            "seat": "exporter",
            "can": True,
            "paper": True,
        }
        page.tell("seal", [])
        seals = {one["seat"]: one["sealed"] for one in json.loads(page.part("pick").seats)}
        assert seals == {"exporter": True, "target": False, "firm": False}
        page.tell("pick", "exporter")
        assert page.part("pick").chosen == "exporter"
        page.tell("unseal")
        assert page.part("pick").chosen == "exporter"  # and stays there, to be entered anew
        page.tell("pick", "gold")
        assert page.part("pick").chosen == "exporter"  # the first without one


def test_what_was_refused_to_who_leads_goes_with_its_phase(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    to_talk(room)
    with the_lead(room, tokens) as page:
        page.tell("act", {"name": "close"})
        page.tell("act", {"name": "close"})  # pressed twice
        assert page.part("act").problem.startswith("Not now: the round is closed.")
        page.tell("act", {"name": "reveal"})
        assert page.part("act").problem == ""
        page.tell("act", {"name": "close"})
        assert page.part("act").problem
        room.do("next")  # by another page that leads
        assert page.part("act").problem == ""


def test_a_brief_is_shown_to_the_team_without_a_page_alone(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    room.do("free", seat="firm")
    room.do("free", seat="target")
    room.do("start")
    with the_lead(room, tokens) as page:
        pick = page.part("pick")
        assert traits(pick, "what", "words", "note", "chosen", "opened") == {
            "what": "Briefs",
            "words": "Show a team its brief",
            "note": "For this team alone: let the others look away.",
            "chosen": "target",
            "opened": False,
        }
        assert [(one["seat"], one["sealed"]) for one in json.loads(pick.seats)] == [
            ("target", False),
            ("firm", False),
        ]
        page.tell("toggle")
        assert page.part("pick").words == "Hide the brief"
        brief = page.part("brief")
        assert traits(brief, "brief", "played", "busy") == {
            "brief": "",
            "played": False,
            "busy": True,
        }
        desk.answer(game_jobs.brief, "in private")
        assert traits(brief, "brief", "busy", "problem") == {
            "brief": "in private",
            "busy": False,
            "problem": "",
        }
        assert json.loads(brief.own)["seat"] == "target"
        room.do("talk")
        assert {one.what for one in page.parts("pick")} == {"Briefs", "Paper sheets"}


@pytest.mark.parametrize(
    ("left", "more", "after"),
    [(100.0, False, 100.0), (100.0, True, 160.0), (2940.0, True, 3000.0), (2980.0, True, 3000.0)],
)
def test_the_clock_is_given_a_minute_and_no_more_than_fifty_in_all(
    registry: Rooms, left: float, more: bool, after: float
) -> None:
    """It stands unless it is told to run."""
    room, _ = filled(registry)
    to_talk(room)
    room.do("clock", left=left, runs=False)
    lead(room, {"name": "clock", "more": more})
    assert (room.clock.left, room.clock.runs) == (after, False)
    lead(room, {"name": "clock", "runs": True})
    assert room.clock.runs
    lead(room, {"name": "clock", "runs": "yes"})
    assert not room.clock.runs


# ---------------------------------------------------------------- one screen


def alone(watch: Watch, length: int = 1) -> Room:
    return one_screen(new_game(3, ("exporter", "target"), length=length), "90", watch)


def test_on_one_screen_all_predict_on_the_one_page_and_the_projector_is_covered(
    desk: Desk, watch: Watch
) -> None:
    room = alone(watch, length=2)
    with shown(lambda: LeadPage(room=room, token="")) as page:
        assert (page.part("end").remember, room.code) == ("", "")
        predict = page.part("predict")
        assert (predict.when, predict.made, predict.question) == ("before", "", QUESTION)
        assert json.loads(predict.seats) == [
            {"seat": "exporter", "actor": seats()["exporter"].name},
            {"seat": "target", "actor": seats()["target"].name},
        ]
        assert predict.months == 60
        page.tell("predict", {"when": "before", "seat": "gold"})
        assert "gold" in page.part("predict").problem
        room.do("start")
        assert len(page.parts("predict")) == 1
        room.do("talk")
        assert page.parts("predict") == []
        paper = next(one for one in page.parts("pick") if one.what == "Paper sheets")
        assert paper.note.startswith("Freeze or cover the projector")
        for step in ("close", "reveal", "next"):
            room.do(step)
        assert page.parts("predict") == []
        for step in ("talk", "close", "reveal", "finish"):
            room.do(step)
        assert page.part("predict").when == "after"


# ---------------------------------------------------------------- the debrief


def test_the_debrief_tells_rounds_with_reasons_and_asks_about_first_decisions(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens = filled(registry, length=1)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "to be seen"}])
    for step in ("close", "reveal", "finish"):
        room.do(step)
    room.do("predict", when="after", seat="target", text="long", number=9)
    with the_lead(room, tokens) as page:
        end = page.part("every")
        (told,) = json.loads(end.rounds)
        assert told["moves"][0]["moves"][0]["why"] == "to be seen"
        assert [one["seat"] for one in json.loads(end.predictions)["seats"]] == [
            "exporter",
            "target",
            "firm",
        ]
        assert traits(end, "scores", "twin", "bands", "file", "shown", "busy", "problem") == {
            "scores": "",
            "twin": "",
            "bands": "",
            "file": "",
            "shown": 0,
            "busy": True,
            "problem": "",
        }
        nothing = {"all": [], "first": [], "changed": {}, "asked": [], "over": {}}
        assert json.loads(end.decisions) == nothing
        for job in (
            game_jobs.scores,
            game_jobs.against_twin,
            game_jobs.decision_keys,
            game_jobs.own,
        ):
            assert [one.priority for one in desk.waiting(job)] == [LEVER]
        desk.answer(game_jobs.scores, "{}")
        assert (end.scores, end.busy) == ("{}", True)  # the twin is still made
        desk.answer(game_jobs.against_twin, "twin")
        assert (end.twin, end.busy) == ("twin", False)
        keys = {"all": [{"key": "1.exporter.1"}, {"key": "x"}], "first": ["1.exporter.1"]}
        desk.answer(game_jobs.decision_keys, json.dumps(keys))
        told = json.loads(end.decisions)
        assert told.pop("all")[0] == {
            "key": "1.exporter.1",
            "text": "Round 1, China: Dual-use ban (whom: Japan)",
        }
        rest = {"first": keys["first"], "changed": {}, "asked": ["1.exporter.1"], "over": {}}
        assert told == rest
        charts = page.part("twin_words")
        assert (charts.heading, charts.until) == ("The whole history", "2026-07")
        assert {one.args[1:] for one in desk.waiting(game_jobs.charts)} == {("Japan", True, "en")}


@pytest.mark.parametrize(
    "job",
    [game_jobs.scores, game_jobs.against_twin, game_jobs.decision_keys, game_jobs.own],
    ids=lambda job: job.__name__,
)
def test_what_goes_wrong_in_the_debrief_is_said(desk: Desk, registry: Rooms, job: Any) -> None:
    room, tokens = filled(registry, length=2)
    to_the_debrief(room)
    with the_lead(room, tokens) as page:
        desk.answer(job, InputError("it does not fit"))
        assert page.part("every").problem == "It does not fit."


# ---------------------------------------------------------------- the door


def test_the_door_offers_three_lessons_and_all_seats(desk: Desk, registry: Rooms) -> None:
    with shown(class_page.Page, "/class?room=BCDFGHXYZ") as page:
        choices = json.loads(page.part("look").choices)
        assert choices["code"] == "BCDFGH"
        assert [(one["id"], one["rounds"], len(one["seats"])) for one in choices["lessons"]] == [
            ("30", 2, 3),
            ("90", 6, 5),
            ("180", 8, 5),
        ]
        assert [one["seat"] for one in choices["seats"]] == list(SEATS)
        assert choices["told"] == []
        assert [one["role"] for one in choices["roles"]] == ["press", "market", "board:"]
        assert page.part("look").found == ""


def wanted(**fields: Any) -> Game:
    return class_page.wanted_game({**GAME, **fields})[0]


def test_a_game_is_made_as_it_was_asked_for() -> None:
    game, lesson = class_page.wanted_game(GAME)
    assert (game.seed, game.seats, game.others, game.binding, game.length, lesson) == (
        3,
        ("exporter", "target", "firm"),
        "scripted",
        False,
        2,
        "90",
    )
    assert wanted(binding=True).binding
    assert not wanted(binding="yes").binding  # nothing but a true box binds
    assert wanted(seed=" 12 ").seed == 12
    assert wanted(seed="9" * 9).seed == 999_999_999
    assert class_page.wanted_game({k: v for k, v in GAME.items() if k != "seed"})[0].seed == 1
    assert class_page.wanted_game({k: v for k, v in GAME.items() if k != "length"})[0].length == 8
    for wrong in ({"seed": "x"}, {"seed": "9" * 12}, {"seats": "all"}, {"length": 9}):
        with pytest.raises(InputError):
            wanted(**wrong)


def test_no_longer_address_than_four_hundred_letters_is_read(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    address = class_page.address(room, tokens["target"])
    search = address.removeprefix("/class?")
    for length, opened in ((399, True), (400, False)):
        longer = address + "&" + "x" * (length - len(search) - 1)
        with shown(class_page.Page, longer) as page:
            assert bool(page.parts("end")) is opened


def test_who_leaves_gives_the_place_back(desk: Desk, registry: Rooms) -> None:
    room, tokens = filled(registry)
    with a_seat(room, tokens):
        assert room.present["exporter"] == 1
    assert room.present["exporter"] == 0
