"""What traders decide: to hold stock while prices run and alarm is high, and to let it go when they fall or are high enough (M2, M5)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray

MOST_MONTHS = 4.0  # of world use that speculators finance; assumed
TAKE_PROFIT = 3.0  # price over its three-year mean at which they sell; assumed


def hoard_purchase(
    world_use: FloatArray, growth: FloatArray, price_ratio: FloatArray, alarm: float, held: FloatArray, for_sale: FloatArray, gain: float, band: float
) -> FloatArray:
    """Speculators buy when prices run under alarm and are not yet high: b = gain U clip(12 (g - band), 0, 1) clip(2 alarm, 0.05, 1) [r < 3].

    U world use (t/month), g price growth (log per month), r price over its three-year mean; at most four months' use and half of the stock for sale.
    Ungated by alarm the smallest tightness becomes a bubble; without taking profit a long alarm empties the market (both tried).
    Source: hoarding of Dy in 2010-11 (facts/behaviour_rules 8.2).
    """
    wish = gain * world_use * np.clip(12.0 * (growth - band), 0.0, 1.0) * np.clip(2.0 * alarm, 0.05, 1.0) * (price_ratio < TAKE_PROFIT)
    return np.clip(np.minimum(wish, MOST_MONTHS * world_use - held), 0.0, 0.5 * for_sale)


def hoard_release(held: FloatArray, growth: FloatArray, price_ratio: FloatArray) -> FloatArray:
    """They sell when prices fall, 15% a month times clip(-12 g, 0.1, 1) once g < 0, and 15% a month while prices are three times their mean."""
    falling = np.where(growth < 0.0, np.clip(-12.0 * growth, 0.1, 1.0), 0.0)
    return 0.15 * held * np.maximum(falling, price_ratio >= TAKE_PROFIT)
