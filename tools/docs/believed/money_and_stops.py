"""What public money builds and saves, and what is left after a stop of everything: figures 6 and 7
of the tests that the economics has to meet (`core` has the others and says how they are made).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from coercivity.model.results.result import Result
from tools.docs.believed.core import CHINA, NDPR, SEEDS, abroad, cut, lived, lost_abroad
from tools.docs.believed.measures import CALM, figure, year

NARROW, WIDE = ("metal", "magnet"), ("mining",)

# ---- 6. money -----------------------------------------------------------------------------------

CAPEX = {"mining": 25.0, "separation": 40.0, "metal": 18.0, "magnet": 55.0}  # USD per kg a year
BUDGET = 3000.0  # USD million


def grant(*stages: str) -> dict[str, Any]:
    """USD 3 bn of the United States from January 2026 for half the cost of plants of some
    stages.
    """
    return {
        "date": "2026-01-05",
        "id": "grant",
        "kind": "grant",
        "actor": "United States",
        "budget": BUDGET,
        "stages": [*stages],
        "share": 0.5,
    }


def _added(stage: str, *acts: dict[str, Any]) -> float:
    """What is made outside China at a stage in the sixth year of these acts above the twin, over
    what the money alone would build."""

    def outside(result: Result) -> float:
        table = result.table("output")
        rows = table[(table.stage == stage) & (table.state != CHINA)]
        return float(year(rows.groupby("month", observed=True).tonnes.sum(), 2031).sum())

    apart = [
        outside(lived(CALM, seed, 96, *acts)) - outside(lived(CALM, seed, 96)) for seed in SEEDS
    ]
    return float(np.mean(apart)) / (BUDGET * 1e3 / CAPEX[stage])


@figure
def money_for_magnets() -> float:
    """Magnets made outside China in the sixth year of a grant of USD 3 bn for them above the twin,
    over what that money builds at the cost of a plant."""
    return _added("magnet", grant("magnet"))


@figure
def money_for_metal() -> float:
    """The same of metal."""
    return _added("metal", grant("metal"))


@figure
def money_for_separation() -> float:
    """The same of separated oxides."""
    return _added("separation", grant("separation"))


def _later_loss(seed: int, *acts: dict[str, Any]) -> float:
    shut = {
        "date": "2032-01-01",
        "end": "2033-12-31",
        "id": "cut",
        "kind": "cut",
        "actor": CHINA,
        "targets": ["World"],
        "goods": "all",
        "share": 0.8,
    }
    return float(lost_abroad(lived(CALM, seed, 120, shut, *acts))["2032-01":].sum())


Acts = tuple[dict[str, Any], ...]


def _loss_over(acts: Acts, others: Acts) -> float:
    """The later loss after these acts over that after others."""
    pairs = [(_later_loss(seed, *acts), _later_loss(seed, *others)) for seed in SEEDS]
    mine, theirs = np.array(pairs).sum(axis=0)
    return float(mine / theirs)


@figure
def money_before_a_cut() -> float:
    """Output lost abroad in an 80% cut of 2032 and 2033 after a grant of USD 3 bn in 2026 for metal
    and magnets, over the loss without a grant."""
    return _loss_over((grant(*NARROW),), ())


@figure
def narrow_beats_wide() -> float:
    """The same over the loss after the same grant for mines alone."""
    return _loss_over((grant(*NARROW),), (grant(*WIDE),))


# where plants are planned; not Japan, whose makers would be paid for what they make anyway
FRIENDS = (
    *("United States", "Canada", "Germany", "France", "Rest of EU"),
    *("Australia", "Malaysia", "South Korea", "India"),
)


def programme(*stages: str) -> Acts:
    """The same USD 3 bn for plants of some stages among friends: half of it for half of what they
    cost, half for a quarter of what each tonne costs.
    """
    half = grant(*stages) | {"budget": BUDGET / 2.0, "hosts": [*FRIENDS]}
    by_tonne = {name: held for name, held in half.items() if name != "share"}
    return half, by_tonne | {"id": "credit", "kind": "tax_credit", "rate": 0.25}


@figure
def programme_for_magnets() -> float:
    """Magnets made outside China in the sixth year of a programme of USD 3 bn for them, half by the
    tonne, above the twin, over what the half for capital builds at the cost of a plant."""
    return 2.0 * _added("magnet", *programme("magnet"))


@figure
def programme_before_a_cut() -> float:
    """Output lost abroad in an 80% cut of 2032 and 2033 after such a programme for metal and
    magnets, over the loss without one."""
    return _loss_over(programme(*NARROW), ())


@figure
def programme_narrow_beats_wide() -> float:
    """The same over the loss after such a programme for mines alone."""
    return _loss_over(programme(*NARROW), programme(*WIDE))


# ---- 7. a stop of everything --------------------------------------------------------------------


@lru_cache(maxsize=16)
def stopped(seed: int) -> tuple[Result, Result]:
    """A stop of everything in 2026 and 2027, and its calm twin."""
    return cut(1.0, 108, seed, 2), lived(CALM, seed, 108)


def _outside(stage: str, when: int) -> float:
    """What is made outside China at a stage in a year after a stop of two years, over the twin."""
    sums = np.zeros(2)
    for seed in SEEDS:
        for side, result in enumerate(stopped(seed)):
            table = result.table("output")
            rows = table[(table.stage == stage) & (table.state != CHINA)]
            sums[side] += year(rows.groupby("month", observed=True).tonnes.sum(), when).sum()
    return float(sums[0] / sums[1])


@figure
def mines_after_a_stop() -> float:
    """Ore dug outside China in the fifth year after a stop of everything in 2026 and 2027, over the
    calm twin."""
    return _outside("mining", 2032)


@figure
def metal_after_a_stop() -> float:
    """Metal made outside China in the year after that stop, over the calm twin."""
    return _outside("metal", 2028)


@figure
def prices_after_a_stop() -> float:
    """Price of NdPr oxide abroad three years after that stop, over the calm twin."""
    mine, twin = (
        np.mean([float(year(abroad(stopped(s)[side], NDPR), 2030).mean()) for s in SEEDS])
        for side in (0, 1)
    )
    return float(mine / twin)
