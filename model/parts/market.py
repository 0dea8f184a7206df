"""Prices as the world reads them (M5)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.firms.valuation import learned_worth
from coercivity.agents.tables import Offers
from coercivity.model.basis.goods import processes


class Market(Part):
    """Prices as the world reads them, by good: the public quote (USD/kg) and that of the start."""

    SHARED = (
        "quote_start",
        "basket_start",
        "separation_cost",
        "bearable",
        "level_start",
        "led",
    )

    def __init__(
        self,
        offers: Offers,
        separation_cost: dict[str, float],
        bearable: FloatArray,
        level: float = 1.0,
    ) -> None:
        self.facts = facts = offers.facts
        self.quote = public_quote(offers)
        self.quote_start = self.quote.copy()
        self.basket_start = {  # USD/kg: value of what a concentrate held, by ore
            ore: float(processes(facts).outputs[facts.process_row[plant]] @ self.quote_start)
            for ore, plant in facts.plant_of.items()
        }
        self.separation_cost = separation_cost  # USD/kg of ore, by ore
        # USD/kg by good: at most this is asked, for three quarters of the uses have gone by then
        self.bearable = bearable
        self.level = self.level_start = level  # of costs, over that of 2024 (price_level.csv)
        # by good: plants are run for it, or it comes along with others
        self.led = group_sum(offers.lead * offers.yields, offers.good, len(facts.goods)) > 0.0
        self.anchor = np.ones(len(self.quote))  # what prices have taught of worth, by good
        self.scarcity = np.zeros(len(offers))  # log of what is asked over worth, by offer

    @property
    def rise(self) -> float:
        """Level of costs and of long-run prices over that of the start."""
        return self.level / self.level_start

    @property
    def worth(self) -> FloatArray:
        """What a commodity is thought to be worth in the long run over that of the start, by
        good.
        """
        return self.rise * self.anchor

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

    def publish(self, offers: Offers, speed: float) -> None:
        """What sellers ask now becomes the public quote, and what goods are thought to be worth
        follows it (rule `learned_worth`, speed per month).
        """
        self.quote = public_quote(offers)
        price = self.quote / (self.quote_start * self.rise)
        self.anchor = learned_worth(self.anchor, price, speed)


def public_quote(offers: Offers) -> FloatArray:
    """Price of each good as the world reads it (USD/kg): asking prices weighted by sales. Premia of
    blocked borders stay out of it.
    """
    facts = offers.facts
    weight = np.maximum(offers.sales, 1e-12)
    value = group_sum(offers.ask * weight, offers.good, len(facts.goods))
    return value / np.maximum(group_sum(weight, offers.good, len(facts.goods)), 1e-300)
