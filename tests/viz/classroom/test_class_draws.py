"""What a page of the class is given is of one moment, and a draw that fails does not end the page."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

import ipyvue
import pytest

from coercivity.viz.classroom.pages import (
    class_page,
    debrief_page,
    facilitator_page,
    role_pages,
    seat_page,
    wall_page,
)
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tests.viz.classroom.gallery_room import SUPPLIER, gallery_room
from tests.viz.rendered import Desk, shown
from tools.check.room_table import Watch, steps

PAGES = {  # who looks, and what puts the page's parts together
    "Tokyo": (seat_page, "common_view"),
    "Jo": (role_pages, "common_view"),
    "facilitator": (facilitator_page, "common_view"),
    "wall": (wall_page, "wall_of"),
}


def address(room: Room, tokens: dict[str, str], who: str) -> str:
    """Where somebody's page is."""
    mine = "wall=1" if who == "wall" else f"seat={tokens[who]}"
    return f"/class?room={room.code}&{mine}"


class Reader:
    """Stands in front of what reads a room: notes whether the lock was held, fails when told to."""

    def __init__(self, room: Room, real: Any) -> None:
        self.room, self.real = room, real
        self.held: list[bool] = []
        self.fails = 0

    def __call__(self, *given: Any) -> Any:
        taken: list[bool] = []

        def another() -> None:
            taken.append(self.room.lock.acquire(blocking=False))
            if taken[0]:
                self.room.lock.release()

        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        self.held.append(not taken[0])
        if self.fails:
            self.fails -= 1
            raise RuntimeError("dictionary changed size during iteration")
        return self.real(*given)


@pytest.mark.parametrize("who", PAGES)
def test_what_a_page_is_given_is_read_under_the_rooms_lock(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    room, tokens, _ = gallery_room(registry)
    module, name = PAGES[who]
    reader = Reader(room, getattr(module, name))
    monkeypatch.setattr(module, name, reader)
    at_end = Reader(room, debrief_page.common_view)
    monkeypatch.setattr(debrief_page, "common_view", at_end)
    with shown(class_page.Page, address(room, tokens, who)):
        steps(room, "start talk close reveal finish")
    assert reader.held
    assert all(reader.held + at_end.held)
    assert bool(at_end.held) == (who in ("Jo", "facilitator"))


@pytest.mark.parametrize("who", PAGES)
def test_a_page_whose_draw_fails_keeps_its_picture_and_draws_the_next_change(
    desk: Desk,
    registry: Rooms,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    who: str,
) -> None:
    room, tokens, _ = gallery_room(registry)
    module, name = PAGES[who]
    reader = Reader(room, getattr(module, name))
    monkeypatch.setattr(module, name, reader)
    with shown(class_page.Page, address(room, tokens, who)) as page:

        def phase() -> str:
            return str(json.loads(page.part("end").page)["phase"])

        room.do("start")
        reader.fails = 1
        with caplog.at_level(logging.CRITICAL):
            room.do("talk")
        assert reader.fails == 0
        assert phase() == "brief"  # the last picture
        assert sum(room.present.values()) == 1  # the page is there still
        room.do("close")
        assert phase() == "sealed"


def changed(before: dict[Any, str], after: dict[Any, str]) -> dict[Any, int]:
    """Bytes of what a phone is sent again, by part and prop."""
    return {key: len(text) for key, text in after.items() if before.get(key) != text}


def props(page: Any) -> dict[Any, str]:
    """What the parts of a page were given, by part and prop."""
    parts = page._rendering.find(ipyvue.VueTemplate).widgets
    names = ("page", "time", "own", "choices", "remember", "news", "brief")
    return {
        (number, name): getattr(part, name)
        for number, part in enumerate(parts)
        for name in names
        if part.has_trait(name)
    }


def test_a_phone_is_sent_what_it_shows_alone(desk: Desk, registry: Rooms, watch: Watch) -> None:
    room, tokens, number = gallery_room(registry)
    steps(room, "start talk close reveal next talk")  # there is a round to look back upon
    with (
        shown(class_page.Page, address(room, tokens, "Tokyo")) as seat,
        shown(class_page.Page, address(room, tokens, "Pia")) as member,
    ):
        before = props(seat), props(member)
        version = room.version
        watch.time += 7.3
        room.do("headline", person=number["Jo"], claim="measure", sure=60, text="Soon")
        room.do("propose", person=number["Magnets"], move=SUPPLIER)
        assert room.version == version + 2
        assert changed(before[0], props(seat)) == {}
        assert changed(before[1], props(member)) == {}
        room.do("seal", person=number["Beijing"], seat="exporter", moves=[])
        told = changed(before[0], props(seat))
        assert {name for _, name in told} == {"page"}
        assert sum(told.values()) < 6000
