"""What leaks past a border, and by which way: smuggled straight out, re-sold by third countries, or
built into motors (M8).

Three routes, each decided by traders (agents/dealers/trader.py):

- smuggled: part of what a ban holds back, or of all exports past a quota (export_quota.py), leaves
  the exporter all the same, on the same links;
- third country: traders in states that are not barred re-sell what arrived there from the exporter.
  It leaves the stock of firms there, beyond what their lines need this month; these firms order as
  much again from the exporter, so the tonnes are imports of the third state first;
- assembly: motors are outside most measures. End users whose makers at home lack magnets buy motors
  abroad, which sourcing does by itself (M3); while the magnet is held back and dear, they prefer
  foreign motors with the magnet inside (weight x exp(gain x pull)). See decision 0016.

What has waited for a licence for longer than the law allows is wanted from smugglers and from
traders in states where the good is cheaper. See decision 0039.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.dealers import trader
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import GOOD, goods
from coercivity.model.basis.names import GOODS, STATES
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import TRACE, Fence, Leaks, Source
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics

if TYPE_CHECKING:
    from coercivity.model.parts.border import Reach

S, G = len(STATES), len(GOODS)


def enforcement(*, clock: Clock, p: Parameters) -> float:
    """How far smuggling and false papers are pursued: 1 - (1 - since 2015)(1 - above that of the
    start).
    """
    recent = int(clock.start[:4]) + clock.month // 12 >= 2015
    return 1.0 - (1.0 - p.enforcement_2015 * recent) * (1.0 - p.border_enforcement)


class Leaked(NamedTuple):
    """What leaks of the orders of a month and of what waits (t by place)."""

    ordered: FloatArray  # smuggled of what is blocked
    waited: FloatArray  # smuggled of what waits
    resold: FloatArray  # re-sold to who waits


def leak(
    needs: Needs,
    freight: Freight,
    leaks: Leaks,
    money: Money,
    reach: Reach,
    place: IntArray,
    blocked: FloatArray,
    late: FloatArray,
    *,
    firms: Firms,
    links: Links,
    border: Border,
    beliefs: Beliefs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> Leaked:
    """Blocked orders, and what has waited too long, that are smuggled straight out, t per link at
    `place` in the reach; third-country traders and motor buyers act on the same prices."""
    rows = reach.links[place]
    # of a month's use, not of the orders: panic inflates orders, not the smugglers' boats
    month = links.share[rows] * needs.expected[reach.need[place]]
    blocked = np.minimum(blocked, month)
    late = np.minimum(late, month - blocked)
    if not (blocked.any() or late.any()):
        return Leaked(*np.zeros((3, len(place))))
    part = _part_smuggled(reach, border=border, clock=clock, p=p)[reach.stand[place]]
    leaked = Leaked(blocked * part, late * part, np.zeros(len(place)))
    leaks.active = True
    leaks.smuggling = (rows, leaked.ordered + leaked.waited)
    own = (reach.of_target[place] | (late > 0.0)).nonzero()[0]
    exporter = reach.exporter[place[own]]
    held, waits = blocked - leaked.ordered, late - leaked.waited
    for author in np.bincount(exporter, minlength=S).nonzero()[0].tolist():
        rows_of_author = own[exporter == author]
        leaked.resold[rows_of_author] = divert(
            needs,
            freight,
            leaks,
            money,
            reach,
            author,
            place[rows_of_author],
            held[rows_of_author],
            waits[rows_of_author],
            firms=firms,
            links=links,
            border=border,
            beliefs=beliefs,
            politics=politics,
            clock=clock,
            p=p,
        )
    _motors(leaks, reach.channel[place[blocked > 0]], links=links, border=border, p=p)
    return leaked


def _part_smuggled(reach: Reach, *, border: Border, clock: Clock, p: Parameters) -> FloatArray:
    """Part of what is held back that is smuggled (0-1), by channel of the reach: leak_g x share."""
    drawn = trader.pull(
        np.exp(border.premium[reach.channels]), p.smuggling_cost, p.smuggling_response
    )
    return goods().leak[border.good[reach.channels]] * trader.smuggled_share(
        p.leak_share, drawn, enforcement(clock=clock, p=p)
    )


class Wanted(NamedTuple):
    """What an exporter's measures hold back from those it bars."""

    by_good: FloatArray  # t
    weight: FloatArray  # S x G: share of each target in its good
    barred: BoolArray  # S x G: where the exporter bars its goods, or some are held back
    served: BoolArray  # by good: somebody wants it past a ban


def _wanted(held_back: FloatArray, lane: IntArray, fence: Fence) -> Wanted:
    """Tonnes held back by lane (importer x G + good), and where nothing is re-sold from."""
    wanted = group_sum(held_back, lane, S * G).reshape(S, G)
    by_good = wanted.sum(axis=0)
    weight = wanted / np.maximum(by_good, 1e-300)
    return Wanted(by_good, weight, fence.barred | (wanted > TRACE), by_good > TRACE)


def divert(
    needs: Needs,
    freight: Freight,
    leaks: Leaks,
    money: Money,
    reach: Reach,
    exporter: int,
    at: IntArray,
    blocked: FloatArray,
    late: FloatArray,
    *,
    firms: Firms,
    links: Links,
    border: Border,
    beliefs: Beliefs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> FloatArray:
    """Traders in third states re-sell the exporter's goods to those it bars or lets wait, out of
    arrivals there that lines can spare: resold = min(K, what can be spared, held), K what traders
    can carry. Returned: what comes to who waits (t by place)."""
    fence, lane = leaks.fence(border, exporter), reach.lane[at]
    if late.any():
        late = late * _dear(fence, border=border).take(lane)
    held_back = blocked + late
    want = _wanted(held_back, lane, fence)
    if not want.served.any():
        return np.zeros(len(at))
    drawn = _drawn(want, fence, border=border, p=p)
    leaks.served |= want.served
    moved = np.logical_or(drawn.any(axis=0), leaks.capacity.any(axis=0))
    if not moved[want.served].any():
        return np.zeros(len(at))  # nobody carries these goods, or would gain by it
    daring = _nerve(
        want, fence, exporter, border=border, beliefs=beliefs, politics=politics, clock=clock, p=p
    )
    open_ = want.served & ~want.barred
    source = leaks.source(exporter, open_, firms=firms, needs=needs, links=links)
    arrived, spare = _to_spare(source, firms=firms, needs=needs, links=links)
    imports, can = (
        group_sum(tonnes, source.lane, S * G).reshape(S, G) for tonnes in (arrived, spare)
    )
    _build_up(leaks, imports, drawn, daring, want.served, p=p)
    carried = np.minimum(leaks.capacity, can)
    carried *= np.minimum(1.0, want.by_good / np.maximum(carried.sum(axis=0), 1e-300))
    carried[want.barred] = 0.0
    if carried.sum() <= TRACE:
        return np.zeros(len(at))
    out = spare * (carried / np.maximum(can, 1e-300)).take(source.lane)
    into = held_back * (carried.sum(axis=0) / np.maximum(want.by_good, 1e-300))[lane % G]
    rows = reach.links[at]
    _carry(
        needs, freight, leaks, money, source, out, rows, into, firms=firms, links=links, clock=clock
    )
    _note_resold(leaks, carried, want.weight)
    return np.asarray(into * (late / np.maximum(held_back, 1e-300)))


def _dear(fence: Fence, *, border: Border) -> BoolArray:
    """Where the exporter's goods cost more than in its mean export, by lane: who waits there buys
    from traders, who waits elsewhere may spare some.
    """
    usual, price = border.normal[fence.own], border.premium[fence.own]
    good = fence.lane % G
    mean = group_sum(usual * price, good, G) / np.maximum(group_sum(usual, good, G), 1e-300)
    dear = np.zeros(S * G, dtype=bool)
    dear[fence.lane] = price > mean[good]
    return dear


def _drawn(want: Wanted, fence: Fence, *, border: Border, p: Parameters) -> FloatArray:
    """How far the price of the exporter's goods in the barred states, over that in each other one,
    moves traders there (0-1, S x G).
    """
    log_price = fence.on_lanes(border.premium)
    target = (want.weight * log_price).sum(axis=0)  # log premium in the barred states, by good
    return trader.pull(np.exp(target - log_price), p.smuggling_cost, p.smuggling_response)


def _nerve(
    want: Wanted,
    fence: Fence,
    exporter: int,
    *,
    border: Border,
    beliefs: Beliefs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> FloatArray:
    """Nerve of traders by state and good (0-1): what fear, rules for sellers in third states,
    pursuit and the stake of their own licences leave of it."""
    obey = (want.weight * fence.third).sum(axis=0) * p.extraterritorial_compliance
    tension = (
        want.weight.T @ politics.government_of_state[exporter].tension
    )  # towards the targets, by good
    dread = trader.fear(float(beliefs.credibility[exporter]), tension, p.trader_fear)
    pursuit = enforcement(clock=clock, p=p)
    staked = fence.on_lanes(border.licensed)
    return np.asarray(trader.nerve(dread, obey, pursuit) * trader.stake(staked, pursuit))


def _to_spare(
    source: Source, *, firms: Firms, needs: Needs, links: Links
) -> tuple[FloatArray, FloatArray]:
    """(what arrived from the exporter this month, what of it lines can spare), t by need."""
    arrived = needs.arrived[source.needs] * group_sum(
        links.share[source.links], source.place, len(source.needs)
    )
    spare = (
        needs.stock[source.needs] - needs.coefficient[source.needs] * firms.wish[source.firm]
    ).clip(0.0, arrived)
    return arrived, spare


def _build_up(
    leaks: Leaks,
    imports: FloatArray,
    drawn: FloatArray,
    daring: FloatArray,
    served: BoolArray,
    *,
    p: Parameters,
) -> None:
    """What traders can carry grows towards what they wish to: K <- K + (W - K) / tau (t/month).

    W_vg = share x imports_vg x leak_g x pull(price in the target / price in v) x nerve_vg.
    Capacity, because a trade takes months to arrange, and one that exists meets a second ban at
    once. See decision 0016.
    """
    wish = p.third_country_share * imports * goods().leak * drawn * daring
    leaks.capacity = np.where(
        served,
        trader.trade_capacity(leaks.capacity, wish, p.trader_build_months, p.trader_fade_months),
        leaks.capacity,
    )


def _note_resold(leaks: Leaks, carried: FloatArray, weight: FloatArray) -> None:
    """What was re-sold from each place is counted by target, in proportion to what each lacks."""
    place, what = carried.nonzero()
    flow = carried[place, what] * weight[:, what]  # to each target, from each place
    whom, line = (flow > TRACE).nonzero()
    leaks.note("third_country", place[line], whom, what[line], flow[whom, line])


def _carry(
    needs: Needs,
    freight: Freight,
    leaks: Leaks,
    money: Money,
    source: Source,
    out: FloatArray,
    rows: IntArray,
    into: FloatArray,
    *,
    firms: Firms,
    links: Links,
    clock: Clock,
) -> None:
    """Tonnes leave stocks in third states and are on their way to the target for two months; the
    buyer pays the price behind the border.
    """
    needs.take(out, source.needs)
    leaks.resold[source.needs] += out
    bought = group_sum(into, links.need[rows], len(needs))
    cost = group_sum(into * links.cost[rows], links.need[rows], len(needs))
    freight.transit[(clock.month + 2) % len(freight.transit)] += bought
    needs.send(bought)
    leaks.bought, leaks.cost = leaks.bought + bought, leaks.cost + cost
    buyer, traders, place = bought.nonzero()[0], money.at["traders"], firms.state[source.firm]
    through = (
        group_sum(out, place, S) / out.sum()
    )  # the target's bill is shared by the traders in proportion to what they carry
    via = through.nonzero()[0]
    money.pay(
        "resale",
        needs.firm[buyer][:, None],
        traders[via][None, :],
        cost[buyer][:, None] / 1000.0 * through[via][None, :],
    )
    money.pay(
        "resale_purchase", traders[place], source.firm, out * needs.paid[source.needs] / 1000.0
    )


def _motors(
    leaks: Leaks, held_channels: IntArray, *, links: Links, border: Border, p: Parameters
) -> None:
    """Where a magnet is held back and dear, buyers turn to foreign motors with it inside: their
    weight among suppliers rises by exp(gain x pull).

    held_channels: channels of the orders that are held back.
    """
    channels = np.bincount(held_channels).nonzero()[0]  # each once
    good = border.good[channels]
    magnets = channels[(good == GOOD["magnet_standard"]) | (good == GOOD["magnet_heat_resistant"])]
    if not len(magnets):
        return
    drawn = trader.pull(np.exp(border.premium[magnets]), p.smuggling_cost, p.smuggling_response)
    np.maximum.at(leaks.pull, (border.importer[magnets], border.good[magnets]), drawn)
    motors, lane, abroad = leaks.motors(links=links)
    drawn = leaks.pull.take(lane)
    motors, drawn = motors[abroad & (drawn > 0.0)], drawn[abroad & (drawn > 0.0)]
    free = border.shut[border.channel[motors]] == 0
    leaks.lure = np.ones(len(links))
    leaks.lure[motors[free]] = np.exp(p.assembly_gain * drawn[free])


def smuggled_value(
    sale: FloatArray, *, offers: Offers, links: Links, border: Border, leaks: Leaks
) -> FloatArray:
    """What was smuggled of the sales across each channel (USD million): past a quota, and of what a
    ban holds back.
    """
    past = border.past
    if leaks.smuggling is None:
        return np.asarray(sale * past)
    rows, smuggled = leaks.smuggling
    part = np.minimum(smuggled / np.maximum(links.allowed[rows], 1e-300), 1.0)
    value = links.shipped[rows] * part * offers.listed[links.offer[rows]] / 1000.0
    barred = group_sum(value, border.channel[rows], border.size)
    return np.asarray(barred + (sale - barred) * past)


def count_leaks(leaks: Leaks, *, needs: Needs, links: Links, border: Border, p: Parameters) -> None:
    """After shipping: what was smuggled of what sellers could grant, and motors that came instead
    of motors made at home.
    """
    if leaks.capacity.any():
        leaks.capacity = np.where(
            leaks.served, leaks.capacity, leaks.capacity * (1.0 - 1.0 / p.trader_fade_months)
        )
    if leaks.smuggling is not None:
        rows, smuggled = leaks.smuggling
        sent = smuggled * np.minimum(
            links.shipped[rows] / np.maximum(links.allowed[rows], 1e-300), 1.0
        )
        leaks.note("smuggled", links.exporter[rows], links.importer[rows], links.good[rows], sent)
    if leaks.pull.any():
        _count_motors(leaks, needs=needs, links=links)
    if border.past.any():
        _count_past_quota(leaks, links=links, border=border)


def _count_motors(leaks: Leaks, *, needs: Needs, links: Links) -> None:
    """Motors from abroad beyond the part of its needs that a target bought abroad at the start."""
    motors, lane, _ = leaks.motors(links=links)
    rows = motors[leaks.pull.take(lane) > 0.0]
    need, exporter, shipped = links.need[rows], links.exporter[rows], links.shipped[rows]
    count, abroad = len(needs), exporter != links.importer[rows]
    usual = group_sum(links.prior[rows] * (abroad & (links.qualify[rows] == 0)), need, count)
    got = group_sum(shipped, need, count)
    foreign = group_sum(shipped * abroad, need, count)
    beyond = np.maximum(foreign - usual * got, 0.0) / np.maximum(foreign, 1e-300)
    motor_links = np.flatnonzero(abroad & (shipped > 0.0))
    rows = rows[motor_links]
    leaks.note(
        "assembly",
        exporter[motor_links],
        links.importer[rows],
        links.good[rows],
        shipped[motor_links] * beyond[need[motor_links]],
    )


def _count_past_quota(leaks: Leaks, *, links: Links, border: Border) -> None:
    """What left the exporter beside its export quotas."""
    rows = (border.past > 0).take(border.channel).nonzero()[0]
    leaks.note(
        "smuggled",
        links.exporter[rows],
        links.importer[rows],
        links.good[rows],
        links.shipped[rows] * border.past[border.channel[rows]],
    )
