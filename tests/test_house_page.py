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
