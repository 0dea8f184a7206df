"""Finding rooms by trying: the brake holds by address, lets a class in at once, and keeps nobody out of a seat that he has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.rooms import codes
from coercivity.viz.classroom.rooms.brake import Brake
from coercivity.viz.classroom.rooms.registry import Rooms
from tests.viz.classroom.room_table import Watch, close_all, filled, open_registry


class Doorstep:
    """A registry, a clock, and who stands before it."""

    def __init__(self, registry: Rooms, watch: Watch) -> None:
        self.registry, self.watch, self.who = registry, watch, "10.0.0.1"

    def tells(self, code: object) -> str:
        """What looking for a code says."""
        try:
            return codes.room_of(code).code
        except InputError as error:
            return str(error)


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doorstep]:
    watch = Watch()
    one = Doorstep(open_registry(tmp_path / "rooms", watch), watch)
    monkeypatch.setattr(
        codes,
        "WRONG",
        (Brake(30, 60.0, watch, what="wrong codes"), Brake(200, 3600.0, watch, what="wrong codes")),
    )
    monkeypatch.setattr(codes, "rooms", lambda: one.registry)
    monkeypatch.setattr(codes, "visitor", lambda: one.who)
    yield one
    close_all()


def wrong(number: int) -> str:
    """A code that nobody has: rooms of this test begin with another letter."""
    letters = "CDFGHJKMNPRTWXZ"
    return "B" + "".join(letters[number // 15**k % 15] for k in range(5))


def test_thirty_wrong_codes_a_minute_are_heard_and_no_more_whatever_is_tried(
    step: Doorstep,
) -> None:
    answers = [step.tells(wrong(k)) for k in range(500)]
    assert sum("there is no room" in one for one in answers) == 30
    assert all("wait" in one for one in answers[30:])
    step.watch.time += 61.0
    assert "there is no room" in step.tells(wrong(501))
    step.who = "10.0.0.2"
    assert "there is no room" in step.tells(wrong(502))


def test_and_two_hundred_an_hour(step: Doorstep) -> None:
    heard = 0
    for minute in range(30):
        heard += sum("there is no room" in step.tells(wrong(40 * minute + k)) for k in range(40))
        step.watch.time += 61.0
    assert heard == 200


def test_a_class_of_forty_behind_one_address_finds_its_room_at_once(step: Doorstep) -> None:
    room, _ = filled(step.registry)
    for pupil in range(40):
        if pupil % 2:
            step.tells(wrong(pupil))  # half of them mistype once
        assert step.tells(room.code.lower()) == room.code
    for text in ("", "ABC", None, "AEIOU1"):  # what is no code is told so, and counts for nothing
        assert all("is not a room's code" in step.tells(text) for _ in range(40))
    assert step.tells(room.code) == room.code


def test_wrong_tokens_are_braked_and_a_right_one_never(step: Doorstep) -> None:
    room, tokens = filled(step.registry)
    told = []
    for k in range(100):
        with pytest.raises(InputError) as refused:
            codes.seat_of(room.code if k % 2 else wrong(k), f"{k:032d}")
        told.append(str(refused.value))
    assert sum("wait" not in one for one in told) == 30
    assert (
        len({one.split(";")[0] for one in told[30:]}) == 1
    )  # a room that there is, and one that there is not, are told alike
    assert "wait" in step.tells(room.code)
    for seat, token in tokens.items():
        assert codes.seat_of(room.code, token) == (room, seat)


def test_only_what_opens_nothing_for_good_is_told_to_be_forgotten(step: Doorstep) -> None:
    """A phone forgets a token that was freed, and one of a room that is gone; not one that it could
    not try.
    """
    room, tokens = filled(step.registry)
    room.do("free", seat="target")
    for code, token in ((room.code, tokens["target"]), (wrong(1), tokens["firm"])):
        assert class_page.seat_of({"room": code, "seat": token}).lost == token
    assert class_page.seat_of({"room": room.code, "seat": tokens["firm"]}).lost == ""
    for k in range(40):
        told = class_page.seat_of({"room": room.code, "seat": f"{k:032d}"})
    assert "Wait" in told.problem
    assert told.lost == ""


def test_the_page_says_the_reason_and_never_fails(
    step: Doorstep, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, tokens = filled(step.registry)
    found = class_page.seat_of({"room": room.code, "seat": tokens["target"]})
    assert (found.room, found.place, found.problem) == (room, "target", "")
    assert class_page.seat_of({"room": room.code}) == class_page.Seat()
    told = class_page.seat_of({"room": room.code, "seat": "0" * 32})
    assert (told.room, told.place) == (None, "")
    assert told.problem == (
        "This address opens no seat of the room (any more). Join with the code, or ask the "
        "facilitator."
    )

    def broken(*_: Any) -> Any:
        raise OSError(36, "File name too long", "/srv/secret")

    monkeypatch.setattr(codes, "seat_of", broken)
    told = class_page.seat_of({"room": room.code, "seat": "x"})
    assert "/srv" not in told.problem
    assert (told.problem != "", told.lost) == (True, "")
