"""The front end: its pages and the frame around them.

Run it with `coercivity app`; serve.py hands out the styles and scripts of viz/data.

A page draws finished results only. What a visitor has set stands in the address, so that a link,
the back button and a restarted server need no memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from coercivity.viz.screens import chain, claims, classroom, compare, evidence, lab, play
from coercivity.viz.screens.present import present_query
from coercivity.viz.screens.template import Alert, Barrier, template, trouble

PAGES: tuple[tuple[str, str, Any], ...] = (  # path, label, component
    ("/", "Lab", lab.Page),
    ("play", "Play", play.Page),
    ("chain", "Chain", chain.Page),
    ("compare", "Compare", compare.Page),
    ("class", "Class", classroom.Page),
    ("claims", "Claims", claims.Page),
    ("evidence", "Evidence", evidence.Page),
)
CARRIES = ("/", "play", "chain", "compare")  # pages that show what the visitor has set


@template("screens/frame.vue")
def Frame(pages: list[dict[str, str]], here: str, event_go: Callable[[str], None]) -> None:
    """Title, navigation, colours."""


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006  (solara's calling convention)
    """The frame around every page."""
    router = solara.use_router()
    here = (router.path or "/").strip("/").split("/")[0] or "/"
    query = present_query.value
    solara.use_effect(lambda: trouble.set(""), [router.path, router.search])
    pages = [
        {
            "path": path,
            "label": label,
            "href": ("/" + path.strip("/")) + ("?" + query if query and path in CARRIES else ""),
        }
        for path, label, _ in PAGES
    ]
    with solara.Div(classes=["cv-page"]):
        Frame(pages=pages, here=here, event_go=lambda href: router.push(href))
        Alert(trouble.value)
        Barrier(children=children, place=f"{router.path}?{router.search}")


routes = [
    solara.Route(
        path=path, component=component, label=label, layout=Layout if path == "/" else None
    )
    for path, label, component in PAGES
]
