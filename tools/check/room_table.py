"""For trials of rooms: a clock that can be moved, a registry that is killed and started again, a
room with three teams.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import roles_of
from coercivity.viz.classroom.rooms.views import clock_of, common_view, rounds_view, seat_view

BAN: dict[str, Any] = {"card": "dual_use_ban", "whom": "target"}
TRUCE: dict[str, Any] = {"kind": "truce", "first": "exporter", "other": "target", "rounds": "2"}


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = float(int(time.time()))

    def __call__(self) -> float:
        return self.time


OPENED: list[Rooms] = []


def open_registry(folder: Path, watch: Watch) -> Rooms:
    """A registry of rooms; `close_all` ends it."""
    OPENED.append(Rooms(folder, watch))
    return OPENED[-1]


def close_all() -> None:
    """End every registry of a test."""
    while OPENED:
        OPENED.pop().close()


def again(registry: Rooms) -> Rooms:
    """The registry of a server that was killed and started again."""
    registry.close()
    OPENED.append(Rooms(registry.folder, registry.now))
    return OPENED[-1]


def filled(registry: Rooms, binding: bool = False, length: int = 2) -> tuple[Room, dict[str, str]]:
    """A room with three teams, and everybody's token."""
    room, token = registry.make(
        new_game(3, ("exporter", "target", "firm"), binding=binding, length=length)
    )
    tokens = {"facilitator": token}
    for seat, name in (("exporter", "Beijing"), ("target", "Tokyo"), ("firm", "Magnets")):
        tokens[seat] = registry.join(room.code, seat, name)[1]
    return room, tokens


def crowd(
    registry: Rooms,
    *who: tuple[str, str],
    decides: str = "captain",
    seats: tuple[str, ...] = ("exporter", "target", "firm"),
    length: int = 2,
) -> tuple[Room, dict[str, int], dict[str, str]]:
    """A room with every role, people in it by (place, name), their numbers, everybody's token."""
    game = new_game(3, seats, length=length)
    room, lead = registry.make(game, decides=decides, roles=roles_of(seats, GOVERNMENT))
    tokens = {name: registry.join(room.code, place, name)[1] for place, name in who}
    numbers = {one.name: one.number for one in room.people.values()}
    return room, numbers, {"facilitator": lead, **tokens}


def to_talk(room: Room) -> None:
    """Go on to where teams talk."""
    room.do("start" if room.phase == "lobby" else "next")
    room.do("talk")


def steps(room: Room, names: str) -> None:
    """What the facilitator does, one after the other."""
    for name in names.split():
        room.do(name)


def folder_of(registry: Rooms) -> Path:
    """Where it keeps its journals."""
    assert registry.folder is not None
    return registry.folder


def journal_of(registry: Rooms, room: Room) -> Path:
    """The journal of a room."""
    return folder_of(registry) / f"{room.code}.jsonl"


def state(room: Room) -> str:
    """All that a room knows, but for who watches."""
    told = [
        common_view(room),
        clock_of(room),
        rounds_view(room.game),
        [seat_view(room, seat) for seat in room.game.seats],
        [seat_view(room, one.place, one.number) for one in room.people.values()],
        room.saved(),
        room.facilitator,
        sorted((one.place, one.token) for one in room.people.values()),
    ]
    return pack_json(told)


def busy(registry: Rooms, watch: Watch) -> tuple[Room, dict[str, str]]:
    """A room in the middle of its second round, with 17 lines in its journal."""
    room, tokens = filled(registry)
    room.do("predict", when="before", seat="firm", text="y", number=2027)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    watch.time += 10
    room.do("answer", by="exporter", offer=1, answer="accepted")
    room.do("seal", seat="target", moves=[])
    steps(room, "close reveal")
    to_talk(room)
    watch.time += 100
    room.do("clock", left=120.0, runs=True)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("peek")
    return room, tokens
