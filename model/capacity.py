"""Capacity: planned plants open, firms expand once a year when orders and expected margins call for it (M9, simple form)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import investor
from coercivity.agents.columns import group_sum
from coercivity.model.goods import CHINA, PROCESS, STATE

if TYPE_CHECKING:
    from coercivity.model.world import World

LONG_LEAD = 60.0  # months; the lead at which the real-options multiple counts in full
FAST = ("Myanmar",)  # ionic-clay leaching opens in a year and a half (FORMULATIONS: 18 months)
TECHNOLOGY_BAN_DELAY = 1.2  # extra time from Chinese technology bans (facts: tech_ban_cost_penalty 10-40%)


class Pipeline:
    """Capacity that is being built: t/month of run by firm and month of arrival."""

    def __init__(self, firms: int, months: int, builds: list[tuple[int, int, float]], ramp: int) -> None:
        self.arrivals = np.zeros((months + 140, firms))
        self.building = np.zeros(firms)
        for firm, month, tonnes in builds:
            self.add(np.array([firm]), max(month, 0), np.array([tonnes]), ramp)

    def add(self, rows: np.ndarray, month: int, tonnes: np.ndarray, ramp: int) -> None:
        """Tonnes a month that start in `month` and reach full output over `ramp` months."""
        steps = max(ramp, 1)
        self.arrivals[month : month + steps, rows] += tonnes / steps
        self.building[rows] += tonnes

    def copy(self) -> Pipeline:
        """A pipeline with arrays of its own."""
        other = Pipeline.__new__(Pipeline)
        other.arrivals, other.building = self.arrivals.copy(), self.building.copy()
        return other


def lead_months(world: World) -> np.ndarray:
    """Months from decision to first tonne, by firm: by stage and place, longer where the exporter withholds technology."""
    firms, p = world.firms, world.p
    process = firms.process
    mine = world.is_mine
    separation = (process == PROCESS["separate_light"]) | (process == PROCESS["separate_heavy"])
    motor = (process == PROCESS["make_motor_standard"]) | (process == PROCESS["make_motor_heat_resistant"])
    lead = np.where(mine, p.lead_mine, np.where(separation, p.lead_separation, np.where(motor, p.lead_motor, p.lead_magnet)))
    if world.technology_ban:
        lead = np.where(separation | (process == PROCESS["make_metal"]), lead * TECHNOLOGY_BAN_DELAY, lead)
    fast = np.isin(firms.state, [STATE[s] for s in FAST]) & mine
    return np.where(firms.state == CHINA, np.minimum(p.lead_china, lead), np.where(fast, 18.0, lead))


def plan_growth(world: World) -> None:
    """At the start, plants already under way meet the demand that was foreseen: capacity x growth / 12 opens each month until a new decision could deliver.

    Mines and separation outside China get no such plants: there the named projects are what was under way.
    """
    firms, pipe = world.firms, world.pipeline
    rate = firms.trend
    lead = lead_months(world)
    under_way = (firms.process < PROCESS["make_metal"]) & (firms.state != CHINA) & ~np.isin(firms.state, [STATE[s] for s in FAST])
    rate = np.where(under_way | world.is_end, 0.0, rate)
    heavy = firms.process == PROCESS["mine_heavy"]  # China's ionic-clay quota stands still, so its neighbours' mines plan for the whole growth
    open_share = firms.base_run[heavy & ~world.has_quota].sum() / max(firms.base_run[heavy].sum(), 1e-12)
    rate = np.where(heavy & ~world.has_quota & (rate > 0), rate / max(open_share, 0.2), rate)
    firms.last_year = firms.base_run * np.exp(-rate)
    metal = firms.process == PROCESS["make_metal"]
    world.supply.trend = float(np.average(rate[metal], weights=firms.base_run[metal]))
    for month in range(int(lead.max() * 1.2) + 1):
        rows = np.flatnonzero((month < lead) & (rate > 0))
        if len(rows) and month < len(pipe.arrivals):
            pipe.add(rows, month, firms.capacity[rows] * np.exp(rate[rows] * month / 12.0) * rate[rows] / 12.0, 1)


def invest(world: World) -> None:
    """What was built comes into use; a twelfth of the firms decide each month whether to build more.

    K* = reserve Q (1+g)^(lead+3/2); build K* - K - planned where revenue / cost > hurdle.
    hurdle = 1 in China, else 1 + w (b/(b-1) - 1) overrun lead / 60: what takes longer to build is harder to undo; alarm raises the volatility in b.
    """
    firms, offers, p, pipe = world.firms, world.offers, world.p, world.pipeline
    opening = pipe.arrivals[world.month] if world.month < len(pipe.arrivals) else np.zeros(len(firms))
    firms.capacity = firms.capacity + opening
    pipe.building = np.maximum(pipe.building - opening, 0.0)
    needed = group_sum(offers.lead * offers.ask * offers.orders, offers.firm, len(firms)) / np.maximum(
        group_sum(offers.lead * offers.ask * offers.yields, offers.firm, len(firms)), 1e-300
    )
    needed = np.minimum(np.maximum(firms.desired, np.where(world.is_end, 0.0, needed)), 1.3 * np.maximum(firms.capacity, 1e-12))
    firms.orders_year += (needed - firms.orders_year) / 12.0
    if not world.on["M9"]:
        return
    rows = np.flatnonzero(world.may_build & (world.decision_month == world.month % 12) & (firms.capacity > 0))
    if not len(rows):
        return
    if world.lead_known[0] != world.technology_ban:
        world.lead_known = (world.technology_ban, lead_months(world))
    lead, home, orders = world.lead_known[1][rows], firms.state[rows] == CHINA, firms.orders_year[rows]
    growth = np.log(np.maximum(orders, 1e-12) / np.maximum(firms.last_year[rows], 1e-12))
    trend = firms.trend[rows] + 0.5 * (np.clip(growth, -0.05, 0.25) - firms.trend[rows])
    firms.trend[rows], firms.last_year[rows] = trend, orders
    wanted = investor.wanted_capacity(orders, trend, lead / 12.0, p.invest_reserve)
    wanted = np.where(world.is_fringe[rows], wanted / p.invest_reserve / p.fringe_utilisation, wanted)
    volatility = p.price_volatility + 0.3 * world.beliefs.alarm[firms.state[rows], CHINA]
    multiple = investor.option_multiple(volatility, p.discount_rate, p.discount_rate)
    hurdle = np.where(home, 1.0, 1.0 + p.hurdle_weight * (multiple - 1.0) * p.overrun * lead / LONG_LEAD)
    build = investor.expansion(wanted, firms.capacity[rows], pipe.building[rows], 1.0 + firms.margin[rows], hurdle, 0.35)
    delay = np.rint(np.where(home, lead, lead * p.overrun**0.5)).astype(np.int64)
    for inside, ramp in ((True, p.ramp_months / 3.0), (False, p.ramp_months)):
        starting = (build > 1e-9) & (home == inside)
        for months in np.unique(delay[starting]):
            due = starting & (delay == months)
            pipe.add(rows[due], world.month + int(months), build[due], round(ramp))
