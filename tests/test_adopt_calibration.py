"""Taking a calibration into the project: everything is read before anything is written."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.calibration import central as choosing
from coercivity.experiments.calibration import office
from coercivity.experiments.calibration import shipped as judging
from coercivity.experiments.calibration.central import Central
from coercivity.experiments.calibration.shipped import judge_shipped
from coercivity.experiments.worlds import draws as drawing
from coercivity.experiments.worlds.draws import Collection
from coercivity.viz.pages.calibration import calibration_page

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = "id,price_speed,rent_speed\nv001,0.4321,0.5\nv002,0.25,0.75\n"
FINISHED = {  # one is calibrated
    "kept": 2,
    "level": 3.0,
    "parameters": [{"name": "price_speed"}],
    "office": {},
}


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
    monkeypatch.setattr(judging, "judge_shipped", lambda record, values: {"worst": 1.0})
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
    assert (table["price_speed"]["value"], table["price_speed"]["status"]) == (
        "0.432",
        "calibrated",
    )
    assert table["price_speed"]["source"].count("history matching on outcomes to 2024") == 1
    assert table["rent_speed"] == before["rent_speed"]  # was drawn with the vector, no more
    record = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert record == {**FINISHED, "adopted": "v001", "central": {}, "now": {"worst": 1.0}}
    assert (tmp_path / "data" / "collection.csv").read_text(encoding="utf-8") == COLLECTION


def test_none_leaves_the_shipped_values_as_they_are(adopt: ModuleType, tmp_path: Path) -> None:
    before = (tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8")
    adopt.main(finished(tmp_path / "out"), "none")
    assert (tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8") == before
    assert (tmp_path / "data" / "collection.csv").read_text(encoding="utf-8") == COLLECTION


def test_without_a_name_the_most_central_member_that_is_not_ruled_out_is_taken(
    adopt: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """v002 lies in the bulk, but beside the values of the table it would not be kept."""
    sides = np.array([[[0.5]], [[0.1]]])
    held = Collection(("v001", "v002"), ("price_speed",), np.array([[0.4321], [0.25]]))
    monkeypatch.setattr(choosing, "most_central", lambda names: Central(held.ids, sides, sides))
    monkeypatch.setattr(choosing, "SCENARIOS", ("business-as-usual",))
    monkeypatch.setattr(choosing, "SERIES", ("price_dy_china",))
    monkeypatch.setattr(drawing, "load_collection", lambda: held)
    monkeypatch.setattr(
        judging,
        "judge_shipped",
        lambda record, values=None: {"worst": 3.5 if values == {"price_speed": 0.25} else 1.0},
    )
    adopt.main(finished(tmp_path / "out"))
    record = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert (record["adopted"], record["central"]["passed_over"]) == ("v001", {"v002": 3.5})
    assert record["central"]["outside"] == {"business-as-usual": {"price_dy_china": [0.5, 0.5]}}
    table = rows_of((tmp_path / "data" / "parameters.csv").read_text(encoding="utf-8"))
    assert table["price_speed"]["value"] == "0.432"


def test_an_older_calibration_gets_its_offices(
    adopt: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it held of the office, gone parameters among it, is replaced."""

    def simulate(task: office.Task) -> np.ndarray:
        far = dict(task.parameters)["licence_room"] - 1.0
        return np.tile(office.office_objective().values + far, (task.seeds, 1))

    def here(function: Any, tasks: Any, workers: int) -> list[Any]:
        return [function(task) for task in tasks]

    monkeypatch.setattr(office, "run_office", simulate)
    monkeypatch.setattr(office, "each", here)
    folder = finished(tmp_path / "out")
    old = "id,price_speed,licence_gone\nv001,0.4321,0.5\nv002,0.25,0.75\n"
    (folder / "collection.csv").write_text(old, encoding="utf-8")
    before = {name: value for name, value in FINISHED.items() if name != "office"}
    (folder / "calibration.json").write_text(json.dumps(before), encoding="utf-8")
    adopt.main(folder, "none")
    text = (tmp_path / "data" / "collection.csv").read_text(encoding="utf-8")
    header = text.splitlines()[0].split(",")
    assert set(header) == {"id", "price_speed", *office.office_names()}
    assert (folder / "collection.csv").read_text(encoding="utf-8") == text
    record = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert record["office"]["together"]["members"] == 2


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
