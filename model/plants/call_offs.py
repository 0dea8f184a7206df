"""Call-offs: what car programmes and other end users tell the makers of their motors to get ready
for (M9).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.tables import Firms, Links, Offers
from coercivity.model.parts.works import Works
from coercivity.model.parts.world_view import WorldView
from coercivity.model.plants.capacity import SMOOTHED

AHEAD = 6  # months after its opening that new capacity is to be enough for, till the next; assumed


def call_offs(takes: FloatArray, growth: FloatArray, maker: IntArray, makers: int) -> FloatArray:
    """A maker is told by how much what it is asked for will have grown: the growth of its users,
    weighed by what each takes.

    c = sum_u w_u exp(g_u) / sum_u w_u;  0 for who has no user

    w_u what a user expects to take of this maker (t/month), g_u its growth from when the orders
    that are smoothed over a year were placed to half a year after a line that is begun now opens
    (log); both by link, maker whose link it is. See decision 0045.
    """
    grown = group_sum(takes * np.exp(growth), maker, makers)
    told = group_sum(takes, maker, makers)
    return np.where(told > 0.0, grown / np.maximum(told, 1e-300), 0.0)


def call_off(works: Works, *, seen: WorldView) -> None:
    """End users tell the makers of their motors by how much what they take will have grown when a
    line that is begun now is there, as motor lines are built with the programme that they serve.

    g_u = G_u(t + lead + 6) - G_u(t - 12);  G_u growth that everyone foresees for a user's sector
    and state (log), lead months to build. Firms that make no motors are told nothing.
    """
    firms, clock, foreseen = seen.firms, seen.clock, seen.demand.growth
    month = clock.month % 12
    if month not in works.callers:
        works.callers[month] = who_calls(month, firms=firms, offers=seen.offers, links=seen.links)
    links_of, need, seller, state, sector = works.callers[month]
    last = len(foreseen) - 1
    lead = np.rint(works.lead[seller]).astype(np.int64)
    then = np.minimum(clock.month + lead + AHEAD, last)
    since = min(max(clock.month - SMOOTHED, 0), last)
    growth = foreseen[then, state, sector] - foreseen[since, state, sector]
    takes = seen.links.share[links_of] * seen.needs.expected[need]
    works.called_off = call_offs(takes, growth, seller, len(firms)) * (firms.capacity > 0.0)


def who_calls(month: int, *, firms: Firms, offers: Offers, links: Links) -> tuple[IntArray, ...]:
    """Links by which end users draw on makers of motors that may decide in a month of the year (0
    to 11); their need, the maker, state and sector of the user.
    """
    rows = links.motor_rows
    seller, user = offers.firm[links.offer[rows]], links.user[rows]
    some = firms.may_build[seller] & (firms.decision_month[seller] == month) & firms.is_end[user]
    rows, seller, user = rows[some], seller[some], user[some]
    return rows, links.need[rows], seller, firms.state[user], firms.sector[user]
