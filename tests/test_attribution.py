"""The attribution page names every publisher of every row."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_attribution_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("attribution", DOCS / "attribution.py")
    assert spec is not None
    assert spec.loader is not None
    attribution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(attribution)
    assert (DOCS / "facts-attribution.md").read_text(encoding="utf-8") == attribution.page(), (
        "the tables have changed: run `make docs`"
    )
