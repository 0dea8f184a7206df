"""`coercivity sweep`: what it prints, its exit codes, and one line for wrong input."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
import typer.testing

from tests import terminal
from tests.terminal import in_one_line
from tools.check.sweep_stand_in import stand_in


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty folder to stand in, with a design of 12 runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.evaluate", stand_in)
    monkeypatch.setattr("coercivity.experiments.sweep.export.evaluate", stand_in)
    asked = (
        "scenario: japan-2026\nmonths: 12\nseeds: 3\noutcomes: [firms_stopped, first_stop_days]\n"
    )
    asked += "parameters: {licence_clock_months: [1, 2, 3, 4]}\n"
    (tmp_path / "design.yaml").write_text(asked, encoding="utf-8")
    return tmp_path


call = partial(terminal.call, "sweep")


def begun() -> typer.testing.Result:
    return call("run", "design.yaml", "--out", "out", "--workers", "1", "--chunk", "5")


def test_run_says_what_came_out_and_again_has_nothing_to_do(place: Path) -> None:
    shown = begun()
    assert shown.exit_code == 0, shown.output
    assert "12 runs: 12 done, 0 failed, 0 missing; 12 computed now" in shown.stdout
    assert "undefined" in shown.stdout
    again = call("run", "design.yaml", "--out", "out", "--workers", "1", "--json")
    assert again.exit_code == 0, again.output
    document = json.loads(again.stdout)
    counts = ("runs", "done", "computed", "missing")
    assert [document[name] for name in counts] == [12, 12, 0, 0]
    assert [one["id"] for one in document["outcomes"]] == ["first_stop_days", "firms_stopped"]
    keys = {"scenario", "id", "unit", "median", "p05", "p95", "runs", "undefined"}
    assert set(document["outcomes"][0]) == keys
    assert sorted(path.name for path in (place / "out").iterdir()) == [
        "parts",
        "ro-crate-metadata.json",
        "sweep.json",
    ]


def test_status_while_something_is_missing(place: Path) -> None:
    begun()
    (place / "out" / "parts" / "part-00001.json").unlink()
    shown = call("status", "out")
    assert shown.exit_code == 0
    assert "12: 7 done, 0 failed, 5 missing" in shown.stdout
    assert "nobody is at it; run the same command again" in shown.stdout
    document = json.loads(call("status", "out", "--json").stdout)
    keys = ("missing", "complete", "writing", "left")
    assert [document[name] for name in keys] == [5, False, [], None]


def test_a_row_is_computed_again_and_compared(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun()
    shown = call("row", "out", "7")
    assert shown.exit_code == 0, shown.output
    assert "Every value is equal." in shown.stdout
    monkeypatch.setattr(
        "coercivity.experiments.sweep.export.evaluate",
        lambda run, design: {**stand_in(run, design), "firms_stopped": 1e-9},
    )
    shown = call("row", "out", "8")
    assert shown.exit_code == 1
    assert "1 of 9 values differ." in shown.stdout
    assert json.loads(call("row", "out", "8", "--json").stdout)["equal"] is False


def test_tasks_share_the_chunks_and_export_gathers_them(place: Path) -> None:
    shared = ("--tasks", "2", "--chunk", "2")
    shown = call("submit", "design.yaml", "--out", "out", "--slurm", "--dry-run", *shared)
    assert shown.exit_code == 0, shown.output
    again = ("--slurm", "--dry-run", "--tasks", "2", "--json")
    submission = json.loads(call("submit", "design.yaml", "--out", "out", *again).stdout)
    assert (submission["tasks"], submission["job"]) == (2, None)
    for task in ("1", "0"):
        assert call("worker", "out", "--task", task, "--tasks", "2").exit_code == 0
    assert json.loads(call("status", "out", "--json").stdout)["complete"]
    shown = call("export", "out", "--to", "all.csv")
    assert shown.stdout == "12 runs in all.csv\n"
    assert len((place / "all.csv").read_text().splitlines()) == 13


def test_missing_runs_are_exit_code_1(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(run, design):  # type: ignore[no-untyped-def]
        failed = {"status": "failed", "message": "ValueError: no plant is left"}
        return {**stand_in(run, design), **failed}

    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.evaluate", failing)
    shown = begun()
    assert shown.exit_code == 1
    assert "12 runs: 0 done, 12 failed, 0 missing" in shown.stdout
    assert "failed: 12 with ValueError: no plant is left; the first is run 0" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "design.yaml", "--out", "design.yaml"), "--out 'design.yaml' is a file"),
        (("run", "design.yaml", "--out", "out", "--workers", "x"), "--workers 'x' does not fit"),
        (("run", "design.yaml", "--out", "out", "--dask", "x"), "--dask 'x' is not an address"),
        (("status", "empty"), "folder 'empty' holds no sweep"),
        (("worker", "empty", "--task", "2", "--tasks", "2"), "--task '2' does not fit"),
        (("submit", "design.yaml", "--out", "out"), "write --slurm"),
    ],
)
def test_wrong_input_costs_one_line_and_leaves_nothing(
    place: Path, arguments: tuple[str, ...], words: str
) -> None:
    (place / "empty").mkdir()
    assert words in in_one_line("sweep", *arguments)
    assert sorted(path.name for path in place.iterdir()) == ["design.yaml", "empty"]
