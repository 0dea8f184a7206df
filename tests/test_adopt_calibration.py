"""Taking a calibration into the project: everything is read before anything is written."""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.calibration import calibration_files as writing
from coercivity.experiments.calibration import shipped as judging
from coercivity.experiments.calibration.licence_targets import licence_objective
from coercivity.experiments.calibration.shipped import judge_shipped
from coercivity.model.results.result import model_version
from tools.docs import choose_shipped_vector as choosing
from tools.docs.believed import judge as believed
from tools.docs.choose_shipped_vector import Central
from tools.docs.pages.calibration import calibration_page

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = "id,belief_speed,rent_speed\nv001,0.4321,0.5\nv002,0.25,0.75\n"
FINISHED = {
    "code": "f1",
    "version": model_version(),
    "parameters": [{"name": "belief_speed"}],  # one is calibrated
    "screening": {"belief_speed": 0.6, "rent_speed": 0.0},
    "members_likely": {"median": -40.0},
    "again": {"asked": "a1", "targets": {"v001": [], "v002": []}},
    "line": "2025-12",
}


@pytest.fixture
def adopt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script with a project of its own."""
    script = importlib.import_module("tools.docs.adopt_calibration")
    data = tmp_path / "data"
    data.mkdir()
    table = (ROOT / "model" / "data" / "parameters.csv").read_text(encoding="utf-8")
    (data / "parameters.csv").write_text(table, encoding="utf-8")
    monkeypatch.setattr(script, "DATA", data)
    monkeypatch.setattr(script, "RECORD", tmp_path / "calibration.json")
    monkeypatch.setattr(judging, "judge_shipped", lambda record, values: {"likely": -30.0})
    monkeypatch.setattr(writing, "fitted_code", lambda names: "f1")
    monkeypatch.setattr(script, "recheck_fingerprint", lambda: "a1")
    monkeypatch.setattr(script, "bulk", lambda values: {})
    return script


def finished(folder: Path) -> Path:
    folder.mkdir()
    (folder / "collection.csv").write_text(COLLECTION, encoding="utf-8")
    (folder / "calibration.json").write_text(json.dumps(FINISHED), encoding="utf-8")
    return folder


def rows_of(text: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_member_becomes_the_shipped_vector(adopt: ModuleType, tmp_path: Path) -> None:
    before = rows_of((tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8"))
    adopt.main(finished(tmp_path / "out"), "v001")
    table = rows_of((tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8"))
    assert (table["belief_speed"]["value"], table["belief_speed"]["status"]) == (
        "0.432",
        "calibrated",
    )
    assert re.findall(r"by outcomes to (\d+)", table["belief_speed"]["source"]) == ["2025"]
    was = before["rent_speed"]  # drawn with the vector: its value comes with it, not the status
    assert (table["rent_speed"]["value"], table["rent_speed"]["status"]) == ("0.5", was["status"])
    record = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert record == {
        **FINISHED,
        "adopted": "v001",
        "central": {},
        "now": {"likely": -30.0, "bulk": {}},
    }
    assert (tmp_path / "data" / "collection.csv").read_text(encoding="utf-8") == COLLECTION


@pytest.mark.parametrize(("misses", "taken"), [(0, "v002"), (1, "v001")])
def test_without_a_name_the_most_central_member_that_is_believed_is_taken(
    adopt: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, misses: int, taken: str
) -> None:
    """v002 lies in the bulk and misses some figures; v001 misses none, or all two."""
    beside: list[Any] = []

    def central(vectors: Any) -> Central:
        beside.append(tuple(vectors))
        return Central(tuple(vectors), np.array([[[0.5]], [[0.1]]]), np.array([[[0.5]], [[0.1]]]))

    def missed(values: dict[str, float]) -> dict[str, float]:
        count = misses if values["belief_speed"] == 0.25 else 4 * (misses == 3)
        return {f"figure_{at}": 1.0 for at in range(count)}

    monkeypatch.setattr(choosing, "most_central", central)
    monkeypatch.setattr(believed, "newly_missed", missed)
    adopt.main(finished(tmp_path / "out"))
    record = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert beside == [("v001", "v002")]
    assert (record["adopted"], record["central"]["member"]) == (taken, taken)
    assert len(record["central"]["missed"]) == (1 if misses == 0 else 2)
    table = rows_of((tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8"))
    assert float(table["belief_speed"]["value"]) == {"v001": 0.432, "v002": 0.25}[taken]


BROKEN = {
    "member": "MEMBER 'v999' is not one",
    "folder": "no finished calibration",
    "half": "calibration.json is damaged",
    "older": "is of older code, without members_likely; calibrate anew",
    "line": "was asked other targets or ranges, to 2024-12; calibrate anew",
    "asked": "was asked other targets or ranges, to 2025-12; calibrate anew",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_cannot_be_taken_in_changes_nothing(
    adopt: ModuleType, tmp_path: Path, broken: str
) -> None:
    folder = finished(tmp_path / "out")
    if broken == "folder":
        (folder / "calibration.json").unlink()
    before = (tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8")
    if broken == "half":
        (folder / "calibration.json").write_text(json.dumps(FINISHED)[:80], encoding="utf-8")
    if broken == "older":
        older = {name: part for name, part in FINISHED.items() if name != "members_likely"}
        (folder / "calibration.json").write_text(json.dumps(older), encoding="utf-8")
    asked = {"line": {"line": "2024-12"}, "asked": {"again": {"asked": "b2"}}}
    if broken in asked:
        text = json.dumps(FINISHED | asked[broken])
        (folder / "calibration.json").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=BROKEN[broken]):
        adopt.main(folder, "v999" if broken == "member" else "v001")
    assert (tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8") == before
    assert not (tmp_path / "data" / "collection.csv").exists()
    assert not (tmp_path / "calibration.json").exists()


def test_the_shipped_vector_is_judged_by_the_record_of_the_calibration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that gives every target its record is as likely as can be; one that misses two is not."""
    record: dict[str, Any] = json.loads(
        (ROOT / "docs" / "calibration.json").read_text(encoding="utf-8")
    )
    missed = [row["id"] for row in record["targets"]][:2]

    def perfect(scenario: Any, seed: int, targets: Any) -> dict[str, float]:
        return {row.id: row.value for row in targets}

    def poor(scenario: Any, seed: int, targets: Any) -> dict[str, float]:
        return {row.id: row.value * (9.0 if row.id in missed else 1.0) for row in targets}

    licences = np.tile(licence_objective().values, (record["setting"]["seeds"], 1))
    monkeypatch.setattr(judging, "run_licences", lambda task: licences)
    monkeypatch.setattr(judging, "run_evidence", perfect)
    good = judge_shipped(record)
    monkeypatch.setattr(judging, "run_evidence", poor)
    assert good["likely"] == pytest.approx(0.0, abs=1e-9)
    assert judge_shipped(record)["likely"] < -5.0
    page = calibration_page(record | {"now": good})
    assert "the one that is shipped now -0.0" in page.replace("now 0.0", "now -0.0")
