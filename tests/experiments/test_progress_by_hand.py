"""How far a sweep is and how long it takes, on a clock that a test moves; draws and variances."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.folder import chunk_size, prepare_sweep
from coercivity.experiments.sweep.layout import claim_path, seal_content
from coercivity.experiments.sweep.parts import PartInventory, PartNote
from coercivity.experiments.sweep.progress import Clock, Progress, time_left
from coercivity.experiments.sweep.status import _rate, _recent
from coercivity.experiments.worlds import draws as drawn
from coercivity.experiments.worlds.draws import (
    Collection,
    corners,
    drawn_parameters,
    draws,
    members,
)
from coercivity.experiments.worlds.variance import parameter_share, shares
from coercivity.viz.words.sweep_text import duration_in_words, left_in_words, progress_line
from tests.experiments.sweep_faults import design

# ---------------------------------------------------------------- time


def test_a_length_of_time_has_two_figures_at_most() -> None:
    told = {
        0.4: "0 s",
        119.4: "119 s",
        120.0: "2 min",
        594.0: "9.9 min",
        600.0: "10 min",
        7199.0: "120 min",
        7200.0: "2 h",
        172_799.0: "48 h",
        172_800.0: "2 days",
    }
    assert {seconds: duration_in_words(seconds) for seconds in told} == told


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


def test_progress_in_a_line() -> None:
    line = progress_line(Progress(10, 40, 1, 4, 2, 4, 1.5, (60.0, 300.0)))
    assert line == "10 of 40 runs, 2 failed, 1.5 runs/s, 60 s to 5 min left"
    assert progress_line(Progress(40, 40, 4, 4, 0, 4, None, None)) == "40 of 40 runs"
    assert left_in_words(None) == "estimating the time left"
    assert left_in_words((60.0, 60.4)) == "about 60 s left"


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


def test_no_more_workers_count_than_there_are_chunks_left(clock: Clock) -> None:
    clock.done, clock.workers, clock.finished = 30, 8, [(10, 10.0)] * 8
    assert (clock.now().left, clock.now().workers) == ((10.0, 10.0), 8)


def test_a_report_comes_every_quarter_of_a_second_and_with_every_chunk(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Progress] = []
    clock.report = told.append
    clock.tell()
    later(clock, 0.24, monkeypatch)
    clock.tell()
    clock.over(3, [])
    assert len(told) == 1
    later(clock, 0.25, monkeypatch)
    clock.tell()
    assert len(told) == 2
    clock.wrote(10, 0, 1.0)
    assert len(told) == 3


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


def test_seeds_follow_on_from_a_thousand_and_designs_and_corners_keep_apart() -> None:
    assert [one.seed for one in (*draws(3), *draws(2, 1))] == [1000, 1001, 1002, 11_000, 11_001]
    assert [one.seed for one in (*corners(2), *corners(2, 1))] == [6000, 6001, 16_000, 16_001]


def test_members_of_a_collection_are_used_equally_often_to_one() -> None:
    counts = np.bincount(members(11, 4), minlength=4)
    assert sorted(counts.tolist()) == [2, 3, 3, 3]
    assert sorted(members(4, 4)) == [0, 1, 2, 3]
    assert members(11, 4)[:4] == members(4, 4)


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


def test_luck_alone_leaves_nothing_to_parameters_and_no_share_is_below_zero() -> None:
    luck = np.array([[0.0, 2.0], [2.0, 0.0], [0.0, 2.0], [2.0, 0.0]])
    found = shares(luck)
    assert (found.parameters, found.luck) == (0.0, 1.0)
    assert found.low == 0.0
    still = np.arange(4.0)[:, None] + np.zeros((4, 2))
    assert (shares(still).parameters, shares(still).low, shares(still).high) == (1.0, 1.0, 1.0)


def test_what_calibrated_parameters_explain_needs_ten_vectors_to_spare() -> None:
    at = np.arange(12.0)
    values = at[:, None] + np.array([[-1.0, 1.0]])
    found = shares(values, at[:, None])
    assert found.calibrated == pytest.approx(found.parameters)
    assert found.rest == pytest.approx(0.0)
    short = shares(values[:11], at[:11, None])
    assert (short.calibrated, short.rest) == (None, None)
    assert shares(values, np.ones((12, 1))).calibrated is None  # it does not move
    other = np.where(at % 2 == 0, 1.0, -1.0)
    apart = shares(values, other[:, None])
    assert apart.calibrated is not None
    assert 0.0 <= apart.calibrated < 0.1
    assert apart.rest == pytest.approx((apart.parameters or 0.0) - apart.calibrated)


def test_columns_with_gaps_are_told_from_the_vectors_that_have_them() -> None:
    values = np.zeros((5, 2, 3))
    values[:, :, 0] = np.arange(5.0)[:, None] * 10.0 + [-1.0, 1.0]
    values[:, :, 1] = values[:, :, 0]
    values[0, 0, 1] = np.nan
    found = parameter_share(values)
    expected = [
        (means.var(ddof=1) - 1.0) / (means.var(ddof=1) + 1.0)
        for means in (np.arange(5.0) * 10.0, np.arange(1.0, 5.0) * 10.0)
    ]
    assert found[:2] == pytest.approx(expected)
    assert np.isnan(found[2])
