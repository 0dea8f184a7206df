"""Finding rooms by trying: the brake holds by address, lets a class in at once, and keeps nobody out of a seat that he has."""

from unittest.mock import Mock

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.rooms import room_lookup
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.registry import Rooms
from tools.check.room_table import Watch, filled


class Doorstep:
    """A registry, a clock, and who stands before it."""

    def __init__(self, registry: Rooms, watch: Watch) -> None:
        self.registry, self.watch, self.who = registry, watch, "10.0.0.1"

    def tells(self, code: object) -> str:
        """What looking for a code says."""
        try:
            return room_lookup.room_of(code).code
        except InputError as error:
            return str(error)


@pytest.fixture
def step(registry: Rooms, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Doorstep:
    one = Doorstep(registry, watch)
    brakes = (Brake(30, 60.0, watch, what="codes"), Brake(200, 3600.0, watch, what="codes"))
    monkeypatch.setattr(room_lookup, "WRONG", brakes)
    monkeypatch.setattr(room_lookup, "visitor", lambda: one.who)
    return one


def wrong(number: int) -> str:
    """A code that nobody has: rooms of this test begin with another letter."""
    letters = "CDFGHJKMNPRTWXZ"
    return "B" + "".join(letters[number // 15**k % 15] for k in range(5))


def test_thirty_wrong_codes_a_minute_and_two_hundred_an_hour_are_heard(step: Doorstep) -> None:
    answers = [step.tells(wrong(k)) for k in range(500)]
    assert sum("there is no room" in one for one in answers) == 30
    assert all("wait" in one for one in answers[30:])
    step.watch.time += 61.0
    assert "there is no room" in step.tells(wrong(501))
    step.who = "10.0.0.2"
    assert "there is no room" in step.tells(wrong(502))
    heard = 0
    for minute in range(30):
        heard += sum("there is no room" in step.tells(wrong(40 * minute + k)) for k in range(40))
        step.watch.time += 61.0
    assert heard == 199


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
            room_lookup.seat_of(room.code if k % 2 else wrong(k), f"{k:032d}")
        told.append(str(refused.value))
    assert sum("wait" not in one for one in told) == 30
    assert (
        len({one.split(";")[0] for one in told[30:]}) == 1
    )  # a room that there is, and one that there is not, are told alike
    assert "wait" in step.tells(room.code)
    for seat, token in tokens.items():
        assert room_lookup.seat_of(room.code, token) == (room, seat)


def test_only_what_opens_nothing_for_good_is_told_to_be_forgotten(step: Doorstep) -> None:
    room, tokens = filled(step.registry)
    room.do("free", seat="target")
    for code, token in ((room.code, tokens["target"]), (wrong(1), tokens["firm"])):
        assert class_page.seat_of({"room": code, "seat": token}).lost == token
    assert class_page.seat_of({"room": room.code, "seat": tokens["firm"]}).lost == ""
    for k in range(40):
        told = class_page.seat_of({"room": room.code, "seat": f"{k:032d}"})
    assert "Wait" in told.problem
    assert told.lost == ""


def test_the_page_never_fails(step: Doorstep, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not a room's code" in class_page.seat_of({"seat": "0" * 32}).problem
    assert class_page.seat_of({"room": "BCDFGH"}) == class_page.Seat()
    monkeypatch.setattr(
        room_lookup, "seat_of", Mock(side_effect=OSError(36, "File name", "/srv/secret"))
    )
    told = class_page.seat_of({"room": "BCDFGH", "seat": "x"})
    assert "/srv" not in told.problem
    assert (told.problem != "", told.lost) == (True, "")


def tries(brake: Brake, key: str, count: int) -> int:
    """How many of so many tries pass."""
    passed = 0
    for _ in range(count):
        try:
            brake.ask(key)
        except InputError:
            continue
        passed += 1
    return passed


def test_so_many_pass_and_the_next_one_is_told_how_long_to_wait(watch: Watch) -> None:
    brake = Brake(3, 60.0, watch, what="rooms")
    for _ in range(3):
        brake.check("a")  # which counts nothing
        brake.ask("a")
        watch.time += 10
    told = "rooms: 3 in a minute are enough; wait 30 seconds and try again"
    with pytest.raises(InputError, match=told):
        brake.check("a")
    brake.ask("b")  # another visitor is not held up
    watch.time += 29.5
    assert tries(brake, "a", 5) == 0
    watch.time += 0.5
    assert tries(brake, "a", 5) == 1  # exactly as long as it said
    watch.time -= 500  # a clock that is turned back locks nobody out
    assert tries(brake, "a", 1) == 1
