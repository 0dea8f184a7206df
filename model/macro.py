"""What stopped lines cost: output lost, cost paid and output made up later, kept apart (M14)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import manufacturer
from coercivity.agents.columns import FloatArray
from coercivity.model.facts import load_table
from coercivity.model.goods import SECTOR, STATE
from coercivity.model.names import SECTORS, STATES

if TYPE_CHECKING:
    from coercivity.model.world import World


@lru_cache(maxsize=1)
def dependent_value_added() -> FloatArray:
    """Value added that stops with the part, states x sectors, USD million a month."""
    value = np.zeros((len(STATES), len(SECTORS)))
    for row in load_table("value_added"):
        value[STATE[row["state"]], SECTOR[row["sector"]]] = row["usd_bn"] * 1000.0 / 12.0 * row["dependent_share"]
    value.setflags(write=False)
    return value


def account_losses(world: World) -> None:
    """Missed output first draws on finished goods, then waits as a backlog; customers leave part of it each month; overtime makes up the rest.

    short = max(plan - run, 0);  absorbed = min(short, finished);  lost = customers gone from the backlog;  made up = min(max(run - plan, 0), backlog - lost).
    world.loss holds per firm: short, absorbed, gone, made_up (months of normal output).
    """
    firms, p = world.firms, world.p
    short = np.where(world.is_end, np.maximum(firms.plan - firms.run, 0.0), 0.0)
    short[short < 1e-9] = 0.0
    extra = np.where(world.is_end, np.maximum(firms.run - firms.plan, 0.0), 0.0)
    absorbed = np.minimum(short, firms.finished) if world.on["M14"] else np.zeros(len(firms))
    made_up = np.minimum(extra, firms.backlog * (1.0 - p.backlog_loss))  # those who left this month are not served
    refill = np.minimum(extra - made_up, np.maximum(p.finished_stock - firms.finished, 0.0))
    firms.finished = firms.finished - absorbed + refill
    if world.on["M14"]:
        left, gone = manufacturer.backlog_after(firms.backlog, short - absorbed, made_up, p.backlog_loss)
        firms.backlog = np.where(world.is_end, left, 0.0)
    else:
        gone = short - absorbed
    world.loss = {"short": short, "absorbed": absorbed, "gone": gone, "made_up": made_up}
