"""What firms decide about capacity: yearly, on orders, at an expected price, over a hurdle that uncertainty raises (M9)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray


def option_multiple(volatility: FloatArray, rate: float, payout: float) -> FloatArray:
    """Real-options hurdle on revenue over cost: b / (b - 1), b = 1/2 - (r-d)/s^2 + sqrt(((r-d)/s^2 - 1/2)^2 + 2 r/s^2).

    s yearly volatility, r discount rate, d payout, both per year. Source: Dixit & Pindyck (1994); 1.45 at s 0.15, 2.08 at 0.30, 3.26 at 0.50 (r = d = 8%).
    """
    square = np.maximum(volatility, 0.02) ** 2
    drift = (rate - payout) / square
    root = 0.5 - drift + np.sqrt((drift - 0.5) ** 2 + 2.0 * rate / square)
    return root / (root - 1.0)


def wanted_capacity(need: FloatArray, growth: FloatArray, lead_years: FloatArray, reserve: float) -> FloatArray:
    """Capacity for the day the plant opens: K* = reserve Q (1 + g)^(lead + 3/2), Q smoothed orders (t/month, a year old on average), g own yearly growth.

    On orders, not on output: output shrinks in a crisis and the shortage returns when the plants are due (tried).
    """
    return reserve * need * (1.0 + np.clip(growth, -0.05, 0.25)) ** (lead_years + 1.5)


def expansion(wanted: FloatArray, existing: FloatArray, planned: FloatArray, value_to_cost: FloatArray, hurdle: FloatArray, most: float) -> FloatArray:
    """Tonnes a month to build: the gap between wanted and existing plus planned, where expected revenue over full cost clears the hurdle.

    Returns 0 below the hurdle; at most `most` of existing capacity at once.
    """
    gap = np.clip(wanted - existing - planned, 0.0, most * np.maximum(existing, 0.0))
    return np.where(value_to_cost > hurdle, gap, 0.0)
