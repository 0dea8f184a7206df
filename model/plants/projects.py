"""Plants that may be built: named projects and entrants hold options, decide once a year, and some give up (M9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.firms import investor
from coercivity.agents.tables import Firms
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import CHINA
from coercivity.model.basis.luck import normals, uniforms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants.building import LONG_LEAD, ban_cost, start_building
from coercivity.model.support.public_finance import held_by_public, write_off

if TYPE_CHECKING:
    from coercivity.model.start.population import Population

FULL_USE = 0.7  # part of capacity that those who are there fill before a newcomer sells (assumed)
WAIT_AGAIN = 36  # months after which a project that was given up is looked at anew


def start_options(firms: Firms, population: Population, *, clock: Clock) -> None:
    """Who holds an option, of what size (t/month of run), and from which month it can be decided on."""
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


def appraise(
    rows: IntArray,
    luck: FloatArray,
    *,
    firms: Firms,
    works: Works,
    beliefs: Beliefs,
    politics: Politics,
    support: Support,
    p: Parameters,
) -> tuple[FloatArray, FloatArray]:
    """(value over cost, hurdle) of building at `rows`, with the support that is promised there.

    V / I = ((P - C (1 - credit)) + floor) u 12 A e^(-r lead/2) / (1000 I (1 - gift)),  h = 1 + w (b/(b-1) - 1) (1 - equity) overrun lead / 60.
    A signal raises the price that is expected and the volatility in b: either may win.
    """
    look = works.outlook
    lead = works.lead_known[1][rows] if len(works.lead_known[1]) else np.full(len(rows), LONG_LEAD)
    process = firms.process[rows]
    price = investor.expected_price(
        look.slow_revenue[rows], look.revenue[rows], p.quote_weight, p.quote_noise * luck
    )
    cost = investor.expected_price(
        look.slow_cost[rows], look.cost[rows], p.quote_weight, 0.0 * luck
    )
    margin = (
        price
        - cost * (1.0 - np.minimum(support.credit_rate[rows], 0.9))
        + 1000.0 * support.floor[rows]
    )
    own = firms.option_size[rows]
    others = np.maximum(
        look.rivals[process]
        - np.where(firms.state[rows] != CHINA, works.pipeline.building[rows], 0.0),
        0.0,
    )  # not its own plant
    use = investor.expected_use(
        look.demand[process],
        look.growth[process],
        lead / 12.0,
        others,
        own,
        FULL_USE,
        p.fringe_utilisation,
    )
    use = np.maximum(use, np.minimum(support.offtake_share[rows], p.fringe_utilisation))
    rate = investor.borrowing_rate(
        p.discount_rate, support.loan_share[rows], support.loan_rate[rows]
    )
    mine = firms.mine_of[rows]
    joined = (
        mine >= 0
    )  # mine and plant of one owner are one project: a tonne fed is weighed with its ore
    ore = np.where(joined, look.slow_revenue[mine] - look.slow_cost[mine], 0.0)
    margin, outlay = (
        margin + ore,
        firms.capex[rows] + np.where(joined & (firms.status[mine] == 0), firms.capex[mine], 0.0),
    )
    capex = (
        outlay
        * p.overrun
        * ban_cost(rows, firms=firms, politics=politics, p=p)
        * (1.0 - np.minimum(support.gift_share[rows], 0.95))
    )
    value = investor.value_over_cost(
        margin, use, investor.annuity(rate, p.plant_life), np.exp(-rate * lead / 24.0), capex
    )
    floored = p.floor_cover * support.floored[rows]
    alarm = beliefs.alarm[firms.state[rows], CHINA]
    volatility = investor.expected_volatility(
        p.price_volatility, alarm, p.alarm_volatility, support.offtake_share[rows], floored
    )
    multiple = investor.option_multiple(volatility, p.discount_rate, p.discount_rate)
    return value, investor.hurdle(
        multiple, p.hurdle_weight, p.overrun * lead / LONG_LEAD, support.equity_share[rows]
    )


def backed(rows: IntArray, *, support: Support) -> np.ndarray:
    """Firms that the public lends to, owns a part of, or promises to buy from, and those it has lent to, owns or owes a promise when its budget is spent."""
    s = support
    offered = (
        s.loan_share[rows] + s.equity_share[rows] + s.offtake_share[rows] + s.gift_share[rows]
    ) > 0
    return np.asarray(offered | held_by_public(rows, support=support))


def decide(
    firms: Firms,
    works: Works,
    support: Support,
    ledger: Ledger,
    *,
    beliefs: Beliefs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """Holders of options whose month it is: build where V / I clears the hurdle; a project under way may be given up.

    Luck: streams 'investor' and 'cancel'.
    """
    pipe, month = works.pipeline, clock.month
    due = firms.option_rows[
        (firms.decision_month[firms.option_rows] == month % 12)
        & (firms.status[firms.option_rows] == 0)
    ]
    under_way = pipe.building[due] > 0.0
    free = ~under_way & (firms.option_from[due] <= month)
    if not (under_way.any() or free.any()):
        return
    count = len(firms)
    value, hurdle = appraise(
        due,
        normals(clock.seed, "investor", month, count)[due],
        firms=firms,
        works=works,
        beliefs=beliefs,
        politics=politics,
        support=support,
        p=p,
    )
    if under_way.any():
        luck = uniforms(clock.seed, "cancel", month, count)[due]
        lost = due[
            under_way
            & ~firms.pledged[due]
            & investor.cancels(
                luck, value, p.cancel_hazard, p.cancel_hopeless, backed(due, support=support)
            )
        ]
        if len(lost):
            pipe.drop(lost, month)
            write_off(support, lost)
            firms.option_from[lost] = month + WAIT_AGAIN
            for row in lost:
                ledger.event(
                    clock.month,
                    firms.names[row],
                    "project cancelled",
                    f"{firms.names[row]} is given up before it opens",
                )
    go = due[free & (value > hurdle)]
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
    """Building begins at `rows`. What is announced (t/month of run) is more than what is built: a drawn part lapses when the rest opens (stream 'realised')."""
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
