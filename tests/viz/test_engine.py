"""The queue before the workers: who goes first, what is shared, dropped, tried again and refused. Threads stand in for processes, but for one test."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.server import worker_pool as engine_module
from coercivity.viz.server.partial_answers import AnswerDropped
from coercivity.viz.server.worker_pool import (
    BAND,
    GUESS,
    KEPT_BYTES,
    LEVER,
    LONGEST_QUEUE,
    PAGE,
    Key,
    WorkerPool,
)
from tools.check.patience import patient

PATIENCE = 10.0  # seconds; what does not come until then does not come


class Gate:
    """Work that waits until it is let go, and notes what was begun in which order."""

    def __init__(self) -> None:
        self.begun: list[object] = []
        self.open, self.inside = threading.Event(), threading.Semaphore(0)

    def work(self, name: object) -> str:
        self.begun.append(name)
        self.inside.release()
        assert self.open.wait(PATIENCE)
        return f"done {name}"

    def entered(self) -> None:
        assert self.inside.acquire(timeout=PATIENCE)


@pytest.fixture
def gate() -> Iterator[Gate]:
    one = Gate()
    yield one
    one.open.set()


@pytest.fixture
def one_worker() -> Iterator[WorkerPool]:
    engine = WorkerPool(1, make=ThreadPoolExecutor)
    yield engine
    engine.stop()


def all_of(futures: list[Future[Any]]) -> list[Any]:
    return [future.result(PATIENCE) for future in futures]


def test_levers_go_before_pages_and_pages_before_bands(one_worker: WorkerPool, gate: Gate) -> None:
    first = one_worker.ask(gate.work, "busy", priority=BAND)
    gate.entered()
    asked = [one_worker.ask(gate.work, name, priority=name) for name in (BAND, PAGE, LEVER)]
    asked += [one_worker.ask(gate.work, "another lever", priority=LEVER)]
    gate.open.set()
    assert all_of([first, *asked])[-1] == "done another lever"
    assert gate.begun == ["busy", LEVER, "another lever", PAGE, BAND]


def test_draws_of_bands_leave_a_worker_free_for_the_next_lever(gate: Gate) -> None:
    two = WorkerPool(2, make=ThreadPoolExecutor)
    draws = [two.ask(gate.work, f"draw {number}", priority=BAND) for number in range(3)]
    gate.entered()
    lever = two.ask(gate.work, "lever", priority=LEVER)
    gate.entered()  # the lever began although no draw has ended
    assert gate.begun == ["draw 0", "lever"]
    gate.open.set()
    assert all_of([*draws, lever]) == ["done draw 0", "done draw 1", "done draw 2", "done lever"]
    two.stop()


class Line:
    """In place of the lines to worker processes: what runs hears when it is dropped."""

    address = None

    def __init__(self) -> None:
        self.dropped: list[int] = []

    def expect(self, number: int, heard: Any) -> None:
        """Parts are told by nobody here."""

    def forget(self, number: int) -> None:
        """Nor here."""

    def close(self) -> None:
        """There is nothing to close."""

    def drop(self, number: int) -> None:
        self.dropped.append(number)


class Runs:
    """A pool whose jobs end when the test says so."""

    def __init__(self, workers: int) -> None:
        self.given: list[tuple[Any, Future[Any]]] = []

    def submit(self, _: Any, number: int, function: Any, name: str) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((name, future))
        return future

    def shutdown(self, **_: Any) -> None:
        """Nothing to end."""


def test_a_draw_that_runs_makes_room_for_a_lever_and_is_begun_anew() -> None:
    pool = Runs(2)
    two = WorkerPool(2, make=lambda workers: pool)
    line = two._ear = Line()  # type: ignore[assignment]
    draws = [two.ask(str, f"draw {number}", priority=BAND) for number in range(3)]
    guess = two.ask(str, "guess", priority=GUESS)
    assert [name for name, _ in pool.given] == ["draw 0", "draw 1"]  # no worker is kept free
    page = two.ask(str, "page", priority=PAGE)
    assert len(line.dropped) == 1
    pool.given[1][1].set_exception(AnswerDropped())  # the one that began last
    assert [name for name, _ in pool.given[2:]] == ["page"]
    assert not draws[1].done()
    lever = two.ask(str, "lever", priority=LEVER)
    assert len(line.dropped) == 2
    two.ask(str, "another lever", priority=LEVER)
    assert len(line.dropped) == 2  # nothing is left that could make room
    pool.given[0][1].set_result("done draw 0")  # it ended before it heard
    assert draws[0].result(0) == "done draw 0"
    while waiting := [one for one in pool.given if not one[1].done()]:
        for name, future in waiting:
            future.set_result(f"done {name}")
    assert [one.result(0) for one in (page, lever, *draws[1:], guess)] == [
        "done page",
        "done lever",
        "done draw 1",
        "done draw 2",
        "done guess",
    ]
    assert [name for name, _ in pool.given].count("draw 1") == 2
    two.stop()


def test_two_who_ask_the_same_share_one_answer_at_the_higher_priority(
    one_worker: WorkerPool, gate: Gate
) -> None:
    one_worker.ask(gate.work, "busy")
    gate.entered()
    asked = [
        one_worker.ask(gate.work, name, priority=priority)
        for name, priority in (("same", BAND), ("other", PAGE), ("same", LEVER))
    ]
    gate.open.set()
    assert all_of(asked) == ["done same", "done other", "done same"]
    assert gate.begun == ["busy", "same", "other"]
    # kept for whoever comes later
    assert one_worker.ask(gate.work, "same").result(0) == "done same"
    assert gate.begun.count("same") == 1


def test_what_nobody_waits_for_is_dropped_before_it_runs(
    one_worker: WorkerPool, gate: Gate
) -> None:
    one_worker.ask(gate.work, "busy")
    gate.entered()
    dropped = [one_worker.ask(gate.work, "dropped"), one_worker.ask(gate.work, "dropped")]
    half = [one_worker.ask(gate.work, "half"), one_worker.ask(gate.work, "half")]
    assert all(future.cancel() for future in (*dropped, half[0]))
    last = one_worker.ask(gate.work, "last")
    gate.open.set()
    assert all_of([half[1], last]) == ["done half", "done last"]
    assert gate.begun == ["busy", "half", "last"]
    # asked anew, it is done after all
    assert one_worker.ask(gate.work, "dropped").result(PATIENCE) == "done dropped"


def test_cancelling_what_runs_harms_nobody(one_worker: WorkerPool, gate: Gate) -> None:
    first = one_worker.ask(gate.work, "runs")
    gate.entered()
    assert first.cancel()
    second = one_worker.ask(gate.work, "runs")  # joins what is running
    gate.open.set()
    assert second.result(PATIENCE) == "done runs"
    assert gate.begun == ["runs"]


def test_a_full_queue_is_told_and_comes_back(
    one_worker: WorkerPool, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LONGEST_QUEUE", 3)
    assert LONGEST_QUEUE == 2000
    one_worker.ask(gate.work, "busy")
    gate.entered()
    waiting = [one_worker.ask(gate.work, number, priority=PAGE) for number in range(3)]
    with pytest.raises(
        InputError, match=r"^the server has too much to do just now; try again in a minute$"
    ):
        one_worker.ask(gate.work, "too many", priority=LEVER)
    waiting.append(one_worker.ask(gate.work, 0))  # the same question needs no place
    gate.open.set()
    all_of(waiting)
    assert one_worker.ask(gate.work, "later").result(PATIENCE) == "done later"


def test_an_error_reaches_all_who_asked_and_is_not_kept(one_worker: WorkerPool) -> None:
    tries = []

    def fails(name: str) -> str:
        tries.append(name)
        raise InputError(f"{name} does not fit")

    for future in (one_worker.ask(fails, "x"), one_worker.ask(fails, "y")):
        with pytest.raises(InputError, match="does not fit"):
            future.result(PATIENCE)
    with pytest.raises(InputError):
        one_worker.ask(fails, "x").result(PATIENCE)
    assert tries == ["x", "y", "x"]


def text_of(size: int, number: int) -> str:
    return "x" * size


def test_kept_answers_are_bounded(one_worker: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEPT_BYTES == 48_000_000
    monkeypatch.setattr(engine_module, "KEPT_BYTES", 800)
    for number in range(40):
        one_worker.ask(text_of, 100, number).result(PATIENCE)
        assert sum(len(answer) for answer in one_worker._kept.values()) == one_worker._bytes <= 800
    assert [key.parts[2] for key in one_worker._kept] == list(range(32, 40))  # the oldest go first
    one_worker.ask(text_of, 100, 32).result(0)
    one_worker.ask(text_of, 100, 40).result(PATIENCE)
    assert [key.parts[2] for key in one_worker._kept][-2:] == [
        32,
        40,
    ]  # what was asked for again stays
    one_worker.ask(text_of, 101, 0).result(PATIENCE)  # more than an eighth of the shelf is not kept
    assert Key(text_of, 101, 0) not in one_worker._kept


class Dying:
    """A pool whose first jobs take it with them, as a process that is killed does."""

    made: list[Dying]
    deaths: int

    def __init__(self, workers: int) -> None:
        self.threads, self.broken = ThreadPoolExecutor(workers), False
        type(self).made.append(self)

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        if self.broken:
            raise BrokenProcessPool("it is dead already")
        return self.threads.submit(self._run, function, *args)

    def _run(self, function: Callable[..., Any], *args: Any) -> Any:
        if type(self).deaths:
            type(self).deaths -= 1
            self.broken = True
            raise BrokenProcessPool("a worker died")
        return function(*args)

    def shutdown(self, **_: Any) -> None:
        self.threads.shutdown(wait=False)


def dying(deaths: int) -> type[Dying]:
    return type("DyingPool", (Dying,), {"made": [], "deaths": deaths})


def shout(text: str) -> str:
    return text.upper()


def test_a_worker_that_dies_is_replaced_and_its_job_tried_once_more() -> None:
    pools = dying(1)
    engine = WorkerPool(1, make=pools)
    asked = [engine.ask(shout, name) for name in ("one", "two", "three")]
    assert all_of(asked) == ["ONE", "TWO", "THREE"]
    assert len(pools.made) == 2
    engine.stop()


def test_a_job_that_kills_two_workers_is_given_up_and_the_next_one_runs() -> None:
    pools = dying(2)
    engine = WorkerPool(1, make=pools)
    with pytest.raises(BrokenProcessPool):
        engine.ask(shout, "killer").result(PATIENCE)
    assert engine.ask(shout, "next").result(PATIENCE) == "NEXT"
    assert len(pools.made) == 3
    assert engine.idle
    engine.stop()


def test_stopping_drops_what_waits(gate: Gate) -> None:
    engine = WorkerPool(1, make=ThreadPoolExecutor)
    running = engine.ask(gate.work, "runs")
    gate.entered()
    waiting = engine.ask(gate.work, "waits")
    engine.stop()
    gate.open.set()
    assert running.result(PATIENCE) == "done runs"
    assert gate.begun == ["runs"]
    assert not waiting.done()


def test_a_worker_is_another_process_that_answers_and_is_replaced_when_it_dies() -> None:
    engine = WorkerPool(1)
    try:
        worker = engine.ask(os.getpid).result(patient(60.0))
        assert worker != os.getpid()
        with pytest.raises(BrokenProcessPool):
            # dies twice: it is tried once more
            engine.ask(signal.raise_signal, signal.SIGKILL).result(patient(60.0))
        assert engine.ask(abs, -1).result(patient(60.0)) == 1
    finally:
        engine.stop()


def test_jobs_that_break_together_replace_the_pool_once() -> None:
    engine = WorkerPool(2, make=(pools := dying(0)))
    doomed: list[Future[Any]] = []

    def never(self: Dying, function: Callable[..., Any], *args: Any) -> Future[Any]:
        if self is pools.made[0]:
            doomed.append(Future())
            return doomed[-1]
        return Dying.submit(self, function, *args)

    pools.submit = never  # type: ignore[method-assign]
    asked = [engine.ask(shout, name) for name in ("one", "two")]
    assert len(doomed) == 2
    for future in doomed:
        future.set_exception(BrokenProcessPool("both at once"))
    assert all_of(asked) == ["ONE", "TWO"]
    assert len(pools.made) == 2
    engine.stop()


def test_workers_that_cannot_be_started_cost_an_error_each_and_no_place() -> None:
    def none_to_be_had(workers: int) -> Any:
        raise OSError("cannot allocate memory")

    engine = WorkerPool(2, make=none_to_be_had)
    for name in range(5):
        with pytest.raises(OSError, match="cannot allocate memory"):
            engine.ask(shout, str(name)).result(PATIENCE)
    assert engine.idle
    engine._make = ThreadPoolExecutor
    assert engine.ask(shout, "again").result(PATIENCE) == "AGAIN"
    engine.stop()


def test_a_long_queue_survives_workers_that_die_at_once(gate: Gate) -> None:
    pools = dying(10**9)
    engine = WorkerPool(1, make=ThreadPoolExecutor)
    engine.ask(gate.work, "busy")
    gate.entered()
    asked = [engine.ask(shout, str(number)) for number in range(1200)]  # > the recursion limit
    engine._pool, engine._make = None, pools
    gate.open.set()
    assert not wait(asked, patient(60.0)).not_done
    assert all(isinstance(future.exception(), BrokenProcessPool) for future in asked)
    engine.stop()
