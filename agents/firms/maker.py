"""What makers of metal, magnets and motors decide: to run on orders, and a little without any while
their output sells (M1).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.plant import Plants, Stand, step_towards
from coercivity.agents.information import Parameters


def entrant_run(capacity: FloatArray, margin: FloatArray, unsold_months: FloatArray) -> FloatArray:
    """Least run of a maker that earns: r = 0.3 K clip(3 - u, 0, 1), for who shows nothing gets no
    orders.

    K capacity (t/month), u unsold output in months of capacity; 0 where the margin is not positive.
    Assumed.
    """
    return 0.3 * capacity * (margin > 0) * (3.0 - unsold_months).clip(0.0, 1.0)


class Makers(Plants):
    """Makers of metal, magnets and motors: they work to order."""

    @staticmethod
    def aim_at(at: Stand, p: Parameters) -> FloatArray:
        """Orders, and at least what an entrant shows."""
        ordered = step_towards(at.firms.desired, at.on_orders, p.maker_speed)
        return np.maximum(ordered, entrant_run(at.room, at.margin, at.unsold))

    @staticmethod
    def pace(p: Parameters) -> tuple[float, float]:
        """Makers look at their order book, and are quick."""
        return p.order_book_months, p.maker_speed


class Maker(Firm):
    """One maker of metal, magnets or motors."""

    many = Makers
