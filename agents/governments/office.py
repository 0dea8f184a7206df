"""What a licensing office and its country's officials let through (M6)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray


def office_capacity(age_months: FloatArray, start: float, full: float, months: float) -> FloatArray:
    """A licensing office learns: from `start` to `full` times normal flow over some months (tonnes
    it can pass a month, per normal tonne).

    k(t) = start + (full - start) min(1, t / months). Delay, not denial. Source: gallium exports
    zero for two months, normal after ten (2023-24).
    """
    return start + (full - start) * (age_months / months).clip(0.0, 1.0)


def civilian_access(ban: FloatArray, tension: FloatArray, over_compliance: float) -> FloatArray:
    """Under a ban on military use, civilian goods are free on paper; officials and sellers refuse
    part of them while relations are bad: a = 1 - ban phi h.

    ban 0/1, h tension (0-1), phi over-compliance (0-1). Source: behaviour rules 1.7, effective cut
    = 1 - (1 - formal)(1 - phi h).
    """
    return 1.0 - ban * over_compliance * tension


def approvals(
    pending: FloatArray, hazard: FloatArray, room: FloatArray, channel: np.ndarray, channels: int
) -> FloatArray:
    """Licences granted this month: the lesser of a hazard on what is pending and what the office
    can pass, shared pro rata (t per link).

    g_l = pending_l h min(1, room_c / sum pending h). A hazard alone rewards inflated applications.
    See decision 0016.
    """
    due = pending * hazard[channel]
    total = np.bincount(channel, weights=due, minlength=channels)
    return due * np.minimum(1.0, room / np.maximum(total, 1e-300))[channel]
