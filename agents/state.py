"""What governments decide: a licensing office's pace, how civilian goods fare under a ban, and the exporter's supply policy (M6, M13).

Governments here are scripted by dated acts; what they let through, refuse or delay follows from these rules.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray
from coercivity.agents.mesa_base import BaseAgent, BaseModel


class Government(BaseAgent):
    """A government: its name, how it is led in this run, and its hostility to each state (0-1)."""

    def __init__(self, model: BaseModel, name: str, mode: str, states: int) -> None:
        super().__init__(model)
        self.name = name
        self.mode = mode
        self.hostility = np.zeros(states)

    def cool(self, half_life: float) -> None:
        """Hostility fades: h <- h 2^(-1/half-life)."""
        self.hostility *= 0.5 ** (1.0 / half_life)

    def provoke(self, targets: list[int], weight: float) -> None:
        """An act of weight w towards states closes that part of the gap to open hostility (w > 0), or takes it away (w < 0, a truce)."""
        for state in targets:
            gap = 1.0 - self.hostility[state] if weight > 0 else self.hostility[state]
            self.hostility[state] += weight * gap


def office_capacity(age_months: FloatArray, start: float, full: float, months: float) -> FloatArray:
    """A licensing office learns: from `start` to `full` times normal flow over some months (tonnes it can pass a month, per normal tonne).

    k(t) = start + (full - start) min(1, t / months). Delay, not denial. Source: gallium exports zero for two months, normal after ten (2023-24).
    """
    return start + (full - start) * np.clip(age_months / months, 0.0, 1.0)


def civilian_access(ban: FloatArray, hostility: FloatArray, over_compliance: float) -> FloatArray:
    """Under a ban on military use, civilian goods are free on paper; officials and sellers refuse part of them while relations are bad: a = 1 - ban phi h.

    ban 0/1, hostility h (0-1), phi over-compliance (0-1). Source: facts/behaviour_rules 1.7, effective cut = 1 - (1 - formal)(1 - phi hostility).
    """
    return 1.0 - ban * over_compliance * hostility


def approvals(pending: FloatArray, hazard: FloatArray, room: FloatArray, channel: np.ndarray, channels: int) -> FloatArray:
    """Licences granted this month: the lesser of a hazard on what is pending and what the office can pass, shared pro rata (t per link).

    g_l = pending_l h min(1, room_c / sum pending h). A hazard alone rewards inflated applications (tried).
    """
    due = pending * hazard[channel]
    total = np.bincount(channel, weights=due, minlength=channels)
    return due * np.minimum(1.0, room / np.maximum(total, 1e-300))[channel]


def supply_quota(quota: float, growth: float, price_log: float, gain: float, luck: float, noise: float, cut: float) -> float:
    """Each half-year the exporter sets its mining quota: it follows home demand, adds when prices run above what it prefers, and rarely cuts.

    q' = q exp(max(-cut, g/2 + gain clip(ln(p / p*), -0.3, 0.3) / 2 + noise z))
    g yearly growth of orders, p lead price (6-month mean) over p* (three-year mean), z luck. Source: mining quotas 2018-2024 (+6 to +25% a year).
    """
    return float(quota * np.exp(max(-cut, 0.5 * growth + 0.5 * gain * float(np.clip(price_log, -0.3, 0.3)) + noise * luck)))


def state_trade(price_log: FloatArray, output: FloatArray, held: FloatArray, share: float) -> FloatArray:
    """The state buys (+) when prices are a quarter below their three-year mean and sells (-) when half above, up to a share of monthly output (t).

    Source: the State Reserve Bureau's purchases of 2014; sales assumed symmetric.
    """
    buy = np.where(price_log < -0.25, share * output, 0.0)
    sell = np.where(price_log > 0.5, np.minimum(share * output, held), 0.0)
    return buy - sell
