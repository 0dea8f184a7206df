"""What a visitor has set in this session: the page that sets it writes it here, the frame's links
carry it to the other pages. And the language in which he reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import solara
import solara.server.kernel_context

from coercivity.model.basis.facts import Facts
from coercivity.viz.page_data.evidence_data import check_known
from coercivity.viz.words.language import SOURCE, ask_visitor, languages

# one value a session each, as solara keeps module-level reactives by kernel
present_query: solara.Reactive[str] = solara.reactive("")
present_language: solara.Reactive[str] = solara.reactive(SOURCE)


def visitor_speaks() -> str:
    """The language of whoever looks at the page; that of the code where nobody does."""
    if not solara.server.kernel_context.has_current_context():
        return SOURCE  # a thread that draws no page
    return present_language.value


ask_visitor(visitor_speaks)


def hear_language(search: str | None) -> None:
    """Take the language from an address that names one there is (`lang=de`); else it stays."""
    for part in (search or "").lstrip("?").split("&"):
        name, _, code = part.partition("=")
        if name == "lang" and code in languages() and code != present_language.value:
            present_language.set(code)


def with_language(query: str) -> str:
    """A query of an address with the language in it, where that is not the usual one."""
    code = visitor_speaks()
    if code == SOURCE or not query:
        return query
    return f"{query}&lang={code}"


def without_language(query: str | None) -> str:
    """What a query of an address asks for beside the language."""
    parts = (query or "").lstrip("?").split("&")
    return "&".join(part for part in parts if part and not part.startswith("lang="))


@dataclass(frozen=True)
class About:
    """The good and the state that a visitor looks at, '' for any."""

    good: str = ""
    state: str = ""

    def query(self) -> str:
        """The part of an address after '?'."""
        fields = {"good": self.good, "state": self.state}
        return urlencode({name: value for name, value in fields.items() if value})


present_about: solara.Reactive[About] = solara.reactive(About())  # of the lab's price chart


def about_of(search: str | None) -> About:
    """What an address is about. Raises InputError for a good or state that is not known."""
    facts = Facts.default()
    fields = dict(parse_qsl((search or "").lstrip("?")[:2000]))
    about = About(fields.get("good", ""), fields.get("state", ""))
    check_known("good", about.good, facts.goods)
    check_known("state", about.state, facts.states)
    return about
