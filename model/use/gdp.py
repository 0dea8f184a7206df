"""GDP month by month, at the prices at which value added stands (M14)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts
from coercivity.model.use.macro import PRICED, dependent_value_added


@lru_cache(maxsize=16)
def gdp_path(facts: Facts, start: str, months: int) -> FloatArray:
    """GDP, months x states, USD million a month at the prices of value_added.csv: real growth
    between the years of gdp.csv, before and after them that of the nearest two.

    ln Y(t) = ln Y_a + (t - a) / (b - a) (ln Y_b - ln Y_a)

    t month, a and b two years of the table; what is told of a year stands at its end, as value
    added does. A state with one year grows as the median of the others; one without a row has its
    dependent value added of 2023 times the median ratio of the others. See decision 0022.
    """
    known: dict[int, dict[float, float]] = {}
    for row in facts.table("gdp"):
        end = float(month_index(PRICED, f"{int(row['year']) + 1}-01"))
        known.setdefault(facts.state_row[row["state"]], {})[end] = np.log(
            row["usd_bn"] * 1000.0 / 12.0
        )
    when = month_index(PRICED, start) + np.arange(months, dtype=float)
    path = np.full((months, len(facts.states)), np.nan)
    for state, years in known.items():
        if len(years) > 1:
            path[:, state] = _interpolate_years(when, years)
    several = [state for state, years in known.items() if len(years) > 1]
    for state, years in known.items():
        if len(years) == 1:
            ((end, level),) = years.items()
            there = [_interpolate_years(np.array([end]), known[other])[0] for other in several]
            path[:, state] = level + np.median(path[:, several] - np.array(there), axis=1)
    rest = np.flatnonzero(np.isnan(path).any(axis=0))
    dependent = np.log(np.maximum(dependent_value_added(facts).sum(axis=1), 1e-300))
    ratio = np.median(path[:, several] - dependent[several], axis=1)
    path[:, rest] = ratio[:, None] + dependent[rest]
    path = np.exp(path)
    path.setflags(write=False)
    return path


def _interpolate_years(when: FloatArray, years: dict[float, float]) -> FloatArray:
    """Straight lines through what is known, the first and the last of them going on."""
    ends = np.array(sorted(years))
    levels = np.array([years[end] for end in ends])
    at = np.clip(np.searchsorted(ends, when, side="right") - 1, 0, len(ends) - 2)
    slope = (levels[at + 1] - levels[at]) / (ends[at + 1] - ends[at])
    return np.asarray(levels[at] + slope * (when - ends[at]))


def gdp(facts: Facts, start: str) -> FloatArray:
    """GDP of each state at the pace of the month of the start, USD million a year."""
    return np.asarray(12.0 * gdp_path(facts, start, 1)[0])
