"""What crossing a border costs: premium, non-refunded tax, duty, tariff, a quota's rent and freight
(M5, M6).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import group_sum
from coercivity.agents.tables import Links, Offers
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border


def charge(offers: Offers, links: Links, border: Border) -> None:
    """Delivered cost: ask e^m (1 + duty + VAT) (1 + tariff) + rent + freight (USD/kg)."""
    channel = border.channel
    offers.listed, border.premium_charged = (
        offers.ask,
        border.premium,
    )  # what this month's sales are settled at
    asking = offers.ask.take(links.offer)
    if not (border.premium.any() or border.duty.any() or border.tariff.any() or border.rent):
        links.cost = asking * links.taxed + links.freight
        return
    times = np.exp(border.premium) * (1.0 + border.vat + border.duty) * (1.0 + border.tariff)
    links.cost = asking * times.take(channel) + links.freight
    if border.rent:
        links.cost += (border.quota * border.rent).take(channel)


def move_premia(border: Border, *, links: Links, p: Parameters, on: Switches) -> None:
    """Where a border holds goods back a premium grows; when it opens the premium goes: m <-
    clip(0.85 m + k ln(wanted/shipped), 0, 2.5), or 0.2 m at once.
    """
    if not on["M5"] or not (border.was_bound.any() or border.premium.any()):
        return
    rows, channel = border.reach.links, border.reach.channel
    if (
        not border.reach.code.any()
    ):  # the measures have just ended; their channels are bound for the last time
        rows = np.flatnonzero(border.was_bound[border.channel])
        channel = border.channel[rows]
    wanted = group_sum(links.orders[rows], channel, border.size)
    bound = np.flatnonzero((border.was_bound > 0) & (wanted > 1e-9))
    shipped = group_sum(links.shipped[rows], channel, border.size)[bound]
    tight = np.log((wanted[bound] / np.maximum(shipped, 1e-9)).clip(0.2, 50.0))
    grown = (0.85 * border.premium[bound] + p.premium_gain * tight).clip(0.0, 2.5)
    border.premium = 0.2 * border.premium
    border.premium[bound] = grown
    border.premium[border.premium < 1e-4] = 0.0
    if not (border.licensed.any() or border.banned.any() or border.dual_use.any()):
        border.was_bound[:] = 0.0
