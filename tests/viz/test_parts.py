"""Parts of an answer before it is whole, and the end of a run that nobody waits for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe, current_process
from multiprocessing.connection import Client
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import first_month, story_day
from coercivity.experiments.lab.snapshots import run_from_snapshots
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.scenario import load_shipped, with_changes
from coercivity.viz.page_data.lab_charts_of_one_history import numbers
from coercivity.viz.server import lab_jobs, partial_answers
from coercivity.viz.server.partial_answers import AnswerDropped, PartListener
from coercivity.viz.server.worker_pool import LEVER, WorkerPool
from tools.check.patience import patient

PATIENCE = 30.0
SHORT = with_changes(load_shipped("japan-2026"), months=40)
ASKED = (1, "Japan", story_day(SHORT))


def until(true: Callable[[], object]) -> None:
    """Wait until it is so; a line is read by a thread of the server's."""
    end = time.monotonic() + patient(PATIENCE)
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


class Heard:
    """What was told, and that it was."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.came = threading.Event()

    def __call__(self, part: str) -> None:
        self.parts.append(part)
        self.came.set()


@pytest.fixture
def ear() -> Iterator[PartListener]:
    one = PartListener()
    yield one
    one.close()


@pytest.fixture
def line(ear: PartListener, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as a worker of its own server."""
    monkeypatch.setattr(partial_answers, "_lines", [])
    monkeypatch.setattr(partial_answers, "_dropped", set())
    assert ear.address is not None
    partial_answers.connect(ear.address)
    until(lambda: ear._lines)
    # both ends stay open: a thread reads each, and nobody may close it under a reader


def speak(*words: str) -> str:
    for word in words:
        partial_answers.send_part(word)
    return "whole"


def wanted_until_told(begun: threading.Event, go_on: threading.Event) -> str:
    partial_answers.check_wanted()
    begun.set()
    assert go_on.wait(PATIENCE)
    for _ in range(10_000):
        partial_answers.check_wanted()
        threading.Event().wait(0.001)
    return "whole"


def test_a_part_reaches_the_one_who_asked_and_nobody_else(ear: PartListener, line: None) -> None:
    mine, other = Heard(), Heard()
    ear.expect(7, mine)
    ear.expect(8, other)
    assert partial_answers.answer(7, speak, "a first year, 17 µm", "two") == "whole"
    until(lambda: len(mine.parts) == 2)
    assert mine.parts == ["a first year, 17 µm", "two"]
    ear.forget(7)
    partial_answers.answer(7, speak, "late")
    partial_answers.answer(8, speak, "his")
    until(lambda: other.parts == ["his"])
    assert len(mine.parts) == 2


def test_a_question_that_is_dropped_ends_and_the_next_one_does_not(
    ear: PartListener, line: None
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(partial_answers.answer, 5, wanted_until_told, begun, go_on)
        assert begun.wait(PATIENCE)
        ear.drop(5)
        go_on.set()
        with pytest.raises(AnswerDropped):
            running.result(PATIENCE)
    assert partial_answers.answer(6, speak) == "whole"


def test_who_does_not_know_the_key_hears_and_says_nothing(ear: PartListener, line: None) -> None:
    heard = Heard()
    ear.expect(7, heard)
    with pytest.raises(Exception, match="digest"):
        Client(ear.address, authkey=b"guessed")
    partial_answers.answer(7, speak, "still heard")
    assert heard.came.wait(PATIENCE)
    assert bytes(current_process().authkey) != b"guessed"


def test_without_a_line_the_answer_comes_whole_and_one_line_says_so(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(partial_answers, "_lines", [])
    partial_answers.connect(str(tmp_path / "nobody"))
    assert [record.message for record in caplog.records] == [
        "answers come whole: no line to the server for their parts"
    ]
    assert partial_answers.answer(1, speak, "unheard") == "whole"


def test_a_server_that_has_gone_does_not_stop_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = Pipe()
    theirs.close()
    monkeypatch.setattr(partial_answers, "_lines", [mine])
    assert partial_answers.answer(1, speak, *["unheard"] * 50) == "whole"
    partial_answers.check_wanted()


def test_all_who_listen_hear_and_who_comes_late_hears_what_was_told() -> None:
    engine = WorkerPool(1, make=ThreadPoolExecutor)
    go_on, told, first, late = threading.Event(), threading.Event(), Heard(), Heard()

    def work(name: str) -> str:
        partial_answers.send_part(f"part of {name}")
        told.set()
        assert go_on.wait(PATIENCE)
        return name

    one = engine.ask(work, "x", heard=first)
    assert told.wait(PATIENCE)
    two = engine.ask(work, "x", heard=late)
    assert first.parts == late.parts == ["part of x"]
    go_on.set()
    assert one.result(PATIENCE) == two.result(PATIENCE) == "x"
    assert engine.ask(work, "x", heard=late).result(0) == "x"  # kept: there is no part of it
    assert late.parts == ["part of x"]
    engine.stop()


def test_workers_tell_the_first_year_and_stop_when_nobody_waits() -> None:
    engine, heard = WorkerPool(1), Heard()
    whole = json.loads(
        engine.ask(lab_jobs.history, SHORT, *ASKED, priority=LEVER, heard=heard).result(
            PATIENCE * 4
        )
    )
    (begun,) = map(json.loads, heard.parts)
    assert (
        len(begun["months"]) == month_index(SHORT.start, first_month(SHORT)) + lab_jobs.BEGUN < 40
    )
    assert {name: begun[name] for name in ("fingerprint", "seed", "state")} == {
        name: whole[name] for name in ("fingerprint", "seed", "state")
    }
    for chart in whole["charts"]:
        for one in chart["series"]:
            if one["id"] in begun["series"]:
                assert begun["series"][one["id"]] == one["values"][: len(begun["months"])]
    long = Heard()
    left = engine.ask(lab_jobs.history, load_shipped("japan-2026"), 2, *ASKED[1:], heard=long)
    assert long.came.wait(PATIENCE * 4)
    done = engine.done
    left.cancel()
    until(lambda: engine.done == done + 1)
    assert not any(key.parts[2] == 2 for key in engine._kept)  # it did not run to its end
    assert engine.ask(lab_jobs.warm_worker, 1).result(PATIENCE * 4) == "ready"
    engine.stop()


def test_what_a_world_has_lived_through_is_that_of_a_whole_run() -> None:
    found, checked = [], []
    whole = History(
        run_from_snapshots(
            SHORT,
            5,
            check=lambda: checked.append(1),
            at=30,
            heard=lambda result: found.append(History(result)),
        )
    )
    (begun,) = found
    assert len(checked) == 40
    assert np.array_equal(begun.home, whole.home[:30], equal_nan=True)
    plain = History(run_scenario(SHORT, 5))
    assert np.array_equal(whole.home, plain.home, equal_nan=True)
    assert numbers(whole.home[:, 1, 3]) == numbers(plain.home[:, 1, 3])
