"""What happens on the play page's map besides the flows: plants, acts in force, what governments
decided.

Lists of plain values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.model.results.records import Records
from coercivity.viz.words.names import readable_text

if TYPE_CHECKING:
    from coercivity.model.results.result import Result

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
            readable_text(event.text) if event is not None and event.text else "",
        ]
        spans.append(open_at[act])
    return spans


def decision_rows(result: Result) -> list[Row]:
    """The table decisions: [month, government, saw, chose, rejected], in words."""
    table, place = (
        result.table("decisions"),
        {month: index for index, month in enumerate(result.months)},
    )
    columns = ("month", "actor", "saw", "chose", "rejected")
    return [
        [place[month], actor, readable_text(saw), readable_text(chose), readable_text(rejected)]
        for month, actor, saw, chose, rejected in zip(
            *(table[c].astype(str) for c in columns), strict=True
        )
    ]
