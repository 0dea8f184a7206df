"""What traders decide: to carry goods past a border that holds them back (M8)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray

# margin below which nobody smuggles or re-sells (share of price; assumed: handling and risk; 0 to
# 0.6)
SMUGGLING_COST = 0.2


def pull(price_ratio: FloatArray, cost: float, response: float) -> FloatArray:
    """How far a margin moves traders, 0-1: 1 - exp(-c max(0, r - 1 - t)).

    r price behind the barred border over the price before it, t handling and risk as a share of the
    price, c response. The dead band t keeps a short queue from becoming a trade. Source: behaviour
    rules 8.1. See decision 0016.
    """
    return 1.0 - np.exp(-response * np.maximum(price_ratio - 1.0 - cost, 0.0))


def smuggled_share(most: float, drawn: FloatArray, enforcement: float) -> FloatArray:
    """Part that is smuggled straight out, of what is held back or of the trade that a quota limits:
    Leak = Lmax pull (1 - Enforce). Source: behaviour rules 8.1; 33-59% of exports in 2008-14.
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
