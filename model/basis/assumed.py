"""Which assumption made a row: a few dozen rules stand behind the many rows that no source states.

``assumptions.csv`` holds the rules. A row of confidence `assumed` belongs to the first rule of its
table, from the top, of which one text (`match`, several by "|") stands in the row's source or note;
a rule without a text takes the rest of its table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from coercivity.model.basis.csv_tables import Row
from coercivity.model.basis.facts import Facts


@dataclass(frozen=True)
class Assumption:
    """A rule that made rows, and how many."""

    id: str
    table: str
    rule: str
    basis: str
    rows: int


def assumption_of(facts: Facts, table: str, row: Row) -> str:
    """The id of the assumption that made a row of *table*; empty if none is written down."""
    said = f"{row['source']} {row['note'] or ''}"
    for rule in facts.table("assumptions").where(table=table):
        if not rule["match"] or any(text in said for text in rule["match"].split("|")):
            return str(rule["id"])
    return ""


def assumptions(facts: Facts, tables: Iterable[str]) -> tuple[Assumption, ...]:
    """The assumptions behind *tables*, the one that made most rows first."""
    made = Counter(
        assumption_of(facts, table, row)
        for table in tables
        for row in facts.table(table).where(confidence="assumed")
    )
    found = [
        Assumption(row["id"], row["table"], row["rule"], row["basis"], made[row["id"]])
        for row in facts.table("assumptions")
        if made[row["id"]]
    ]
    return tuple(sorted(found, key=lambda one: (-one.rows, one.id)))
