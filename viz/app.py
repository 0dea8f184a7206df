"""The front end: its pages and the frame around them.

Run it with `coercivity app`; serve.py hands out the styles and scripts of viz/data.

A page draws finished results only. What a visitor has set stands in the address, so that a link,
the back button and a restarted server need no memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from coercivity.viz.classroom.pages import class_page
from coercivity.viz.screens import chain, claims, compare, door, evidence, play
from coercivity.viz.screens.session_state import (
    hear_language,
    present_about,
    present_language,
    present_query,
    without_language,
)
from coercivity.viz.screens.template import Alert, Barrier, mend_navigator, template, trouble
from coercivity.viz.words.language import SOURCE, languages, noted, say, translate_text

mend_navigator()
PAGES: tuple[tuple[str, str, Any], ...] = (  # path, label, component
    ("/", noted("Lab"), door.Page),
    ("play", noted("Play"), play.Page),
    ("chain", noted("Chain"), chain.Page),
    ("compare", noted("Compare"), compare.Page),
    ("class", noted("Class"), class_page.Page),
    ("claims", noted("Claims"), claims.Page),
    ("evidence", noted("Evidence"), evidence.Page),
)
CARRIES = ("/", "play", "chain", "compare")  # pages that show what the visitor has set
OFFER = noted("Read this in English")  # each catalogue names its own language here
ABOUT = ("claims", "evidence")  # pages that begin with the good and state that he looks at


@template("screens/frame.vue")
def Frame(
    pages: list[dict[str, str]],
    here: str,
    spoken: str,
    tongues: dict[str, str],
    offers: dict[str, str],
    event_go: Callable[[str], None],
) -> None:
    """Title, navigation, language, colours."""


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006  (solara's calling convention)
    """The frame around every page."""
    router = solara.use_router()
    here = (router.path or "/").strip("/").split("/")[0] or "/"
    at_door = door.is_door(router.path, router.search)
    query, shown = present_query.value, (router.search or "") if here == "/" else ""
    hear_language(router.search)
    spoken = present_language.value
    solara.use_effect(lambda: trouble.set(""), [router.path, router.search])
    pages = [
        {
            "path": path,
            "label": say(label),
            "href": address(path, query_for_link(path, query, shown), spoken),
        }
        for path, label, _ in PAGES
    ]
    with solara.Div(classes=["cv-page"]):
        Frame(
            pages=pages,
            here="" if at_door else here,
            spoken=spoken,
            tongues=languages(),
            offers={code: translate_text(OFFER, code) for code in languages()},
            event_go=lambda href: router.push(href),
        )
        Alert(trouble.value)
        Barrier(children=children, place=f"{router.path}?{router.search}")
        if spoken != SOURCE:
            words = say("Texts of acts, events and sources are in English.")
            solara.v.Html(tag="footer", class_="cv-foot cv-english", children=[words])


def query_for_link(path: str, query: str, shown: str) -> str:
    """What a link to a page carries of what is set. The lab's always carries something, as it would
    lead to the door otherwise: where nothing is set that fits a link, what the lab that is *shown*
    was asked.
    """
    if path == "/":
        return query or without_language(shown) or door.THROUGH
    if path in ABOUT:
        return present_about.value.query()
    return query if path in CARRIES else ""


def address(path: str, query: str, code: str) -> str:
    """The address of a page: what it is to show, and the language where it is not the usual one."""
    asked = "&".join(filter(None, (query, f"lang={code}" if code != SOURCE else "")))
    return "/" + path.strip("/") + ("?" + asked if asked else "")


routes = [
    solara.Route(
        path=path, component=component, label=label, layout=Layout if path == "/" else None
    )
    for path, label, component in PAGES
]
