"""What it takes to build: months, money and overruns by process and place; building begins (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.firms.investor import TECHNOLOGY_DELAY, technology_cost
from coercivity.agents.tables import Firms
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.basis.luck import uniforms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.works import Site, Works
from coercivity.model.parts.world_view import WorldView

# ionic-clay leaching opens in a year and a half (docs/sources.md A.0: 18 months)
FAST = ("Myanmar",)
# what keeps a ramp from stalling, as a factor on the hazard: digging is tried where separating and
# pressing are not; an owner with public or patient money mends what does not work (assumed, 0.25
# to 1 each; Lynas went on, Molycorp did not)
MINE_STALLS, BACKED_STALLS = 0.5, 0.5
LEAST_REACHED = 0.01  # a plant that was built runs a little
# time to build outside China, by stage (months, times the parameter lead_scale): a mine 5-10 years
# (Keilhacker & Minner 2017; 36 to 84), separation as Eneabba 4.5-5.5 years (36 to 66), magnets and
# metal 2-4 years (18 to 48)
LEADS = {"mine": 60.0, "separation": 54.0, "magnet": 24.0}
# time to build in China (months; refineries in China take 1-2.5 years; 12 to 30)
LEAD_CHINA = 18.0
# time to enlarge a plant over that to build one (ratio; magnets in 11 to 14 months where a plant
# stood, metal in 11 (core facts: capacity), against 24 to 33 for a new plant; 0.3 to 0.8)
ENLARGEMENT_TIME = 0.453
# time to build a motor or assembly line (months; assumed: motor lines are built with the car
# programme they serve; 12 to 30)
LEAD_MOTOR = 18.0


def capex_per_tonne(facts: Facts, process: IntArray, state: IntArray) -> FloatArray:
    """USD million per t/month of run, by process and place (capex.csv: USD per t/year; a row of the
    state itself, else Other). Zero for end users.
    """
    table = np.zeros((facts.first_sector, len(facts.states)))
    for named in (False, True):
        for row in facts.table("capex"):
            if (row["state"] != "Other") == named:
                where = facts.state_row[row["state"]] if named else slice(None)
                table[facts.processes.index(row["process"]), where] = row["usd_per_t_year"]
    cost = table[np.minimum(process, facts.first_sector - 1), state]
    return np.where(process < facts.first_sector, cost, 0.0) * 12.0 / 1e6


def capex_of_projects(facts: Facts, names: Sequence[str], start: str) -> FloatArray:
    """USD million per t/month of run by firm, where a project states what it costs (options.csv:
    capex_usd_m over tonnes_per_year); NaN elsewhere.
    """
    stated = {
        row["name"]: 12.0 * row["capex_usd_m"] / row["tonnes_per_year"]
        for row in facts.table("options").where(start=start)
        if row["capex_usd_m"] is not None
    }
    return np.array([stated.get(name, np.nan) for name in names])


def lead_months(p: Parameters, *, firms: Firms, banned: bool = False) -> FloatArray:
    """Months from decision to first tonne, by firm: by stage and place, longer where the exporter
    withholds technology (banned).
    """
    facts, ban = firms.facts, 1.0 + TECHNOLOGY_DELAY if banned else 1.0
    process = firms.process
    mine, separation = firms.is_mine, firms.is_separator
    motor = processes(facts).stage[process] == STAGES.index("assembly")
    of_stage = LEADS["mine"] * p.lead_scale, LEADS["separation"] * p.lead_scale, LEAD_MOTOR
    lead = np.select((mine, separation, motor), of_stage, LEADS["magnet"] * p.lead_scale)
    lead = np.where(firms.needs_technology, lead * ban, lead)
    fast = np.isin(firms.state, [facts.state_row[s] for s in FAST]) & mine
    at_home = firms.state == facts.china
    return np.select((at_home, fast), (np.minimum(LEAD_CHINA, lead), 18.0), lead)


def start_all(works: Works, *, seen: WorldView) -> None:
    """Building begins of all that was decided on this month."""
    start_building(works, *works.begun, seen=seen)
    works.begun = []


def start_building(works: Works, *sites: Site, seen: WorldView) -> None:
    """Building begins: abroad it takes lead x overrun^1/2 and costs capex x overrun, the overrun
    drawn; new capacity ramps up, in China three times as fast. A separator outside comes by 1 -
    exp(-t / (ramp x overrun^1/2)); behaviour rules 5.2: tau of 12 to 24 months. Of a new plant
    runs what it reaches (`reached_nameplate`), of one that is enlarged all.
    """
    sites = tuple(one for one in map(_worth_building, sites) if len(one.rows))
    if not sites:
        return
    firms, clock, p = seen.firms, seen.clock, seen.p
    rows = _join_columns([one.rows for one in sites])
    build = _join_columns([one.build for one in sites])
    pipe, lead = works.pipeline, works.lead[rows]
    grows = _join_columns([np.full(len(one.rows), one.runs is None) for one in sites]).astype(bool)
    lead = lead * np.where(grows, ENLARGEMENT_TIME, 1.0)
    abroad, slow = ~firms.inside[rows], firms.is_separator[rows]
    over = cost_overrun(rows, firms=firms, clock=clock, p=p)
    longer = over**0.5
    delay = np.rint(np.where(abroad, lead * longer, lead)).astype(np.int64)
    slow &= abroad
    ramp = np.where(abroad, p.ramp_months * np.where(slow, longer, 1.0), p.ramp_months / 3.0)
    opens = build
    if any(one.runs is not None for one in sites):
        runs = _join_columns(
            [np.ones(len(one.rows)) if one.runs is None else one.runs for one in sites]
        )
        opens, ramp = build * runs, ramp * runs
    pipe.add(rows, clock.month + delay, opens, ramp, slow)
    for one in sites:
        if one.runs is None:
            pipe.enlarge(one.rows, one.build)
        else:
            pipe.announce(one.rows, one.build * (1.0 - one.runs))
    cost = _join_columns([np.full(len(one.rows), one.cost) for one in sites])
    worth = build * firms.capex[rows] * cost * np.where(abroad, over, 1.0)
    if seen.politics.technology_ban:
        worth *= technology_cost(firms, rows, banned=True)
    pipe.pay(rows, clock.month + 1, delay, worth)


def _worth_building(site: Site) -> Site:
    """What of it is more than nothing."""
    some = (site.build > 1e-9).nonzero()[0]
    runs = None if site.runs is None else site.runs[some]
    return Site(site.rows[some], site.build[some], site.cost, runs)


def _join_columns(columns: list[Any]) -> Any:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


def reached_nameplate(
    rows: IntArray, backed: BoolArray, *, firms: Firms, clock: Clock, p: Parameters
) -> FloatArray:
    """Share of its nameplate that a new plant reaches. Outside the exporter its ramp stalls for
    good with a constant hazard, and what runs then is all that ever runs:

    r = max(r0, min(1, -ln(1 - U) / h)),  mean (1 - e^-h) / h but for the floor

    r0 the least (`LEAST_REACHED`: a plant that was built runs a little; assumed), h stalls in a
    whole ramp (`stall_hazard`; half of it for mines, half for backed owners), U luck of the plant,
    the same whenever it is begun (stream 'realised'). Inside the exporter r = 1.
    Source: Molycorp ran 4,785 of 19,050 t in 2014, Lynas 80% of 11,000 at its end. See decision
    0031.
    """
    luck = _luck_of_plants(clock.seed, len(firms))[rows]
    stalls = p.stall_hazard * np.where(firms.is_mine[rows], MINE_STALLS, 1.0)
    stalls = stalls * np.where(backed, BACKED_STALLS, 1.0)
    share = np.minimum(-np.log1p(-luck) / np.maximum(stalls, 1e-12), 1.0)
    return np.where(firms.state[rows] == p.facts.china, 1.0, np.maximum(share, LEAST_REACHED))


@lru_cache(maxsize=16)
def _luck_of_plants(seed: int, firms: int) -> FloatArray:
    """Luck of each plant with what it was built to do (stream 'realised')."""
    luck = uniforms(seed, "realised", 0, firms)
    luck.setflags(write=False)
    return luck


def draw_reach(
    firms: Firms, rows: IntArray, backed: BoolArray, *, clock: Clock, p: Parameters
) -> None:
    """Plants that are begun at `rows` reach what they reach (`reached_nameplate`)."""
    firms.reach[rows] = reached_nameplate(rows, backed, firms=firms, clock=clock, p=p)


def enlarge_reach(firms: Firms, rows: IntArray, opening: FloatArray, larger: FloatArray) -> None:
    """Plants at `rows` take in what opens, enlargements among it (`reach_of_larger`)."""
    reach = firms.reach[rows]
    if (reach < 1.0).any():
        firms.reach[rows] = reach_of_larger(reach, firms.capacity[rows], opening, larger)


def reach_of_larger(
    reach: FloatArray, capacity: FloatArray, opening: FloatArray, larger: FloatArray
) -> FloatArray:
    """Share of what was paid for that runs in a plant which is enlarged. It knows by then how to
    build, and all that it adds runs:

    r' = (K + B + A) / ((K + B) / r + A)

    K capacity (t/month), B what opens of the first plant, A of enlargements, r share before. What
    is owed goes with capacity / r (`closing`): nothing is owed for tonnes that nobody bought.
    """
    first = capacity + opening - larger
    changed = (larger > 0.0) & (reach < 1.0)
    bought = np.where(changed, first / reach + larger, 1.0)
    return np.where(changed, (first + larger) / bought, reach)


def cost_overrun(rows: IntArray, *, firms: Firms, clock: Clock, p: Parameters) -> FloatArray:
    """Cost overrun of firms this month: 1 + (mean - 1) x with x exponential of mean 1, at most 2.5
    (stream 'overrun').
    """
    luck = uniforms(clock.seed, "overrun", clock.month, len(firms))[rows]
    return np.minimum(1.0 - (p.overrun - 1.0) * np.log1p(-luck), 2.5)
