"""What separation plants decide: how hard to run, and which by-products to finish (M1)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.plant import BEARABLE_LOSS, Plants, Stand, step_towards
from coercivity.agents.information import Parameters

KEPT = 24.0  # months of orders of a by-product that are kept unfinished; assumed


def finished_output(
    potential: FloatArray, orders: FloatArray, stock: FloatArray, lead: FloatArray
) -> FloatArray:
    """By-products are finished and stocked while there is room, and then only as far as they sell;
    the rest stays unfinished residue (booked, never lost).

    q = P for lead products; otherwise P f + min(P, O) (1 - f),  f = clip((6 - S / max(O, P)) / 3,
    0, 1)
    P potential output, O orders (t/month), S stock before this month's shipping (t): the surplus is
    finished up to three months of orders in stock, or of output where nobody orders yet, and left
    from six on. It cheapens what nobody wants more of. Ore fixes the basket (the balance
    problem); Lynas left La and Ce unfinished in 2024 (facts note 11).
    """
    months = stock / np.maximum(np.maximum(orders, potential), 1e-12)
    room = ((6.0 - months) / 3.0).clip(0.0, 1.0)
    surplus = potential * room + np.minimum(potential, orders) * (1.0 - room)
    return np.where(lead > 0, potential, surplus)


def finished_backlog(
    potential: FloatArray, orders: FloatArray, stock: FloatArray, unfinished: FloatArray
) -> FloatArray:
    """What was left unfinished in years of surplus is finished once orders outrun the ore: d =
    min(U, max(O + max(O - S, 0) - P, 0)).

    P potential output, O orders (t/month), S stock before this month's shipping, U what lies
    unfinished (t): at most KEPT months of orders, for more is not worth its shed. See decision
    0024. Source: mixed carbonates of surplus elements are stored, not thrown away (facts note 11).
    """
    short = orders + np.maximum(orders - stock, 0.0) - potential
    return np.minimum(unfinished, np.maximum(short, 0.0))


def separated_quota(quota: FloatArray, unsold_months: FloatArray, spare: FloatArray) -> FloatArray:
    """A holder of the separation quota works it in full, as the plan asks, unless oxides pile up or
    it loses more than it can bear: r = q clip((6 - u) / 3.6, 0, 1) clip(1 + 1.5 w, 0.25, 1).

    q quota (t fed a month), u unsold output (months at capacity), w margin over the loss that can
    be borne (share of cost). Plants that wait for orders move
    tonnage where the record moves prices: world output changed by 7% from year to year, prices by a
    third. See decision 0019. Source: quotas of separation 2014-2024 were used in full
    (recalled).
    """
    sells = ((6.0 - unsold_months) / 3.6).clip(0.0, 1.0)
    return quota * sells * (1.0 + 1.5 * spare).clip(0.25, 1.0)


class Processors(Plants):
    """Plants that separate oxides. At home they run on orders; elsewhere while they earn."""

    @staticmethod
    def aim_at(at: Stand, p: Parameters) -> FloatArray:
        """The exporter's plants work their quota of light ore in full, and clay on orders, slowly,
        as it comes under contracts; others run while they and the mine of their owner earn.
        """
        has_quota, fringe = np.isfinite(at.allowed), at.firms.is_fringe
        spare = at.margin + BEARABLE_LOSS
        quota = separated_quota(np.where(has_quota, at.allowed, 0.0), at.unsold, spare)
        aim = np.where(fringe, at.earning, np.where(has_quota, quota, at.on_orders))
        speed = np.where(fringe | has_quota, p.run_speed, p.clay_speed)
        return step_towards(at.firms.desired, aim, speed)


class Processor(Firm):
    """One plant that separates oxides."""

    many = Processors
