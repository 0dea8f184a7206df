"""What every firm decides as a user of inputs: use less of what is dear or unsafe, for a while or
for good (M11).
"""

from __future__ import annotations

import os

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.firm_set import FirmSet
from coercivity.agents.information import Market, Parameters, Switches

EF, ES, TS = (
    float(os.environ.get("EF", 0.15)),
    float(os.environ.get("ES", 0.3)),
    float(os.environ.get("TS", 60)),
)


SWAP_MOST = 0.5  # of a use, at any price


def swapped(price: FloatArray, elasticity: float, most: float) -> FloatArray:
    """Part of a use that is left out at a price: 1 - x^-e, at most `most`; below the usual price a
    tenth more is used at most.

    x price, or what a kilogram is worth, over that of the start.
    """
    return np.clip(1.0 - price**-elasticity, -0.1, most)


def share_kept(price: FloatArray, choke: FloatArray, steep: float) -> FloatArray:
    """Share of the uses that still take a good at its price: s = 1 / (1 + (p / p50)^nu).

    p price paid (USD/kg), p50 choke price (USD/kg): half of the use is redesigned, diluted or
    stopped there (infinite where nothing else will do); nu how alike the uses are. The elasticity
    -nu (1 - s) is small far below the choke price and grows towards it. See decision 0017.
    Source: prices by use in choke.csv; -0.02 to -0.3 in the short run (facts:
    demand_elasticity_sr).
    """
    return 1.0 / (1.0 + (price / choke) ** steep)


def diffused_thrift(
    thrift: FloatArray, price_ratio: FloatArray, rate: float, floor: float
) -> FloatArray:
    """Grain-boundary diffusion spreads without any crisis, as fast as it saves money, and slows as
    it nears what it can save: t <- t (1 - rate/12 min(r, 1) max(0, t - floor) / (1 - floor)).

    t remaining share of the original Dy or Tb per magnet, rate per year at the start, r price of
    nine months ago over reference: nobody coats a magnet to save what costs nothing. See decision
    0024. Source: Dy per magnet from 6-10% to about 2-4%, 2010-2023.
    """
    pace = rate / 12.0 * np.minimum(price_ratio, 1.0)
    return thrift * (1.0 - pace * np.maximum(thrift - floor, 0.0) / (1.0 - floor))


def dearness(price_ratio: FloatArray, band: float) -> FloatArray:
    """How dear an input is beyond a dead band in which nobody reacts: d = max(0, ln r - band).

    r price of nine months ago over reference, band 0.5 (a rise of 65%).
    """
    return np.maximum(np.log(np.maximum(price_ratio, 1e-9)) - band, 0.0)


def reduced_thrift(
    thrift: FloatArray, dear: FloatArray, rate: FloatArray, floor: float
) -> FloatArray:
    """Dear inputs are engineered out, slowly and for good.

    t <- max(floor, t (1 - rate/12 d))
    t remaining share of the original use, rate per year, d dearness (`dearness`).
    Source: Dy use per motor -40% in two years (facts: dy_intensity_cut_2y); directed technical
    change (Alfaro et al. 2025).
    """
    return np.maximum(floor, thrift * (1.0 - rate / 12.0 * dear))


def research_push(
    dear: FloatArray, alarm: FloatArray, alarm_band: float, alarm_gain: float
) -> FloatArray:
    """What sets research into doing without an input going: a price, or fear for supply, beyond a
    dead band.

    u = d + a max(0, alarm - alarm_band)
    d dearness (`dearness`), alarm about the suppliers (0-1), a the log of price that full alarm
    counts for.
    Source: directed technical change: scarcity of a complementary input directs innovation to it
    (Alfaro et al. 2025; behaviour rules 7.5).
    """
    return dear + alarm_gain * np.maximum(alarm - alarm_band, 0.0)


def research(under_way: FloatArray, push: FloatArray, months: float) -> FloatArray:
    """Research gathers while the push lasts and dries up when it is gone: R <- R + (u - R) / tau,
    tau 2 to 3 years (behaviour rules 7.5).

    It lags the push by tau months on average, so a scare of a few months leaves little and a long
    one keeps saving after it is over.
    """
    return under_way + (push - under_way) / months


def researched_saving(
    saving: FloatArray, under_way: FloatArray, rate: float, floor: float
) -> FloatArray:
    """What research finds is not forgotten: s <- s - (s - floor) (k/12) R, never up.

    s share of the use that is still needed (1 at the start), k fall per year and unit of research
    R, floor what no research saves.
    Source: use per unit falls for good (behaviour rules 7.5: irreversible fall in a_k); motors
    without heavy rare earths (Honda-Daido, four years).
    """
    return saving - np.maximum(saving - floor, 0.0) * np.minimum(rate / 12.0 * under_way, 1.0)


class User(FirmSet):
    """Firms as users of inputs: how much of each they need for a unit of output."""

    def adapt_recipes(self, *, market: Market, p: Parameters, on: Switches) -> None:
        """Recipes move: coefficient = recipe x thrift x innovation x s / s0, s the share of uses
        that is kept at the price and s0 that of the start.

        A part of s follows the price of the last quarter (what can be left out at once), the rest
        that of nine months ago (what is redesigned). Thrifting is engineering with known means,
        fast while an input is dear; innovation finds new ones, years later and also out of fear.
        """
        if not on["M11"]:
            return
        needs, heavy = self.needs, self.needs.heavy_rows
        first = needs.price_start * market.rise
        price = np.maximum(np.maximum(needs.replacement, needs.worth) / first, 0.05)
        needs.swap = needs.swap + (swapped(price, EF, SWAP_MOST) * needs.adapts - needs.swap) / 3.0
        aim = -ES * np.log(price) * needs.adapts
        needs.redesign = needs.redesign + (aim - needs.redesign) / TS
        needs.thrift[heavy] = diffused_thrift(
            needs.thrift[heavy],
            np.maximum(needs.replacement, needs.worth)[heavy] / first[heavy],
            p.diffusion_trend,
            p.thrift_floor,
        )
        lasting = np.exp(np.clip(needs.redesign, -1.5, 0.3))
        needs.coefficient = needs.recipe * needs.thrift * (1.0 - needs.swap) * lasting
