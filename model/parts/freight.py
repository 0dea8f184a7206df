"""Goods on their way (M1)."""

from __future__ import annotations

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part

LAGS = 3  # a shipment arrives in the month in which it leaves, in the next or in the one after


class Freight(Part):
    """Tonnes on their way: transit[month of arrival modulo lags, need]."""

    def __init__(self, transit: FloatArray) -> None:
        self.transit = transit
