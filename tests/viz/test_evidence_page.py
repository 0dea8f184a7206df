"""The evidence page: facts that can be searched, and the model against the record with honest counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.facts import load_table
from coercivity.viz.page_data.evidence_data import (
    PAGE,
    TITLES,
    fact_tables,
    facts_json,
    mixed,
    record_json,
    search_json,
)
from coercivity.viz.page_data.shown_results import load_shown, read_document
from coercivity.viz.screens import evidence
from coercivity.viz.words import record_text
from coercivity.viz.words.fact_text import TELLERS, fact_sentence
from coercivity.viz.words.record_text import in_model, number, target_sentence
from tests.viz.rendered import Desk
from tests.viz.rendered import shown as drawn

DOCS = Path(__file__).resolve().parents[2] / "docs"


def search(*args: Any, **fields: Any) -> dict[str, Any]:
    return json.loads(search_json(*args, **fields))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return json.loads(record_json())  # type: ignore[no-any-return]


def test_the_counts_are_those_of_the_tables() -> None:
    facts = json.loads(facts_json())
    for one in facts["tables"]:
        assert one["rows"] == len(load_table(one["id"]))
        assert one["confidence"] == dict(Counter(load_table(one["id"]).column("confidence")))
    assert (
        facts["total"] == sum(len(load_table(name)) for name in fact_tables()) == search()["found"]
    )


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
    assert first["id"] == f"{row['episode']} · {row['series']} · {row['period']}"
    assert first["words"] == "China supplied 92% of Japan's imports by weight in 2008."
    assert search()["shown"] == PAGE


def test_the_record_is_that_of_the_backtest(record: dict[str, Any]) -> None:
    found = read_document(DOCS / "results" / "backtest.json")["found"]
    assert {(one["id"], one["verdict"], one["error"]) for one in record["targets"]} == {
        (one["id"], one["verdict"], one["error"]) for one in found["targets"]
    }
    assert len(record["targets"]) == len(found["targets"])
    for row in record["samples"]:
        mine = [one for one in record["targets"] if one["sample"] == row["sample"]]
        assert row["targets"] == len(mine)
        assert {verdict: row[verdict] for verdict in ("PASS", "PARTIAL", "FAIL")} == {
            verdict: sum(one["verdict"] == verdict for one in mine)
            for verdict in ("PASS", "PARTIAL", "FAIL")
        }
    urls = {row["id"]: row["url"] for row in load_table("evidence")}
    known = [one for one in record["targets"] if one["id"] in urls]
    assert known
    assert all(one["url"] in ("", urls[one["id"]]) for one in known)


def test_every_table_of_facts_is_told_in_sentences() -> None:
    assert set(TELLERS) == set(fact_tables())
    for name in fact_tables():
        for row in load_table(name):
            said = fact_sentence(name, row)
            assert said[0] == said[0].upper()
            assert said.endswith((".", "!", "?"))
            assert "None" not in said
            assert "{" not in said


def idle_of(found: dict[str, Any]) -> int:
    """How many targets the sentences at the top leave out: those to which the start is balanced or
    that are imposed.
    """
    return len(found["targets"]) - len(
        record_text.testing_targets(load_shown("backtest")["found"]["targets"])
    )


def test_misses_about_the_good_come_first_then_those_of_the_state() -> None:
    found = json.loads(record_json("dysprosium_oxide", "Japan"))
    assert [group["id"] for group in found["groups"]] == ["good", "state", "rest"]
    assert [group["title"] for group in found["groups"]] == [
        "About dysprosium oxide",
        "About Japan, other goods",
        f"All other outcomes, with {idle_of(found)} that test nothing",
    ]
    assert [one["group"] for one in found["targets"]] == [
        group["id"] for group in found["groups"] for _ in range(group["count"])
    ]
    for group in found["groups"]:
        rows = [one for one in found["targets"] if one["group"] == group["id"]]
        order = [("FAIL", "PARTIAL", "PASS").index(one["verdict"]) for one in rows]
        assert order == sorted(order)
        missed = [one["error"] for one in rows if one["verdict"] == "FAIL"]
        assert missed == sorted(missed, reverse=True)
        if group["id"] != "rest":
            assert all(one["sample"] != "start" for one in rows)
    about = [one for one in found["targets"] if one["group"] == "good"]
    assert all("dysprosium oxide" in one["words"] or "controlled" in one["words"] for one in about)
    here = [one for one in found["targets"] if one["group"] == "state"]
    assert all("Japan" in one["words"] for one in here)


def target(**changed: Any) -> dict[str, Any]:
    one = {"quantity": "price_home", "state": "China", "partner": "", "good": "terbium_oxide"}
    one |= {"from": "2011-08", "to": "2011-10", "statistic": "mean", "unit": "USD/kg"}
    one |= {"value": 1940.0, "median": 1965.7, "p05": 1236.2, "p95": 3125.4}
    return one | {"low": 1511.0, "high": 2491.0} | changed


def test_a_target_is_told_with_record_model_and_what_would_pass() -> None:
    assert target_sentence(target(), {}) == (
        "The price of terbium oxide in China, August to October 2011: on record USD 1,940 a "
        "kilogram, in the model USD 1,966 a kilogram (1,236 to 3,125); 1,511 to 2,491 would pass."
    )
    ratio = {"statistic": "ratio", "unit": "ratio", "quantity": "magnet_exports", "good": ""}
    ratio |= {"partner": "Japan", "from": "2025-05", "to": "2025-05", "value": 0.16}
    ratio |= {"median": 0.61, "p05": 0.48, "p95": 0.74, "low": -0.1, "high": 0.26}
    base = {"base_from": "2024-05", "base_to": "2024-05"}
    assert target_sentence(target(**ratio), base) == (
        "China's exports of magnets to Japan, May 2025 over May 2024: on record 16%, in the model "
        "61% (48 to 74); 0 to 26 would pass."
    )
    change = target(statistic="log_change", unit="log")
    assert [number(change, value) for value in (0.0, 0.693, -0.85)] == ["0", "+100", "−57"]
    days = target(statistic="first_day", unit="days", median=None)
    assert in_model(days) == "never in most histories"
    assert number(days, None) == "never"


def test_the_page_follows_the_address_and_the_hand(desk: Desk) -> None:
    with drawn(evidence.Page, "/evidence?good=terbium_oxide&state=Germany") as page:
        record = json.loads(page.part("record").record)
        assert (record["good"], record["state"]) == ("terbium_oxide", "Germany")
        page.tell("choose", {"good": "ndpr_oxide", "state": ""})
        assert json.loads(page.part("record").record)["good"] == "ndpr_oxide"
        page.go("/evidence?state=Japan")
        assert json.loads(page.part("record").record)["state"] == "Japan"
        page.go("/evidence?good=unobtainium")
        assert "Good “unobtainium” is not known." in page.part("problem").problem
        assert json.loads(page.part("record").record)["good"] == ""


def test_where_a_reckoning_is_nearer_to_what_was_kept_back_the_page_says_so() -> None:
    row = {"sample": "kept_back", "kind": "stops", "reckoning": "proportional", "weight": 0.75}
    row |= {"series": 2, "model": 4.0, "alone": 0.5, "mixture": 0.9, "holds": True}
    fitted, alone = {"sample": "in", "holds": False}, {"kind": "prices", "holds": None}
    told = mixed([row, row | {"sample": "out"}, row | fitted, row | alone])
    assert told == [
        "Of first stops to 2025 that were kept back, a mean that gives “proportional” 75% and the "
        "model 25% is off by 0.9 tolerances, the model alone by 4.0."
    ]
    assert not mixed([row, row | {"sample": "out", "holds": False}])
