"""`make release-check`: a result that is not of the version and code that run is named, with what
makes it again; one that is, is not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.docs import release
from tools.docs.stamp import stamp, stamp_line

DOCS = Path(__file__).resolve().parents[1] / "docs"
PARTS = {"claims": "c1", "starts": "c2", "backtest": "c3"}
STAMP = {"coercivity": "1.0.0", "code": "m0de1"}


@pytest.fixture
def now() -> Any:
    return release.Here("1.0.0", "m0de1", "f1t", PARTS, "v3ctors", ("calm", "crisis"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small checkout all of whose results are of the code that runs."""
    for part, code in PARTS.items():
        held = {"part": part, "coercivity": "1.0.0", "code": code, "collection": "v3ctors"}
        write(tmp_path / "docs" / "results" / f"{part}.json", held)
        if part != "starts":
            write(tmp_path / "viz" / "data" / "results" / f"{part}.json", held)
    results = tmp_path / "docs" / "results"
    write(tmp_path / "docs" / "calibration.json", {"version": "1.0.0", "code": "f1t"})
    write(results / "lessons.json", {"version": "1.0.0", "code": "m0de1", "seeds": [1]})
    write(results / "monotone.json", {"made_with": STAMP, "seeds": 12})
    write(results / "cuts.json", {"made_with": STAMP, "draws": 40})
    write(results / "now.json", {"made_with": STAMP})
    both = {"calm": STAMP, "crisis": STAMP}
    write(results / "scenarios.json", {"calm": {}, "crisis": {}, "made_with": both})
    for name in ("believed", "why-not"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"# Title\n\n{stamp_line(STAMP)}\n")
    (tmp_path / "docs" / "claims").mkdir()
    (tmp_path / "docs" / "claims" / "C1.md").write_text("Made by X (coercivity 1.0.0, 8 seeds).")
    return tmp_path


def write(path: Path, held: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(held), encoding="utf-8")


def change(path: Path, **values: Any) -> None:
    write(path, {**json.loads(path.read_text(encoding="utf-8")), **values})


def test_results_of_the_code_that_runs_pass(root: Path, now: Any) -> None:
    assert release.stale(root, now) == []
    assert release.told([], now) == ["All results are of coercivity 1.0.0, model code m0de1"]


@pytest.mark.parametrize(
    ("name", "values", "why", "remake"),
    [
        (
            "docs/results/claims.json",
            {"coercivity": "0.9.0"},
            "version 0.9.0, not 1.0.0",
            "python -m tools.docs.kit runs/paper --parts claims && "
            "python -m tools.docs.write_result_pages runs/paper",
        ),
        ("docs/results/starts.json", {"code": "c0"}, "code c0, not c2", "--parts starts"),
        (
            "docs/results/backtest.json",
            {"collection": "old"},
            "vectors of collection old, not v3ctors",
            "--parts backtest",
        ),
        ("docs/calibration.json", {"code": "f0"}, "code f0, not f1t", "adopt_calibration"),
        ("docs/results/lessons.json", {"code": None}, "no fingerprint", "lessons --run"),
        ("docs/results/monotone.json", {"made_with": {}}, "no stamp", "monotone --run"),
    ],
)
def test_a_result_of_another_code_is_named_with_its_command(
    root: Path, now: Any, name: str, values: dict[str, Any], why: str, remake: str
) -> None:
    change(root / name, **values)
    (one,) = release.stale(root, now)
    assert one.name == name
    assert why in one.why
    assert remake in one.remake


def test_a_result_that_is_gone_or_damaged_is_missing(root: Path, now: Any) -> None:
    names = [path.relative_to(root).as_posix() for path in root.rglob("*.json")]
    for number, path in enumerate(sorted(root.rglob("*.json"))):
        if number % 2:
            path.unlink()
        else:
            path.write_text("{", encoding="utf-8")
    found = release.stale(root, now)
    assert {one.name for one in found} == set(names)
    assert {one.why for one in found} == {"missing"}


def test_scenarios_have_a_stamp_each(root: Path, now: Any) -> None:
    path = root / "docs" / "results" / "scenarios.json"
    change(path, made_with={"calm": STAMP, "crisis": {**STAMP, "coercivity": "0.9"}})
    (one,) = release.stale(root, now)
    assert one.name == "docs/results/scenarios.json (crisis)"
    assert one.remake == "python -m tools.docs.scenarios --run crisis"
    write(path, {"calm": {}, "crisis": {}})
    (one,) = release.stale(root, now)
    assert (one.why, one.remake) == ("no stamp", "python -m tools.docs.scenarios --run")
    write(path, {"calm": {}, "made_with": {"calm": STAMP}})
    assert [one.why for one in release.stale(root, now)] == ["missing"]


def test_pages_without_a_document_bear_their_stamp(root: Path, now: Any) -> None:
    (root / "docs" / "believed.md").write_text("# Title\n")
    (root / "docs" / "why-not.md").write_text(stamp_line({**STAMP, "code": "m0"}))
    assert [(one.name, one.why, one.remake) for one in release.stale(root, now)] == [
        ("docs/believed.md", "no stamp", "python -m tools.docs.believed"),
        ("docs/why-not.md", "code m0, not m0de1", "python -m tools.docs.why_not"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Made by `python -m tools.docs.kit` (coercivity 0.9.0, 8 seeds).",
        "Version 0.9.0. Made by",
    ],
)
def test_a_page_that_says_another_version_is_drawn_again(root: Path, now: Any, text: str) -> None:
    (root / "docs" / "claims" / "C1.md").write_text(text)
    (one,) = release.stale(root, now)
    assert (one.name, one.why, one.remake) == (
        "docs/claims/C1.md",
        "says version 0.9.0",
        "make docs",
    )


def test_a_page_may_speak_of_the_past(root: Path, now: Any) -> None:
    (root / "docs" / "reliability.md").write_text("Version 0.4.0 was attacked first")
    assert release.stale(root, now) == []


def test_the_command_fails_where_something_is_stale(
    root: Path, now: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "ROOT", root)
    monkeypatch.setattr(release, "here", lambda: now)
    assert release.main([]) == 0
    change(root / "docs" / "results" / "lessons.json", version="0.9")
    assert release.main([]) == 1
    assert "python -m tools.docs.lessons --run" in capsys.readouterr().out


def test_here_is_this_installation() -> None:
    """Every result of the documentation is looked at, and none that is not there."""
    found = release.here()
    assert (found.version, found.model) == tuple(stamp().values())
    # carry_results.py's note, and what is never made again
    never = {"quick", "before", "forecast"}
    stored = {path.stem for path in (DOCS / "results").glob("*.json")} - never
    assert stored == set(found.parts) | {"lessons", "scenarios", "monotone", "cuts", "now"}
