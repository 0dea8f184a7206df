"""One history beside many of the same setting: a sentence, and of a few numbers the value in this
history with the range of the others.

The numbers are read as the lab reads those of its cards (`measures`), so that a page with one
history and the lab say the same of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.lab_answers import LEAST, LOST, TWO_YEARS, Measure, measures
from coercivity.experiments.lab.histories import MONTH, Histories, Range, range_of
from coercivity.viz.words.lab_cards import label_of
from coercivity.viz.words.language import say
from coercivity.viz.words.range_text import (
    digits_of,
    less_than_shown,
    nearest,
    number_in_words,
    range_in_words,
    span,
    written_ends,
)

STOPS: Final = "stops"
SHOWN: Final = (LOST, STOPS, "peak", "dependence_separated_end")
ROOM: Final = 1.08  # an axis goes on a little beyond its highest number
UNKNOWN: Final = "…"
NONE: Final = "–"


@dataclass(frozen=True)
class Row:
    """One number: what it is, its value in this history, the range of the others in words, and
    where the ends of the range and the value lie on an axis from 0 to 1 (None while unknown).
    """

    id: str
    label: str
    value: str
    others: str
    low: float | None
    high: float | None
    at: float | None


def position_sentences(
    one: Histories, many: Histories, asked: FindingRequest, seed: int, refused: bool
) -> str:
    """That this is one history, what is lost in it, and what in eight of ten others. *one* holds
    this history alone, or nothing while it has not come; *refused*: the server has too much to do
    to run the others.
    """
    measure = next(each for each in measures(asked) if each.id == LOST)
    mine, others = value_of(measure, one), range_of(measure.read(many).values())
    lost = "" if mine is None else exact_number(mine, measure.unit, others)
    if others is None and refused:
        return say("One history, seed {seed}.", seed=seed)
    if others is None and lost:
        return say(
            "One history, seed {seed}: output worth {lost} is lost in two years; other histories "
            "are being run.",
            seed=seed,
            lost=lost,
        )
    if others is None:
        return say("One history, seed {seed}; its numbers are being read.", seed=seed)
    between = range_in_words(others, measure.unit)
    if not lost:
        return say(
            "One history, seed {seed}; in 8 of 10 histories output worth {between} is lost in two "
            "years.",
            seed=seed,
            between=between,
        )
    told = {"seed": seed, "lost": lost, "between": between}
    if mine is not None and not lies_in(mine, others, measure.unit):
        return say(
            "One history, seed {seed}: output worth {lost} is lost in two years, and this is an "
            "unusual one: in 8 of 10 histories it is {between}.",
            **told,
        )
    return say(
        "One history, seed {seed}: output worth {lost} is lost in two years; in 8 of 10 histories "
        "{between}.",
        **told,
    )


def rows(one: Histories, many: Histories, asked: FindingRequest, complete: bool) -> tuple[Row, ...]:
    """The numbers of this history among those of the others; all of them from the beginning on.
    complete: no more histories come, so that a number without a range has none.
    """
    found = {measure.id: measure for measure in measures(asked)}
    return tuple(row(found[name], one, many, asked, complete) for name in SHOWN if name in found)


def row(
    measure: Measure, one: Histories, many: Histories, asked: FindingRequest, complete: bool
) -> Row:
    """One number of this history among those of the others."""
    mine, others = value_of(measure, one), range_of(measure.read(many).values())
    unknown = NONE if complete else UNKNOWN
    if measure.id == STOPS:
        value, words = stop_words(mine), stops_words(many)
        label = say("First running line stops after")
    else:
        value = "" if mine is None else exact_number(mine, measure.unit, others)
        words = (
            ""
            if others is None
            else say("8 of 10: {between}", between=range_in_words(others, measure.unit))
        )
        label = label_of(measure.id, asked)
    top = axis_end(measure, mine, others)
    return Row(
        measure.id,
        label,
        value or (unknown if len(one) == 0 else NONE),
        words or unknown,
        None if others is None else place(others.low, top),
        None if others is None else place(others.high, top),
        # without the others the axis of most numbers has no end to be read by
        None if mine is None or others is None else place(mine, top),
    )


def value_of(measure: Measure, one: Histories) -> float | None:
    """A number of the history that stands alone; None where it has not come or is not defined."""
    return next(iter(measure.read(one).values()), None)


def exact_number(value: float, unit: str, beside: Range | None = None) -> str:
    """A number of one history, with no fewer digits than a range that stands beside it."""
    if unit == "USD bn" and abs(value) < LEAST[unit]:
        return less_than_shown(unit)
    return number_in_words(value, unit, _digits(beside, unit))


def lies_in(value: float, found: Range, unit: str) -> bool:
    """Whether a number lies in a range, as both are written."""
    low, high = written_ends(found, unit)
    return low <= nearest(value, unit, _digits(found, unit)) <= high


def _digits(beside: Range | None, unit: str) -> int:
    return 2 if beside is None else max(2, digits_of(beside, unit))


def stop_words(days: float | None) -> str:
    """When the first running line stops in this history."""
    if days is None:
        return ""
    return say("no stop in two years") if days > TWO_YEARS else span(days)


def stops_words(many: Histories) -> str:
    """In how many of the others a running line stops, and when it typically does."""
    share = many.stops(TWO_YEARS)
    if share is None:
        return ""
    if not share.times:
        return say("in none of {of}", of=share.of)
    return say(
        "in {times} of {of}, typically {span}",
        times=share.times,
        of=share.of,
        span=span(share.days),
    )


def axis_end(measure: Measure, mine: float | None, others: Range | None) -> float:
    """Where the axis of a number ends: shares at all, days at two years, the others beyond their
    highest.
    """
    if measure.unit == "share":
        return 1.0
    if measure.unit == "days":
        return TWO_YEARS + MONTH
    highest = max([0.0 if mine is None else mine, 0.0 if others is None else others.high])
    return highest * ROOM or 1.0


def place(value: float, top: float) -> float:
    """Where a value lies on an axis from nothing to *top*, 0 to 1."""
    return round(min(1.0, max(0.0, value / top)), 4)
