"""What the fields of refusals are called on a page, and the words of those of the class game."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from coercivity.viz.classroom.engine.standing import WALK_OUT
from coercivity.viz.classroom.engine.table import GOVERNMENT, cards, deal_kinds, seats, words
from coercivity.viz.words.language import Name, noted, say

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


def card_said(card: str, act: str = "") -> str:
    """The label of a card, whoever holds it, or of a kind of deal; else its words."""
    labels = [held[card].label for held in cards().values() if card in held]
    labels += [kind.label for kind in deal_kinds().values() if kind.deal == card]
    labels += [WALK_OUT.label] if card == WALK_OUT.card else []
    return say(labels[0] if labels else words(card))


def option_said(name: str) -> str:
    """A seat, a card, a kind of deal or an option of one, as a sheet shows it."""
    return seat_said(name) if name in seats() else card_said(name)


def choice_said(name: str, act: str = "") -> str:
    """A choice of a card or a deal, as its sheet calls it."""
    return say(FIELDS.get(name, name.replace("_", " ")))


def seat_said(name: str, act: str = "") -> str:
    """A seat by its name."""
    return say(seats()[name].name if name in seats() else name)


def government_said(name: str, act: str = "") -> Name:
    """The state of a seat, in the form that a sentence asks for."""
    by_name = {seats()[seat].name: state for seat, state in GOVERNMENT.items()}
    return Name(by_name.get(name, name))


def table_said(name: str, act: str = "") -> str:
    """A table of own rows as the page calls it."""
    return say(TABLES.get(name, name))


# fields of the class game and of own tables, by their names in the sentences
GAME_FIELDS: Final[Mapping[str, Callable[[str, str], object]]] = {
    "card": card_said,
    "choice": choice_said,
    "seat": seat_said,
    "government": government_said,
    "table": table_said,
}
