"""One at a time: what each parameter does to an outcome between its low and its high, all others at
their base, world by world with the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.errors import InputError


@dataclass(frozen=True)
class Swing:
    """Effect of one parameter at its low and at its high: outcome less that at the base, mean over
    seeds and 5th to 95th percentile.
    """

    parameter: str
    low_value: float
    high_value: float
    low: float
    low_band: tuple[float, float]
    high: float
    high_band: tuple[float, float]

    @property
    def size(self) -> float:
        """The larger of the two effects."""
        return max(abs(self.low), abs(self.high))

    @property
    def certain(self) -> bool:
        """Whether the larger effect has one sign over its band."""
        low, high = self.low_band if abs(self.low) > abs(self.high) else self.high_band
        return low > 0.0 or high < 0.0


@dataclass(frozen=True)
class Tornado:
    """All swings, widest first, and the outcome at the base point (mean over seeds)."""

    base: float
    seeds: int
    swings: tuple[Swing, ...]


def tornado(names: Sequence[str], points: FloatArray, runs: FloatArray) -> Tornado:
    """points: the base, then each parameter at its low and at its high (2d + 1 rows); runs: points
    x seeds. Raises InputError for another shape or gaps.
    """
    if len(points) != 2 * len(names) + 1:
        raise InputError(
            "{points} points are no one-at-a-time design of {count} parameters",
            "a tornado needs a sweep with method oat",
            points=len(points),
            count=len(names),
        )
    if np.isnan(runs).any():
        gaps = int(np.isnan(runs).sum())
        raise InputError(
            "{gaps} of {count} runs are undefined",
            "a tornado needs them all: choose an outcome that is defined everywhere",
            gaps=gaps,
            count=runs.size,
        )
    effects = runs - runs[0]
    bands = np.quantile(effects, (0.05, 0.95), axis=1)
    swings = [
        Swing(
            name,
            float(points[low, index]),
            float(points[high, index]),
            float(effects[low].mean()),
            (float(bands[0, low]), float(bands[1, low])),
            float(effects[high].mean()),
            (float(bands[0, high]), float(bands[1, high])),
        )
        for index, name in enumerate(names)
        for low, high in [(2 * index + 1, 2 * index + 2)]
    ]
    return Tornado(
        float(runs[0].mean()),
        runs.shape[1],
        tuple(sorted(swings, key=lambda swing: (-swing.size, swing.parameter))),
    )
