"""What stopped lines cost: output lost, cost paid, output made up later, loss elsewhere in the
chain, and investment put off, kept apart (M14).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.firms import end_user
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.use.demand import growth_path

PRICED = "2024-01"  # value_added.csv is that of 2023 at its prices, as gdp.csv is
# normal investment of end users as a share of the value added that depends on the part: fixed
# investment of manufacturing over its value added (assumed, 0.1 to 0.3; what is put off is
# proportional to it, as to what alarm does)
INVESTMENT = 0.2
# fall of investment at full alarm (log; behaviour rules 7.7: one standard deviation of trade policy
# uncertainty lowers investment by 1-2% (Caldara et al. 2020); alarm of 1 taken as three of them;
# 0.02 to 0.08)
INVESTMENT_UNCERTAINTY = 0.045
PARTS = ("output_lost", "cost_paid", "made_up", "gdp_effect", "linkage", "investment_postponed")


@lru_cache(maxsize=16)
def dependent_value_added(facts: Facts, start: str = PRICED, scale: float = 1.0) -> FloatArray:
    """Value added that stops with the part, states x sectors, USD million of 2023 a month, at the
    activity of the start.

    V0 = V min(scale d, 1) exp(G)

    V value added of the sector, d share of it that depends on the part, scale error of that share
    (parameter dependent_scale): no more stops than there is. G log growth from the end of 2023 to
    the start, below 0 for a start before it.
    """
    value = np.zeros((len(facts.states), len(facts.sectors)))
    for row in facts.table("value_added"):
        value[facts.state_row[row["state"]], facts.sector_row[row["sector"]]] = (
            row["usd_bn"] * 1000.0 / 12.0 * min(scale * row["dependent_share"], 1.0)
        )
    since = month_index(PRICED, start)
    if since < 0:
        value *= np.exp(-growth_path(facts, start, 1 - since)[-since])
    else:
        value *= np.exp(growth_path(facts, PRICED, since + 1)[since])
    value.setflags(write=False)
    return value


@cached_by_facts
def multipliers(facts: Facts) -> FloatArray:
    """Value added that a state loses in all for each dollar that a stopped line of a sector does
    not add, the line's own included: states x sectors (multipliers.csv).

    m = d (1 - a) / v

    d value added at home in a dollar of the sector's output, a inputs from the sector itself (they
    stand in its value added), v its own value added. An open Leontief multiplier: suppliers all the
    way up, no households, nobody downstream. See decision 0022.
    """
    factor = np.ones((len(facts.states), len(facts.sectors)))
    for row in facts.table("multipliers"):
        factor[facts.state_row[row["state"]], facts.sector_row[row["sector"]]] = row["multiplier"]
    factor.setflags(write=False)
    return factor


def account_losses(firms: Firms, *, beliefs: Beliefs, p: Parameters, on: Switches) -> None:
    """Missed output first draws on finished goods, then waits as a backlog; customers leave part of
    it each month; overtime makes up the rest.

    short = max(plan - run, 0)

    absorbed = min(short, finished)

    lost = customers gone from the backlog, at most the plan

    made up = min(max(run - plan, 0), backlog - lost)

    Losses per firm: short, absorbed, gone, made up (months of normal output); linkage, postponed
    (USD million).
    """
    gap = np.where(firms.is_end, firms.plan - firms.run, 0.0)
    short = np.maximum(gap, 0.0)
    extra = short - gap
    short[short < 1e-9] = 0.0
    absorbed = np.minimum(short, firms.finished) if on["M14"] else np.zeros(len(firms))
    # those who left this month are not served
    made_up = np.minimum(extra, firms.backlog * (1.0 - p.backlog_loss))
    refill = np.minimum(extra - made_up, np.maximum(p.finished_stock - firms.finished, 0.0))
    firms.finished = firms.finished - absorbed + refill
    if on["M14"]:
        left, gone = end_user.backlog_after(
            firms.backlog, short - absorbed, made_up, p.backlog_loss, firms.plan
        )
        firms.backlog = np.where(firms.is_end, left, 0.0)
    else:
        gone = short - absorbed
    firms.loss_short = short
    firms.loss_absorbed = absorbed
    firms.loss_gone = gone
    firms.loss_made_up = made_up
    firms.loss_linkage, firms.loss_postponed = beyond_the_line(
        short - made_up - refill, firms=firms, beliefs=beliefs, p=p, on=on
    )


def beyond_the_line(
    unmade: FloatArray, *, firms: Firms, beliefs: Beliefs, p: Parameters, on: Switches
) -> tuple[FloatArray, FloatArray]:
    """(linkage, postponed): what a stop costs others, and what the fear of it keeps from being
    built, by end user (USD million a month).

    linkage = (m - 1) VA q;  postponed = i VA y (1 - exp(-theta U)),  U = sum_e w_e alarm_e

    q output that is not made less what makes up for it or refills stocks (months; below 0 where
    suppliers get their orders back), m multiplier of the state and sector, VA value added that
    depends on the part, y plan, i normal investment share, w share of exporter e in a state's
    imports at the start. Both stand apart from output_lost and gdp_effect. Sources: Leontief;
    Caldara et al. (2020).
    """
    if not on["M14"]:
        return np.zeros(len(firms)), np.zeros(len(firms))
    uncertainty = (beliefs.import_shares * beliefs.alarm).sum(axis=1)
    beyond = multipliers(p.facts)[firms.state, np.maximum(firms.sector, 0)] - 1.0
    put_off = 1.0 - end_user.investment_kept(uncertainty, INVESTMENT_UNCERTAINTY)
    return (
        beyond * firms.value_added * unmade,
        INVESTMENT * firms.value_added * firms.plan * put_off[firms.state],
    )


def import_shares(*, needs: Needs, links: Links) -> FloatArray:
    """Share of each exporter (columns) in what a state (rows) imports at the start, by value; rows
    of states that import nothing are zero.
    """
    count = len(needs.facts.states)
    value = links.share * needs.base_use[links.need] * links.base_cost
    abroad = value * (links.exporter != links.importer)
    bought = group_sum(abroad, links.importer * count + links.exporter, count * count)
    bought = bought.reshape(count, count)
    return bought / np.maximum(bought.sum(axis=1, keepdims=True), 1e-12)
