"""docs/house.md is what the code makes of it now."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def house() -> ModuleType:
    return importlib.import_module("tools.docs.house")


def test_the_page_is_that_of_the_code(house: ModuleType) -> None:
    made, kept = house.page(), (DOCS / "house.md").read_text(encoding="utf-8")
    before, after = (text.partition("## Journeys")[0] for text in (kept, made))
    assert before == after, "the house has changed: run `make docs`"


def test_no_arrow_points_back_up(house: ModuleType) -> None:
    assert house.arrows_up() == []


def test_who_rests_on_whom_is_told(house: ModuleType) -> None:
    floors = {name: floor for floor, names in enumerate(house.floors()) for name in names}
    assert floors["agents.base"] == 0
    assert floors["agents.base"] < floors["agents.firms"] < floors["model.trade"]
    assert (
        floors["model.trade"] < floors["experiments.worlds"] < floors["viz.screens"] < floors["api"]
    )


def test_what_a_decision_stores_is_found_in_what_it_calls(house: ModuleType) -> None:
    assert house.stored_by("plan_run") == {"firms.desired", "firms.wish"}
    assert "needs.replacement" in house.stored_by("post_prices")
    (order,) = [step for step in house.steps_of("order") if step[0].startswith("order")]
    assert {"market", "border", "beliefs"} <= order[2]


def test_files_that_are_entered_are_counted_once(house: ModuleType) -> None:
    from coercivity.model.basis.calendar import month_names

    assert house.entered(lambda: [month_names("2024-01", n) for n in range(3)]) == [
        "model/basis/calendar.py"
    ]
