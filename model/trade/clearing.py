"""The market: short stock is rationed, unfilled orders get a second round (M4); prices are those
that sellers post (agents/firms/seller.py).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum, with_rows
from coercivity.agents.firms import seller
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.goods import goods, processes
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border, open_ways
from coercivity.model.parts.market import Doors, Gates, Market

# what makers themselves leave out of a recipe when it is dear: their price bounds it, not their
# good's
CHOKED_AT_MAKERS = ("dysprosium_oxide", "terbium_oxide")
OXIDE_MONTHS = 3.0  # months in which a buyer qualifies another seller of an oxide (goods.csv)
NO_ROWS = np.zeros(0, dtype=np.int64)
DELIVERS = 0.5  # part of orders that a supplier must deliver to count as an alternative; assumed


def clear(
    offers: Offers,
    links: Links,
    *,
    needs: Needs,
    border: Border,
    p: Parameters,
    on: Switches,
) -> None:
    """Sellers grant orders from stock, mines to the plants of their owner first; buyers ask once
    more where they were left short.

    Orders that a seller remembers are those that it could see: what was allowed, and what was asked
    of it beyond that.
    """
    even = p.even_ration if on["M4"] else 1.0
    granted, seen = _grant(offers, links, even, links.own_rows if on["M4"] else NO_ROWS)
    unfilled = _unfilled(granted, needs=needs, links=links, border=border)
    if unfilled is not None:
        left = np.maximum(offers.stock - seen, 0.0)
        asks = (unfilled > 0).take(links.need) & (left > 0).take(links.offer)
        rows = (asks & (links.qualified > 0) & _open_links(links, border)).nonzero()[0]
        offer, need = links.offer.take(rows), links.need.take(rows)
        now = granted.take(rows)
        now += seller.second_round(unfilled, left, need, offer, len(needs))
        granted[rows] = now
        now -= links.allowed.take(rows)
        seen += group_sum(np.maximum(now, 0.0), offer, len(offers))
    links.shipped = granted
    offers.orders += (seen - offers.orders) / p.order_memory


def _open_links(links: Links, border: Border) -> BoolArray:
    """Links on which nothing is held back, nor needs a licence, nor is under a quota or a cut."""
    return open_ways(links, border).open_


def _grant(
    offers: Offers, links: Links, even_part: float, own: IntArray
) -> tuple[FloatArray, FloatArray]:
    """(tonnes granted by link, orders by offer): first the links `own`, then the others by tier."""
    if not len(own):
        return seller.ration(links.allowed, links.queue, offers.stock, even_part)
    call, mine = links.allowed[own], links.offer[own]
    served = seller.first_call(call, mine, offers.stock)
    others = with_rows(links.allowed, own, 0.0)
    left = np.maximum(offers.stock - group_sum(served, mine, len(offers)), 0.0)
    granted, seen = seller.ration(others, links.queue, left, even_part)
    granted[own] = served
    return granted, seen + group_sum(call, mine, len(offers))


def tighten(market: Market, *, offers: Offers) -> None:
    """How short sellers are (log, by offer): of a commodity all sellers of a state together, for it
    has one price there; of what is made to order each by itself.

    x_o = clip(ln(sum_m (O + (c - 1) Q) / sum_m S)), m the sellers of the good in the state; O
    orders and Q sales (t/month, smoothed alike), c normal cover (months), S stock before shipping
    (t): what is asked for this month, and a shelf for what is sold in those after. Who is short
    orders more than he will take, and nobody stocks up for that. See decisions 0024 and 0049.
    Source: law of one price; daily quotes of the Chinese exchange by good; phantom orders (Sterman
    & Dogan 2015).
    """
    pool, count = offers.pool, len(offers)
    wanted = group_sum(offers.orders + (offers.cover - 1.0) * offers.sales, pool, count)
    market.tightness = seller.scarcity(wanted, group_sum(offers.stock, pool, count), 1.0)[pool]


def _unfilled(
    granted: FloatArray, *, needs: Needs, links: Links, border: Border
) -> FloatArray | None:
    """Orders that were not granted, by need (t); what waits for a licence is not among them. None
    where there are none beyond a billionth of normal use.
    """
    missing = links.orders - granted
    if border.licensed.any():
        missing -= links.orders * links.applies
    rows = (missing > links.nothing).nonzero()[0]
    return group_sum(missing.take(rows), links.need.take(rows), len(needs)) if len(rows) else None


def import_parity(
    market: Market,
    *,
    offers: Offers,
    needs: Needs,
    links: Links,
    border: Border,
    p: Parameters,
) -> None:
    """The most that a seller outside the exporting state can ask (USD/kg, by offer): the
    exporter's price delivered to its customers, and what changing suppliers costs. And the least
    where a border holds the exporter's goods back: what they fetch there on the spot.

    P_o = sum_l O_l ((1 + phi) q_n - f_l) / t_l / sum_l O_l,  q_n = sum_k O_k c_k / sum_k O_k
    p_o = the same with phi = 0 if half of its orders come from behind a border that holds back

    over its links l and, for the need n that l serves, the exporter's links k that deliver, are
    held back or are under a quota; O orders (t), c_k delivered cost on the spot, f freight, t tax
    of l, phi what a buyer pays to keep or win a second source, in proportion to the months in which
    one qualifies (parity_margin for an oxide, three times that for a magnet). Held back is a border
    that acts close, or put under licence, for more than half of the month; under a quota the price
    has the rent in it, which tells what a tonne is worth however few come. Infinite where no
    customer has such a k. See decisions 0017, 0023, 0024, 0027 and 0028.
    Source: trade closes gaps beyond the cost of moving goods (Takayama & Judge 1971).
    """
    doors = vars(market).get("doors") or look_up_doors(market, links=links, border=border)
    gates = _gates(market, doors, links=links, border=border, p=p)
    rival, first = links.rivals, links.bound_first
    ordered = links.orders.take(rival)
    ordered *= gates.counts | (links.fill.take(rival) >= DELIVERS)
    bought = np.add.reduceat(ordered, links.rival_first)
    ordered *= links.spot.take(rival)
    # q_n; 0 where a need buys nothing from the exporter
    at_door = np.add.reduceat(ordered, links.rival_first) / (bought + 1e-300)
    weight = links.orders.take(links.bound_rows)
    weight *= (bought > 0.0).take(doors.place)
    total = np.add.reduceat(weight, first)
    some = total + 1e-300
    worth = (gates.keeps * at_door).take(doors.place)
    worth -= doors.freight
    worth *= weight
    worth /= gates.taxed
    bearable = np.where(total > 0.0, np.add.reduceat(worth, first) / some, np.inf)
    market.parity[links.bound_offers] = bearable
    market.least[links.bound_offers] = 0.0
    if len(gates.short):
        weight = weight.take(gates.part)
        worth = at_door.take(gates.place)
        worth -= gates.part_freight
        worth *= weight
        worth /= gates.part_taxed
        fetched = np.add.reduceat(worth, gates.first) / some.take(gates.short)
        weight *= gates.behind
        cut = np.add.reduceat(weight, gates.first)
        least = np.where(cut > 0.5 * total.take(gates.short), fetched, 0.0)
        market.least[gates.short_offers] = least


def look_up_doors(market: Market, *, links: Links, border: Border) -> Doors:
    """What import parity reads of links and never changes is looked up once."""
    rows = links.bound_rows
    market.doors = Doors(
        border.channel[links.rivals],
        links.good[links.rivals[links.rival_first]],
        border.channel[rows],
        links.taxed[rows],
        links.freight[rows],
        np.searchsorted(links.rival_needs, links.bound_needs),
        np.diff(np.append(links.bound_first, len(rows))),
    )
    return market.doors


def _gates(market: Market, doors: Doors, *, links: Links, border: Border, p: Parameters) -> Gates:
    """What it reads of measures and parameters, looked up when they change."""
    known, shut = vars(market).get("gates"), border.shut
    if known is None or known.shut is not shut or known.p is not p:
        behind = (border.licensed + shut > 1.0 - DELIVERS).take(doors.rival_channel)
        limited = (border.quota > 0.0).take(doors.rival_channel)
        taxed = doors.taxed * (1.0 + border.tariff).take(doors.channel)
        held = np.logical_or.reduceat(behind, links.rival_first).take(doors.place)
        short = np.logical_or.reduceat(held, links.bound_first)
        part = short.repeat(doors.per_offer).nonzero()[0]
        phi = p.parity_margin * goods(p.facts).qualification / OXIDE_MONTHS
        known = market.gates = Gates(
            shut=shut,
            p=p,
            counts=behind | limited,
            keeps=(1.0 + phi).take(doors.rival_good),
            taxed=taxed,
            short=short.nonzero()[0],
            short_offers=links.bound_offers[short],
            part=part,
            first=doors.per_offer[short].cumsum() - doors.per_offer[short],
            behind=held[part],
            place=doors.place[part],
            part_freight=doors.freight[part],
            part_taxed=taxed[part],
        )
    return known


def bearable_prices(needs: Needs, p: Parameters) -> FloatArray:
    """Price of each good (USD/kg) at which three quarters of even the most patient users have gone:
    C = p50 3^(1/nu); of what only makers buy, what the dearest of their goods leaves for it.

    C_in = max over goods made of C_out / a, a tonnes per tonne made: a loose bound.
    """
    facts = p.facts
    most = np.full(len(facts.goods), 0.0)
    finite = np.isfinite(needs.choke)
    np.maximum.at(most, needs.good[finite], needs.choke[finite])
    most *= 3.0 ** (1.0 / p.choke_steep)
    table = processes(facts)
    for process in reversed(range(len(facts.processes))):
        made = np.flatnonzero(table.outputs[process])
        for good in np.flatnonzero(table.inputs[process]):
            if len(made) and facts.goods[good] not in facts.plant_of:
                left = float((most[made] / table.inputs[process, good]).max())
                direct = facts.goods[good] in CHOKED_AT_MAKERS
                most[good] = most[good] if direct else max(most[good], left)
    return np.where(most > 0.0, most, np.inf)


def worth_in_use(needs: Needs, firms: Firms, quote: FloatArray, p: Parameters) -> FloatArray:
    """What a kilogram of each good is worth to those who use it (USD/kg), a mean over their use of
    the start; 0 where nobody uses it, and of ores, whose netback tells.

    B = sum_n u_n b_n / sum_n u_n;  b = integral of the share kept over prices = p50 (pi / nu) /
    sin(pi / nu) of who has a choke price p50, q + (B' - q') / a of who makes a good of it

    u use (t/month), q quote and a tonnes per tonne made, B' and q' of the good made. The mean and
    not the most that anybody bears, for what is short is shared and not auctioned. See decision
    0034. Source: the area under a demand curve (Marshall 1890).
    """
    facts = p.facts
    table, own = processes(facts), np.isfinite(needs.choke)
    process = firms.process[needs.firm]
    angle = np.pi / p.choke_steep
    times = angle / np.sin(angle)  # mean over median of the prices at which uses are given up
    bear, use_of = needs.choke[own] * times, needs.base_use[own]
    used = group_sum(use_of, needs.good[own], len(facts.goods))
    worth = group_sum(use_of * bear, needs.good[own], len(facts.goods))
    for making in reversed(range(len(facts.processes))):
        made = np.flatnonzero(table.outputs[making] * used)
        gain = float((worth[made] / used[made] - quote[made]) @ table.outputs[making, made])
        for good in np.flatnonzero(table.inputs[making]):
            if len(made) and facts.goods[good] not in facts.plant_of:
                rows = (process == making) & (needs.good == good) & ~own
                use = float(needs.base_use[rows].sum())
                used[good] += use
                worth[good] += use * (quote[good] + max(gain, 0.0) / table.inputs[making, good])
    return worth / (used + 1e-300)


def separation_cost(firms: Firms) -> dict[str, float]:
    """Conversion cost of a tonne of ore (USD/kg) by ore: mean over plants by their runs at the
    start.
    """
    facts = firms.facts
    costs = {}
    for ore, plant in facts.plant_of.items():
        rows = firms.process == facts.process_row[plant]
        costs[ore] = float(np.average(firms.conversion[rows], weights=firms.base_run[rows]))
    return costs


def pricing_terms(
    good: IntArray, p: Parameters
) -> tuple[BoolArray, BoolArray, FloatArray, FloatArray]:
    """Per offer: whether it is made to order, whether it is a concentrate, and the response of its
    price to scarcity (eta, eta2).
    """
    pricing = np.array(goods(p.facts).pricing)[good]
    manufactured, ore = pricing == "manufactured", pricing == "concentrate"
    return (
        manufactured,
        ore,
        p.price_eta * np.where(ore, 0.5, np.where(manufactured, 0.6, 1.0)),
        p.price_steep * np.where(manufactured, 0.0, np.where(ore, 0.3, 1.0)),
    )
