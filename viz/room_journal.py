"""A room's journal: one file of JSON lines, appended and flushed with every event, and a room made from it again.

The first line says what the room is; each further line is an event of room.py. Tokens stand in it as digests only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.game.journal import from_dict, to_dict
from coercivity.experiments.game.pieces import Game
from coercivity.model.errors import InputError, shorten
from coercivity.model.inputs import is_moment
from coercivity.viz.room import Room
from coercivity.viz.room_pieces import Event

FORM: Final = 1
MOST_BYTES: Final = 4_000_000  # of one journal
LONGEST_LINE: Final = 20_000
LONGEST_FILE: Final = 400_000  # characters of a saved one-screen game


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


class Memory:
    """Keeps events for a one-screen game, which is saved to a file by its teacher and nowhere else."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events

    def append(self, event: Event) -> None:
        """Keep one more event."""
        self.events.append(event)

    def text(self) -> str:
        """A file of them."""
        return "".join(json.dumps(event, separators=(",", ":"), allow_nan=False) + "\n" for event in self.events)


def read_room(path: Path, now: Callable[[], float]) -> tuple[Room, str]:
    """A room from its journal, and a message if its last line was damaged and dropped. Raises InputError if the file cannot be trusted."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(f"{path.name} has {size:,} bytes, more than a journal may have")
    lines = path.read_bytes().split(b"\n")
    torn = lines.pop()  # what follows the last line end: nothing, or a line that was never finished
    room = _replay([_line(line, f"{path.name}, line {number}") for number, line in enumerate(lines, start=1)], path.name, path.stem)
    if torn:
        os.truncate(path, size - len(torn))
    room.now = now
    room.journal = Journal(path)
    if room.clock.runs:
        room.do("restart")
    return room, f"{path.name}: the last line was not finished and is dropped" if torn else ""


def one_screen(game: Game, lesson: str, now: Callable[[], float]) -> Room:
    """A room for one teacher and his paper sheets, kept by nobody else."""
    room = _begin(Room("", game, "", lesson, now=now, changed_at=now()))
    room.journal = Memory([head(room) | {"game": to_dict(game)}])
    return room


def load_one_screen(name: object, text: object, now: Callable[[], float]) -> Room:
    """A one-screen game from a file: one saved on the page, or the JSON of a game. Raises InputError, one line, for anything else."""
    where = shorten(" ".join(str(name).split()) or "upload", 60)
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{where}: the file is empty; choose a game that was saved here")
    if len(text) > LONGEST_FILE:
        raise InputError(f"{where}: {len(text):,} characters are too many; a saved game has at most {LONGEST_FILE:,}")
    lines = [line for line in text.encode("utf-8", "replace").split(b"\n") if line.strip()]
    if len(lines) == 1 and b'"facilitator"' not in lines[0][:200]:
        return one_screen(from_dict(_line(lines[0], where, LONGEST_FILE)), "", now)
    events = [_line(line, f"{where}, line {number}") for number, line in enumerate(lines, start=1)]
    room = _replay(events, where, "")
    room.now, room.journal = now, Memory(events)
    if room.clock.runs:
        room.do("restart")
    return room


def _replay(events: list[Event], where: str, code: str) -> Room:
    """A room from its events, every one of them checked."""
    if not events:
        raise InputError(f"{where} holds no room")
    first = events[0]
    facilitator, at = first.get("facilitator"), first.get("at")
    length = 64 if code else 0  # nobody holds a token of a one-screen game
    if first.get("form") != FORM or first.get("code") != code or not isinstance(facilitator, str) or len(facilitator) != length or not is_moment(at):
        raise InputError(f"{where}, line 1: this is not how a room begins; choose a file that was saved here")
    room = _begin(Room(code, from_dict(first.get("game")), facilitator, str(first.get("lesson", ""))[:10], changed_at=float(at)))
    for number, event in enumerate(events[1:], start=2):
        try:
            room.apply(event)
        except InputError as error:
            raise InputError(f"{where}, line {number}: {error}") from None
    from_dict(to_dict(room.game))
    return room


def _begin(room: Room) -> Room:
    """A room at its beginning: with a game that was played already it is where its last round has been revealed."""
    for one in room.game.predictions:
        room.predictions[one.when, one.seat] = (one.text, one.number)
    room.phase = "reveal" if room.game.played else "lobby"
    room.game = replace(room.game, predictions=())  # so that answers of the world are shared whatever was predicted
    return room


def _line(line: bytes, where: str, longest: int = LONGEST_LINE) -> Event:
    if len(line) > longest:
        raise InputError(f"{where}: {len(line):,} bytes are too many")
    try:
        event: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: this is not JSON: {shorten(line.decode('utf-8', 'replace'), 40)}") from None
    if not isinstance(event, dict):
        raise InputError(f"{where}: this is no event of a room")
    return event
