"""What firms decide as users of inputs: how much they do with less, for a while and for good
(M11).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.information import Market, Parameters, Switches

SWAP_MONTHS = 3.0  # in which use is moved to leaner grades and to where it earns most; assumed
SWAP_MOST = 0.5  # of a use that is left out for a while, at any price; assumed
REDESIGN_LOGS = (-1.5, 0.3)  # what of a use is designed out, or in, at most; assumed
# time in which redesign closes most of its gap (months; lasting savings of 2011-13 came after 24 to
# 30 months and went on for years (core facts: savings); 18 to 84)
REDESIGN_MONTHS = 70.1
# least share of the original use that thrifting leaves (share; Dy from 6-10% to 2-4% of magnets in
# 2010-2023: a quarter to two thirds are left; 0.2 to 0.6)
THRIFT_FLOOR = 0.4


def swapped(price: FloatArray, elasticity: float, most: float) -> FloatArray:
    """Part of a use that is left out at a price: x = 1 - r^-e, at most `most`; below the usual
    price a tenth more is used at most.

    r price, or what a kilogram is worth where it cannot be had, over that of the start; e fast
    elasticity. Source: -0.02 to -0.3 in the short run (facts: demand_elasticity_sr).
    """
    return np.clip(1.0 - price**-elasticity, -0.1, most)


def redesigned(
    redesign: FloatArray, price: FloatArray, elasticity: FloatArray, months: float
) -> FloatArray:
    """Log of the use that is left after redesign: R <- R + (-e ln r - R) / tau.

    r as in `swapped`, e slow elasticity by use, 0 where no other way is found, tau months that a
    redesign takes. What a short scare sets going is small, what a long one does lasts as long
    again. Source: Dy use per motor -40% in two years (facts: dy_intensity_cut_2y); directed
    technical change (Alfaro et al. 2025).
    """
    return redesign + (-elasticity * np.log(price) - redesign) / months


def diffused_thrift(
    thrift: FloatArray, price_ratio: FloatArray, rate: float, floor: float
) -> FloatArray:
    """Grain-boundary diffusion spreads without any crisis, as fast as it saves money, and slows as
    it nears what it can save: t <- t (1 - rate/12 min(r, 1) max(0, t - floor) / (1 - floor)).

    t remaining share of the original Dy or Tb per magnet, rate per year at the start, r price over
    that of the start: nobody coats a magnet to save what costs nothing. See decision 0024. Source:
    Dy per magnet from 6-10% to about 2-4%, 2010-2023.
    """
    pace = rate / 12.0 * np.minimum(price_ratio, 1.0)
    return thrift * (1.0 - pace * np.maximum(thrift - floor, 0.0) / (1.0 - floor))


class User(FirmSet):
    """Firms as users of inputs: how much of each they need for a unit of output."""

    def adapt_recipes(self, *, market: Market, p: Parameters, on: Switches) -> None:
        """Recipes move: coefficient = recipe x thrift x (1 - x) e^R, x what is left out for a while
        and R what is designed out (log, within REDESIGN_LOGS), both by what a kilogram costs or is
        worth to the firm.
        """
        if not on["M11"]:
            return
        needs, heavy = self.needs, self.needs.heavy_rows
        heard = np.maximum(needs.replacement, needs.worth) / (needs.price_start * market.rise)
        ratio = np.maximum(heard, 0.05)
        left_out = swapped(ratio, p.swap_elasticity, SWAP_MOST) * (needs.adapts > 0.0)
        needs.swap = needs.swap + (left_out - needs.swap) / SWAP_MONTHS
        slow = p.redesign_elasticity * needs.adapts
        needs.redesign = redesigned(needs.redesign, ratio, slow, REDESIGN_MONTHS)
        thrift = needs.thrift.copy()
        thrift[heavy] = diffused_thrift(
            thrift[heavy], heard[heavy], p.diffusion_trend, THRIFT_FLOOR
        )
        needs.thrift = thrift
        lasting = np.exp(np.clip(needs.redesign, *REDESIGN_LOGS))
        needs.coefficient = needs.recipe * needs.thrift * (1.0 - needs.swap) * lasting
