"""Which goods a run is about, and what is told of single goods: prices and who they come from.

The headlines tell of rare earths. Where a process works with goods that the shipped tables do not
have, and the measures of a scenario are on some of them, cards and figures tell of these in their
place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from coercivity.experiments.quantities.headlines import (
    EXPORTER,
    FOCUS,
    Headline,
    View,
    name_in_id,
    price_multiple,
)
from coercivity.experiments.worlds.headline_tables import FinishedRun, TableSource
from coercivity.experiments.worlds.twin import measures_in_question
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from coercivity.agents.base.arrays import FloatArray

MOST: Final = 6  # goods that a card or a figure tells of by itself
BASES: Final = {"origin": "shipped from", "separated_in": "separated"}  # columns of the table trade


def own_goods(facts: Facts) -> tuple[str, ...]:
    """Goods that the shipped tables do not have."""
    return tuple(good for good in facts.goods if good not in Facts.load().goods)


def goods_in_question(scenario: Scenario, state: str = FOCUS) -> tuple[str, ...]:
    """The goods that the measures against a state name, or where a script has none those that
    sectors use which the shipped tables do not have; () where none of them is one of `own_goods`:
    there the headlines tell of the goods. Of more than MOST those that are own.
    """
    own = own_goods(scenario.facts)
    if not own:
        return ()
    named = {good for event in measures_in_question(scenario, state) for good in event.goods}
    if not named:
        sectors, uses = Facts.load().sectors, scenario.facts.table("end_use")
        named = {str(row["good"]) for row in uses if row["sector"] not in sectors}
    found = tuple(good for good in scenario.facts.goods if good in named)
    if not set(found) & set(own):
        return ()
    return found if len(found) <= MOST else tuple(good for good in found if good in own)


@cached_by_facts
def label_of_good(facts: Facts, good: str) -> str:
    """A good as its table calls it, to stand alone: 'Gallium metal, low purity'."""
    (label,) = (str(row["label"]) for row in facts.table("goods") if row["good"] == good)
    return label[:1].upper() + label[1:]


def share_of_exporter(result: FinishedRun, state: str, good: str, by: str) -> FloatArray:
    """Share of what a state buys abroad of a good, in t, that was shipped from the exporter, or
    separated there (`by`, one of BASES), by month; NaN where it buys none.
    """
    import numpy as np

    rows = result.table("trade")
    rows = rows[(rows["good"] == good) & (rows["destination"] == state)]
    rows = rows[rows["origin"].astype(str) != state]
    months = rows["month"].astype(str)
    bought, from_there = (
        some["tonnes"].groupby(months).sum().reindex(list(result.months)).to_numpy(dtype=float)
        for some in (rows, rows[rows[by] == EXPORTER])
    )
    out = np.full(len(bought), np.nan)
    return np.divide(np.nan_to_num(from_there), bought, out=out, where=np.nan_to_num(bought) > 0)


def rows_of_goods(scenario: Scenario, state: str = FOCUS) -> tuple[Headline, ...]:
    """Return headlines for each good in focus: its price multiple, and the exporter's share of what
    is bought abroad, before and at the end.
    """
    found = []
    for good in goods_in_question(scenario, state):
        label = label_of_good(scenario.facts, good)
        found.append(
            Headline(
                f"price_multiple_{good}_{name_in_id(state)}",
                f"{label}: price multiple in {state}",
                "as that of the headlines",
                "multiple",
            )
        )
        found += [
            Headline(
                f"dependence_origin_{good}_{when}",
                f"{label}: dependence on {EXPORTER} by where it was shipped from, {words}",
                "share of imports by tonnage: mean of the year before, or of the last 3 months",
                "share",
            )
            for when, words in (("before", "before"), ("end", "at the end"))
        ]
    return tuple(found)


def values_of_goods(
    result: FinishedRun,
    since: str,
    scenario: Scenario,
    state: str = FOCUS,
    usual: FinishedRun | None = None,
) -> dict[str, float | None]:
    """The values of `rows_of_goods` in a run, counted from a day, by id. usual: as for
    `compute_headlines`.
    """
    base = TableSource(usual, state) if usual is not None else None
    view, found = View(TableSource(result, state), since, base), dict[str, float | None]()
    for good in goods_in_question(scenario, state):
        share = share_of_exporter(result, state, good, "origin")
        found[f"price_multiple_{good}_{name_in_id(state)}"] = price_multiple(view, good, state)
        found[f"dependence_origin_{good}_before"] = _mean(share[view.before(12)].tolist())
        found[f"dependence_origin_{good}_end"] = _mean(share[-3:].tolist())
    return found


def _mean(values: Sequence[float]) -> float | None:
    """The mean of what is known; None where nothing is."""
    known = [value for value in values if value == value]  # NaN is not equal to itself
    return sum(known) / len(known) if known else None
