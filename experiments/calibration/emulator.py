"""A cheap stand-in for the model between its runs: a regression per target, quadratic in the
parameters that move the targets most and linear in all others, with an honest error.

It only proposes where to run next; whether a vector is kept is decided by runs of the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from coercivity.agents.base.arrays import FloatArray

PENALTIES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)  # of the ridge, a run; the best by leave-one-out is taken
FEWEST = 10  # runs in which a target is defined, below which it is left alone


@dataclass(frozen=True, eq=False)
class Emulator:
    """Coefficients (terms x targets), error variance by target (leave-one-out), and the share of
    variance explained, R^2 by target. bent: parameters with quadratic terms, the first ones.
    """

    coefficients: FloatArray
    error: FloatArray
    explained: FloatArray
    bent: int

    def predict(self, unit: FloatArray) -> FloatArray:
        """Means for vectors (rows) of parameters scaled to 0-1: vectors x targets."""
        return np.asarray(quadratic_terms(unit, self.bent) @ self.coefficients)


def quadratic_terms(unit: FloatArray, bent: int) -> FloatArray:
    """1, x_i, and x_i x_j (i <= j) of the first *bent* of the parameters, scaled to -1..1 around
    the middle of their ranges.
    """
    x = 2.0 * np.asarray(unit) - 1.0
    pairs = [x[:, i] * x[:, j] for i, j in combinations_with_replacement(range(bent), 2)]
    return np.column_stack([np.ones(len(x)), x, *pairs])


def fit_emulator(unit: FloatArray, mean: FloatArray, bent: int) -> Emulator:
    """Ridge regression of each target on the terms, with the penalty that errs least when each run
    is left out; runs in which a target is undefined are left out of that target's fit.

    unit: vectors x parameters in 0-1; mean: vectors x targets; bent: how many of the parameters,
    the first, have quadratic terms. The error is the variance of leave-one-out residuals, e_i / (1
    - h_i), h leverages.
    """
    terms = quadratic_terms(unit, bent)
    coefficients, error, explained = (
        np.zeros((terms.shape[1], mean.shape[1])),
        np.full(mean.shape[1], np.inf),
        np.zeros(mean.shape[1]),
    )
    known = np.isfinite(mean)
    for pattern in np.unique(known, axis=1).T:  # targets that are defined in the same runs
        if pattern.sum() < FEWEST:
            continue
        columns = np.flatnonzero((known == pattern[:, None]).all(axis=0))
        found, left_out = _ridge(terms[pattern], mean[np.ix_(pattern, columns)])
        coefficients[:, columns], error[columns] = found, left_out
        spread = np.var(mean[np.ix_(pattern, columns)], axis=0)
        explained[columns] = 1.0 - left_out / np.maximum(spread, 1e-300)
    return Emulator(coefficients, error, explained, bent)


def _ridge(terms: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients (terms x targets) and mean squares of leave-one-out residuals, by target; the
    first term is the constant and bears no penalty.
    """
    middle, level = terms[:, 1:].mean(axis=0), y.mean(axis=0)
    left, size, right = np.linalg.svd(terms[:, 1:] - middle, full_matrices=False)
    toward = left.T @ (y - level)
    best, slopes = np.full(y.shape[1], np.inf), np.zeros((terms.shape[1] - 1, y.shape[1]))
    for penalty in PENALTIES:
        kept = size**2 / (size**2 + penalty * len(y))
        leverage = (left**2) @ kept + 1.0 / len(y)
        residual = y - level - left @ (kept[:, None] * toward)
        error = np.mean((residual / np.maximum(1.0 - leverage, 1e-9)[:, None]) ** 2, axis=0)
        weight = np.divide(kept, size, out=np.zeros_like(size), where=size > 1e-9 * size[0])
        better = error < best
        slopes[:, better] = (right.T @ (weight[:, None] * toward))[:, better]
        best = np.minimum(best, error)
    return np.vstack([level - middle @ slopes, slopes]), best
