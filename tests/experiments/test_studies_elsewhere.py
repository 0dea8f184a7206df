"""Studies of other facts find what a process with those facts finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import coercivity
from coercivity.experiments.sweep.export import recompute_row
from coercivity.model.basis.facts import load_table
from tests.data_folders import with_facts, write_rows

GALLIUM = "gallium-germanium"
MINE = "a threshold of mine"
CUT = ("gallium-germanium-2023", "2023-09")
ASKED = """
import json, sys
import coercivity
design, folder = json.loads(sys.argv[1]), sys.argv[2]
one = coercivity.load_design(design)
found = coercivity.sensitivity(folder)
print(json.dumps({
    "digest": one.contents[0].digest(),
    "fingerprint": one.fingerprint(),
    "problem": one.problem(groups=True),
    "plain": one.to_dict(),
    "table": found.table().to_json(),
    "sentences": found.sentences,
}))
"""
CUT_OFF = """
import json
import coercivity
found = coercivity.leverage("gallium-germanium-2023", "2023-09", target="Japan")
flows = coercivity.licence_flows("gallium-germanium-2023", months=12)
print(json.dumps([
    found.table().to_json(), found.scenario.fingerprint(), flows.frame().to_json(), flows.goods,
    flows.keeps_still,
]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("facts") / "mine"
    place.mkdir()
    row = next(row for row in load_table("prices_start") if row["good"] == "dysprosium_oxide")
    write_rows(place, "prices_start", {**row, "usd_per_kg": 500.0})
    (said,) = load_table("claims").where(id="C4")
    write_rows(place, "claims", {**said, "threshold": MINE})
    return place


@pytest.fixture(scope="module")
def design(folder: Path) -> dict[str, Any]:
    return {
        "scenario": "business-as-usual",
        "data": str(folder),
        "months": 3,
        "method": "oat",
        "parameters": ["belief_speed"],
        "outcomes": ["world_price_dy_end"],
    }


@pytest.fixture(scope="module")
def swept(design: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A sweep that tells its progress."""
    out = tmp_path_factory.mktemp("swept") / "runs"
    told: list[Any] = []
    found = coercivity.sweep(design, out, workers=1, progress=told.append)
    assert told[-1].done == found.runs == 3
    return found


def test_a_sweep_of_other_facts_is_exported_and_computed_again(swept: Any, tmp_path: Path) -> None:
    written = swept.export(tmp_path / "runs.csv")
    lines = written.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + swept.runs == 4
    assert list(swept.table()["status"]) == ["done"] * 3
    assert recompute_row(swept.folder, 0).all_equal
    with pytest.raises(coercivity.InputError, match=r"to 'runs\.txt'"):
        swept.export("runs.txt")
    with pytest.raises(coercivity.InputError, match=r"^design 'nowhere\.yaml' is not there"):
        coercivity.sweep("nowhere.yaml", tmp_path / "out")


def test_designs_and_sensitivity_say_what_they_say_where_the_facts_hold(
    swept: Any, design: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    done = with_facts(folder, ASKED, json.dumps(design), str(swept.folder))
    assert done.returncode == 0, done.stderr
    wanted = json.loads(done.stdout)
    one = coercivity.load_design(design)
    assert one.run_count == 3
    assert one.contents[0].digest() == wanted["digest"]
    assert one.fingerprint() == wanted["fingerprint"]
    assert one.problem(groups=True) == wanted["problem"]
    assert one.to_dict() == wanted["plain"]
    again = coercivity.sweep(one, tmp_path / "again", workers=1)
    assert again.table().equals(swept.table())
    found = coercivity.sensitivity(swept)
    assert found.table().to_json() == wanted["table"]
    assert list(found.sentences) == wanted["sentences"]
    assert found.sample.unit("world_price_dy_end") == "USD/kg"
    shipped = coercivity.load_design({**design, "data": ""})
    assert shipped.fingerprint() != one.fingerprint()


def test_a_cut_off_and_licences_of_other_facts() -> None:
    done = with_facts(GALLIUM, CUT_OFF)
    assert done.returncode == 0, done.stderr
    table, fingerprint, frame, goods, still = json.loads(done.stdout)
    found = coercivity.leverage(*CUT, target="Japan", data=GALLIUM)
    assert found.table().to_json() == table
    assert found.scenario.fingerprint() == fingerprint
    flows = coercivity.licence_flows(CUT[0], months=12, data=GALLIUM)
    assert flows.frame().to_json() == frame
    assert list(flows.goods) == goods
    assert flows.keeps_still == still
    assert any("gallium" in good for good in flows.goods)
