"""What traders decide: to hold stock while prices run and alarm is high, and to let it go when they
fall or are high enough (M2, M5).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray

TAKE_PROFIT = 3.0  # price over its three-year mean at which they sell; assumed


def hoard_purchase(
    world_use: FloatArray,
    growth: FloatArray,
    price_ratio: FloatArray,
    alarm: float,
    hoard: FloatArray,
    for_sale: FloatArray,
    gain: float,
    band: float,
    finance: float,
    rate: float,
) -> FloatArray:
    """Speculators buy when prices run under alarm and are not yet high: b = gain U clip(12 (g -
    band), 0, 1) clip(2 alarm, 0.05, 1) [r < 3].

    U world use (t/month), g price growth (log per month), r price over its three-year mean; at most
    a part a of what is for sale in a month, and until what they hold is worth F months of world use
    at the three-year mean: H <= F U / max(r, 1), F finance (months): what is dearer is hoarded in
    fewer tonnes. The gate of alarm keeps a small tightness from becoming a bubble, taking profit
    keeps a long alarm from emptying the market.
    Source: hoarding of Dy in 2010-11 (behaviour rules 8.2). See decisions 0002 and 0016.
    """
    wish = (
        gain
        * world_use
        * np.clip(12.0 * (growth - band), 0.0, 1.0)
        * np.clip(2.0 * alarm, 0.05, 1.0)
        * (price_ratio < TAKE_PROFIT)
    )
    return np.clip(
        np.minimum(wish, finance * world_use / np.maximum(price_ratio, 1.0) - hoard),
        0.0,
        rate * for_sale,
    )


def hoard_release(
    hoard: FloatArray, growth: FloatArray, price_ratio: FloatArray, rate: float
) -> FloatArray:
    """They sell when prices fall, a part a of it in a month times clip(-12 g, 0.1, 1) once g < 0,
    and a while prices are three times their mean.
    """
    falling = np.where(growth < 0.0, np.clip(-12.0 * growth, 0.1, 1.0), 0.0)
    return rate * hoard * np.maximum(falling, price_ratio >= TAKE_PROFIT)


def pull(price_ratio: FloatArray, cost: float, response: float) -> FloatArray:
    """How far a margin moves traders, 0-1: 1 - exp(-c max(0, r - 1 - t)).

    r price behind the barred border over the price before it, t handling and risk as a share of the
    price, c response. The dead band t keeps a short queue from becoming a trade. Source: behaviour
    rules 8.1. See decision 0016.
    """
    return 1.0 - np.exp(-response * np.maximum(price_ratio - 1.0 - cost, 0.0))


def smuggled_share(most: float, drawn: FloatArray, enforcement: float) -> FloatArray:
    """Part of what is held back that is smuggled straight out: Leak = Lmax pull (1 - Enforce).
    Source: behaviour rules 8.1; 33-59% in 2008-14.
    """
    return most * drawn * (1.0 - enforcement)


def nerve(fear: FloatArray, obey: FloatArray, enforcement: float) -> FloatArray:
    """Part of the traders in third states that dare: (1 - fear) (1 - obey) (1 - Enforce).

    fear of the exporter's punishment (0-1), obey compliance with a rule that reaches beyond its
    borders (0-1), Enforce pursuit of false end-user papers.
    Source: refusals of third-country routing in October 2010 (Asahi), behaviour rules 8.1.
    """
    return (1.0 - fear) * (1.0 - obey) * (1.0 - enforcement)


def fear(credibility: float, tension: FloatArray, weight: float) -> FloatArray:
    """Traders fear what the exporter would do to those who supply its target: f = w credibility
    tension (all 0-1).
    """
    return weight * credibility * tension


def trade_capacity(capacity: FloatArray, wish: FloatArray, build: float, fade: float) -> FloatArray:
    """What traders can carry (t/month) grows while there is profit and fades when it is gone: K <-
    K + (W - K) / tau, tau build months up, fade months down.

    W = share x imports x leak x pull x nerve, what they would carry. Contacts, papers and
    re-packing take months to arrange.
    """
    return capacity + (wish - capacity) / np.where(wish > capacity, build, fade)
