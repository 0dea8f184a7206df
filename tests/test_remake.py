"""`make paper`: what `make release-check` names is run, each command once and the pages last; it
stops at what fails, and names what only a person can set right.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tools.docs import release

NOW: Any = None  # nothing here looks at what runs


def names(times: Path) -> list[tuple[str, str]]:
    with times.open(encoding="utf-8") as file:
        return [(row["command"], row["exit_code"]) for row in csv.DictReader(file)]


def test_each_command_is_run_once_in_its_order_and_the_pages_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "REDRAW", "python -c 'print()'")
    found = [
        release.Stale("docs/b.md", "says version 1", "make -v"),
        release.Stale("docs/page.md", "says version 1", release.REDRAW),
        release.Stale("docs/results/a.json", "no stamp", "python -c 'pass' runs/paper"),
        release.Stale("docs/results/c.json", "no stamp", "python -c 'pass' runs/paper"),
    ]

    def finished(*asked: Any) -> list[Any]:
        return found if not (tmp_path / "mine" / release.TIMES).is_file() else []

    monkeypatch.setattr(release, "stale", finished)
    assert release.remake("mine", NOW, tmp_path) == 0
    assert names(tmp_path / "mine" / release.TIMES) == [
        ("make -v", "0"),
        ("python -c 'pass' mine", "0"),
        ("python -c 'print()'", "0"),
    ]


def test_a_calibration_of_other_code_comes_first_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [
        release.Stale("a", "no stamp", "python -c 'pass'"),
        release.Stale("docs/calibration.json", "code f0, not f1", release.CALIBRATE),
    ]
    monkeypatch.setattr(release, "stale", lambda root, now: found)
    monkeypatch.setattr(release, "ADOPT", "python -c 'print(1)'")
    assert release.remake("mine", NOW, tmp_path) == 1
    assert names(tmp_path / "mine" / release.TIMES) == [("python -c 'print(1)'", "0")]
    assert "coercivity calibrate" in capsys.readouterr().out
