"""Why a setting does what it does, or nothing, counted over many histories of it and of its twin:
what public money goes to, what a stockpile gives out, which plants are begun because of it, which
lines stop and what stands behind it.

What differs in no more histories than luck would have (`experiments/lab/paired.py`) is not named as
a cause; one sentence lists what was looked at and does not differ. Every sentence says of how
many histories it is. The records of one history are told by `lab_why.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.experiments.lab.histories import Histories
from coercivity.experiments.lab.paired import Pairs, pairs_of
from coercivity.experiments.worlds.standing import FEWEST_PAIRS
from coercivity.model.basis.calendar import month_name
from coercivity.viz.words import why_lines, why_money, why_plants
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.lab_answer import Question
from coercivity.viz.words.language import listed, noted, say
from coercivity.viz.words.why_records import Cause


@dataclass(frozen=True)
class Why:
    """Sentences on what differs, and one on what was looked at and does not; of how many pairs of
    histories they are, and in words how it was counted.
    """

    causes: tuple[Cause, ...] = ()
    alike: str = ""
    of: int = 0
    note: str = ""


def why_many(mine: Histories, twin: Histories, asked: Question) -> Why:
    """What the histories that have come say; nothing while the pairs are too few."""
    pairs = pairs_of(mine, twin)
    if len(pairs.soon) < FEWEST_PAIRS or not asked.start:
        return Why(of=len(pairs.soon))
    alike: list[str] = []  # what was looked at and does not differ
    money = [*why_money.money(pairs)]
    plants = [*why_plants.plants(pairs, asked, alike)]
    stops = [*why_lines.stops(pairs, asked, alike)]  # what the first numbers of the page count
    found = [
        *stops,
        *money,
        *(plants if money else []),  # beside the money that is for them
        *why_money.stockpile(pairs, asked),
        *why_money.tariff(pairs, asked),
        *why_lines.office(pairs, asked, alike),
        *why_lines.stocks(pairs, mine, twin, asked, alike),
        *([] if money else plants),
        *why_lines.elsewhere(pairs, asked, alike),
        *why_plants.chosen(pairs, asked, alike),
    ]
    some = bool(found)
    found += why_lines.no_stops(pairs, asked)
    wording = (
        noted("No difference beyond luck in {of} histories: {what}.")
        if some
        else noted("Nothing differs beyond luck in {of} histories. Looked at were: {what}.")
    )
    nothing = say(wording, of=len(pairs.soon), what=listed(alike)) if alike else ""
    return Why(tuple(found), nothing, len(pairs.soon), _note(pairs, asked))


def _note(pairs: Pairs, asked: Question) -> str:
    """What the sentences are of, and how ties are counted."""
    if pairs.is_cut:
        return say(
            "Counted over {count} histories, each against the same {twin}. They end with {month}, "
            "before the two years that are counted are over: where two years are named, the months "
            "until then are meant. One in which both are equal is among the {count} and counts for "
            "neither side.",
            count=len(pairs.far),
            twin=asked.twin,
            month=date_said(month_name(asked.start, pairs.ends - 1)),
        )
    wording = (
        noted(
            "Counted over {count} histories, each against the same {twin}. One in which both are "
            "equal is among the {count} and counts for neither side."
        )
        if pairs.is_whole
        else noted(
            "Counted over {count} histories so far, two years of each, against the same {twin}. "
            "One in which both are equal is among the {count} and counts for neither side."
        )
    )
    return say(wording, count=len(pairs.far), twin=asked.twin)
