"""Without a class: the door offers a rehearsal and solo play, and whoever plays alone goes on without a facilitator and a clock."""

from __future__ import annotations

import json

import ipyvuetify
import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz import serve
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.rehearsal_page import begin_solo
from coercivity.viz.classroom.rooms.registry import REHEARSED_LIFE, Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import common_view
from tests.viz.rendered import Desk, Shown, shown
from tools.check.room_table import BAN, Watch, again, state, steps


def band(page: Shown) -> list[str]:
    """What the page says of being a rehearsal."""
    (main,) = page._rendering.find(ipyvuetify.Html, attributes={"id": "cv-main"}).widgets
    return [
        str(one.children[0])
        for one in main.children
        if isinstance(one, ipyvuetify.Html) and "data-rehearsal" in one.attributes
    ]


def the_room(registry: Rooms) -> Room:
    (room,) = registry.every()
    return room


def test_thirty_are_simulated_and_every_page_says_so(desk: Desk, registry: Rooms) -> None:
    with shown(class_page.Page, "/class") as page:
        assert json.loads(page.part("rehearse").choices)["people"] == 30
        page.tell("rehearse", {"lesson": "90"})
        room = the_room(registry)
        assert (room.rehearsal, room.game.length, len(room.people)) == (True, 6, 30)
        assert page.part("end").who == "facilitator"
        assert room.code in band(page)[0]
    for place in ("target", "press", "board:target"):
        token = registry.join(room.code, place, "Teacher")[1]
        with shown(class_page.Page, class_page.address(room, token)) as page:
            assert len(band(page)) == 1


def test_an_odd_wish_at_the_door_is_refused_in_a_sentence(desk: Desk, registry: Rooms) -> None:
    with shown(class_page.Page, "/class") as page:
        for odd in (None, [], {"lesson": "a week"}, {"lesson": ["90"]}, "90", 3):
            page.tell("rehearse", odd)
            assert "is not known. Reload the page" in page.part("rehearse").problem
            page.tell("solo", odd)
            assert page.part("rehearse").problem
        page.tell("solo", {"seat": "target", "length": 99})
        said = "Length “99” does not fit. Use a whole number of rounds from 1 to 8."
        assert said in page.part("rehearse").problem
    assert len(registry) == 0


@pytest.mark.parametrize("seat", ["exporter", "firm"])
def test_a_seat_is_played_alone_to_the_debrief(desk: Desk, registry: Rooms, seat: str) -> None:
    with shown(class_page.Page, "/class") as page:
        page.tell("solo", {"seat": seat, "length": 2})
        room = the_room(registry)
        assert (room.solo, room.game.seats, room.game.others) == (True, (seat,), "autonomous")
        assert page.part("end").who == seat
        for name in ("next", "finish", "close", "reveal", None, ["begin"], {}):
            before = state(room)
            page.tell("step", name)
            assert page.part("step").problem
            assert state(room) == before
        page.tell("step", "begin")
        assert (room.phase, room.clock.runs) == ("talk", False)
        page.tell("seal", [{"card": "no such card"}])
        assert "no such card" in page.part("seal").problem
        assert (room.phase, room.game.played, room.sheets) == ("talk", 0, {})
        page.tell("seal", [BAN] if seat == "exporter" else [])
        assert (room.phase, room.game.played, room.sheets) == ("reveal", 1, {})
        page.tell("step", "next")
        page.tell("seal", [])
        assert room.game.over
        page.tell("step", "finish")
        assert room.phase == "debrief"
        assert not band(page)


def test_nobody_joins_who_plays_alone_and_it_goes_on_after_a_restart(registry: Rooms) -> None:
    room, token = begin_solo({"seat": "firm", "length": 2})
    with pytest.raises(InputError, match="is played alone"):
        registry.join(room.code, "firm", "Eve")
    steps(room, "start talk")
    room.do("seal", seat="firm", person=1, moves=[])
    back = again(registry).get(room.code)
    assert (back.solo, back.phase, back.game.played) == (True, "reveal", 1)
    assert back.known(token) == ("firm", 1)
    assert common_view(back)["solo"] is True


def test_forty_who_play_alone_take_no_room_from_others(registry: Rooms, watch: Watch) -> None:
    for _ in range(40):
        begin_solo({"seat": "target", "length": 2})
    assert len(registry) == 40
    room, _ = registry.make(new_game(1), by="a teacher at the same address")
    assert not room.solo
    watch.time += REHEARSED_LIFE + 1
    registry.tick()
    assert len(registry) == 0  # and nothing stays of it for long


def test_the_command_line_opens_a_rehearsal(registry: Rooms) -> None:
    where = serve._rehearsal()
    room = the_room(registry)
    assert where.startswith(f"/class?room={room.code}&seat=")
    assert room.who(where.split("seat=")[1]) == "facilitator"
    assert room.rehearsal
