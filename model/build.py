"""A new world's tables: the balanced start given to firms, with stocks, prices and costs such that the first month is an equilibrium."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray, Table, group_sum
from coercivity.model.goods import CHINA, FIRST_SECTOR, GOOD, PROCESS, goods
from coercivity.model.links import base_sales, lay_links, qualification_months
from coercivity.model.names import GOODS
from coercivity.model.parameters import Parameters
from coercivity.model.population import Population, build_population
from coercivity.model.start import Start

FREIGHT_USD_PER_KG = 0.2  # container rates of 0.1-0.3 USD/kg (facts: policy_costs.csv)
VAT = {"2009-01": 0.17, "2024-01": 0.13}  # Chinese VAT not refunded on raw materials (facts: policy_costs.csv)
COST_SCALE = {"2009-01": 0.6, "2024-01": 1.0}  # conversion costs are in 2023-24 dollars; 2009 assumed at 0.6 of them
PREMIUM = {"metal": 0.07, "magnet": 0.30, "motor": 0.10}  # makers outside China over Chinese prices (facts: costs.csv, recalled 20-60%; motors assumed)
LONGEST_LAG = 2


def family(good: int) -> str:
    """The family of a good, as PREMIUM names it."""
    first, last = GOODS[good].split("_")[0], GOODS[good].split("_")[-1]
    return last if last == "metal" else first


def build_tables(start: Start, parameters: Parameters, seed: int, duty: FloatArray) -> tuple[Population, Table, FloatArray]:
    """Population with all state columns, links with costs and shares, and the arrivals of the next months (lags x needs).

    duty: ad-valorem export duty already in force at the start, by good.
    """
    population = build_population(start, parameters, seed)
    population.firms.conversion *= COST_SCALE[start.name]
    firms, needs, offers = population.firms, population.needs, population.offers
    links = lay_links(start, population)
    _size_plants(population, links, parameters)
    use = needs.coefficient * firms.base_run[needs.firm]
    sales = base_sales(links, needs, use, len(offers))
    _prices(start, population, links, duty, use, sales)
    _firm_state(population, parameters)
    cover_before_use = 1.0 + needs.cover
    lag = links.lag
    flow = links.share * use[links.need]
    arrivals = np.zeros((LONGEST_LAG + 1, len(needs)))
    arrivals[0] = use
    arrivals[1] = group_sum(flow * (lag == 2), links.need, len(needs))
    needs.add_columns(
        stock=np.maximum(cover_before_use * use - use, 0.0), pipeline=arrivals.sum(axis=0), pending=np.zeros(len(needs)), expected=use.copy(),
        base_use=use.copy(), arrived=use.copy(), fill=np.ones(len(needs)), thrift=np.ones(len(needs)), recipe=needs.coefficient.copy(),
        growth=np.zeros(len(needs)),
    )  # fmt: skip
    offers.add_columns(stock=parameters.seller_cover * sales, orders=sales.copy(), sales=sales.copy(), made=sales.copy(), scarcity=np.zeros(len(offers)))
    return population, links, arrivals


def _size_plants(population: Population, links: Table, p: Parameters) -> None:
    """Plants are sized by what their customers buy, from the last good of the chain up to the mines."""
    firms, needs, offers = population.firms, population.needs, population.offers
    light = PROCESS["separate_light"]
    for good in range(len(GOODS) - 1, -1, -1):
        use = needs.coefficient * firms.base_run[needs.firm]
        sold = base_sales(links, needs, use, len(offers))
        rows = np.flatnonzero(offers.good == good)
        process = firms.process[offers.firm[rows]]
        if GOODS[good].endswith("_oxide"):
            rows = rows[(process == light) & (good == GOOD["ndpr_oxide"])]
        firms.base_run[offers.firm[rows]] = sold[rows] / offers.yields[rows]
    producing = firms.process < FIRST_SECTOR
    swing = firms.state == CHINA
    room = np.where(swing | (firms.process >= PROCESS["make_metal"]), 1.0 + p.spare_capacity, 1.0 / p.fringe_utilisation)
    firms.capacity = np.where(producing, firms.base_run * room, firms.capacity)


def _prices(start: Start, population: Population, links: Table, duty: FloatArray, use: FloatArray, sales: FloatArray) -> None:
    firms, needs, offers = population.firms, population.needs, population.offers
    table = goods()
    state, good = firms.state[offers.firm], offers.good
    wedge = table.vat_wedge * VAT[start.name] + duty
    outside = np.array([PREMIUM.get(family(g), 0.0) for g in range(len(GOODS))]) + wedge
    price = start.price[good] * np.where(state == CHINA, 1.0, 1.0 + outside[good])
    offers.add_columns(ask=price.copy(), anchor=price.copy(), base_price=price.copy(), lead=np.where((firms.process[offers.firm] == PROCESS["separate_light"]) & (good > GOOD["ndpr_oxide"]), 0.0, table.lead[good]), floor=table.floor[good] * price)
    links.add_columns(
        exporter=state[links.offer], importer=firms.state[needs.firm[links.need]], good=needs.good[links.need],
        weight=links.prior.copy(), fill=np.ones(len(links)), seek=np.zeros(len(links)), pending=np.zeros(len(links)),
    )  # fmt: skip
    abroad = links.exporter != links.importer
    sold = np.maximum(sales[links.offer], 1e-12)
    big = links.share * use[links.need] / sold >= 0.03
    links.add_columns(
        lag=np.where(abroad, 2, 1), tier=np.where(abroad, np.where(big, 1, 2), 0), qualify=qualification_months(links, needs, 1.0),
        vat=np.where(abroad & (links.exporter == CHINA), (table.vat_wedge * VAT[start.name])[links.good], 0.0),
        freight=np.where(abroad, FREIGHT_USD_PER_KG, 0.0), blocked=np.zeros(len(links)),
    )  # fmt: skip
    base_duty = np.where(abroad & (links.exporter == CHINA), duty[links.good], 0.0)
    cost = price[links.offer] * (1.0 + links.vat + base_duty) + links.freight
    links.add_columns(base_cost=cost.copy(), cost=cost.copy())
    paid = group_sum(links.share * cost, links.need, len(needs))
    needs.add_columns(paid=paid.copy(), replacement=paid.copy(), reference=paid.copy(), lagged=paid.copy())


def _firm_state(population: Population, p: Parameters) -> None:
    firms, needs, offers = population.firms, population.needs, population.offers
    count = len(firms)
    cost = group_sum(needs.coefficient * needs.paid, needs.firm, count) + firms.conversion
    revenue = group_sum(offers.yields * offers.base_price, offers.firm, count)
    # A concentrate user's or miner's cost may exceed the listed price where the cost row is for another place; margins are shown, not hidden.
    firms.add_columns(
        desired=firms.base_run.copy(), run=firms.base_run.copy(), plan=np.where(firms.process >= FIRST_SECTOR, 1.0, 0.0), backlog=np.zeros(count),
        base_cost=np.maximum(cost, 1e-9), cost=np.maximum(cost, 1e-9), margin=np.where(revenue > 0, revenue / np.maximum(cost, 1e-9) - 1.0, 0.0),
        base_margin=np.where(revenue > 0, revenue / np.maximum(cost, 1e-9) - 1.0, 0.0), available=np.ones(count), listed=np.zeros(count, dtype=np.int64), trend=np.zeros(count),
        planned=np.zeros(count), orders_year=firms.base_run.copy(), last_year=firms.base_run.copy(), finished=np.full(count, p.finished_stock),
    )  # fmt: skip
