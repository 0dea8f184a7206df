"""What end users decide: plan, catch up with overtime, put off investment (M14)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.faces import Parameters, Switches
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.roles import Everyone


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


def investment_kept(uncertainty: FloatArray, response: float) -> FloatArray:
    """Part of normal investment that is made: I / I* = exp(-theta U).

    U alarm about the suppliers of a state's imports (0-1), theta fall at full alarm. What is put
    off is not caught up here.
    Source: trade policy uncertainty lowers investment (Caldara et al. 2020; behaviour rules 7.7).
    """
    return np.exp(-response * uncertainty)


class EndUsers(Everyone):
    """Firms that put goods into products: cars, turbines, robots, weapons."""

    def plan_run(self, *, p: Parameters, on: Switches) -> None:
        """An end user wants to make what its customers want this month, and to make up for what it
        owes them.
        """
        firms = self.firms
        owed = firms.backlog + np.maximum(p.finished_stock - firms.finished, 0.0) * on["M14"]
        plan = planned_activity(firms.plan, owed, p.overtime, 6.0)
        self.want(plan, plan.copy())


class EndUser(Firm):
    """One end user."""

    many = EndUsers
