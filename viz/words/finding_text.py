"""A finding in words, in the language that is spoken: the sentence of its id, each field by its
name (`state` by the state's name, `good` within a sentence, `sum` as money).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from coercivity.experiments.findings.finding import Finding, Value
from coercivity.experiments.lab.histories import MONTH
from coercivity.viz.words.cause_sentences import CAUSES
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.language import Name, Sentence, listed, noted, numeral, say, says
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import (
    named_in_sentence,
    new_plant,
    plant,
    sector_in_sentence,
)
from coercivity.viz.words.range_text import shown, span

SENTENCES: Final[Mapping[str, Sentence]] = CAUSES
YEARS: Final = 24  # months from which a time is told in years
SUPPORT: Final[Mapping[str, str]] = {  # kinds of public support, in a sentence
    "loan": noted("loans"),
    "grant": noted("grants"),
    "equity": noted("purchases of shares"),
    "tax_credit": noted("tax credits"),
    "offtake": noted("purchases of what stays unsold"),
    "price_floor": noted("payments under the floor"),
}
PLANTS: Final[Mapping[str, str]] = {  # plants of a stage, in a sentence
    "mining": noted("mines"),
    "separation": noted("separation plants"),
    "metal": noted("metal works"),
    "magnet": noted("magnet plants"),
}


def said(found: Finding) -> str:
    """A finding in words."""
    if found.id in RENDERERS:
        return RENDERERS[found.id](**found.fields)
    wording = SENTENCES[found.id]
    fields = {name: field_said(name, value) for name, value in found.fields.items()}
    if isinstance(wording, str):
        return say(wording, **fields)
    count = found.fields["count"]
    return says(*wording, int(count) if isinstance(count, int | float) else 0, **fields)


def field_said(name: str, value: Value) -> object:
    """A field of a finding in words, by its name; numbers are whole where no name says else."""
    if value is None:
        return ""
    if isinstance(value, Finding):
        return said(value)
    if isinstance(value, tuple):
        return listed(map(said, value))
    if name in TELLERS:
        return TELLERS[name](value)
    return value if isinstance(value, str) else numeral(f"{value:,.0f}")


def span_in_years(months: float) -> str:
    """A time in months, from two years on in years."""
    if months < YEARS:
        return span(months * MONTH)
    return says("{count} year", "{count} years", round(months / 12))


def _typically(here: float, there: float, unit: str) -> str:
    """The middles of both sides in brackets, with the space before them."""
    match unit:
        case "share":
            mine, twin = shown(here, unit), shown(there, unit)
        case "months of use":
            mine = say("{number} months of use", number=numeral(f"{here:.1f}"))
            twin = numeral(f"{there:.1f}")
        case "months of lines":
            mine = says(
                "{count} month of all lines together",
                "{count} months of all lines together",
                round(here),
            )
            twin = numeral(f"{there:,.0f}")
        case "t":
            mine = say("{number} t", number=numeral(f"{here:,.0f}"))
            twin = numeral(f"{there:,.0f}")
        case _:
            mine, twin = numeral(f"{here:,.0f}"), numeral(f"{there:,.0f}")
    return say(" (typically {here} instead of {there})", here=mine, there=twin)


# fields that have words of their own, by their names
TELLERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "act": lambda value: say(value.replace("_", " ")),
    "exporter": Name,
    "good": named_in_sentence,
    "month": date_said,
    "offered": millions,
    "plant": plant,
    "plants": lambda value: say(PLANTS[value]),
    "sector": sector_in_sentence,
    "share": lambda value: shown(value, "share"),
    "span": span_in_years,
    "state": Name,
    "sum": millions,
    "what": lambda value: say(SUPPORT[value]),
}
# findings that are no sentence of their own
RENDERERS: Final[Mapping[str, Callable[..., str]]] = {
    "new_plant": new_plant,
    "typically": _typically,
}
