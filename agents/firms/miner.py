"""What miners decide: to run while it pays, within the quota they hold (M1, M13)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.plant import Plants, Stand, step_towards
from coercivity.agents.information import Parameters

# how fast small pits in ionic clay spread while revenue exceeds cost (log per year per log;
# imports from Myanmar of 129 t in 2013, 23,000 t dug in 2018 (mine_production.csv); 0.5 to 3)
PIT_SPEED = 0.5


def quota_run(quota: FloatArray, unsold_months: FloatArray) -> FloatArray:
    """A holder of the mining quota digs it in full, as the plan asks, unless ore piles up: r = q
    clip((18 - u) / 12, 0, 1).

    q quota (t/month), u unsold output in months of capacity. A mine that waits for orders
    amplifies every swing of the chain. Source: no mining quota was cut or left undug in 2011-2024.
    See decisions 0011 and 0016.
    """
    return quota * ((18.0 - unsold_months) / 12.0).clip(0.0, 1.0)


def pits_opened(
    capacity: FloatArray,
    margin: FloatArray,
    unsold_months: FloatArray,
    most: FloatArray,
    speed: float,
) -> FloatArray:
    """Small pits in ionic clay open within months while they pay and sell, and fall in when they do
    not: K <- min(K exp(clip(g ln(1 + m) clip((3 - u) / 2, -1, 1), -0.5, 1.2) / 12), K').

    K capacity (t/month), m margin (share of cost), u unsold output (months of capacity), g speed
    (log per year and log of revenue over cost), K' what the clays of the state
    have given at most (t/month). No option value: a pit is cheap, quick and seldom licensed. See
    decision 0019. Source: Myanmar dug hardly anything in 2013, 20,000 t in 2017 and 35,500 t in
    2020 (USGS; customs of China).
    """
    pays = np.log(np.maximum(1.0 + margin, 1e-3))
    sells = ((3.0 - unsold_months) / 2.0).clip(-1.0, 1.0)
    grown = (speed * np.minimum(pays, pays * sells)).clip(-0.5, 1.2) / 12.0
    return np.minimum(capacity * np.exp(grown), np.maximum(most, capacity))


class Miners(Plants):
    """Mines: diggers and concentrators of ore. Holders of a quota dig it; the others run while they
    earn.
    """

    diggers: Miners | None = None  # those of small pits, once they are looked up

    @staticmethod
    def aim_at(at: Stand, p: Parameters) -> FloatArray:
        """The quota where there is one, else what pays."""
        has_quota = at.firms.has_quota
        dug = quota_run(np.where(has_quota, at.allowed, 0.0), at.unsold)
        return step_towards(at.firms.desired, np.where(has_quota, dug, at.earning), p.run_speed)

    def open_pits(self, most: FloatArray) -> FloatArray:
        """Capacity that these mines would like where clay is dug by many (t/month); what does not
        stand stays so.
        """
        firms = self.firms
        capacity = firms.capacity
        wished = pits_opened(capacity, firms.margin, self.unsold_months(), most, PIT_SPEED)
        return np.where(capacity > 0.0, wished, capacity)


class Miner(Firm):
    """One mine."""

    many = Miners
