"""Who is at a chunk: a claim, a small file that exactly one process can make, so that several
commands in one folder share its chunks.

`parts/.part-00012.claim` holds machine, process and when the process began. It counts while that
process lives and gives a sign between its runs. The claim of a process of this machine that has
ended is taken over at once, that of another machine after `SILENT` seconds without a sign: nobody
has to be asked, no lock is held, and what a killed command left stops nobody. Where two do a chunk
all the same (a run longer than that) it costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coercivity.experiments.sweep.places import PARTS, part_path
from coercivity.experiments.sweep.sealed import sealed, unsealed
from coercivity.experiments.worlds.atomic import boot, born, claim_new, machine, owned

if TYPE_CHECKING:
    from coercivity.experiments.sweep.folder import Sweep

SILENT: Final = (
    300.0  # seconds without a sign after which a claim of another machine does not count
)
TOUCH_EVERY: Final = 2.0  # seconds between signs, where runs are shorter
PAUSE: Final = 1.0  # seconds until a chunk that another command is at is tried again
TRIES: Final = 5

Found = TypeVar("Found")


class Taken(Exception):
    """Somebody else is at the chunk; nothing is wrong."""

    def __init__(self, chunk: int, holder: str) -> None:
        super().__init__(chunk, holder)
        self.chunk, self.holder = chunk, holder

    def line(self) -> str:
        """One line for a user who waits."""
        return (
            f"chunk {self.chunk} is being computed by {self.holder}; waiting for it, or for "
            f"{SILENT:.0f} s without a sign of it"
        )


class Claim:
    """Our claim to one chunk, with the mark beside it that says how far we are, for `sweep
    status`.
    """

    def __init__(self, sweep: Sweep, chunk: int) -> None:
        self.chunk = chunk
        self.path = claim_path(sweep.folder, chunk)
        self.mark = owned(part_path(sweep.folder, chunk), "busy")
        own = {
            "machine": machine(),
            "boot": boot(),
            "process": os.getpid(),
            "born": born(os.getpid()) or "",
            "made": time.time_ns(),
        }
        self.text = sealed(own)
        self.last = -TOUCH_EVERY
        self.began = time.monotonic()

    def take(self) -> None:
        """Make the chunk ours. Raises Taken where a living process has it, OSError where nothing
        can be written.
        """
        for _ in range(TRIES):
            if claim_new(self.path, self.text):
                return
            holder = _read(self.path)
            if holder is None:  # it has just been given back
                continue
            if lives(self.path, *holder):
                raise Taken(self.chunk, _holder(holder[0]))
            evict(self.path, holder[0])
        raise Taken(self.chunk, "several others")

    def touch(self, done: int) -> None:
        """Give a sign and write how many runs are done in how many seconds, at most every two
        seconds.
        """
        if time.monotonic() - self.last >= TOUCH_EVERY:
            self.last = time.monotonic()
            with contextlib.suppress(OSError):
                os.utime(self.path)
            with contextlib.suppress(OSError):
                self.mark.write_text(
                    sealed({"done": done, "seconds": round(self.last - self.began, 3)}),
                    encoding="utf-8",
                )

    def drop(self) -> None:
        """Give the chunk back; a claim that somebody else has by now stays."""
        with contextlib.suppress(OSError):
            self.mark.unlink()
        holder = _read(self.path)
        if holder is not None and holder[0] == self.text.encode():
            with contextlib.suppress(OSError):
                self.path.unlink()


def claim_path(folder: Path, chunk: int) -> Path:
    """Path of the claim to one chunk."""
    return folder / PARTS / f".part-{chunk:05d}.claim"


def lives(path: Path, data: bytes, touched: float) -> bool:
    """Whether a claim counts: of a process of this machine that lives, or cannot be asked for; and
    with a sign within `SILENT` seconds.
    """
    with contextlib.suppress(ValueError):  # it is damaged or just being written: its time decides
        holder = unsealed(data)
        if (holder.get("machine"), holder.get("boot")) == (machine(), boot()) and not _at_work(
            holder
        ):
            return False
    return _clock(path) - touched <= SILENT


def evict(path: Path, data: bytes) -> None:
    """Take away a claim that does not count; one that somebody has made in its place meanwhile
    stays.
    """
    aside = owned(path, "tmp")
    with contextlib.suppress(OSError):
        os.rename(path, aside)  # of several that try only one moves it
        if aside.read_bytes() != data:
            os.link(aside, path)
    with contextlib.suppress(OSError):
        aside.unlink()


def remove_claims(sweep: Sweep) -> int:
    """Remove the claims that do not count and return how many."""
    removed = 0
    for path in (sweep.folder / PARTS).glob(".part-*.claim"):
        holder = _read(path)
        if holder is not None and not lives(path, *holder):
            evict(path, holder[0])
            removed += 1
    return removed


def holders(sweep: Sweep) -> dict[int, str]:
    """{chunk: who is at it}, of the claims that count."""
    by_chunk = {}
    for path in (sweep.folder / PARTS).glob(".part-*.claim"):
        number, holder = path.name.removeprefix(".part-").removesuffix(".claim"), _read(path)
        if number.isdecimal() and holder is not None and lives(path, *holder):
            by_chunk[int(number)] = _holder(holder[0])
    return by_chunk


def until_done(
    chunks: Iterable[int],
    attempt: Callable[[int], Found],
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[tuple[int, Found]]:
    """Give (chunk, what *attempt* made of it) for each of *chunks*; one that another is at (Taken)
    comes again, after the others. say: told once, when only such are left.
    """
    waiting, refused, told = deque(chunks), 0, False
    while waiting:
        chunk = waiting.popleft()
        try:
            note = attempt(chunk)
        except Taken as error:
            waiting.append(chunk)
            refused += 1
            if refused >= len(waiting):
                if not told:
                    say(error.line())
                told, refused = True, 0
                time.sleep(PAUSE)
            continue
        refused = 0
        yield chunk, note


def _at_work(holder: dict[str, Any]) -> bool:
    began = born(holder["process"]) if isinstance(holder.get("process"), int) else None
    return began is not None and (not began or not holder.get("born") or began == holder["born"])


def _holder(data: bytes) -> str:
    with contextlib.suppress(ValueError):
        holder = unsealed(data)
        return f"{holder.get('machine')} process {holder.get('process')}"
    return "another process"


def _read(path: Path) -> tuple[bytes, float] | None:
    """What a claim holds and when it was last touched; None where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(), os.fstat(file.fileno()).st_mtime
    except OSError:
        with contextlib.suppress(OSError):
            return b"", path.stat().st_mtime  # there, and not to be read: its time decides
        return None


def _clock(path: Path) -> float:
    """The time as the disk of *path* counts it, which on a network is that of another machine; ours
    where nothing can be written.
    """
    probe = owned(path.with_name("clock"), "tmp")
    try:
        probe.write_bytes(b"")
        os.utime(probe)
        return probe.stat().st_mtime
    except OSError:
        return time.time()
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
