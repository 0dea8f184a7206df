"""What the lab answers in words: sentences, cards and rows of many histories of a setting against
those of its twin (`experiments/findings/answers.py`). No number has more digits than its range
bears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.findings.answers import (
    LOST,
    compare_numbers,
    difference,
    find_answer,
    find_numbers,
)
from coercivity.experiments.findings.one_run import find_in_one
from coercivity.experiments.findings.question import PRICED, Question
from coercivity.experiments.lab.histories import Apart, Histories
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.viz.words.finding_text import said, said_if_any
from coercivity.viz.words.language import Name, noted, say, together
from coercivity.viz.words.names import named_in_sentence

LABELS: Final = {  # of the numbers, but for those that name a good or a state
    "stops": noted("A running line stops in two years"),
    "standing": noted("Makers whose line stands, in two years"),
    LOST: noted("Output lost in two years"),
    "cost_paid_24m": noted("Paid more for inputs in two years"),
}


@dataclass(frozen=True)
class Card:
    """One number of many histories: what it is, its value, how to read it, and what it is against
    the twin. `settled`: whether the histories that it needs are there.
    """

    id: str
    label: str
    value: str
    note: str
    apart: str
    settled: bool


@dataclass(frozen=True)
class Told:
    """The answer of many histories: sentences, cards, and how many histories they rest on."""

    sentences: tuple[str, ...]
    cards: tuple[Card, ...]
    of: int
    whole: int


@dataclass(frozen=True)
class Beside:
    """A number of a setting beside that of another in words (`answers.Compared`)."""

    id: str
    label: str
    here: str
    there: str
    apart: str
    better: int
    worse: int
    of: int
    sure: bool


def label_of(measure: str, asked: Question) -> str:
    """What a number is called."""
    if measure == "peak":
        return peak_label(asked.priced)
    if measure in LABELS:
        return say(LABELS[measure])
    return say("Separated in {exporter}, at the end", exporter=Name(EXPORTER))


def peak_label(good: str) -> str:
    """What the highest price of a good in two years is called."""
    if good == PRICED:
        return say("Peak of dysprosium in two years")
    return say("Peak of {good} in two years", good=named_in_sentence(good))


def many_histories(mine: Histories, twin: Histories, asked: Question) -> Told:
    """Sentences and cards from the histories that have come so far."""
    cards = tuple(
        Card(
            one.id,
            label_of(one.id, asked),
            said_if_any(one.value),
            said_if_any(one.note),
            said_if_any(one.apart),
            settled=one.value is not None,
        )
        for one in find_numbers(mine, twin, asked)
    )
    sentences = tuple(map(said, find_answer(mine, twin, asked)))
    return Told(sentences, cards, len(mine), mine.whole)


def beside(mine: Histories, twin: Histories, asked: Question) -> tuple[Beside, ...]:
    """The numbers of the cards of a setting and of another, each over the histories in which both
    have it.
    """
    return tuple(
        Beside(
            one.id,
            label_of(one.id, asked),
            said(one.here),
            said(one.there),
            said_if_any(one.apart),
            one.better,
            one.worse,
            one.of,
            one.sure,
        )
        for one in compare_numbers(mine, twin, asked)
    )


def one_history(
    values: Mapping[str, float | None], since: str, state: str, priced: str = PRICED
) -> str:
    """Sentences about one history."""
    return together(map(said, find_in_one(values, since, state, priced)))


def apart_words(between: Apart | None, unit: str, twin: str = "") -> str:
    """A difference in words; '' while the pairs are too few."""
    return said_if_any(difference(between, unit, twin))
