"""`coercivity calibrate` around a study that is not run: its tables and its document, and one line
where it cannot go on.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.calibration import calibration_files, study
from coercivity.experiments.worlds.atomic import SweepStopped
from tests import terminal
from tools.docs.kit.calibration import STORED

DOCUMENT: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(study, "calibrate", lambda *arguments: calls.append(arguments))
    monkeypatch.setattr(calibration_files, "write_study", lambda found, out: DOCUMENT)
    return calls


call = partial(terminal.call, "calibrate", "--out", "runs/cal")


def test_the_tables_say_what_is_left(asked: list[tuple[Any, ...]]) -> None:
    shown = call("--vectors", "50", "--workers", "2")
    assert shown.exit_code == 0, shown.output
    for row in (*DOCUMENT["targets"], *({"id": one["name"]} for one in DOCUMENT["parameters"])):
        assert row["id"][:8] in shown.stdout
    assert (
        f"{DOCUMENT['kept']} of {DOCUMENT['runs']} vectors are kept: runs/cal/collection.csv"
        in shown.stdout
    )
    ((out, setting, workers, _),) = asked
    assert (out, setting.vectors, setting.waves, workers) == (
        "runs/cal",
        50,
        study.Setting().waves,
        2,
    )


def test_json_is_the_document_and_nothing_else(asked: list[tuple[Any, ...]]) -> None:
    assert json.loads(call("--json").stdout) == DOCUMENT


def test_a_study_that_has_to_end_says_so_in_one_line(
    asked: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(out: Path, setting: Any, workers: int, say: Any) -> None:
        say("wave 1 of 4")
        raise SweepStopped("the disk is full; make room and run the same command again")

    monkeypatch.setattr(study, "calibrate", full)
    shown = call()
    assert shown.exit_code == 1
    assert (
        shown.stderr
        == "wave 1 of 4\ncoercivity: the disk is full; make room and run the same command again\n"
    )
