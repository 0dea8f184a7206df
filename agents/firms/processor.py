"""What separation plants decide: how hard to run, and which by-products to finish (M1)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.faces import Parameters, Supply, Support
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.plant import Plants, wanted_output


def finished(
    potential: FloatArray,
    orders: FloatArray,
    stock: FloatArray,
    lead: FloatArray,
    cover: FloatArray,
    months: float,
) -> FloatArray:
    """By-products are finished only as far as they sell; the rest stays unfinished residue (booked,
    never lost).

    q = potential for lead products; otherwise min(potential, O + (c O - S) / T), S stock before
    this month's shipping
    Ore fixes the basket (the balance problem); Lynas left La and Ce unfinished in 2024 (facts note
    11).
    """
    return np.where(
        lead > 0, potential, np.minimum(potential, wanted_output(orders, stock, cover, months))
    )


class Processors(Plants):
    """Plants that separate oxides. At home they run on orders; elsewhere while they earn."""

    def aim(self, *, supply: Supply, support: Support, p: Parameters) -> FloatArray:
        """Orders or margin, by the side of the border."""
        margin = self.margin(support=support)
        earning = self.while_it_earns(margin, self.unsold_months(), p)
        aim = np.where(self.firms.is_fringe, earning, self.for_orders(margin, p))
        return self.towards(aim, p)


class Processor(Firm):
    """One plant that separates oxides."""

    many = Processors
