"""Which processor and NumPy made a number."""

from __future__ import annotations

import hashlib

import numpy as np


def probe() -> str:
    """Digest of what this processor and this NumPy make of the functions that a month uses."""
    numbers = np.linspace(0.01, 7.0, 4099)
    grid = np.sin(np.arange(64.0 * 64)).reshape(64, 64)
    made = (
        np.exp(-numbers),
        np.log(numbers),
        numbers**0.3,
        np.power(numbers, 1.7),
        np.tanh(numbers),
        np.bincount(np.arange(4099) % 7, numbers),
        numbers.sum(keepdims=True),
        np.log1p(numbers),
        # products, whose kernel the processor chooses: no two of them round alike at every length
        *(grid[:n, :n] @ grid[0, :n] for n in range(3, 64)),
        *(grid[0, :n] @ grid[:n, :n] for n in range(3, 64)),
        np.array([grid[0, :n] @ grid[1, :n] for n in range(3, 64)]),
        grid @ grid,
    )
    heard = np.__version__.encode() + b"".join(array.tobytes() for array in made)
    return hashlib.sha256(heard).hexdigest()[:12]
