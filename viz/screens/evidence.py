"""The evidence: the model against the record, misses about the good looked at first, and facts with
their sources. No run is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from coercivity.experiments.lab.setting import DEFAULT_SCENARIO
from coercivity.model.basis.facts import Facts
from coercivity.viz.page_data.evidence_data import (
    PAGE,
    check_known,
    facts_json,
    record_json,
    search_json,
)
from coercivity.viz.screens.code_check import use_origin
from coercivity.viz.screens.session_state import About, about_of, present_query, with_language
from coercivity.viz.screens.template import call_with_reason, template
from coercivity.viz.words.language import language, say
from coercivity.viz.words.names import standalone_name
from coercivity.viz.words.record_text import goods_words


@dataclass(frozen=True)
class Search:
    """What is looked for among the facts; `most` rows are sent."""

    text: str = ""
    table: str = ""
    confidence: str = ""
    most: int = PAGE


def choices() -> dict[str, list[list[str]]]:
    """What can be looked at: id, in a list, in a sentence."""
    facts = Facts.default()
    return {
        "goods": [
            ["", say("all goods"), ""],
            *([one, standalone_name(one), goods_words(one)] for one in facts.goods),
        ],
        "states": [
            ["", say("all states"), ""],
            *([one, say(one), say(one)] for one in facts.states),
        ],
    }


@template("evidence.vue")
def EvidencePicture(
    facts: str,
    answer: str,
    record: str,
    origin: dict[str, object],
    choices: dict[str, list[list[str]]],
    lab: str,
    problem: str,
    event_search: Callable[[dict[str, Any]], None],
    event_choose: Callable[[dict[str, Any]], None],
) -> None:
    """Facts that can be searched, and the record; drawn by the browser."""


@solara.component
def Page() -> None:
    """The evidence page of one visitor."""
    address = solara.use_router().search
    search, set_asked = solara.use_state(Search())
    of_address, wrong = solara.use_memo(
        lambda: call_with_reason(lambda: about_of(address)), [address]
    )
    about, set_about = solara.use_state(of_address or About())
    solara.use_effect(lambda: set_about(of_address or About()), [of_address])
    solara.Title(say("Coercivity: the evidence"))
    answer, problem = solara.use_memo(lambda: search_facts(search), [search, language()])
    EvidencePicture(
        facts=facts_json(),
        answer=answer,
        record=record_json(about.good, about.state),
        origin=use_origin("backtest"),
        choices=solara.use_memo(choices, [language()]),
        lab=with_language(present_query.value or f"scenario={DEFAULT_SCENARIO}"),
        problem=problem or wrong,
        event_search=lambda fields: set_asked(search_of(fields)),
        event_choose=lambda fields: set_about(chosen_of(fields)),
    )


def chosen_of(fields: dict[str, Any]) -> About:
    """The good and the state that the page asks for. Raises InputError for one that is not
    known.
    """
    facts = Facts.default()
    about = About(str(fields.get("good", "")), str(fields.get("state", "")))
    check_known("good", about.good, facts.goods)
    check_known("state", about.state, facts.states)
    return about


def search_of(fields: dict[str, Any]) -> Search:
    """The search that the page asks for; what is no number of rows counts as one page."""
    text, table, confidence = (
        str(fields.get(name, "")) for name in ("text", "table", "confidence")
    )
    most = fields.get("most")
    return Search(
        text, table, confidence, min(2000, max(PAGE, most)) if isinstance(most, int) else PAGE
    )


def search_facts(search: Search) -> tuple[str, str]:
    """The rows found, or none and the reason."""
    results, problem = call_with_reason(
        lambda: search_json(search.text, search.table, search.confidence, search.most)
    )
    return results or search_json(), problem
