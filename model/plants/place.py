"""On which side of the border a maker builds: at home, behind the exporter's border, or in a third
state (M9).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.firms import investor
from coercivity.agents.tables import Firms
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.works import Works
from coercivity.model.start.links import SISTER_PARENT
from coercivity.model.start.population import Population

# where those makers have plants outside both (facts: plants.csv, Shin-Etsu Vietnam)
THIRD = "Vietnam"
# home, inside the exporter, third state: where Japan's makers built in calm years (assumed)
PRIOR = np.array([0.8, 0.08, 0.12])
LEAST_ROOM = 10.0  # t/month below which a sister plant is still an experiment
FULL = 0.7  # part of capacity at which a sister plant counts as used
# part of the threat that a plant at home or in a third state feels: its inputs cross the border
AT_HOME = 0.5
FELT = np.array([AT_HOME, 1.0, AT_HOME])
# weight of unit cost in where a maker builds (per log; assumed; 2 to 12)
PLACE_COST_GAIN = 6.0
# weight of distrust of the exporter in where a maker builds (per unit distrust; assumed; 1 to 8)
PLACE_THREAT_GAIN = 4.0
# part of a plant that is renewed each year and may be renewed elsewhere (per year; assumed: lines
# are re-equipped every ten years; 0 to 0.2)
RENEWAL_RATE = 0.1


def start_place(works: Works, population: Population, *, firms: Firms) -> None:
    """Which rows have sisters: sisters[k] = (row inside the exporter, row in a third state) by
    process; and by firm whose sisters they are, all three rows.
    """
    facts = firms.facts
    for firm, _, _, kind in population.census.options:
        if kind == "sister":
            works.sisters[firms.process[firm], 0 if firms.state[firm] == facts.china else 1] = firm
    # the plant that stands there already
    for process in np.flatnonzero((works.sisters[:, 0] >= 0) & (works.sisters[:, 1] < 0)):
        there = np.flatnonzero((firms.process == process) & (firms.state == facts.state_row[THIRD]))
        works.sisters[process, 1] = there[np.argmax(firms.capacity[there])]
    parents = np.flatnonzero(
        (firms.state == facts.state_row[SISTER_PARENT]) & (works.sisters[firms.process, 0] >= 0)
    )
    works.sites[parents] = np.column_stack((parents, works.sisters[firms.process[parents]]))


def site_split(sites: IntArray, *, firms: Firms, works: Works, beliefs: Beliefs) -> FloatArray:
    """Shares of new tonnes at home, inside the exporter and in a third state (sites: rows x 3); see
    investor.site_shares.

    Costs are slow unit costs over those at home, relative to the start: a quota's rent, duty and
    unrefunded tax make inputs dear outside.
    """
    look = works.outlook
    dearer = look.slow_cost[sites] / look.base_cost[sites]
    felt = beliefs.distrust[:, firms.facts.china][firms.state[sites]]
    felt[:, 1] = felt[:, 0]  # inside, an owner feels what its home feels
    over_home = dearer / dearer[:, :1]
    return investor.site_shares(over_home, FELT * felt, PRIOR, PLACE_COST_GAIN, PLACE_THREAT_GAIN)


def place(
    firms: Firms, rows: IntArray, build: FloatArray, *, works: Works, beliefs: Beliefs
) -> tuple[IntArray, FloatArray]:
    """Rows and tonnes (t/month) where plants are built: those with sisters split what they add, and
    renew a part of what they have where it now pays.

    move_j = capacity x renewal max(0, s_j - prior_j)

    s_j share of what is added that goes to place j, prior_j that of a calm world. Plants wear out,
    and what replaces them may stand elsewhere; an old line that stands closes as the new is
    decided, one in use stays.
    """
    sites = works.sites[rows]
    movers = (sites[:, 0] >= 0).nonzero()[0]
    if not len(movers):
        return rows, build
    sites, adds = sites[movers], build[movers]
    shares = site_split(sites, firms=firms, works=works, beliefs=beliefs)[:, 1:]
    home, sister = sites[:, 0], sites[:, 1:]
    here = firms.capacity[home]
    room = np.maximum(firms.capacity[sister] + works.pipeline.building[sister], 1e-9)
    # no maker adds to a plant of its own that stands idle
    shares *= np.where(room > LEAST_ROOM, np.minimum(firms.run[sister] / (FULL * room), 1.0), 1.0)
    moved = here[:, None] * RENEWAL_RATE * np.maximum(shares - PRIOR[1:], 0.0)
    spare = np.maximum(here - firms.run[home], 0.0)
    moved *= np.minimum(spare / np.maximum(moved.sum(axis=1), 1e-12), 1.0)[:, None]
    firms.capacity[home] = here - moved.sum(axis=1)
    tonnes = np.zeros(len(firms))
    tonnes[rows] = build
    tonnes[home] = adds * (1.0 - shares.sum(axis=1))
    np.add.at(tonnes, sister, adds[:, None] * shares + moved)
    everywhere = tonnes.nonzero()[0]
    return everywhere, tonnes[everywhere]
