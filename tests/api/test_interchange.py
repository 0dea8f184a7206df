"""The commands for other people's tools: what they print and write, one line for wrong input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coercivity.experiments.interchange.scenario_schema import scenario_schema
from tests.terminal import call, in_one_line


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty folder to stand in, with a design."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "design.yaml").write_text(
        "scenario: japan-2026\nparameters: {over_compliance: [0, 1]}\n", encoding="utf-8"
    )
    return tmp_path


def test_a_package_is_written(place: Path) -> None:
    shown = call("datapackage", "firms", "--out", "package")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("1 table and datapackage.json in ")
    assert sorted(path.name for path in (place / "package").iterdir()) == [
        "datapackage.json",
        "firms.csv",
    ]


def test_a_schema_is_printed_or_written(place: Path) -> None:
    shown = call("schema", "scenario")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout) == json.loads(json.dumps(scenario_schema()))
    shown = call("schema", "design", "--out", "design.schema.json")
    assert "# yaml-language-server: $schema=design.schema.json" in shown.stdout
    told = json.loads((place / "design.schema.json").read_text(encoding="utf-8"))
    assert told["title"] == "Coercivity design of a sweep"


def test_a_problem_is_printed(place: Path) -> None:
    shown = call("sweep", "problem", "design.yaml", "--groups")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout) == {
        "num_vars": 1,
        "names": ["over_compliance"],
        "bounds": [[0.0, 1.0]],
        "groups": ["controls"],
    }
    assert json.loads(call("sweep", "problem").stdout)["num_vars"] > 50


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("datapackage", "firm", "--out", "new"), "table 'firm' is not known; did you mean"),
        (("schema", "scenarios"), "KIND 'scenarios' has no schema; did you mean 'scenario'?"),
        (("schema", "design", "--out", "a.yaml"), "does not end in .json"),
        (("crate", "none"), "holds neither manifest.json nor sweep.json"),
    ],
)
def test_wrong_input_costs_one_line(arguments: tuple[str, ...], says: str, place: Path) -> None:
    assert says in in_one_line(*arguments)
    assert [path.name for path in place.iterdir()] == ["design.yaml"]
