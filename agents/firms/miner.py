"""What miners decide: to run while it pays, within the quota they hold (M1, M13)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.faces import Parameters, Supply, Support
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.plant import Plants


def illegal_run(
    quota: FloatArray, price_ratio: FloatArray, share: float, elasticity: float, enforcement: float
) -> FloatArray:
    """Illegal mining on top of the quota answers the price of what it digs, against enforcement.

    i = quota share (1 - e) r^elasticity, capped at twice its normal size; r basket price over its
    base.
    Source: illegal output 20-40% of the official to 2012, below 20% after 2014 (facts:
    illegal_share_china_*).
    """
    return quota * share * (1.0 - enforcement) * np.minimum(price_ratio**elasticity, 2.0)


def quota_run(quota: FloatArray, unsold_months: FloatArray) -> FloatArray:
    """A holder of the mining quota digs it in full, as the plan asks, unless ore piles up: r = q
    clip((18 - u) / 12, 0, 1).

    q quota (t/month), u unsold output in months of capacity. A mine that waits for orders
    amplifies every swing of the chain. Source: no mining quota was cut or left undug in 2011-2024.
    See decisions 0011 and 0016.
    """
    return quota * ((18.0 - unsold_months) / 12.0).clip(0.0, 1.0)


class Miners(Plants):
    """Mines: diggers and concentrators of ore. Holders of a quota dig it; the others run while they
    earn.
    """

    def aim(self, *, supply: Supply, support: Support, p: Parameters) -> FloatArray:
        """The quota where there is one, else what pays."""
        firms, allowed = self.firms, self.of_firms(supply.allowed)
        unsold = self.unsold_months()
        dug = quota_run(np.where(firms.has_quota, allowed, 0.0), unsold)
        earning = self.while_it_earns(self.margin(support=support), unsold, p)
        return self.towards(np.where(firms.has_quota, dug, earning), p)


class Miner(Firm):
    """One mine."""

    many = Miners
