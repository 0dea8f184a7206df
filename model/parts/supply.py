"""The exporter's quotas of mining and separation (M13)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.base.part import Part


class SupplyPolicy(Part):
    """Quotas now in force (t/month, light and heavy), slow price memories, and the runs that quotas
    allow per firm.
    """

    at: Places
    SHARED = ("ore_links",)

    def __init__(self, light: float, heavy: float, quote: FloatArray, firms: int) -> None:
        self.light = light
        self.light_base, self.heavy_base = light, heavy
        self.illegal_light, self.illegal_heavy = 0.0, 0.0  # part of the start's that has no quota
        self.ore_links = np.zeros(0, dtype=np.int64)  # that bring light ore to home separators
        self.imported, self.imported_base = 0.0, 0.0  # t/month by these, over a quarter; start
        self.admitted = np.inf  # t/month of these that the quota of separation leaves room for
        self.admitted_by: dict[str, float] = {}  # by each decree that has not ended, by its id
        self.use_start = 1.0  # magnets that all firms expected to use at the start, t/month
        self.preferred = quote.copy()
        self.believed_to_end = 0.0  # of what is dug without a quota, by orders (0-1)
        self.ended = 0.0  # and what of it has ended
        self.allowed = np.full(firms, np.inf)  # t/month of run; without a quota no limit
        self.illegal = np.zeros(firms)  # part of what mines dig that has no quota (0-1)


class Places(NamedTuple):
    """Where supply policy acts, looked up once: mines and separators under quota."""

    limited: IntArray  # mines of light ore, then of heavy, then separators of light ore
    group: tuple[int, ...]  # which of the three each of them is
    base_run: tuple[float, ...]  # t/month that each of them ran at the start
    fed: float  # t/month that the separators among them were fed
    mines: IntArray  # the mines alone
    separators: IntArray  # of light ore, under the quota of separation
