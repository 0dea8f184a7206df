"""The evidence: facts with their sources, and the model against the record. No run is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from coercivity.viz.drawn.evidence_data import PAGE, facts_json, record_json, search_json
from coercivity.viz.screens.template import template, told


@dataclass(frozen=True)
class Search:
    """What is looked for among the facts; `most` rows are sent."""

    text: str = ""
    table: str = ""
    confidence: str = ""
    most: int = PAGE


@template("evidence.vue")
def EvidencePicture(
    facts: str,
    answer: str,
    record: str,
    problem: str,
    event_search: Callable[[dict[str, Any]], None],
) -> None:
    """Facts that can be searched, and the record; drawn by the browser."""


@solara.component
def Page() -> None:
    """The evidence page of one visitor."""
    search, set_asked = solara.use_state(Search())
    solara.Title("Coercivity: the evidence")
    answer, problem = solara.use_memo(lambda: searched(search), [search])
    EvidencePicture(
        facts=facts_json(),
        answer=answer,
        record=record_json(),
        problem=problem,
        event_search=lambda fields: set_asked(search_of(fields)),
    )


def search_of(fields: dict[str, Any]) -> Search:
    """The search that the page asks for; what is no number of rows counts as one page."""
    text, table, confidence = (
        str(fields.get(name, "")) for name in ("text", "table", "confidence")
    )
    most = fields.get("most")
    return Search(
        text, table, confidence, min(2000, max(PAGE, most)) if isinstance(most, int) else PAGE
    )


def searched(search: Search) -> tuple[str, str]:
    """The rows found, or none and the reason."""
    results, problem = told(
        lambda: search_json(search.text, search.table, search.confidence, search.most)
    )
    return results or search_json(), problem
