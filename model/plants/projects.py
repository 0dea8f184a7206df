"""Plants that may be built: named projects and entrants hold options (M9); whether they begin or
give up is weighed in agents/firms/investor.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.firms import investor
from coercivity.agents.tables import Firms
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.luck import uniforms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants.building import start_building
from coercivity.model.support.public_finance import write_off

if TYPE_CHECKING:
    from coercivity.model.start.population import Population

WAIT_AGAIN = 36  # months after which a project that was given up is looked at anew


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
    for pair in load_table("integrated").where(start=clock.start):
        firms.mine_of[row_of[pair["plant"]]] = row_of[pair["mine"]]
    firms.option_rows = np.flatnonzero(firms.option_size > 0)
    firms.pledged = np.zeros(count, dtype=bool)  # begun by an act of a firm, which stands by it


def carry_out_projects(
    firms: Firms,
    works: Works,
    support: Support,
    ledger: Ledger,
    *,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """What holders of options decided this month happens: some projects are given up, others begin.
    Luck: stream 'realised'.
    """
    lost = (firms.project == investor.GIVE_UP).nonzero()[0]
    if len(lost):
        works.pipeline.drop(lost, clock.month)
        write_off(support, lost)
        firms.option_from[lost] = clock.month + WAIT_AGAIN
        for row in lost:
            ledger.event(
                clock.month,
                firms.names[row],
                "project cancelled",
                f"{firms.names[row]} is given up before it opens",
            )
    go = (firms.project == investor.BEGIN).nonzero()[0]
    if len(go):
        begin(works, go, firms.option_size[go], firms=firms, politics=politics, clock=clock, p=p)
        for row in go:
            ledger.event(
                clock.month,
                firms.names[row],
                "project begins",
                f"{firms.names[row]} is to be built",
            )


def begin(
    works: Works,
    rows: IntArray,
    announced: FloatArray,
    *,
    firms: Firms,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """Building begins at `rows`. What is announced (t/month of run) is more than what is built: a
    drawn part lapses when the rest opens (stream 'realised').
    """
    built = (
        1.0
        - 2.0
        * p.over_announcement
        * uniforms(clock.seed, "realised", clock.month, len(firms))[rows]
    )
    start_building(
        works, rows, announced * built, 1.0, firms=firms, politics=politics, clock=clock, p=p
    )
    works.pipeline.lapse[rows] += announced * (1.0 - built)
    works.pipeline.building[rows] += announced * (1.0 - built)
