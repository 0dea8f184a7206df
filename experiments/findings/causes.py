"""Why a setting does what it does, or nothing, counted over many histories of it and of its twin:
what public money goes to, what a stockpile gives out, which plants are begun because of it, which
lines stop and what stands behind it.

What differs in no more histories than luck would have (`experiments/findings/pair_effects.py`) is
no cause; it is listed as looked at. The records of one history are those of `pair_causes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.line_causes import (
    find_stops_elsewhere,
    no_stops,
    office,
    stocks,
    stops,
)
from coercivity.experiments.findings.money_causes import money, stockpile, tariff
from coercivity.experiments.findings.pair_effects import Pairs, pairs_of
from coercivity.experiments.findings.plant_causes import acts_chosen, plants
from coercivity.experiments.lab.histories import Histories
from coercivity.experiments.worlds.idle_at_start import FEWEST_PAIRS
from coercivity.model.basis.calendar import month_name


@dataclass(frozen=True)
class Causes:
    """What differs beyond luck, what was looked at and does not, of how many pairs of histories,
    and how these were counted; None while the pairs are too few.
    """

    causes: tuple[Finding, ...] = ()
    alike: Finding | None = None
    of: int = 0
    note: Finding | None = None


def find_causes(mine: Histories, twin: Histories, asked: FindingRequest) -> Causes:
    """Return what the histories that have come say; nothing while the pairs are too few."""
    pairs = pairs_of(asked.facts, mine, twin)
    if len(pairs.soon) < FEWEST_PAIRS or not asked.start:
        return Causes(of=len(pairs.soon))
    alike: list[Finding] = []  # what was looked at and does not differ
    paid = [*money(pairs)]
    begun = [*plants(pairs, asked, alike)]
    found = [
        *stops(pairs, asked, alike),  # what the first numbers of the page count
        *paid,
        *(begun if paid else []),  # beside the money that is for them
        *stockpile(pairs, asked),
        *tariff(pairs, asked),
        *office(pairs, asked, alike),
        *stocks(pairs, mine, twin, asked, alike),
        *([] if paid else begun),
        *find_stops_elsewhere(pairs, asked, alike),
        *acts_chosen(pairs, alike),
    ]
    nothing = None
    if alike:
        id = "causes.others" if found else "causes.none"
        nothing = Finding.of(id, of=len(pairs.soon), what=tuple(alike))
    causes = (*found, *no_stops(pairs, asked))
    return Causes(causes, nothing, len(pairs.soon), _note(pairs, asked))


def _note(pairs: Pairs, asked: FindingRequest) -> Finding:
    """What the causes are counted over, and how ties are."""
    count, twin = len(pairs.far), asked.twin
    if pairs.is_cut:
        last = month_name(asked.start, pairs.ends - 1)
        return Finding.of("counted.cut", count=count, twin=twin, month=last)
    whole = "whole" if pairs.is_whole else "soon"
    return Finding.of(f"counted.{whole}", count=count, twin=twin)
