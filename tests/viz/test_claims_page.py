"""The claims page's document: verdicts of the paper kit, both sides' words, links that open; and the installed copies of results."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.claims.table import load_claims
from coercivity.experiments.lab.link import read_query, remark
from coercivity.experiments.paper.documents import read_document, to_text
from coercivity.model.basis.errors import InputError
from coercivity.model.results.result import model_version
from coercivity.viz.drawn import shown_results
from coercivity.viz.drawn.claims_data import claims_data, claims_json, web
from coercivity.viz.drawn.shown_results import FOLDER, LEFT_OUT, load_shown, shown, version_note

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return json.loads(claims_json())  # type: ignore[no-any-return]


@pytest.mark.parametrize("part", LEFT_OUT)
def test_the_installed_copy_is_that_of_the_documentation(part: str) -> None:
    held = read_document(DOCS / "results" / f"{part}.json")
    assert (FOLDER / f"{part}.json").read_text(encoding="utf-8") == to_text(shown(held))


def test_the_script_of_the_documentation_writes_the_copies() -> None:
    spec = importlib.util.spec_from_file_location("paper_script", DOCS / "paper.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.SHOWN == FOLDER


def test_every_claim_is_there_with_the_verdict_of_the_kit(page: dict[str, Any]) -> None:
    held = {
        one["id"]: one for one in read_document(DOCS / "results" / "claims.json")["found"]["claims"]
    }
    assert (
        [one["id"] for one in page["claims"]] == [claim.id for claim in load_claims()] == list(held)
    )
    for one in page["claims"]:
        kit = held[one["id"]]
        assert (one["verdict"], one["support"], one["value"], one["flips_at"]) == (
            kit["verdict"],
            kit["support"],
            kit["value"],
            kit["flips_at"],
        )
        assert one["placebo"]["value"] == kit["placebo"]
        assert len(one["sides"]) == 2
        assert all(
            side["who"] and side["words"] and (side["source"] or not side["url"])
            for side in one["sides"]
        )
        assert len(one["groups"][0]["values"]) == len(
            [value for value in kit["evidence"]["main"] if value is not None]
        )
        low, high = one["low"], one["high"]
        holding = sum(
            (low is None or value >= low) and (high is None or value <= high)
            for value in one["groups"][0]["values"]
        )
        assert one["support"] == pytest.approx(
            holding / one["draws"]
        )  # of the draws in which the metric is defined
        assert one["draws"] + one["undefined"] == kit["worlds"]
        assert one["cannot"]
    assert sum(item["count"] for item in page["counts"]) == len(page["claims"])


def test_run_it_yourself_opens_the_claims_scenario(page: dict[str, Any]) -> None:
    claims = {claim.id: claim for claim in load_claims()}
    for one in page["claims"]:
        assert one["command"] == f"coercivity claims {one['id']}"
        for link in one["links"]:
            setting = read_query(link["query"])
            assert setting.scenario == claims[one["id"]].scenario
            assert remark(link["query"], setting) == ""
        assert read_query(one["links"][0]["query"]).assumptions == ()
    over = next(one for one in page["claims"] if one["id"] == "C1")["links"]
    assert (("over_compliance", 0.0),) in [read_query(link["query"]).assumptions for link in over]


def test_results_of_another_version_say_so(page: dict[str, Any]) -> None:
    held = load_shown("claims")
    assert version_note({**held, "coercivity": model_version()}, "coercivity claims") == ""
    old = claims_data({**held, "coercivity": "0.0.1"})
    assert "version 0.0.1" in old["note"]
    assert model_version() in old["note"]
    assert held["coercivity"] in page["made_with"]


def test_what_is_not_shown_or_damaged_costs_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="did you mean 'claims'"):
        load_shown("claim")
    monkeypatch.setattr(shown_results, "FOLDER", tmp_path)
    (tmp_path / "claims.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        shown_results.load_shown.__wrapped__("claims")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("n/a", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert web(url) == (url if kept else "")
