"""What befalls a journal (tools/fuzz/journals.py lists it): what survives, what is said, and that nothing is thrown away."""

from pathlib import Path

import pytest

from coercivity.viz.classroom.rooms.event_rules import RULES
from coercivity.viz.classroom.rooms.recovery import recover
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tools.check.room_table import Watch, again, busy, folder_of, journal_of, state
from tools.fuzz.journals import AT_REST, LINES, RUNNING, Damage, trial


@pytest.mark.parametrize("damage", AT_REST, ids=lambda one: one.kind)
def test_the_room_before_the_damage_is_there(damage: Damage, tmp_path: Path) -> None:
    out = trial(damage, tmp_path / "rooms")
    assert out.survived == damage.left
    assert out.same
    assert not out.lost
    assert len(out.said) <= 1
    assert all("\n" not in line and len(line) < 400 for line in out.said)
    if damage.left == 0:
        assert ".damaged-1" in out.said[0]
    elif (
        "end of" not in damage.kind
    ):  # nobody can see that whole lines are missing at the end, and a lost line end loses nothing
        assert ("nothing followed" if damage.blank else "rest-1") in out.said[0]


@pytest.mark.parametrize("damage", RUNNING, ids=lambda one: one.kind)
def test_what_befalls_the_journal_of_a_running_server_is_mended_and_the_facilitator_is_told(
    damage: Damage, registry: Rooms, watch: Watch, tmp_path: Path
) -> None:
    out = trial(damage, tmp_path / "at the next event")
    assert (out.survived, out.same, out.lost) == (LINES + 1, True, 0)
    room, _ = busy(registry, watch)  # and at a tick
    before, seen = state(room), room.watch(room.version)
    path = journal_of(registry, room)
    whole = path.read_bytes()
    damage.befall(path)
    registry.tick()
    assert path.read_bytes() == whole
    assert seen.done() == bool(room.trouble) == (damage.kind != "replaced by a copy")
    assert state(room) == before
    trouble = room.trouble
    registry.tick()
    assert (room.trouble, path.read_bytes()) == (trouble, whole)  # once is enough
    assert len(list(folder_of(registry).glob("*.rest-*"))) <= 1


def test_a_room_goes_on_and_its_facilitator_is_told(registry: Rooms, watch: Watch) -> None:
    room, tokens = busy(registry, watch)
    path = journal_of(registry, room)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:9], lines[9][:30], *lines[10:]]))
    second = again(registry)
    found = second.get(room.code)
    assert "the file of this room was damaged" in str(found.trouble)
    assert f"{path.name}.rest-1" in str(found.trouble)
    assert all(found.who(token) == who for who, token in tokens.items())
    found.do(
        "close" if found.phase == "talk" else "clock",
        **({} if found.phase == "talk" else {"left": 5.0, "runs": False}),
    )
    third = again(second)
    assert third.messages == []
    assert state(third.get(room.code)) == state(found)
    path.write_bytes(
        path.read_bytes() + b"more\n"
    )  # damaged once more: the first rest is not written over
    kept = path.with_name(path.name + ".rest-1").read_bytes()
    again(third)
    assert path.with_name(path.name + ".rest-1").read_bytes() == kept
    assert path.with_name(path.name + ".rest-2").read_bytes() == b"more\n"


def test_a_journal_that_cannot_be_read_now_stays_where_it_is(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    before = path.read_bytes()
    real = Path.open

    def refused(self: Path, *args: object, **kwargs: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    second = again(registry)
    assert second.messages == [
        f"{path.name} cannot be read (Permission denied) and stays where it is"
    ]
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert again(second).get(room.code).phase == "talk"


def test_a_journal_of_version_0_4_0_goes_on_with_sums(registry: Rooms, watch: Watch) -> None:
    from tools.fuzz.journals import _plain

    room, _ = busy(registry, watch)
    path = journal_of(registry, room)
    plain = b"".join(_plain(path.read_bytes().splitlines(keepends=True)))
    path.write_bytes(plain)
    second = again(registry)
    assert second.messages == []
    second.get(room.code).do("close")
    written = path.read_bytes()
    assert written.startswith(plain)
    assert recover(path).problem is None
    path.write_bytes(
        written.replace(b"Tokyo", b"Kyoto")
    )  # an old line that is changed does not fit the sums of the new ones
    assert "check sum" in str(recover(path).problem)


def test_an_event_that_fails_half_way_leaves_no_trace(
    registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = busy(registry, watch)

    def half(room: Room, event: object, at: float) -> None:
        room.peeks, room.sheets = True, {}
        raise KeyError("half way")

    monkeypatch.setitem(RULES, "peek", half)
    second = again(registry)
    found = second.get(room.code)
    assert (found.peeks, list(found.sheets)) == (False, ["exporter"])
    assert (
        "line 17: this event cannot be replayed (KeyError); the room goes on with the 16 lines before"
        in second.messages[0]
    )
