"""On which side of the border a maker builds: at home, behind the exporter's border, or in a third
state (M9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.firms import investor
from coercivity.agents.tables import Firms
from coercivity.model.basis.goods import CHINA, STATE
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.works import Works
from coercivity.model.start.links import SISTER_PARENT

if TYPE_CHECKING:
    from coercivity.model.start.population import Population

THIRD = STATE[
    "Vietnam"
]  # where those makers have plants outside both (facts: plants.csv, Shin-Etsu Vietnam)
PRIOR = np.array(
    [0.8, 0.08, 0.12]
)  # home, inside the exporter, third state: where Japan's makers built in calm years (assumed)
LEAST_ROOM = 10.0  # t/month below which a sister plant is still an experiment
FULL = 0.7  # part of capacity at which a sister plant counts as used
# part of the threat that a plant at home or in a third state feels: its inputs cross the border
AT_HOME = 0.5
FELT = np.array([AT_HOME, 1.0, AT_HOME])


def start_place(works: Works, population: Population, *, firms: Firms) -> None:
    """Which rows have sisters: sisters[k] = (row inside the exporter, row in a third state) by
    process, and unit costs at the start.
    """
    for firm, _, _, kind in population.census.options:
        if kind == "sister":
            works.sisters[firms.process[firm], 0 if firms.state[firm] == CHINA else 1] = firm
    for process in np.flatnonzero(
        (works.sisters[:, 0] >= 0) & (works.sisters[:, 1] < 0)
    ):  # the plant that stands there already
        there = np.flatnonzero((firms.process == process) & (firms.state == THIRD))
        works.sisters[process, 1] = there[np.argmax(firms.capacity[there])]


def site_split(
    rows: IntArray, *, firms: Firms, works: Works, beliefs: Beliefs, p: Parameters
) -> FloatArray:
    """Shares of new tonnes (rows x 3) at home, inside the exporter and in a third state; see
    investor.site_shares.

    Costs are slow unit costs over those at home, relative to the start: a quota's rent, duty and
    unrefunded tax make inputs dear outside.
    """
    look = works.outlook
    sites = np.concatenate((rows[:, None], works.sisters[firms.process[rows]]), axis=1)
    dearer = look.slow_cost[sites] / look.base_cost[sites]
    relative = dearer / dearer[:, :1]
    distrust = beliefs.distrust[:, CHINA]
    threat = FELT * distrust[firms.state[sites]]
    threat[:, 1] = distrust[firms.state[rows]]
    return investor.site_shares(relative, threat, PRIOR, p.place_cost_gain, p.place_threat_gain)


def place(
    firms: Firms,
    rows: IntArray,
    build: FloatArray,
    *,
    works: Works,
    beliefs: Beliefs,
    p: Parameters,
) -> tuple[IntArray, FloatArray]:
    """Rows and tonnes (t/month) where plants are built: those with sisters split what they add, and
    renew a part of what they have where it now pays.

    move_j = capacity x renewal max(0, s_j - prior_j)

    s_j share of what is added that goes to place j, prior_j that of a calm world. Plants wear out,
    and what replaces them may stand elsewhere; an old line that stands closes as the new is
    decided, one in use stays.
    """
    movers = np.flatnonzero(
        (firms.state[rows] == SISTER_PARENT) & (works.sisters[firms.process[rows], 0] >= 0)
    )
    if not len(movers):
        return rows, build
    who = rows[movers]
    shares = site_split(who, firms=firms, works=works, beliefs=beliefs, p=p)
    sister = works.sisters[firms.process[who]]
    room = np.maximum(firms.capacity[sister] + works.pipeline.building[sister], 1e-9)
    used = np.where(room > LEAST_ROOM, np.minimum(firms.run[sister] / (FULL * room), 1.0), 1.0)
    shares[:, 1:] *= used  # no maker adds to a plant of its own that stands idle
    shares[:, 0] = 1.0 - shares[:, 1:].sum(axis=1)
    moved = (
        firms.capacity[who][:, None] * p.renewal_rate * np.maximum(shares[:, 1:] - PRIOR[1:], 0.0)
    )
    spare = np.maximum(firms.capacity[who] - firms.run[who], 0.0)
    moved *= np.minimum(spare / np.maximum(moved.sum(axis=1), 1e-12), 1.0)[:, None]
    firms.capacity[who] -= moved.sum(axis=1)
    abroad = build[movers][:, None] * shares[:, 1:] + moved
    at_home = build.copy()
    at_home[movers] = build[movers] * shares[:, 0]
    tonnes = group_sum(
        np.concatenate([at_home, abroad.ravel()]),
        np.concatenate([rows, sister.ravel()]),
        len(firms),
    )
    everywhere = tonnes.nonzero()[0]
    return everywhere, tonnes[everywhere]
