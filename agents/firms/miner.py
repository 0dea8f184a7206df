"""What miners decide: to run while it pays, within the quota they hold (M1, M13)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray


def fringe_run(
    capacity: FloatArray,
    utilisation: float,
    margin: FloatArray,
    unsold_months: FloatArray,
    price_ratio: FloatArray,
    elasticity: float,
) -> FloatArray:
    """A mine or plant outside the swing producer runs while its margin is positive; it does not wait for orders.

    r = min(u r^e, 0.98) K m t,  m = clip(1 + 3 margin, 0, 1),  t = clip((6 - unsold) / 3, 0, 1)
    r price of what it sells over its start, e short-run elasticity (facts: supply_elasticity_sr_exchina 0-0.2), K capacity (t/month), u utilisation,
    margin (share of cost), unsold output in months of capacity: tapering between 3 and 6.
    Entrants that wait for orders never get any (tried: 1% use for ever). Source: behaviour rules 4.
    """
    pace = np.minimum(utilisation * np.maximum(price_ratio, 0.1) ** elasticity, 0.98)
    return (
        capacity
        * pace
        * np.clip(1.0 + 3.0 * margin, 0.0, 1.0)
        * np.clip((6.0 - unsold_months) / 3.0, 0.0, 1.0)
    )


def illegal_run(
    quota: FloatArray, price_ratio: FloatArray, share: float, elasticity: float, enforcement: float
) -> FloatArray:
    """Illegal mining on top of the quota answers the price of what it digs, against enforcement.

    i = quota share (1 - e) r^elasticity, capped at twice its normal size; r basket price over its base.
    Source: illegal output 20-40% of the official to 2012, below 20% after 2014 (facts: illegal_share_china_*).
    """
    return quota * share * (1.0 - enforcement) * np.minimum(price_ratio**elasticity, 2.0)


def quota_run(quota: FloatArray, unsold_months: FloatArray) -> FloatArray:
    """A holder of the mining quota digs it in full, as the plan asks, unless ore piles up: r = q clip((18 - u) / 12, 0, 1).

    q quota (t/month), u unsold output in months of capacity. A mine that waits for orders instead amplifies every swing of the chain: with demand noise world
    mining then moved by 60% from year to year (tried; the quotas of 2018-2024 moved by 7%). Digging less from two months of unsold ore on, in place of six,
    halves China's mining in every lull (tried; world mining moves by 17% a year in place of 11%, record 10%). Source: no mining quota was cut or left undug
    in 2011-2024.
    """
    return quota * np.clip((18.0 - unsold_months) / 12.0, 0.0, 1.0)
