"""A catalogue that has every sentence, its pieces in marks: what a page shows outside of them was never asked of the catalogue, or is a name that nobody said.

Imports nothing of the front end: page_server.py sets its settings first.
"""

import re
from types import SimpleNamespace
from typing import Any

MARKED = re.compile("⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[A-Za-z]{2}")
AS_IT_IS = re.compile(  # what is the same in every language
    r"\b(La|Ce|Pr|Nd|Sm|Eu|Gd|Tb|Dy|Ho|Er|Tm|Yb|Lu|Sc)\b"  # symbols of elements
    r"|\([A-Za-z0-9-]+\)"  # ids of acts, as scenario files write them
    r"|\d+\.\d+\.\d+\.dev\d+"  # a version between two releases
    r"|\bover_compliance\b"  # names of parameters
    r"|\b(MP 10X|Longonjo|Nolans|a firm)\b"  # names of firms and plants
    r"|\b(japan-2026|japan-blanket-ban|embargo-2010|business-as-usual|all-sectors-at-once"
    r"|targeted-pressure|humanoid-boom)\b"  # names of scenarios, as files write them
    r"|\b[a-z0-9]+(-[a-z0-9]+)*-20\d\d(-\d\d)?\b"  # ids of targets
    r"|(prices rise|builds a stockpile|to wait)"  # what governments decide is told by the model
)


class Marks:
    """The catalogue; it knows which sentences were asked for."""

    plural_expr = "0"

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def get(self, text: str, context: str | None = None) -> Any:
        self.asked.add(text)
        pieces = re.split(r"(\{[\w:]*\})", text)
        wording = "".join(piece if piece[:1] == "{" else f"⟦{piece}⟧" for piece in pieces if piece)
        return SimpleNamespace(string=(wording,), fuzzy=False)


def unsaid(text: str) -> bool:
    """Whether a text has a word outside of the marks."""
    return bool(WORD.search(AS_IT_IS.sub(" ", MARKED.sub(" ", text))))
