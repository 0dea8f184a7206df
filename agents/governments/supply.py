"""The exporter's supply policy: half-yearly mining quotas and the state's own trade (M13)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray


def supply_quota(
    quota: float,
    growth: float,
    price_log: float,
    gain: float,
    band: float,
    luck: float,
    noise: float,
    cut: float,
) -> float:
    """Each half-year the exporter sets its mining quota: it follows home demand, adds when prices
    run above what it prefers, and rarely cuts.

    q' = q exp(max(-cut, g/2 + gain clip(ln(p / p*), -0.3, 0.3) / 2 + noise z))
    g yearly growth of orders, p lead price (6-month mean) over p* (three-year mean), z luck.
    Source: mining quotas 2018-2024 (+6 to +25% a year).
    """
    above, below = max(price_log - band, 0.0), min(price_log + band, 0.0)
    planned = growth if below == 0.0 else growth * max(1.0 + below / band, 0.0)
    return float(
        quota
        * np.exp(max(-cut, 0.5 * (planned + gain * min(above, 0.8) + 2.0 * below) + noise * luck))
    )


def state_trade(
    price_log: FloatArray, output: FloatArray, stockpile: FloatArray, share: float
) -> FloatArray:
    """The state buys (+) when prices are a quarter below their three-year mean and sells (-) when
    half above, up to a share of monthly output (t).

    Source: the State Reserve Bureau's purchases of 2014; sales assumed symmetric.
    """
    buy = np.where(price_log < -0.25, share * output, 0.0)
    sell = np.where(price_log > 0.5, np.minimum(share * output, stockpile), 0.0)
    return buy - sell
