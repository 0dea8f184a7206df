"""What provoked China and what it did with minerals: rows that fit the timeline, and as many quiet
answers as loud ones.
"""

from __future__ import annotations

from datetime import date, timedelta

from coercivity.model.basis.facts import load_table
from tests.names import KINDS

WINDOW = 122  # days, four months
ANNOUNCED = {
    "T032": date(2023, 10, 20),
    "T035": date(2024, 8, 15),
}  # the timeline gives the day in force


def test_an_answer_has_an_instrument_and_a_lag() -> None:
    for row in load_table("triggers"):
        answered = row["instrument"] != "none"
        assert answered == (row["lag_days"] is not None), row["id"]
        assert answered or not row["measure"], row["id"]
        assert not answered or row["instrument"] in KINDS


def test_the_lag_leads_to_the_measure() -> None:
    acts = {
        row["id"]: date.fromisoformat(row["date"]) for row in load_table("timeline")
    } | ANNOUNCED
    for row in load_table("triggers"):
        if row["measure"]:
            assert (
                date.fromisoformat(row["date"]) + timedelta(days=row["lag_days"])
                == acts[row["measure"]]
            ), row["id"]


def test_the_sample_knows_nothing_after_2024() -> None:
    for row in load_table("triggers"):
        seen = date.fromisoformat(row["date"]) + timedelta(
            days=WINDOW if row["lag_days"] is None else row["lag_days"]
        )
        assert (row["in_sample"] == "yes") == (seen <= date(2024, 12, 31)), row["id"]
