"""How the model says what to write instead, the sentences of the pages for it, and what its fields
are called on a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coercivity.viz.words.language import noted

COLUMN, FILE = "column", "file"  # where names are written as they are
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
    "mechanisms": noted("mechanisms"),
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
    "table": noted("table"),
}
FIELD: Final = r"(?P<field>[a-z][a-z_0-9]*(?: of a change)?)"
# as far as it goes: what a visitor wrote may have quotation marks and words like ours in it
VALUE: Final = r"'(?P<value>.*)'"


@dataclass(frozen=True)
class Rule:
    """A form that a line has, and the sentences that say it: {field}, {value} and other names of
    the form; `fix` is '' where the line's own fix is read (FIXES). The group `written` is a field
    as a visitor called it, said as {field} and as {label}.
    """

    form: re.Pattern[str]
    what: str
    fix: str = ""


def rule(form: str, what: str, fix: str = "") -> Rule:
    """A form and its sentences."""
    return Rule(re.compile(form, re.DOTALL), what, fix)


# what stands behind the ";": forms and sentences
FIXES: Final = (
    rule(r"did you mean (?P<names>'.*')\?", noted("Did you mean {names}?")),
    rule(r"use one of:? (?P<names>.*)", noted("Use one of these: {names}.")),
    rule(
        r"(?:use )?a number from (?P<low>\S+) to (?P<high>\S+) \((?P<unit>.*)\)",
        noted("Use a number from {low} to {high} ({unit})."),
    ),
    rule(
        r"use a (?:whole )?number from (?P<low>\S+) to (?P<high>\S+?)(?: without unit or comma)?",
        noted("Use a number from {low} to {high}."),
    ),
    rule(
        r"use a number from (?P<low>\S+) to (?P<high>\S+) (?P<unit>.*)",
        noted("Use a number from {low} to {high} ({unit})."),
    ),
    rule(
        r"use a number, (?P<low>\S+) to (?P<high>\S+) (?P<unit>.*)",
        noted("Use a number from {low} to {high} ({unit})."),
    ),
    rule(
        r"use a (?:whole )?number, (?P<low>\S+) or more(?: without unit or comma)?",
        noted("Use {low} or more."),
    ),
    rule(r"use a number, (?P<low>\S+) or more (?P<unit>.*)", noted("Use {low} or more ({unit}).")),
    rule(r"use a (?:whole )?number without unit or comma", noted("Use a number without a unit.")),
    rule(
        r"use a month from (?P<low>\S+) to (?P<high>\S+)",
        noted("Use a month from {low} to {high}."),
    ),
    rule(r"write YYYY-MM(?:, for example \S+)?", noted("Write a month as 2026-01.")),
    rule(r"write a day that exists.*|write YYYY-MM-DD", noted("Write a day as 2026-01-06.")),
    rule(
        r"write a month as 2026-03 or a day as 2026-03-15",
        noted("Write a month as 2026-03 or a day as 2026-03-15."),
    ),
    rule(r"write for example (?:p\.\w+=)?(?P<value>.*)", noted("Write for example {value}.")),
    rule(r"write a text", noted("Write a text.")),
    rule(r"keep one(?: of (?:the two|them))?", noted("Keep one of the two.")),
)
