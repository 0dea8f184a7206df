"""Files of the part `calibration`, around the page that `calibration.py` writes."""

from __future__ import annotations

from coercivity.viz.pages.calibration import calibration_page
from coercivity.viz.pages.text import Document, Row


def pages(document: Document) -> dict[str, str]:
    """The one page; it says itself what made it."""
    return {"calibration.md": calibration_page(dict(document["found"]))}


def tables(document: Document) -> dict[str, list[Row]]:
    """Targets and parameters."""
    return {f"calibration-{name}": document["found"][name] for name in ("targets", "parameters")}
