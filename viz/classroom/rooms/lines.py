"""The lines of a room's journal: each is an event as JSON, with a check sum over itself and all
lines before it.

So a line that was changed, doubled, lost or put in from elsewhere is noticed although it may be a
fine event. Journals of version 0.4.0 have no sums; they are read as they are, and what is added to
them has sums.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from typing import Any, Final

from coercivity.model.basis.errors import InputError, Phrase
from coercivity.viz.classroom.rooms.pieces import Event

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
