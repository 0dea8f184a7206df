"""The claims: both sides' words, the paper kit's verdict, its figure, and where to try it.

No run is needed.
"""

from __future__ import annotations

import solara

from coercivity.viz.drawn.claims_data import claims_json
from coercivity.viz.screens.template import template


@template("claims.vue")
def ClaimsPicture(page: str) -> None:
    """All claims, drawn by the browser from one document."""


@solara.component
def Page() -> None:
    """The claims page of one visitor."""
    solara.Title("Coercivity: the claims")
    ClaimsPicture(page=claims_json())
