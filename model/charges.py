"""What crossing a border costs: premium, non-refunded tax, duty, tariff, a quota's rent and freight (M5, M6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import group_sum

if TYPE_CHECKING:
    from coercivity.model.world import World


def charge(world: World) -> None:
    """Delivered cost: ask e^m (1 + duty + VAT) (1 + tariff) + rent + freight (USD/kg)."""
    border, links = world.border, world.links
    channel = border.channel
    world.listed, border.premium_charged = world.offers.ask, border.premium  # what this month's sales are settled at
    asked = world.offers.ask.take(links.offer) * links.taxed
    if not (border.premium.any() or border.duty.any() or border.tariff.any() or border.rent):
        links.cost = asked + links.freight
        return
    rent = border.quota[channel] * border.rent
    wedge = 1.0 + links.vat + border.duty[channel]
    links.cost = world.offers.ask[links.offer] * np.exp(border.premium[channel]) * wedge * (1.0 + border.tariff[channel]) + rent + links.freight


def move_premia(world: World) -> None:
    """Where a border holds goods back a premium grows; when it opens the premium goes: m <- clip(0.85 m + k ln(wanted/shipped), 0, 2.5), or 0.2 m at once."""
    border = world.border
    if not (border.was_bound.any() or border.premium.any()):
        return
    wanted = group_sum(world.orders, border.channel, border.size)
    shipped = group_sum(world.shipped, border.channel, border.size)
    tight = np.log(np.clip(wanted / np.maximum(shipped, 1e-9), 0.2, 50.0))
    grown = np.clip(0.85 * border.premium + world.p.premium_gain * tight, 0.0, 2.5)
    bound = (border.was_bound > 0) & (wanted > 1e-9)
    border.premium = np.where(bound, grown, 0.2 * border.premium)
    border.premium[border.premium < 1e-4] = 0.0
    if not (border.licensed.any() or border.banned.any() or border.dual_use.any()):
        border.was_bound[:] = 0.0
