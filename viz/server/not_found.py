"""The answer to an address that leads to no page: the navigation, a sentence, and the ways on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from coercivity.viz.words.language import SOURCE, languages, say, speaking


def not_found_page(pages: Sequence[tuple[str, str]], lab: str, code: str) -> bytes:
    """A page in a language that there is, else in English. pages: path and label of each, that of
    the lab as its own; lab: what is asked of it past the door.
    """
    known = code if code in languages() else SOURCE
    with speaking(known):
        links = "".join(
            f'<a href="{escape(_address(path, lab if path == "/" else "", known))}">'
            f"{escape(say(label))}</a>"
            for path, label in pages
        )
        title, words = say("There is no page here"), say("This address leads to no page.")
        ways = (
            (_address("/", lab, known), say("Go to the lab")),
            (_address("/", "", known), say("Begin at the door")),
        )
        on = "".join(f'<p><a href="{escape(href)}">{escape(text)}</a></p>' for href, text in ways)
        nav = escape(say("Pages"))
    return (
        f'<!doctype html><html lang="{known}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Coercivity: {escape(title)}</title>"
        '<link rel="stylesheet" href="/static/assets/custom.css"></head>'
        '<body class="cv-not-here" style="margin:0"><div class="cv-page"><header class="cv-head">'
        '<div class="cv-brand"><h1>Coercivity</h1></div>'
        f'<nav class="cv-nav" aria-label="{nav}">{links}</nav></header>'
        f'<main id="cv-main" class="cv-main"><h2>{escape(title)}</h2><p>{escape(words)}</p>{on}'
        "</main></div></body></html>"
    ).encode()


def _address(path: str, query: str, code: str) -> str:
    asked = "&".join(filter(None, (query, f"lang={code}" if code != SOURCE else "")))
    return "/" + path.strip("/") + (f"?{asked}" if asked else "")
