"""A room's journal: one file of JSON lines, appended and flushed with every event, and a room made from it again.

The first line says what the room is; each further line is an event of room.py. Tokens stand in it as digests only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.game.journal import from_dict, to_dict
from coercivity.model.errors import InputError, shorten
from coercivity.viz.room import Event, Room

FORM: Final = 1
MOST_BYTES: Final = 4_000_000  # of one journal
LONGEST_LINE: Final = 20_000


class Journal:
    """The file of one room, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, event: Event) -> None:
        """Write one line and let the disk have it. Raises OSError."""
        line = (json.dumps(event, separators=(",", ":"), ensure_ascii=True, allow_nan=False) + "\n").encode()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size + len(line) > MOST_BYTES:
                raise OSError(27, "the journal of the room is full")
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)


def head(room: Room) -> Event:
    """The first line of a room's journal."""
    return {"form": FORM, "code": room.code, "lesson": room.lesson, "facilitator": room.facilitator, "at": round(room.now(), 3), "game": to_dict(room.game)}


def read_room(path: Path, now: Callable[[], float]) -> tuple[Room, str]:
    """A room from its journal, and a message if its last line was damaged and dropped. Raises InputError if the file cannot be trusted."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(f"{path.name} has {size:,} bytes, more than a journal may have")
    raw = path.read_bytes()
    lines = raw.split(b"\n")
    torn = lines.pop()  # what follows the last line end: nothing, or a line that was never finished
    events, message = [], ""
    for number, line in enumerate(lines, start=1):
        events.append(_line(line, f"{path.name}, line {number}"))
    if torn:
        message = f"{path.name}: the last line was not finished and is dropped"
    if not events:
        raise InputError(f"{path.name} holds no room")
    room = _begin(events[0], path)
    room.now = now
    for number, event in enumerate(events[1:], start=2):
        try:
            room.apply(event)
        except InputError as error:
            raise InputError(f"{path.name}, line {number}: {error}") from None
    from_dict(to_dict(room.game))
    if torn:
        os.truncate(path, size - len(torn))
    room.journal = Journal(path)
    if room.clock.runs:
        room.do("restart")
    return room, message


def _begin(first: Event, path: Path) -> Room:
    code, facilitator, at = first.get("code"), first.get("facilitator"), first.get("at")
    if first.get("form") != FORM or code != path.stem or not isinstance(facilitator, str) or len(facilitator) != 64 or not isinstance(at, (int, float)):
        raise InputError(f"{path.name}, line 1: not the first line of this room")
    return Room(code, from_dict(first.get("game")), facilitator, str(first.get("lesson", ""))[:10], changed_at=float(at))


def _line(line: bytes, where: str) -> Event:
    if len(line) > LONGEST_LINE:
        raise InputError(f"{where}: {len(line):,} bytes are too many")
    try:
        event: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: not JSON: {shorten(line.decode('utf-8', 'replace'), 40)}") from None
    if not isinstance(event, dict):
        raise InputError(f"{where}: not an event")
    return event
