"""Goods on their way (M1)."""

from __future__ import annotations

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part


class Freight(Part):
    """Tonnes on their way: transit[month of arrival modulo lags, need]."""

    def __init__(self, transit: FloatArray) -> None:
        self.transit = transit
