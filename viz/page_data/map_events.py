"""What happens on the play page's map besides the flows: plants, acts in force, what governments
decided.

Lists of plain values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.model.basis.errors import Phrase
from coercivity.model.results.event_tables import choices
from coercivity.model.results.records import Records
from coercivity.viz.words.event_phrases import clause_in_words, told_in_words
from coercivity.viz.words.language import semicolons

if TYPE_CHECKING:
    from coercivity.model.results.result import Result
    from coercivity.model.scenario.event import Event

Row = list[object]
BEGINS, OPENS = "begins", "opens"
TOLD: Final = {  # kinds of events of plants -> what a mark on the map says
    "project begins": BEGINS,
    "project cancelled": "given up",
    "plant mothballed": "mothballed",
    "plant bankrupt": "bankrupt",
    "plant restarts": "restarts",
}
LEAST: Final = 1e-6  # t/month below which there is no plant


def plant_news(records: Records) -> list[tuple[int, int, str]]:
    """Plants by month: [month, firm, what], what one of begins, given up, opens, mothballed,
    bankrupt, restarts.

    A plant opens in the month in which it first has capacity; all else is told by the run itself.
    """
    structure, facts = records.structure, records.facts
    row_of = {name: row for row, name in enumerate(structure.names)}
    rows = [
        (month, row_of[actor], TOLD[kind])
        for month, actor, kind, _ in records.events
        if kind in TOLD and actor in row_of
    ]
    there = (records["capacity"] > LEAST) & (structure.firm_process < facts.first_sector)
    late = np.flatnonzero(there.any(axis=0) & ~there[0])
    rows += [(int(there[:, firm].argmax()), int(firm), OPENS) for firm in late]
    return sorted(rows, key=lambda row: (row[0], row[1]))


def building_by_state(records: Records) -> dict[str, list[int]]:
    """How many plants that have never run are under way in each state, month by month; states
    without any are left out.
    """
    structure, facts = records.structure, records.facts
    new = (
        ~np.maximum.accumulate(records["capacity"] > LEAST, axis=0)
        & (records["building"] > LEAST)
        & (structure.firm_process < facts.first_sector)
    )
    counts = {
        state: new[:, structure.firm_state == s].sum(axis=1).tolist()
        for s, state in enumerate(facts.states)
    }
    return {state: months for state, months in counts.items() if any(months)}


def acts_in_force(result: Result) -> list[Row]:
    """Acts with the months in which they hold: [first, last, kind, actor, targets, goods, text],
    from the table policy; a signal has one month.
    """
    table, place = (
        result.table("policy"),
        {month: first for first, month in enumerate(result.months)},
    )
    records = result.records
    spans: list[Row] = []
    open_at: dict[str, Row] = {}
    columns = ("month", "actor", "kind", "targets", "goods", "state_of", "act")
    for month, actor, kind, targets, goods, state_of, act in zip(
        *(table[column].astype(str) for column in columns), strict=True
    ):
        if state_of == "ended":
            continue
        index, span = place[month], open_at.get(act)
        if span is not None and state_of == "in force" and index <= int(str(span[1])) + 1:
            span[1] = index
            continue
        event = records.event(act) if records is not None else None
        open_at[act] = [
            index,
            index,
            kind,
            actor,
            targets,
            goods,
            _act_in_words(event) if event is not None else "",
        ]
        spans.append(open_at[act])
    return spans


def decision_rows(result: Result) -> list[Row]:
    """What governments decided: [month, government, saw, chose, rejected], in words."""
    return [
        [
            row.month,
            row.actor,
            told_in_words(row.saw),
            told_in_words(row.chose),
            semicolons(map(clause_in_words, row.rejected)),
        ]
        for row in (choices(result.records) if result.records is not None else ())
    ]


def _act_in_words(event: Event) -> str:
    """What is told of an act; '' for one of which nothing is."""
    if event.told is not None:
        return told_in_words(event.told)
    return told_in_words(Phrase.text(event.text)) if event.text else ""
