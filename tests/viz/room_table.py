"""For tests of rooms: a clock that a test moves, a registry that is killed and started again, a room with three teams."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from coercivity.experiments.game.game import new_game
from coercivity.viz.room import Room
from coercivity.viz.rooms import Rooms

BAN: dict[str, Any] = {"card": "dual_use_ban", "whom": "target"}
TRUCE: dict[str, Any] = {"kind": "truce", "first": "exporter", "other": "target", "rounds": "2"}


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = float(int(time.time()))  # journals are as old as their files

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
    room, token = registry.make(new_game(3, ("exporter", "target", "firm"), binding=binding, length=length))
    tokens = {"facilitator": token}
    for seat, name in (("exporter", "Beijing"), ("target", "Tokyo"), ("firm", "Magnets")):
        tokens[seat] = registry.join(room.code, seat, name)[1]
    return room, tokens


def to_talk(room: Room) -> None:
    room.do("start" if room.phase == "lobby" else "next")
    room.do("talk")
