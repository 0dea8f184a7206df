"""Draws of parameter vector and seed together: the collection that every band and every verdict is computed over.

No collection of vectors that the record to 2024 has not ruled out exists yet. Until then the collection is a Latin hypercube over the documented
ranges, densest at the shipped values: it spreads what is not known, it does not say what fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.columns import FloatArray
from coercivity.model.errors import InputError, shorten
from coercivity.model.luck import uniforms
from coercivity.model.parameters import Parameter, load_parameters

DRAWN: Final = ("assumed", "estimated", "calibrated")  # what is measured stays at its value
WORLD_SIZE: Final = ("firms_per_sector",)  # how finely the world is cut is no belief about it
FIRST_SEED: Final = 1000


@dataclass(frozen=True)
class Draw:
    """One parameter vector (sorted by name) and the seed that it is run with."""

    parameters: tuple[tuple[str, float], ...]
    seed: int


def drawn_parameters() -> tuple[Parameter, ...]:
    """Parameters that a draw moves: status assumed, estimated or calibrated, without those of world size and those with no range."""
    return tuple(row for row in load_parameters() if row.status in DRAWN and row.name not in WORLD_SIZE and row.high > row.low)


def draws(count: int, design_seed: int = 0) -> list[Draw]:
    """A Latin hypercube of `count` vectors, each with a seed of its own.

    Each parameter has one value in each of `count` equally likely slices of a triangular distribution from low to high with its mode at the shipped
    value; slices are shuffled apart. Whole-number steps are not needed: only the size of the world is a whole number. Raises InputError for count < 1.
    """
    count = check_count(count)
    rows = drawn_parameters()
    values = np.empty((count, len(rows)))
    for at, row in enumerate(rows):
        within = uniforms(design_seed, f"draw {row.name}", 0, count)
        slices = np.argsort(uniforms(design_seed, f"slice {row.name}", 0, count), kind="stable")
        values[:, at] = triangular((slices + within) / count, row.low, row.value, row.high)
    return [_draw(rows, values[at], FIRST_SEED + design_seed * 10_000 + at) for at in range(count)]


def corners(count: int, design_seed: int = 0) -> list[Draw]:
    """Hostile draws: every parameter at its low or at its high, by the toss of a coin. What holds in these too may be built in."""
    count = check_count(count)
    rows = drawn_parameters()
    coin = np.array([uniforms(design_seed, f"corner {row.name}", 0, count) < 0.5 for row in rows]).T
    values = np.where(coin, [row.low for row in rows], [row.high for row in rows])
    return [_draw(rows, values[at], FIRST_SEED + 5_000 + design_seed * 10_000 + at) for at in range(count)]


def triangular(uniform: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    """Inverse of the triangular distribution: F(mode) = (mode - low) / (high - low)."""
    width = high - low
    peak = (mode - low) / width
    left = low + np.sqrt(uniform * width * (mode - low))
    right = high - np.sqrt((1.0 - uniform) * width * (high - mode))
    return np.clip(np.where(uniform < peak, left, right), low, high)


def check_count(count: int) -> int:
    """Return the number of draws. Raises InputError unless it is a whole number from 1 to 10,000."""
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 10_000:
        raise InputError(f"draws '{shorten(count)}' does not fit; use a whole number from 1 to 10000")
    return count


def _draw(rows: tuple[Parameter, ...], values: FloatArray, seed: int) -> Draw:
    named = [(row.name, float(value)) for row, value in zip(rows, values, strict=True)]
    return Draw(tuple(sorted(named)), seed)
