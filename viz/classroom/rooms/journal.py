"""The file of one room: appended and flushed with every event, whole again by itself after whatever
befell it.

All lines of the room stand in memory too. What the disk refuses is owed to it and written as soon
as it can be; a file that is no longer what was written last (deleted, replaced, cut short, changed)
is noticed by its stamp and written again whole, and what stood in its place is kept beside it.

Each line ends in a sum over itself and all lines before it, so that a line that was changed, lost
or doubled is noticed where it stands. Lines of older journals have none and are read as they are.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import json
import logging
import os
import re
import stat
import zlib
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from coercivity import InputError
from coercivity.experiments.worlds.atomic import push, write_whole
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.rooms.state import Event

MOST_BYTES: Final = 4_000_000  # of one journal
PLAIN: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
OTHER: Final = b"\n"  # stands for what is no file of ours: a link, a folder, too much
Stamp = tuple[int, int, int, int]
_log = logging.getLogger(__name__)
LONGEST_LINE: Final = 20_000
MARK: Final = "k"  # the key of the sum, the last one of its line
_MARKED: Final = re.compile(rb',"k":"([0-9a-f]{8})"\}$')


class Chain:
    """The sum over the lines so far."""

    def __init__(self) -> None:
        self.value = 0
        self.marked = False  # once a line has a sum, every further one has

    def line(self, event: Event) -> bytes:
        """The next line, with its sum and its end."""
        text = json.dumps(event, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()
        self.value, self.marked = zlib.crc32(text, self.value), True
        return text[:-1] + f',"{MARK}":"{self.value:08x}"}}\n'.encode()

    def read(self, line: bytes, where: str | Phrase = "") -> Event:
        """The event of the next line. Raises InputError, and the chain then stands as before."""
        event = read_line(line, where)
        match = _MARKED.search(line)
        if match is None and self.marked:
            raise InputError("it has no check sum, as the lines before it have", where=where)
        value = zlib.crc32(line if match is None else line[: match.start()] + b"}", self.value)
        if match is not None and int(match[1], 16) != value:
            raise InputError(
                "its check sum does not fit",
                "it was changed, or a line before it is missing or stands twice",
                where=where,
            )
        self.value, self.marked = value, match is not None
        event.pop(MARK, None)
        return event


def read_line(
    line: bytes, where: str | Phrase, longest: int = LONGEST_LINE, fix: str | Phrase = ""
) -> Event:
    """The event that a line holds. Raises InputError, with what to do instead."""
    if len(line) > longest:
        raise InputError("{amount} bytes are too many", fix, where=where, amount=f"{len(line):,}")
    try:
        event: Any = json.loads(line)
    except (ValueError, RecursionError):
        text = line[:200].decode("utf-8", "replace")
        raise InputError("this is not JSON: {value}", fix, where=where, value=text) from None
    if not isinstance(event, dict):
        raise InputError("this is no event of a room", fix, where=where)
    return event


def as_written(data: bytes) -> bytes:
    """The same text without what editors and copying put in: another encoding, a mark of the
    encoding at its beginning.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(codecs.BOM_UTF8)


class Journal:
    """The file of one room, readable by its owner only. Not locked: its room is."""

    def __init__(self, path: Path, lines: Sequence[bytes] = (), chain: Chain | None = None) -> None:
        self.path = path
        self.full = False  # once and for good: a room with a gap would be another room
        self.beside: Path | None = None  # what was found in the file last and is not the room's
        self._lines, self._chain = list(lines), chain or Chain()
        self._bytes = sum(map(len, self._lines))
        self._kept = 0  # how many lines this process has seen on the disk
        self._stamp: Stamp | None = (
            None  # of the file as it was written last; None when that is not sure
        )
        self._doubtful = False  # the disk could not say whether it has what was written

    @property
    def owed(self) -> int:
        """How many events the disk does not have."""
        return len(self._lines) - self._kept

    @property
    def text(self) -> bytes:
        """The whole file as it should be."""
        return b"".join(self._lines)

    def append(self, event: Event) -> InputError | None:
        """Take one more event and let the disk have it.

        Returns what had befallen the file and is mended, None for nothing.

        Raises OSError when the disk does not have it: the file is then as before, the event is
        owed.
        """
        line = b"" if self.full else self._chain.line(event)
        if self._bytes + len(line) > MOST_BYTES:
            self.full = True
        if not self.full:
            self._lines.append(line)
            self._bytes += len(line)
        return self.settle()

    def settle(self) -> InputError | None:
        """Let the disk have what it should.

        Returns what had befallen the file and is mended. Raises OSError.
        """
        told = None
        if (
            self._stamp is None
            or self._stamp != _stamp_at(self.path)
            or (self.owed and not self._add())
        ):
            told = self._write_again()
        if self.full:
            raise OSError(errno.EFBIG, "its file is full")
        return told

    def _add(self) -> bool:
        """Append what is owed; False if the file is another than it was.

        After an error it is cut back to what it was.
        """
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | PLAIN)
        try:
            before = os.fstat(handle)
            if _stamp(before) != self._stamp:
                return False
            self._stamp, self._doubtful, flushing = None, True, False
            try:
                _write(handle, b"".join(self._lines[self._kept :]))
                flushing = True
                os.fsync(handle)
            except BaseException:
                os.ftruncate(handle, before.st_size)
                if (
                    not flushing
                ):  # after a refused flush nobody knows what the disk has: the file is written anew
                    self._stamp, self._doubtful = _stamp(os.fstat(handle)), False
                raise
            self._kept, self._stamp, self._doubtful = (
                len(self._lines),
                _stamp(os.fstat(handle)),
                False,
            )
            return True
        finally:
            os.close(handle)

    def _write_again(self) -> InputError | None:
        """Write the whole file anew beside the old one and put it in its place."""
        whole = self.text
        content = _content(self.path, MOST_BYTES)
        if content == whole and not self._doubtful:
            self._kept, self._stamp = len(self._lines), _stamp_at(self.path)
            return None
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        befell = None if not self._kept or self._doubtful else self._befell(content)
        self.beside = None

        def put(hidden: Path) -> None:
            _write_synced(hidden, whole)
            if content is not None and not whole.startswith(content):
                self.beside = keep_rest_of_file(self.path, self._foreign(content))

        write_whole(self.path, put)
        self._kept, self._stamp, self._doubtful = len(self._lines), _stamp_at(self.path), False
        if befell is None:
            return None
        fix = Phrase("it has been written again whole, and nothing of the room is lost")
        if self.beside:
            rest = Phrase.of("what was found there is kept as {file}", file=self.beside.name)
            fix = Phrase.of("{whole}; {rest}", whole=fix, rest=rest)
        told = InputError(befell, fix)
        _log.warning("%s: %s", self.path.name, told)
        return told

    def _foreign(self, content: bytes) -> bytes | None:
        """What follows the lines of this room in what was found; None if it does not even begin
        with the first one.
        """
        position = 0
        for line in self._lines:
            if not content.startswith(line, position):
                break
            position += len(line)
        return content[position:] if position else None

    def _befell(self, content: bytes | None) -> Phrase | None:
        """What somebody has done to the file, None if it is as this process left it."""
        if content is None:
            return Phrase("the file of this room was deleted on the server's disk")
        mine = b"".join(self._lines[: self._kept])
        if content == mine:
            return None
        if mine.startswith(content):
            return Phrase("the file of this room was cut short on the server's disk")
        return Phrase("the file of this room was changed or replaced on the server's disk")


def keep_rest_of_file(path: Path, rest: bytes | None, word: str = "rest") -> Path | None:
    """Keep the *rest* of a file, or with None the file itself under another name, as NAME.rest-1,
    -2 ...; never over another.

    None if it is all blank.
    """
    if rest is not None and not rest.strip(b"\0 \r\n\t"):
        return None
    for number in count(1):
        beside = path.with_name(f"{path.name}.{word}-{number}")
        if os.path.lexists(beside):
            content = _content(path, MOST_BYTES) if rest is None else rest
            if content != OTHER and _content(beside, MOST_BYTES) == content:
                return beside  # it was kept before, when not all could be done
            continue
        if rest is None:
            try:
                os.link(
                    path, beside, follow_symlinks=False
                )  # so that there is always one under the old name
            except FileExistsError:
                continue
            except (OSError, NotImplementedError):  # a folder, or a file system without links
                os.rename(path, beside)
            return beside
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN, 0o600)
        except FileExistsError:
            continue
        try:
            _write(handle, rest)
            os.fsync(handle)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
        finally:
            os.close(handle)
        with contextlib.suppress(OSError):
            push(path.parent)
        return beside
    raise AssertionError("counting has no end")


def _write(handle: int, data: bytes) -> None:
    """Write all of it: a disk that is nearly full takes a part and says so only by the count."""
    left = memoryview(data)
    while left:
        taken = os.write(handle, left)
        if taken <= 0:
            raise OSError(errno.ENOSPC, "the disk takes nothing more")
        left = left[taken:]


def _write_synced(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | PLAIN, 0o600)
    try:
        _write(handle, data)
    finally:
        os.close(handle)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _stamp_at(path: Path) -> Stamp | None:
    try:
        return _stamp(os.stat(path, follow_symlinks=False))
    except FileNotFoundError:
        return None


def _content(path: Path, most: int) -> bytes | None:
    """What a file holds; None if there is none, OTHER if it is no file of ours."""
    try:
        status = os.stat(path, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= most else OTHER
