"""What took a worker long and comes out the same each time, kept on disk for the next who asks: a
file an answer, in a folder of this version of code and facts.

    COERCIVITY_KEPT   where (a folder), or "off"; by default the user's cache folder

Files are written whole or not at all, and read as they were written: a file that was cut short or
changed by others is made again. What was not used for longest goes when there is too much; files
that are not of this kind are left alone, whatever folder was named.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import zlib
from collections.abc import Callable, Hashable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from coercivity.experiments.worlds.atomic import write_whole
from coercivity.model.basis.facts import Facts
from coercivity.model.results.provenance import code_hash, facts_hash, hash_of
from coercivity.model.results.result import model_version

PLACE: Final = "COERCIVITY_KEPT"
FOLDER: Final = "coercivity-histories"  # within the one that was named
CLEARED_EVERY: Final = 50_000_000  # bytes that a process writes between two looks at the whole
MOST_BYTES: Final = 600_000_000  # all files of all versions together
_NAME: Final = re.compile(r"[0-9a-f]{30}")
_written = 0  # bytes by this process since the last look
SUM: Final = 4  # bytes at the end of a file that say whether it is as it was written


def cached_answer(
    question: tuple[Hashable, ...], make: Callable[[], bytes], package: str = ""
) -> bytes:
    """The answer to a question from its file; else made, and written for the next. question: what
    the answer depends on, beside code and facts; package: whose code and tables it depends on,
    too.
    """
    question = (*question, _files_of(package)) if package else question
    path = _path(question)
    if path is None:
        return make()
    if (answer := _read_answer(path)) is not None:
        return answer
    answer = make()
    with contextlib.suppress(OSError):  # a full or read-only disk keeps nothing
        path.parent.mkdir(parents=True, exist_ok=True)
        data = answer + zlib.crc32(answer).to_bytes(SUM, "big")
        write_whole(path, lambda hidden: _write_answer(hidden, data))
        _count(len(data))
    return answer


def find_answer(question: tuple[Hashable, ...]) -> bytes | None:
    """The answer to a question if it lies there."""
    path = _path(question)
    return None if path is None else _read_answer(path)


def lies_there(question: tuple[Hashable, ...]) -> bool:
    """Whether there is a file of the answer; it is not read, and counts as used by nobody."""
    path = _path(question)
    return path is not None and path.exists()


@cache
def place() -> Path | None:
    """The folder of this version; None where nothing is to be kept."""
    asked = os.environ.get(PLACE, "")
    if asked == "off":
        return None
    if asked:
        return Path(asked) / FOLDER / _version()
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
    for path in here.parent.glob("*/??/*"):
        if not _NAME.fullmatch(path.name):
            continue
        with contextlib.suppress(OSError):  # another server clears too
            about = path.stat()
            found.append((here in path.parents, about.st_mtime, about.st_size, path))
    too_much = sum(size for _, _, size, _ in found) - most
    for _, _, size, path in sorted(found):
        if too_much <= 0:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            too_much -= size


def _count(size: int) -> None:
    """Look at the whole when this process has written enough."""
    global _written
    _written += size
    if _written > CLEARED_EVERY:
        _written = 0
        clear_old()


def _version() -> str:
    """What of the program a kept history depends on: the model and its facts, and what draws and
    reads it.
    """
    drawn = Path(str(files("coercivity.viz.page_data")))
    readers = (_files_of("coercivity.experiments"), hash_of(drawn, drawn.rglob("lab_*.py")))
    return "-".join((model_version(), code_hash(), facts_hash(Facts.default()), *readers))


@cache
def _files_of(package: str) -> str:
    """12 hex digits of the code and the tables of a package."""
    root = Path(str(files(package)))
    return hash_of(root, (*root.rglob("*.py"), *root.rglob("*.csv")))


def _write_answer(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _path(question: tuple[Hashable, ...]) -> Path | None:
    """The file of a question; None where nothing is to be kept."""
    folder = place()
    if folder is None:
        return None
    name = hashlib.sha256(repr(question).encode()).hexdigest()
    return folder / name[:2] / name[2:32]


def _read_answer(path: Path) -> bytes | None:
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
