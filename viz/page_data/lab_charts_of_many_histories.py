"""What the lab shows of many histories of a setting and of its twin, as plain JSON.

    {of: fingerprint/state, came, whole, twins (whole), estimated, ran, draws, answer: in words,
     why: {causes: [{text, records}], alike, of, note},
     cards: [{id, label, value, note, apart, settled}],
     edges: {series: [low, middle, high]}, ranges: {series: low and high in words},
     ghosts: {series: middle of the twin},
     titles: {chart: what is to be seen in it, '' while nothing is}, licence}

and of a pair that is compared

    {of, came: histories that both have, whole, draws,
     rows: [{id, label, here, there, apart, better, worse, of, sure}],
     edges: {a: {series: [low, middle, high]}, b: the same}, ranges: likewise}

Lines are lists of a number or null, one a month, for as many months as the histories have come.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import DRAWS, FEWEST, Histories, shared_draws
from coercivity.viz.page_data.lab_charts_of_one_history import numbers
from coercivity.viz.words.chart_words import LICENCE, chart_title
from coercivity.viz.words.lab_cards import compare_cards, many_histories
from coercivity.viz.words.language import join_sentences, language
from coercivity.viz.words.range_text import ends_of_months
from coercivity.viz.words.why_text import why_many

UNITS: Final = {"prices": "USD/kg", "output": "share", "cover": "months", "dependence": "share"}
Picks: TypeAlias = tuple[tuple[str, str], ...]  # chart, and what it shows

BESIDE: Final = (
    "",
    "/home",
    "/export",
    "/last_origin",
)  # lines of a chart, by the end of their ids


@dataclass(eq=False)
class HistoryPairs:
    """Histories of a setting and of its twin that have come so far. `alone`: no twin is asked for;
    `refused`: a busy server would take no more of them just now.
    """

    mine: Histories = field(default_factory=Histories)
    twin: Histories = field(default_factory=Histories)
    alone: bool = False
    refused: bool = False

    @classmethod
    def of(cls, mine: int, twin: int | None) -> HistoryPairs:
        """None yet; the months at which the counts begin, None for no twin."""
        return cls(Histories(mine), Histories(twin or 0), alone=twin is None)

    @property
    def count(self) -> int:
        """How often something has come."""
        return sum(each.heard for each in (self.mine, self.twin))

    @property
    def settled(self) -> bool:
        """Whether all are there, to their end."""
        return self.mine.whole == DRAWS and (self.alone or self.twin.whole == DRAWS)


def many_json(held: HistoryPairs, mark: str, asked: FindingRequest, picks: Picks) -> str:
    """Words, cards, and the lines of the charts as they are picked (chart, choice), of the setting
    with this mark.
    """
    return _json(held, held.count, language(), mark, asked, picks)


def pair_json(held: HistoryPairs, mark: str, asked: FindingRequest, picks: Picks) -> str:
    """B (mine) beside A (twin), over the histories that both have: rows of numbers, and the lines
    of the charts as they are picked.
    """
    return _pair(held, held.count, language(), mark, asked, picks)


@lru_cache(maxsize=8)
def _pair(
    held: HistoryPairs,
    count: int,
    code: str,
    mark: str,
    asked: FindingRequest,
    picks: Picks,
) -> str:
    mine, twin = shared_draws(held.mine, held.twin)
    sides = {"a": twin, "b": mine}
    bands = {
        side: {
            (chart, choice): band
            for chart, choice in picks
            if (band := histories.band(f"{chart}/{choice}")) is not None
        }
        for side, histories in sides.items()
    }
    found = {
        "of": mark,
        "came": len(mine),
        "whole": min(mine.whole, twin.whole),
        "draws": DRAWS,
        "rows": [asdict(row) for row in compare_cards(mine, twin, asked)],
        "edges": {
            side: {"/".join(pick): [numbers(line) for line in band] for pick, band in held.items()}
            for side, held in bands.items()
        },
        "ranges": {
            side: {
                "/".join(pick): ends_of_months(band, UNITS[pick[0]]) for pick, band in held.items()
            }
            for side, held in bands.items()
        },
    }
    return json.dumps(found, separators=(",", ":"), allow_nan=False)


def _title(held: HistoryPairs, chart: str, choice: str, asked: FindingRequest) -> str:
    """The title of a chart as a picture; of years that are estimated nothing is claimed."""
    if held.mine.estimated:
        return ""
    return chart_title(chart, choice, held.mine, asked.state, held.twin, asked.twin)


@lru_cache(maxsize=8)
def _json(
    held: HistoryPairs,
    count: int,
    code: str,
    mark: str,
    asked: FindingRequest,
    picks: Picks,
) -> str:
    """Made once for what has come: a page is drawn more often."""
    told, why = many_histories(held.mine, held.twin, asked), why_many(held.mine, held.twin, asked)
    edges: dict[str, Any] = {}
    ranges: dict[str, list[str]] = {}
    ghosts: dict[str, Any] = {}
    for chart, choice in picks:
        for name in (f"{chart}/{choice}{end}" for end in BESIDE):
            band, twin = held.mine.band(name), held.twin.band(name)
            if band is not None:
                edges[name] = [numbers(line) for line in band]
                if name == f"{chart}/{choice}":
                    ranges[name] = ends_of_months(band, UNITS[chart])
            if twin is not None and name == f"{chart}/{choice}":
                ghosts[name] = numbers(twin[1])
    found = {
        "of": mark,
        "came": told.of if told.of >= FEWEST else 0,
        "whole": told.whole,
        "twins": held.twin.whole,
        "estimated": held.mine.estimated,
        "ran": len(held.mine.ran),
        "draws": DRAWS,
        "answer": join_sentences(told.sentences),
        "why": asdict(why),
        "cards": [asdict(card) for card in told.cards],
        "edges": edges,
        "ranges": ranges,
        "ghosts": ghosts,
        "titles": {chart: _title(held, chart, choice, asked) for chart, choice in picks},
        "licence": LICENCE,
    }
    return json.dumps(found, separators=(",", ":"), allow_nan=False)
