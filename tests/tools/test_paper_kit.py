"""The paper kit: parts are built once, kept while the same is asked, never lost by a crash, equal
byte for byte; and what each part asks for, whole and in a hurry.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.fingerprints import reachable_modules, results_code
from coercivity.model.basis.errors import InputError
from coercivity.viz.page_data.shown_results import MADE_BY, read_document
from tools.docs.kit import (
    __main__,
    build,
    episodes,
    sensitivity,
    starts,
)
from tools.docs.kit.build import BUILT, KEPT, Plan, key_of, make_paper
from tools.docs.kit.documents import Document, Order, document, to_plain_values, to_text
from tools.docs.kit.kit_steps import KIT, PARTS

ROOT = Path(__file__).resolve().parents[2]
TWO = (PARTS["episodes"], PARTS["starts"])
KEY = {"coercivity": "0.0", "code": "c0de", "worlds": 0, "quick": True, "collection": ""}


class Kit:
    """A kit of two parts whose builders only count how often they are called."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.calls, self.fails = folder, {"episodes": 0, "starts": 0}, ""
        patch.setattr(episodes, "build", lambda order: self.build("episodes", order))
        patch.setattr(starts, "build", lambda order: self.build("starts", order))
        patch.setattr(build, "files_of", self.render)

    def build(self, part: str, order: Order) -> dict[str, Any]:
        self.calls[part] += 1
        if self.fails == part:
            raise RuntimeError("crash")
        return {"value": 1.0 / 3.0, "worlds": order.worlds}

    def render(self, held: Document) -> dict[str, str | bytes]:
        if self.fails == "page":
            raise RuntimeError("page")
        return {f"pages/{held['part']}.md": f"{held['found']['value']}"}

    def make(self, **asked: Any) -> dict[str, str]:
        return make_paper(self.folder, Plan(**{"parts": TWO, **asked}))

    def manifest(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        return held


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path / "kit", monkeypatch)


def test_what_a_part_rests_on_is_found_from_its_imports() -> None:
    rests = reachable_modules(MADE_BY["claims"])
    wanted = ("claims.bans_on_japan", "worlds.draws", "questions.leverage", "quantities.watch")
    assert {f"coercivity.experiments.{name}" for name in wanted} <= set(rests)
    assert not [name for name in rests if "backtest" in name], "a change elsewhere spoils claims"
    own = reachable_modules(f"{KIT}.episodes", ("coercivity.experiments", "tools.docs"))
    assert {f"{KIT}.depths", f"{KIT}.stock_cover", "coercivity.experiments.worlds.twin"} <= set(own)


@pytest.mark.parametrize("part", MADE_BY)
def test_results_that_ship_rest_on_what_is_installed(part: str) -> None:
    assert key_of(PARTS[part], Plan())["code"] == results_code(MADE_BY[part])
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert not [name for name in packages["packages"] if "tools" in name]


def test_the_same_is_built_once_and_what_is_asked_otherwise_anew(kit: Kit) -> None:
    assert kit.make(worlds=3) == {"episodes": BUILT, "starts": BUILT}
    results = (kit.folder / "results" / "episodes.json").read_bytes()
    assert kit.make(worlds=3) == {"episodes": KEPT, "starts": KEPT}
    assert (kit.folder / "results" / "episodes.json").read_bytes() == results
    assert kit.calls == {"episodes": 1, "starts": 1}
    assert kit.make(worlds=4) == {"episodes": BUILT, "starts": KEPT}, "the starts have no draws"
    assert read_document(kit.folder / "results" / "episodes.json")["found"]["worlds"] == 4


def test_a_lost_page_is_drawn_again_and_a_changed_result_is_built_again(kit: Kit) -> None:
    kit.make()
    (kit.folder / "pages" / "starts.md").unlink()
    path = kit.folder / "results" / "episodes.json"
    path.write_text(path.read_text("utf-8").replace("0.33333333", "0.4"), encoding="utf-8")
    assert kit.make() == {"episodes": BUILT, "starts": KEPT}
    assert (kit.folder / "pages" / "starts.md").is_file()
    assert "0.33333333" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("fails", "kept"), [("starts", {"episodes": 1, "starts": 2}), ("page", {"episodes": 1})]
)
def test_a_crash_loses_one_part_at_most_and_a_fault_in_a_page_none(
    kit: Kit, fails: str, kept: dict[str, int]
) -> None:
    kit.fails = fails
    with pytest.raises(RuntimeError):
        kit.make()
    assert list(kit.manifest()["parts"]) == ["episodes"]
    kit.fails = ""
    assert kit.make() == {"episodes": KEPT, "starts": BUILT}
    assert kit.calls.items() >= kept.items()


def test_the_manifest_says_what_made_each_file(kit: Kit) -> None:
    kit.make(worlds=2)
    held = kit.manifest()
    part = held["parts"]["episodes"]
    assert held["packages"]["numpy"]
    assert len(held["model_code"]) == 16
    assert part["command"] == "python -m tools.docs.kit DIR --parts episodes --draws 2"
    assert part["title"] == PARTS["episodes"].title
    assert part["seeds"] == [1, 2]
    assert part["scenarios"]["embargo-2010"]
    assert len(part["files"]) == 2
    for name, sum_ in part["files"].items():
        assert hashlib.sha256((kit.folder / name).read_bytes()).hexdigest() == sum_
        assert f"`{name}`" in (kit.folder / "README.md").read_text(encoding="utf-8")


def test_a_folder_that_does_not_fit_is_refused_before_anything_runs(kit: Kit) -> None:
    kit.make()
    with pytest.raises(InputError, match="was made with quick False, and this is True"):
        kit.make(quick=True)
    path = kit.folder / "manifest.json"
    newer = path.read_text("utf-8").replace('"coercivity": "', '"coercivity": "9.', 1)
    for changed, says in ((newer, "made with coercivity 9."), ("{}", "none of"), ("{", "damaged")):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(InputError, match=says):
            kit.make()
    path.unlink()
    with pytest.raises(InputError, match=r"in use \(it holds "):
        kit.make()
    assert kit.calls == {"episodes": 1, "starts": 1}


# ---------------------------------------------------------------- the command


def test_two_kits_are_equal_byte_for_byte_and_have_a_crate(tmp_path: Path) -> None:
    """The starts in earnest: results, pages, tables; times stand in manifest and crate alone."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        assert __main__.main([str(folder), "--parts", "starts"]) == 0
    one, two = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert {"results/starts.json", "pages/starts.md", "tables/starts.csv"} <= set(one)
    assert {name for name in one if one[name] != two.get(name)} <= {
        "manifest.json",
        "ro-crate-metadata.json",
    }
    assert b"pages/starts.md" in one["ro-crate-metadata.json"]
    assert {b"2009-01", b"2024-01"} <= set(re.split(rb"[,\n]", one["tables/starts.csv"]))


def test_documents_hold_plain_finite_numbers() -> None:
    values = {"a": float("nan"), "b": (1, 2.0 / 3.0), "c": float("inf"), "d": True}
    held = document("starts", KEY, values)
    assert held["found"] == {"a": None, "b": [1, 0.66666667], "c": None, "d": True}
    assert json.loads(to_text(held)) == held
    assert to_plain_values(to_plain_values(held)) == held


@pytest.mark.slow
def test_the_whole_kit_in_a_hurry(tmp_path: Path) -> None:
    """Every part with --quick, twice: equal files; every claim has a verdict."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        make_paper(folder, Plan(quick=True, workers=1))
    for kind in ("results", "pages", "tables", "figures"):
        for path in (folders[0] / kind).rglob("*.*"):
            twin = folders[1] / path.relative_to(folders[0])
            assert path.read_bytes() == twin.read_bytes(), path.name
    found = read_document(folders[0] / "results" / "claims.json")["found"]["claims"]
    assert len(found) == 16
    assert all(one["verdict"] for one in found)


# ---------------------------------------------------------------- what each part asks for


def test_the_screen_is_the_one_that_users_can_run() -> None:
    shipped = load_design("sensitivity-morris")
    assert sensitivity.screen_design().fingerprint() == shipped.fingerprint()
