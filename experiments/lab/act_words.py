"""Plain words for acts and their fields, out of ``model/data/act_words.csv``: what a form for acts
shows, and what an act says of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.fixed_names import MOMENTS
from coercivity.model.results.event_tables import WORDS
from coercivity.model.scenario.act_kinds import kinds_of

Say = Callable[[str], str]  # a text in the language that is spoken
BEGINS, ENDS = "from", "until"  # how an act's dates are called here; sales_end has a field `to`
DATES: Final[Mapping[str, str]] = {BEGINS: "date", ENDS: "end"}
NAMES: Final[Mapping[str, str]] = {  # that say little when their underscores are gone
    "all": "all goods",
    "controlled_2025": "what China controls since April 2025",
    "dysprosium_terbium": "dysprosium and terbium",
    "neodymium": "neodymium and praseodymium",
    "ev_drivetrains": "EV drivetrains",
}


@dataclass(frozen=True)
class Words:
    """Plain words for a kind or a field."""

    label: str
    unit: str
    said: str
    note: str
    group: str

    @property
    def scale(self) -> float:
        """What a number of the scenario is multiplied by to be shown: parts are shown in %."""
        return 100.0 if self.unit.startswith("%") else 1.0


@cache
def _table() -> Mapping[tuple[str, str], Words]:
    return {
        (row["kind"] or "", row["field"] or ""): Words(
            **{name: row[name] or "" for name in Words.__dataclass_fields__}
        )
        for row in (dict(row) for row in load_table("act_words"))
    }


def kind_words(kind: str) -> Words:
    """Plain words for a kind of act."""
    return _table()[kind, ""]


def field_words(kind: str, field: str) -> Words:
    """Plain words for a field of a kind: its own, else those that all kinds share."""
    table = _table()
    return table[kind, field] if (kind, field) in table else table["", field]


def kinds_in_order() -> tuple[str, ...]:
    """The kinds in the order of the form."""
    return tuple(kind for kind, field in _table() if not field)


def fields_of(kind: str) -> tuple[str, ...]:
    """What can be said of an act of this kind, in the order of the form."""
    known = kinds_of(Facts.default())[kind]
    common = (
        *(("actor",) if known.actor else ()),
        *(("targets",) if known.actor and known.towards else ()),
        *(("goods",) if known.goods else ()),
    )
    return (*common, *known.fields, BEGINS, *(() if kind in MOMENTS else (ENDS,)))


def value_words(kind: str, field: str, value: Any, say: Say = str, numeral: Say = str) -> str:
    """A value of an act as a reader would write it, in the unit of the table. numeral: writes a
    number with the signs of the language that is spoken.
    """
    if isinstance(value, tuple):
        return ", ".join(say(name_words(str(one))) for one in value)
    if isinstance(value, str):
        return value if field in ("firm", "of") else say(name_words(value))
    return numeral(f"{value * field_words(kind, field).scale:,.6g}")


def name_words(name: str) -> str:
    """A name of the model in words: 'dysprosium oxide', 'dysprosium and terbium'."""
    facts = Facts.default()
    if name in facts.processes:
        return facts.descriptions[name]
    return NAMES.get(name) or WORDS.get(name) or name.replace("_", " ")
