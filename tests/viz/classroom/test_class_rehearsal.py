"""A rehearsal: simulated people fill a room and play by its own events, leave the teacher the controls and any seat, and go on after a restart."""

from __future__ import annotations

import json
import threading
from collections import Counter

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.robots import act
from coercivity.viz.classroom.rooms import rehearsal
from coercivity.viz.classroom.rooms.registry import EMPTY_LIFE, Rooms
from coercivity.viz.classroom.rooms.rehearsal import (
    Company,
    Rehearsals,
    assign_places,
    begin,
    view_of,
)
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import REHEARSAL_SECONDS, roles_of
from coercivity.viz.classroom.rooms.views import common_view
from coercivity.viz.words.language import speaking
from tools.check.room_table import Watch, again, journal_of, steps

SEATS = ("exporter", "target", "ally", "bloc", "firm")


def watch_of(registry: Rooms) -> Watch:
    assert isinstance(registry.now, Watch)
    return registry.now


def pass_time(company: Company, registry: Rooms, seconds: float) -> None:
    for _ in range(round(seconds / 0.5)):
        watch_of(registry).time += 0.5
        company.tick()


def play_round(company: Company, registry: Rooms, first: str) -> None:
    company.room.do(first)
    pass_time(company, registry, 15.0)
    company.room.do("talk")
    pass_time(company, registry, REHEARSAL_SECONDS + 1.0)
    assert company.room.phase == "sealed"  # the clock of the room has closed it


def test_thirty_sit_in_every_place(registry: Rooms) -> None:
    room, token = begin(registry, "90", 6)
    assert room.who(token) == "facilitator"
    assert (room.rehearsal, room.clock.left, room.phase) == (True, 40.0, "lobby")
    where = Counter(one.place for one in room.people.values())
    assert set(where) == {*SEATS, *room.roles}
    assert sum(where.values()) == 30
    assert min(where[seat] for seat in SEATS) >= 3
    assert all(one.robot and "(simulated)" in one.name for one in room.people.values())
    assert "simulated" in room.game.title
    assert common_view(room)["rehearsal"] is True
    for people in (5, 12, 40):  # every seat is taken, however few they are
        taken = assign_places(SEATS, roles_of(SEATS, SEATS[:4]), people)
        assert (len(taken), set(SEATS) <= set(taken)) == (people, True)
    for wrong in (0, 4, 41, "many", None):
        with pytest.raises(InputError, match="use 5 to 40"):
            begin(registry, "90", 6, people=wrong)  # type: ignore[arg-type]
    plain, _ = registry.make(new_game(1, SEATS))
    plain.do("join", seat="target", name="Ann", token="0" * 64, robot=True)
    assert (plain.rehearsal, plain.people[1].robot, plain.clock.left) == (False, False, 360.0)


def test_a_round_is_like_that_of_a_class(registry: Rooms) -> None:
    with speaking("de"):
        room, _ = begin(registry, "90", 6)
    assert room.spoken == "de"
    company = Company(room)
    room.do("free", seat="ally")  # which stays free
    play_round(company, registry, "start")
    acts = "propose vote seal offer answer headline bet back predict"
    assert {what for what in acts.split() if not company.acts[what]} == set()
    assert set(room.sheets) == {*SEATS} - {"ally"}
    assert len([key for key in room.predictions if key[0] == "before"]) == 4
    assert {
        one.place for one in room.people.values() if one.number in {b.person for b in room.bets}
    } == {"market"}
    assert len(company.refused) <= 0.1 * sum(company.acts.values()), company.refused
    room.do("reveal")
    assert room.game.played == 1
    before = room.events
    pass_time(company, registry, 20.0)
    assert room.events == before  # the teacher has the word


def test_the_teacher_can_take_a_seat_and_leads_it(registry: Rooms) -> None:
    room, _ = begin(registry, "90", 6)
    company = Company(room)
    _, token = registry.join(room.code, "target", "Teacher")
    me = room.known(token)[1]
    company.tick()
    assert room.teams["target"].captain == me
    steps(room, "start talk")
    pass_time(company, registry, REHEARSAL_SECONDS - 2.0)
    assert "target" not in room.sheets  # nobody seals for a teacher
    assert room.proposals["target"]  # but the team proposes
    room.do("seal", seat="target", person=me, moves=[])
    pass_time(company, registry, 3.0)
    assert room.sheets["target"].moves == []


def test_it_goes_on_after_a_restart(registry: Rooms) -> None:
    room, _ = begin(registry, "90", 6)
    company = Company(room)
    steps(room, "start talk")
    pass_time(company, registry, 10.0)
    head = json.loads(journal_of(registry, room).read_text().splitlines()[0])
    assert head["rehearsal"] is True
    back = again(registry)
    other = back.get(room.code)
    assert other.rehearsal
    assert not other.clock.runs  # as after any restart: the teacher lets it go on
    assert other.people == room.people
    other.do("clock", left=30.0, runs=True)
    company = Company(other)
    pass_time(company, back, 32.0)
    assert set(other.sheets) == set(SEATS)


def test_nobody_sees_the_sheets_of_others(registry: Rooms) -> None:
    room, _ = begin(registry, "90", 6)
    steps(room, "start talk")
    people = [one for one in room.people.values() if one.place != "exporter"]
    before = [act(view_of(room, one)) for one in people]
    room.do(
        "seal", seat="exporter", moves=[{"card": "blanket_ban", "whom": "target", "goods": "all"}]
    )
    leads = room.teams["exporter"].captain
    room.sheets.pop("exporter")
    room.do("propose", person=leads, move={"card": "threat", "whom": "ally"})
    room.do("seal", seat="exporter", moves=[])
    assert [act(view_of(room, one)) for one in people] == before


def test_a_rehearsal_that_nobody_leads_is_put_away(registry: Rooms) -> None:
    watch = watch_of(registry)
    room, _ = begin(registry, "30", 2)
    Company(room).tick()  # simulated people are there, and do not count
    watch.time += EMPTY_LIFE + 1
    registry.tick()
    assert "nobody has been in it for an hour" in str(room.gone)
    begun, _ = begin(registry, "30", 2)
    play_round(Company(begun), registry, "start")
    watch.time += 20 * EMPTY_LIFE
    registry.tick()
    assert not begun.gone
    watch.time += 5 * EMPTY_LIFE
    registry.tick()
    assert "nobody has led this rehearsal" in str(begun.gone)


def test_a_thread_drives_it_to_its_end(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "LOOK", 0.01)
    ticked = threading.Event()
    monkeypatch.setattr(Company, "tick", lambda self: ticked.set())
    plain, _ = registry.make(new_game(1, SEATS))
    room, _ = begin(registry, "90", 6)
    driven = Rehearsals(registry.every, registry.closed)
    driven.attend()
    driven.attend()
    threads = [one for one in threading.enumerate() if one.name.startswith("rehearsal ")]
    assert [one.name for one in threads] == [f"rehearsal {room.code}"]
    assert threads[0].daemon
    assert ticked.wait(30.0)
    room.retire(InputError("over"))
    threads[0].join(30.0)
    assert not threads[0].is_alive()
    assert not plain.gone


def test_a_game_is_rehearsed_to_its_debrief(registry: Rooms) -> None:
    room, _ = begin(registry, "30", 2)
    company = Company(room)
    for first in ("start", "next"):
        play_round(company, registry, first)
        room.do("reveal")
    room.do("finish")
    assert not company.done
    pass_time(company, registry, 15.0)
    assert company.done
    assert isinstance(room, Room)
