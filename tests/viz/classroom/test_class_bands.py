"""The debrief: many histories of a game and of its twin, the pages of teams, and what a class predicts: nobody is told the answer before, and nobody changes it after."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.debrief import HEADLINES, game_without
from coercivity.viz.classroom.engine.game_histories import (
    DRAWS,
    FIRST,
    History,
    bare_game,
    bare_twin,
)
from coercivity.viz.classroom.engine.game_tables import SEATS, goals
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.debrief_page import EndPage
from coercivity.viz.classroom.pages.facilitator_page import LeadPage
from coercivity.viz.classroom.pages.game_files import team_files
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.pages.wall_page import WallPage
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.wall_views import wall_of
from coercivity.viz.classroom.words.band_text import units
from coercivity.viz.server.worker_pool import BAND
from tests.viz.rendered import Desk, Shown, shown
from tools.check.room_table import BAN, Watch, again, filled, steps, to_talk


def history(by: float = 0.0) -> str:
    values = dict.fromkeys(units(), 20.0 + by)
    values |= {f"{seat}.{goal.goal}": 1.0 for seat, some in goals().items() for goal in some}
    return History(values, dict.fromkeys(SEATS, (1.0, 2.0))).packed()


ROWS = [{"id": name, "label": label, "unit": unit, "class": 1.0} for name, label, unit in HEADLINES]
TWIN = json.dumps({"rows": ROWS, "months": [20.0, 3.0], "answer": "", "answer_twin": ""})


def played(moved: bool = True) -> tuple[Room, dict[str, str]]:
    """A game of one round, with a ban or with nothing, and its tokens."""
    room, tokens = filled(Rooms(None, Watch()), length=1)
    to_talk(room)
    if moved:
        room.do("seal", seat="exporter", moves=[{**BAN, "why": "to be seen"}])
    steps(room, "close reveal finish")
    return room, tokens


def the_end(room: Room, who: str = "") -> Any:
    return shown(lambda: EndPage(room=room, version=0, who=who))


def bands(page: Shown) -> Any:
    return json.loads(page.part("every").bands)


def answered(desk: Desk, count: int, game: Any) -> None:
    """So many draws of a game and of its twin have come, those of the twin with ten less."""
    for one in desk.waiting(game_jobs.draw)[:count]:
        own = one.args[0] == bare_game(game)
        one.future.set_result(history(0.1 * one.args[1] if own else 0.1 * one.args[1] - 10.0))


def test_the_first_pairs_are_asked_before_the_others_at_the_bands_priority(desk: Desk) -> None:
    room, _ = played()
    game, twin = bare_game(room.game), bare_twin(room.game)
    with the_end(room):
        asked = desk.waiting(game_jobs.draw)
        assert {one.priority for one in asked} == {BAND}
        assert [one.args for one in asked] == [
            (of, number) for number in range(FIRST) for of in (game, twin)
        ]
        answered(desk, 2 * FIRST, room.game)
        assert len(desk.waiting(game_jobs.draw)) == 2 * (DRAWS - FIRST)
        answered(desk, 2 * (DRAWS - FIRST), room.game)
        assert not desk.waiting(game_jobs.draw)


def test_the_page_says_from_how_many_histories_and_tells_more_with_more(desk: Desk) -> None:
    room, _ = played()
    with the_end(room) as page:
        assert page.part("every").bands == ""
        desk.answer(game_jobs.class_history_json, history())
        assert bands(page)["state"].startswith("From 0 histories of your decisions so far")
        for pairs in (4, 6, 8):
            answered(desk, 2 * (pairs - (pairs - 2 if pairs > 4 else 0)), room.game)
            assert bands(page)["state"].startswith(f"From {pairs} histories")
        assert bands(page)["rows"]["lost_target"]["own"].endswith("USD 10 bn more, in 8 of 8.")
        answered(desk, 2 * DRAWS, room.game)
        assert bands(page)["state"] == "From 20 histories of your decisions."
        assert bands(page)["rows"]["end_firm"]["luck"].startswith("In 16 of 20 histories")


def test_a_game_in_which_china_did_nothing_asks_for_no_twin(desk: Desk) -> None:
    room, _ = played(moved=False)
    with the_end(room) as page:
        desk.answer(game_jobs.class_history_json, history())
        assert len(desk.waiting(game_jobs.draw)) == FIRST
        answered(desk, FIRST, room.game)
        answered(desk, DRAWS, room.game)
        assert not desk.waiting(game_jobs.draw)
        assert bands(page)["summary"].startswith("China did nothing new in your game")


def test_the_decisions_that_moved_most_are_asked_about_in_several_histories(desk: Desk) -> None:
    room, _ = played()
    keys = {"all": [{"key": "1.exporter.1"}], "first": ["1.exporter.1"]}
    with the_end(room) as page:
        desk.answer(game_jobs.against_twin, TWIN)
        desk.answer(game_jobs.decision_keys, json.dumps(keys))
        answered(desk, 2 * DRAWS, room.game)
        answered(desk, 2 * DRAWS, room.game)
        assert not desk.waiting(game_jobs.draw)  # it is not known yet which ones
        desk.answer(game_jobs.decision, json.dumps({"scores": {"target": 9.0}}))
        other = game_without(bare_game(room.game), "1.exporter.1")
        assert [one.args for one in desk.waiting(game_jobs.draw)] == [
            (other, number) for number in range(FIRST)
        ]
        answered(desk, FIRST, room.game)
        told = json.loads(page.part("every").decisions)
        assert told["changed"] == {"1.exporter.1": "In your one history, points: Japan +9."}
        over = told["over"]
        assert over["1.exporter.1"].startswith("Over 8 histories: ")
        assert "in 8 of 8" in over["1.exporter.1"]


def test_a_seat_finds_its_own_page_the_facilitator_all_of_them_and_others_none(desk: Desk) -> None:
    room, tokens = played()
    with the_end(room) as page:
        assert page.parts("rests") == []
    with the_end(room, "press") as page:
        assert page.parts("rests") == []
    room.do("predict", when="after", seat="target", text="long", number=20.5)
    for seat, form, wrong in (("target", "pdf", "zip"), ("", "zip", "pdf")):
        drawn: Any = (
            (lambda: SeatPage(room=room, seat="target", token=tokens["target"]))
            if seat
            else (lambda: LeadPage(room=room, token=tokens["facilitator"]))
        )
        with shown(drawn) as page:
            (result,) = page.parts("rests")
            assert result.leads == (not seat)
            assert result.rests == "It rests on the 0 of 20 histories so far."
            result.vue_page(wrong)
            result.vue_page(form)
            assert not desk.waiting(team_files)  # the class's history comes first
            desk.answer(game_jobs.class_history_json, history())
            (asked,) = desk.waiting(team_files)
            assert asked.args[:2] == (seat, form)
            assert "Tokyo" not in str(asked.args)
            assert tokens["target"] not in str(asked.args)
            file = json.dumps({"name": "a", "mime": "b", "base64": base64.b64encode(b"c").decode()})
            desk.answer(team_files, file)
            assert (result.file, result.shown) == (file, 1)


PEOPLE = {"exporter": 1, "target": 2, "firm": 3}


@pytest.fixture
def ended(registry: Rooms) -> tuple[Room, dict[str, str]]:
    """A room at its debrief, with a team in each of three seats."""
    room, tokens = filled(registry, length=1)
    to_talk(room)
    steps(room, "close reveal finish")
    return room, tokens


def predict(room: Room, seat: str, number: float) -> None:
    room.do("predict", person=PEOPLE[seat], when="after", seat=seat, text="", number=number)


def test_the_wall_holds_the_answer_back(desk: Desk, ended: tuple[Room, dict[str, str]]) -> None:
    room, _ = ended
    with shown(lambda: WallPage(room=room)) as page:
        wall = page.part("half")
        desk.answer(game_jobs.against_twin, TWIN)
        assert wall.ended == ""
        predict(room, "exporter", 50)
        predict(room, "target", 40)
        told = json.loads(wall.page)
        assert (len(told["unsaid"]), wall.ended) == (1, "")
        assert [one["after"] for one in told["predictions"]] == [None, None, None]
        room.do("pass", person=PEOPLE["firm"], seat="firm")
        assert "answer" in json.loads(wall.ended)
        told = json.loads(wall.page)
        assert told["unsaid"] == []
        assert [bool(one["after"]) for one in told["predictions"]] == [True, True, False]


def test_the_facilitator_goes_on_without_those_who_have_not_predicted(
    desk: Desk, registry: Rooms, ended: tuple[Room, dict[str, str]]
) -> None:
    room, tokens = ended
    with shown(lambda: LeadPage(room=room, token=tokens["facilitator"])) as page:
        desk.answer(game_jobs.against_twin, TWIN)
        lead, end = page.part("act"), page.part("every")
        assert len(json.loads(lead.page)["unsaid"]) == 3
        assert json.loads(end.predictions)["answer"] == ""  # it may be on the projector too
        lead.vue_act({"name": "show"})
        assert json.loads(lead.page)["unsaid"] == []
        assert "In this game" in json.loads(end.predictions)["answer"]
    assert wall_of(room)["unsaid"] == []
    with pytest.raises(InputError, match="stands, as the answer is shown"):
        predict(room, "target", 7.5)
    assert again(registry).get(room.code).shown


def test_a_prediction_is_final_once_the_answer_is_seen(ended: tuple[Room, dict[str, str]]) -> None:
    room, _ = ended
    predict(room, "target", 50)
    with pytest.raises(InputError, match="stands, as the answer is shown"):
        predict(room, "target", 7.5)
    assert room.predictions == {("after", "target"): ("", 50.0)}
    with pytest.raises(InputError, match="not in the team"):
        room.do("pass", person=PEOPLE["firm"], seat="target")
    room.do("pass", person=PEOPLE["firm"], seat="firm")
    with pytest.raises(InputError, match="stands, as the answer is shown"):
        predict(room, "firm", 7.5)


def test_who_has_predicted_sees_the_answer(desk: Desk, ended: tuple[Room, dict[str, str]]) -> None:
    room, tokens = ended

    def answer(page: Any) -> str:
        return str(json.loads(page.part("every").predictions)["answer"])

    with shown(lambda: SeatPage(room=room, seat="target", token=tokens["target"])) as page:
        page.tell("predict", {"when": "after", "number": 9, "text": ""})
        desk.answer(game_jobs.against_twin, TWIN)
        assert "In this game" in answer(page)
    with shown(lambda: EndPage(room=room, version=room.version, who="press")) as page:
        desk.answer(game_jobs.against_twin, TWIN)
        assert answer(page) == ""
