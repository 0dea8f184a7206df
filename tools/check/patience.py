"""How long to wait for what must come: limits that grow with the machine's load, so that a busy
one is waited for and a stuck one is still found out.
"""

from __future__ import annotations

import time
from functools import cache

USUAL = 0.1  # seconds that the loop below takes on a quiet core of 2020
MOST = 10.0


@cache
def slowness() -> float:
    """How many times slower than a usual quiet core this process is served, measured once; at least
    1.
    """
    begun = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total += number & 3
    return min(MOST, max(1.0, (time.perf_counter() - begun) / USUAL))


def patient(seconds: float) -> float:
    """A limit that is right for a quiet machine, made right for this one."""
    return seconds * slowness()
