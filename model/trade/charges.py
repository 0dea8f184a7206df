"""What crossing a border costs: gap, non-refunded tax, duty, tariff, a quota's rent and freight
(M5, M6).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.tables import Links, Offers
from coercivity.model.parts.border import Border


def charge(offers: Offers, links: Links, border: Border) -> None:
    """Delivered cost: ask e^c (1 + duty + VAT) (1 + tariff) + rent + freight (USD/kg), and the same
    on the spot, at e^m.

    c premium that is paid on average, m premium on the spot (log). Duty, tariff and rent are means
    over the days of the month, by the share of days on which their acts are in force; orders are
    spread evenly over the days. rent is the sum over the quotas that a channel is under. See
    decisions 0021 and 0028.
    """
    channel = border.channel
    # what this month's sales are settled at
    offers.listed, border.premium_charged = (offers.ask, border.contract)
    asking = offers.ask.take(links.offer)
    bids = border.premium.any()
    if not (bids or border.duty.any() or border.tariff.any() or border.rent.any()):
        asking *= links.taxed
        asking += links.freight
        links.cost = links.spot = asking
        return
    times = border.levies
    beside = links.freight
    if border.rent.any():
        beside = beside + border.rent.take(channel)
    links.cost = asking * (np.exp(border.contract) * times).take(channel) + beside
    links.spot = links.cost
    if bids:
        links.spot = asking * (np.exp(border.premium) * times).take(channel) + beside
