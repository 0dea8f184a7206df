"""A cheap stand-in for the model between its runs: a plane per target and what runs nearby say
beyond it, with an honest error.

Between the waves it proposes where to run next. After them the collection is drawn by it, by chains
over what it says and how well, and each member is then run (`study.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray

PENALTIES: Final = (1e-3, 1e-2, 1e-1, 1.0, 10.0)  # of the plane's slopes, a run
REACHES: Final = (0.3, 0.6, 1.0, 1.5)  # of the kernel: how much of a range makes runs strangers
# variance of what no run nearby says, over what one says; the last leaves the plane alone
NUGGETS: Final = (0.03, 0.1, 0.3, 100.0)
LEAST_WEIGHT: Final = 0.02  # of a parameter in the distance of two runs; 1 for the steepest
FEWEST: Final = 10  # runs in which a target is defined, below which it is left alone
UNKNOWN: Final = 1e6  # variance of a target that is left alone


class Surface(NamedTuple):
    """One target: level, slopes, runs in weighted units and what each adds."""

    level: float
    slopes: FloatArray
    weights: FloatArray
    runs: FloatArray
    adds: FloatArray


@dataclass(frozen=True, eq=False)
class Emulator:
    """A surface a target (None where too few runs define it), and by how much each run is missed
    when it is left out (runs x targets, NaN where undefined).
    """

    surfaces: tuple[Surface | None, ...]
    residuals: FloatArray

    def predict(self, unit: FloatArray) -> FloatArray:
        """Means for vectors (rows) of parameters scaled to 0-1: vectors x targets."""
        x = _around_middle(unit)
        out = np.zeros((len(x), len(self.surfaces)))
        for column, one in enumerate(self.surfaces):
            if one is not None:
                near = _kernel(x * one.weights, one.runs)
                out[:, column] = one.level + x @ one.slopes + near @ one.adds
        return out

    def error(self, runs: BoolArray | slice = slice(None)) -> FloatArray:
        """Variance of what is missed of these runs, by target; UNKNOWN where none defines it."""
        square = self.residuals[runs] ** 2
        count = np.isfinite(square).sum(axis=0)
        return np.where(count > 0, np.nansum(square, axis=0) / np.maximum(count, 1), UNKNOWN)


def fit_emulator(unit: FloatArray, mean: FloatArray) -> Emulator:
    """Kernel ridge regression of each target around a plane: f(x) = a + b x + sum_i c_i k(x, x_i).

    k is exp(-d^2 / 2), d the distance of two vectors in which each parameter counts by its slope's
    size. Penalty, reach and nugget are those that err least when each run is left out; runs in
    which a target is undefined are left out of that target's fit. Of a run left out is missed c_i /
    (H (I - P))_ii, H the inverse of K + nugget, P what projects on the plane, for the remainder of
    both fits together is (I - K H)(I - P) y.

    unit: vectors x parameters in 0-1; mean: vectors x targets.
    """
    x = _around_middle(unit)
    surfaces: list[Surface | None] = []
    residuals = np.full(mean.shape, np.nan)
    for column, y in enumerate(mean.T):
        known = np.isfinite(y)
        surfaces.append(None)
        if known.sum() >= FEWEST:
            surfaces[column], residuals[known, column] = _surface(x[known], y[known])
    return Emulator(tuple(surfaces), residuals)


def _surface(x: FloatArray, y: FloatArray) -> tuple[Surface, FloatArray]:
    """The surface through runs of one target, and what it misses of each when it is left out."""
    level, slopes, plane = _plane(x, y)
    size = np.abs(slopes)
    weight = np.maximum(size / max(float(size.max()), 1e-300), LEAST_WEIGHT)
    left = y - level - x @ slopes
    found: list[tuple[Surface, FloatArray]] = []
    for reach in REACHES:
        weights = reach * weight
        runs = x * weights
        values, vectors = np.linalg.eigh(_kernel(runs, runs))
        toward, beside = vectors.T @ left, vectors - plane @ vectors
        for nugget in NUGGETS:
            inverse = 1.0 / (np.maximum(values, 0.0) + nugget)
            adds = vectors @ (inverse * toward)
            missed = adds / ((vectors * beside) @ inverse)
            found.append((Surface(level, slopes, weights, runs, adds), missed))
    return min(found, key=lambda one: float(np.mean(one[1] ** 2)))


def _plane(x: FloatArray, y: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Level and slopes of a ridge regression, with the penalty that errs least when each run is
    left out, e_i / (1 - P_ii), and P, which projects on the plane. The level bears no penalty.
    """
    middle, level = x.mean(axis=0), float(y.mean())
    left, size, right = np.linalg.svd(x - middle, full_matrices=False)
    toward = left.T @ (y - level)

    def error(penalty: float) -> float:
        kept = size**2 / (size**2 + penalty * len(y))
        leverage = (left**2) @ kept + 1.0 / len(y)
        residual = y - level - left @ (kept * toward)
        return float(np.mean((residual / np.maximum(1.0 - leverage, 1e-9)) ** 2))

    penalty = min(PENALTIES, key=error)
    slopes = right.T @ (size / (size**2 + penalty * len(y)) * toward)
    plane = (left * (size**2 / (size**2 + penalty * len(y)))) @ left.T + 1.0 / len(y)
    return level - float(middle @ slopes), slopes, plane


def _around_middle(unit: FloatArray) -> FloatArray:
    """Places in 0-1 as places in -1 to 1."""
    return np.asarray(2.0 * np.asarray(unit) - 1.0)


def _kernel(rows: FloatArray, columns: FloatArray) -> FloatArray:
    """exp(-d^2 / 2) of each row to each column."""
    square = (rows**2).sum(axis=1)[:, None] + (columns**2).sum(axis=1) - 2.0 * rows @ columns.T
    return np.asarray(np.exp(-0.5 * np.maximum(square, 0.0)))
