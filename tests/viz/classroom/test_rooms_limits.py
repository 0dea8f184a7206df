"""How many rooms there may be, who may make them, when they are put away, and what the owner of the server can do about them."""

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.testing

from coercivity.cli import app
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import folder
from coercivity.viz.classroom.rooms import registry as rooms_module
from coercivity.viz.classroom.rooms.folder import drop, listed, put_away
from coercivity.viz.classroom.rooms.registry import (
    EMPTY_LIFE,
    LIFE,
    MOST_A_MINUTE,
    MOST_OF_ONE,
    MOST_ROOMS,
    Rooms,
)
from coercivity.viz.classroom.rooms.state import Steady
from tests.viz.classroom.room_table import Watch, again, busy, close_all, filled, open_registry


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(tmp_path: Path, watch: Watch) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", watch)
    close_all()


def made_by(registry: Rooms, by: str, tries: int) -> int:
    """How many rooms somebody gets who tries so often."""
    before = len(registry)
    for _ in range(tries):
        try:
            registry.make(new_game(), by=by)
        except InputError:
            continue
    return len(registry) - before


# ---------------------------------------------------------------- making


def test_one_visitor_who_makes_rooms_all_the_time_leaves_room_for_others(
    registry: Rooms, watch: Watch
) -> None:
    """Version 0.4.0: one visitor makes 50 rooms in nine seconds, and nobody can make another for two weeks."""
    assert made_by(registry, "192.0.2.1", 60) == MOST_A_MINUTE
    with pytest.raises(
        InputError,
        match=r"rooms made from your address: 4 in a minute are enough; wait a minute and try again",
    ):
        registry.make(new_game(), by="192.0.2.1")
    assert made_by(registry, "192.0.2.2", 1) == 1
    for _ in range(300):  # five hours
        watch.time += 60
        made_by(registry, "192.0.2.1", 5)
        assert len(registry) <= MOST_OF_ONE + 1
    assert made_by(registry, "192.0.2.2", 1) == 1


def test_not_even_with_teams_in_all_its_rooms_can_one_address_take_all(
    registry: Rooms, watch: Watch
) -> None:
    for _ in range(300):
        watch.time += 60
        if made_by(registry, "192.0.2.1", 1):
            registry.join(list(registry._rooms)[-1], "firm", "x")
    assert len(registry) == MOST_OF_ONE < MOST_ROOMS
    with pytest.raises(InputError, match="25 rooms that were made from your address"):
        registry.make(new_game(), by="192.0.2.1")
    room, _ = registry.make(new_game(), by="192.0.2.2")
    registry.tick()
    assert registry.get(room.code) is room


def test_a_class_with_its_teachers_behind_one_address_is_not_held_up(
    registry: Rooms, watch: Watch
) -> None:
    for _ in range(10):
        assert made_by(registry, "192.0.2.1", 2) == 2
        watch.time += 60


def test_a_full_server_says_so(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms_module, "MOST_ROOMS", 2)
    made_by(registry, "", 2)
    with pytest.raises(InputError, match="this server has 2 rooms and takes no more"):
        registry.make(new_game())


# ---------------------------------------------------------------- put away


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
    assert registry.folder is not None
    assert (registry.folder / "old" / f"{empty.code}.jsonl").exists()


def test_age_is_that_of_the_last_event_and_not_of_the_file(registry: Rooms, watch: Watch) -> None:
    old, _ = busy(registry, watch)
    watch.time += LIFE / 2
    young, _ = busy(registry, watch)
    assert registry.folder is not None
    paths = {room.code: registry.folder / f"{room.code}.jsonl" for room in (old, young)}
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
    assert [one.name for one in (registry.folder / "old").iterdir()] == [f"{old.code}.jsonl"]
    watch.time += LIFE + 1
    second.tick()
    assert len(second) == 0
    assert second.messages[1:] == [
        f"room {young.code} is put away as old/{young.code}.jsonl: nothing has happened in it for 14 days"
    ]


def test_a_clock_that_jumps_makes_no_room_old() -> None:
    paces = iter((100.0, 107.5))
    steady = Steady(pace=lambda: next(paces), day=2e9)  # the time of day is asked for once
    assert steady() == 2e9 + 7.5


@pytest.mark.parametrize(
    "wrong", [0.0, 60.0, 1e9, 3e9], ids=["1970", "1970 and a minute", "2001", "2065"]
)
def test_a_room_made_by_a_wrong_clock_counts_from_the_start_at_which_it_is_right(
    registry: Rooms, watch: Watch, wrong: float
) -> None:
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


def test_rooms_put_away_lie_over_no_others_and_those_never_used_are_deleted_first(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_OLD", 3)
    assert registry.folder is not None
    for number, lines in enumerate((2, 1, 1, 2)):
        path = registry.folder / "BCDFGH.jsonl"
        path.write_text("x\n" * lines)
        os.utime(path, (1e9 + number, 1e9 + number))
        new, deleted = put_away(path)
        assert new.name == ("BCDFGH.jsonl" if number == 0 else f"BCDFGH-{number + 1}.jsonl")
        assert deleted == ([] if number < 3 else ["BCDFGH-2.jsonl"])


def test_of_too_many_journals_the_newest_rooms_are_taken_up(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for _ in range(4):
        watch.time += 10
        made.append(filled(registry)[0].code)
    monkeypatch.setattr(rooms_module, "MOST_ROOMS", 3)
    second = again(registry)
    assert set(second._rooms) == set(made[1:])
    assert second.messages == [f"{made[0]}.jsonl: more than 3 rooms; this one stays on the disk"]


# ---------------------------------------------------------------- the owner


def call(folder: Path, *arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(
        app, ["rooms", *arguments], env={"COERCIVITY_ROOMS": str(folder), "COLUMNS": "200"}
    )


def test_the_owner_sees_the_rooms_while_a_server_runs_and_when_none_does(
    registry: Rooms, watch: Watch
) -> None:
    room, tokens = busy(registry, watch)
    watch.time += 100
    other, _ = registry.make(new_game(length=6))
    assert registry.folder is not None
    before = {one.name: one.read_bytes() for one in registry.folder.iterdir()}
    running = call(registry.folder, "list", "--json")
    assert running.exit_code == 0
    told = json.loads(running.stdout)
    assert [one["code"] for one in told] == [other.code, room.code]
    assert {
        name: told[1][name] for name in ("round", "length", "seats", "taken", "events", "problem")
    } == {"round": 2, "length": 2, "seats": 3, "taken": 3, "events": 16, "problem": ""}
    assert not any(token in running.stdout for token in tokens.values())
    assert "Tokyo" not in running.stdout
    registry.close()
    assert call(registry.folder, "list", "--json").stdout == running.stdout
    table = call(registry.folder, "list").stdout
    assert all(word in table for word in (room.code, "2 of 2", "3 of 3", "teams talk and seal"))
    assert {one.name: one.read_bytes() for one in registry.folder.iterdir()} == before


def test_a_damaged_room_is_listed_with_what_is_wrong(registry: Rooms, watch: Watch) -> None:
    room, _ = busy(registry, watch)
    assert registry.folder is not None
    (registry.folder / "BCDFGH.jsonl").write_text("nothing\n")
    with (registry.folder / f"{room.code}.jsonl").open("a") as stream:
        stream.write("half")
    told = {one.code: one for one in listed(registry.folder)}
    assert told[room.code].problem == "line 18 was not finished"
    assert (told["BCDFGH"].events, "is not JSON" in told["BCDFGH"].problem) == (0, True)


def test_no_rooms_are_no_error(tmp_path: Path) -> None:
    assert call(tmp_path / "none", "list").stdout.startswith("There are no rooms in ")
    assert call(tmp_path / "none", "list", "--json").stdout == "[]\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("BCDFGH", "room BCDFGH is not in"),
        ("12", "code '12' is not a room's code"),
        ("../x", "is not a room's code"),
    ],
)
def test_a_room_that_is_not_there_cannot_be_dropped(
    tmp_path: Path, code: str, message: str
) -> None:
    refused = call(tmp_path, "drop", code)
    assert refused.exit_code == 2
    assert message in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_a_dropped_room_is_put_away_at_once(registry: Rooms, watch: Watch) -> None:
    room, _ = busy(registry, watch)
    assert registry.folder is not None
    registry.close()
    done = call(registry.folder, "drop", room.code.lower())
    assert (done.exit_code, done.stdout.startswith(f"Room {room.code} is put away as ")) == (
        0,
        True,
    )
    assert (registry.folder / "old" / f"{room.code}.jsonl").exists()
    assert len(again(registry)) == 0
    assert "is not in" in call(registry.folder, "drop", room.code).stderr


def test_a_running_server_drops_a_room_that_its_owner_wants_gone(
    registry: Rooms, watch: Watch
) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    other, _ = busy(registry, watch)
    assert registry.folder is not None
    seen = room.watch(room.version)
    done = drop(registry.folder, room.code, sleep=lambda _: registry.tick())
    assert done.startswith(f"Room {room.code} is put away by the running server")
    assert seen.done()
    with pytest.raises(InputError, match="closed and put away: the owner of the server wants it"):
        room.do("close")
    registry.tick()
    assert (registry.folder / "old" / f"{room.code}.jsonl").exists()
    assert {one.name for one in registry.folder.iterdir()} == {"lock", "old", f"{other.code}.jsonl"}
    assert set(registry._rooms) == {other.code}


def test_a_server_that_does_not_answer_drops_the_room_when_it_is_started_again(
    registry: Rooms, watch: Watch
) -> None:
    pytest.importorskip("fcntl")
    room, _ = busy(registry, watch)
    assert registry.folder is not None
    assert "does not answer" in drop(registry.folder, room.code, sleep=lambda _: None)
    assert len(again(registry)) == 0
    assert (registry.folder / "old" / f"{room.code}.jsonl").exists()


def test_the_lock_holds_although_somebody_clears_the_folder(registry: Rooms, watch: Watch) -> None:
    pytest.importorskip("fcntl")
    busy(registry, watch)
    assert registry.folder is not None
    (registry.folder / "lock").unlink()
    registry.tick()
    assert "another server uses the folder" in str(Rooms(registry.folder, watch).trouble)


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


def test_a_steady_clock_starts_at_the_time_of_day() -> None:
    assert abs(Steady()() - time.time()) < 60
