"""The life of a worker and of its parent, word by word: what a worker says of each chunk, and what
ends a sweep early.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.sweep import pool
from coercivity.experiments.sweep.claims import claim_path
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.folder import Sweep, prepare_sweep
from coercivity.experiments.sweep.local import run_sweep
from coercivity.experiments.sweep.missing import missing_chunks
from coercivity.experiments.sweep.sealed import sealed
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.model.basis.errors import InputError
from tests.experiments.sweep_faults import design, stops, working


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    """A sweep of three chunks of four runs of which nothing is done."""
    return prepare_sweep(load_design(design(12)), tmp_path / "out", chunk=4)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """A worker changes how its process answers to signals; here it lives in the process of the
    tests.
    """
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    yield
    for one, how in before.items():
        signal.signal(one, how)


def said(sweep: Sweep, asked: list[Any], work: Any, parent: int = 0) -> list[tuple[Any, ...]]:
    """What a worker says that is asked this, and then finds its pipe closed."""
    ours, theirs = Pipe()
    for one in asked:
        ours.send(one)
    try:
        pool.serve(str(sweep.folder), parent or os.getppid(), theirs, work)
    finally:
        theirs.close()
    heard = []
    while ours.poll():
        try:
            heard.append(ours.recv())
        except EOFError:
            break
    return heard


def test_a_worker_says_what_it_did_until_it_is_told_to_leave(sweep: Sweep) -> None:
    foreign = {"machine": "node7-1f", "boot": "b", "process": 12, "born": "3", "made": 1}
    claim_path(sweep.folder, 2).write_text(sealed(foreign), encoding="utf-8")
    heard = said(sweep, [(1, True), (1, False), (2, False), (0, False), None], working())
    assert [(one[0], *one[1:2]) for one in heard if one[0] != "at"] == [
        ("ready",),
        ("wrote", 1),
        ("there", 1),
        ("taken", 2),
        ("wrote", 0),
    ]
    assert [one[1:] for one in heard if one[0] == "at" and one[1] == 1] == [
        (1, 4, 0),
        (1, 5, 1),
        (1, 6, 2),
        (1, 7, 3),
    ]  # careful: it tells of every run
    assert next(one for one in heard if one[0] == "wrote")[2:4] == (4, 0)
    assert missing_chunks(sweep) == [2]


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (
            SweepStopped("disk full: 0 of 3 chunks are safe"),
            "stopped",
            "disk full: 0 of 3 chunks are safe",
        ),
        (InputError("folder holds no sweep"), "stopped", "folder holds no sweep"),
        (ZeroDivisionError("a fault of ours"), "broken", "ZeroDivisionError: a fault of ours"),
    ],
)
def test_a_worker_that_cannot_go_on_says_why(
    sweep: Sweep, error: Exception, kind: str, words: str
) -> None:
    def work(*_: Any, **how: Any) -> Any:
        raise error

    heard = said(sweep, [(0, False)], work)
    assert [one[0] for one in heard] == ["ready", kind]
    assert words in str(heard[1][1])


def test_a_worker_whose_parent_is_gone_stops_before_its_next_run_and_leaves_nothing(
    sweep: Sweep,
) -> None:
    with pytest.raises(SystemExit):
        said(sweep, [(0, False)], working(), parent=-1)
    assert not list((sweep.folder / "parts").iterdir())


def test_a_worker_whose_pipe_is_closed_ends(sweep: Sweep) -> None:
    ours, theirs = Pipe()
    ours.close()
    pool.serve(str(sweep.folder), os.getppid(), theirs, working())
    assert missing_chunks(sweep) == [0, 1, 2]


def test_a_polite_signal_ends_a_worker_as_an_exit_would() -> None:
    with pytest.raises(SystemExit) as caught:
        pool.leave(signal.SIGTERM, None)
    assert caught.value.code == 143


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (SweepStopped, SweepStopped, "disk full"),
        (InputError, InputError, "disk full"),
        (ValueError, RuntimeError, "a worker failed:\n(.|\n)*ValueError: disk full"),
    ],
)
def test_what_a_worker_cannot_do_ends_the_sweep_with_its_words(
    tmp_path: Path, error: Any, kind: Any, words: str
) -> None:
    with pytest.raises(kind, match=words):
        run_sweep(design(12), tmp_path / "out", workers=2, chunk=4, work=stops(error, "disk full"))


def test_workers_that_do_not_start_are_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "AGAIN", 0)
    monkeypatch.setattr(pool, "serve", os._exit)  # given more than one number it cannot even begin
    with pytest.raises(
        SweepStopped,
        match=r"workers do not start \(exit code 1\); see what they print, or work in this process",
    ):
        run_sweep(design(12), tmp_path / "out", workers=2, chunk=4, work=working())


def test_how_a_process_ended_in_words() -> None:
    assert [pool._how(code) for code in (-9, 3, None, -500)] == [
        "signal 9, SIGKILL",
        "exit code 3",
        "exit code None",
        "exit code -500",
    ]
