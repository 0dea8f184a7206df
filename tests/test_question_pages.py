"""The pages that show results say what their results say, nothing else makes them, and every claim
has its page, its figure and its verdict.
"""

import importlib
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from coercivity.experiments.paper.build import PARTS
from coercivity.experiments.paper.documents import Document, read_document
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.viz.pages.files import pages_of
from coercivity.viz.words.findings import VERDICTS

DOCS = Path(__file__).resolve().parents[1] / "docs"


def script(name: str) -> ModuleType:
    return importlib.import_module(f"tools.docs.{name}")


DOCUMENTS = {held["part"]: held for held in script("paper").documents()}


@pytest.mark.parametrize("part", DOCUMENTS)
def test_pages_are_what_their_results_make(part: str) -> None:
    for name, text in pages_of(DOCUMENTS[part]).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, (
            f"{name}: run `python -m tools.docs.paper`"
        )


@pytest.mark.parametrize("part", DOCUMENTS)
def test_a_page_cites_its_version_and_is_no_quick_one(part: str) -> None:
    held = DOCUMENTS[part]
    assert not held["quick"], f"{part} was made with --quick"
    if part != "calibration":  # whose page says it in its own words
        assert all(f"coercivity {held['coercivity']}" in text for text in pages_of(held).values())


def test_all_results_belong_to_a_part_and_no_part_is_forgotten() -> None:
    stored = {path.stem for path in (DOCS / "results").glob("*.json")}
    others = {"lessons", "scenarios", "monotone", "quick"}  # each of a script of its own in docs
    assert stored - others <= set(PARTS) - {"calibration"}, "docs/results holds what no part makes"
    assert {"claims", "questions", "policy", "episodes", "starts"} <= stored


def test_every_page_and_its_figures_are_there_and_in_the_table_of_contents() -> None:
    site = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = str(site["nav"])
    for held in DOCUMENTS.values():
        for name, text in pages_of(held).items():
            assert name in listed or any(
                fnmatch(name, pattern) for pattern in site["not_in_nav"].split()
            ), f"{name} is in no menu of mkdocs.yml"
            for link in (
                part.split(")")[0]
                for part in text.split("](")[1:]
                if "images/" in part.split(")")[0]
            ):
                assert ((DOCS / name).parent / link).is_file(), (
                    f"{name} shows {link}: run `python -m tools.docs.paper`"
                )


def test_every_claim_has_its_page_its_figure_and_its_verdict() -> None:
    found = {row["id"]: row for row in DOCUMENTS["claims"]["found"]["claims"]}
    assert list(found) == [claim["id"] for claim in load_table("claims")]
    for name, row in found.items():
        text = (DOCS / "claims" / f"{name}.md").read_text(encoding="utf-8")
        assert f"**Verdict: {VERDICTS[row['verdict']]}.**" in text
        assert (DOCS / "images" / "claims" / f"{name}.svg").exists()


def test_a_quick_folder_is_not_taken_into_the_documentation(tmp_path: Path) -> None:
    from coercivity.experiments.paper.documents import to_text

    module = script("paper")
    quick: Document = {**DOCUMENTS["policy"], "quick": True}
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "policy.json").write_text(to_text(quick), encoding="utf-8")
    before = read_document(DOCS / "results" / "policy.json")
    with pytest.raises(InputError, match="not for citation"):
        module.take(tmp_path)
    assert read_document(DOCS / "results" / "policy.json") == before
