"""A few dozen rules stand behind the rows that no source states: every such row has one, no rule is
idle, and the large ones explain most.
"""

from __future__ import annotations

from collections import Counter

import pytest

from coercivity.model.basis.assumed import assumption_of, assumptions
from coercivity.model.basis.facts import load_table
from coercivity.viz.drawn.evidence_data import fact_tables
from tests.facts import FACTS

RULES = load_table("assumptions").rows
ASSUMED = [
    (table, row) for table in fact_tables() for row in load_table(table).where(confidence="assumed")
]


def test_every_assumed_row_has_a_rule_of_its_own_table() -> None:
    tables = {rule["id"]: rule["table"] for rule in RULES}
    for table, row in ASSUMED:
        assert tables.get(assumption_of(FACTS, table, row)) == table, (
            table,
            row["source"],
            row["note"],
        )


def test_no_rule_is_idle() -> None:
    made = Counter(assumption_of(FACTS, table, row) for table, row in ASSUMED)
    assert {rule["id"] for rule in RULES} == set(made)


def test_a_rule_that_takes_the_rest_of_its_table_stands_last_in_it() -> None:
    for table in {rule["table"] for rule in RULES}:
        texts = [rule["match"] for rule in RULES if rule["table"] == table]
        assert all(texts[:-1]), table


def test_rows_are_counted_once_and_the_largest_rules_come_first() -> None:
    found = assumptions(FACTS, fact_tables())
    assert sum(one.rows for one in found) == len(ASSUMED)
    assert [one.rows for one in found] == sorted((one.rows for one in found), reverse=True)


def test_a_page_shows_dozens_and_not_thousands() -> None:
    found = assumptions(FACTS, fact_tables())
    assert len(found) <= 60
    assert len(ASSUMED) > 1500
    assert sum(one.rows for one in found[:15]) > 0.8 * len(ASSUMED)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_a_rule_is_said_in_a_sentence_with_what_it_rests_on(rule: dict[str, str]) -> None:
    assert 20 <= len(rule["rule"]) <= 200
    assert rule["basis"]
    assert rule["table"] in fact_tables()
