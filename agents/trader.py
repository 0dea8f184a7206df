"""What traders decide: to hold stock while prices run and alarm is high, and to let it go when they fall (M2, M5)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray


def hoard_purchase(
    world_use: FloatArray, growth: FloatArray, alarm: float, held: FloatArray, for_sale: FloatArray, gain: float, band: float
) -> FloatArray:
    """Speculators buy when prices rise under alarm: b = gain U clip(12 (g - band), 0, 1) clip(2 alarm, 0.05, 1), within 12 months' use and 70% of stock for sale.

    U world use (t/month), g price growth (log per month). Ungated by alarm the smallest tightness becomes a bubble (tried).
    Source: hoarding of Dy in 2010-11 (facts/behaviour_rules 8.2).
    """
    wish = gain * world_use * np.clip(12.0 * (growth - band), 0.0, 1.0) * np.clip(2.0 * alarm, 0.05, 1.0)
    return np.clip(np.minimum(wish, 12.0 * world_use - held), 0.0, 0.7 * for_sale)


def hoard_release(held: FloatArray, growth: FloatArray) -> FloatArray:
    """They sell when prices fall: 15% a month times clip(-12 g, 0.1, 1) once g < 0."""
    return np.where(growth < 0.0, 0.15 * held * np.clip(-12.0 * growth, 0.1, 1.0), 0.0)
