"""Plants that may be built: named projects and entrants hold options (M9); whether they begin or
give up is weighed in agents/firms/investor.py.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.firms import investor
from coercivity.agents.tables import Firms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Site, Works
from coercivity.model.plants.building import draw_reach
from coercivity.model.plants.closures import lent_to
from coercivity.model.start.population import Population
from coercivity.model.support.payments_to_plants import write_off

WAIT_AGAIN = 36  # months after which a project that was given up is looked at anew


def plan_builds(
    firms: Firms, works: Works, population: Population, *, clock: Clock, p: Parameters
) -> None:
    """Named plants that were under way at the start (projects.csv) open in their months and reach
    what they reach (`building.reached_nameplate`).
    """
    firms.add_columns(reach=np.ones(len(firms)))
    lent = lent_to(firms.names, population.census.lent)
    for firm, month, tonnes in population.census.builds:
        row = np.array([firm])
        draw_reach(firms, row, lent[row], clock=clock, p=p)
        runs, slow = firms.reach[row], firms.is_separator[firm]
        works.pipeline.add(row, max(month, 0), tonnes * runs, p.ramp_months * runs, slow)
        works.pipeline.announce(row, tonnes * (1.0 - runs))


def start_options(firms: Firms, population: Population, *, clock: Clock) -> None:
    """Who holds an option, of what size (t/month of run), and from which month it can be decided
    on.
    """
    count = len(firms)
    firms.option_size, firms.option_from = np.zeros(count), np.zeros(count, dtype=np.int64)
    for firm, month, tonnes, kind in population.census.options:
        if kind != "sister":
            firms.option_size[firm], firms.option_from[firm] = tonnes, month
    row_of = {name: row for row, name in enumerate(firms.names)}
    firms.mine_of = np.full(count, -1, dtype=np.int64)
    for pair in firms.facts.table("integrated").where(start=clock.start):
        firms.mine_of[row_of[pair["plant"]]] = row_of[pair["mine"]]
    firms.option_rows = np.flatnonzero(firms.option_size > 0)
    firms.pledged = np.zeros(count, dtype=bool)  # begun by an act of a firm, which stands by it


def carry_out_projects(
    firms: Firms, works: Works, support: Support, ledger: Ledger, *, clock: Clock, p: Parameters
) -> None:
    """What holders of options decided this month happens: some projects are given up, others are
    to be built.
    """
    lost = (firms.project == investor.GIVE_UP).nonzero()[0]
    if len(lost):
        works.pipeline.drop(lost, clock.month)
        write_off(support, lost)
        firms.option_from[lost] = clock.month + WAIT_AGAIN
        for name in (firms.names[row] for row in lost):
            told = Phrase.of("{name} is given up before it opens", name=name)
            ledger.event(clock.month, name, "project cancelled", told)
    go = (firms.project == investor.BEGIN).nonzero()[0]
    if len(go):
        backed = firms.patient[go] | np.asarray(support.backed)[go]
        size = firms.option_size[go]
        works.begun.append(begin(firms, go, size, backed, clock=clock, p=p))
        for name in (firms.names[row] for row in go):
            told = Phrase.of("{name} is to be built", name=name)
            ledger.event(clock.month, name, "project begins", told)


def begin(
    firms: Firms,
    rows: IntArray,
    announced: FloatArray,
    backed: BoolArray,
    *,
    clock: Clock,
    p: Parameters,
) -> Site:
    """Plants at `rows` are to be built. All that is announced (t/month of run) is paid for; how
    much of it will run nobody knows until the plant opens (`reached_nameplate`).
    """
    draw_reach(firms, rows, backed, clock=clock, p=p)
    return Site(rows, announced, 1.0, firms.reach[rows])
