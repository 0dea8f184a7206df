"""The evidence page: facts that can be searched, and the model against the record with honest counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.paper.documents import read_document
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import list_tables, load_table
from coercivity.viz.drawn.evidence_data import (
    PAGE,
    TITLES,
    fact_tables,
    facts_json,
    record_json,
    search_json,
)
from coercivity.viz.screens.evidence import Search, search_of, searched

DOCS = Path(__file__).resolve().parents[2] / "docs"


def search(*args: Any, **fields: Any) -> dict[str, Any]:
    return json.loads(search_json(*args, **fields))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return json.loads(record_json())  # type: ignore[no-any-return]


def test_every_table_with_confidence_is_offered_but_claims_and_the_game() -> None:
    with_confidence = {name for name in list_tables() if "confidence" in load_table(name).columns}
    assert set(TITLES) <= with_confidence
    assert {name for name in with_confidence - set(TITLES) if not name.startswith("game_")} == {
        "claims"
    }


def test_the_counts_are_those_of_the_tables() -> None:
    facts = json.loads(facts_json())
    for one in facts["tables"]:
        assert one["rows"] == len(load_table(one["id"]))
        assert one["confidence"] == dict(Counter(load_table(one["id"]).column("confidence")))
    assert (
        facts["total"] == sum(len(load_table(name)) for name in fact_tables()) == search()["found"]
    )


def test_the_rules_behind_the_assumed_rows_count_them_all() -> None:
    facts = json.loads(facts_json())
    assert sum(one["rows"] for one in facts["assumptions"]) == search(confidence="assumed")["found"]
    assert len(facts["assumptions"]) <= 60
    assert all(one["title"] in TITLES.values() and one["rule"] for one in facts["assumptions"])


def test_nothing_is_merely_recalled() -> None:
    assert search(confidence="recall")["found"] == 0


def test_a_search_finds_rows_in_which_every_word_stands() -> None:
    found = search("  Lynas MALAYSIA ", most=10_000)
    assert found["found"] == found["shown"] == len(found["rows"]) > 0
    for row in found["rows"]:
        text = " ".join([TITLES[row["table"]], *row.values()]).lower()
        assert "lynas" in text
        assert "malaysia" in text
    assert (
        search("dysprosium oxide", table="prices_start")["found"]
        == search("dysprosium_oxide", table="prices_start")["found"]
        > 0
    )
    assert search("no such word at all")["found"] == 0


def test_filters_add_up_and_a_page_is_short() -> None:
    table = load_table("record")
    high = search(table="record", confidence="high", most=10_000)
    assert high["found"] == len(table.where(confidence="high"))
    first, row = high["rows"][0], table.where(confidence="high")[0]
    assert (first["source"], first["confidence"]) == (row["source"], "high")
    assert first["what"] == f"{row['episode']} · {row['series']} · {row['period']}"
    assert first["value"].startswith(f"value: {row['value']:g}")
    assert search()["shown"] == PAGE


def test_every_link_is_a_web_address_and_every_row_has_a_source() -> None:
    rows = search(most=10_000)["rows"]
    assert all(row["url"] == "" or row["url"].startswith(("http://", "https://")) for row in rows)
    assert all(row["source"] or row["url"] for row in rows)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"table": "plant"}, "did you mean 'plants'"),
        ({"confidence": "hihg"}, "did you mean 'high'"),
    ],
)
def test_an_unknown_filter_costs_one_message_and_shows_everything(
    fields: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        search_json(**fields)  # type: ignore[arg-type]
    answer, problem = searched(Search(**fields))
    assert says.split("'")[1] in problem
    assert json.loads(answer)["found"] == search()["found"]


def test_what_the_browser_sends_is_checked() -> None:
    assert search_of({"text": "x", "most": "many"}) == Search("x", "", "", PAGE)
    assert search_of({"most": 10**9}).most == 2000
    assert search("<script>" * 1000)["found"] == 0


def test_the_record_is_that_of_the_backtest(record: dict[str, Any]) -> None:
    found = read_document(DOCS / "results" / "backtest.json")["found"]
    assert [(one["id"], one["verdict"], one["error"]) for one in record["targets"]] == [
        (one["id"], one["verdict"], one["error"]) for one in found["targets"]
    ]
    for row in record["samples"]:
        mine = [one for one in record["targets"] if one["sample"] == row["sample"]]
        assert row["targets"] == len(mine)
        assert {verdict: row[verdict] for verdict in ("PASS", "PARTIAL", "FAIL")} == {
            verdict: sum(one["verdict"] == verdict for one in mine)
            for verdict in ("PASS", "PARTIAL", "FAIL")
        }
    urls = {row["id"]: row["url"] for row in load_table("evidence")}
    assert all(
        one["url"] in ("", urls[one["id"]]) for one in record["targets"] if one["id"] in urls
    )


def test_the_sentences_count_honestly(record: dict[str, Any]) -> None:
    """Failures after 2024 come first, with their number, and every reckoning's score stands beside the model's, won or lost."""
    out = next(row for row in record["samples"] if row["sample"] == "out")
    assert record["summary"][0] == (
        f"Outcomes after 2024, which no fit has seen: {out['targets']} targets, {out['PASS']} pass, {out['PARTIAL']} are partial, {out['FAIL']} fail."
    )
    after = [row for row in record["benchmarks"] if row["sample"] == "after 2024"]
    assert (
        sum(line.startswith("After 2024 against") for line in record["summary"]) == len(after) > 0
    )
