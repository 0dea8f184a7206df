"""Who is at a chunk: a claim, a small file that exactly one process can make, so that several
commands in one folder share its chunks.

`parts/.part-00012.claim` holds machine, process, when the process began, and how many runs of the
chunk are done. It counts while that process lives and gives a sign between its runs. The claim of a
process of this machine that has ended is taken over at once, that of another machine after `SILENT`
seconds without a sign: nobody has to be asked, no lock is held, and what a killed command left
stops nobody. Where two do a chunk all the same (a run longer than that) it costs time and nothing
else.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coercivity.experiments.sweep.layout import PARTS, claim_path, read_sealed, seal_content
from coercivity.experiments.worlds.atomic import (
    boot,
    claim_new,
    hidden_name,
    machine,
    process_start,
)

if TYPE_CHECKING:
    from coercivity.experiments.sweep.sweep_folder import Sweep

SILENT: Final = (
    300.0  # seconds without a sign after which a claim of another machine does not count
)
SIGN_EVERY: Final = 2.0  # seconds between signs, where runs are shorter
PAUSE: Final = 1.0  # seconds until a chunk that another command is at is tried again
TRIES: Final = 5

Found = TypeVar("Found")


@dataclass(frozen=True)
class ChunkInProgress:
    """A chunk that somebody is at: runs done of its runs, where, seconds since the last sign, and
    seconds that the runs done took.
    """

    chunk: int
    done: int
    runs: int
    machine: str
    process: int
    silent: float
    seconds: float = 0.0


class ChunkTaken(Exception):
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
    """Our claim to one chunk.

    every: seconds between signs; 0 gives one before each run.
    """

    def __init__(self, sweep: Sweep, chunk: int, every: float = SIGN_EVERY) -> None:
        self.chunk, self.every = chunk, every
        self.path = claim_path(sweep.folder, chunk)
        self.last = self.began = time.monotonic()
        self.text = self._text(0)

    def take(self) -> None:
        """Make the chunk ours. Raises ChunkTaken where a living process has it, OSError where
        nothing can be written.
        """
        for _ in range(TRIES):
            if claim_new(self.path, self.text):
                return
            found = _read_claim_file(self.path)
            if found is None:  # it has just been given back
                continue
            if _counts(*found, _clock(self.path.parent)):
                raise ChunkTaken(self.chunk, _holder(found[0]))
            evict(self.path, found[0])
        raise ChunkTaken(self.chunk, "several others")

    def sign(self, done: int) -> None:
        """Give a sign and write how many runs are done in how many seconds, where it is time."""
        if time.monotonic() - self.last >= self.every and self._is_ours():
            self.last, text = time.monotonic(), self._text(done)
            aside = hidden_name(self.path, "tmp")
            with contextlib.suppress(OSError):
                aside.write_text(text, encoding="utf-8")
                os.replace(aside, self.path)
                self.text = text

    def drop(self) -> None:
        """Give the chunk back; a claim that somebody else has by now stays."""
        if self._is_ours():
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _is_ours(self) -> bool:
        found = _read_claim_file(self.path)
        return found is not None and found[0] == self.text.encode()

    def _text(self, done: int) -> str:
        own = {
            "machine": machine(),
            "boot": boot(),
            "process": os.getpid(),
            "born": process_start(os.getpid()) or "",
            "made": time.time_ns(),
            "done": done,
            "seconds": round(time.monotonic() - self.began, 3),
        }
        return seal_content(own)


def evict(path: Path, data: bytes) -> None:
    """Take away a claim that does not count; one that somebody has made in its place meanwhile
    stays.
    """
    aside = hidden_name(path, "tmp")
    with contextlib.suppress(OSError):
        os.rename(path, aside)  # of several that try only one moves it
        if aside.read_bytes() != data:
            os.link(aside, path)
    with contextlib.suppress(OSError):
        aside.unlink()


def remove_claims(sweep: Sweep) -> int:
    """Remove the claims that do not count and return how many."""
    stale = [(path, data) for path, data, _, counts in _claims(sweep) if not counts]
    for path, data in stale:
        evict(path, data)
    return len(stale)


def holders(sweep: Sweep) -> dict[int, str]:
    """{chunk: who is at it}, of the claims that count."""
    found = {_number(path): _holder(data) for path, data, _, counts in _claims(sweep) if counts}
    return {chunk: who for chunk, who in found.items() if chunk is not None}


def writers(sweep: Sweep) -> list[ChunkInProgress]:
    """Return the chunks that living processes are at, in order."""
    found = []
    for path, _, silent, counts in _claims(sweep):
        chunk = _number(path)
        if counts and chunk is not None and chunk < sweep.chunks:
            found.append(read_claim(sweep, chunk, silent))
    return sorted((one for one in found if one is not None), key=lambda one: one.chunk)


def read_claim(sweep: Sweep, chunk: int, silent: float = 0.0) -> ChunkInProgress | None:
    """What the claim to a chunk says, whether it counts or not; None where there is none or it is
    not what was written.
    """
    found = _read_claim_file(claim_path(sweep.folder, chunk))
    with contextlib.suppress(ValueError, KeyError, TypeError):
        if found is not None:
            held = read_sealed(found[0])
            return ChunkInProgress(
                chunk,
                int(held.get("done", 0)),
                len(sweep.rows(chunk)),
                str(held["machine"]),
                int(held["process"]),
                round(max(0.0, silent), 1),
                float(held.get("seconds", 0.0)),
            )
    return None


def iterate_until_done(
    chunks: Iterable[int],
    attempt: Callable[[int], Found],
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[tuple[int, Found]]:
    """Give (chunk, what *attempt* made of it) for each of *chunks*; one that another is at
    (ChunkTaken) comes again, after the others. say: told once, when only such are left.
    """
    waiting, refused, told = deque(chunks), 0, False
    while waiting:
        chunk = waiting.popleft()
        try:
            note = attempt(chunk)
        except ChunkTaken as error:
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


def _claims(sweep: Sweep) -> Iterator[tuple[Path, bytes, float, bool]]:
    """(path, content, seconds since its last sign, whether it counts) of every claim."""
    folder = sweep.folder / PARTS
    paths = list(folder.glob(".part-*.claim"))
    now = _clock(folder) if paths else 0.0
    for path in paths:
        found = _read_claim_file(path)
        if found is not None:
            yield path, found[0], now - found[1], _counts(*found, now)


def _counts(data: bytes, touched: float, now: float) -> bool:
    """Whether a claim counts: of a process of this machine that lives, or cannot be asked for; and
    with a sign within `SILENT` seconds.
    """
    with contextlib.suppress(ValueError):  # it is damaged or just being written: its time decides
        holder = read_sealed(data)
        if (holder.get("machine"), holder.get("boot")) == (machine(), boot()) and not _at_work(
            holder
        ):
            return False
    return now - touched <= SILENT


def _at_work(holder: dict[str, Any]) -> bool:
    began = process_start(holder["process"]) if isinstance(holder.get("process"), int) else None
    return began is not None and (not began or not holder.get("born") or began == holder["born"])


def _holder(data: bytes) -> str:
    with contextlib.suppress(ValueError):
        holder = read_sealed(data)
        return f"{holder.get('machine')} process {holder.get('process')}"
    return "another process"


def _number(path: Path) -> int | None:
    number = path.name.removeprefix(".part-").removesuffix(".claim")
    return int(number) if number.isdecimal() else None


def _read_claim_file(path: Path) -> tuple[bytes, float] | None:
    """What a claim holds and when it was last touched; None where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(), os.fstat(file.fileno()).st_mtime
    except OSError:
        with contextlib.suppress(OSError):
            return b"", path.stat().st_mtime  # there, and not to be read: its time decides
        return None


def _clock(folder: Path) -> float:
    """The time as the disk of *folder* counts it, which on a network is that of another machine;
    ours where nothing can be written.
    """
    probe = hidden_name(folder / "clock", "tmp")
    try:
        probe.write_bytes(b"")
        os.utime(probe)
        return probe.stat().st_mtime
    except OSError:
        return time.time()
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
