"""`make paper`: what `make release-check` names is run, each command once and the pages last; it
stops at what fails, and names what only a person can set right.
"""

from __future__ import annotations

import csv
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOW: Any = None  # nothing here looks at what runs


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    """docs/remake.py and docs/release.py, as the one imports the other."""
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("remake"), importlib.import_module("release")


def names(times: Path) -> list[tuple[str, str]]:
    with times.open(encoding="utf-8") as file:
        return [(row["command"], row["exit_code"]) for row in csv.DictReader(file)]


def test_each_command_is_run_once_in_its_order_and_the_pages_last(
    tools: tuple[ModuleType, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remake, release = tools
    monkeypatch.setattr(remake, "REDRAW", "python -c 'print()'")
    found = [
        release.Stale("docs/b.md", "says version 1", "make -v"),
        release.Stale("docs/page.md", "says version 1", remake.REDRAW),
        release.Stale("docs/results/a.json", "no stamp", "python -c 'pass' runs/paper"),
        release.Stale("docs/results/c.json", "no stamp", "python -c 'pass' runs/paper"),
    ]

    def finished(*asked: Any) -> list[Any]:
        return found if not (tmp_path / "mine" / remake.TIMES).is_file() else []

    monkeypatch.setattr(remake, "stale", finished)
    assert remake.remake("mine", NOW, tmp_path) == 0
    assert names(tmp_path / "mine" / remake.TIMES) == [
        ("make -v", "0"),
        ("python -c 'pass' mine", "0"),
        ("python -c 'print()'", "0"),
    ]


def test_it_stops_at_what_fails(
    tools: tuple[ModuleType, ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    remake, release = tools
    found = [
        release.Stale("a", "no stamp", "python -c 'raise SystemExit(3)'"),
        release.Stale("b", "no stamp", "python -c 'pass'"),
    ]
    monkeypatch.setattr(remake, "stale", lambda root, now: found)
    assert remake.remake("mine", NOW, tmp_path) == 1
    assert names(tmp_path / "mine" / remake.TIMES) == [("python -c 'raise SystemExit(3)'", "3")]
    assert "run the same again" in capsys.readouterr().out


def test_a_calibration_of_other_code_comes_first_by_hand(
    tools: tuple[ModuleType, ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    remake, release = tools
    found = [
        release.Stale("a", "no stamp", "python -c 'pass'"),
        release.Stale("docs/calibration.json", "code f0, not f1", release.CALIBRATE),
    ]
    monkeypatch.setattr(remake, "stale", lambda root, now: found)
    monkeypatch.setattr(remake, "CARRY", "python -c 'print(1)'")
    assert remake.remake("mine", NOW, tmp_path) == 1
    assert names(tmp_path / "mine" / remake.TIMES) == [("python -c 'print(1)'", "0")]
    assert "coercivity calibrate" in capsys.readouterr().out


def test_what_only_a_person_can_set_right_is_named(
    tools: tuple[ModuleType, ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    remake, release = tools
    found = [release.Stale("README.md", "says 'older'", "take the sentence out where it stands")]
    monkeypatch.setattr(remake, "REDRAW", "python -c 'pass'")
    monkeypatch.setattr(remake, "stale", lambda root, now: found)
    assert remake.remake("mine", NOW, tmp_path) == 1
    assert "README.md: says 'older'" in capsys.readouterr().out


def test_a_calibration_that_no_target_tells_from_it_is_carried_to_younger_code(
    tools: tuple[ModuleType, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remake, release = tools
    found = [
        release.Stale("docs/calibration.json", "code f0, not f1", release.CALIBRATE),
        release.Stale("a", "no stamp", "python -c 'pass'"),
    ]
    times = tmp_path / "mine" / remake.TIMES

    def left(*asked: Any) -> list[Any]:
        done = len(names(times)) if times.is_file() else 0
        return found[done:] if done < 2 else []

    monkeypatch.setattr(remake, "stale", left)
    monkeypatch.setattr(remake, "CARRY", "python -c 'print(1)'")
    monkeypatch.setattr(remake, "REDRAW", "python -c 'print(2)'")
    assert remake.remake("mine", NOW, tmp_path) == 0
    assert [command for command, _ in names(times)] == [
        "python -c 'print(1)'",
        "python -c 'pass'",
        "python -c 'print(2)'",
    ]


def test_results_that_come_out_the_same_are_carried_before_any_is_made_again(
    tools: tuple[ModuleType, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remake, release = tools
    note, times = tmp_path / remake.NOTE, tmp_path / "mine" / remake.TIMES
    note.parent.mkdir(parents=True)
    note.write_text("{}")
    found = [release.Stale("a", "code 1, not 2", "python -c 'pass'")]
    monkeypatch.setattr(remake, "stale", lambda root, now: [] if times.is_file() else found)
    monkeypatch.setattr(remake, "CARRY_RESULTS", "python -c 'print(1)'")
    assert remake.remake("mine", NOW, tmp_path) == 0
    assert names(times) == [("python -c 'print(1)'", "0")]
