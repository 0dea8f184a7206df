"""The pages on claims and questions say what their results say, and every claim and question has its page."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from coercivity.model.facts import load_table

DOCS = Path(__file__).resolve().parents[1] / "docs"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("maker", "page", "name"), [("policy", "governments_page", "governments"), ("policy", "support_page", "friend-shoring"),
                                                     ("questions", "worth_page", "rules-worth"), ("questions", "relapse_page", "relapse"),
                                                     ("questions", "leverage_page", "leverage")])  # fmt: skip
def test_a_page_is_what_its_results_make(maker: str, page: str, name: str) -> None:
    module = script(maker)
    found = json.loads(module.RESULTS.read_text(encoding="utf-8"))
    again = f"run `python docs/{maker}.py`"
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == getattr(module, page)(found), again


def test_every_claim_has_its_page_its_figure_and_its_verdict() -> None:
    results = {row["id"]: row for row in json.loads((DOCS / "claims" / "results.json").read_text(encoding="utf-8"))}
    for claim in load_table("claims"):
        text = (DOCS / "claims" / f"{claim['id']}.md").read_text(encoding="utf-8")
        assert f"**Verdict: {results[claim['id']]['verdict'].replace('_', ' ')}.**" in text
        assert (DOCS / "images" / "claims" / f"{claim['id']}.svg").exists()
