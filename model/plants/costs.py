"""Costs in the money of the month: of working up, and of a new plant (M1)."""

from __future__ import annotations

from coercivity.agents.tables import Firms
from coercivity.model.basis.price_level import price_level
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.market import Market


def costs_rise(firms: Firms, market: Market, *, clock: Clock) -> None:
    """Conversion and capital costs rise with wages and prices, and with them what goods are thought
    to be worth in the long run: v <- v L(t) / L(t - 1), L level of price_level.csv.

    A world of 2009 that paid the costs of 2009 until 2024 would dig clay at half of its cost. See
    decision 0024. Source: price_level.csv (assumed).
    """
    now = price_level(clock.start, clock.month)
    if now == market.level:
        return
    firms.conversion = firms.conversion * (now / market.level)
    firms.capex = firms.capex * (now / market.level)
    market.level = now
