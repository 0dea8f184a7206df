"""A cheap stand-in for the model between its runs: a quadratic regression per target, with an
honest error.

It only proposes where to run next; whether a vector is kept is decided by runs of the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from coercivity.agents.base.arrays import FloatArray

RIDGE = 1e-3  # keeps the fit defined where there are few runs


@dataclass(frozen=True, eq=False)
class Emulator:
    """Coefficients (terms x targets), error variance by target (leave-one-out), and the share of
    variance explained, R^2 by target.
    """

    coefficients: FloatArray
    error: FloatArray
    explained: FloatArray

    def predict(self, unit: FloatArray) -> FloatArray:
        """Means for vectors (rows) of parameters scaled to 0-1: vectors x targets."""
        return quadratic_terms(unit) @ self.coefficients


def quadratic_terms(unit: FloatArray) -> FloatArray:
    """1, x_i and x_i x_j (i <= j) of parameters scaled to -1..1 around the middle of their
    ranges.
    """
    x = 2.0 * np.asarray(unit) - 1.0
    pairs = [x[:, i] * x[:, j] for i, j in combinations_with_replacement(range(x.shape[1]), 2)]
    return np.column_stack([np.ones(len(x)), x, *pairs])


def fit_emulator(unit: FloatArray, mean: FloatArray) -> Emulator:
    """Ridge regression of each target on the quadratic terms; runs in which a target is undefined
    are left out of that target's fit.

    unit: vectors x parameters in 0-1; mean: vectors x targets. The error is the variance of
    leave-one-out residuals, e_i / (1 - h_i), h leverages.
    """
    terms = quadratic_terms(unit)
    coefficients, error, explained = (
        np.zeros((terms.shape[1], mean.shape[1])),
        np.full(mean.shape[1], np.inf),
        np.zeros(mean.shape[1]),
    )
    for column in range(mean.shape[1]):
        known = np.isfinite(mean[:, column])
        if known.sum() < 10:
            continue
        a, y = terms[known], mean[known, column]
        penalty = RIDGE * len(y) * np.eye(a.shape[1])
        penalty[0, 0] = 0.0
        inverse = np.linalg.pinv(a.T @ a + penalty)
        coefficients[:, column] = inverse @ a.T @ y
        leverage = np.einsum("ij,jk,ik->i", a, inverse, a)
        residual = (y - a @ coefficients[:, column]) / np.maximum(1.0 - leverage, 0.05)
        error[column] = float(np.mean(residual**2))
        explained[column] = 1.0 - error[column] / max(float(np.var(y)), 1e-300)
    return Emulator(coefficients, error, explained)
