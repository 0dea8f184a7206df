"""The rooms of this server: made, found by their codes, read again from their journals after a restart, put away when they are old or nobody comes."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.game.pieces import Game
from coercivity.experiments.sweep.atomic import remove_strays
from coercivity.model.errors import InputError
from coercivity.viz.brake import Brake
from coercivity.viz.room import Room
from coercivity.viz.room_file import Journal, keep_beside
from coercivity.viz.room_journal import Found, head, recover, take_up
from coercivity.viz.room_pieces import Steady
from coercivity.viz.room_tokens import digest, new_code, new_token, read_code
from coercivity.viz.rooms_folder import (
    FOLDER,
    GUARD_TRIES,
    guard,
    holds,
    journal_of,
    put_away,
    rooms_folder,
    wishes,
)

MOST_ROOMS: Final = 50
MOST_OF_ONE: Final = 25  # rooms that were made from one address, so that none can take all
MOST_A_MINUTE: Final = 4  # that one address may make
MOST_AN_HOUR: Final = 20
LIFE: Final = 14 * 24 * 3600.0  # seconds after its last event, then a room is put away
EMPTY_LIFE: Final = 3600.0  # the same before the game, while nobody sits in it
FIRST_DAY: Final = 1_700_000_000.0  # a clock that says less has not been set
TICK: Final = 2.0  # seconds between two looks at the folder
MOST_MESSAGES: Final = 1000
_log = logging.getLogger(__name__)


class Rooms:
    """A registry. With a folder, each room has a journal there, and those that are there already are taken up again."""

    def __init__(self, folder: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self.folder, self.now = folder, now
        self.messages: list[str] = []
        self.trouble = ""
        self.closed = threading.Event()
        self._rooms: dict[str, Room] = {}
        self._makers: dict[str, str] = {}  # code -> address, in memory alone
        self._lock, self._ticking = threading.Lock(), threading.Lock()
        self._guard: Any = None
        what = "rooms made from your address"
        self._brakes = (
            Brake(MOST_AN_HOUR, 3600.0, now, what=what),
            Brake(MOST_A_MINUTE, 60.0, now, what=what),
        )
        if folder is not None:
            self._take_up(folder)

    def make(self, game: Game, lesson: str = "", by: str = "") -> tuple[Room, str]:
        """A new room and its facilitator's token. Raises InputError when there are too many rooms, or too many *by* this address ('' for the owner)."""
        self.tick()
        with self._lock:
            if len(self._rooms) >= MOST_ROOMS:
                raise InputError(
                    f"this server has {MOST_ROOMS} rooms and takes no more; wait until one has ended, or use one-screen mode"
                )
            if by:
                if sum(one == by for one in self._makers.values()) >= MOST_OF_ONE:
                    raise InputError(
                        f"this server has {MOST_OF_ONE} rooms that were made from your address and takes no more; end some, or ask its owner"
                    )
                for brake in self._brakes:
                    brake.check(by)
                for brake in self._brakes:
                    brake.ask(by)
            code = new_code()
            while code in self._rooms or (
                self.folder is not None and os.path.lexists(journal_of(self.folder, code))
            ):
                code = new_code()
            token = new_token()
            room = Room(
                code,
                game,
                digest(token),
                lesson,
                now=self.now,
                changed_at=self.now(),
                trouble=self.trouble,
            )
            if self.folder is not None:
                room.keep_in(Journal(journal_of(self.folder, code)), head(room))
            self._rooms[code] = room
            if by:
                self._makers[code] = by
            return room, token

    def get(self, code: object) -> Room:
        """The room of a code. Raises InputError."""
        wanted = read_code(code)
        with self._lock:
            room = self._rooms.get(wanted)
        if room is None:
            raise InputError(
                f"there is no room {wanted} on this server; compare the code with the facilitator's screen"
            )
        return room

    def join(self, code: object, seat: object, name: object) -> tuple[Room, str]:
        """Take a seat: the room and the seat's token. Raises InputError."""
        room, token = self.get(code), new_token()
        room.do("join", seat=seat, name=str(name or "")[:200], token=digest(token))
        return room, token

    def __len__(self) -> int:
        return len(self._rooms)

    def tick(self) -> None:
        """Look after the rooms: put away what is old or what the owner wants, let the disk have what it refused, mend what has befallen a journal."""
        if not self._ticking.acquire(blocking=False):
            return  # another thread is at it
        try:
            with self._lock:
                rooms = list(self._rooms.values())
            for room in rooms:
                if why := self._over(room):
                    self._put_away(room.code, why)
                else:
                    room.settle()
            self._look_at_folder()
        finally:
            self._ticking.release()

    def _look_at_folder(self) -> None:
        """Is the lock still ours, and does the owner want anything?"""
        if self.folder is not None:
            with contextlib.suppress(OSError):  # it is looked at again soon
                if (
                    self._guard is not None
                    and not holds(self._guard, self.folder)
                    and (again := guard(self.folder))
                ):
                    self._guard.close()  # somebody has cleared the folder
                    self._guard = again
                for wish, code in wishes(self.folder):
                    self._put_away(code, "the owner of the server wants it")
                    wish.unlink()

    def close(self) -> None:
        """Let another server have the folder."""
        self.closed.set()
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    # ------------------------------------------------------------- the folder

    def _take_up(self, folder: Path) -> None:
        try:
            if not folder.exists():
                folder.mkdir(parents=True, mode=0o700)
            self._guard = guard(folder, GUARD_TRIES)
        except OSError as error:
            self._without(f"the folder {folder} cannot be used ({error.strerror})")
            return
        if self._guard is None:
            self._without(f"another server uses the folder {folder}")
            return
        remove_strays([folder])
        read = [
            (path, found)
            for path in sorted(folder.glob("*.jsonl"))
            if (found := self._recovered(path)) is not None
        ]
        for path, found in sorted(read, key=lambda one: one[1].room.changed_at, reverse=True):
            if why := self._over(found.room):
                self._archive(path, why)
            elif len(self._rooms) >= MOST_ROOMS:
                self._say(f"{path.name}: more than {MOST_ROOMS} rooms; this one stays on the disk")
            else:
                room, message = take_up(path, found, self.now)
                if message:
                    self._say(message)
                if (
                    not FIRST_DAY <= room.changed_at <= self.now()
                ):  # its clock was wrong: its age counts from now on
                    room.changed_at = self.now()
                self._rooms[room.code] = room
        self.tick()

    def _recovered(self, path: Path) -> Found | None:
        """The room of a journal. What is none is set aside, what cannot be read now stays where it is."""
        try:
            return recover(path)
        except OSError as error:
            self._say(f"{path.name} cannot be read ({error.strerror}) and stays where it is")
        except Exception as error:
            if not isinstance(error, InputError):
                _log.exception("a journal is read in a way that nobody thought of: %s", path)
            try:
                aside = keep_beside(path, None, "damaged")
                path.unlink(missing_ok=True)
                self._say(
                    f"a room could not be taken up again and is set aside as {aside.name if aside else path.name}: {error}"
                )
            except OSError as refused:
                self._say(
                    f"a room could not be taken up again ({error}) and stays where it is, as it cannot be set aside ({refused.strerror})"
                )
        return None

    def _without(self, why: str) -> None:
        self.folder = None
        self.trouble = f"Rooms are not kept on disk, as {why}; a restart would end them. Set {FOLDER} to another folder."
        self._say(self.trouble)

    def _say(self, message: str) -> None:
        self.messages.append(message)
        del self.messages[:-MOST_MESSAGES]
        _log.warning("%s", message)

    # ------------------------------------------------------------- the end of a room

    def _over(self, room: Room) -> str:
        """Why a room is to be put away by its age, '' if it is not. Its age is that of its last event."""
        age = self.now() - room.changed_at if room.changed_at >= FIRST_DAY else 0.0
        if age > LIFE:
            return f"nothing has happened in it for {LIFE / 86400:g} days"
        return (
            "nobody has joined it within an hour"
            if age > EMPTY_LIFE and room.phase == "lobby" and not room.members
            else ""
        )

    def _put_away(self, code: str, why: str) -> None:
        with self._lock:
            room = self._rooms.pop(code, None)
            self._makers.pop(code, None)
        if room is not None:
            room.retire(f"This room is closed and put away: {why}. Make a new one.")
            if self.folder is None:
                self._say(f"room {code} is put away: {why}")
        if self.folder is not None:
            self._archive(journal_of(self.folder, code), why)

    def _archive(self, path: Path, why: str) -> None:
        if not os.path.lexists(path):
            self._say(f"room {path.stem} is put away: {why}; there is no journal of it")
            return
        try:
            new, deleted = put_away(path)
        except OSError as error:
            self._say(
                f"room {path.stem} is closed: {why}; its journal cannot be put away ({error.strerror}) and stays where it is"
            )
            return
        self._say(f"room {path.stem} is put away as old/{new.name}: {why}")
        if deleted:
            self._say(f"the oldest rooms put away are deleted: {', '.join(deleted)}")


_making = threading.Lock()
_made: list[Rooms] = []


def rooms() -> Rooms:
    """The rooms of this server process, taken up once although many pages may come back at the same moment."""
    with _making:
        if not _made:
            _made.append(Rooms(rooms_folder(), Steady()))
            threading.Thread(
                target=_look_after, args=(_made[0],), name="rooms", daemon=True
            ).start()
        return _made[0]


def _look_after(registry: Rooms) -> None:
    """Tick until the registry is closed; nothing that goes wrong once ends it."""
    while not registry.closed.wait(TICK):
        try:
            registry.tick()
        except Exception:
            _log.exception("looking after the rooms failed; it is tried again")
