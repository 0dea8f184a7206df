"""The attribution page names every publisher of every row."""

import importlib
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_attribution_page_is_up_to_date() -> None:
    attribution = importlib.import_module("tools.docs.attribution")
    assert (DOCS / "facts-attribution.md").read_text(encoding="utf-8") == attribution.page(), (
        "the tables have changed: run `make docs`"
    )
