"""States for the oracle to begin at: a world shaken by a named stream, a month without politics,
and a comparison of two states.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.model.basis.luck import stream
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.trade import believed_prices
from coercivity.model.trade.expectations import TradeTables
from coercivity.model.world import World
from tools.check.oracle.month import PHASES, Oracle, world_columns

VERB = {
    phase: "license" if phase == "charge" else phase for phase in PHASES
}  # the World's verb for each phase of the oracle

LOGS = {
    "needs.swap",
    "needs.usual_swap",
    "needs.redesign",
    "offers.scarcity",
    "channels.premium",
    "channels.contract",
}
POSITIVE = {  # columns multiplied by a log-normal of this spread
    "firms": {"capacity": 0.2, "desired": 0.3, "run": 0.3, "finished": 0.5},
    "needs": {"stock": 0.5, "pipeline": 0.3, "expected": 0.2, "paid": 0.4, "replacement": 0.4}
    | {"worth": 0.6, "documented": 0.4, "cover": 0.3},
    "offers": {"ask": 0.4, "stock": 0.8, "opening": 0.8, "orders": 0.4} | {"sales": 0.4},
    "links": {"weight": 0.3, "share": 0.6, "cost": 0.4, "spot": 0.4},
}


def quiet_world(
    firms_per_sector: int, seed: int = 1, months: int = 3, start: str = "2024-01"
) -> World:
    """A world without events after a few months."""
    scenario = scenario_from_dict(
        {"name": "quiet", "start": start, "parameters": {"firms_per_sector": firms_per_sector}}
    )
    world = World(scenario, seed, record=False)
    for _ in range(months):
        world.step()
    return world


def shaken(world: World, seed: int) -> World:
    """A fork with every state column moved at random: stocks, prices, orders, shares, fills,
    beliefs, memories. Dull no more, but still a possible state.
    """
    world = world.fork()
    luck = stream(seed, "oracle")

    def moved(values: FloatArray, spread: float) -> FloatArray:
        return values * np.exp(spread * luck.standard_normal(values.shape))

    for table_name, columns in POSITIVE.items():
        table = getattr(world, table_name)
        for name, spread in columns.items():
            setattr(table, name, moved(getattr(table, name), spread))
    firms, needs, offers, links = world.firms, world.needs, world.offers, world.links
    links.share = links.share / group_sum(links.share, links.need, len(needs))[links.need]
    links.fill, needs.fill = luck.random(len(links)), 0.6 + 0.4 * luck.random(len(needs))
    links.seek = np.floor(12.0 * luck.random(len(links)))
    long_enough = links.seek >= links.qualify * world.p.qualification_time
    links.qualified = (long_enough & links.opened).astype(np.float64)
    needs.thrift = 0.4 + 0.6 * luck.random(len(needs))
    needs.swap = (needs.adapts > 0.0) * (0.6 * luck.random(len(needs)) - 0.1)
    needs.usual_swap = 0.5 * needs.swap
    needs.redesign = (needs.adapts > 0.0) * (2.0 * luck.random(len(needs)) - 1.6)
    needs.stock[luck.random(len(needs)) < 0.1] = 0.0
    offers.stock[luck.random(len(offers)) < 0.1] = 0.0
    piles = offers.is_ore & (luck.random(len(offers)) < 0.3)
    offers.stock = np.where(piles, 10.0 * offers.orders, offers.stock)
    world.recycling.in_use = moved(world.recycling.in_use, 0.3)
    world.recycling.share = 0.1 * float(luck.random())
    firms.margin = 0.4 * luck.standard_normal(len(firms))
    firms.backlog = np.where(firms.is_end, np.maximum(luck.standard_normal(len(firms)), 0.0), 0.0)
    firms.plan = firms.is_end * moved(np.ones(len(firms)), 0.1)
    firms.available = np.where(luck.random(len(firms)) < 0.1, 0.5, 1.0)
    beliefs, market = world.beliefs, world.market
    by_good = np.linspace(0.2, 1.0, beliefs.withheld.shape[2])
    beliefs.withheld = 0.3 * luck.random(beliefs.alarm.shape)[:, :, None] * by_good
    market.quote = moved(market.quote, 0.3) * (0.4 + float(luck.random()))
    tight = luck.random(len(market.bearable)) < 0.2  # whose users bear little
    market.bearable = np.where(tight, 1.1 * market.quote_start, market.bearable)
    _shake_beliefs(world, luck)
    world.freight.transit = moved(world.freight.transit, 0.3)
    links.orders = moved(needs.base_use[links.need] * links.share, 0.5)
    needs.wanted = group_sum(links.orders, links.need, len(needs))
    links.allowed = links.orders.copy()
    links.shipped = links.orders * np.minimum(1.3 * luck.random(len(links)), 1.0)
    firms.wish = firms.desired * (0.5 + luck.random(len(firms)))
    needs.arrived = np.minimum(needs.arrived, needs.stock)
    left = 12.0 * luck.random(len(offers)) * offers.orders
    some = luck.random(len(offers)) < 0.1  # who sells out at the least that he takes
    offers.floor = np.where(some, 1.2 * offers.base_price, offers.floor)
    offers.unfinished = np.where(offers.lead > 0.0, 0.0, left)
    cheaper = 1.0 - 0.2 * float(luck.random())  # a month whose costs are still to come
    market.level = cheaper * market.level
    firms.conversion, firms.capex = cheaper * firms.conversion, cheaper * firms.capex
    return world


def _shake_beliefs(world: World, luck: np.random.Generator) -> None:
    """A month after rules of some goods were lifted, and orders were given to those who dig without
    a quota.
    """
    border, expected, supply = world.border, world.expected, world.supply
    expected.held = luck.random(len(expected.held)) < 0.5
    open_now = expected.held[border.good] & (np.arange(border.size) > 0)
    expected.passes = np.where(open_now, luck.random(border.size), 1.0)
    expected.passed = np.where(open_now, luck.random(border.size), 1.0)
    border.premium = np.where(open_now, luck.random(border.size), 0.0)
    border.contract = border.premium * luck.random(border.size)
    expected.runs = expected.runs * np.exp(0.3 * luck.standard_normal(len(expected.runs)))
    supply.believed_to_end = float(luck.random())
    supply.illegal[supply.at.mines] = 0.4 * luck.random(len(supply.at.mines))
    supply.allowed[supply.at.limited] *= 0.7 + 0.5 * luck.random(len(supply.at.limited))


def under_measures(world: World, seed: int) -> World:
    """A shaken fork in which licences, cuts, bans, halts or quotas hold a third of all channels,
    some since today; only to look ahead, for no act is behind them.
    """
    world = shaken(world, seed)
    border, expected = world.border, world.expected
    luck = stream(seed, "oracle measures")
    abroad = np.arange(border.size) > 0
    for name in ("licensed", "banned", "cut", "halted", "quota"):
        days = np.where(luck.random(border.size) < 0.5, 1.0, luck.random(border.size))
        setattr(border, name, np.where(abroad & (luck.random(border.size) < 0.1), days, 0.0))
    border.rationed = luck.random(border.size)
    border.rent = 10.0 * border.quota * luck.random(border.size)
    border.relaid = True
    months = np.floor(6.0 * luck.random(border.size))
    expected.said = np.where(luck.random(border.size) < 0.5, 0.0, 1.0)  # nothing may be new
    expected.since = np.where(abroad & (luck.random(border.size) < 0.3), months, np.inf)
    return world


def look_ahead(world: World) -> None:
    """The World's look ahead alone, as `Oracle.look_ahead`."""
    tables = world.firms, world.needs, world.offers, world.links
    believed_prices.look_ahead(
        world.needs,
        world.border,
        world.expected,
        world.market,
        tables=TradeTables(*tables, world.border),
        supply=world.supply,
        lost=world.supply.believed_to_end,
        more_cover=world.politics.firm_acts.cover,
        p=world.p,
    )


def short_of(world: World, good: str, share: float) -> World:
    """A fork in which a share of the sellers' and buyers' stock of one good is gone."""
    world = world.fork()
    world.offers.stock[world.offers.good == world.facts.good_row[good]] *= 1.0 - share
    world.needs.stock[world.needs.good == world.facts.good_row[good]] *= 1.0 - share
    return world


def core_month(world: World) -> None:
    """The World's verbs that the oracle knows; plans, beliefs, quotas and capacities stand still,
    as in `Oracle.step`.
    """
    for phase in PHASES:
        getattr(world, VERB[phase])()
    world.clock.month += 1


def differences(world: World, oracle: Oracle) -> dict[str, float]:
    """Largest difference of each column: relative to the larger value, or to a millionth of the
    column's largest where both are below that; of logs, and of tonnes in the element books,
    as it is where they are below one.
    """
    mine, theirs = world_columns(world), oracle.columns()
    assert mine.keys() == theirs.keys()
    out = {}
    for name in mine:
        a, b = np.array(mine[name]), np.array(theirs[name])
        endless = name == "channels.since"  # nothing is held back there
        assert endless or np.isfinite(a).all(), f"{name} of the World"
        assert endless or np.isfinite(b).all(), f"{name} of the oracle"
        least = 1.0 if name in LOGS or name.startswith("books.") else 0.0
        out[name] = float(_relative(a, b, least).max(initial=0.0))
    return out


def _relative(a: FloatArray, b: FloatArray, least: float) -> FloatArray:
    a, b = (np.nan_to_num(values, posinf=-1.0) for values in (a, b))  # never held: as one
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), least)
    return np.abs(a - b) / np.maximum(scale, 1e-6 * scale.max(initial=0.0) + 1e-300)
