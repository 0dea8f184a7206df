"""A new world's tables: the balanced start given to firms, with stocks, prices and costs such that
the first month is an equilibrium.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.firms.investor import FRINGE_UTILISATION
from coercivity.agents.tables import Links
from coercivity.model.basis.calendar import MONTH_DAYS
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods
from coercivity.model.basis.overlay import NO_ROWS, OwnRows
from coercivity.model.basis.parameters import Parameters
from coercivity.model.basis.price_level import price_level
from coercivity.model.start.balanced import Start
from coercivity.model.start.growth import foreseen_growth
from coercivity.model.start.links import LinkPlan, lay_links, qualification_months
from coercivity.model.start.population import Population, build_population

FREIGHT_USD_PER_KG = 0.2  # assumed: container rates of 0.1-0.3 USD/kg
# assumed: makers outside China over Chinese prices, recalled as 20-60%
PREMIUM = {"metal": 0.07, "magnet": 0.30, "motor": 0.10}
LONGEST_LAG = 2  # months


def family(facts: Facts, good: int) -> str:
    """The family of a good, as PREMIUM names it."""
    first, last = facts.goods[good].split("_")[0], facts.goods[good].split("_")[-1]
    return last if last == "metal" else first


def build_tables(
    start: Start,
    parameters: Parameters,
    seed: int,
    duty: FloatArray,
    end_use_growth: FloatArray,
    own: OwnRows = NO_ROWS,
) -> tuple[Population, Links, FloatArray]:
    """Population with all state columns, links with costs and shares, and the arrivals of the next
    months (lags x needs).

    duty: ad-valorem export duty already in force at the start, by good; end_use_growth: yearly log
    growth by state and sector that is foreseen; own: a scenario's rows over shipped tables, those
    that `start` was balanced with. The start is a growth path, not a standstill: each
    stage buys for its use and for the growth of its stock, so upstream output exceeds final use by
    up to a sixth. See decision 0001.
    """
    facts = parameters.facts
    population = build_population(start, parameters, seed, own)
    population.firms.conversion *= price_level(facts, start.name)
    firms, needs, offers = population.firms, population.needs, population.offers
    laying = lay_links(facts, start.name, round(parameters.firms_per_sector), own)
    links = laying.links.copy()
    offers.add_columns(lead=laying.lead.copy())
    firms.add_columns(trend=np.zeros(len(firms)))
    bought = _size_plants(population, laying, parameters)
    firms.trend = foreseen_growth(firms, needs, offers, laying, end_use_growth)
    bought = _size_plants(population, laying, parameters)
    _meet_supply(start, population, bought)
    bought = _size_plants(population, laying, parameters)
    use = needs.coefficient * firms.base_run[needs.firm]
    sales = group_sum(links.share * bought[links.need], links.offer, len(offers))
    _prices(start, population, links, duty)
    _firm_state(population, parameters)
    arrivals = _arrivals(links, bought)
    _fill_needs(population, use, bought, arrivals.sum(axis=0), parameters)
    _fill_offers(population, sales, parameters)
    return population, links, arrivals


def _arrivals(links: Links, bought: FloatArray) -> FloatArray:
    """What is under way and arrives in this month and the next (t, lags x needs): of each flow, the
    part that left a month or two ago."""
    needs, flow = len(bought), links.share * bought[links.need]
    months = links.days / MONTH_DAYS
    arrivals = np.zeros((LONGEST_LAG + 1, needs))
    for month in range(LONGEST_LAG):
        part = (months - month).clip(0.0, 1.0)  # what takes longer than that
        arrivals[month] = group_sum(flow * part, links.need, needs)
    return arrivals


def _fill_needs(
    population: Population,
    use: FloatArray,
    bought: FloatArray,
    under_way: FloatArray,
    p: Parameters,
) -> None:
    """Stocks of inputs cover the month and what a firm aims at; what is expected lags behind
    growth: e = use (1 - g T / 12), g yearly growth, T months over which use is smoothed."""
    firms, needs = population.firms, population.needs
    cover_before_use = 1.0 + needs.cover
    needs.add_columns(
        stock=np.maximum(cover_before_use * use - bought, 0.0),
        pipeline=under_way,
        pending=np.zeros(len(needs)),
        counted=np.zeros(len(needs)),
        expected=use * (1.0 - firms.trend[needs.firm] * p.use_smoothing / 12.0),
        base_use=use.copy(),
        documented=use.copy(),
        lack=np.full(len(needs), 1e6),  # more than anybody lacks: binds nobody before it orders
        arrived=bought.copy(),
        fill=np.ones(len(needs)),
        thrift=np.ones(len(needs)),
        recipe=needs.coefficient.copy(),
    )


def _fill_offers(population: Population, sales: FloatArray, p: Parameters) -> None:
    """Stocks of products cover some months of sales; orders lag behind growth like expected use."""
    firms, offers = population.firms, population.offers
    offers.add_columns(
        stock=offers.cover * sales,
        opening=offers.cover * sales,
        unfinished=np.zeros(len(offers)),
        sales=sales.copy(),
        made=sales.copy(),
        orders=sales * (1.0 - firms.trend[offers.firm] * p.order_memory / 12.0),
    )


def _meet_supply(start: Start, population: Population, bought: FloatArray) -> None:
    """Scale magnet and motor use, and heavy separation, so that the mines dig what they dug; and Dy
    and Tb per hot magnet so that use meets supply.
    """
    facts = start.facts
    firms, needs = population.firms, population.needs
    end = firms.process[needs.firm] >= facts.first_sector
    chain = np.isin(
        needs.good,
        [
            g
            for g in range(len(facts.goods))
            if family(facts, g) in ("magnet", "motor") and facts.goods[g] != "magnet_smco"
        ],
    )
    dug = [
        float(
            (firms.base_run * (firms.process == facts.process_row[mine])).sum()
            / start.run[facts.process_row[mine]].sum()
        )
        for mine in ("mine_light", "mine_heavy")
    ]
    ratio = dug[0]
    heavy_plants = firms.process == facts.process_row["separate_heavy"]
    firms.base_run = np.where(heavy_plants, firms.base_run / dug[1], firms.base_run)
    offers = population.offers
    output = offers.yields * firms.base_run[offers.firm]
    supply = group_sum(output, offers.good, len(facts.goods))
    # from light ore, which shrinks with magnet use
    trace = group_sum(output * ~heavy_plants[offers.firm], offers.good, len(facts.goods))
    needs.coefficient = np.where(end & chain, needs.coefficient / ratio, needs.coefficient)
    for name in ("dysprosium_oxide", "terbium_oxide"):
        rows = needs.good == facts.good_row[name]
        heavy = (
            bought[rows].sum()
            / ratio
            / (supply[facts.good_row[name]] - trace[facts.good_row[name]] * (1.0 - 1.0 / ratio))
        )
        needs.coefficient = np.where(rows, needs.coefficient / heavy, needs.coefficient)


def _size_plants(population: Population, laying: LinkPlan, p: Parameters) -> FloatArray:
    """Plants are sized by what their customers buy, from the last good of the chain up to the
    mines; returns purchases per need (t/month).

    bought = use (1 + g (cover + lag) / 12);  run = sold / yield (1 + g seller's cover / 12): stocks
    grow with sales.
    """
    facts = p.facts
    firms, needs, offers = population.firms, population.needs, population.offers
    stocked = needs.cover + laying.mean_lag
    bought = np.zeros(len(needs))
    for good_made in reversed(laying.chain):
        if not len(good_made.sizing):
            continue
        bought[good_made.needs] = _purchases(population, stocked, good_made.needs)
        sold = group_sum(good_made.share * bought[good_made.need], good_made.offer, len(offers))
        maker = offers.firm[good_made.sizing]
        firms.base_run[maker] = (
            sold[good_made.sizing]
            / offers.yields[good_made.sizing]
            * (1.0 + firms.trend[maker] * offers.cover[good_made.sizing] / 12.0)
        )
    producing = firms.process < facts.first_sector
    swing = firms.state == facts.china
    room = np.where(
        swing | (firms.process >= facts.process_row["make_metal"]),
        1.0 + p.spare_capacity,
        1.0 / FRINGE_UTILISATION,
    )
    firms.capacity = np.where(producing, firms.base_run * room, firms.capacity)
    return _purchases(population, stocked, np.arange(len(needs)))


def _purchases(population: Population, stocked: FloatArray, rows: IntArray) -> FloatArray:
    firms, needs = population.firms, population.needs
    firm = needs.firm[rows]
    use = needs.coefficient[rows] * firms.base_run[firm]
    return np.asarray(use * (1.0 + firms.trend[firm] * stocked[rows] / 12.0))


def _prices(
    start: Start,
    population: Population,
    links: Links,
    duty: FloatArray,
) -> None:
    facts = links.facts
    firms, needs, offers = population.firms, population.needs, population.offers
    table = goods(facts)
    state, good = firms.state[offers.firm], offers.good
    vat = facts.table("starts").where(start=start.name)[0]["vat"]  # not refunded on raw materials
    unrefunded = table.vat_wedge * float(vat)
    wedge = unrefunded + duty
    outside = (
        np.array([PREMIUM.get(family(facts, g), 0.0) for g in range(len(facts.goods))]) + wedge
    )
    price = start.price[good] * np.where(state == facts.china, 1.0, 1.0 + outside[good])
    offers.add_columns(
        ask=price.copy(),
        base_price=price.copy(),
        floor=table.floor[good] * price,
    )
    links.add_columns(
        weight=links.prior.copy(),
        habit=links.prior.copy(),
        fill=np.ones(len(links)),
        seek=np.zeros(len(links)),
        pending=np.zeros(len(links)),
        refused=np.zeros(len(links)),
        licence=np.zeros(len(links)),
        licence_until=np.zeros(len(links), dtype=np.int64),
    )
    abroad = links.exporter != links.importer
    links.add_columns(
        qualify=qualification_months(links, needs),
        vat=np.where(abroad & (links.exporter == facts.china), unrefunded[links.good], 0.0),
        freight=np.where(abroad, FREIGHT_USD_PER_KG, 0.0),
        blocked=np.zeros(len(links)),
    )
    base_duty = np.where(abroad & (links.exporter == facts.china), duty[links.good], 0.0)
    cost = price[links.offer] * (1.0 + links.vat + base_duty) + links.freight
    links.add_columns(base_cost=cost.copy(), cost=cost.copy(), spot=cost.copy())
    paid = group_sum(links.share * cost, links.need, len(needs))
    needs.add_columns(paid=paid.copy(), replacement=paid.copy())


def _firm_state(population: Population, p: Parameters) -> None:
    firms, needs, offers = population.firms, population.needs, population.offers
    count = len(firms)
    spent = group_sum(needs.coefficient * needs.paid, needs.firm, count) + firms.conversion
    cost = np.maximum(spent, 1e-9)
    revenue = group_sum(offers.yields * offers.base_price, offers.firm, count)
    margin = np.where(revenue > 0, revenue / cost - 1.0, 0.0)
    # A concentrate user's or miner's cost may exceed the listed price where the cost row is for
    # another place; margins are shown, not hidden.
    firms.add_columns(
        desired=firms.base_run.copy(),
        run=firms.base_run.copy(),
        plan=np.where(firms.process >= p.facts.first_sector, 1.0, 0.0),
        backlog=np.zeros(count),
        base_cost=cost,
        cost=cost.copy(),
        margin=margin,
        base_margin=margin.copy(),
        available=np.ones(count),
        barred=np.zeros(count),
        watched=np.zeros(count),
        orders_year=firms.base_run.copy(),
        last_year=firms.base_run.copy(),
        finished=np.full(count, p.finished_stock),
    )
