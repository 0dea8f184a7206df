"""What end users decide: plan, catch up with overtime, put off investment (M14)."""

from __future__ import annotations

import math

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.information import Parameters, Switches
from coercivity.agents.tables import Firms

# a line counts as stopped in a month in which a missing part keeps it below this part of its plan
# (share of plan; a definition: standing for more than three days; 0.5 to 0.98)
STOP_THRESHOLD = 0.9


def planned_activity(
    plan: FloatArray, backlog: FloatArray, overtime: float, months: float
) -> FloatArray:
    """A line wants to run at its plan, plus overtime while it owes output: y* = plan + min(overtime
    plan, owed / months).

    backlog is what is owed to customers and to the stock of finished goods; plan and backlog in
    units of normal monthly output. Source: ARIO overproduction (Hallegatte 2008, 2014).
    """
    return plan + np.minimum(overtime * plan, backlog / months)


def backlog_after(
    backlog: FloatArray,
    plan: FloatArray,
    run: FloatArray,
    lost: float,
    most: FloatArray | float = np.inf,
) -> tuple[FloatArray, FloatArray]:
    """Missed output waits as a backlog, part of which is lost each month as customers go elsewhere,
    in a month no more than the firm would have made in it.

    gap = plan - run;  gone = min(lost backlog, most);  backlog <- max(0, backlog - gone + gap)

    Returns (backlog, gone), both in months of output; most the month's plan. See decision 0022.
    """
    gone = np.minimum(lost * backlog, most)
    return np.maximum(backlog - gone + plan - run, 0.0), gone


def shape_of(spread: float) -> float:
    """Shape of the Weibull distribution whose coefficient of variation is v: m = v^-1.086, within
    some hundredths for v of 0.1 to 1 (Justus 1978).
    """
    return float(spread**-1.086)


def strain(gone: FloatArray, parts: FloatArray, spread: float) -> FloatArray:
    """A line stops for the scarcest of its parts. Of lines whose inputs have lost D of their normal
    stock exp(-H) have all parts:

    H = n (g max(D, 0))^m,  m = v^-1.086,  g = Gamma(1 + 1/m)

    The stock of one part lasts for D of the normal stock of all with mean 1 and coefficient of
    variation v, by a Weibull distribution; that of the scarcest of n lasts by one with a mean
    n^(-1/m). H of several inputs add up. gone: D, share of the normal stock; parts: n. See decision
    0030.
    Source: a chain of n links (Weibull 1951).
    """
    shape = shape_of(spread)
    return parts * (math.gamma(1.0 + 1.0 / shape) * np.maximum(gone, 0.0)) ** shape


FEWEST = 1e-4  # share of lines that is not counted: a tenth of a line of a thousand


def lines_left(strain: FloatArray) -> FloatArray:
    """Share of a month's lines that have all parts: mean over its weeks (rows) of exp(-H), all
    where fewer than a ten-thousandth lack one.
    """
    share = np.exp(-strain).mean(axis=0)
    return np.where(share > 1.0 - FEWEST, 1.0, share)


def first_stops(parts: FloatArray, kept: FloatArray | float, spread: float) -> FloatArray:
    """Share D of its normal stock that an input has lost when a share k of lines still has all its
    parts: D = (-ln k / n)^(1/m) / g. parts: n; kept: k; spread: v, as in `strain`.
    """
    shape = shape_of(spread)
    return (-np.log(kept) / parts) ** (1.0 / shape) / math.gamma(1.0 + 1.0 / shape)


def investment_kept(uncertainty: FloatArray, response: float) -> FloatArray:
    """Part of normal investment that is made: I / I* = exp(-theta U).

    U alarm about the suppliers of a state's imports (0-1), theta fall at full alarm. What is put
    off is not caught up here.
    Source: trade policy uncertainty lowers investment (Caldara et al. 2020; behaviour rules 7.7).
    """
    return np.exp(-response * uncertainty)


def wanted_activity(firms: Firms, *, p: Parameters, on: Switches) -> FloatArray:
    """Run that end users would like: what their customers want this month, and a part of what they
    owe to these and to the stock of finished goods. A line that runs round the clock has no hours
    to add (sectors.csv; Mattey & Strongin 1997).
    """
    owed = firms.backlog + np.maximum(p.finished_stock - firms.finished, 0.0) * on["M14"]
    owed *= firms.adds_hours
    return planned_activity(firms.plan, owed, p.overtime, 6.0)


class EndUsers(Everyone):
    """Firms that put goods into products: cars, turbines, robots, weapons."""

    def plan_run(self, *, p: Parameters, on: Switches) -> None:
        """An end user wants to make what its customers want this month, and to make up for what it
        owes them.
        """
        plan = wanted_activity(self.firms, p=p, on=on)
        self.want(plan, plan.copy())


class EndUser(Firm):
    """One end user."""

    many = EndUsers
