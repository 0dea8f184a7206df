"""How many rooms there may be, who may make them, when they are put away, and what the owner of the server can do about them."""

import json
import logging
import os
import threading
from pathlib import Path

import pytest
import typer.testing

from coercivity.cli import app
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import folder
from coercivity.viz.classroom.rooms import registry as rooms_module
from coercivity.viz.classroom.rooms.folder import drop, list_rooms, put_away
from coercivity.viz.classroom.rooms.registry import (
    EMPTY_LIFE,
    LIFE,
    MOST_A_MINUTE,
    MOST_OF_ONE,
    MOST_ROOMS,
    Rooms,
)
from tools.check.room_table import Watch, again, busy, filled, folder_of, journal_of


def made_by(registry: Rooms, by: str, tries: int) -> int:
    """How many rooms somebody gets who tries so often."""
    before = len(registry)
    for _ in range(tries):
        try:
            registry.make(new_game(), by=by)
        except InputError:
            continue
    return len(registry) - before


def test_one_visitor_leaves_room_for_others(registry: Rooms, watch: Watch) -> None:
    assert made_by(registry, "192.0.2.1", 60) == MOST_A_MINUTE
    told = "rooms made from your address: 4 in a minute are enough; wait a minute and try again"
    with pytest.raises(InputError, match=told):
        registry.make(new_game(), by="192.0.2.1")
    for _ in range(180):  # three hours, with a team in each
        watch.time += 60
        if made_by(registry, "192.0.2.1", 5):
            registry.join(list(registry._rooms)[-1], "firm", "x")
    assert len(registry) <= MOST_OF_ONE < MOST_ROOMS
    with pytest.raises(InputError, match="25 rooms that were made from your address"):
        registry.make(new_game(), by="192.0.2.1")
    assert made_by(registry, "192.0.2.2", 1) == 1


def test_a_room_that_nobody_joins_within_an_hour_is_put_away_and_named(
    registry: Rooms, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    empty, token = registry.make(new_game())
    joined, _ = registry.make(new_game())
    registry.join(joined.code, "firm", "Tokyo")
    on_paper, _ = registry.make(new_game())
    on_paper.do("start")
    watch.time += EMPTY_LIFE - 1
    registry.tick()
    assert len(registry) == 3
    seen = empty.watch(empty.version)
    watch.time += 2
    with caplog.at_level(logging.WARNING):
        registry.tick()
    message = f"room {empty.code} is put away as old/{empty.code}.jsonl: nobody has been in it for an hour"
    assert registry.messages == [message]
    assert message in caplog.text
    assert seen.done()
    assert "nobody has been in it for an hour" in str(empty.trouble)
    with pytest.raises(InputError, match="this room is closed and put away"):
        empty.do("start")
    assert empty.who(token) == "facilitator"
    with pytest.raises(InputError, match="is put away; ask the facilitator for the code of today"):
        registry.get(empty.code)
    assert {one.code for one in registry._rooms.values()} == {joined.code, on_paper.code}
    assert (folder_of(registry) / "old" / f"{empty.code}.jsonl").exists()


def test_age_is_that_of_the_last_event_and_not_of_the_file(registry: Rooms, watch: Watch) -> None:
    old, _ = busy(registry, watch)
    watch.time += LIFE / 2
    young, _ = busy(registry, watch)
    paths = {room.code: journal_of(registry, room) for room in (old, young)}
    watch.time += LIFE / 2 + 200
    os.utime(
        paths[old.code], (watch.time, watch.time)
    )  # a backup was played back: every file is of today
    os.utime(paths[young.code], (1e9, 1e9))
    second = again(registry)
    assert second.get(young.code).phase == "talk"
    assert second.messages == [
        f"room {old.code} is put away as old/{old.code}.jsonl: nothing has happened in it for 14 days"
    ]
    assert [one.name for one in (folder_of(registry) / "old").iterdir()] == [f"{old.code}.jsonl"]
    watch.time += LIFE + 1
    second.tick()
    assert len(second) == 0
    assert second.messages[1:] == [
        f"room {young.code} is put away as old/{young.code}.jsonl: nothing has happened in it for 14 days"
    ]


@pytest.mark.parametrize(
    "wrong", [0.0, 60.0, 1e9, 3e9], ids=["1970", "1970 and a minute", "2001", "2065"]
)
def test_a_wrong_clock_makes_no_room_old(registry: Rooms, watch: Watch, wrong: float) -> None:
    right, watch.time = watch.time, wrong
    room, _ = filled(registry)
    watch.time = right
    second = again(registry)
    assert second.messages == []
    watch.time += LIFE - 1
    second.tick()
    assert second.get(room.code).phase == "lobby"
    watch.time += 2
    second.tick()
    assert len(second) == 0


def test_rooms_never_used_are_deleted_first(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_OLD", 3)
    old, path = folder_of(registry) / "old", folder_of(registry) / "BCDFGH.jsonl"
    (old / "AAAAAA.jsonl").mkdir(parents=True)
    (old / "notes.txt").write_text("")
    for number, lines in enumerate((2, 1, 1, 2)):
        path.write_text("x\n" * lines)
        os.utime(path, (1e9 + number, 1e9 + number))
        new, deleted = put_away(path)
        assert new.name == ("BCDFGH.jsonl" if number == 0 else f"BCDFGH-{number + 1}.jsonl")
        assert deleted == ([] if number < 3 else ["BCDFGH-2.jsonl"])
    for _ in range(3):  # what was just put away is not deleted for the others
        path.write_text("x\n")
        assert put_away(path)[0].exists()
    assert {"AAAAAA.jsonl", "notes.txt"} < {one.name for one in old.iterdir()}


def call(folder: Path, *arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(
        app, ["rooms", *arguments], env={"COERCIVITY_ROOMS": str(folder), "COLUMNS": "200"}
    )


def test_the_owner_sees_rooms_of_a_server_that_runs_or_not(registry: Rooms, watch: Watch) -> None:
    room, tokens = busy(registry, watch)
    watch.time += 100
    other, _ = registry.make(new_game(length=6))
    before = {one.name: one.read_bytes() for one in folder_of(registry).iterdir()}
    running = call(folder_of(registry), "list", "--json")
    assert running.exit_code == 0
    told = json.loads(running.stdout)
    assert [one["code"] for one in told] == [other.code, room.code]
    assert {
        name: told[1][name] for name in ("round", "length", "seats", "taken", "events", "problem")
    } == {"round": 2, "length": 2, "seats": 3, "taken": 3, "events": 16, "problem": ""}
    assert not any(token in running.stdout for token in tokens.values())
    assert "Tokyo" not in running.stdout
    registry.close()
    assert call(folder_of(registry), "list", "--json").stdout == running.stdout
    table = call(folder_of(registry), "list").stdout
    assert all(word in table for word in (room.code, "2 of 2", "3 of 3", "teams talk and seal"))
    assert {one.name: one.read_bytes() for one in folder_of(registry).iterdir()} == before


def test_a_damaged_room_is_listed_with_what_is_wrong(registry: Rooms, watch: Watch) -> None:
    room, _ = busy(registry, watch)
    (folder_of(registry) / "BCDFGH.jsonl").write_text("nothing\n")
    with (journal_of(registry, room)).open("a") as stream:
        stream.write("half")
    told = {one.code: one for one in list_rooms(folder_of(registry))}
    assert told[room.code].problem == "line 18 was not finished"
    assert (told["BCDFGH"].events, "is not JSON" in told["BCDFGH"].problem) == (0, True)


def test_no_rooms_are_no_error_and_none_of_them_can_be_dropped(tmp_path: Path) -> None:
    assert call(tmp_path / "none", "list").stdout.startswith("There are no rooms in ")
    assert call(tmp_path / "none", "list", "--json").stdout == "[]\n"
    for code, message in (("BCDFGH", "room BCDFGH is not in"), ("../x", "is not a room's code")):
        refused = call(tmp_path, "drop", code)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
        assert message in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_a_dropped_room_is_put_away_at_once(registry: Rooms, watch: Watch) -> None:
    room, _ = busy(registry, watch)
    registry.close()
    done = call(folder_of(registry), "drop", room.code.lower())
    assert (done.exit_code, done.stdout.startswith(f"Room {room.code} is put away as ")) == (
        0,
        True,
    )
    assert (folder_of(registry) / "old" / f"{room.code}.jsonl").exists()
    assert len(again(registry)) == 0
    assert "is not in" in call(folder_of(registry), "drop", room.code).stderr


def test_a_running_server_drops_what_its_owner_wants_gone(registry: Rooms, watch: Watch) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    other, _ = busy(registry, watch)
    seen = room.watch(room.version)
    done = drop(folder_of(registry), room.code, sleep=lambda _: registry.tick())
    assert done.startswith(f"Room {room.code} is put away by the running server")
    assert seen.done()
    with pytest.raises(InputError, match="closed and put away: the owner of the server wants it"):
        room.do("close")
    registry.tick()
    assert (folder_of(registry) / "old" / f"{room.code}.jsonl").exists()
    assert {one.name for one in folder_of(registry).iterdir()} == {
        "lock",
        "old",
        f"{other.code}.jsonl",
    }
    assert set(registry._rooms) == {other.code}


def test_the_rooms_of_a_server_are_looked_after_without_anybody_asking(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COERCIVITY_ROOMS", str(tmp_path / "rooms"))
    monkeypatch.setattr(rooms_module, "_made", [])
    monkeypatch.setattr(rooms_module, "TICK", 0.01)
    registry = rooms_module.rooms()
    room, _ = busy(registry, watch)
    again_there, path = threading.Event(), tmp_path / "rooms" / f"{room.code}.jsonl"
    room_watch = room.watch(room.version)
    room_watch.add_done_callback(lambda _: again_there.set())
    path.unlink()
    assert again_there.wait(30)
    assert path.exists()
    registry.close()
