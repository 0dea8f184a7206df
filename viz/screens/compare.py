"""The page compare."""

from __future__ import annotations

import solara


@solara.component
def Page() -> None:
    """One visitor's page."""
    with solara.v.Html(tag="main", class_="cv-main", attributes={"id": "cv-main"}):
        solara.v.Html(tag="h2", children=["Coming"])
