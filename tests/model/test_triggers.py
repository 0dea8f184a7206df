"""What provoked China and what it did with minerals: rows that fit the timeline, and as many quiet
answers as loud ones.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import GOVERNMENTS
from coercivity.model.scenario.kinds import KINDS

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


def test_triggers_without_an_answer_outnumber_those_with_one_until_2024() -> None:
    sample = load_table("triggers").where(in_sample="yes")
    assert sum(row["instrument"] == "none" for row in sample) > 3 * sum(
        row["instrument"] != "none" for row in sample
    )


def test_severity_follows_the_written_steps() -> None:
    assert {row["severity"] for row in load_table("triggers")} <= {0.2, 0.4, 0.6, 0.8, 1.0}
    assert all(row["note"].startswith("S: ") for row in load_table("triggers"))


def test_every_government_has_a_counter_leverage_in_its_range() -> None:
    table = load_table("counter_leverage")
    assert table.column("government") == GOVERNMENTS
    assert all(row["low"] <= row["counter_leverage"] <= row["high"] for row in table)


def test_capability_only_rises() -> None:
    rows = load_table("capability").rows
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert all(early["level"] < late["level"] for early, late in pairwise(rows))
    assert all(row["low"] <= row["level"] <= row["high"] for row in rows)
