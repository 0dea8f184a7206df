"""Taking a calibration into the project: everything is read before anything is written."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coercivity.experiments.calibration import shipped as judging
from coercivity.experiments.calibration.shipped import judge_shipped
from coercivity.viz.pages.calibration import calibration_page

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = "id,price_speed,rent_speed\nv001,0.4321,0.5\nv002,0.25,0.75\n"


@pytest.fixture
def adopt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script with a project of its own."""
    spec = importlib.util.spec_from_file_location(
        "adopt_calibration", ROOT / "docs" / "adopt_calibration.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    data = tmp_path / "data"
    data.mkdir()
    table = (ROOT / "model" / "data" / "parameters.csv").read_text(encoding="utf-8")
    (data / "parameters.csv").write_text(table, encoding="utf-8")
    monkeypatch.setattr(script, "DATA", data)
    monkeypatch.setattr(script, "RECORD", tmp_path / "calibration.json")
    monkeypatch.setattr(judging, "judge_shipped", lambda record: {"worst": 1.0})
    return script


def finished(folder: Path) -> Path:
    folder.mkdir()
    (folder / "collection.csv").write_text(COLLECTION, encoding="utf-8")
    (folder / "calibration.json").write_text('{"kept": 2}', encoding="utf-8")
    return folder


def rows_of(text: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_member_becomes_the_shipped_vector(adopt: ModuleType, tmp_path: Path) -> None:
    adopt.main(finished(tmp_path / "out"), "v001")
    table = rows_of((tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8"))
    assert (table["price_speed"]["value"], table["price_speed"]["status"]) == (
        "0.432",
        "calibrated",
    )
    assert table["price_speed"]["source"].count("history matching on outcomes to 2024") == 1
    record = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert record == {"kept": 2, "adopted": "v001", "now": {"worst": 1.0}}
    assert (tmp_path / "data" / "collection.csv").read_text(encoding="utf-8") == COLLECTION


@pytest.mark.parametrize("broken", ["member", "folder"])
def test_what_cannot_be_taken_in_changes_nothing(
    adopt: ModuleType, tmp_path: Path, broken: str
) -> None:
    folder = finished(tmp_path / "out")
    if broken == "folder":
        (folder / "calibration.json").unlink()
    before = (tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8")
    said = "'v999' is not in the collection" if broken == "member" else "no finished calibration"
    with pytest.raises(SystemExit, match=said):
        adopt.main(folder, "v999" if broken == "member" else "v001")
    assert (tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8") == before
    assert not (tmp_path / "data" / "collection.csv").exists()
    assert not (tmp_path / "calibration.json").exists()


def test_the_shipped_vector_is_judged_by_the_record_of_the_calibration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run that gives every target its record is not implausible; one that misses two is."""
    record: dict[str, Any] = json.loads(
        (ROOT / "docs" / "calibration.json").read_text(encoding="utf-8")
    )
    missed = [row["id"] for row in record["targets"] if not row["structural"]][:2]

    def perfect(scenario: Any, seed: int, targets: Any) -> dict[str, float]:
        return {row.id: row.value for row in targets}

    def poor(scenario: Any, seed: int, targets: Any) -> dict[str, float]:
        return {row.id: row.value * (9.0 if row.id in missed else 1.0) for row in targets}

    monkeypatch.setattr(judging, "run_evidence", perfect)
    good = judge_shipped(record)
    monkeypatch.setattr(judging, "run_evidence", poor)
    assert good["worst"] < 1e-9
    assert judge_shipped(record)["worst"] > 3.0
    page = calibration_page(record | {"now": good})
    assert "shipped now has implausibility 0.00" in page
