"""Prices beyond any record: the highest level of each good in the tables, and what is said above it."""

from __future__ import annotations

import pytest

from coercivity.experiments.lab.history import History
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.results.result import Result
from coercivity.viz.page_data.lab_charts_of_one_history import charts
from coercivity.viz.words.beyond_record import beyond_record_sentence, peaks, record_lines
from tests.names import GOODS

FACTS = Facts.default()


@pytest.fixture(scope="module")
def banned() -> Result:
    return run("japan-blanket-ban", 2, months=12)


def test_the_peak_is_the_highest_level_that_was_not_assumed() -> None:
    levels = [
        (row["good"], row["value"])
        for row in load_table("evidence")
        if row["unit"] == "USD/kg" and row["good"] and row["confidence"] != "assumed"
    ]
    levels += [
        (row["series"].split(".")[1], row["value"])
        for row in load_table("record")
        if row["series"].startswith("price.")
        and row["unit"] == "USD/kg"
        and row["confidence"] != "assumed"
    ]
    for good in GOODS:
        known = [value for name, value in levels if name == good]
        assert (good in peaks(FACTS)) == bool(known)
        if known:
            assert peaks(FACTS)[good].value == max(known)


def test_what_lies_above_is_said_to_be_scarcity_with_month_and_market() -> None:
    assert beyond_record_sentence(FACTS, "dysprosium_oxide", 2301.0) == (
        "Above USD 2,300 a kilogram (August to October 2011, for export from China) no price is on "
        "record here: read what lies above as scarcity, not as a forecast."
    )
    assert "USD 185 a kilogram (November 2025, in the EU)" in beyond_record_sentence(
        FACTS, "yttrium_oxide", 1e4
    )


@pytest.mark.parametrize(
    ("good", "highest"),
    [
        ("dysprosium_oxide", 2300.0),
        ("dysprosium_oxide", float("nan")),
        ("magnet_smco", 1e9),
        ("no such good", 1e9),
    ],
)
def test_nothing_is_said_within_the_record_or_without_one(good: str, highest: float) -> None:
    assert beyond_record_sentence(FACTS, good, highest) == ""


def test_the_chart_of_prices_has_the_record_of_each_good(banned: Result) -> None:
    found = {chart["id"]: chart["record"] for chart in charts(History(banned), "Japan")}
    assert found.pop("prices") == record_lines(FACTS)
    assert all(record == {} for record in found.values())
