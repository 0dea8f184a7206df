"""Prices as the world reads them (M5)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Offers
from coercivity.model.basis.goods import processes
from coercivity.model.basis.parameters import Parameters


class Doors(NamedTuple):
    """What never changes of the links that import parity looks at."""

    rival_channel: IntArray  # channel of each link of the exporter
    rival_good: IntArray  # good of each need that it serves
    channel: IntArray  # channel, tax and freight (USD/kg) of each link of those who compete with it
    taxed: FloatArray
    freight: FloatArray
    place: IntArray  # place of each link's need among those
    per_offer: IntArray  # links of each offer that competes


class Gates(NamedTuple):
    """How measures stand on the same links, looked up when they change."""

    shut: FloatArray  # by channel: `Border.shut` as it then was
    p: Parameters  # for which it was looked up
    counts: BoolArray  # links of the exporter that count though they deliver little
    keeps: FloatArray  # what a buyer pays for a second source, over the exporter's price, by need
    taxed: FloatArray  # tax and tariff of each link of those who compete with it
    short: IntArray  # offers of those to whose needs it is held back, among those that compete
    short_offers: IntArray  # these among all offers
    part: IntArray  # their links among those of all who compete
    first: IntArray  # first of these of each offer
    behind: BoolArray  # of each link, whether it is held back from its need
    place: IntArray  # and what else belongs to it, as in `Doors` and above
    part_freight: FloatArray
    part_taxed: FloatArray


class Market(Part):
    """Prices as the world reads them, by good: the public quote (USD/kg), that of the start, and
    its growth (log per month).
    """

    SHARED = (
        "quote_start",
        "basket_start",
        "separation_cost",
        "bearable",
        "in_use",
        "level_start",
        "doors",
    )
    doors: Doors  # looked up in the first month
    gates: Gates | None = None

    def __init__(
        self,
        offers: Offers,
        separation_cost: dict[str, float],
        bearable: FloatArray,
        level: float = 1.0,
        in_use: FloatArray | None = None,
    ) -> None:
        self.facts = facts = offers.facts
        self.quote = public_quote(offers)
        self.quote_start = self.quote.copy()
        self.basket_start = {  # USD/kg: value of what a concentrate held, by ore
            ore: float(processes(facts).outputs[facts.process_row[plant]] @ self.quote_start)
            for ore, plant in facts.plant_of.items()
        }
        self.quote_growth = np.zeros(len(facts.goods))
        self.separation_cost = separation_cost  # USD/kg of ore, by ore
        # USD/kg by good: at most this is asked, for three quarters of the uses have gone by then
        self.bearable = bearable
        # USD/kg by good: what the mean kilogram is worth to who uses it
        self.in_use = np.zeros(len(facts.goods)) if in_use is None else in_use
        self.level = self.level_start = level  # of costs, over that of 2024 (price_level.csv)
        self.tightness = np.zeros(len(offers))  # log of wanted over actual stock, by offer
        self.parity = np.full(len(offers), np.inf)  # USD/kg by offer
        self.least = np.zeros(len(offers))  # USD/kg by offer, where a border holds goods back

    @property
    def rise(self) -> float:
        """Level of costs and of long-run prices over that of the start."""
        return self.level / self.level_start

    @property
    def basket_value(self) -> FloatArray:
        """Value of what a concentrate holds relative to the start, by good (1 for goods that are
        not concentrates).
        """
        facts = self.facts
        out = np.ones(len(facts.goods))
        for ore, plant in facts.plant_of.items():
            y = processes(facts).outputs[facts.process_row[plant]]
            out[facts.good_row[ore]] = float(y @ self.quote) / self.basket_start[ore]
        return out

    @property
    def ceiling(self) -> FloatArray:
        """The most that is asked for a good (USD/kg), by good: what its users can bear, of an ore
        what it leaves to who separates it.
        """
        return np.minimum(self.bearable, self.netback)

    @property
    def worth(self) -> FloatArray:
        """What a kilogram is worth on average to who uses it (USD/kg), by good: of an ore what it
        leaves to who separates it, nothing where nobody uses a good.
        """
        netback = self.netback
        return np.where(np.isfinite(netback), netback, self.in_use)

    @property
    def netback(self) -> FloatArray:
        """What a tonne of ore leaves to a separator that just covers its costs (USD/kg), by good: N
        = sum y q - k; no bound (infinite) for other goods.

        y oxides per tonne fed (t/t), q public quotes, k conversion cost of those who separate it, a
        mean by their runs at the start (USD/kg, in the money of the month).
        """
        facts = self.facts
        out = np.full(len(self.quote), np.inf)
        for ore, cost in self.separation_cost.items():
            y = processes(facts).outputs[facts.process_row[facts.plant_of[ore]]]
            out[facts.good_row[ore]] = max(float(y @ self.quote) - cost * self.rise, 1e-3)
        return out

    def publish(self, offers: Offers) -> None:
        """What sellers ask now becomes the public quote; its growth is smoothed over four
        months.
        """
        old = self.quote
        self.quote = public_quote(offers)
        self.quote_growth += (np.log(self.quote / old) - self.quote_growth) / 4.0


def public_quote(offers: Offers) -> FloatArray:
    """Price of each good as the world reads it (USD/kg): asking prices weighted by sales. Premia of
    blocked borders stay out of it.
    """
    facts = offers.facts
    weight = np.maximum(offers.sales, 1e-12)
    value = group_sum(offers.ask * weight, offers.good, len(facts.goods))
    return value / np.maximum(group_sum(weight, offers.good, len(facts.goods)), 1e-300)
