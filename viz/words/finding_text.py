"""A finding in words, in the language that is spoken: the sentence of its id
(`viz/words/finding_sentences.csv`), each field by its name (`state` by the state's name, `good`
within a sentence, `sum` as money).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from coercivity.experiments.findings.finding import Finding, Value
from coercivity.experiments.lab.histories import MONTH, Range
from coercivity.model.basis.errors import Phrase
from coercivity.viz.words.dates import date_in_words, span_in_words
from coercivity.viz.words.event_phrases import clause_in_words
from coercivity.viz.words.firm_names import firm_name, unnamed_makers
from coercivity.viz.words.language import (
    Name,
    billions,
    join_names,
    join_sentences,
    list_names,
    noted,
    numeral,
    say,
    says,
    semicolons,
)
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import (
    named_in_sentence,
    new_plant,
    plant,
    sector_in_sentence,
)
from coercivity.viz.words.range_text import middle_in_words as middle_said
from coercivity.viz.words.range_text import number_in_words, range_in_words, span, with_unit
from coercivity.viz.words.summary import number

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


def read_sentences(table: Traversable) -> dict[str, tuple[str, ...]]:
    """Return the sentences of a table by id; of one that counts, that of one and that of many."""
    with table.open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {
            row["id"]: (row["sentence"], row["of_many"])[: 1 + bool(row["of_many"])] for row in rows
        }


SENTENCES: Final = read_sentences(files("coercivity.viz.words") / "finding_sentences.csv")


def finding_in_words(found: Finding | Phrase) -> str:
    """A finding in words, or what the model tells in a phrase."""
    if isinstance(found, Phrase):
        return clause_in_words(found)
    if found.id in RENDERERS:
        return RENDERERS[found.id](**found.fields)
    wording = SENTENCES[found.id]
    fields = {name: finding_field_in_words(name, value) for name, value in found.fields.items()}
    if len(wording) == 1:
        return say(wording[0], **fields)
    count = found.fields["count"]
    return says(
        wording[0], wording[1], int(count) if isinstance(count, int | float) else 0, **fields
    )


def finding_or_empty(found: Finding | None) -> str:
    """A finding in words; '' for none."""
    return "" if found is None else finding_in_words(found)


def finding_field_in_words(name: str, value: Value) -> object:
    """A field of a finding in words, by its name; numbers are whole where no name says else."""
    if value is None:
        return "–" if name == "other_price" else ""
    if isinstance(value, Finding):
        return finding_in_words(value)
    if isinstance(value, Phrase):
        return clause_in_words(value)
    if isinstance(value, tuple):
        return JOINS.get(name, list_names)(map(finding_in_words, value))
    if name in TELLERS:
        return TELLERS[name](value)
    return value if isinstance(value, str) else numeral(f"{value:,.0f}")


def span_in_years(months: float) -> str:
    """A time in months, from two years on in years."""
    if months < YEARS:
        return span(months * MONTH)
    return says("{count} year", "{count} years", round(months / 12))


def _middles_in_brackets(here: float, there: float, unit: str) -> str:
    """The middles of both sides in brackets, with the space before them."""
    match unit:
        case "share":
            mine, twin = number_in_words(here, unit), number_in_words(there, unit)
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


def _maker(name: str, sector: str, state: str, count: int, begins: bool) -> str:
    """Makers within a sentence, or at its head; one with its name where that may be told."""
    words = firm_name(name) if name else unnamed_makers(count, sector, state)
    return words[:1].upper() + words[1:] if begins else words


def _names(names: tuple[Finding, ...], count: int) -> str:
    """Names in a sentence, and how many more there are."""
    if not count:
        return join_names(map(finding_in_words, names))
    return say(
        "{names} and {count} more", names=list_names(map(finding_in_words, names)), count=count
    )


def _frequency_words(times: int) -> str:
    """How often, in words."""
    known = {0: noted("never"), 1: noted("once"), 2: noted("twice")}
    return say(known[times]) if times in known else says("{count} time", "{count} times", times)


def _stock(tonnes: float, months: float) -> str:
    """What a firm holds: '12 t (3.4 months of its use)'."""
    held = f"{tonnes:,.0f}" if tonnes >= 10 or tonnes < 0.005 else f"{tonnes:.2g}"
    return say(
        "{tonnes} t ({months} months of its use)",
        tonnes=numeral(held),
        months=numeral(f"{months:.1f}"),
    )


def _sector_sum(label: str, million: float) -> str:
    """What a sector loses or pays above the twin: 'cars (USD +800 million)'."""
    label = label.replace(", ", " and ")
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    money = say("USD {sum} million", sum=numeral(f"{million:+,.0f}"))
    return say("{sector} ({sum})", sector=say(label), sum=money)


def _price(value: float) -> str:
    """USD/kg as tables write it."""
    return numeral(number(value, "USD/kg"))


def _day_or_number(value: str | float) -> str:
    return date_in_words(value) if isinstance(value, str) else numeral(f"{value:,.0f}")


def _exact_sum(billion: float) -> str:
    """A sum of one run, to its tenth."""
    return with_unit(numeral(f"{billions(billion):.1f}"), "USD bn")


def _good_begins(good: str) -> str:
    """A good at the head of a sentence."""
    words = named_in_sentence(good)
    return words[:1].upper() + words[1:]


def _range(low: float, middle: float, high: float, unit: str) -> str:
    return range_in_words(Range(low, middle, high, 0), unit)


def _middle_words(low: float, middle: float, high: float, unit: str) -> str:
    return middle_said(Range(low, middle, high, 0), unit)


def _size(number: float, unit: str) -> str:
    """How large a difference is: to one digit, shares in points."""
    if unit == "share":
        return says("{count} point", "{count} points", round(100 * number))
    return number_in_words(number, unit, 1)


# how fields that hold several findings join them; the others list them
JOINS: Final[Mapping[str, Callable[[Iterable[str]], str]]] = {
    "rejected": semicolons,
    "shares": join_names,
}
# fields that have words of their own, by their names
TELLERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "act": lambda value: say(value.replace("_", " ")),
    "actor": Name,
    "day": date_in_words,
    "exporter": Name,
    "good": named_in_sentence,
    "kind": lambda value: say(value.replace("_", " ")),
    "month": date_in_words,
    "offered": millions,
    "other": _day_or_number,
    "other_price": _price,
    "other_share": lambda value: number_in_words(value, "share"),
    "payee": say,
    "plant": plant,
    "plants": lambda value: say(PLANTS[value]),
    "price": _price,
    "sector": sector_in_sentence,
    "share": lambda value: number_in_words(value, "share"),
    "since": date_in_words,
    "span": span_in_years,
    "start": date_in_words,
    "state": Name,
    "sum": millions,
    "what": lambda value: say(SUPPORT[value]),
}
# findings that are no sentence of their own
RENDERERS: Final[Mapping[str, Callable[..., str]]] = {
    "actor": lambda actor: say(actor),
    "amount": lambda number, unit: number_in_words(number, unit),
    "as_told": lambda text: text,
    "days": span,
    "exactly": _exact_sum,
    "good.begins": _good_begins,
    "maker": _maker,
    "names": _names,
    "new_plant": new_plant,
    "often": _frequency_words,
    "range": _range,
    "sector.sum": _sector_sum,
    "size": _size,
    "sentences": lambda parts: join_sentences(map(finding_in_words, parts)),
    "span": span_in_words,
    "stock": _stock,
    "tenth": lambda number: numeral(f"{number:,.1f}"),
    "typical": _middle_words,
    "typically": _middles_in_brackets,
}
