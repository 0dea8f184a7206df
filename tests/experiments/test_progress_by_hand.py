"""How far a sweep is and how long it takes, on a clock that a test moves; draws and variances."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.finished_parts import PartInventory, PartNote
from coercivity.experiments.sweep.layout import claim_path, seal_content
from coercivity.experiments.sweep.progress import Clock, time_left
from coercivity.experiments.sweep.status import _rate, _recent
from coercivity.experiments.sweep.sweep_folder import chunk_size, prepare_sweep
from coercivity.experiments.worlds import draws as drawn
from coercivity.experiments.worlds.draws import (
    Collection,
    drawn_parameters,
    draws,
)
from tests.experiments.sweep_faults import design

# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (([(10, 10.0)] * 8, 30, 10, 4), (7.5, 8.75)),  # an even share, half way to whole chunks
        (([(10, 10.0)] * 7, 30, 10, 4), (7.5 / 1.2, 12.0)),
        (([(10, 100.0)] * 10 + [(10, 10.0)] * 40, 10, 10, 1), (10.0, 10.0)),  # the last forty
        (([(0, 50.0)] + [(10, 10.0)] * 8, 10, 10, 1), (10.0, 10.0)),  # those with runs
        (([(10, 10.0), (10, 40.0)], 20, 10, 1), (20.0 / 1.2, 80.0 * 1.2)),  # fastest, slowest
        (([(8, 16.0)], 0, 8, 4), (0.0, 0.0)),
        (([], 8, 10, 1, [(1, 1.0), (1, 1.0)]), (4.0, 16.0)),  # inside chunks: a factor of two
        (([], 8, 10, 1, [(1, 1.0), (0, 5.0)]), None),
    ],
)
def test_the_time_left_is_a_range_that_chunks_narrow(
    asked: tuple[Any, ...], wanted: tuple[float, float] | None
) -> None:
    assert time_left(*asked) == (pytest.approx(wanted) if wanted else None)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of a sweep of 40 runs in chunks of 10 that is told to two workers at second 100."""
    sweep = prepare_sweep(load_design(design(40)), tmp_path / "out", chunk=10)
    monkeypatch.setattr("coercivity.experiments.sweep.progress.time.monotonic", lambda: 100.0)
    return Clock(sweep, PartInventory({}, {}), 2, None)


def later(clock: Clock, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.last + seconds
    monkeypatch.setattr("coercivity.experiments.sweep.progress.time.monotonic", lambda: now)


def test_runs_inside_chunks_count_and_what_others_wrote_makes_no_rate(clock: Clock) -> None:
    claim_path(clock.sweep.folder, 1).write_text(
        seal_content({"machine": "here", "process": 1, "done": 3, "seconds": 1.0})
    )
    clock.going = {1, 2}  # of the second nothing is there yet
    assert (clock.now().done, clock.now().rate, clock.now().left) == (3, None, None)
    clock.over(1, [])
    assert (clock.now().done, clock.now().chunks_done, clock.now().rate) == (10, 1, None)


def test_a_chunk_that_is_written_makes_the_rate_and_the_time_left(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(clock, 20.0, monkeypatch)
    clock.over(1, [dataclasses.replace(note(1, 0.0, 20.0), failed=1)])
    moment = clock.now()
    assert (moment.done, moment.chunks_done, moment.failed, moment.rate) == (10, 1, 1, 0.5)
    assert moment.left == (pytest.approx(15 * 2.0 / 1.2), pytest.approx(20 * 2.0 * 1.2))
    later(clock, 100.0, monkeypatch)
    assert clock.now().rate == 0.5  # until the next chunk
    clock.wrote(10, 0, 20.0)
    assert clock.now().rate == pytest.approx(20 / 120)


def note(chunk: int, started: float, finished: float, runs: int = 10) -> PartNote:
    fields = dict.fromkeys((one.name for one in dataclasses.fields(PartNote)), None)
    times = {"started": started, "finished": finished, "seconds": finished - started}
    return PartNote(**{**fields, "chunk": chunk, "runs": runs, **times})  # type: ignore[arg-type]


def test_a_rate_looks_back_to_the_last_pause_of_more_than_a_minute_and_a_chunk() -> None:
    def kept(gap: float, length: float = 10.0) -> list[int]:
        first = [note(k, k * length, (k + 1) * length) for k in range(2)]
        later = 2 * length + gap
        return [one.chunk for one in _recent([*first, note(2, later, later + length)], 1)]

    assert (kept(60.0), kept(61.0)) == ([0, 1, 2], [2])
    assert (kept(90.0, 90.0), kept(91.0, 90.0)) == ([0, 1, 2], [2])
    many = [note(k, 10.0 * k, 10.0 * k + 10.0) for k in range(30)]
    assert [one.chunk for one in _recent(many, 1)] == list(range(22, 30))
    assert [one.chunk for one in _recent(many[::-1], 5)] == list(range(20, 30))
    assert (_rate(many[:3]), _rate([note(0, 5.0, 5.0, 3)]), _rate([])) == (1.0, 3000.0, None)


# ---------------------------------------------------------------- chunks and designs


@pytest.mark.parametrize(
    ("runs", "workers", "seconds", "size"),
    [
        (1000, 1, 30.1, 1),
        (1000, 1, 30.0, 2),
        (1000, 1, 6.1, 5),
        (1000, 1, 6.0, 10),
        (100_000, 1, 1e-9, 5000),
        (39, 2, 0.1, 2),
        (40, 2, 0.1, 5),
        (7, 0, 0.1, 1),
    ],
)
def test_chunks_are_a_minute_of_work_in_round_numbers_four_a_worker(
    runs: int, workers: int, seconds: float, size: int
) -> None:
    assert chunk_size(runs, workers, seconds) == size


# ---------------------------------------------------------------- draws


def test_a_draw_on_a_member_has_its_calibrated_values_and_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = drawn_parameters()[0].name
    held = Collection(("m1", "m2"), (name,), np.array([[0.25], [0.75]]))
    monkeypatch.setattr(drawn, "load_collection", lambda **_: Collection((), (), np.empty((0, 0))))
    free = draws(4)
    assert {one.member for one in free} == {""}
    monkeypatch.setattr(drawn, "load_collection", lambda **_: held)
    found = draws(4)
    assert [dict(one.parameters)[name] for one in found] == [
        {"m1": 0.25, "m2": 0.75}[one.member] for one in found
    ]
    assert sorted(one.member for one in found) == ["m1", "m1", "m2", "m2"]
    for one, other in zip(found, free, strict=True):
        assert one.seed == other.seed
        assert dict(one.parameters) | {name: 0.0} == dict(other.parameters) | {name: 0.0}


# ---------------------------------------------------------------- variances
