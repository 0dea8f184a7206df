"""What leaks past a border, and by which way: smuggled straight out, re-sold by third countries, or built into motors (M8).

Three routes, each decided by traders (agents/trader.py):

- smuggled: part of what a ban holds back, or of all exports past a quota (export_quota.py), leaves the exporter all the same, on the same links;
- third country: traders in states that are not barred re-sell what arrived there from the exporter. It leaves the stock of firms there, beyond what their
  lines need this month; these firms order as much again from the exporter, so the tonnes are imports of the third state first;
- assembly: motors are outside most measures. End users whose makers at home lack magnets buy motors abroad, which sourcing does by itself (M3); while the
  magnet is held back and dear, they prefer foreign motors with the magnet inside (weight x exp(gain x pull)). The other formulation tried, foreign motors
  that need less qualification, changed nothing: the motor makers abroad that matter are qualified already. With the preference a ban on magnets alone
  costs the United States 9.2 firm-months of output instead of 11.8 over 17 months, one on magnets and motors 12.7 (seed 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import trader
from coercivity.agents.columns import BoolArray, FloatArray, IntArray, group_sum
from coercivity.model.goods import GOOD, goods
from coercivity.model.names import GOODS, STATES

if TYPE_CHECKING:
    from coercivity.model.world import World

S, G = len(STATES), len(GOODS)
ROUTES = ("smuggled", "third_country", "assembly")
TRACE = 1e-9  # t a month; less is nothing


class Leaks:
    """This month's leaks, and what traders in third states can carry (t/month by state and good)."""

    def __init__(self, needs: int) -> None:
        self.active = False
        self.capacity = np.zeros((S, G))
        self.resold = np.zeros(needs)  # t that left a need's stock this month for a barred target
        self.bought = np.zeros(needs)  # t that a need in a barred target bought of them
        self.cost = np.zeros(needs)  # what was asked for them, USD thousand
        self.smuggling: tuple[IntArray, FloatArray] | None = None  # links, and the part of what they may ship that is smuggled
        self.lure: FloatArray | float = 1.0  # by which the weight of a link is raised
        self.pull = np.zeros((S, G))  # of magnets held back, by target and good
        self.served = np.zeros(G, dtype=bool)  # goods that somebody wants past a ban this month
        self.tonnes = dict.fromkeys(ROUTES, 0.0)  # this month
        self.sources: dict[int, IntArray] = {}
        self.lines: list[tuple[int, IntArray, FloatArray]] = []  # when recording: route, (via x S + to) x G + good, t

    def copy(self) -> Leaks:
        """Leaks with arrays of their own."""
        other = Leaks.__new__(Leaks)
        other.__dict__.update(self.__dict__)
        for name in ("capacity", "resold", "bought", "cost", "pull", "served"):
            setattr(other, name, getattr(self, name).copy())
        other.tonnes, other.lines = dict(self.tonnes), list(self.lines)
        return other

    def still(self) -> None:
        """A month without leaks."""
        if self.active:
            needs = len(self.resold)
            self.resold, self.bought, self.cost = np.zeros(needs), np.zeros(needs), np.zeros(needs)
            self.smuggling, self.lure, self.active = None, 1.0, False
            self.pull, self.served = np.zeros((S, G)), np.zeros(G, dtype=bool)
        self.tonnes, self.lines = dict.fromkeys(ROUTES, 0.0), []

    def bought_from(self, world: World, exporter: int) -> IntArray:
        """Links across the border of an exporter, looked up once."""
        if exporter not in self.sources:
            self.sources[exporter] = np.flatnonzero((world.links.exporter == exporter) & (world.links.importer != exporter))
        return self.sources[exporter]

    def note(self, world: World, route: str, via: IntArray, to: IntArray, good: IntArray, tonnes: FloatArray) -> None:
        """Count tonnes of a route; when recording, by place and good."""
        self.tonnes[route] += float(tonnes.sum())
        if world.ledger.record_columns:
            code, place = np.unique((via * S + to) * G + good, return_inverse=True)
            sums = group_sum(tonnes, place, len(code))
            self.lines.append((ROUTES.index(route), code[sums > TRACE], sums[sums > TRACE]))


def enforcement(world: World) -> float:
    """How far smuggling and false papers are pursued: 1 - (1 - since 2015)(1 - above that of the start)."""
    recent = int(world.start_name[:4]) + world.month // 12 >= 2015
    return 1.0 - (1.0 - world.p.enforcement_2015 * recent) * (1.0 - world.p.border_enforcement)


def leak(world: World, rows: IntArray, held: FloatArray) -> FloatArray:
    """Blocked orders that are smuggled straight out, t per link of `rows`; third-country traders and motor buyers act on the same prices.

    Of a month's use, not of the orders: panic inflates orders, not the smugglers' boats.
    """
    border, p, needs, links, leaks = world.border, world.p, world.needs, world.links, world.leaks
    held = np.minimum(held, links.share[rows] * needs.expected[links.need[rows]])
    if not held.any():
        return held
    drawn = trader.pull(np.exp(border.premium), p.smuggling_cost, p.smuggling_response)
    part = goods().leak[border.good] * trader.smuggled_share(p.leak_share, drawn, enforcement(world))
    out = held * part[border.channel[rows]]
    leaks.active = True
    leaks.smuggling = (rows, out)
    stopped = held > 0
    own = stopped & ((border.banned + border.dual_use + border.listing)[border.channel[rows]] > 0)
    for exporter in np.unique(links.exporter[rows[own]]).tolist():
        of = own & (links.exporter[rows] == exporter)
        divert(world, exporter, rows[of], (held - out)[of])
    _motors(world, rows[stopped])
    return out


def divert(world: World, exporter: int, rows: IntArray, held: FloatArray) -> None:
    """Traders in third states re-sell the exporter's goods to those it bars: out of arrivals there that lines can spare, within what the traders can carry.

    W_vg = share x imports_vg x leak_g x pull(price in the target / price in v) x nerve_v;  K <- K + (W - K)/tau;  resold = min(K, what can be spared, held).

    Two formulations were tried on japan-blanket-ban: without capacity (tau = 1) 309 t come in the first quarter and 1,950 t in the year, with it (4 months)
    105 t and 1,400 t; Japan's output differs by 2%. The capacity stays, because in the two months of autumn 2010 the first lets 78 t through and it 22 t,
    nearer to what was seen (refusals, no wave of re-exports), and because a trade that exists meets a second ban at once.
    """
    border, links, needs, p, leaks, firms = world.border, world.links, world.needs, world.p, world.leaks, world.firms
    good, to = links.good[rows], links.importer[rows]
    wanted = group_sum(held, to * G + good, S * G).reshape(S, G)
    log_price = np.zeros((S, G))
    own = border.exporter == exporter
    log_price[border.importer[own], border.good[own]] = border.premium[own]
    barred = np.zeros((S, G), dtype=bool)
    shut = own & ((border.banned + border.dual_use) > 0)
    barred[border.importer[shut], border.good[shut]] = True
    barred |= wanted > TRACE
    barred[exporter] = True
    weight = wanted / np.maximum(wanted.sum(axis=0), 1e-300)
    target = (weight * log_price).sum(axis=0)  # log premium in the barred states, by good
    ratio = np.exp(target[None, :] - log_price)
    third = np.zeros((S, G))
    over = border.third > 0
    third[border.importer[over], border.good[over]] = 1.0
    obey = (weight * third).sum(axis=0) * p.extraterritorial_compliance
    tension = weight.T @ world.government_of_state[exporter].tension  # towards the targets, by good
    dread = trader.fear(float(world.beliefs.credibility[exporter]), tension, p.trader_fear)
    daring = trader.nerve(dread, obey, enforcement(world))
    abroad = leaks.bought_from(world, exporter)
    arrived = needs.arrived * group_sum(links.share[abroad], links.need[abroad], len(needs))
    state = firms.state[needs.firm]
    place = state * G + needs.good
    spare = np.clip(needs.stock - needs.coefficient * world.wish[needs.firm], 0.0, arrived)
    spare = np.where(barred[state, needs.good], 0.0, spare)
    imports = group_sum(np.where(barred[state, needs.good], 0.0, arrived), place, S * G).reshape(S, G)
    wish = p.third_country_share * imports * goods().leak * trader.pull(ratio, p.smuggling_cost, p.smuggling_response) * daring
    served = wanted.sum(axis=0) > TRACE
    leaks.served |= served
    leaks.capacity = np.where(served, trader.trade_capacity(leaks.capacity, wish, p.trader_build_months, p.trader_fade_months), leaks.capacity)
    can = group_sum(spare, place, S * G).reshape(S, G)
    carried = np.minimum(leaks.capacity, can)
    carried *= np.minimum(1.0, wanted.sum(axis=0) / np.maximum(carried.sum(axis=0), 1e-300))
    carried[barred] = 0.0
    if carried.sum() <= TRACE:
        return
    out = spare * (carried / np.maximum(can, 1e-300)).ravel()[place]
    into = held * (carried.sum(axis=0) / np.maximum(wanted.sum(axis=0), 1e-300))[good]
    _carry(world, out, rows, into)
    flow = carried[:, None, :] * weight[None, :, :]
    via, whom, what = np.nonzero(flow > TRACE)
    leaks.note(world, "third_country", via, whom, what, flow[via, whom, what])


def _carry(world: World, out: FloatArray, rows: IntArray, into: FloatArray) -> None:
    """Tonnes leave stocks in third states and are on their way to the target for two months; the buyer pays the price behind the border."""
    needs, links, leaks, firms, money = world.needs, world.links, world.leaks, world.firms, world.money
    needs.stock = np.maximum(needs.stock - out, 0.0)
    leaks.resold = leaks.resold + out
    bought = group_sum(into, links.need[rows], len(needs))
    cost = group_sum(into * links.cost[rows], links.need[rows], len(needs))
    world.transit[(world.month + 2) % len(world.transit)] += bought
    needs.pipeline += bought
    leaks.bought, leaks.cost = leaks.bought + bought, leaks.cost + cost
    buyer, seller = np.flatnonzero(bought), np.flatnonzero(out)
    traders = money.at["traders"]
    place = firms.state[needs.firm[seller]]
    due = out[seller] * needs.paid[seller] / 1000.0
    through = group_sum(out[seller], place, S) / out[seller].sum()  # the target's bill is shared by the traders in proportion to what they carry
    money.pay("resale", needs.firm[buyer][:, None], traders[None, :], cost[buyer][:, None] / 1000.0 * through[None, :])
    money.pay("resale_purchase", traders[place], needs.firm[seller], due)


def _motors(world: World, rows: IntArray) -> None:
    """Where a magnet is held back and dear, buyers turn to foreign motors with it inside: their weight among suppliers rises by exp(gain x pull)."""
    border, links, p, leaks = world.border, world.links, world.p, world.leaks
    held = np.bincount(border.channel[rows], minlength=border.size) > 0
    magnets = np.flatnonzero(held & ((border.good == GOOD["magnet_standard"]) | (border.good == GOOD["magnet_heat_resistant"])))
    if not len(magnets):
        return
    drawn = trader.pull(np.exp(border.premium[magnets]), p.smuggling_cost, p.smuggling_response)
    np.maximum.at(leaks.pull, (border.importer[magnets], border.good[magnets]), drawn)
    lure = np.ones(len(links))
    motors = world.motor_links
    free = (links.exporter[motors] != links.importer[motors]) & (border.banned[border.channel[motors]] == 0)
    motors = motors[free]
    lure[motors] = np.exp(p.assembly_gain * leaks.pull[links.importer[motors], magnet_in(links.good[motors])])
    leaks.lure = lure


def smuggled_value(world: World, sale: FloatArray) -> FloatArray:
    """What was smuggled of the sales across each channel (USD million): past a quota, and of what a ban holds back."""
    leaks, border, links = world.leaks, world.border, world.links
    past = border.smuggled_of_room * (border.quota > 0) * (border.smuggled_share > 0.0)
    if leaks.smuggling is None:
        return np.asarray(sale * past)
    rows, smuggled = leaks.smuggling
    part = np.minimum(smuggled / np.maximum(world.allowed[rows], 1e-300), 1.0)
    value = world.shipped[rows] * part * world.listed[links.offer[rows]] / 1000.0
    barred = group_sum(value, border.channel[rows], border.size)
    return np.asarray(barred + (sale - barred) * past)


def count_leaks(world: World) -> None:
    """After shipping: what was smuggled of what sellers could grant, and motors that came instead of motors made at home."""
    leaks, links = world.leaks, world.links
    if leaks.capacity.any():
        leaks.capacity = np.where(leaks.served, leaks.capacity, leaks.capacity * (1.0 - 1.0 / world.p.trader_fade_months))
    if leaks.smuggling is not None:
        rows, smuggled = leaks.smuggling
        sent = smuggled * np.minimum(world.shipped[rows] / np.maximum(world.allowed[rows], 1e-300), 1.0)
        leaks.note(world, "smuggled", links.exporter[rows], links.importer[rows], links.good[rows], sent)
    if leaks.pull.any():
        _count_motors(world)
    if world.border.smuggled_share > 0.0:
        _count_past_quota(world)


def magnet_in(motor: IntArray) -> IntArray:
    """The magnet inside a motor, as goods."""
    return np.where(motor == GOOD["motor_standard"], GOOD["magnet_standard"], GOOD["magnet_heat_resistant"])


def _count_motors(world: World) -> None:
    """Motors from abroad beyond the part of its needs that a target bought abroad at the start."""
    leaks, links, needs = world.leaks, world.links, world.needs
    rows = world.motor_links
    rows = rows[leaks.pull[links.importer[rows], magnet_in(links.good[rows])] > 0.0]
    count = len(needs)
    abroad = links.exporter[rows] != links.importer[rows]
    usual = group_sum(np.where(links.qualify[rows] == 0, links.prior[rows], 0.0) * abroad, links.need[rows], count)
    got = group_sum(world.shipped[rows], links.need[rows], count)
    foreign = group_sum(world.shipped[rows] * abroad, links.need[rows], count)
    beyond = np.maximum(foreign - usual * got, 0.0) / np.maximum(foreign, 1e-300)
    of: BoolArray = abroad & (world.shipped[rows] > 0.0)
    rows = rows[of]
    leaks.note(world, "assembly", links.exporter[rows], links.importer[rows], links.good[rows], world.shipped[rows] * beyond[links.need[rows]])


def _count_past_quota(world: World) -> None:
    """What left the exporter beside its export quota."""
    border, links = world.border, world.links
    rows = np.flatnonzero(border.quota[border.channel] > 0)
    world.leaks.note(world, "smuggled", links.exporter[rows], links.importer[rows], links.good[rows], world.shipped[rows] * border.smuggled_of_room)
