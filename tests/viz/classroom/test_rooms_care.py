"""Looking after many rooms: one that fails stops no other, a wish is kept until it is done, and a folder that is lost is left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import folder
from coercivity.viz.classroom.rooms import registry as rooms_module
from coercivity.viz.classroom.rooms.folder import drop
from coercivity.viz.classroom.rooms.registry import EMPTY_LIFE, Rooms
from coercivity.viz.classroom.rooms.room import Room
from tools.check.room_table import (
    Watch,
    again,
    busy,
    filled,
    folder_of,
    journal_of,
    open_registry,
    state,
)


def test_a_room_that_fails_at_a_tick_stops_no_other_and_is_logged_once(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = filled(registry)[0], filled(registry)[0]

    def fails(self: Room, real: Callable[[Room], None] = Room.settle) -> None:
        if self.code == bad.code:
            raise RuntimeError("nobody thought of this")
        real(self)

    monkeypatch.setattr(Room, "settle", fails)
    path = journal_of(registry, good)
    path.unlink()
    with caplog.at_level(logging.ERROR):
        registry.tick()
        registry.tick()
    assert path.exists()  # the room after it is mended
    assert [one.getMessage() for one in caplog.records] == [
        f"looking after the rooms: room {bad.code}"
    ]
    assert registry.make(new_game())[0].phase == "lobby"
    second = again(registry)
    assert good.code in second._rooms
    assert bad.code not in second._rooms
    assert second.messages == [
        f"{bad.code}.jsonl: this room cannot be taken up (nobody thought of this) and stays where it is"
    ]
    assert journal_of(second, bad).exists()


def test_a_wish_is_kept_until_the_journal_is_away_and_the_owner_is_told(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    folder = folder_of(registry)
    with monkeypatch.context() as broken:
        refused = PermissionError(13, "Permission denied")
        broken.setattr(rooms_module, "put_away", Mock(side_effect=refused))
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


def test_a_server_that_lost_its_folder_writes_no_more(registry: Rooms, watch: Watch) -> None:
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


def test_a_room_is_not_empty_while_it_is_led(registry: Rooms, watch: Watch) -> None:
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


def test_a_room_not_begun_takes_no_place(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room, "keep_in", Mock(side_effect=RuntimeError("nobody thought of this")))
    with pytest.raises(RuntimeError):
        registry.make(new_game(), by="192.0.2.1")
    assert (len(registry), registry._makers) == (0, {})


def test_journals_are_in_the_users_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/me"))
    names = (folder.FOLDER, "LOCALAPPDATA", "XDG_DATA_HOME")
    for system, name, value, expected in (
        ("win32", "LOCALAPPDATA", "/local", "/local/coercivity/rooms"),
        ("win32", "", "", "/me/AppData/Local/coercivity/rooms"),
        ("darwin", "", "", "/me/Library/Application Support/coercivity/rooms"),
        ("linux", "XDG_DATA_HOME", "/data", "/data/coercivity/rooms"),
        ("linux", "", "", "/me/.local/share/coercivity/rooms"),
        ("win32", folder.FOLDER, "/chosen", "/chosen"),
    ):
        monkeypatch.setattr("sys.platform", system)
        for one in names:
            monkeypatch.delenv(one, raising=False)
        if name:
            monkeypatch.setenv(name, value)
        assert folder.rooms_folder() == Path(expected)
