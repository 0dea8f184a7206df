"""A trade matrix whose rows and columns add up (RAS, iterative proportional fitting)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray


def ras(
    seed: FloatArray,
    rows: FloatArray,
    columns: FloatArray,
    rounds: int = 500,
    tolerance: float = 1e-12,
) -> FloatArray:
    """The matrix nearest in shape to `seed` whose rows sum to `rows` and columns to `columns`
    (t/month).

    Zero cells stay zero. Raises ValueError where the totals differ or a positive total meets a seed
    without positive cells.
    Source: Stone (1961); Bacharach (1970).
    """
    if not np.isclose(rows.sum(), columns.sum(), rtol=1e-9):
        raise ValueError(f"rows sum to {rows.sum():.6g}, columns to {columns.sum():.6g}")
    matrix = seed.astype(np.float64).copy()
    if (matrix.sum(axis=1)[rows > 0] <= 0).any() or (matrix.sum(axis=0)[columns > 0] <= 0).any():
        raise ValueError("a row or column with tonnes has no cell to put them in")
    for _ in range(rounds):
        matrix *= (rows / np.maximum(matrix.sum(axis=1), 1e-300))[:, None]
        matrix *= columns / np.maximum(matrix.sum(axis=0), 1e-300)
        if np.abs(matrix.sum(axis=1) - rows).max() <= tolerance * max(rows.sum(), 1e-300):
            break
    return matrix
