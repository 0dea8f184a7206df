"""Licences of one firm: what it has applied for, what an office made of it, what went under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.governments.licensing_office import GRANTED, OUTCOMES
from coercivity.experiments.questions.firm_month import Application, Paper
from coercivity.model.world import World

FILED_ANEW: Final = "filed anew"
REST: Final = 1e-6  # part of a licence below which nothing is left of it


def papers_of(world: World, rows: IntArray) -> tuple[Paper, ...]:
    """What the month that has just ended left of the licences of some links, in their order; links
    without a licence, an application or a decision are left out.
    """
    links, last, facts = world.links, world.month - 1, world.facts
    found = []
    for row in rows.tolist():
        office = world.border.offices.get(facts.states[links.exporter[row]])
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
                good=facts.goods[links.good[row]],
                supplier=world.firms.names[world.offers.firm[links.offer[row]]],
                exporter=facts.states[links.exporter[row]],
                outcome=OUTCOMES[outcome] if outcome else "",
                applied=float(office.tonnes[at[0]]) if len(at) else 0.0,
                filed=last - int(office.filed[at[0]]) if len(at) else 0,
                place=place,
                went=float(links.under_licence[row]),
                covers=covers,
                months=max(int(links.licence_until[row]) - last - 1, 0) if covers > 0.0 else 0,
            )
        )
    return tuple(found)


def applications(months: Sequence[tuple[Paper, ...]]) -> tuple[Application, ...]:
    """The applications that the papers of a firm tell of, in the order of their filing. A supplier
    has one at a time; of two licences that are good together the older is used first.
    """
    found: list[Application] = []
    waiting: dict[tuple[str, str], int] = {}  # by supplier and good: place among those found
    held: dict[tuple[str, str], dict[int, float]] = {}  # t that may still go, the oldest first
    for at, papers in enumerate(months):
        now = {(paper.supplier, paper.good): paper for paper in papers}
        for key, paper in now.items():
            if paper.outcome:
                one = waiting.pop(key)
                found[one] = replace(found[one], decided=at, outcome=paper.outcome)
                if paper.outcome == OUTCOMES[GRANTED]:
                    held.setdefault(key, {})[one] = found[one].tonnes
            if paper.applied > 0.0 and not paper.filed:
                if key in waiting:  # a ban has begun its time anew: the papers show a civil use
                    one = waiting.pop(key)
                    found[one] = replace(found[one], decided=at, outcome=FILED_ANEW)
                waiting[key] = len(found)
                of = paper.good, paper.supplier, paper.exporter
                found.append(Application(*of, tonnes=paper.applied, filed=at))
        for key, licences in held.items():
            _use(found, licences, now.get(key), at)
    return tuple(found)


def _use(
    found: list[Application], licences: dict[int, float], paper: Paper | None, at: int
) -> None:
    """A month's tonnes leave under the licences for one good of one supplier; what is spent, has
    run out or was taken back is closed. Without a paper nothing is left of them.
    """
    went, covers = (paper.went, paper.covers) if paper else (0.0, 0.0)
    for one in licences:
        part = min(licences[one], went)
        if part > 0.0:
            found[one] = replace(found[one], went=(*found[one].went, (at, part)))
        licences[one] -= part
        went -= part
    left = sum(licences.values())
    kept = min(covers / left, 1.0) if left > 0.0 else 1.0  # a cut takes back part of each
    for one, rest in tuple(licences.items()):
        licences[one] = kept * rest
        least = REST * found[one].tonnes
        end = (
            "used up"
            if rest <= least
            else "void"
            if kept * rest <= least
            else "run out"
            if paper is not None and paper.months == 0
            else ""
        )
        if end:
            found[one] = replace(found[one], ended=at, end=end)
            del licences[one]
