"""What traders expect of borders and of use, before the month's orders cross (M5)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Links
from coercivity.model.parts.border import Border


class Expectations(Part):
    """By channel: share of usual trade that is believed to pass, months since acts hold it back,
    and what passed of last month's orders; by link, what of them passed.
    """

    def __init__(self, border: Border, links: Links) -> None:
        goods = len(links.facts.goods)
        self.passes = np.ones(border.size)
        self.since = np.full(border.size, np.inf)  # months; infinite where nothing is held back
        self.passed = np.ones(border.size)
        self.let = np.ones(len(links))
        self.abroad: FloatArray = np.ones(goods)  # worth of a kilogram there over its usual price
        self.unserved: FloatArray = np.zeros(goods)  # t/month that others will have to make
        self.held: BoolArray = np.zeros(goods, dtype=bool)
        self.in_ore: FloatArray | None = None  # t/month of each good in what is separated, smoothed
        self.sold_of_ore: FloatArray = np.ones(goods)  # part of it that found users at the start
