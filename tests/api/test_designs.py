"""`coercivity sweep designs` and `sweep new`, and designs by name wherever one is asked for."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
import yaml

from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.shipped_designs import design_path, list_designs
from coercivity.model.basis.errors import InputError
from tests import terminal


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


call = partial(terminal.call, "sweep")
refused = partial(terminal.in_one_line, "sweep")


def test_designs_are_listed_with_their_questions() -> None:
    found = json.loads(call("designs", "--json").stdout)
    assert [one["name"] for one in found] == list(list_designs())
    assert all(one["why"] for one in found)
    quick = next(one for one in found if one["name"] == "japan-quick")
    assert (quick["method"], quick["runs"]) == ("list", 36)  # 3 scenarios, 3 points, 4 seeds
    table = call("designs").stdout
    assert all(name in table for name in list_designs())


def test_a_new_design_is_accepted_as_it_is() -> None:
    shown = call("new", "mine.yaml")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "coercivity sweep run mine.yaml --out DIR" in shown.stdout
    assert load_design("mine.yaml").name == "mine"
    assert "#" in Path("mine.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list_designs())
def test_a_copy_asks_the_same_under_another_name(name: str) -> None:
    assert call("new", "mine.yaml", "--from", name).exit_code == 0
    copied, shipped = Path("mine.yaml").read_text(encoding="utf-8"), design_path(name).read_text()
    assert copied == shipped.replace(f"name: {name}\n", "name: mine\n")
    one, other = load_design("mine.yaml"), load_design(name)
    assert (one.name, one.to_dict() | {"name": name}) == ("mine", other.to_dict())


@pytest.mark.parametrize("name", ["yes", "a: b", "grün"])
def test_a_file_may_have_any_name(name: str) -> None:
    shown = call("new", f"./{name}.yaml", "--from", "seeds-only")
    assert shown.exit_code == 0, shown.stderr
    held = yaml.safe_load(Path(f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(held["name"], str)
    load_design(f"./{name}.yaml")


def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(place: Path) -> None:
    Path("mine.yaml").write_text("mine")
    assert "'mine.yaml' is there already" in refused("new", "mine.yaml")
    assert "write for example mine.yaml" in refused("new", "mine.txt")
    assert "cannot be written" in refused("new", "nowhere/mine.yaml")
    assert "did you mean 'japan-quick'?" in refused("new", "other.yaml", "--from", "japan-quik")
    assert "did you mean 'japan-quick'?" in refused("run", "japan-quik", "--out", "out")
    assert [path.name for path in place.iterdir()] == ["mine.yaml"]
    assert Path("mine.yaml").read_text() == "mine"


def test_a_name_is_a_shipped_design_whatever_lies_here() -> None:
    Path("japan-quick").write_text("scenario: truce\n")
    assert load_design("japan-quick").scenarios[0] == "japan-2026"
    assert load_design("./japan-quick").scenarios == ("truce",)
    assert load_design(Path("japan-quick")).scenarios == ("truce",)
    with pytest.raises(InputError, match="did you mean 'japan-quick'"):
        load_design("japan-quickly")
