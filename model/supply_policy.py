"""The exporter's supply policy: half-yearly mining quotas, state purchases, illegal mining, and traders who hoard (M13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import miner, trader
from coercivity.agents import supply as rules
from coercivity.agents.columns import FloatArray, group_sum
from coercivity.model.goods import CHINA, GOOD, PROCESS
from coercivity.model.luck import normals
from coercivity.model.names import GOODS

if TYPE_CHECKING:
    from coercivity.model.world import World

G = len(GOODS)
LEAD_OXIDES = ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")


class SupplyPolicy:
    """Quotas now in force (t/month, light and heavy), the state's stock by good (t), slow price memories, and the runs that quotas allow per firm."""

    def __init__(self, light: float, heavy: float, slack: float, quote: FloatArray, firms: int) -> None:
        self.light = light * (1.0 + slack)
        self.light_base, self.heavy_base = light, heavy
        self.use_before, self.trend = 1.0, 0.0  # home use of NdPr at the last decision (t/month), its yearly growth as planners see it
        self.stockpile = np.zeros(G)
        self.recent, self.preferred = quote.copy(), quote.copy()
        self.allowed = np.zeros(firms)

    def copy(self) -> SupplyPolicy:
        """A policy with arrays of its own."""
        other = SupplyPolicy.__new__(SupplyPolicy)
        other.__dict__.update(self.__dict__)
        for name in ("stockpile", "recent", "preferred", "allowed"):
            setattr(other, name, getattr(self, name).copy())
        return other


def expected_need(world: World, good: int) -> float:
    """What all firms expect to use of a good (t/month): China's customers are the world's metal makers, nearly all of them at home."""
    return float(world.needs.expected[world.needs.good == good].sum())


def decide_supply(world: World) -> None:
    """Each January and July China sets its light mining quota on home demand and price; the ionic-clay quota has stood still since 2018 (fact)."""
    supply, p, firms = world.supply, world.p, world.firms
    supply.recent += (world.quote - supply.recent) / 6.0
    supply.preferred += (world.quote - supply.preferred) / 36.0
    if world.on["M13"] and world.month and world.calendar_month in (1, 7):
        lead = GOOD["ndpr_oxide"]
        use = expected_need(world, lead)
        supply.trend += 0.3 * (2.0 * float(np.clip(np.log(use / supply.use_before), -0.05, 0.12)) - supply.trend)
        supply.use_before = use
        price = float(np.log(supply.recent[lead] / supply.preferred[lead]))
        luck = float(normals(world.seed, "quota", world.month, 1)[0])
        before = supply.light
        supply.light = rules.supply_quota(supply.light, supply.trend, price, p.quota_growth_gain, luck, p.quota_noise, p.quota_cut_limit)
        world.ledger.event(world, "China", "mining_quota", f"China sets its light mining quota {100 * (supply.light / before - 1):+.0f}% for the half-year")
    heavy_ratio = float(world.basket_value()[GOOD["heavy_concentrate"]])
    legal = supply.heavy_base * (1.0 - p.illegal_mining_share)
    illegal = miner.illegal_run(np.array([legal]), np.array([max(heavy_ratio, 0.01)]), p.illegal_mining_share / (1.0 - p.illegal_mining_share),
                                p.illegal_elasticity, p.enforcement)  # fmt: skip
    heavy = legal + float(illegal[0]) if world.on["M13"] else supply.heavy_base
    supply.allowed = np.full(len(firms), np.inf)
    for process, total, base in (("mine_light", supply.light, supply.light_base), ("mine_heavy", heavy, supply.heavy_base)):
        rows = world.has_quota & (firms.process == PROCESS[process])
        supply.allowed[rows] = firms.base_run[rows] * total / base
        firms.capacity[rows] = np.maximum(firms.capacity[rows], supply.allowed[rows])


def state_and_traders(world: World) -> None:
    """State purchases and hoarders move stock out of and into Chinese sellers' hands, good by good."""
    supply, p, offers, firms = world.supply, world.p, world.offers, world.firms
    at_home = firms.state[offers.firm] == CHINA
    alarm = float(world.beliefs.alarm[:, CHINA] @ world.import_weight / world.import_weight.sum()) if world.on["M7"] else 0.0
    rows = [GOOD[g] for g in LEAD_OXIDES]
    for_sale = group_sum(offers.stock * at_home, offers.good, G)
    made = group_sum(offers.made * at_home, offers.good, G)
    use = group_sum(world.needs.expected, world.needs.good, G)
    change = np.zeros(G)
    if world.on["M13"]:
        price = np.log(supply.recent / supply.preferred)
        trade = rules.state_trade(price, made, supply.stockpile, p.state_purchase)
        change[rows] = (np.minimum(trade, 0.5 * for_sale) * (for_sale > 0))[rows]  # where nobody sells there is nobody to trade with
        supply.stockpile += change
    ratio = supply.recent / supply.preferred
    bought = trader.hoard_purchase(use, world.quote_growth, ratio, alarm, world.hoard, for_sale - np.maximum(change, 0.0), p.hoard_gain, p.trend_band)
    released = trader.hoard_release(world.hoard, world.quote_growth, ratio)
    net = np.zeros(G)
    net[rows] = ((bought * world.on["M2"] - released) * (for_sale > 0))[rows]
    world.hoard = np.maximum(world.hoard + net, 0.0)
    out = change + net
    share = np.where(for_sale > 0, out / np.maximum(for_sale, 1e-300), 0.0)
    _pay(world, at_home, for_sale, change, net)
    offers.stock = np.where(at_home & (for_sale[offers.good] > 0), offers.stock * (1.0 - share[offers.good]), offers.stock)


def _pay(world: World, at_home: FloatArray, for_sale: FloatArray, state: FloatArray, hoard: FloatArray) -> None:
    """What changed hands is paid at the public quote, to or by each seller in proportion to its stock (USD million)."""
    money, offers = world.money, world.offers
    part = np.where(at_home & (for_sale[offers.good] > 0), offers.stock / np.maximum(for_sale[offers.good], 1e-300), 0.0)
    for tonnes, buyer, buying, selling in ((state, "treasury", "reserve_purchase", "reserve_sale"), (hoard, "traders", "hoard_purchase", "hoard_sale")):
        if not tonnes.any():
            continue
        value = (tonnes * world.quote / 1000.0)[offers.good] * part
        money.pay(buying, money.at[buyer][CHINA], offers.firm, np.maximum(value, 0.0))
        money.pay(selling, offers.firm, money.at[buyer][CHINA], np.maximum(-value, 0.0))
