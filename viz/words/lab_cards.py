"""What the lab answers in words: sentences, cards and rows of many histories of a setting against
those of its twin (`experiments/findings/lab_answers.py`). No number has more digits than its range
bears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.findings.finding_request import PRICED, FindingRequest
from coercivity.experiments.findings.lab_answers import (
    LOST,
    compare_numbers,
    difference,
    find_answer,
    find_numbers,
)
from coercivity.experiments.findings.one_run import find_in_one
from coercivity.experiments.lab.histories import Histories, PairedDifference
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.viz.words.finding_text import finding_in_words, finding_or_empty
from coercivity.viz.words.language import Name, join_sentences, noted, say
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
class LabAnswer:
    """The answer of many histories: sentences, cards, and how many histories they rest on."""

    sentences: tuple[str, ...]
    cards: tuple[Card, ...]
    of: int
    whole: int


@dataclass(frozen=True)
class ComparedCard:
    """A number of a setting beside that of another in words (`answers.ComparedNumber`)."""

    id: str
    label: str
    here: str
    there: str
    apart: str
    better: int
    worse: int
    of: int
    sure: bool


def label_of(measure: str, asked: FindingRequest) -> str:
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


def many_histories(mine: Histories, twin: Histories, asked: FindingRequest) -> LabAnswer:
    """Sentences and cards from the histories that have come so far."""
    cards = tuple(
        Card(
            one.id,
            label_of(one.id, asked),
            finding_or_empty(one.value),
            finding_or_empty(one.note),
            finding_or_empty(one.apart),
            settled=one.value is not None,
        )
        for one in find_numbers(mine, twin, asked)
    )
    sentences = tuple(map(finding_in_words, find_answer(mine, twin, asked)))
    return LabAnswer(sentences, cards, len(mine), mine.whole)


def compare_cards(
    mine: Histories, twin: Histories, asked: FindingRequest
) -> tuple[ComparedCard, ...]:
    """The numbers of the cards of a setting and of another, each over the histories in which both
    have it.
    """
    return tuple(
        ComparedCard(
            one.id,
            label_of(one.id, asked),
            finding_in_words(one.here),
            finding_in_words(one.there),
            finding_or_empty(one.apart),
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
    return join_sentences(map(finding_in_words, find_in_one(values, since, state, priced)))


def paired_difference_words(between: PairedDifference | None, unit: str, twin: str = "") -> str:
    """A difference in words; '' while the pairs are too few."""
    return finding_or_empty(difference(between, unit, twin))
