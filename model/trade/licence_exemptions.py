"""What the acts of a month make of the queue for licences: who needs one, on how many days the
office is open, and what passes without one (M6).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.tables import Firms, Links
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import goods
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import MEASURES, Border, Reach, Spell
from coercivity.model.parts.terms import Desk

MAGNET = STAGES.index("magnet")


def update_desk(
    spells: tuple[Spell, ...],
    reach: Reach,
    kept: FloatArray,
    border: Border,
    *,
    links: Links,
    firms: Firms,
    p: Parameters,
) -> Desk:
    """The queue of the month; an office decides on the days on which it is open and customs halt
    nothing.

    kept: part of what waits that has not been returned, a row for each part of the month.
    """
    queued, last = reach.queued, kept[-1]
    names = ("licensed", "halted", "listing", "eased", "dual_use")
    licensed, halted, listing, eased, dual_use = measures_by_spell(spells, names, queued.channel)
    asks, passes = licensed > 0, halted <= 0
    opens, goes = asks & passes, passes & ~asks
    watched = np.array([spell.watched for spell in spells]).take(queued.user, axis=1)
    share = np.array([spell.share for spell in spells]).reshape(-1, 1, 1)
    by_part = np.stack((opens, eased > 0, kept * opens, listing * watched), axis=1)
    open_days, eased_days, ripe, on_list = (share * by_part).sum(axis=0)
    first = goes.argmax(axis=0)  # part of the month in which nothing holds it any more
    let_go, needed = goes.any(axis=0), asks[-1]
    at_once = np.take_along_axis(kept, first[None], axis=0)[0]
    under, place = border.licensed.take(queued.channels) > 0, np.full(len(links), -1)
    asked = under.take(queued.stand)
    waits = (needed & (last > 0.0)).nonzero()[0]
    place[queued.rows[waits]] = waits
    days = group_sum(open_days, queued.stand, len(queued.channels)) / np.bincount(queued.stand)
    return Desk(
        before=links.refused,
        kept=kept,
        queued=queued,
        opens=open_days,
        let_go=let_go,
        asked=asked,
        good=needed | (open_days > 0),
        ripe=np.where(let_go, at_once, ripe),
        eased=eased_days > 0.5,
        dual_use=dual_use[-1],
        military=firms.military.take(queued.user),
        watched=on_list,
        raw=goods(p.facts).stage[border.good[queued.channel]] < MAGNET,
        nothing=links.nothing.take(queued.rows),
        here={
            state: (needed & (queued.exporter == state)).nonzero()[0]
            for state in np.bincount(queued.exporter[asked]).nonzero()[0].tolist()
        },
        place=place,
        days=days,
        under=under,
    )


def measures_by_spell(
    spells: tuple[Spell, ...], names: tuple[str, ...], channel: IntArray
) -> FloatArray:
    """Measures (first index) by part of the month (second) on some channels (third)."""
    rows = [MEASURES.index(name) for name in names]
    flags = np.array([spell.measures.take(rows, axis=0) for spell in spells])
    return flags.take(channel, axis=2).swapaxes(0, 1)
