"""Pages, tables and figures of the documentation: they say what the stored results say, nothing
else makes them, and results that say less are told as such.
"""

from __future__ import annotations

import copy
import csv
import io
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.viz.page_data.shown_results import read_document
from coercivity.viz.words.claim_rows import VERDICTS
from tools.docs import write_result_pages as paper
from tools.docs.kit.documents import to_text
from tools.docs.kit.kit_steps import PARTS
from tools.docs.pages.calibration import calibration_page
from tools.docs.pages.files import figures_of, pages_of, tables_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = {held["part"]: held for held in paper.documents()}


def stored(part: str) -> dict[str, Any]:
    return copy.deepcopy(DOCUMENTS[part])


def figures_named(document: dict[str, Any]) -> list[str]:
    names = list[str]()
    assert not list(figures_of(document, lambda name: bool(names.append(name))))  # type: ignore[func-returns-value]
    assert len(set(names)) == len(names)
    return names


@pytest.mark.parametrize("part", DOCUMENTS)
def test_pages_are_what_their_results_make_and_cite_their_version(part: str) -> None:
    """Each stands in the table of contents, and its figures are there and can be drawn."""
    held = DOCUMENTS[part]
    assert not held["quick"], f"{part} was made with --quick"
    site = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    drawn = figures_named(held)
    for name, text in pages_of(held).items():
        again = f"{name}: run `python -m tools.docs.write_result_pages`"
        assert (DOCS / name).read_text(encoding="utf-8") == text, again
        if part != "calibration":  # whose page says it in its own words
            assert f"coercivity {held['coercivity']}" in text
        hidden = [one for one in site["not_in_nav"].split() if fnmatch(name, one)]
        assert name in str(site["nav"]) or hidden, f"{name} is in no menu of mkdocs.yml"
        for shown in re.findall(r"\]\((?:\.\./)*images/([^)]+)\)", text):
            assert shown in drawn
            assert (DOCS / "images" / shown).is_file(), again


@pytest.mark.parametrize("part", DOCUMENTS)
def test_every_table_is_whole(part: str) -> None:
    """As many rows as the results have, each with every column."""
    made = tables_of(stored(part))
    assert made
    for name, text in made.items():
        head, *rows = csv.reader(io.StringIO(text))
        assert rows, name
        assert {len(row) for row in rows} == {len(head)}, name
        assert len(set(head)) == len(head), name


def test_all_results_belong_to_a_part_and_no_part_is_forgotten() -> None:
    known = {path.stem for path in (DOCS / "results").glob("*.json")}
    scripts = {"lessons", "scenarios", "monotone", "cuts", "quick", "now"}
    others = scripts | {"before", "forecast"}  # never made again
    assert known - others <= set(PARTS) - {"calibration"}, "docs/results holds what no part makes"
    assert {"claims", "questions", "policy", "episodes", "starts"} <= known


def test_every_claim_has_its_page_its_figure_and_its_verdict() -> None:
    found = {row["id"]: row for row in DOCUMENTS["claims"]["found"]["claims"]}
    assert list(found) == [claim["id"] for claim in load_table("claims")]
    for name, row in found.items():
        text = (DOCS / "claims" / f"{name}.md").read_text(encoding="utf-8")
        assert f"**Verdict: {VERDICTS[row['verdict']]}.**" in text
        assert (DOCS / "images" / "claims" / f"{name}.svg").exists()
    text = (DOCS / "claims-before-after.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| [C")]
    told = {row[0].split("]")[0].removeprefix("| ["): row[2].strip("*") for row in rows}
    assert told == {name: row["verdict"].replace("_", " ") for name, row in found.items()}


def test_a_folder_of_results_is_taken_over_and_a_quick_or_empty_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "RESULTS", tmp_path / "docs")
    with pytest.raises(InputError, match="holds no results of the paper kit"):
        paper.take(tmp_path)
    path = tmp_path / "results" / "policy.json"
    path.parent.mkdir()
    path.write_text(to_text(stored("policy") | {"quick": True}), encoding="utf-8")
    with pytest.raises(InputError, match="not for citation"):
        paper.take(tmp_path)
    assert not (tmp_path / "docs").exists()
    path.write_text(to_text(stored("policy")), encoding="utf-8")
    assert paper.take(tmp_path) == ["policy"]
    assert read_document(tmp_path / "docs" / "policy.json") == DOCUMENTS["policy"]


@pytest.fixture
def found() -> dict[str, Any]:
    return dict(stored("calibration")["found"])


def test_the_page_names_every_target_and_parameter_and_what_cannot_be_reached(
    found: dict[str, Any],
) -> None:
    found["targets"][0]["least"] = 3.5  # at least one that nothing reaches
    page = calibration_page(found)
    assert f"**{found['kept']} parameter vectors are drawn from what the outcomes to" in page
    missed = sum(row["least"] > found["far"] for row in found["targets"])
    assert f"{missed} of {len(found['targets'])} targets are more than 3 deviations" in page
    for one in (*found["targets"], *({"id": row["name"]} for row in found["parameters"])):
        assert f"| {one['id']} |" in page
