"""No name of the code is read on a page: the texts of documents that pages draw, of what goes wrong, and of events, without underscores, 'Entrant' or negative days."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

import pytest

from coercivity.agents.base.phrase import Phrase
from coercivity.experiments.worlds.run import run
from coercivity.model.results.result import Result
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.words.game_text import news_in_words
from coercivity.viz.page_data.chain_data import chain_data
from coercivity.viz.page_data.claims_data import claims_json
from coercivity.viz.page_data.evidence_data import facts_json, record_json, search_json
from coercivity.viz.page_data.lab_charts_of_one_history import history_data
from coercivity.viz.page_data.map_data import play_json
from coercivity.viz.screens.assumptions import rows_json
from coercivity.viz.screens.lab import levers_json, scenarios_json

CODE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b|\bEntrant\b|[-−]\d+ days")
KEYS = {  # what no page writes out
    *("id", "name", "choice", "chosen", "example", "source_id", "table", "act", "fingerprint"),
    *("parameter_hash", "scenario", "url", "good", "stage", "episode", "sample", "record"),
    *("goods", "path", "turns_id", "query", "change", "verdict", "columns"),
}
PLACES = {  # of rows that have names beside what is written out: those that are not
    "acts": {2, 4, 5},  # the page puts words for kinds
    "firms": {0},  # asked for by it; its words stand beside it
}
DAY = "2026-01-06"


def texts(found: Any, under: str = "") -> Iterator[str]:
    """Every text of a document that is read."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name not in KEYS:
                yield from texts(value, name)
    elif isinstance(found, list):
        for row in found:
            if under in PLACES and isinstance(row, list):
                read = [one for at, one in enumerate(row) if at not in PLACES[under]]
                yield from texts(read)
            else:
                yield from texts(row, under)
    elif isinstance(found, str):
        yield found


@cache
def decided() -> Result:
    """A history in which governments decide: their acts have the names of instruments."""
    return run("governments-decide-2024", 1, months=72)


DOCUMENTS: dict[str, Callable[[], Any]] = {
    "lab": lambda: history_data(decided(), "Japan", DAY),
    "play": lambda: json.loads(play_json(decided(), "Germany", DAY)),
    "chain": lambda: chain_data(decided(), "Japan", "all", "world"),
    "facts": lambda: json.loads(facts_json()),
    "rows of facts": lambda: [
        [row["words"], row["source"], row["note"]]
        for row in json.loads(search_json(most=10_000))["rows"]
    ],
    "claims": lambda: json.loads(claims_json()),
    "record": lambda: json.loads(record_json("dysprosium_oxide", "Japan")),
    "assumptions": lambda: json.loads(rows_json()),
    "levers": lambda: json.loads(levers_json()),
    "scenarios": lambda: json.loads(scenarios_json()),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_text_of_a_page_has_a_name_of_the_code(name: str) -> None:
    found = list(texts(DOCUMENTS[name]()))
    assert len(found) > 5
    assert [text for text in found if CODE.search(text)] == []


def test_news_of_a_class_have_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    happened = (
        Phrase.of("{name} is to be built", name="Entrant, Canada magnets, heat resistant"),
        Phrase.text("China decides: dual_use_ban towards Japan (controlled_2025)"),
    )
    told = {
        "deals_broken": [],
        "news": [
            {"month": "2026-03", "actor": "", "kind": "", "text": str(one), "told": one.to_plain()}
            for one in happened
        ],
        "losses": [],
        "prices": [],
    }
    monkeypatch.setattr("coercivity.viz.classroom.engine.team_briefs.reveal", lambda game: told)
    lines = json.loads(news_in_words(game_jobs.news(cast(Any, None))))["lines"]
    assert [line["text"] for line in lines] == [
        "a new heat-resistant magnet plant in Canada is to be built",
        "China decides: dual-use ban towards Japan (goods controlled in 2025)",
    ]
