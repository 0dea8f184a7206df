"""The folder of a server's rooms: where it is, who may use it, journals that are put away, and what
its owner asks for from the command line and is told.

CODE.jsonl is a room, CODE.jsonl.rest-1 what was damaged in it, CODE.jsonl.damaged-1 a file that is
no room, old/ what is put away, CODE.drop a wish of the owner that a running server fulfils, lock
says that a server runs.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from coercivity import InputError
from coercivity.viz.classroom.rooms.journal import LONGEST_LINE
from coercivity.viz.classroom.rooms.recovery import recover
from coercivity.viz.classroom.rooms.state import WORDS
from coercivity.viz.classroom.rooms.tokens import read_code

FOLDER: Final = "COERCIVITY_ROOMS"
MOST_OLD: Final = 200  # journals that are kept of rooms put away
MOST_MESSAGES: Final = 1000  # that are kept for the owner
GUARD_TRIES: Final = (
    10  # a tenth of a second apart: the command line holds a folder for a moment only
)
PATIENCE: Final = 15.0  # seconds in which a running server should have done what it is asked for
LONGEST_ANSWER: Final = 1000  # bytes that are read of what a server says to a wish
_log = logging.getLogger(__name__)


def rooms_folder() -> Path:
    """Where journals are kept: COERCIVITY_ROOMS, or the platform's place for a user's data."""
    if chosen := os.environ.get(FOLDER):
        return Path(chosen)
    if sys.platform == "win32":
        return (
            Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
            / "coercivity"
            / "rooms"
        )
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "coercivity" / "rooms"
    return (
        Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
        / "coercivity"
        / "rooms"
    )


def journal_of(folder: Path, code: str) -> Path:
    """The journal of a room."""
    return folder / f"{code}.jsonl"


def guard(folder: Path, tries: int = 1) -> Any:
    """A lock on the folder that ends with this process; None if another server holds it.

    Raises OSError.
    """
    handle = (folder / "lock").open("a")
    try:
        import fcntl
    except ImportError:  # no such locks on this platform
        return handle
    for left in reversed(range(tries)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except OSError:
            if left:
                time.sleep(0.1)
    handle.close()
    return None


def holds_lock(handle: Any, folder: Path) -> bool:
    """Whether the lock is still the file that others see."""
    try:
        seen, locked = os.stat(folder / "lock"), os.fstat(handle.fileno())
    except FileNotFoundError:
        return not folder.exists()
    return (seen.st_dev, seen.st_ino) == (locked.st_dev, locked.st_ino)


def put_away(path: Path) -> tuple[Path, list[str]]:
    """Move a journal into old/, over no other one; returns where it is and which of the others had
    to be deleted for it.

    Raises OSError while the journal is still where it was, never afterwards.
    """
    old = path.parent / "old"
    old.mkdir(mode=0o700, exist_ok=True)
    new = old / path.name
    number = 1
    while os.path.lexists(new):
        number += 1
        new = old / f"{path.stem}-{number}.jsonl"
    os.rename(path, new)
    return new, _prune(old, new)


def was_put_away(folder: Path, code: str) -> bool:
    """Whether a room of this code has been put away, as far as old/ still knows."""
    return os.path.lexists(folder / "old" / f"{code}.jsonl")


def _prune(old: Path, new: Path) -> list[str]:
    """Delete what is too much in old/, but neither *new* nor what is no journal; returns the names.

    What goes wrong is logged.
    """
    held, deleted = list[tuple[tuple[bool, float], Path]](), list[str]()
    try:
        for journal in old.glob("*.jsonl"):
            with contextlib.suppress(FileNotFoundError):  # deleted in this moment
                status = journal.stat(follow_symlinks=False)
                if journal != new and stat.S_ISREG(status.st_mode):
                    held.append(((_was_used(journal), status.st_mtime), journal))
    except OSError:
        _log.warning("the rooms put away in %s cannot be looked through", old, exc_info=True)
    for _, journal in sorted(held)[: max(0, len(held) + 1 - MOST_OLD)]:
        try:
            journal.unlink(missing_ok=True)
            deleted.append(journal.name)
        except OSError:
            _log.warning("%s is one too many and cannot be deleted", journal, exc_info=True)
    return deleted


def _was_used(path: Path) -> bool:
    """Whether anything ever happened in a room: such are kept longer.

    The first line is enough to tell, and what follows it.
    """
    try:
        with path.open("rb") as stream:
            return bool(stream.read(LONGEST_LINE + 2).partition(b"\n")[2])
    except OSError:
        return True  # who cannot tell deletes nothing of worth


# ------------------------------------------------------------- what the owner asks for


@dataclass(frozen=True)
class ListedRoom:
    """A room as the owner of the server sees it; no names of teams, no tokens."""

    code: str
    phase: str
    round: int
    length: int
    seats: int
    taken: int
    events: int
    bytes: int
    last_event: str
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def list_rooms(folder: Path) -> list[ListedRoom]:
    """All rooms of a folder, whether a server runs there or not; nothing is changed.

    The one in which something happened last stands first.
    """
    rooms = []
    for path in journals(folder):
        try:
            rooms.append(_list_room(path))
        except FileNotFoundError:
            continue  # put away in this moment
        except (InputError, OSError) as error:
            rooms.append(ListedRoom(path.stem, "", 0, 0, 0, 0, 0, 0, "", str(error)))
    return sorted(rooms, key=lambda room: room.last_event, reverse=True)


def journals(folder: Path) -> list[Path]:
    """The journals of a folder; one that is not there, or that is not ours to see, has none."""
    with contextlib.suppress(OSError):
        return sorted(folder.glob("*.jsonl"))
    return []


def _list_room(path: Path) -> ListedRoom:
    recovered = recover(path)
    room, moment = recovered.room, min(max(recovered.room.changed_at, 0.0), 4e9)
    return ListedRoom(
        room.code,
        WORDS[room.phase],
        room.round,
        room.game.length,
        len(room.game.seats),
        len(room.teams),
        room.events,
        path.stat().st_size,
        datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds"),
        str(recovered.problem or ""),
    )


def drop(folder: Path, code: object, sleep: Callable[[float], None] = time.sleep) -> str:
    """Put a room away for its owner: at once where no server runs, by the server that runs
    otherwise.

    Returns what was done. Raises InputError.
    """
    wanted = read_code(code)
    path = journal_of(folder, wanted)
    if not path.exists():
        raise InputError(
            "room {code} is not in {folder}",
            "see which are: coercivity rooms list",
            code=wanted,
            folder=folder,
        )
    try:
        if lock := guard(folder):
            with lock:
                if os.name == "posix":  # elsewhere a lock says nothing
                    return f"Room {wanted} is put away as {put_away(path)[0]}."
        wish = folder / f"{wanted}.drop"
        wish.unlink(missing_ok=True)  # with what a server has said to an older one
        wish.touch(mode=0o600)
    except OSError as error:
        raise InputError(
            "room {code} cannot be put away ({value})",
            "you need the rights of the server's owner on {folder}",
            code=wanted,
            value=error.strerror,
            folder=folder,
        ) from None
    for _ in range(int(PATIENCE / 0.1)):
        if not os.path.lexists(path):
            return (
                f"Room {wanted} is put away by the running server; its journal is in "
                f"{folder / 'old'}."
            )
        if why := _answer(wish):
            raise InputError(
                "room {code} is closed, but its server cannot put its journal away ({value})",
                "mend that, and the server does it by itself",
                code=wanted,
                value=why,
            )
        sleep(0.1)
    return (
        f"The server of {folder} does not answer; room {wanted} is put away as soon as it does, "
        "or when it is started again."
    )


def answer(wish: Path, why: str) -> None:
    """Tell the owner who waits for a wish why it cannot be fulfilled now, as far as the disk lets
    us.
    """
    with contextlib.suppress(OSError):
        if _answer(wish) != why:
            with wish.open("r+", encoding="utf-8") as stream:  # one taken back is not made again
                stream.truncate()
                stream.write(why)


def _answer(wish: Path) -> str:
    """What the server says to a wish, '' for nothing yet, or for what is not ours to read."""
    with contextlib.suppress(OSError), wish.open("rb") as stream:
        return " ".join(stream.read(LONGEST_ANSWER).decode("utf-8", "replace").split())
    return ""


def closing_requests(folder: Path) -> Iterator[tuple[Path, str]]:
    """The rooms that the owner wants to be put away, and the files that say so."""
    for wish in sorted(folder.glob("*.drop")):
        yield wish, wish.stem


# ------------------------------------------------------------- what its owner is told


class OwnerLog:
    """What a server has told its owner about the rooms, kept in memory and written to the log.

    A matter that is looked at again and again is told when it is another than before.
    """

    def __init__(self) -> None:
        self.messages: list[str] = []
        self._last: dict[str, str] = {}

    def say(self, message: str) -> None:
        """Tell the owner."""
        self.messages.append(message)
        del self.messages[:-MOST_MESSAGES]
        _log.warning("%s", message)

    def say_once(self, about: str, message: str) -> None:
        """Tell the owner, unless this is what was told of the matter last."""
        if self._new(about, message):
            self.say(message)

    def settled(self, about: str) -> None:
        """A matter is in order: if it comes up again, it is told again."""
        self._last.pop(about, None)

    @contextlib.contextmanager
    def alone(self, about: str) -> Iterator[None]:
        """Let one matter go wrong without the others; it is logged."""
        try:
            yield
        except Exception as error:
            if self._new(about, repr(error)):
                _log.exception("looking after the rooms: %s", about)
        else:
            self.settled(about)

    def _new(self, about: str, message: str) -> bool:
        before, self._last[about] = self._last.get(about), message
        return message != before
