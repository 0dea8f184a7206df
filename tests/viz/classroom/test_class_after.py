"""What a class predicts after the game: nobody is told the answer before, and nobody changes it after."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.debrief_page import EndPage
from coercivity.viz.classroom.pages.facilitator_page import LeadPage
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.pages.wall_page import WallPage
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.wall_views import wall_of
from tests.viz.classroom.room_table import again, filled, steps, to_talk
from tests.viz.classroom.test_class_bands import TWIN
from tests.viz.rendered import Desk, shown

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
