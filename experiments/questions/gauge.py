"""The leverage gauge: what a cut-off in a month would do to both sides, in the order in which a
reader asks, over one history or several.

The sums are those of ``experiments/questions/leverage.py``: two forks of a world with the same
luck, one cut off for twelve months, both followed for three years.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.experiments.questions.leverage import (
    BAN_MONTHS,
    FOLLOWED,
    CutOff,
    check_month,
    check_pair,
    cut_off,
    long_enough,
)
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

SENDER: Final = "China"


@dataclass(frozen=True)
class Item:
    """One number of the gauge. side: target or sender; a value of None says that it never comes."""

    id: str
    side: str
    unit: str


ITEMS: Final = (
    Item("first_stop_days", "target", "days"),
    Item("firms_stopped", "target", "share"),
    Item("loss", "target", "USD million"),
    Item("output_lost", "target", "USD million"),
    Item("cost_paid", "target", "USD million"),
    Item("gdp_share", "target", "% of the same months' GDP"),
    Item("sales_lost", "sender", "USD million"),
    Item("exports_lost", "sender", "USD million"),
    Item("share_separation", "sender", "points"),
    Item("share_magnets", "sender", "points"),
)


def one_cut_off(
    scenario: Scenario, seed: int, at: str, target: str, sender: str = SENDER
) -> CutOff:
    """What a cut-off of *target* from month *at* costs both in one history. Raises InputError for
    an impossible month or pair.
    """
    month = check_month(scenario, at)
    check_pair(scenario.facts, sender, target)
    world = World(long_enough(scenario, month), seed, record=False, collect=False)
    for _ in range(month):
        world.step()
    return cut_off(world, sender, target)


def gauge_data(cut_offs: Iterable[CutOff]) -> dict[str, Any]:
    """The gauge of one history or several: of each number the first history's value, and median and
    5th to 95th percentile over all.

    {at, target, sender, seeds, ban_months, followed, items: [{id, side, unit, value, median,
    p05, p95, came}]}; came: in how many histories it is defined at all; p05 and p95 are those of a
    history, with what never comes counted as later than anything.
    """
    measured = list(cut_offs)
    first = measured[0]
    items = []
    for item in ITEMS:
        values = [getattr(one, item.id) for one in measured]
        ordered = np.array([np.inf if value is None else value for value in values])
        ends = np.quantile(ordered, (0.05, 0.95), method="inverted_cdf")
        found = (np.median(ordered), *ends)
        median, low, high = (float(v) if np.isfinite(v) else None for v in found)
        items.append(
            {
                "id": item.id,
                "side": item.side,
                "unit": item.unit,
                "value": values[0],
                "median": median,
                "p05": low,
                "p95": high,
                "came": sum(value is not None for value in values),
            }
        )
    return {
        "at": first.month,
        "target": first.target,
        "sender": first.sender,
        "seeds": [one.seed for one in measured],
        "ban_months": BAN_MONTHS,
        "followed": FOLLOWED,
        "items": items,
    }
