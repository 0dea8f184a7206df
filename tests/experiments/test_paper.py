"""The paper kit: parts are built once, kept while the same is asked, never lost by a crash, and
equal byte for byte.
"""

from __future__ import annotations

import csv
import errno
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.paper import build, calibration, episodes, sensitivity, starts
from coercivity.experiments.paper.build import (
    BUILT,
    DRAWN,
    KEPT,
    NOTHING,
    PARTS,
    make_paper,
    plan,
)
from coercivity.experiments.paper.documents import (
    Document,
    Order,
    document,
    plain,
    read_document,
    to_text,
)
from coercivity.experiments.paper.fingerprints import reached
from coercivity.experiments.sweep.design import load_design
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.files import list_scenarios
from coercivity.viz.pages.files import files_of, pages_of, to_csv, writer

Build = Callable[[Order], dict[str, Any]]


@contextmanager
def silent(what: str) -> Iterator[None]:
    yield None


class Kit:
    """A kit of two parts whose builders only count how often they are called."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.code, self.calls = folder, "a", {"episodes": 0, "starts": 0}
        patch.setattr(episodes, "build", lambda order: self.build("episodes", order))
        patch.setattr(starts, "build", lambda order: self.build("starts", order))
        self.fails = ""

    def build(self, part: str, order: Order) -> dict[str, Any]:
        self.calls[part] += 1
        if self.fails == part:
            raise RuntimeError("crash")
        return {"value": 1.0 / 3.0, "worlds": order.worlds}

    def render(self, held: Document) -> Mapping[str, str | bytes]:
        return {
            f"pages/{held['part']}.md": f"{held['found']['value']} {self.code}",
            f"figures/{held['part']}.png": b"picture",
        }

    def make(self, **asked: Any) -> dict[str, str]:
        made = make_paper(
            self.folder,
            plan("starts,episodes", **asked),
            self.render,
            lambda part: self.code,
            lambda line: None,
            silent,
        )
        return {one.name: one.state for one in made}

    def manifest(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(
            (self.folder / "manifest.json").read_text(encoding="utf-8")
        )
        return held


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path / "kit", monkeypatch)


def test_every_part_is_whole() -> None:
    """A part can be built, says its scenarios, and has pages and tables."""
    for part in PARTS.values():
        module = import_module(part.module)
        assert callable(module.build)
        assert set(part.home.scenarios()) <= set(list_scenarios()), part.name
        assert all(callable(getattr(writer(part.name), name)) for name in ("pages", "tables"))


def test_what_a_part_rests_on_is_found_from_its_imports() -> None:
    rests = reached(PARTS["claims"].module)
    assert {
        f"coercivity.experiments.{name}"
        for name in (
            "claims.survey",
            "claims.supply",
            "worlds.draws",
            "questions.leverage",
            "quantities.watch",
        )
    } <= set(rests)
    assert not {name for name in rests if "backtest" in name or name.endswith("paper.build")}, (
        "a change elsewhere would spoil finished claims"
    )


def test_the_same_is_built_once(kit: Kit) -> None:
    assert kit.make(worlds=3) == {"episodes": BUILT, "starts": BUILT}
    before = {path: path.read_bytes() for path in kit.folder.rglob("*") if path.is_file()}
    assert kit.make(worlds=3) == {"episodes": KEPT, "starts": KEPT}
    assert kit.calls == {"episodes": 1, "starts": 1}
    assert {path: path.read_bytes() for path in kit.folder.rglob("*") if path.is_file()} == before


def test_what_is_asked_otherwise_is_built_anew(kit: Kit) -> None:
    kit.make(worlds=3)
    assert kit.make(worlds=4) == {"episodes": BUILT, "starts": KEPT}, "the starts have no draws"
    assert read_document(kit.folder / "results" / "episodes.json")["found"]["worlds"] == 4


def test_a_lost_page_is_drawn_again_and_a_changed_result_is_built_again(kit: Kit) -> None:
    kit.make()
    (kit.folder / "pages" / "starts.md").unlink()
    (kit.folder / "results" / "episodes.json").write_text("{}", encoding="utf-8")
    assert kit.make() == {"episodes": BUILT, "starts": DRAWN}
    kit.code = "b"
    assert kit.make() == {"episodes": DRAWN, "starts": DRAWN}, "other code draws the pages"
    assert (kit.folder / "pages" / "starts.md").read_text(encoding="utf-8").endswith("b")
    assert kit.calls == {"episodes": 2, "starts": 1}


def test_a_crash_loses_one_part_at_most(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.fails = "starts"
    with pytest.raises(RuntimeError):
        kit.make()
    assert list(kit.manifest()["parts"]) == ["episodes"]
    kit.fails = ""
    assert kit.make() == {"episodes": KEPT, "starts": BUILT}


def test_a_fault_in_a_page_does_not_lose_its_results(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = kit.render

    def broken(held: Document) -> Mapping[str, str | bytes]:
        raise RuntimeError("page")

    monkeypatch.setattr(kit, "render", broken)
    with pytest.raises(RuntimeError):
        kit.make()
    monkeypatch.setattr(kit, "render", render)
    assert kit.make()["episodes"] == DRAWN
    assert kit.calls["episodes"] == 1


def test_results_without_a_stamp_count_only_where_nothing_else_went_in(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document does not say which inputs it was made from; its stamp does."""
    kit.make()
    unstamped = {**kit.manifest(), "parts": {}}
    path = kit.folder / "manifest.json"
    path.write_text(json.dumps(unstamped), encoding="utf-8")
    assert kit.make() == {"episodes": DRAWN, "starts": DRAWN}
    monkeypatch.setattr(episodes, "inputs", lambda: "a table", raising=False)
    path.write_text(json.dumps(unstamped), encoding="utf-8")
    assert kit.make() == {"episodes": BUILT, "starts": DRAWN}
    assert kit.make() == {"episodes": KEPT, "starts": KEPT}
    monkeypatch.setattr(episodes, "inputs", lambda: "another", raising=False)
    assert kit.make() == {"episodes": BUILT, "starts": KEPT}


def test_two_commands_in_one_folder_keep_each_other_s_stamps(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(part: str, order: Order) -> dict[str, Any]:
        if part == "episodes" and not kit.calls["starts"]:
            assert one_part(kit, "starts") == {"starts": BUILT}
        return kit.build(part, order)

    monkeypatch.setattr(episodes, "build", lambda order: meanwhile("episodes", order))
    assert one_part(kit, "episodes") == {"episodes": BUILT}
    assert set(kit.manifest()["parts"]) == {"episodes", "starts"}
    assert kit.make() == {"episodes": KEPT, "starts": KEPT}


def one_part(kit: Kit, name: str) -> dict[str, str]:
    made = make_paper(
        kit.folder, plan(name), kit.render, lambda part: kit.code, lambda line: None, silent
    )
    return {one.name: one.state for one in made}


@pytest.mark.parametrize("name", ["../x", "/etc/x", "pages/../../x", "..\\x", "C:x"])
def test_a_manifest_that_names_a_file_outside_the_folder_is_refused(kit: Kit, name: str) -> None:
    kit.make()
    outside = kit.folder.parent / "x"
    outside.write_text("precious", encoding="utf-8")
    held = kit.manifest()
    held["parts"]["starts"]["files"][name] = "0"
    (kit.folder / "manifest.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(InputError, match="which is outside the folder; give a new folder"):
        kit.make(worlds=4)
    assert outside.is_file()


def test_a_disk_that_is_full_at_the_manifest_is_one_line(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.make()
    kit.code = "b"

    def full(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(build, "write_text", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space .* same command again"):
        kit.make()


def test_the_manifest_says_what_made_each_file(kit: Kit) -> None:
    import hashlib

    kit.make(worlds=2)
    held = kit.manifest()
    part = held["parts"]["episodes"]
    assert held["packages"]["numpy"]
    assert len(held["model_code"]) == 16
    assert part["command"] == "coercivity paper --out DIR --parts episodes --draws 2"
    assert part["seeds"] == [1, 2]
    assert part["scenarios"]["embargo-2010"]
    for name, sum_ in part["files"].items():
        assert hashlib.sha256((kit.folder / name).read_bytes()).hexdigest() == sum_
        assert f"`{name}`" in (kit.folder / "README.md").read_text(encoding="utf-8")


def test_a_folder_that_does_not_fit_is_refused_before_anything_runs(
    kit: Kit, tmp_path: Path
) -> None:
    kit.make()
    calls = dict(kit.calls)
    with pytest.raises(InputError, match="holds a whole kit"):
        kit.make(quick=True)
    text = (kit.folder / "manifest.json").read_text(encoding="utf-8")
    newer = text.replace('"coercivity": "', '"coercivity": "9.', 1)
    for changed, says in (
        (newer, "was made by coercivity 9."),
        ("{}", "none of the paper kit"),
        ("{", "damaged"),
    ):
        (kit.folder / "manifest.json").write_text(changed, encoding="utf-8")
        with pytest.raises(InputError, match=says):
            kit.make()
    kit.folder = tmp_path / "other"
    kit.folder.mkdir()
    (kit.folder / "thesis.md").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"in use \(it holds thesis.md\)"):
        kit.make()
    assert kit.calls == calls


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"parts": "claim"}, "did you mean"),
        ({"parts": "claims,,starts"}, "not a part"),
        ({"worlds": 0}, "draws '0'"),
        ({"workers": -1}, "workers '-1'"),
    ],
)
def test_a_plan_is_checked_whole(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        plan(**asked)


def test_a_calibration_that_is_not_stored_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "STORED", tmp_path / "calibration.json")
    asked = plan()
    only = type(asked)(parts=(PARTS["calibration"],))
    made = make_paper(tmp_path / "kit", only, files_of, lambda part: "", lambda line: None, silent)
    assert [(one.state, one.files) for one in made] == [(NOTHING, ())]


def test_two_kits_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """The starts in earnest: results, pages, tables; times stand in the manifest alone."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        make_paper(folder, plan("starts"), files_of, lambda part: "", lambda line: None, silent)
    names = [
        sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        for folder in folders
    ]
    assert names[0] == names[1]
    assert [
        name
        for name in names[0]
        if (folders[0] / name).read_bytes() != (folders[1] / name).read_bytes()
    ] in ([], [Path("manifest.json")])
    with (folders[0] / "tables" / "starts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["start"] for row in rows} == {"2009-01", "2024-01"}


def test_figures_are_equal_byte_for_byte() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    held = read_document(docs / "results" / "claims.json")
    one = {**held, "found": {"claims": held["found"]["claims"][:1]}}
    files = files_of(one)
    assert files == files_of(one)
    assert [name for name in files if name.startswith("figures/")] == ["figures/claims/C1.svg"]
    assert "](../../figures/claims/C1.svg)" in str(files["pages/claims/C1.md"]), (
        "in a kit the figures lie beside the pages"
    )


def test_a_quick_page_says_so_and_names_what_made_it() -> None:
    found = {"starts": [{"start": "2009-01", "rows": []}]}
    text = pages_of(document("starts", "0.0", "c0de", 0, True, "", found))["starts.md"]
    assert "quick: not for citation" in text.splitlines()[2]
    assert "`coercivity paper --parts starts` (coercivity 0.0)" in text


def test_documents_hold_plain_finite_numbers() -> None:
    held = document(
        "starts",
        "0.0",
        "",
        0,
        False,
        "",
        {"a": float("nan"), "b": (1, 2.0 / 3.0), "c": float("inf"), "d": True},
    )
    assert held["found"] == {"a": None, "b": [1, 0.66666667], "c": None, "d": True}
    assert json.loads(to_text(held)) == held
    assert plain(plain(held)) == held


def test_tables_have_a_column_for_every_value() -> None:
    text = to_csv([{"id": "a", "band": {"low": 1, "high": None}}, {"id": "b, c", "seen": [1, 2]}])
    assert text == 'id,band_low,band_high,seen\na,1,,\n"b, c",,,1 2\n'


@pytest.mark.slow
def test_the_whole_kit_in_a_hurry(tmp_path: Path) -> None:
    """Every part with --quick, twice: equal results, pages and tables; every claim has a
    verdict.
    """
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        make_paper(
            folder,
            plan(quick=True, workers=1),
            files_of,
            lambda part: "",
            lambda line: None,
            silent,
        )
    for path in (
        path
        for kind in ("results", "pages", "tables", "figures")
        for path in (folders[0] / kind).rglob("*")
        if path.is_file()
    ):
        assert path.read_bytes() == (folders[1] / path.relative_to(folders[0])).read_bytes(), (
            path.name
        )
    found = read_document(folders[0] / "results" / "claims.json")["found"]["claims"]
    assert len(found) == 16
    assert all(one["verdict"] for one in found)


def test_the_screen_is_the_one_that_users_can_run() -> None:
    assert (
        sensitivity.screen_design().fingerprint() == load_design("sensitivity-morris").fingerprint()
    )
