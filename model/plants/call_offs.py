"""Call-offs: what car programmes and other end users tell the makers of their motors to get ready
for (M9).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import group_sum
from coercivity.agents.firms.investor import look_ahead_rows
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.demand import Demand
from coercivity.model.parts.works import Works
from coercivity.model.plants.capacity import SMOOTHED

AHEAD = 6  # months after its opening that new capacity is to be enough for, till the next; assumed
MOTORS = (PROCESS["make_motor_standard"], PROCESS["make_motor_heat_resistant"])


def call_off(
    works: Works,
    *,
    firms: Firms,
    needs: Needs,
    offers: Offers,
    links: Links,
    demand: Demand,
    clock: Clock,
) -> None:
    """End users tell the makers of their motors by how much what they take will have grown when a
    line that is begun now is there, as motor lines are built with the programme that they serve.

    c = sum_u w_u exp(G_u(t + lead + 6) - G_u(t - 12)) / sum_u w_u;  0 for all other firms

    G_u growth that everyone foresees for a user's sector and state (log), w_u what it expects to
    use of this maker's (t/month), lead months to build; from when the orders that are smoothed over
    a year were placed on average to half a year after the line opens. See decision 0045.
    """
    due = np.zeros(len(firms), dtype=bool)
    due[look_ahead_rows(firms, clock.month)] = True
    due &= np.isin(firms.process, MOTORS)
    rows = np.flatnonzero(
        due[offers.firm[links.offer]] & (firms.process[links.user] >= FIRST_SECTOR)
    )
    seller, user = offers.firm[links.offer[rows]], links.user[rows]
    last = len(demand.growth) - 1
    lead = np.rint(works.lead[seller]).astype(np.int64)
    then = np.minimum(clock.month + lead + AHEAD, last)
    since = min(max(clock.month - SMOOTHED, 0), last)
    state, sector = firms.state[user], firms.sector[user]
    growth = demand.growth[then, state, sector] - demand.growth[since, state, sector]
    takes = links.share[rows] * needs.expected[links.need[rows]]
    grown = group_sum(takes * np.exp(growth), seller, len(firms))
    told = group_sum(takes, seller, len(firms))
    works.called_off = np.where(told > 0.0, grown / np.maximum(told, 1e-300), 0.0)
