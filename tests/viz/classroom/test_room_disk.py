"""A disk that refuses: at each kind of point, once and for long; what the file holds meanwhile, and that nothing is lost when there is room again."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.worlds import atomic
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import journal
from coercivity.viz.classroom.rooms.journal import Journal
from coercivity.viz.classroom.rooms.recovery import recover
from coercivity.viz.classroom.rooms.registry import Rooms
from tools.check.room_table import Watch, again, busy, journal_of, state

# the calls that fail, and what a call that fails in another way does instead
POINTS: dict[str, tuple[str, ...]] = {
    "a short write, then none": ("half", "write"),
    "no write": ("write",),
    "a write of nothing": ("nothing",),
    "no flush": ("fsync",),
    "a short write that cannot be cut back": ("half", "write", "ftruncate"),
    "no flush, and no cutting back": ("fsync", "ftruncate"),
    "the file cannot be opened": ("open",),
}


class Disk:
    """Stands between the journal and the system: the calls named in *broken* fail as on a full disk."""

    def __init__(self) -> None:
        self.broken: tuple[str, ...] = ()
        self.halved = 0
        self.failed: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def _fails(self, name: str) -> None:
        if name in self.broken:
            self.failed.append(name)
            raise OSError(errno.ENOSPC, "No space left on device")

    def open(self, *args: Any) -> int:
        self._fails("open")
        return os.open(*args)

    def write(self, handle: int, data: Any) -> int:
        if "half" in self.broken and not self.halved:
            self.halved = os.write(handle, bytes(data)[: len(data) // 2])
            return self.halved
        if "nothing" in self.broken:
            self.failed.append("nothing")
            return 0
        self._fails("write")
        return os.write(
            handle, bytes(data)[:7] if len(data) > 7 else data
        )  # seven bytes at a time, always

    def fsync(self, handle: int) -> None:
        self._fails("fsync")
        os.fsync(handle)

    def ftruncate(self, handle: int, size: int) -> None:
        self._fails("ftruncate")
        os.ftruncate(handle, size)

    def replace(self, *args: Any) -> None:
        self._fails("replace")
        os.replace(*args)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(journal, "os", made)
    monkeypatch.setattr(atomic, "os", made)
    return made


@pytest.mark.parametrize("point", POINTS)
def test_a_disk_that_is_full_for_a_moment_loses_nothing(
    point: str, registry: Rooms, watch: Watch, disk: Disk
) -> None:
    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    before, lines = path.read_bytes(), recover(path).lines
    disk.broken = POINTS[point]
    room.do("close")
    assert disk.failed
    assert room.phase == "sealed"  # the class plays on
    assert "not on the server's disk" in str(room.trouble)
    if "ftruncate" not in disk.broken:
        assert path.read_bytes() == before  # nothing of the refused event is in the file
    assert recover(path).lines[: len(lines)] == lines
    disk.broken = ()
    room.do("reveal")
    assert room.trouble is None
    found = again(registry)
    assert found.messages == []
    assert state(found.get(room.code)) == state(room)


@pytest.mark.parametrize("point", POINTS)
def test_a_server_killed_while_its_disk_is_full_has_the_room_before(
    point: str, registry: Rooms, watch: Watch, disk: Disk
) -> None:
    room, tokens = busy(registry, watch)
    room.do("clock", left=50.0, runs=False)
    states = [state(room)]
    disk.broken = POINTS[point]
    for name in ("seal", "unseal", "seal"):  # several events that the disk refuses
        room.do(name, seat="firm", **({"moves": []} if name == "seal" else {}))
        states.append(state(room))
    disk.broken = ()
    found = again(registry).get(room.code)
    # what cannot be cut back may be there after all, whole lines of it and in their order
    assert state(found) in (states if "ftruncate" in POINTS[point] else states[:1])
    assert all(found.who(token) == who for who, token in tokens.items())


def test_a_disk_full_for_long_gets_all_at_a_tick(registry: Rooms, watch: Watch, disk: Disk) -> None:
    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    before = path.read_bytes()
    disk.broken = ("write",)
    for name in ("close", "reopen", "close", "reopen", "close"):
        room.do(name)
        registry.tick()
    made, _ = registry.make(new_game())  # a room can be made meanwhile
    registry.join(made.code, "firm", "Later")
    assert path.read_bytes() == before
    assert not journal_of(registry, made).exists()
    assert "not on the server's disk" in str(made.trouble)
    seen = room.watch(room.version)
    disk.broken = ()
    registry.tick()
    assert (room.trouble, made.trouble, seen.done()) == (None, None, True)
    found = again(registry)
    assert [state(found.get(one.code)) for one in (room, made)] == [state(room), state(made)]
    assert (
        len(list(path.parent.glob("*"))) == 3
    )  # two journals and the lock: nothing half written is left


@pytest.mark.parametrize("broken", [("write",), ("replace",), ("open",)], ids=str)
def test_a_damaged_journal_stays_as_it_is_while_the_rest_cannot_be_kept(
    broken: tuple[str, ...], registry: Rooms, watch: Watch, disk: Disk
) -> None:
    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    good = path.read_bytes()
    path.write_bytes(good + b"What is this?\n")
    disk.broken = broken
    second = again(registry)
    found = second.get(room.code)
    assert "the disk refuses" in second.messages[-1]
    assert "not on the server's disk" in str(found.trouble)
    assert path.read_bytes() == good + b"What is this?\n"
    found.do("close")
    disk.broken = ()
    found.do("reveal")
    kept = [one.read_bytes() for one in path.parent.glob("*.rest-*")]
    assert kept == [b"What is this?\n"]
    assert state(again(second).get(room.code)) == state(found)


@pytest.mark.parametrize("broken", [("fsync",), ("fsync", "ftruncate")], ids=str)
def test_after_a_refused_flush_nothing_that_was_written_is_believed(
    broken: tuple[str, ...], registry: Rooms, watch: Watch, disk: Disk
) -> None:
    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    before = path.stat().st_ino
    room.do("close")
    assert path.stat().st_ino == before  # otherwise it is appended to
    disk.broken = broken
    room.do("reopen")
    keeper = path.open("rb")  # so that the number of the old file is not given again
    disk.broken = ()
    registry.tick()
    with keeper:
        assert path.stat().st_ino != before


def test_a_file_that_is_full_keeps_a_room_without_a_gap(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    room.do("clock", left=50.0, runs=False)
    monkeypatch.setattr(journal, "MOST_BYTES", path.stat().st_size + 60)
    kept = state(room)
    room.do("seal", seat="firm", moves=[])
    room.do("close")  # would fit, but not after what did not
    registry.tick()
    assert room.phase == "sealed"
    assert room.trouble is not None
    assert room.trouble.fields["value"] == "its file is full"
    assert str(room.trouble.fix).startswith("end the game")
    monkeypatch.undo()
    assert state(again(registry).get(room.code)) == kept


def test_every_event_is_flushed_before_it_is_told(
    registry: Rooms, watch: Watch, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = busy(registry, watch)
    order: list[str] = []
    real: Callable[[int], None] = os.fsync
    monkeypatch.setattr(
        disk, "fsync", lambda handle: (order.append("flush"), real(handle)), raising=False
    )
    monkeypatch.setattr(room, "_tell", lambda: order.append("tell"))
    room.do("close")
    assert order == ["flush", "tell"]


def test_a_journal_is_never_there_in_part(tmp_path: Path, disk: Disk) -> None:
    path, seen = tmp_path / "BCDFGH.jsonl", list[bool]()
    real = disk.write
    disk.write = lambda handle, data: (seen.append(path.exists()), real(handle, data))[1]  # type: ignore[method-assign]
    journal = Journal(path)
    journal.append({"form": 1})
    assert seen
    assert not any(seen)
