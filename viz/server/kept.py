"""What took a worker long and comes out the same each time, kept on disk for the next who asks: a
file an answer, in a folder of this version of code and facts.

    COERCIVITY_KEPT   where (a folder), or "off"; by default the user's cache folder

Files are written whole or not at all, and read as they were written: a file that was cut short or
changed by others is made again. The oldest go when there are too many.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import Final

from coercivity.experiments.sweep.atomic import write_whole
from coercivity.model.results.provenance import code_hash, facts_hash
from coercivity.model.results.result import model_version

PLACE: Final = "COERCIVITY_KEPT"
MOST_BYTES: Final = 600_000_000  # all files of all versions together
SUM: Final = 4  # bytes at the end of a file that say whether it is as it was written


def kept(question: tuple[Hashable, ...], make: Callable[[], bytes]) -> bytes:
    """The answer to a question from its file; else made, and written for the next. question: what
    the answer depends on, beside code and facts.
    """
    path = _path(question)
    if path is None:
        return make()
    if (answer := _read(path)) is not None:
        return answer
    answer = make()
    with contextlib.suppress(OSError):  # a full or read-only disk keeps nothing
        path.parent.mkdir(parents=True, exist_ok=True)
        data = answer + zlib.crc32(answer).to_bytes(SUM, "big")
        write_whole(path, lambda hidden: _put(hidden, data))
    return answer


def found(question: tuple[Hashable, ...]) -> bytes | None:
    """The answer to a question if it lies there."""
    path = _path(question)
    return None if path is None else _read(path)


@cache
def place() -> Path | None:
    """The folder of this version; None where nothing is to be kept."""
    asked = os.environ.get(PLACE, "")
    if asked == "off":
        return None
    if asked:
        return Path(asked) / _version()
    from platformdirs import user_cache_path

    return user_cache_path("coercivity", appauthor=False) / "histories" / _version()


def clear_old(folder: Path | None = None, most: int = MOST_BYTES) -> None:
    """Let the files go that were not used for longest, until those that are left take at most so
    many bytes; those of other versions first.
    """
    here = folder or place()
    if here is None or not here.parent.is_dir():
        return
    found = []
    for path in here.parent.rglob("*"):
        with contextlib.suppress(OSError):  # another server clears too
            if path.is_file():
                about = path.stat()
                found.append((here in path.parents, about.st_mtime, about.st_size, path))
    too_much = sum(size for _, _, size, _ in found) - most
    for _, _, size, path in sorted(found):
        if too_much <= 0:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            too_much -= size


def _version() -> str:
    """What of the program a run depends on."""
    return f"{model_version()}-{code_hash()}-{facts_hash()}"


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _path(question: tuple[Hashable, ...]) -> Path | None:
    """The file of a question; None where nothing is to be kept."""
    folder = place()
    if folder is None:
        return None
    name = hashlib.sha256(repr(question).encode()).hexdigest()
    return folder / name[:2] / name[2:34]


def _read(path: Path) -> bytes | None:
    """What was written; None where there is nothing, or not what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    answer, told = data[:-SUM], data[-SUM:]
    if zlib.crc32(answer).to_bytes(SUM, "big") != told:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return answer
