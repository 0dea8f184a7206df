"""What can befall the journal of a room, and what a server makes of it: `python -m
tools.fuzz.journals` prints the table.

Each kind does something to the journal of a room with 17 lines, either while no server runs or
under a running one, in which one more event follows. Then the server is killed and started again.
Counted is how many lines the room then has, and whether anything that was in the file is lost.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coercivity.viz.classroom.rooms.journal import MOST_BYTES, Chain
from coercivity.viz.classroom.rooms.recovery import recover
from coercivity.viz.classroom.rooms.registry import Rooms
from tools.check.room_table import Watch, busy, filled, state

LINES = 17
Change = Callable[[list[bytes]], bytes]  # of the lines, each with its end


def _plain(lines: list[bytes]) -> list[bytes]:
    """The same lines as version 0.4.0 wrote them, without sums."""
    return [
        json.dumps(
            {name: value for name, value in json.loads(line).items() if name != "k"},
            separators=(",", ":"),
        ).encode()
        + b"\n"
        for line in lines
    ]


def _with_event(lines: list[bytes], event: dict[str, Any]) -> bytes:
    """The lines and one more that has a fine sum."""
    chain = Chain()
    for line in lines:
        chain.read(line.rstrip(b"\n"), "line")
    return b"".join(lines) + chain.line(event)


@dataclass(frozen=True)
class Damage:
    """Something that befalls a journal: to its lines, or to its path; what should be left of its 17
    lines.
    """

    kind: str
    left: int
    change: Change | None = None
    act: Callable[[Path], object] | None = None
    running: bool = False
    blank: bool = False  # what is not the room's holds nothing to keep

    def befall(self, path: Path) -> bytes:
        """Do it. Returns what the file holds then, as far as somebody might want it back."""
        if self.change is not None:
            path.write_bytes(self.change(path.read_bytes().splitlines(keepends=True)))
        if self.act is not None:
            self.act(path)
        return path.read_bytes() if path.is_file() and not self.blank else b""


def _other_room(path: Path) -> None:
    """Another room's journal comes in its place, as another file."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        other = Rooms(Path(folder), Watch())
        room, _ = filled(other)
        other.close()
        os.replace(Path(folder) / f"{room.code}.jsonl", path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "kept").write_text("kept")


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to(os.devnull)


def _added(more: bytes) -> Change:
    return lambda lines: b"".join(lines) + more


def _put(at: int, *pieces: bytes, until: int | None = None) -> Change:
    """Pieces in place of the lines from *at* on, until another one."""
    return lambda lines: b"".join([*lines[:at], *pieces, *lines[at if until is None else until :]])


def _turned(old: bytes, new: bytes, first: bytes = b"") -> Change:
    return lambda lines: first + b"".join(lines).replace(old, new)


def _followed(do: str, **fields: Any) -> Change:
    return lambda lines: _with_event(lines, {"at": 1.0, "do": do, **fields})


TORN = b'{"at":1800000000.0,"do":"cl'
NONE, LONG = b"What is this?\n", b'{"do":"seal","why":"' + b"x" * 50_000 + b'"}\n'
AT_REST: tuple[Damage, ...] = (
    Damage("last line torn", 17, _added(TORN)),
    Damage("last line torn, no sums (0.4.0)", 17, lambda lines: b"".join([*_plain(lines), TORN])),
    Damage("end of the last line lost", 17, lambda lines: b"".join(lines).rstrip(b"\n")),
    Damage(
        "half a line glued to the next",
        11,
        lambda lines: _put(11, lines[11][:20] + lines[12], until=13)(lines),
    ),
    Damage(
        "half a line glued, no sums (0.4.0)",
        16,
        lambda lines: _put(16, _plain(lines)[16][:30])(_plain(lines)),
    ),
    Damage("middle line no JSON", 8, _put(8, NONE)),
    Damage("middle line missing", 8, _put(8, until=9)),
    Damage("lines doubled", 8, _put(8, until=7)),
    Damage("two lines exchanged", 8, lambda lines: _put(8, lines[9], lines[8], until=10)(lines)),
    Damage("a value changed, fine JSON", 2, _turned(b"Tokyo", b"Kyoto")),
    Damage("cut off in the middle of a line", 9, lambda lines: b"".join(lines[:9]) + lines[9][:25]),
    Damage("cut off at the end of a line", 9, lambda lines: b"".join(lines[:9])),
    Damage("zero bytes at the end", 17, _added(bytes(4096)), blank=True),
    Damage(
        "zero bytes in the middle", 8, lambda lines: _put(8, bytes(len(lines[8])), until=9)(lines)
    ),
    Damage("another encoding (UTF-16)", 17, lambda lines: b"".join(lines).decode().encode("utf16")),
    Damage("saved by an editor (mark, CR LF)", 17, _turned(b"\n", b"\r\n", b"\xef\xbb\xbf")),
    Damage("a byte of another encoding", 2, _turned(b"Tokyo", b"T\xf4kyo")),
    Damage("a line far too long", 8, _put(8, LONG)),
    Damage("a file far too long", 17, _added(b"x" * (MOST_BYTES + 10))),
    Damage("brackets without end", 17, _added(b"[" * 15_000 + b"\n")),
    Damage("lines of another room added", 17, lambda lines: b"".join([*lines, *lines[1:4]])),
    Damage("an event that no rule knows", 17, _followed("jump")),
    Damage("an event that no longer fits", 17, _followed("reveal")),
    Damage("an event no page would send", 17, _followed("seal", seat="firm", moves={"a": [None]})),
    Damage(
        "an event at no time (0.4.0)",
        17,
        lambda lines: b"".join([*_plain(lines), b'{"at":1e999,"do":"close"}\n']),
    ),
    Damage("a fine event without a sum", 17, _added(TORN + b'ose"}\n')),
    Damage("first line damaged", 0, lambda lines: b"".join([lines[0][5:], *lines[1:]])),
    Damage("first line missing", 0, lambda lines: b"".join(lines[1:])),
    Damage("empty file", 0, lambda lines: b""),
    Damage("another room's journal in its place", 0, act=_other_room),
)
RUNNING: tuple[Damage, ...] = (
    Damage("deleted", 18, act=Path.unlink),
    Damage("deleted with the whole folder", 18, act=lambda path: shutil.rmtree(path.parent)),
    Damage("replaced by another room's", 18, act=_other_room),
    Damage(
        "replaced by a copy",
        18,
        act=lambda path: os.replace(shutil.copy(path, path.with_suffix(".copy")), path),
    ),
    Damage("replaced by an older copy", 18, lambda lines: b"".join(lines[:9])),
    Damage("emptied", 18, lambda lines: b""),
    Damage(
        "cut off in the middle of a line", 18, lambda lines: b"".join(lines[:9]) + lines[9][:25]
    ),
    Damage("changed, of the same size", 18, _turned(b"Tokyo", b"Kyoto")),
    Damage("something added", 18, _added(NONE)),
    Damage("zero bytes all over", 18, lambda lines: bytes(len(b"".join(lines))), blank=True),
    Damage("a folder in its place", 18, act=_folder),
    Damage("a link in its place", 18, act=_link),
    Damage("moved away", 18, act=lambda path: path.rename(path.with_name("moved"))),
)
RUNNING = tuple(replace(one, running=True) for one in RUNNING)


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    damage: Damage
    survived: int  # lines of the room after the next start
    lost: bool  # something that was in the file is nowhere any more
    same: bool  # the room is what its surviving lines say, under a running server what it was
    said: tuple[str, ...]  # to the owner in the log, or under a running server to the facilitator


def trial(damage: Damage, folder: Path) -> Outcome:
    """Let it befall the journal of a room in a new folder, and start the server again."""
    watch = Watch()
    registry = Rooms(folder, watch)
    room, _ = busy(registry, watch)
    path = folder / f"{room.code}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == LINES, len(lines)
    held = damage.befall(path)
    said: list[str] = []
    if damage.running:
        room.do("clock", left=100.0, runs=False)
        said.append(str(room.trouble or ""))
        expected = state(room)
    registry.close()
    again = Rooms(folder, watch)
    again.close()
    found = again._rooms.get(room.code)
    survived = 0
    if found is not None:
        written = path.read_bytes().splitlines()
        # a clock that ran is stopped by a start
        survived = len(written) - (json.loads(written[-1]).get("do") == "restart")
        if not damage.running:
            expected = _replayed(lines[: damage.left], folder, room.code, watch)
    said += again.messages
    kept = b"\0".join(
        one.read_bytes()
        for one in sorted(folder.glob("*.jsonl*"))
        if one.is_file() and not one.is_symlink()
    )
    lost = (
        not all(piece in kept for piece in held.splitlines() if piece.strip(b"\0"))
        and held not in kept
    )
    return Outcome(
        damage,
        survived,
        lost,
        found is None or state(found) == expected,
        tuple(one for one in said if one),
    )


def _replayed(lines: list[bytes], folder: Path, code: str, watch: Watch) -> str:
    """The state of a room with these lines, after a restart."""
    with tempfile.TemporaryDirectory(dir=folder) as calm:
        (Path(calm) / f"{code}.jsonl").write_bytes(b"".join(lines))
        registry = Rooms(Path(calm), watch)
        registry.close()
        assert recover(Path(calm) / f"{code}.jsonl").problem is None
        return state(registry.get(code))


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    rest, good = 0, 0
    print(f"{'what befell the journal':42} {'lines':>5} {'lost':>5}  said")
    for damage in (*AT_REST, *RUNNING):
        with tempfile.TemporaryDirectory() as folder:
            out = trial(damage, Path(folder) / "rooms")
        good += out.survived == damage.left and out.same and not out.lost
        rest += out.survived > 0
        where = "running: " if damage.running else ""
        print(
            f"{where + damage.kind:42} {out.survived:5d} {'yes' if out.lost else 'no':>5}  "
            f"{' | '.join(out.said)}"
        )
    kinds = len(AT_REST) + len(RUNNING)
    print(
        f"{kinds} kinds of damage to 17 lines (18 under a running server): the room survived "
        f"{rest}, all was as it should be in {good}"
    )


if __name__ == "__main__":
    main()
