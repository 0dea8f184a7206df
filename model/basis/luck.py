"""Named luck: every random number comes from a counter-based stream with a name, a seed and a
month.

Two worlds with one seed have the same luck whatever else differs, because a stream is drawn for the
whole table and then masked, and because only `random` and `standard_normal` are used (rejection
samplers take a varying number of draws and shift later rows).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random import Generator, Philox

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.errors import InputError

MOST_SEED = 2**32


def check_seed(seed: int) -> int:
    """Return the seed. Raises InputError unless it is a whole number from 0 to 2^32 - 1 (a negative
    key is silently accepted by Philox).
    """
    if (
        isinstance(seed, bool)
        or not isinstance(seed, (int, np.integer))
        or not 0 <= int(seed) < MOST_SEED
    ):
        raise InputError(
            "seed: {value} is not a whole number from {low} to {high}",
            "use e.g. 1",
            value=seed,
            low=0,
            high=str(MOST_SEED - 1),
        )
    return int(seed)


def read_seeds(seeds: Iterable[int]) -> list[int]:
    """Return the seeds of a call as a list. Raises InputError, one line, for what is not several
    seeds: a number, a text, nothing, or what `check_seed` refuses.
    """
    if isinstance(seeds, (int, np.integer)) and not isinstance(seeds, bool):
        many = seeds if 0 < seeds < MOST_SEED else 8
        raise InputError(
            "seeds: {value} is one number",
            "write seeds=range({count}), or seeds=[1] for one world",
            value=seeds,
            count=str(many),
        )
    if isinstance(seeds, (str, bytes)) or not isinstance(seeds, Iterable):
        raise InputError(
            "seeds: '{value}' is no list of seeds", "write e.g. seeds=range(8)", value=seeds
        )
    chosen = [check_seed(seed) for seed in seeds]
    if not chosen:
        raise InputError("seeds is empty", "give at least one seed, for example seeds=range(8)")
    return chosen


@lru_cache(maxsize=64)
def _purpose(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def stream(seed: int, purpose: str, month: int = 0) -> Generator:
    """The generator of one purpose in one month (0 is also the build)."""
    return Generator(
        Philox(key=np.array([seed, _purpose(purpose)], dtype=np.uint64), counter=[0, 0, month, 0])
    )


class _ThreadGenerator(threading.local):
    """A generator for each thread, set to the stream wanted: twenty times faster than a new one."""

    def __init__(self) -> None:
        self.bits = Philox(0)
        self.generator = Generator(self.bits)

    def at(self, seed: int, purpose: str, month: int) -> Generator:
        """The same stream as `stream`, good until the next call."""
        place = {"counter": (0, 0, month, 0), "key": (seed, _purpose(purpose))}
        state: Any = {
            "bit_generator": "Philox",
            "state": place,
            "buffer": (0, 0, 0, 0),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        self.bits.state = state
        return self.generator


_own = _ThreadGenerator()


def normals(seed: int, purpose: str, month: int, shape: int | tuple[int, ...]) -> FloatArray:
    """Standard normal draws for a whole table."""
    return _own.at(seed, purpose, month).standard_normal(shape)


def uniforms(seed: int, purpose: str, month: int, shape: int | tuple[int, ...]) -> FloatArray:
    """Uniform draws in [0, 1) for a whole table."""
    return _own.at(seed, purpose, month).random(shape)
