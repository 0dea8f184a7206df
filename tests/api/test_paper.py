"""`coercivity paper`: one document as JSON, one line for wrong input before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer.testing

from coercivity.cli import app
from coercivity.experiments.paper import starts


def call(*arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(app, ["paper", *arguments])


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the starts that were built; the part itself is short."""
    calls: list[str] = []
    # type: ignore[func-returns-value]
    monkeypatch.setattr(starts, "build", lambda order: calls.append("starts") or {"starts": []})
    return calls


def test_a_part_is_made_and_kept(tmp_path: Path, built: list[str]) -> None:
    out = str(tmp_path / "kit")
    first = call("--out", out, "--parts", "starts", "--quick", "--json")
    assert first.exit_code == 0, first.output
    (part,) = json.loads(first.stdout)["parts"]
    assert (part["part"], part["state"]) == ("starts", "built")
    assert "pages/starts.md" in part["files"]
    crate = (tmp_path / "kit" / "ro-crate-metadata.json").read_text(encoding="utf-8")
    assert "pages/starts.md" in crate
    again = call("--out", out, "--parts", "starts", "--quick")
    assert again.exit_code == 0, again.output
    assert "starts       kept" in again.stdout
    assert "1 of 1" in again.stderr
    assert built == ["starts"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--parts", "claim"), "'claim' is not a part; did you mean"),
        (("--parts", ""), "name some of claims"),
        (("--draws", "0"), "--draws '0'"),
        (("--draws", "many"), "--draws 'many'"),
        (("--workers", "-1"), "--workers '-1'"),
    ],
)
def test_wrong_input_costs_one_line_and_no_folder(
    arguments: tuple[str, ...], says: str, tmp_path: Path, built: list[str]
) -> None:
    out = tmp_path / "kit"
    shown = call("--out", str(out), *arguments)
    assert shown.exit_code == 2
    assert says in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
    assert not out.exists()
    assert not built


def test_a_folder_in_use_is_left_alone(tmp_path: Path, built: list[str]) -> None:
    (tmp_path / "thesis.md").write_text("mine", encoding="utf-8")
    shown = call("--out", str(tmp_path), "--parts", "starts")
    assert (shown.exit_code, built) == (2, [])
    assert "in use (it holds thesis.md)" in shown.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.md"]
