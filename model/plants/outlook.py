"""What investors can read of the market: prices and costs on either side of the exporter's border, orders against plants (M9).

Looked up once a quarter; slow values follow with the memory of a contract.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import CHINA, FIRST_SECTOR
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.outlook import G
from coercivity.model.parts.works import Works

QUARTER = 3.0  # months between two looks
IDLE = 0.01  # part of capacity below which a line stands


def prices(
    *, firms: Firms, offers: Offers, links: Links, works: Works, beliefs: Beliefs
) -> tuple[FloatArray, FloatArray]:
    """(2 x G asked, 2 x G for a newcomer), USD/kg; row 0 inside the exporter, row 1 outside.

    Asked: mean asking price of open sellers of the side, by sales. A newcomer outside gets import parity (delivered cost of the exporter's goods) and, of what
    sellers outside ask above it, the part that buyers there distrust the exporter.
    """
    look = works.outlook
    key = look.side * G + offers.good
    weight = np.where(firms.status[offers.firm] == 1, offers.sales + 1e-9, 1e-12)
    asked = (
        group_sum(weight * offers.ask, key, 2 * G)
        / np.maximum(group_sum(weight, key, 2 * G), 1e-300)
    ).reshape(2, G)
    asked = np.where(asked > 0, asked, asked[::-1])
    flow, good, sold = works.outlook.import_flow, look.import_good, look.import_sold
    parity = group_sum(flow * links.cost[works.outlook.imports], good, G) / sold
    parity = np.where(parity > 0, parity, asked[1])
    distrust = group_sum(flow * beliefs.distrust[look.importer, CHINA], good, G) / sold
    newcomer = parity + distrust * np.maximum(asked[1] - parity, 0.0)
    return np.vstack([asked[0], np.maximum(asked[1], parity)]), np.vstack([asked[0], newcomer])


def look_ahead(
    needs: Needs,
    links: Links,
    works: Works,
    *,
    firms: Firms,
    offers: Offers,
    beliefs: Beliefs,
    p: Parameters,
    on: Switches,
) -> None:
    """Renew the outlook: slow values follow by quarter / memory. Demand outside D = orders there + d x distrust x what outside orders of the exporter.

    Demand and rivals are in t/month of run by process: orders of the process's main good over its yield; capacity outside built and under way.
    """
    look = works.outlook
    count = len(firms)
    if look.first:
        works.outlook.imports = np.flatnonzero(
            (links.exporter == CHINA) & (links.importer != CHINA)
        )
        works.outlook.import_flow = (
            links.prior[works.outlook.imports] * needs.base_use[links.need[works.outlook.imports]]
            + 1e-9
        )
        look.import_good, look.importer = (
            links.good[works.outlook.imports],
            links.importer[works.outlook.imports],
        )
        look.import_sold = np.maximum(
            group_sum(works.outlook.import_flow, look.import_good, G), 1e-300
        )
    asked, newcomer = prices(firms=firms, offers=offers, links=links, works=works, beliefs=beliefs)
    value = offers.lead * offers.yields
    look.asked = group_sum(value * asked[look.side, offers.good], offers.firm, count)
    look.revenue = group_sum(value * newcomer[look.side, offers.good], offers.firm, count)
    look.cost = (
        group_sum(needs.coefficient * needs.replacement, needs.firm, count) + firms.conversion
    )
    if look.first:
        look.slow_revenue, look.slow_cost = look.revenue.copy(), look.cost.copy()
        look.base_revenue, look.base_cost = (
            np.maximum(look.asked, 1e-9),
            np.maximum(look.cost, 1e-9),
        )
        look.first = False
    part = min(QUARTER / p.price_memory, 1.0)
    look.slow_revenue = look.slow_revenue + part * (look.revenue - look.slow_revenue)
    look.slow_cost = look.slow_cost + part * (look.cost - look.slow_cost)
    outside = look.side == 1
    ordered = group_sum(offers.orders * outside, offers.good, G)
    turned = group_sum(
        links.orders[works.outlook.imports] * beliefs.distrust[look.importer, CHINA],
        look.import_good,
        G,
    )
    look.demand = (ordered + p.diversion * turned)[look.main] / look.main_yield
    makers, kind = look.makers, look.kind
    weight = firms.capacity[makers]
    look.rivals = group_sum(weight + works.pipeline.building[makers], kind, FIRST_SECTOR)
    look.growth = group_sum(weight * firms.trend[makers], kind, FIRST_SECTOR) / np.maximum(
        group_sum(weight, kind, FIRST_SECTOR), 1e-12
    )
    still = ((firms.run < IDLE * firms.capacity) | (firms.status != 1))[
        needs.firm
    ]  # who does not buy reads what buying would cost
    needs.paid = np.where(still & ~needs.of_end, needs.replacement, needs.paid)
    links.seek[links.courted_rows] += (
        QUARTER  # a new plant's sellers call on its customers, who test its goods
    )
    if on["M3"]:
        links.qualified[links.courted_rows] = (
            links.seek[links.courted_rows]
            >= links.qualify[links.courted_rows] * p.qualification_time
        )
