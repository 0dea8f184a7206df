"""The journal from which a restarted server takes a room up again, the registry and its limits, and the file of a one-screen game."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import registry as rooms_module
from coercivity.viz.classroom.rooms import room as room_module
from coercivity.viz.classroom.rooms.recovery import Memory, load_one_screen, one_screen
from coercivity.viz.classroom.rooms.registry import LIFE, Rooms
from coercivity.viz.classroom.rooms.tokens import digest
from tools.check.room_table import (
    BAN,
    TRUCE,
    Watch,
    again,
    filled,
    folder_of,
    journal_of,
    state,
    steps,
    to_talk,
)


def test_a_killed_server_takes_a_round_up_again(registry: Rooms, watch: Watch) -> None:
    room, tokens = filled(registry)
    room.do("predict", when="before", seat="firm", text="y", number=2027)
    to_talk(room)
    steps(room, "close reveal")
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    room.do("offer", by="exporter", deal={**TRUCE, "rounds": "1"})
    room.do("answer", by="exporter", offer=1, answer="accepted")
    watch.time += 100
    room.do("seal", seat="exporter", moves=[BAN])
    before = state(room)
    watch.time += 5000  # the server was away for long
    other = again(registry)
    found = other.get(room.code)
    after = state(found)
    assert json.loads(after)[1] == {
        "left": 260.0,
        "runs": False,
    }  # nobody loses the time of the restart
    assert json.loads(after)[0] == json.loads(before)[0]
    assert json.loads(after)[2:] == json.loads(before)[2:]
    assert all(found.who(token) == who for who, token in tokens.items())
    third = again(other)
    assert state(third.get(room.code)) == after
    third.get(room.code).do("clock", left=260.0, runs=True)
    third.get(room.code).do("close")


def test_the_journal_is_for_its_owner_only_and_holds_no_token(registry: Rooms) -> None:
    room, tokens = filled(registry)
    path = journal_of(registry, room)
    text = path.read_text()
    assert len(text.splitlines()) == 4
    assert not any(token in text for token in tokens.values())
    assert all(digest(token) in text for token in tokens.values())
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder_of(registry).stat().st_mode) == 0o700


def test_two_servers_do_not_share_a_folder(registry: Rooms) -> None:
    pytest.importorskip("fcntl")
    other = Rooms(registry.folder, registry.now)
    assert "another server uses the folder" in str(other.trouble)
    room, _ = other.make(new_game())
    assert "not kept on disk" in str(room.trouble)
    assert not list(folder_of(registry).glob("*.jsonl"))


def test_a_folder_that_cannot_be_used_is_told_to_the_facilitator(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made = Rooms(tmp_path / "file" / "rooms")
    room, _ = made.make(new_game())
    assert "cannot be used" in str(room.trouble)
    room.do("start")


def test_rooms_are_bounded_in_number_age_and_events(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms_module, "MOST_ROOMS", 2)
    first, _ = registry.make(new_game())
    registry.make(new_game())
    with pytest.raises(InputError, match="this server has 2 rooms and takes no more"):
        registry.make(new_game())
    watch.time += LIFE + 1
    room, _ = filled(registry)
    assert len(registry) == 1
    assert (folder_of(registry) / "old" / f"{first.code}.jsonl").exists()
    to_talk(room)
    monkeypatch.setattr(room_module, "MOST_EVENTS", room.events)
    with pytest.raises(InputError, match="is full"):
        room.do("close")


def test_a_full_room_lets_the_server_start(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = filled(registry)
    other, _ = filled(registry)
    to_talk(room)
    monkeypatch.setattr(room_module, "MOST_EVENTS", room.events + 3)
    for _ in range(3):
        room.do("clock", left=100.0, runs=True)
    with pytest.raises(InputError, match="is full"):
        room.do("clock", left=100.0, runs=True)
    for _ in range(2):  # and the time after that
        registry = again(registry)
        assert registry.messages == []
        assert registry.get(other.code).phase == "lobby"
        found = registry.get(room.code)
        assert (found.phase, found.clock.runs, found.events) == ("talk", False, room.events + 1)


def test_a_one_screen_game_goes_to_a_file_and_comes_back(watch: Watch) -> None:
    room = one_screen(new_game(5, ("exporter", "target"), length=2), "30", watch)
    room.do("predict", when="before", seat="target", text="w", number=2029)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN], paper=True)
    steps(room, "close reveal")
    to_talk(room)
    room.do("deal", deal=TRUCE)
    assert isinstance(room.journal, Memory)
    found = load_one_screen("game.json", room.journal.text(), watch)
    found.clock = room.clock
    assert state(found) == state(room)
    found.do("close")
    found.do("reveal")
    found.do("finish")
    from_game = load_one_screen("game.json", json.dumps(found.saved()), watch)
    assert (from_game.phase, from_game.saved()) == ("reveal", found.saved())
    assert isinstance(from_game.journal, Memory)
    assert load_one_screen("again", from_game.journal.text(), watch).saved() == found.saved()


def test_a_file_that_is_no_game_gets_one_line(watch: Watch) -> None:
    room = '{"form":1,"code":"","facilitator":""}\n'
    wrong: list[Any] = [
        "",
        None,
        7,
        "{",
        "[]",
        '{"form": 1}',
        "x" * 500_000,
        "PK",
        "- a: 1",
        room * 2,
    ]
    for text in wrong:
        with pytest.raises(InputError) as refused:
            load_one_screen("<b>file</b>.json", text, watch)
        assert "\n" not in str(refused.value)
