"""The claims: both sides' words, the paper kit's verdict, its figure, and where to try it.

What does not hold comes first; what the model gets wrong about the good looked at stands above all.
"""

from __future__ import annotations

import json

import solara

from coercivity.viz.page_data.claims_data import claims_json
from coercivity.viz.page_data.evidence_data import record_json
from coercivity.viz.screens.code_check import use_origin
from coercivity.viz.screens.session_state import About, about_of
from coercivity.viz.screens.template import call_with_reason, template
from coercivity.viz.words.language import say


@template("claims.vue")
def ClaimsPicture(page: str, origin: dict[str, object], wrong: str, about: str) -> None:
    """All claims, drawn by the browser from one document."""


@solara.component
def Page() -> None:
    """The claims page of one visitor."""
    search = solara.use_router().search
    about = (
        call_with_reason(lambda: about_of(search))[0] or About()
    )  # what is not known asks for nothing
    solara.Title(say("Coercivity: the claims"))
    ClaimsPicture(
        page=claims_json(),
        origin=use_origin("claims"),
        wrong=json.loads(record_json(about.good))["lead"][1],
        about=about.query(),
    )
