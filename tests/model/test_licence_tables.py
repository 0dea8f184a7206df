"""What earlier licensing did to China's exports, and how its office worked: every row sourced,
nothing after 2024, shares that follow from the quantities, and series that add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import load_table

OUTCOMES = load_table("licence_outcomes").rows
PRACTICE = load_table("licence_practice").rows
LINE = "2024-12"  # what markets and firms did after it is kept for testing
LICENSED = {  # case: the month in which the licence came into force
    "gallium-germanium-2023": "2023-08",
    "graphite-2023": "2023-12",
    "antimony-2024": "2024-09",
    "embargo-2010": "2010-09",
}
IN_TIMELINE = {"graphite-2023": "T032", "antimony-2024": "T035", "embargo-2010": "T010"}


def last_month(row: Mapping[str, Any]) -> int:
    """Months since January 2000 of the last month that a row covers."""
    return month_index("2000-01", row["month"]) + int(row["months"]) - 1


def test_every_row_names_a_page_that_was_read_and_no_outcome_lies_after_2024() -> None:
    for row in (*OUTCOMES, *PRACTICE):
        assert row["source"], row
        assert row["url"].startswith("http"), row
        assert row["confidence"] in ("high", "medium", "low"), row
    assert max(last_month(row) for row in OUTCOMES) <= month_index("2000-01", LINE)
    for row in PRACTICE:  # an act may be of any date, what the office did may not
        assert row["kind"] == "act" or row["date"][:7] <= LINE, row


def test_a_share_is_the_quantity_over_the_base() -> None:
    for row in OUTCOMES:
        assert (row["base"] is None) == (row["share_of_base"] is None) == (not row["base_what"])
        if row["base"] is not None:
            share = row["quantity"] / row["months"] / row["base"]
            assert row["share_of_base"] == pytest.approx(share, abs=0.006), row


def test_the_months_are_counted_from_the_month_in_force() -> None:
    assert {row["case"] for row in OUTCOMES} == set(LICENSED)
    for row in OUTCOMES:
        assert row["since"] == month_index(LICENSED[row["case"]], row["month"]), row
    dates = {row["id"]: row["date"] for row in load_table("timeline")}
    for case, act in IN_TIMELINE.items():
        assert dates[act].startswith(LICENSED[case]), case


def test_no_destination_takes_more_than_all_and_all_do_not_overlap() -> None:
    whole: dict[tuple[str, str, str, int], float] = {}
    covered: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in OUTCOMES:
        if row["destination"] == "all":
            whole[row["case"], row["good"], row["month"], row["months"]] = row["quantity"]
            covered[row["case"], row["good"]] += range(
                last_month(row) - row["months"] + 1, last_month(row) + 1
            )
    for months in covered.values():
        assert len(months) == len(set(months))
    taken: dict[tuple[str, str, str, int], float] = defaultdict(float)
    for row in OUTCOMES:
        if row["destination"] != "all" and row["flow"] == "exports":
            taken[row["case"], row["good"], row["month"], row["months"]] += row["quantity"]
    shared = set(taken) & set(whole)
    assert len(shared) >= 5
    for key in shared:
        assert taken[key] <= whole[key] * 1.01, key
