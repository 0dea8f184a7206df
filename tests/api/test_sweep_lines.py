"""`coercivity sweep` around the run: a status, progress on a terminal, a cluster, an early end."""

from __future__ import annotations

import io
import json
import signal
import sys
import threading
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
from tools.check.sweep_stand_in import stand_in


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


def test_a_status_of_something_new_finished_or_mixed() -> None:
    new = sweeps.status_lines(replace(STATUS, rate=None, left=None, last_write=None))
    assert "left      nobody is at it; run the same command again" in new
    assert "written   nothing yet" in new
    assert not [line for line in new if line.startswith("rate")]
    done = sweeps.status_lines(replace(STATUS, missing=0, packages_differ=True))
    assert not [line for line in done if line.startswith("left")]
    assert done[-1].startswith("note      parts were written with different packages; values may")


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


def test_a_log_gets_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr(progress_output.time, "monotonic", lambda: now[0])
    with progress_output.Teller() as tell:
        for done, later in ((1, 0.0), (2, 5.0), (3, 1.0), (4, 28.0), (5, 1.0)):
            now[0] += later
            tell(moment(done))
    assert capsys.readouterr().err.splitlines() == [progress_line(moment(done)) for done in (2, 5)]


# ---------------------------------------------------------------- what a run says


def test_problems_are_told_and_a_row_that_is_missing_or_damaged_is_shown_all_the_same(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run().exit_code == 0
    real = run_sweep.run_sweep

    def trouble(*arguments: Any, **more: Any) -> Any:
        return replace(real(*arguments, **more), problems=("chunk 1 is left out",))

    monkeypatch.setattr(run_sweep, "run_sweep", trouble)
    again = run()
    assert again.stderr == "coercivity: chunk 1 is left out\n"
    assert "nothing was left to compute" in again.stdout
    part = place / "out" / "parts" / "part-00001.parquet"
    part.write_bytes(b"no table")
    assert "The part of this run is damaged: " in call("row", "out", "3").stdout
    part.unlink()
    shown = call("row", "out", "3")
    assert shown.exit_code == 1
    assert "This run is not stored yet." in shown.stdout
    assert json.loads(call("row", "out", "3", "--json").stdout)["stored"] is None
    exported = json.loads(call("export", "out", "--to", "all.csv", "--json").stdout)
    assert (exported["rows"], exported["missing"]) == (2, 2)


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


def test_in_a_thread_a_sweep_ends_the_same_way_and_touches_no_signal(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, found = signal.getsignal(signal.SIGTERM), list[Any]()

    def end(*_: Any, **more: Any) -> None:
        found.append(signal.getsignal(signal.SIGTERM))
        raise SweepStopped("enough")

    monkeypatch.setattr(run_sweep, "run_sweep", end)
    thread = threading.Thread(target=lambda: found.append(run().exit_code))
    thread.start()
    thread.join(30)
    assert found == [before, 1]
