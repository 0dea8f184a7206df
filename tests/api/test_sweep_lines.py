"""`coercivity sweep` around the run: a status, progress on a terminal, a cluster, an early end."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer.testing

from coercivity import progress_output, sweeps
from coercivity.experiments.sweep import dask_pool, run_sweep
from coercivity.experiments.sweep.progress import Progress
from coercivity.experiments.sweep.status import ChunkInProgress, Status
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.viz.words.sweep_text import progress_line
from tests.api.test_sweeps import call
from tests.experiments.sweep_faults import stand_in


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty folder to stand in, with a design of four runs in two scenarios."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.evaluate", stand_in)
    monkeypatch.setattr("coercivity.experiments.sweep.export.evaluate", stand_in)
    asked = "scenario: [japan-2026, business-as-usual]\nmonths: 12\nseeds: 2\n"
    asked += "outcomes: [firms_stopped]\n"
    (tmp_path / "design.yaml").write_text(asked, encoding="utf-8")
    return tmp_path


def run(*more: str) -> typer.testing.Result:
    return call("run", "design.yaml", "--out", "out", "--workers", "1", "--chunk", "2", *more)


# ---------------------------------------------------------------- status

STATUS = Status(
    runs=1200,
    done=900,
    failed=50,
    missing=250,
    chunks=12,
    chunks_missing=3,
    chunk_size=100,
    rate=2.5,
    left=(60.0, 200.0),
    writing=(),
    last_write="2026-01-01T00:00:00+00:00",
    fingerprint="0",
    version="0",
    packages_differ=False,
)
WRITING = ChunkInProgress(chunk=7, done=20, runs=100, machine="node1", process=99, silent=3.2)


def test_a_status_says_who_is_at_it_and_how_long_it_will_take() -> None:
    lines = sweeps.status_lines(replace(STATUS, writing=(WRITING,)))
    assert lines[0] == "runs      1,200: 900 done, 50 failed, 250 missing"
    assert "rate      2.5 runs/s over the last chunks" in lines
    assert "left      60 s to 3.3 min" in lines
    assert "writing   chunk 7: 20 of 100 runs, node1 process 99, last sign 3 s ago" in lines


# ---------------------------------------------------------------- progress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def moment(done: int) -> Progress:
    return Progress(done, 1000, 0, 10, 0, 1, None, None)


def test_a_terminal_shows_one_line_that_changes_and_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_output.Teller() as tell:
        tell(moment(999))
        tell(moment(1000))
    first, second, blank, end = screen.getvalue().split("\r")[1:]
    assert first == progress_line(moment(999))
    assert second.rstrip() == progress_line(moment(1000))
    assert len(second) == len(first)  # nothing of a longer line is left behind it
    assert (blank.strip(), end) == ("", "")
    assert "\n" not in screen.getvalue()


# ---------------------------------------------------------------- what a run says


def test_a_cluster_gets_what_is_missing_and_is_left_alone_where_nothing_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int | None]] = []

    def cluster(
        sweep: Any, address: str, wrote: Callable[[int], None], workers: int | None
    ) -> None:
        asked.append((address, workers))
        for note in work_on(sweep, range(sweep.chunks)):
            wrote(note.runs)

    monkeypatch.setattr(dask_pool, "check_address", lambda address: None)
    monkeypatch.setattr(dask_pool, "run_on_dask", cluster)
    line = ("run", "design.yaml", "--out", "out", "--dask", "tcp://a:1", "--json")
    first = call(*line, "--chunk", "2", "--workers", "3")
    assert first.exit_code == 0, first.output
    assert (json.loads(first.stdout)["done"], json.loads(first.stdout)["computed"]) == (4, 4)
    assert json.loads(call(*line).stdout)["computed"] == 0
    assert asked == [("tcp://a:1", 3)]


# ---------------------------------------------------------------- ending early


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (SweepStopped("the disk is full"), "coercivity: the disk is full\n"),
        (KeyboardInterrupt(), "coercivity: stopped; what was written is safe, run the same"),
    ],
)
def test_a_sweep_that_ends_early_says_so_in_one_line(
    place: Path, monkeypatch: pytest.MonkeyPatch, ends: BaseException, says: str
) -> None:
    def end(*_: Any, **more: Any) -> None:
        raise ends

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(run_sweep, "run_sweep", end)
    shown = run()
    assert shown.exit_code == 1
    assert shown.stderr.startswith(says)
    assert signal.getsignal(signal.SIGTERM) is before  # what listened before listens again
