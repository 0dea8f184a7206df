"""Headlines over several worlds: their spread, and their differences by pairs of twins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coercivity.experiments.quantities.headlines import FOCUS, Values, headline_table
from coercivity.model.basis.facts import Facts


@dataclass(frozen=True)
class Spread:
    """A headline over several worlds: median, 5th and 95th percentile; None where not defined."""

    median: float | None
    p05: float | None
    p95: float | None


def spread(values: Sequence[float | None], unit: str = "") -> Spread:
    """Return the spread of one headline over worlds.

    A day of a stop that never comes counts as later than any day, so that a median of stops exists
    only where more than half of the worlds have one; the ends of its band are days of a world. Any
    other undefined value is left out.
    """
    import numpy as np

    never = unit == "days"
    numbers = np.array(
        [np.inf if value is None else value for value in values if value is not None or never],
        dtype=float,
    )
    if not numbers.size:
        return Spread(None, None, None)
    ends = np.quantile(numbers, (0.05, 0.95), method="inverted_cdf" if never else "linear")
    found = (np.median(numbers), *ends)
    median, low, high = (float(value) if np.isfinite(value) else None for value in found)
    return Spread(median, low, high)


def headline_spreads(
    facts: Facts, headlines: Sequence[Values], target: str = FOCUS
) -> dict[str, Spread]:
    """Return {id: Spread} over the headlines of several worlds, seen from a target state."""
    return {
        row.id: spread([one[row.id] for one in headlines], row.unit)
        for row in headline_table(facts, target)
    }


def differences(base: Sequence[Values], other: Sequence[Values]) -> list[dict[str, float | None]]:
    """Return other - base by pair of twins and name; None where one of them is not defined."""

    def less(one: float | None, two: float | None) -> float | None:
        return None if one is None or two is None else one - two

    return [
        {name: less(value, of[name]) for name, value in twin.items()}
        for of, twin in zip(base, other, strict=True)
    ]
