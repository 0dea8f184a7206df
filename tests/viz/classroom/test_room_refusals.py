"""What a room refuses, each with what to do instead, and what its registry says of rooms that it puts away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.rooms import event_rules, folder, proposals
from coercivity.viz.classroom.rooms import registry as registry_module
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.recovery import load_one_screen, one_screen, recover
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tools.check.room_table import (
    TRUCE,
    Watch,
    again,
    crowd,
    filled,
    folder_of,
    journal_of,
    to_talk,
)

STORE = {"card": "stock", "who_holds": "firms", "cover": "3"}
WHO = (("target", "Tokyo"), ("target", "Ann"), ("exporter", "Beijing"), ("press", "Jo"))
Refused = Callable[[Room, dict[str, int]], Any]
REFUSED: dict[str, Refused] = {
    "nobody is known by this page; reload the page": lambda room, who: room.do(
        "join", seat="firm", name="Late", token="short"
    ),
    "'Jo' is in no team, and needs no captain; look at the page again": lambda room, who: room.do(
        "captain", person=who["Jo"]
    ),
    "seat 'firm' is free already; look at the page again": lambda room, who: room.do(
        "free", seat="firm"
    ),
    "this offer is on the table already; wait for the answer, or withdraw it": lambda room, who: (
        room.do("offer", by="target", person=who["Tokyo"], deal=TRUCE)
    ),
    "1 proposals are enough; vote on those": lambda room, who: room.do(
        "propose", person=who["Tokyo"], move={"card": "dispute"}
    ),
}


@pytest.mark.parametrize(("words", "act"), REFUSED.items(), ids=list(REFUSED))
def test_what_does_not_fit_is_refused_and_changes_nothing(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch, words: str, act: Refused
) -> None:
    room, who, _ = crowd(registry, *WHO)
    to_talk(room)
    room.do("offer", by="target", person=who["Tokyo"], deal=TRUCE)
    room.do("propose", person=who["Ann"], move=STORE)
    monkeypatch.setattr(proposals, "MOST_PROPOSALS", 1)
    before = room.saved()
    with pytest.raises(InputError) as refused:
        act(room, who)
    assert str(refused.value) == words
    assert room.saved() == before


def test_offers_of_a_round_have_an_end(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    room, who, _ = crowd(registry, *WHO)
    to_talk(room)
    monkeypatch.setattr(event_rules, "MOST_OFFERS", 1)
    room.do("offer", by="target", person=who["Tokyo"], deal=TRUCE)
    with pytest.raises(InputError, match="1 offers in one round are enough; wait for the next"):
        room.do("offer", by="target", person=who["Tokyo"], deal={**TRUCE, "rounds": "4"})


def test_a_saved_game_whose_line_does_not_fit_is_refused_by_its_number(
    watch: Watch,
) -> None:
    journal: Any = one_screen(new_game(3, ("target",)), "", watch).journal
    lines = journal.text().splitlines()
    for text, words in (("\n".join(lines[:1] * 2), "line 2"), ("\n \n", "the file is empty")):
        with pytest.raises(InputError, match=words):
            load_one_screen("saved.jsonl", text, watch)


def test_what_is_no_file_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "ABCDE.jsonl").mkdir()
    with pytest.raises(InputError, match=r"^ABCDE\.jsonl: this is no file"):
        recover(tmp_path / "ABCDE.jsonl")


def test_who_tried_longest_ago_is_forgotten_first() -> None:
    brake = Brake(1, 60.0, lambda: 0.0, keys=2)
    for key in ("a", "b", "c"):
        brake.ask(key)
    assert len(brake) == 2
    brake.check("a")  # forgotten: may try again
    with pytest.raises(InputError, match="1 in a minute"):
        brake.check("c")


def test_a_code_that_is_taken_is_drawn_again(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["ABCDE", "ABCDE", "FGHJK"])
    monkeypatch.setattr(registry_module, "new_code", lambda: next(codes))
    made = [registry.make(new_game(3, ("target",)))[0].code for _ in range(2)]
    assert made == ["ABCDE", "FGHJK"]


def test_a_registry_knows_whether_a_class_is_at_it(registry: Rooms) -> None:
    room, _ = filled(registry)
    assert not registry.in_use()
    room.enter("target", 2)
    assert registry.in_use()


def test_more_rooms_than_a_server_holds_stay_on_the_disk(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        filled(registry)
    monkeypatch.setattr(registry_module, "MOST_ROOMS", 1)
    later = again(registry)
    (message,) = later.messages
    assert message.endswith(".jsonl: more than 1 rooms; this one stays on the disk")
    assert len(later) == 1
    assert len(list(folder_of(later).glob("*.jsonl"))) == 2


def test_a_room_put_away_is_told_with_what_became_of_its_journal(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_OLD", 1)
    rooms = [filled(registry)[0] for _ in range(3)]
    gone = rooms[0]
    alone = Rooms(None, watch)
    memory, _ = filled(alone)
    watch.time += 400 * 86_400.0
    journal_of(registry, gone).unlink()
    for one in (registry, alone):
        one.tick()
    told = "\n".join(registry.messages)
    assert f"room {gone.code} is put away: " in told
    assert told.count("is put away as old/") == 2
    assert "the oldest rooms put away are deleted: " in told
    assert [room for room in rooms if room.code in {one.code for one in registry.every()}] == []
    assert any(f"room {memory.code} is put away: " in line for line in alone.messages)
    assert len(list((folder_of(registry) / "old").glob("*.jsonl"))) == 1
