"""Licences of one firm: what it has applied for, what an office made of it, what went under it."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.governments.office import OUTCOMES
from coercivity.experiments.questions.firm_month import Paper
from coercivity.model.basis.names import GOODS, STATES
from coercivity.model.world import World


def papers_of(world: World, rows: IntArray) -> tuple[Paper, ...]:
    """What the month that has just ended left of the licences of some links, in their order; links
    without a licence, an application or a decision are left out.
    """
    links, last = world.links, world.month - 1
    found = []
    for row in rows.tolist():
        office = world.border.offices.get(STATES[links.exporter[row]])
        if office is None:
            continue
        at = np.flatnonzero(office.link == row)
        outcome = office.decided.get(row, 0)
        covers = float(links.licence[row])
        if not (len(at) or outcome or covers > 0.0):
            continue
        place = int((office.standing < office.standing[at[0]]).sum()) if len(at) else 0
        found.append(
            Paper(
                good=GOODS[links.good[row]],
                supplier=world.firms.names[world.offers.firm[links.offer[row]]],
                outcome=OUTCOMES[outcome] if outcome else "",
                applied=float(office.tonnes[at[0]]) if len(at) else 0.0,
                filed=last - int(office.filed[at[0]]) if len(at) else 0,
                place=place,
                went=float(min(links.under_licence[row], links.shipped[row])),
                covers=covers,
                months=max(int(links.licence_until[row]) - last - 1, 0) if covers > 0.0 else 0,
            )
        )
    return tuple(found)
