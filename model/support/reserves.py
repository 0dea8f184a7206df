"""Public reserves: stockpiles that are filled in calm markets and opened in shortages, and offtake
of what stays unsold (M10).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.tables import Needs, Offers
from coercivity.model.parts.border import MEASURES
from coercivity.model.parts.money import Money, first_of_government
from coercivity.model.parts.programme import Programme
from coercivity.model.parts.support import Support
from coercivity.model.parts.world_view import WorldView

CALM_FILL = 0.95  # mean fill of home users above which nobody is short
# any of these closes a border to a stockpile
CLOSED = np.array(
    [MEASURES.index(name) for name in ("licensed", "banned", "halted", "dual_use", "quota")]
)[:, None]
# part of the gap of a stockpile that is bought in a year (per year; behaviour rules 2.3: Buy = k
# (S* - S) / 12; 0.25 to 4)
STOCKPILE_SPEED = 1.0
# part of what sellers hold beyond a month of orders that stockpiles and offtake can buy (share;
# assumed; 0.1 to 1)
STOCKPILE_SPARE = 0.5
# fill of orders below which a user is served from the stockpile (share; assumed: on request of
# short users; 0.5 to 1)
RELEASE_FILL = 0.9


def take_unsold(offers: Offers, support: Support, money: Money, programme: Programme) -> None:
    """The state buys what stays unsold, stock beyond the seller's normal cover, up to the yearly
    tonnes, at the asking price or the floor if that is higher.

    q = min(spare (S - c O), tonnes / 12); the members hold it by their shares of the cost.
    """
    facts, event, rows = offers.facts, programme.event, programme.sells
    if not programme.open:
        return
    unsold = np.maximum(offers.stock[rows] - offers.cover[rows] * offers.orders[rows], 0.0)
    total = float(unsold.sum())
    if total <= 1e-9:
        return
    tonnes = unsold * min(1.0, event.get("tonnes") / 12.0 / total)
    goods = offers.good[rows]
    floors = dict.fromkeys(goods.tolist(), 0.0)
    for other in support.programmes.values():
        if other.open and other.kind == "price_floor" and other.event.actor == event.actor:
            good, floor = facts.good_row[other.event.get("good")], other.event.get("floor")
            floors[good] = max(floors.get(good, 0.0), floor)
    price = np.maximum(offers.ask[rows], [floors[good] for good in goods.tolist()])
    cost = float((tonnes * price).sum()) / 1000.0
    scale = min(1.0, programme.left / max(cost, 1e-12))
    tonnes, paid = tonnes * scale, tonnes * price * scale / 1000.0
    offers.take(tonnes, rows)
    kept = group_sum(tonnes, goods, len(facts.goods))
    support.reserve += programme.payers[:, None] * kept[None, :]
    firm, payers = offers.firm[rows], np.flatnonzero(programme.payers)[:, None]
    shares = programme.payers[payers] * paid[None, :]
    money.pay("offtake", money.at["treasury"][payers], firm[None, :], shares)
    programme.spent += float(paid.sum())
    np.add.at(support.paid, firm, paid)


def keep_stockpile(
    offers: Offers, support: Support, money: Money, programme: Programme, *, seen: WorldView
) -> None:
    """The state's stockpile for its own firms is filled in calm markets, from all who may sell.

    Source: behaviour rules 2.3 (60 days by default, up to 180; refill when price < trend). What a
    stockpile sells for is spent again.
    """
    if not programme.open or programme.left <= 1e-6:
        return
    facts = seen.facts
    own = [facts.state_row[name] for name in facts.states_of(programme.event.actor)]
    gap = _gap(support, programme, own, seen=seen)
    for buyer in own:
        if gap[buyer].any():
            _buy(offers, support, money, programme, buyer, gap[buyer], seen=seen)


def _gap(support: Support, programme: Programme, own: list[int], *, seen: WorldView) -> FloatArray:
    """What a stockpile of some states wants to buy this month by state and good, in calm markets:
    k (S* - S) / 12.

    S* = cover x monthly use, S reserve (t), k yearly speed. Calm: the market price is at or below
    its three-year mean and home users are served.
    """
    facts, needs, state = seen.facts, seen.needs, seen.firms.state
    S, G = len(facts.states), len(facts.goods)
    if programme.home is None or programme.place is None:
        of_goods = np.isin(needs.good, [facts.good_row[name] for name in programme.event.goods])
        home = programme.home = np.flatnonzero(of_goods & np.isin(state[needs.firm], own))
        programme.place = state[needs.firm[home]] * G + needs.good[home]
    home, place = programme.home, programme.place
    use = needs.expected[home]
    wanted = group_sum(use, place, S * G).reshape(S, G)
    filled = group_sum(use * needs.fill[home], place, S * G).reshape(S, G)
    served = filled / np.maximum(wanted, 1e-12)
    calm = (served >= CALM_FILL) & (seen.market.quote <= seen.supply.preferred)
    lacking = np.maximum(programme.event.get("cover") * wanted - support.reserve, 0.0)
    return np.asarray(np.where(calm, lacking, 0.0) * (STOCKPILE_SPEED / 12.0))


def open_reserves(needs: Needs, support: Support, money: Money, *, seen: WorldView) -> None:
    """Reserves are opened to home users whose orders are not filled: R = min(stock, sum of what
    they lack), lack = max(0, use - stock - arrivals).

    A government's states share its reserve; users pay what they last paid for the good. Source:
    behaviour rules 2.3, Release = max(0, need - supply).
    """
    facts, transit = seen.facts, seen.freight.transit
    S, G = len(facts.states), len(facts.goods)
    pool = np.zeros((S, G))
    np.add.at(pool, first_of_government(facts), support.reserve)
    state = first_of_government(facts)[seen.firms.state[needs.firm]]
    rows = np.flatnonzero((needs.fill < RELEASE_FILL) & (pool[state, needs.good] > 1e-9))
    if not len(rows):
        return
    arriving = transit[(seen.clock.month + 1) % len(transit)][rows]
    lack = np.maximum(needs.expected[rows] - needs.stock[rows] - arriving, 0.0)
    place = state[rows] * G + needs.good[rows]
    total = group_sum(lack, place, S * G)
    part = np.minimum(1.0, pool.reshape(-1) / np.maximum(total, 1e-12))
    tonnes = lack * part[place]
    if not tonnes.any():
        return
    needs.put(tonnes, rows)
    taken = (total * part).reshape(S, G) / np.maximum(pool, 1e-12)
    support.reserve = support.reserve * np.maximum(1.0 - taken[first_of_government(facts)], 0.0)
    paid = tonnes * needs.paid[rows] / 1000.0
    money.pay("stockpile_sale", needs.firm[rows], money.at["treasury"][state[rows]], paid)
    income = group_sum(paid, state[rows], S)
    for programme in support.programmes.values():
        if programme.kind == "stockpile":
            who = facts.state_row[facts.states_of(programme.event.actor)[0]]
            programme.returned += float(income[who])
            income[who] = 0.0


def _buy(
    offers: Offers,
    support: Support,
    money: Money,
    programme: Programme,
    buyer: int,
    wish: FloatArray,
    *,
    seen: WorldView,
) -> None:
    """Buy from those with stock to spare, in proportion; abroad with the tax, duty and freight of
    the border.
    """
    G, border = len(seen.facts.goods), seen.border
    rows, channel, good, seller = sources = _sources(programme, buyer, seen=seen)
    held = border.measures[CLOSED, channel].any(axis=0) | (border.cut[channel] >= 1.0)
    open_ = ~(held | (border.premium[channel] > 0.01)) | (channel == 0)  # home always is
    some = (open_ & (wish > 0.0)[good]).nonzero()[0]
    rows, channel, good, seller = (column[some] for column in sources)
    firm, abroad = offers.firm[rows], channel > 0
    spare = STOCKPILE_SPARE * np.maximum(offers.stock[rows] - offers.orders[rows], 0.0)
    total = group_sum(spare, good, G)
    tonnes = spare * np.minimum(1.0, wish / np.maximum(total, 1e-12))[good]
    ask, moved = offers.ask[rows] / 1000.0, border.freight[channel] * abroad / 1000.0
    taxed = (border.duty[channel] + border.vat[channel]) * abroad
    price = ask * (1.0 + taxed) + moved
    cost = float((tonnes * price).sum())
    if cost <= 0:
        return
    if cost > programme.left:
        tonnes = tonnes * (programme.left / cost)
        cost = float((tonnes * price).sum())
    offers.take(tonnes, rows)
    support.reserve[buyer] += group_sum(tonnes, good, G)
    value, treasury = tonnes * ask, money.treasury[buyer]
    money.pay("stockpile", treasury, firm, value)
    money.pay("stockpile", treasury, money.at["treasury"][seller], value * taxed)
    money.pay("stockpile", treasury, int(money.at["carriers"][buyer]), tonnes * moved)
    programme.spent += cost
    np.add.at(support.paid, firm, value)


def _sources(programme: Programme, buyer: int, *, seen: WorldView) -> tuple[IntArray, ...]:
    """Offers in the goods of a stockpile from which a state may buy, and of each the channel (0 at
    home), good and state; looked up once.
    """
    if buyer not in programme.sources:
        facts, offers, border = seen.facts, seen.offers, seen.border
        S, G = len(facts.states), len(facts.goods)
        of_goods = np.isin(offers.good, [facts.good_row[name] for name in programme.event.goods])
        into = ((border.importer == buyer) & (border.keys > 0)).nonzero()[0]
        channels = np.full((S, G), -1)
        channels[border.exporter[into], border.good[into]] = into
        channels[buyer] = 0
        seller = seen.firms.state[offers.firm]
        channel = channels[seller, offers.good]
        rows = np.flatnonzero(of_goods & (channel >= 0))
        programme.sources[buyer] = rows, channel[rows], offers.good[rows], seller[rows]
    return programme.sources[buyer]
