"""What private owners ask of an investment that is hard to undo: value over cost of a real option
(M9).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray


def option_multiple(volatility: FloatArray, rate: float) -> FloatArray:
    """Real-options hurdle on revenue over cost: b / (b - 1).

    b = 1/2 + sqrt(1/4 + 2 r/s^2)

    s yearly volatility, r discount rate and payout, per year. Source: Dixit & Pindyck (1994), where
    the two are alike; 1.45 at s 0.15, 2.08 at 0.30, 3.26 at 0.50 (r = 8%).
    """
    square = np.maximum(volatility, 0.02) ** 2
    root = 0.5 + np.sqrt(0.25 + 2.0 * rate / square)
    return root / (root - 1.0)


def expected_volatility(
    calm: float, alarm: FloatArray, gain: float, offtake: FloatArray, floored: FloatArray
) -> FloatArray:
    """Volatility that an investor expects: s = (s0 + k alarm) (1 - offtake/2) (1 - floored); policy
    threats raise it, promises cut its tail.

    s0 volatility in quiet years, alarm 0-1 and k its weight, offtake and floored the shares of
    output with a promised sale and a promised least price.
    Source: a floor truncates the lower tail, s (1 - share under floor) (behaviour rules 4.2).
    """
    return (calm + gain * alarm) * (1.0 - 0.5 * offtake) * (1.0 - floored)


def hurdle(
    multiple: FloatArray, weight: float, hardness: FloatArray, equity: FloatArray
) -> FloatArray:
    """Value over cost that is asked for: h = 1 + w (b/(b-1) - 1) (1 - e) x, w part of the multiple
    that private owners demand, e public equity (0-1).

    x how hard the step is to undo: overrun x lead / 60 months. Public equity asks no option
    premium.
    """
    return 1.0 + weight * (multiple - 1.0) * (1.0 - equity) * hardness
