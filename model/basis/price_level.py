"""What a dollar is worth: costs of plants rise with wages and prices until the last month of the
table, from which on the world is told in the money of that month.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.calendar import parse_month
from coercivity.model.basis.facts import Facts, cached_by_facts


@cached_by_facts
def _levels(facts: Facts) -> tuple[tuple[int, ...], FloatArray]:
    """Months of the table, and the logs of their levels."""
    rows = sorted(
        (parse_month(row["month"]), float(row["level"])) for row in facts.table("price_level")
    )
    return tuple(month for month, _ in rows), np.log([level for _, level in rows])


@lru_cache(maxsize=4096)
def price_level(facts: Facts, start: str, month: int = 0) -> float:
    """Level of costs `month` months after `start` over that of the last month of price_level.csv:
    geometric between its rows, constant outside them.

    L(t) = exp(interpolated ln L).
    """
    months, logs = _levels(facts)
    return float(np.exp(np.interp(parse_month(start) + month, months, logs)))
