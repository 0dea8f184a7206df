"""What traders decide: to hold stock while prices run and alarm is high, and to let it go when they
fall or are high enough (M2, M5).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray

CARRY = 1.12  # a year of interest, store and loss; assumed


def stock_wanted(
    world_use: float,
    growth: float,
    today: float,
    alarm: float,
    abroad: float,
    gain: float,
    band: float,
    finance: float,
) -> float:
    """Stockholders hold what is cheap today against what they expect; speculators what runs under
    alarm, or what a right to export makes worth more abroad: H* = U min(s max(0, ln(1 / (k q))) +
    F max(clip(12 (g - band), 0, 1) min(2 alarm, 1), A), F).

    U world use (t/month), q price of the day over the price expected a year ahead (its three-year
    mean), k carrying cost of a year (1.12: interest, store, loss), s months of use per log of
    cheapness, g price growth (log per month), A how far the rent of export rights draws (0-1,
    `pull`), F finance: months of use that can be held. Lenders take what is held as security at
    its price of the day, so that what can be financed rises with it. Holding pays while E[p'] > k
    p, p what it costs to buy. See decisions 0019, 0043 and 0047. Source: competitive storage
    (Deaton & Laroque 1992); credit on collateral at its market value (Kiyotaki & Moore 1997);
    hoarding of Dy in 2010-11 (behaviour rules 8.2).
    """
    cheap = gain * max(-float(np.log(CARRY * today)), 0.0)
    runs = min(max(12.0 * (growth - band), 0.0), 1.0) * min(2.0 * alarm, 1.0)
    return world_use * min(cheap + finance * max(runs, abroad), finance)


def stock_traded(wanted: float, held: float, for_sale: float, rate: float) -> float:
    """What traders buy in a month (sell, where negative), t: a part a of the way from what they
    hold to what they want, and at most a part a of what is for sale.
    """
    return min(rate * (wanted - held), rate * for_sale)


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


def nerve(fear: FloatArray, obey: FloatArray | float, enforcement: float) -> FloatArray:
    """Part of the traders in third states that dare: (1 - fear) (1 - obey) (1 - Enforce).

    fear of the exporter's punishment (0-1), obey compliance with a rule that reaches beyond its
    borders (0-1), Enforce pursuit of false end-user papers.
    Source: refusals of third-country routing in October 2010 (Asahi), behaviour rules 8.1.
    """
    return (1.0 - fear) * (1.0 - obey) * (1.0 - enforcement)


def stake(licensed: FloatArray, enforcement: float) -> FloatArray:
    """Who lives on licences himself stakes them: what is left of nerve is 1 - l Enforce.

    l share of the month under licences with an end user's certificate (0-1), Enforce pursuit of
    false papers. Source: who passes goods on against his certificate loses licences and comes on a
    list (dual-use regulations of 1 December 2024; licence_practice.csv); that all that is pursued
    counts once more is assumed. See decision 0039.
    """
    return 1.0 - licensed * enforcement


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
