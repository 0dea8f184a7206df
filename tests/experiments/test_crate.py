"""The RO-Crate beside a manifest: the musts of RO-Crate 1.1 and of Process Run Crate 0.5, checked
on folders of each kind.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from coercivity.experiments.interchange.crate import CRATE, FILE, FORMATS, PROFILE, write_crate
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.worlds.output_tables import manifest, write_manifest, write_tables
from coercivity.model.basis.errors import InputError
from coercivity.model.results.result import model_version
from tests.fake_result import fake_run_worlds, fake_scenario
from tools.check.sweep_stand_in import stand_in

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00")


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The folder of a comparison of two worlds."""
    folder = tmp_path / "a comparison"
    folder.mkdir()
    worlds = fake_run_worlds(fake_scenario(), range(1, 3))
    base = fake_run_worlds(fake_scenario(ban=False, name="calm"), range(1, 3))
    write_manifest(manifest(worlds, write_tables(worlds, folder, base), base), folder)
    (folder / "report.html").write_text("<html></html>", encoding="utf-8")
    return folder


@pytest.fixture
def swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a sweep of 12 runs in chunks of 5."""
    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.evaluate", stand_in)
    asked = {"name": "clock", "why": "Does a slow office hurt?", "scenario": "japan-2026-from-2024"}
    asked |= {"months": 12, "seeds": 3, "outcomes": ["firms_stopped"]}
    asked["parameters"] = {"licence_clock_months": [1, 2, 3, 4]}
    run_sweep(asked, tmp_path / "sweep", 1, chunk=5)
    return tmp_path / "sweep"


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Write the crate of a folder; its entities by id, after the checks that hold for every one."""
    assert write_crate(folder) == folder.resolve() / FILE
    crate = json.loads((folder / FILE).read_text(encoding="utf-8"))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {one["@id"]: one for one in crate["@graph"]}
    assert len(entities) == len(crate["@graph"]), "an id stands twice"
    check(entities, folder)
    return entities


def ids(value: Any) -> list[str]:
    """What references name: one alone stands without a list around it."""
    assert not isinstance(value, list) or len(value) != 1
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]


def check(entities: dict[str, dict[str, Any]], folder: Path) -> None:
    """The musts of the two specifications."""
    about, root = entities[FILE], entities["./"]
    assert (about["@type"], about["about"]) == ("CreativeWork", {"@id": "./"})
    assert about["conformsTo"] == {"@id": CRATE}
    assert root["@type"] == "Dataset"
    assert DAY.fullmatch(root["datePublished"])
    licence = entities[root["license"]["@id"]]
    assert all((root["name"], root["description"], licence["name"], licence["description"]))
    assert entities[root["conformsTo"]["@id"]]["@id"] == PROFILE
    for one in entities.values():
        assert one["@type"]
        for value in one.values():
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):  # flat: nothing but references
                    assert set(inner) == {"@id"}
                    assert inner["@id"] in entities or inner["@id"] == CRATE, inner
    files = {name for name, one in entities.items() if one["@type"] == "File"}
    assert set(ids(root["hasPart"])) == files
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != FILE]
    assert {unquote(name) for name in files} == {p.relative_to(folder).as_posix() for p in paths}
    for name in files:
        assert " " not in name
        assert int(entities[name]["contentSize"]) == (folder / unquote(name)).stat().st_size
        assert entities[name]["encodingFormat"] == FORMATS[Path(name).suffix]
    acts = [one for one in entities.values() if one["@type"] == "CreateAction"]
    assert acts
    assert set(ids(root["mentions"])) == {act["@id"] for act in acts}
    for act in acts:
        tool = entities[act["instrument"]["@id"]]
        assert (tool["@type"], tool["name"]) == ("SoftwareApplication", "Coercivity")
        assert all((tool["softwareVersion"], act["object"], act["name"], act["description"]))
        assert set(ids(act["result"])) <= files
        kinds = {entities[one]["@type"] for one in ids(act["object"])}
        assert kinds <= {"File", "CreativeWork", "PropertyValue"}
        if act["actionStatus"].endswith("CompletedActionStatus"):
            assert TIME.fullmatch(act["endTime"])


def test_a_comparison_tells_scenarios_seeds_tables_and_version(ran: Path) -> None:
    entities = read(ran)
    act = entities["#run-1"]
    asked = [entities[one] for one in ids(act["object"])]
    names = ["Scenario calm", "Scenario fake-ban", "months", "seeds"]
    assert [one["name"] for one in asked] == names
    assert asked[1]["text"] == fake_scenario().to_yaml()
    assert asked[3]["value"] == "1, 2"
    results = set(ids(act["result"]))
    assert {"prices.parquet", "report.html"} <= results
    assert "manifest.json" not in results
    assert "home in USD/kg" in entities["prices.parquet"]["description"]


def test_a_sweep_tells_its_design_its_parts_and_whether_it_is_whole(swept: Path) -> None:
    entities = read(swept)
    act = entities["#run-1"]
    assert (act["name"], act["description"]) == ("Sweep clock", "Does a slow office hurt?")
    assert act["object"] == {"@id": "sweep.json"}
    assert len(ids(act["result"])) == 6
    assert entities["parts/part-00002.parquet"]["description"] == "Runs 10 to 11, one a row"
    assert act["actionStatus"] == "http://schema.org/CompletedActionStatus"
    assert entities[act["instrument"]["@id"]]["softwareVersion"] == model_version()
    (swept / "parts" / "part-00001.parquet").unlink()
    act = read(swept)["#run-1"]
    assert act["actionStatus"] == "http://schema.org/ActiveActionStatus"
    assert "endTime" not in act


def test_what_somebody_laid_into_the_folder_is_told_and_what_is_hidden_is_not(ran: Path) -> None:
    pd.DataFrame({"a": [1]}).to_csv(ran / "mine.csv")
    (ran / ".cache").mkdir()
    (ran / ".cache" / "x.csv").write_text("x", encoding="utf-8")
    write_crate(ran)
    named = {one["@id"] for one in json.loads((ran / FILE).read_text())["@graph"]}
    assert "mine.csv" in named
    assert not any("cache" in name for name in named)


@pytest.mark.parametrize("text", ["[1]", '{"kit": "paper"}'])
def test_a_manifest_of_something_else_costs_one_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds neither manifest\.json nor sweep\.json"):
        write_crate(tmp_path)
    for name in ("manifest.json", "sweep.json"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=f"{name} is damaged, or none of Coercivity's"):
            write_crate(tmp_path)
    assert not (tmp_path / FILE).exists()
