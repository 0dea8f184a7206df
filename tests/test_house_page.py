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


def test_what_a_decision_stores_is_found_in_what_it_calls(house: ModuleType) -> None:
    assert house.stored_by("plan_run") == {"firms.desired", "firms.wish"}
    assert "needs.replacement" in house.stored_by("post_prices")
    (order,) = [step for step in house.steps_of("order") if step[0].startswith("order")]
    assert {"market", "border", "beliefs"} <= order[2]
