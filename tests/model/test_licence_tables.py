"""What earlier licensing did to China's exports, and how its office worked: every row sourced,
nothing after 2024, shares that follow from the quantities, and series that add up.
"""

from __future__ import annotations

from collections import defaultdict

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
LEGAL_DAYS = 45  # working days


def last_month(row: dict[str, object]) -> int:
    """Months since January 2000 of the last month that a row covers."""
    return month_index("2000-01", str(row["month"])) + int(str(row["months"])) - 1


@pytest.mark.parametrize("name", ["licence_outcomes", "licence_practice"])
def test_every_row_names_a_page_that_was_read(name: str) -> None:
    table = load_table(name)
    for row, line in zip(table.rows, table.lines, strict=True):
        assert row["source"], f"{name}, line {line}"
        assert row["url"].startswith("http"), f"{name}, line {line}"
        assert row["confidence"] in ("high", "medium", "low"), f"{name}, line {line}"


def test_no_outcome_lies_after_2024() -> None:
    for row in OUTCOMES:
        assert last_month(row) <= month_index("2000-01", LINE), row
    for row in PRACTICE:  # an act may be of any date, what the office did may not
        assert row["kind"] == "act" or row["date"][:7] <= LINE, row


def test_a_share_is_the_quantity_over_the_base() -> None:
    for row in OUTCOMES:
        if row["base"] is None:
            assert row["share_of_base"] is None, row
            assert not row["base_what"], row
        else:
            assert row["base"] > 0.0, row
            assert row["base_what"], row
            assert row["share_of_base"] == pytest.approx(
                row["quantity"] / row["months"] / row["base"], abs=0.006
            ), row


def test_the_months_are_counted_from_the_month_in_force() -> None:
    assert {row["case"] for row in OUTCOMES} == set(LICENSED)
    for row in OUTCOMES:
        assert row["since"] == month_index(LICENSED[row["case"]], row["month"]), row
    dates = {row["id"]: row["date"] for row in load_table("timeline")}
    for case, act in IN_TIMELINE.items():
        assert dates[act].startswith(LICENSED[case]), case


def test_a_case_and_good_is_measured_against_one_base_for_all_destinations_taken_together() -> None:
    bases = defaultdict(set)
    for row in OUTCOMES:
        if row["destination"] == "all" and row["base"] is not None:
            bases[row["case"], row["good"]].add((row["base"], row["base_what"]))
    assert {key: len(held) for key, held in bases.items()} == dict.fromkeys(bases, 1)


def test_no_destination_takes_more_than_all_and_all_do_not_overlap() -> None:
    whole: dict[tuple[str, str, str, int], float] = {}
    covered = defaultdict(list)
    for row in OUTCOMES:
        if row["destination"] == "all":
            whole[row["case"], row["good"], row["month"], row["months"]] = row["quantity"]
            covered[row["case"], row["good"]] += range(
                last_month(row) - row["months"] + 1, last_month(row) + 1
            )
    for months in covered.values():
        assert len(months) == len(set(months))
    taken = defaultdict(float)
    for row in OUTCOMES:
        if row["destination"] != "all" and row["flow"] == "exports":
            taken[row["case"], row["good"], row["month"], row["months"]] += row["quantity"]
    shared = set(taken) & set(whole)
    assert len(shared) >= 5
    for key in shared:
        assert taken[key] <= whole[key] * 1.01, key


@pytest.mark.parametrize(
    ("good", "year"), [("gallium", 69440.0), ("germanium", 29389.0)], ids=["gallium", "germanium"]
)
def test_the_months_of_2024_make_up_the_year(good: str, year: float) -> None:
    assert sum(
        row["quantity"]
        for row in OUTCOMES
        if row["good"] == good and row["destination"] == "all" and row["month"] >= "2024-01"
    ) == pytest.approx(year, abs=1.0)


def test_the_months_of_2024_make_up_the_year_of_antimony() -> None:
    assert sum(
        row["quantity"]
        for row in OUTCOMES
        if row["good"] == "antimony" and row["destination"] == "all" and row["month"] >= "2024-01"
    ) == pytest.approx(38632.0, rel=0.001)


@pytest.mark.parametrize(
    ("case", "good", "zero"),
    [
        ("gallium-germanium-2023", "gallium", 2),
        ("gallium-germanium-2023", "germanium", 2),
        ("graphite-2023", "graphite_spherical", 0),
        ("antimony-2024", "antimony", 0),
        ("antimony-2024", "antimony_metal", 3),
    ],
)
def test_months_near_zero_at_the_start(case: str, good: str, zero: int) -> None:
    """An office that has just opened lets next to nothing pass for up to two or three months; one
    whose list holds look-alikes or that answers some within weeks is never quite shut.
    """
    shut = 0
    for row in sorted(
        (
            row
            for row in OUTCOMES
            if (row["case"], row["good"], row["destination"]) == (case, good, "all")
            and row["since"] >= (1 if case == "antimony-2024" else 0)
        ),
        key=lambda row: row["since"],
    ):
        if row["quantity"] > 0.001 * (row["base"] or 1.0) * row["months"]:
            break
        shut += row["months"]
    assert shut == zero


def test_the_legal_time_stands_in_the_table_and_waits_are_about_it() -> None:
    times = {row["id"]: row for row in PRACTICE if row["subject"] == "processing_time"}
    assert times["legal-time"]["value"] == LEGAL_DAYS
    assert {row["unit"] for row in times.values()} <= {"working days", "days", "months"}
    for row in PRACTICE:
        if row["low"] is not None:
            assert row["low"] <= row["value"] <= row["high"], row
