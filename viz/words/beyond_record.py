"""Prices beyond any record: the highest price of each good in the curated tables, and what is said
of a chart that goes above it.

Prices are those of levels in `evidence.csv` and `record.csv`, in money of their day: means of
months or years, so that single quotes stood higher. What was only assumed is no record, and a
start price alone is none: it was never a peak. Of a good without either nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.viz.words.dates import span_in_words
from coercivity.viz.words.language import Name, language, noted, numeral, say

UNIT: Final = "USD/kg"
MARKETS: Final[Mapping[str, str]] = {  # quantity or basis of a series -> where it was paid
    "price_home": noted("in {state}"),
    "price_export": noted("for export from {state}"),
    "price_abroad": noted("in {state}"),
    "home_ex_vat": noted("in China"),
    "export_fob": noted("for export from China"),
    "usgs_incl_vat": noted("in China, with tax"),
}


@dataclass(frozen=True)
class Peak:
    """The highest price on record of a good: USD/kg, when and where in words, and who says so."""

    good: str
    value: float
    when: str
    where: str
    source: str
    url: str

    @property
    def words(self) -> str:
        """What is said of a chart that goes above it."""
        return say(
            "Above USD {price} a kilogram ({when}, {where}) no price is on record here: read what "
            "lies above as scarcity, not as a forecast.",
            price=numeral(price(self.value)),
            when=self.when,
            where=self.where,
        )


def peaks(facts: Facts) -> Mapping[str, Peak]:
    """The highest price on record by good, in words of the language that is spoken; goods without a
    record are left out.
    """
    return _peaks(facts, language())


@cached_by_facts
def _peaks(facts: Facts, code: str) -> Mapping[str, Peak]:
    found: dict[str, Peak] = {}
    for one in (*_targets(facts), *_series(facts)):
        if one.good in facts.good_row and (
            one.good not in found or one.value > found[one.good].value
        ):
            found[one.good] = one
    return MappingProxyType(found)


def beyond_record_sentence(facts: Facts, good: str, highest: float) -> str:
    """What is said of prices of *good* that go up to *highest* USD/kg: '' where the record has seen
    as much, or has nothing.
    """
    peak = peaks(facts).get(good)
    return peak.words if peak is not None and highest > peak.value else ""


def record_lines(facts: Facts) -> dict[str, dict[str, Any]]:
    """By good the value at which a chart draws its line, the line's label, and the words below."""
    return {
        good: {"value": peak.value, "label": say("highest price on record"), "words": peak.words}
        for good, peak in peaks(facts).items()
    }


def price(value: float) -> str:
    """USD/kg in words: '2,300', '18.7'."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _targets(facts: Facts) -> Iterator[Peak]:
    """Levels of prices among the targets of fit and backtest."""
    for row in facts.table("evidence"):
        where = MARKETS.get(row["quantity"])
        if where is None or row["unit"] != UNIT or row["confidence"] == "assumed":
            continue
        state = row["state"]
        yield Peak(
            row["good"],
            float(row["value"]),
            span_in_words(row["from"], row["to"]),
            say("outside China") if state == "Outside China" else say(where, state=Name(state)),
            row["source"],
            row["url"] or "",
        )


def _series(facts: Facts) -> Iterator[Peak]:
    """Levels of prices among what markets did: price.GOOD.BASIS."""
    for row in facts.table("record"):
        kind, good, *basis = row["series"].split(".")
        where = MARKETS.get(".".join(basis))
        if kind != "price" or where is None or row["confidence"] == "assumed":
            continue
        when = span_in_words(row["period"], row["period"])
        yield Peak(good, float(row["value"]), when, say(where), row["source"], row["url"] or "")
