"""The claims page's document: verdicts of the paper kit, both sides' words, links that open; and the installed copies of results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.claims.written_claims import load_claims
from coercivity.experiments.lab.link import read_query
from coercivity.experiments.lab.link_reader import remark_of
from coercivity.model.basis.errors import InputError
from coercivity.viz.page_data import shown_results
from coercivity.viz.page_data.claims_data import claims_json, turns_on, web
from coercivity.viz.page_data.shown_results import (
    FOLDER,
    LEFT_OUT,
    STAMP,
    current_stamp,
    load_shown,
    origin_words,
    read_document,
    shown_part,
)
from coercivity.viz.screens import claims
from coercivity.viz.words.claims_text import reading
from tests.viz.rendered import Desk
from tests.viz.rendered import shown as drawn
from tools.docs.kit.documents import to_text

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return json.loads(claims_json())  # type: ignore[no-any-return]


@pytest.mark.parametrize("part", LEFT_OUT)
def test_the_installed_copy_is_that_of_the_documentation(part: str) -> None:
    held = read_document(DOCS / "results" / f"{part}.json")
    assert (FOLDER / f"{part}.json").read_text(encoding="utf-8") == to_text(shown_part(held))


def test_every_claim_is_there_with_the_verdict_of_the_kit(page: dict[str, Any]) -> None:
    held = {
        one["id"]: one for one in read_document(DOCS / "results" / "claims.json")["found"]["claims"]
    }
    assert {one["id"] for one in page["claims"]} == {claim.id for claim in load_claims()}
    assert len(page["claims"]) == len(held)
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
            side["who"] and side["quote"] and (side["source"] or not side["url"])
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
        # of the draws in which the metric is defined
        assert one["support"] == pytest.approx(holding / one["draws"])
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
            assert remark_of(link["query"], setting) is None
        assert read_query(one["links"][0]["query"]).assumptions == ()
        assert one["turns_on"] == turns_on(claims[one["id"]])
        assert "_" not in one["turns_on"]
    over = next(one for one in page["claims"] if one["id"] == "C1")["links"]
    assert (("over_compliance", 0.0),) in [read_query(link["query"]).assumptions for link in over]


def test_results_say_whether_they_are_of_the_code_that_runs() -> None:
    held = {**load_shown("claims"), "coercivity": "1.0", "code": "a" * 16, "collection": "c"}
    mine = {"coercivity": "1.0", "code": "a" * 16, "collection": "c"}

    def said(**here: str) -> dict[str, Any]:
        return origin_words(held, json.dumps(mine | here), "coercivity claims")

    assert origin_words(held, "", "coercivity claims") == {"words": "", "current": None}
    assert said() == {
        "words": "These are results of the code that runs here, coercivity 1.0.",
        "current": True,
    }
    other = said(code="b" * 16)
    assert not other["current"]
    assert "of coercivity 1.0, of other code than runs here, which may answer" in other["words"]
    assert other["words"].endswith("To have its own: coercivity claims")
    assert said(coercivity="2.0") == other
    assert "other parameter vectors" in said(collection="d")["words"]
    quick = origin_words({**held, "quick": True}, json.dumps(mine), "coercivity claims")
    assert "not for citation" in quick["words"]


def test_the_page_says_what_the_model_gets_wrong_about_the_good_looked_at(desk: Desk) -> None:
    with drawn(claims.Page, "/claims?good=dysprosium_oxide&state=Japan") as page:
        picture = page.part("origin")
        assert picture.wrong.startswith("About dysprosium oxide it is within tolerance in ")
        assert picture.about == "good=dysprosium_oxide&state=Japan"
        assert picture.origin == {"words": "", "current": None}
        stamp = {name: load_shown("claims")[name] for name in STAMP}
        desk.answer(current_stamp, json.dumps(stamp))
        assert page.part("origin").origin["current"] is True
    with drawn(claims.Page, "/claims?good=no-such-good") as page:
        assert page.part("origin").wrong.startswith("About all goods")


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


@pytest.mark.parametrize(
    ("placebo_support", "placebo", "says"),
    [
        (0.3, 0.5, "it is this mechanism that carries it"),  # a fifth apart
        (0.71, 0.5, "it is this mechanism that carries it"),
        (0.31, 0.5, "does not rest on that mechanism"),
        (0.69, None, "does not rest on that mechanism"),
        (0.31, 0.39, "the value leaves its band"),
        (0.31, 0.61, "the value leaves its band"),
    ],
)
def test_what_a_claim_rests_on_is_said_by_its_placebo(
    placebo_support: float, placebo: float | None, says: str
) -> None:
    found = {"id": "C1", "verdict": "conditional", "support": 0.5, "p05": 0.4, "p95": 0.6}
    found |= {"placebo_support": placebo_support, "placebo": placebo, "low": 0.5, "high": None}
    found["evidence"] = {"main": [0.6, 0.4], "corner": [None], "scan": [[0.0, [0.9]]]}
    assert says in reading(found)
    assert not reading(found).startswith("No draw, no corner")
    found["evidence"] = {"main": [0.6, 0.5], "corner": [0.7], "scan": []}
    assert reading(found).startswith("No draw, no corner")
    assert reading({**found, "verdict": "built_in"}).endswith("it is in the assumptions.")
