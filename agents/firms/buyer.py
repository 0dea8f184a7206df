"""What every firm decides as a buyer: how much it wants (M2) and from whom (M3)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, run_sum


def expected_use(expected: FloatArray, desired_use: FloatArray, months: float) -> FloatArray:
    """A firm expects to use what it has lately *wanted* to use.

    D <- D + (a y* - D) / tau
    D expected use (t/month), a input per unit of run (t), y* desired run, tau smoothing (months).
    Desired, never realised: expecting what a shortage allowed locks the shortage in.
    Source: order-up-to policies (Sterman 2000, ch. 17); the choice of `desired` by experiment.
    """
    return expected + (desired_use - expected) / months


def forecast(expected: FloatArray, trend: FloatArray, months: float) -> FloatArray:
    """Smoothing looks back; planning looks ahead by as much: F = D (1 + g tau / 12), g the yearly growth that the firm plans for.

    Without it every stage orders a little late and then too much, and steady growth arrives upstream as a wave (tried: NdPr +40% in year two).
    """
    return expected * (1.0 + trend * months / 12.0)


def price_growth(own: FloatArray, public: FloatArray) -> FloatArray:
    """Price growth as a buyer sees it: half what it pays itself, half what is quoted in public (log change per month)."""
    return 0.5 * own + 0.5 * public


def beyond(value: FloatArray, band: float) -> FloatArray:
    """The part of `value` outside a dead band of +-band; inside it nobody reacts."""
    return value - value.clip(-band, band)


def target_cover(
    cover: FloatArray,
    alarm: FloatArray,
    growth: FloatArray,
    price_ratio: FloatArray,
    alarm_gain: float,
    trend_gain: float,
    band: float,
    more: FloatArray | float = 0.0,
) -> FloatArray:
    """Months of use that a firm wants left in stock: more when alarmed, more when prices run, less when they are high.

    c* = c (1 + k alarm) (1 + s g) r^-0.15 + e,   g = clip(6 beyond(growth, band), -0.5, 1.5)
    c normal cover (months), alarm in [0, 1], growth (log per month), r paid price over its slow mean, e what an act of the firm adds (months; firm_stock).
    Source: precautionary and panic orders (Lee, Padmanabhan & Whang 1997); the dead band by experiment (trend buying without it swings by half).
    """
    trend = (6.0 * beyond(growth, band)).clip(-0.5, 1.5)
    return (
        cover * (1.0 + alarm_gain * alarm) * (1.0 + trend_gain * trend) * price_ratio**-0.15 + more
    )


def order_quantity(
    expected: FloatArray,
    cover: FloatArray,
    lead: FloatArray,
    stock: FloatArray,
    pipeline: FloatArray,
    months: float,
    most: float,
) -> FloatArray:
    """Order up to expected use over cover and lead, closing the gap over some months.

    O = clip(D + (D (c* + L) - S - P) / T, 0, most D)
    S stock after arrivals and before use (t), P what is on its way or waiting for a licence (t), L lead (months), T adjustment (months).
    Source: Sterman (2000), stock management structure; most = 2.5 keeps a first month back from buying a year.
    """
    return (expected + (expected * (cover + lead) - stock - pipeline) / months).clip(
        0.0, most * expected
    )


def sourcing_target(
    weight: FloatArray,
    cost_ratio: FloatArray,
    aversion: FloatArray,
    fill: FloatArray,
    qualified: FloatArray,
    need: IntArray,
    first: IntArray,
    sensitivity: FloatArray,
) -> FloatArray:
    """Share of a need that each supplier would get: relationship times a logit of cost, distrust and past delivery.

    s*_l ~ w_l q_l^-b exp(-a_l) max(fill_l, 0.02) over qualified links l of one need
    w relationship weight, q delivered cost over its base, b sensitivity, aversion a = g distrust in [0, 1] of the seller's state, fill the part of orders
    delivered. Links are sorted by need, and need n has its first at row first[n].
    Static around slow weights: shares multiplied month by month are an integrator and cycle (tried, dropped).
    Source: random-utility supplier choice (McFadden 1974).
    """
    pull = (
        qualified
        * weight
        * np.exp(-(sensitivity * np.log(cost_ratio) + aversion))
        * fill.clip(0.02, 1.0)
    )
    return pull * (1.0 / np.maximum(run_sum(pull, first), 1e-300)).take(need)


def turned_away(strength: float) -> float:
    """What is left of the pull of a seller that a buyer has decided to turn away from: t = max(1 - strength, 0.02), a factor on its weight w.

    The floor is that of past delivery: where no other supplier has qualified the need is still served (assumed).
    """
    return max(1.0 - strength, 0.02)


def follow(share: FloatArray, target: FloatArray, speed: float) -> FloatArray:
    """Shares move a part of the way each month, because most tonnage is under contract: s <- s + theta (s* - s)."""
    return share + speed * (target - share)


def relationship(
    weight: FloatArray, share: FloatArray, prior: FloatArray, speed: float
) -> FloatArray:
    """Relationships follow trade, half anchored to where they began: w <- w + speed (s/2 + w0/2 - w).

    The anchor stays in, or one shock locks in for ever.
    """
    return (1.0 - speed) * weight + (0.5 * speed) * (share + prior)
