"""The brake on tries: how many, how long to wait, whom it remembers."""

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.rooms.brake import Brake


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


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


def test_so_many_pass_and_the_next_one_is_told_how_long_to_wait() -> None:
    watch = Watch()
    brake = Brake(3, 60.0, watch, what="rooms")
    for _ in range(3):
        brake.ask("a")
        watch.time += 10
    with pytest.raises(
        InputError, match="rooms: 3 in a minute are enough; wait 30 seconds and try again"
    ):
        brake.ask("a")
    brake.ask("b")  # another visitor is not held up
    watch.time += 29.5
    assert tries(brake, "a", 5) == 0
    watch.time += 0.5
    assert tries(brake, "a", 5) == 1  # exactly as long as it said


def test_no_window_of_that_length_has_more() -> None:
    watch = Watch()
    brake = Brake(4, 60.0, watch)
    passed = []
    for _ in range(2000):
        if tries(brake, "a", 1):
            passed.append(watch.time)
        watch.time += 0.7
    assert len(passed) > 80
    assert all(later - first >= 60.0 for first, later in zip(passed, passed[4:], strict=False))


def test_check_counts_nothing() -> None:
    brake = Brake(1, 3600.0, Watch())
    for _ in range(5):
        brake.check("a")
    brake.ask("a")
    with pytest.raises(InputError, match="1 in an hour are enough; wait an hour"):
        brake.check("a")


def test_it_remembers_a_bounded_number_of_visitors_those_who_tried_last() -> None:
    brake = Brake(1, 60.0, Watch(), keys=100)
    brake.ask("often")
    for number in range(1000):
        brake.ask(f"visitor {number}")
    assert len(brake) == 100
    assert tries(brake, "visitor 999", 1) == 0
    assert len(brake._tries["visitor 999"]) == 1


def test_a_clock_that_is_turned_back_locks_nobody_out() -> None:
    watch = Watch()
    brake = Brake(1, 60.0, watch)
    brake.ask("a")
    watch.time -= 500
    assert tries(brake, "a", 1) == 1
