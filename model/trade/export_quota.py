"""The exporter's tonnage quota: rights by the month, smuggling past it, and its rent (M6, M8)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.dealers import trader
from coercivity.agents.tables import Links, Offers
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.trade.leakage import enforcement


def ration_by_quota(
    links: Links, border: Border, *, offers: Offers, clock: Clock, p: Parameters, on: Switches
) -> None:
    """A tonnage quota: monthly rights from what is left of the half-year, smuggling, and a rent per
    kg that is the same for every good because licences trade.

    Smuggled share of all exports moves in a quarter towards s (1 - exp(-rent / home price)).

    usable = 1.25 pool / months left (all of it in the last);  rent: (r + 3) <- (r + 3) exp(lambda
    clip(ln(orders / (usable + smuggled)), -1, 1)), r >= 0.
    """
    rows = border.quota[border.channel] > 0
    left = max(border.quota_end - clock.month + 1, 1)
    border.usable = border.pool / left * (1.25 if left > 1 else 1.0)
    wanted = float(links.allowed[rows].sum()) * p.quota_weight
    tonnes = links.allowed * rows
    home = float((tonnes * offers.ask[links.offer]).sum() / max(tonnes.sum(), 1e-9))
    drawn = float(
        trader.pull(
            np.array([1.0 + border.rent / max(home, 1.0)]), p.smuggling_cost, p.smuggling_response
        )[0]
    )
    ceiling = (
        float(
            trader.smuggled_share(
                p.smuggle_share, np.array([drawn]), enforcement(clock=clock, p=p)
            )[0]
        )
        if on["M8"]
        else 0.0
    )
    border.smuggled_share += (ceiling - border.smuggled_share) / 3.0
    smuggled = border.smuggled_share / max(1.0 - border.smuggled_share, 0.1) * border.usable
    room = border.usable + smuggled
    border.smuggled_of_room = smuggled / max(room, 1e-9)
    pressure = float(np.clip(np.log(max(wanted, 1e-9) / max(room, 1e-9)), -1.0, 1.0))
    border.rent = max((border.rent + 3.0) * np.exp(p.rent_speed * pressure) - 3.0, 0.0)
    scale = min(1.0, room / max(wanted, 1e-9))
    links.allowed[rows] *= scale
    border.pool = max(border.pool - min(wanted, border.usable), 0.0)
