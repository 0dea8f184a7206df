"""What the fields of refusals are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.viz.words.language import noted, say

TABLES: Final[Mapping[str, str]] = {
    "cover": noted("Stocks"),
    "trade_prior": noted("Trade"),
    "projects": noted("Plants"),
}
FIELDS: Final[Mapping[str, str]] = {  # columns of own tables, keys of files and links
    "kind": noted("kind"),
    "state": noted("state"),
    "months_low": noted("low months"),
    "months_median": noted("median months"),
    "months_high": noted("high months"),
    "good": noted("good"),
    "origin": noted("origin"),
    "destination": noted("destination"),
    "share": noted("share"),
    "name": noted("name"),
    "process": noted("process"),
    "tonnes_per_year": noted("tonnes a year"),
    "first_month": noted("first month"),
    "patient": noted("lent to by the state"),
    "start": noted("start"),
    "months": noted("months"),
    "events": noted("events"),
    "choices": noted("choices"),
    "scenario": noted("scenario"),
    "seed": noted("seed"),
    "lever": noted("lever"),
    "parameter": noted("assumption"),
    "at": noted("later change"),
    "month of a change": noted("month of a change"),
    "month of the cut-off": noted("month of the cut-off"),
    "kind of act": noted("kind of act"),
    "from": noted("begins"),
    "until": noted("ends"),
    "date": noted("first day"),
    "end": noted("last day"),
    "actor": noted("who acts"),
    "targets": noted("against"),
    "goods": noted("goods"),
    "firms_per_sector": noted("firms a sector"),
    "tables": noted("own rows"),
    "parameters": noted("assumptions"),
    "mechanism": noted("mechanism"),
    "mechanisms": noted("mechanisms"),
    "government": noted("government"),
    "governments": noted("governments"),
    "id": noted("name of the act"),
    "text": noted("text"),
    "source": noted("source"),
    "sources": noted("sources"),
    "title": noted("title"),
    "why": noted("what it asks"),
    "base": noted("base"),
    "confidence": noted("confidence"),
    "element": noted("element"),
    "view": noted("view"),
    "lesson": noted("lesson"),
    "card": noted("card"),
    "table": noted("table"),
}


def table_in_words(name: str, act: str = "") -> str:
    """A table of own rows as the page calls it."""
    return say(TABLES.get(name, name))
