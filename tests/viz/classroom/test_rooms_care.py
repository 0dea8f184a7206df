"""Looking after many rooms: one that fails stops no other, a wish is kept until it is done, and a folder that is lost is left alone."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import folder, recovery
from coercivity.viz.classroom.rooms import registry as rooms_module
from coercivity.viz.classroom.rooms.folder import drop, listed, put_away
from coercivity.viz.classroom.rooms.journal import Journal
from coercivity.viz.classroom.rooms.registry import EMPTY_LIFE, LIFE, Rooms
from coercivity.viz.classroom.rooms.room import Room
from tests.viz.classroom.room_table import (
    Watch,
    again,
    busy,
    close_all,
    filled,
    open_registry,
    state,
)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(tmp_path: Path, watch: Watch) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", watch)
    close_all()


def folder_of(registry: Rooms) -> Path:
    assert registry.folder is not None
    return registry.folder


def failing(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> tuple[Room, Room]:
    """Two rooms, of which the first one fails whenever it is looked after."""
    bad, good = filled(registry)[0], filled(registry)[0]

    def fails(self: Room, real: Callable[[Room], None] = Room.settle) -> None:
        if self.code == bad.code:
            raise RuntimeError("nobody thought of this")
        real(self)

    monkeypatch.setattr(Room, "settle", fails)
    return bad, good


# ---------------------------------------------------------------- one room stops no other


def test_a_room_that_fails_at_a_tick_stops_no_other_and_is_logged_once(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = failing(registry, monkeypatch)
    path = folder_of(registry) / f"{good.code}.jsonl"
    path.unlink()
    wish = folder_of(registry) / f"{bad.code}.drop"
    with caplog.at_level(logging.ERROR):
        registry.tick()
        registry.tick()
    assert path.exists()  # the room after it is mended
    assert [one.getMessage() for one in caplog.records] == [
        f"looking after the rooms: room {bad.code}"
    ]
    assert registry.make(new_game())[0].phase == "lobby"
    wish.touch()
    registry.tick()
    assert not wish.exists()
    assert bad.gone


def test_a_room_that_fails_at_the_start_is_named_and_stays_on_the_disk(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = failing(registry, monkeypatch)
    second = again(registry)
    assert set(second._rooms) == {good.code}
    assert second.messages == [
        f"{bad.code}.jsonl: this room cannot be taken up (nobody thought of this) and stays where it is"
    ]
    assert (folder_of(second) / f"{bad.code}.jsonl").exists()


def test_a_journal_that_vanishes_while_rooms_are_listed_hides_no_other(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = sorted(busy(registry, watch)[0].code for _ in range(3))
    real = folder.recover

    def vanishes(path: Path) -> Any:
        found = real(path)
        if path.stem == codes[0]:
            path.unlink()  # between its reading and the look at its size
        return found

    monkeypatch.setattr(folder, "recover", vanishes)
    assert sorted(one.code for one in listed(folder_of(registry))) == codes[1:]


def test_a_journal_that_is_read_in_an_unforeseen_way_is_listed_as_what_it_is(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = busy(registry, watch)

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(recovery, "_replay", fails)
    (told,) = listed(folder_of(registry))
    assert told.problem == f"{room.code}.jsonl: it cannot be read (ZeroDivisionError); see the log"


# ---------------------------------------------------------------- what the owner wants


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no journal be put away."""

    def refused(path: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(rooms_module, "put_away", refused)


def test_a_wish_is_kept_until_the_journal_is_away_and_the_owner_is_told(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    folder = folder_of(registry)
    with monkeypatch.context() as broken:
        refuse(broken)
        with pytest.raises(InputError, match=r"cannot put its journal away \(Permission denied\)"):
            drop(folder, room.code, sleep=lambda _: registry.tick())
        registry.tick()
        assert registry.messages == [
            f"room {room.code} is closed: the owner of the server wants it; its journal cannot be put away (Permission denied) and stays where it is"
        ]
        assert room.gone
        registry = again(registry)
        assert len(registry) == 0  # the wish is older than the start
    registry.tick()
    assert (folder / "old" / f"{room.code}.jsonl").exists()
    assert {one.name for one in folder.iterdir()} == {"lock", "old"}


def test_what_was_said_to_an_older_wish_is_not_taken_for_an_answer(
    registry: Rooms, watch: Watch
) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    (folder_of(registry) / f"{room.code}.drop").write_text("Permission denied")
    done = drop(folder_of(registry), room.code, sleep=lambda _: registry.tick())
    assert done.startswith(f"Room {room.code} is put away by the running server")


def test_a_wish_that_cannot_be_taken_away_says_so_once(
    registry: Rooms, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    room, _ = busy(registry, watch)
    (folder_of(registry) / f"{room.code}.drop").mkdir()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            registry.tick()
    assert registry.messages == [
        f"room {room.code} is put away as old/{room.code}.jsonl: the owner of the server wants it"
    ]
    assert len(caplog.records) == 2


# ---------------------------------------------------------------- old/


def test_a_folder_in_old_and_what_is_no_journal_are_left_alone(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_OLD", 2)
    old = folder_of(registry) / "old"
    (old / "AAAAAA.jsonl").mkdir(parents=True)
    (old / "notes.txt").write_text("")
    for number, code in enumerate(("BCDFGH", "CDFGHJ", "DFGHJK")):
        path = folder_of(registry) / f"{code}.jsonl"
        path.write_text("x\nx\n")
        os.utime(path, (1e9 + number, 1e9 + number))
        assert put_away(path) == (old / path.name, ["BCDFGH.jsonl"] if number == 2 else [])
    assert {one.name for one in old.iterdir()} == {
        "AAAAAA.jsonl",
        "notes.txt",
        "CDFGHJ.jsonl",
        "DFGHJK.jsonl",
    }


def test_what_was_just_put_away_is_not_deleted_for_the_others(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_OLD", 2)
    for number, (code, lines) in enumerate((("BCDFGH", 2), ("CDFGHJ", 2), ("DFGHJK", 1))):
        path = folder_of(registry) / f"{code}.jsonl"
        path.write_text("x\n" * lines)
        os.utime(path, (1e9 + number, 1e9 + number))
        new, deleted = put_away(path)
        assert new.exists()
    assert deleted == ["BCDFGH.jsonl"]


def test_a_journal_that_cannot_be_deleted_is_logged_and_the_room_is_put_away(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(folder, "MOST_OLD", 1)
    first, second = (folder_of(registry) / f"{code}.jsonl" for code in ("BCDFGH", "CDFGHJ"))
    first.write_text("x\n")
    second.write_text("x\n")
    put_away(first)

    def refused(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    with caplog.at_level(logging.WARNING):
        new, deleted = put_away(second)
    monkeypatch.undo()
    assert (new.exists(), deleted) == (True, [])
    assert "cannot be deleted" in caplog.text


# ---------------------------------------------------------------- the lock


def test_a_server_that_has_lost_its_folder_writes_nothing_there_any_more(
    registry: Rooms, watch: Watch
) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    folder = folder_of(registry)
    path = folder / f"{room.code}.jsonl"
    (folder / "lock").unlink()
    other = open_registry(folder, watch)
    assert other.trouble is None
    other.get(room.code).do("close")
    before, seen = path.read_bytes(), room.watch(room.version)
    registry.tick()  # which would find the journal changed, and write its own over it
    assert path.read_bytes() == before
    assert seen.done()
    assert "another server has taken over the folder" in registry.messages[-1]
    assert "another server has taken over the folder" in str(room.trouble)
    room.do("unseal", seat="exporter")  # the class plays on
    registry.tick()
    assert path.read_bytes() == before
    assert "another server has taken over the folder" in str(room.trouble)
    fresh, _ = registry.make(new_game())
    assert "not kept on disk" in str(fresh.trouble)
    assert [one.name for one in folder.glob("*.jsonl*")] == [path.name]
    assert len(registry.messages) == 1
    found = state(other.get(room.code))
    assert state(again(other).get(room.code)) == found


# ---------------------------------------------------------------- when a room is empty


def test_a_room_is_not_empty_while_its_facilitator_has_a_page_open(
    registry: Rooms, watch: Watch
) -> None:
    room, _ = registry.make(new_game())
    room.enter("facilitator")
    room.enter("facilitator")
    watch.time += 5 * EMPTY_LIFE
    room.leave("facilitator")
    registry.tick()
    assert registry.get(room.code) is room
    watch.time += 5 * EMPTY_LIFE
    room.leave("facilitator")
    watch.time += EMPTY_LIFE - 1
    registry.tick()
    assert registry.get(room.code) is room
    watch.time += 2
    registry.tick()
    assert "nobody has been in it for an hour" in str(room.gone)


def test_an_open_page_keeps_no_room_for_longer_than_its_life(registry: Rooms, watch: Watch) -> None:
    room, _ = registry.make(new_game())
    room.enter("facilitator")
    watch.time += LIFE + 1
    registry.tick()
    assert "14 days" in str(room.gone)


def test_after_a_restart_whoever_was_there_has_an_hour_to_come_back(
    registry: Rooms, watch: Watch
) -> None:
    room, _ = registry.make(new_game())
    room.enter("facilitator")
    watch.time += 2 * EMPTY_LIFE
    second = again(registry)
    second.get(room.code).enter("facilitator")
    watch.time += EMPTY_LIFE + 1
    second.tick()
    assert second.get(room.code).phase == "lobby"
    third = again(second)
    watch.time += EMPTY_LIFE + 1
    third.tick()
    assert len(third) == 0


# ---------------------------------------------------------------- making


def test_a_slow_disk_under_a_new_room_holds_up_nobody_else(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, _ = busy(registry, watch)
    begun, go_on = threading.Event(), threading.Event()
    real = Journal.append

    def slow(self: Journal, event: Any) -> str:
        begun.set()
        assert go_on.wait(30)
        return real(self, event)

    monkeypatch.setattr(Journal, "append", slow)
    making = threading.Thread(target=registry.make, args=(new_game(),))
    making.start()
    try:
        assert begun.wait(30)
        free = registry._lock.acquire(timeout=0)
        if free:
            registry._lock.release()
        assert free
        assert registry.get(there.code) is there
        assert len(registry) == 2  # its code is taken already
    finally:
        go_on.set()
        making.join()
    assert len(list(folder_of(registry).glob("*.jsonl"))) == 2


def test_a_room_that_cannot_be_begun_takes_no_place(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(Room, "keep_in", fails)
    with pytest.raises(RuntimeError):
        registry.make(new_game(), by="192.0.2.1")
    assert (len(registry), registry._makers) == (0, {})


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/coercivity/rooms"),
        ("win32", {}, "/me/AppData/Local/coercivity/rooms"),
        ("darwin", {}, "/me/Library/Application Support/coercivity/rooms"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/coercivity/rooms"),
        ("linux", {}, "/me/.local/share/coercivity/rooms"),
        ("win32", {"LOCALAPPDATA": "/local", folder.FOLDER: "/chosen"}, "/chosen"),
    ],
)
def test_journals_are_in_the_users_own_place(
    system: str, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(Path, "home", lambda: Path("/me"))
    for name in (folder.FOLDER, "LOCALAPPDATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert folder.rooms_folder() == Path(expected)
