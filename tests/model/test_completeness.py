"""A start without a table that a world rests on costs one line, before a world is built."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.start.population import census

START = "2024-01"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("stage_output", "stage_output.csv has no row for process 'mine_light', start '2024-01'"),
        ("end_use", "end_use.csv has no row for good 'magnet_standard', start '2024-01'"),
        ("prices_start", "prices_start.csv has no row for good 'light_concentrate', start '2024"),
        ("firms", "column plant: 'Lynas Malaysia (Kuantan)' is no firm at the start 2024-01; add"),
    ],
)
def test_a_start_without_rows_of_a_table_is_refused(table: str, says: str) -> None:
    facts = Facts.default()
    whole = facts.table(table)
    rows = tuple(row for row in whole if row["start"] != START)
    with pytest.raises(InputError, match=re.escape(says)):
        census(facts.with_table(replace(whole, rows=rows)), START, 3)
