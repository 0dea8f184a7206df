"""Which processor and NumPy made a number."""

from __future__ import annotations

import hashlib

import numpy as np


def probe() -> str:
    """Digest of what this processor and this NumPy make of the functions that a month uses."""
    numbers = np.linspace(0.01, 7.0, 4099)
    square = numbers[:4096].reshape(64, 64)
    made = (
        np.exp(-numbers),
        np.log(numbers),
        numbers**0.3,
        np.power(numbers, 1.7),
        np.tanh(numbers),
        np.bincount(np.arange(4099) % 7, numbers),
        numbers.sum(keepdims=True),
        np.log1p(numbers),
        square @ square,  # whose kernel the processor chooses
        square @ numbers[:64],
        np.atleast_1d(numbers @ numbers),
    )
    heard = np.__version__.encode() + b"".join(array.tobytes() for array in made)
    return hashlib.sha256(heard).hexdigest()[:12]
