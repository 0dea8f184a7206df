"""What leaks past a border, and by which way: smuggled straight out, re-sold by third countries, or
built into motors (M8).

Three routes, each decided by traders (agents/dealers/trader.py):

- smuggled: part of what a ban holds back, or of the trade that a quota limits (export_quota.py),
  leaves the exporter all the same, on the same links;
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

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.dealers import trader
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import goods
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border, Reach
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import TRACE, Fence, Leaks, Side, Source
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.politics.supply_policy import ENFORCEMENT_2015, PURSUED_FROM

# time over which third-country traders build up their trade (months; assumed; 1 to 12)
TRADER_BUILD_MONTHS = 4.0
# time over which third-country trade fades when its profit is gone (months; assumed; 3 to 36)
TRADER_FADE_MONTHS = 12.0
# how far traders in third states hold back from a target of a hostile and credible exporter (share;
# refusals of third-country routing in October 2010 (Asahi); 0 to 1)
TRADER_FEAR = 0.5
# how far buyers prefer foreign motors while the magnet inside is held back and dear, at full pull
# (log weight; assumed; 0 to 3)
ASSEMBLY_GAIN = 1.0


def enforcement(*, clock: Clock, p: Parameters) -> float:
    """How far smuggling and false papers are pursued: 1 - (1 - since 2015)(1 - above that of the
    start).
    """
    recent = clock.year >= PURSUED_FROM
    return 1.0 - (1.0 - ENFORCEMENT_2015 * recent) * (1.0 - p.border_enforcement)


class LeakedTonnes(NamedTuple):
    """What leaks of the orders of a month and of what waits (t by place)."""

    ordered: FloatArray  # smuggled of what is blocked
    waited: FloatArray  # smuggled of what waits
    smuggled: FloatArray  # both
    resold: FloatArray  # re-sold to who waits


class Trading(NamedTuple):
    """What traders move things in, the first four, and what they look at."""

    needs: Needs
    freight: Freight
    leaks: Leaks
    money: Money
    firms: Firms
    links: Links
    border: Border
    beliefs: Beliefs
    politics: Politics
    clock: Clock
    p: Parameters


def leak(
    trading: Trading, reach: Reach, blocked: FloatArray, late: FloatArray, use: FloatArray
) -> LeakedTonnes:
    """Blocked orders, and what has waited too long, that are smuggled straight out, t per link by
    place in the reach; third-country traders and motor buyers act on the same prices.

    Of a month's use, not of the orders: a shortage inflates orders, not the smugglers' boats.
    """
    leaks, border, p = trading.leaks, trading.border, trading.p
    blocked = np.minimum(blocked, use)
    late = np.minimum(late, use - blocked)
    if not (blocked.any() or late.any()):
        return LeakedTonnes(*np.zeros((4, len(blocked))))
    fence, drawn = leaks.fence(border), border_pull(border, p=p)
    part = _part_smuggled(drawn, fence, clock=trading.clock, p=p).take(reach.channel)
    ordered, waited = blocked * part, late * part
    leaks.active = True
    smuggled = ordered + waited
    leaks.smuggling = (reach.links, smuggled) if smuggled.any() else None
    wanted = np.where(reach.of_target | (late > 0.0), blocked - ordered, 0.0)
    resold = divert(trading, wanted, late - waited)
    held = fence.magnets[blocked.take(fence.magnets) > 0]
    pulled = drawn.take(reach.channel.take(held))
    _motors(leaks, reach.lane.take(held), pulled, links=trading.links, border=border)
    return LeakedTonnes(ordered, waited, smuggled, resold)


def border_pull(border: Border, *, p: Parameters) -> FloatArray:
    """How far the premium behind each channel moves traders (0-1)."""
    return trader.pull(np.exp(border.premium), trader.SMUGGLING_COST, p.smuggling_response)


def _part_smuggled(drawn: FloatArray, fence: Fence, *, clock: Clock, p: Parameters) -> FloatArray:
    """Part of what is held back that is smuggled (0-1), by channel: leak_g x share."""
    return fence.leak * trader.smuggled_share(p.leak_share, drawn, enforcement(clock=clock, p=p))


class WithheldTonnes(NamedTuple):
    """What the measures of exporters hold back from those that they bar; the first index is the
    exporter (Fence.sides).
    """

    by_good: FloatArray  # t
    weight: FloatArray  # importer x good: share of each target in its good
    barred: BoolArray  # the same: where the exporter bars its goods, or some are held back
    served: BoolArray  # by good: somebody wants it past a ban


def _wanted_tonnes(held_back: FloatArray, fence: Fence) -> WithheldTonnes:
    """Tonnes held back (by place in the reach), and where nothing is re-sold from."""
    shape = fence.barred.shape
    wanted = group_sum(held_back, fence.lane, fence.barred.size).reshape(shape)
    weight = wanted / (wanted.sum(axis=1, keepdims=True) + 1e-300)
    by_good = wanted.sum(axis=1)
    return WithheldTonnes(by_good, weight, fence.barred | (wanted > TRACE), by_good > TRACE)


def divert(trading: Trading, blocked: FloatArray, late: FloatArray) -> FloatArray:
    """Traders in third states re-sell the goods of each exporter to those it bars or lets wait (t
    by place in the reach), out of arrivals there that lines can spare: resold = min(K, what can be
    spared, held), K what traders can carry. Returned: what comes to who waits (t by place)."""
    leaks, border = trading.leaks, trading.border
    fence, resold = leaks.fence(border), np.zeros(len(blocked))
    if not fence.authors:
        return resold
    log_price = fence.on_lanes(border.premium)
    waits = late.any()
    if waits:
        late = late * _is_dear(fence, log_price).take(fence.lane)
    held_back = blocked + late
    want = _wanted_tonnes(held_back, fence)
    asked: list[list[bool]] = want.served.tolist()
    if not any(map(any, asked)):
        return resold
    drawn = _trader_pull(want, log_price, p=trading.p)
    leaks.served |= want.served.any(axis=0)
    gains: list[list[bool]] = np.any(drawn, axis=1).tolist()
    carried: list[bool] = np.any(leaks.capacity, axis=0).tolist()
    for at, exporter in enumerate(fence.authors):
        of_goods = zip(asked[at], gains[at], carried, strict=True)
        if not any(wants and (gain or carries) for wants, gain, carries in of_goods):
            continue  # nobody carries these goods, or would gain by it
        side = leaks.side(exporter, border)
        held = held_back.take(side.places)
        theirs = WithheldTonnes(*(of_all[at] for of_all in want))
        staked = fence.on_lanes(border.licensed)[at]
        daring = _nerve(trading, theirs, exporter, staked=staked, third=fence.third)
        into = _resell(trading, side, held, theirs, drawn[at], daring)
        if waits:
            resold[side.places] = into * (late.take(side.places) / (held + 1e-300))
        carried = np.any(leaks.capacity, axis=0).tolist()
    return resold


def _resell(
    trading: Trading,
    side: Side,
    held_back: FloatArray,
    want: WithheldTonnes,
    drawn: FloatArray,
    daring: FloatArray,
) -> FloatArray:
    """Traders re-sell the goods of one exporter; what comes to whom these are held back from (t by
    place of the side)."""
    needs, _, leaks, _, firms, links, *_ = trading
    S, G = len(needs.facts.states), len(needs.facts.goods)
    open_ = want.served & ~want.barred
    source = leaks.source(side.exporter, open_, firms=firms, needs=needs, links=links)
    arrived, spare = _to_spare(source, firms=firms, needs=needs, links=links)
    imports, can = (
        group_sum(tonnes, source.lane, S * G).reshape(S, G) for tonnes in (arrived, spare)
    )
    _build_up(leaks, imports, drawn, daring, want.served, p=trading.p)
    carried = np.minimum(np.maximum(leaks.capacity, 0.0), can)
    carried *= np.minimum(1.0, want.by_good / (carried.sum(axis=0) + 1e-300))
    if carried.sum() <= TRACE:
        return np.zeros(len(held_back))
    by_good = carried.sum(axis=0)
    out = spare * (carried / (can + 1e-300)).take(source.lane)
    into = held_back * (by_good / (want.by_good + 1e-300)).take(side.good)
    _carry_leaks(trading, source, out, side, into)
    # from each place to each target, in proportion to what each lacks
    leaks.note_table("third_country", carried[:, None] * want.weight)
    return into


def _is_dear(fence: Fence, log_price: FloatArray) -> BoolArray:
    """Where an exporter's goods cost more than in its mean export, by more than rounding, by cell
    of the table: who waits there buys from traders, who waits elsewhere may spare some.
    """
    mean = (fence.usual * log_price).sum(axis=1, keepdims=True) / fence.traded
    return np.asarray(log_price > mean + TRACE)


def _trader_pull(want: WithheldTonnes, log_price: FloatArray, *, p: Parameters) -> FloatArray:
    """How far the price of an exporter's goods in the barred states, over that in each other one,
    moves traders there (0-1, exporter x state x good).
    """
    # log premium in the barred states, by good
    target = (want.weight * log_price).sum(axis=1, keepdims=True)
    ratio = np.exp(target - log_price)
    return trader.pull(ratio, trader.SMUGGLING_COST, p.smuggling_response)


def _nerve(
    trading: Trading,
    want: WithheldTonnes,
    exporter: int,
    *,
    staked: FloatArray,
    third: FloatArray | None,
) -> FloatArray:
    """Nerve of traders by state and good (0-1): what fear, rules for sellers in third states,
    pursuit and the stake of their own licences leave of it.
    """
    obey: FloatArray | float = 0.0
    if third is not None:
        obey = (want.weight * third).sum(axis=0) * trading.p.extraterritorial_compliance
    government = trading.politics.government_of_state[exporter]
    tension = want.weight.T @ government.tension  # towards the targets, by good
    dread = trader.fear(float(trading.beliefs.credibility[exporter]), tension, TRADER_FEAR)
    pursuit = enforcement(clock=trading.clock, p=trading.p)
    return np.asarray(trader.nerve(dread, obey, pursuit) * trader.stake(staked, pursuit))


def _to_spare(
    source: Source, *, firms: Firms, needs: Needs, links: Links
) -> tuple[FloatArray, FloatArray]:
    """(what arrived from the exporter this month, what of it lines can spare), t by need."""
    rows = source.needs
    share = group_sum(links.share.take(source.links), source.link_needs, len(needs))
    arrived = needs.arrived.take(rows) * share.take(rows)
    spare = needs.stock.take(rows) - needs.coefficient.take(rows) * firms.wish.take(source.firm)
    return arrived, spare.clip(0.0, arrived)


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
    wish = p.third_country_share * imports * goods(p.facts).leak * drawn * daring
    leaks.capacity = np.where(
        served,
        trader.trade_capacity(leaks.capacity, wish, TRADER_BUILD_MONTHS, TRADER_FADE_MONTHS),
        leaks.capacity,
    )


def _carry_leaks(
    trading: Trading, source: Source, out: FloatArray, side: Side, into: FloatArray
) -> None:
    """Tonnes leave stocks in third states and are on their way to the target for two months; the
    buyer pays the price behind the border, which the traders share in proportion to what they
    carry.
    """
    needs, freight, leaks, money, _, links, *_ = trading
    needs.take(out, source.needs)
    leaks.resold[source.needs] += out
    bought = group_sum(into, side.need, len(needs))
    cost = group_sum(into * links.cost.take(side.rows), side.need, len(needs))
    freight.transit[(trading.clock.month + 2) % len(freight.transit)] += bought
    needs.send(bought)
    leaks.bought, leaks.cost = leaks.bought + bought, leaks.cost + cost
    buyer, traders = bought.nonzero()[0], money.at["traders"]
    through = group_sum(out, source.state, len(needs.facts.states)) / out.sum()
    via = through.nonzero()[0]
    bill = np.outer(cost.take(buyer) / 1000.0, through.take(via))
    payers, payees = needs.firm.take(buyer).reshape(-1, 1), traders.take(via).reshape(1, -1)
    money.pay("resale", payers, payees, bill)
    paid = out * needs.paid.take(source.needs) / 1000.0
    money.pay("resale_purchase", traders.take(source.state), source.firm, paid)


def _motors(
    leaks: Leaks, lane: IntArray, drawn: FloatArray, *, links: Links, border: Border
) -> None:
    """Where a magnet is held back and dear, buyers turn to foreign motors with it inside: their
    weight among suppliers rises by exp(gain x pull).

    lane: importer and good of each link of magnets that are held back; drawn: pull of each.
    """
    if not len(lane):
        return
    np.maximum.at(leaks.pull.reshape(-1), lane, drawn)
    motors = leaks.motors(links=links, border=border)
    lure = np.exp(ASSEMBLY_GAIN * leaks.pull).take(motors.lane)
    leaks.lure = np.ones(len(links))
    leaks.lure[motors.abroad] = np.where(border.shut.take(motors.channel) == 0, lure, 1.0)


def smuggled_value(
    sale: FloatArray, *, offers: Offers, links: Links, border: Border, leaks: Leaks
) -> FloatArray | None:
    """What was smuggled of the sales across each channel (USD million): past a quota, and of what a
    ban holds back; None where nothing is.
    """
    past = border.past if border.past.any() else None
    if leaks.smuggling is None:
        return None if past is None else np.asarray(sale * past)
    rows, smuggled = leaks.smuggling
    part = np.minimum(smuggled / (links.allowed.take(rows) + 1e-300), 1.0)
    value = links.shipped.take(rows) * part * offers.listed.take(links.offer.take(rows)) / 1000.0
    barred = group_sum(value, border.channel.take(rows), border.size)
    return barred if past is None else np.asarray(barred + (sale - barred) * past)


def count_leaks(leaks: Leaks, *, needs: Needs, links: Links, border: Border) -> None:
    """After shipping: what was smuggled of what sellers could grant, and motors that came instead
    of motors made at home.
    """
    if leaks.capacity.any():
        leaks.capacity = np.where(
            leaks.served, leaks.capacity, leaks.capacity * (1.0 - 1.0 / TRADER_FADE_MONTHS)
        )
    if leaks.smuggling is not None:
        rows, smuggled = leaks.smuggling
        shipped, allowed = links.shipped.take(rows), links.allowed.take(rows)
        sent = smuggled * np.minimum(shipped / (allowed + 1e-300), 1.0)
        leaks.note("smuggled", rows, sent, links=links)
    if leaks.pull.any():
        _count_motors(leaks, needs=needs, links=links, border=border)
    if border.past.any():
        rows = (border.past > 0).take(border.channel).nonzero()[0]
        past = links.shipped[rows] * border.past[border.channel[rows]]
        leaks.note("smuggled", rows, past, links=links)  # what left beside export quotas


def _count_motors(leaks: Leaks, *, needs: Needs, links: Links, border: Border) -> None:
    """Motors from abroad beyond the part of its needs that a target bought abroad at the start."""
    motors, count = leaks.motors(links=links, border=border), len(needs)
    got = group_sum(links.shipped.take(motors.rows), motors.need, count)
    abroad = links.shipped.take(motors.abroad)
    foreign = group_sum(abroad, motors.abroad_need, count)
    beyond = np.maximum(foreign - motors.usual * got, 0.0) / (foreign + 1e-300)
    drawn = leaks.pull.take(motors.lane) > 0.0
    leaks.note(
        "assembly", motors.abroad, abroad * beyond.take(motors.abroad_need) * drawn, links=links
    )
