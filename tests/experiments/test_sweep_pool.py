"""What ends a sweep in a pool of processes early."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.sweep import pool
from coercivity.experiments.sweep.finished_parts import missing_chunks
from coercivity.experiments.sweep.progress import Progress
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds.atomic import SweepStopped, process_start
from tests.experiments.sweep_faults import computed, design, left_over, noted, stops, working


@pytest.mark.parametrize("error", [SweepStopped, ValueError])  # the second: a fault of ours
def test_what_a_worker_cannot_do_ends_the_sweep_with_its_words(tmp_path: Path, error: Any) -> None:
    with pytest.raises(error, match="disk full"):
        run_sweep(design(12), tmp_path / "out", workers=2, chunk=4, work=stops(error, "disk full"))


def test_ctrl_c_ends_workers_in_the_midst_of_a_run_and_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    place, out = tmp_path / "place", tmp_path / "out"
    place.mkdir()

    def press(moment: Progress) -> None:
        if (place / "stopped").exists():  # a run that would never end
            raise KeyboardInterrupt

    work = functools.partial(work_on, evaluate=functools.partial(noted, place=place, stop_at=5))
    with pytest.raises(KeyboardInterrupt):
        run_sweep(design(12), out, workers=2, progress=press, chunk=4, work=work)
    assert {process_start(process) for process in computed(place)} == {None}
    assert not left_over(out)
    assert 1 in missing_chunks(out)


def leave() -> None:
    """A worker that ends as it begins."""
    os._exit(1)


def test_workers_that_do_not_start_are_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "AGAIN", 0)
    monkeypatch.setattr(pool, "begin_worker", leave)
    with pytest.raises(
        SweepStopped,
        match=r"workers do not start \(exit code 1\); see what they print, or work in this process",
    ):
        run_sweep(design(12), tmp_path / "out", workers=2, chunk=4, work=working())
