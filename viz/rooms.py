"""The rooms of this server: made, found by their codes, read again from their journals after a restart, put away when they are old."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.game.pieces import Game
from coercivity.model.errors import InputError
from coercivity.viz.room import Room
from coercivity.viz.room_journal import Journal, head, read_room
from coercivity.viz.room_tokens import digest, new_code, new_token, read_code

FOLDER: Final = "COERCIVITY_ROOMS"
MOST_ROOMS: Final = 50
LIFE: Final = 14 * 24 * 3600.0  # seconds after its last event, then a room is put away
MOST_OLD: Final = 200  # journals that are kept of rooms put away
_log = logging.getLogger(__name__)


def rooms_folder() -> Path:
    """Where journals are kept: COERCIVITY_ROOMS, or the platform's place for a user's data."""
    if chosen := os.environ.get(FOLDER):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "coercivity" / "rooms"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "coercivity" / "rooms"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "coercivity" / "rooms"


class Rooms:
    """A registry. With a folder, each room has a journal there, and those that are there already are taken up again."""

    def __init__(self, folder: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self.folder, self.now = folder, now
        self.messages: list[str] = []
        self.trouble = ""
        self._rooms: dict[str, Room] = {}
        self._lock = threading.Lock()
        self._guard: Any = None
        if folder is not None:
            self._take_up(folder)

    def make(self, game: Game, lesson: str = "") -> tuple[Room, str]:
        """A new room and its facilitator's token. Raises InputError when there are too many rooms."""
        with self._lock:
            self._put_away()
            if len(self._rooms) >= MOST_ROOMS:
                raise InputError(f"this server has {MOST_ROOMS} rooms and takes no more; wait until one has ended, or use one-screen mode")
            code = new_code()
            while code in self._rooms or (self.folder is not None and (self.folder / f"{code}.jsonl").exists()):
                code = new_code()
            token = new_token()
            room = Room(code, game, digest(token), lesson, now=self.now, changed_at=self.now(), trouble=self.trouble)
            if self.folder is not None:
                journal = Journal(self.folder / f"{code}.jsonl")
                try:
                    journal.append(head(room))
                    room.journal = journal
                except OSError as error:
                    room.trouble = f"This room is not kept on disk ({error.strerror}): do not restart the server."
            self._rooms[code] = room
            return room, token

    def get(self, code: object) -> Room:
        """The room of a code. Raises InputError."""
        wanted = read_code(code)
        with self._lock:
            room = self._rooms.get(wanted)
        if room is None:
            raise InputError(f"there is no room {wanted} on this server; compare the code with the facilitator's screen")
        return room

    def join(self, code: object, seat: object, name: object) -> tuple[Room, str]:
        """Take a seat: the room and the seat's token. Raises InputError."""
        room, token = self.get(code), new_token()
        room.do("join", seat=seat, name=str(name or "")[:200], token=digest(token))
        return room, token

    def __len__(self) -> int:
        return len(self._rooms)

    def close(self) -> None:
        """Let another server have the folder."""
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    # ------------------------------------------------------------- the folder

    def _take_up(self, folder: Path) -> None:
        try:
            if not folder.exists():
                folder.mkdir(parents=True, mode=0o700)
            self._guard = _guard(folder)
        except OSError as error:
            self._without(f"the folder {folder} cannot be used ({error.strerror})")
            return
        if self._guard is None:
            self._without(f"another server uses the folder {folder}")
            return
        for path in sorted(folder.glob("*.jsonl")):
            if self.now() - path.stat().st_mtime > LIFE:
                self._archive(path)
            elif len(self._rooms) >= MOST_ROOMS:
                self._say(f"{path.name}: more than {MOST_ROOMS} rooms; this one stays on the disk")
            else:
                self._read(path)

    def _read(self, path: Path) -> None:
        try:
            room, message = read_room(path, self.now)
        except (InputError, OSError) as error:
            self._say(f"a room could not be taken up again and is set aside as {path.name}.damaged: {error}")
            os.replace(path, path.with_name(path.name + ".damaged"))
            return
        if message:
            self._say(message)
        self._rooms[room.code] = room

    def _without(self, why: str) -> None:
        self.folder = None
        self.trouble = f"Rooms are not kept on disk, as {why}; a restart would end them. Set {FOLDER} to another folder."
        self._say(self.trouble)

    def _say(self, message: str) -> None:
        self.messages.append(message)
        _log.warning("%s", message)

    def _put_away(self) -> None:
        """Rooms in which nothing has happened for two weeks."""
        for code in [code for code, room in self._rooms.items() if self.now() - room.changed_at > LIFE]:
            del self._rooms[code]
            if self.folder is not None and (self.folder / f"{code}.jsonl").exists():
                self._archive(self.folder / f"{code}.jsonl")

    def _archive(self, path: Path) -> None:
        old = path.parent / "old"
        old.mkdir(mode=0o700, exist_ok=True)
        os.replace(path, old / path.name)
        for oldest in sorted(old.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST_OLD]:
            oldest.unlink()


def _guard(folder: Path) -> Any:
    """A lock on the folder that ends with this process; None if another server holds it."""
    handle = (folder / "lock").open("a")
    try:
        import fcntl
    except ImportError:  # no such locks on this platform
        return handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


_making = threading.Lock()
_made: list[Rooms] = []


def rooms() -> Rooms:
    """The rooms of this server process, taken up once although many pages may come back at the same moment."""
    with _making:
        if not _made:
            _made.append(Rooms(rooms_folder()))
        return _made[0]
