"""What manufacturers decide: end users plan, catch up with overtime, use less of what is dear or unsafe, put off investment (M11, M14)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray


def planned_activity(
    plan: FloatArray, backlog: FloatArray, overtime: float, months: float
) -> FloatArray:
    """A line wants to run at its plan, plus overtime while it owes output: y* = plan + min(overtime plan, owed / months).

    backlog is what is owed to customers and to the stock of finished goods; plan and backlog in units of normal monthly
    output. Source: ARIO overproduction (Hallegatte 2008, 2014).
    """
    return plan + np.minimum(overtime * plan, backlog / months)


def backlog_after(
    backlog: FloatArray, plan: FloatArray, run: FloatArray, lost: float
) -> tuple[FloatArray, FloatArray]:
    """Missed output waits as a backlog, part of which is lost each month as customers go elsewhere.

    gap = plan - run;  gone = lost backlog;  backlog <- max(0, backlog - gone + gap).  Returns (backlog, gone), both in months of output.
    """
    gone = lost * backlog
    return np.maximum(backlog - gone + plan - run, 0.0), gone


def elastic_intensity(price_ratio: FloatArray, elasticity: FloatArray) -> FloatArray:
    """Use per unit of output answers the price of nine months ago, reversibly: r^-e (r price over reference).

    Source: short-run elasticities of -0.02 to -0.3 (facts: demand_elasticity_sr).
    """
    return price_ratio.clip(0.05, 50.0) ** -elasticity


def diffused(thrift: FloatArray, rate: float, floor: float) -> FloatArray:
    """Grain-boundary diffusion spreads without any crisis and slows as it nears what it can save: t <- t (1 - rate/12 max(0, t - floor) / (1 - floor)).

    t remaining share of the original Dy or Tb per magnet, rate per year at the start. Source: Dy per magnet from 6-10% to about 2-4%, 2010-2023.
    """
    return thrift * (1.0 - rate / 12.0 * np.maximum(thrift - floor, 0.0) / (1.0 - floor))


def thrifted(
    thrift: FloatArray, price_ratio: FloatArray, rate: FloatArray, band: float, floor: float
) -> FloatArray:
    """Beyond a dead band, dear inputs are engineered out, slowly and for good.

    t <- max(floor, t (1 - rate/12 max(0, ln r - band)))
    t remaining share of the original use, rate per year, r price of nine months ago over reference, band 0.5 (a rise of 65%).
    Source: Dy use per motor -40% in two years (facts: dy_intensity_cut_2y); directed technical change (Alfaro et al. 2025).
    """
    return np.maximum(
        floor,
        thrift
        * (1.0 - rate / 12.0 * np.maximum(np.log(np.maximum(price_ratio, 1e-9)) - band, 0.0)),
    )


def research_push(
    price_ratio: FloatArray, alarm: FloatArray, band: float, alarm_band: float, alarm_gain: float
) -> FloatArray:
    """What sets research into doing without an input going: a price, or fear for supply, beyond a dead band.

    u = max(0, ln r - band) + a max(0, alarm - alarm_band)
    r price over its slow mean, alarm about the suppliers (0-1), a the log of price that full alarm counts for.
    Source: directed technical change: scarcity of a complementary input directs innovation to it (Alfaro et al. 2025; behaviour rules 7.5).
    """
    return np.maximum(np.log(np.maximum(price_ratio, 1e-9)) - band, 0.0) + alarm_gain * np.maximum(
        alarm - alarm_band, 0.0
    )


def research(under_way: FloatArray, push: FloatArray, months: float) -> FloatArray:
    """Research gathers while the push lasts and dries up when it is gone: R <- R + (u - R) / tau, tau 2 to 3 years (behaviour rules 7.5).

    It lags the push by tau months on average, so a scare of a few months leaves little and a long one keeps saving after it is over.
    """
    return under_way + (push - under_way) / months


def innovated(saving: FloatArray, under_way: FloatArray, rate: float, floor: float) -> FloatArray:
    """What research finds is not forgotten: s <- s - (s - floor) (k/12) R, never up.

    s share of the use that is still needed (1 at the start), k fall per year and unit of research R, floor what no research saves.
    Source: use per unit falls for good (behaviour rules 7.5: irreversible fall in a_k); motors without heavy rare earths (Honda-Daido, four years).
    """
    return saving - np.maximum(saving - floor, 0.0) * np.minimum(rate / 12.0 * under_way, 1.0)


def investment_kept(uncertainty: FloatArray, response: float) -> FloatArray:
    """Part of normal investment that is made: I / I* = exp(-theta U).

    U alarm about the suppliers of a state's imports (0-1), theta fall at full alarm. What is put off is not caught up here.
    Source: trade policy uncertainty lowers investment (Caldara et al. 2020; behaviour rules 7.7).
    """
    return np.exp(-response * uncertainty)
