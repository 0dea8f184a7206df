"""What investors can read of the market: prices and costs on either side of the exporter's border,
orders against plants (M9).

Looked up once a quarter; slow values follow with the memory of a contract.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.tables import OPEN, Firms, Links, Needs, Offers
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.expectations import Expectations
from coercivity.model.parts.outlook import Outlook
from coercivity.model.parts.works import Works

QUARTER = 3.0  # months between two looks
# part of its use that a buyer gives a new second source though it distrusts nobody (assumed;
# General Motors had two for magnets by 2023, plants.csv)
SECOND_SOURCE = 0.3
COURTED = 0.6  # part of an import that full distrust of the exporter lets newcomers win; assumed
IDLE = 0.01  # part of capacity below which a line stands
# memory of the contract price that investors reckon with (months; behaviour rules 4.3: 0.1-0.2 a
# month or slower; 6 to 36)
PRICE_MEMORY = 18.0


def prices(
    look: Outlook,
    *,
    firms: Firms,
    offers: Offers,
    links: Links,
    beliefs: Beliefs,
    expected: Expectations,
) -> tuple[FloatArray, FloatArray]:
    """(2 x G asked, 2 x G for a newcomer), USD/kg; row 0 inside the exporter, row 1 outside.

    Asked: mean asking price of open sellers of the side, by sales. A newcomer outside gets import
    parity (delivered cost of the exporter's goods) and, of what sellers outside ask above it, the
    part that buyers there distrust the exporter.
    """
    facts = firms.facts
    G = len(facts.goods)
    key = look.side * G + offers.good
    weight = np.where(firms.status[offers.firm] == 1, offers.sales + 1e-9, 1e-12)
    sold = np.maximum(group_sum(weight, key, 2 * G), 1e-300)
    asking = (group_sum(weight * offers.ask, key, 2 * G) / sold).reshape(2, G)
    asking = np.where(asking > 0, asking, asking[::-1])
    flow, good, sold = look.import_flow, look.import_good, look.import_sold
    parity = group_sum(flow * links.cost[look.imports], good, G) / sold
    parity = np.where(parity > 0, parity, asking[1])
    distrust = group_sum(flow * beliefs.of_exporter(look.importer, good), good, G) / sold
    distrust = np.where(expected.held, 1.0, distrust)  # who cannot import pays what is asked
    newcomer = parity + distrust * np.maximum(asking[1] - parity, 0.0)
    return np.vstack([asking[0], np.maximum(asking[1], parity)]), np.vstack([asking[0], newcomer])


def look_ahead(
    needs: Needs,
    links: Links,
    works: Works,
    *,
    firms: Firms,
    offers: Offers,
    beliefs: Beliefs,
    expected: Expectations,
    p: Parameters,
    on: Switches,
) -> None:
    """Renew the outlook once a quarter; idle plants learn prices, new ones find customers."""
    look = works.outlook
    if look.first:
        _find_imports(look, links=links, needs=needs)
    asking, newcomer = prices(
        look, firms=firms, offers=offers, links=links, beliefs=beliefs, expected=expected
    )
    _read_margins(look, asking, newcomer, firms=firms, needs=needs, offers=offers)
    _read_demand(look, offers=offers, links=links, beliefs=beliefs, expected=expected)
    _read_rivals(look, works.pipeline.building, firms=firms)
    _read_costs(needs, firms=firms)
    _call_on_customers(links, p=p, on=on)


def _find_imports(look: Outlook, *, links: Links, needs: Needs) -> None:
    """Links by which others import from the exporter, and their trade at the start (t/month)."""
    facts = needs.facts
    look.imports = np.flatnonzero((links.exporter == facts.china) & (links.importer != facts.china))
    look.import_flow = links.prior[look.imports] * needs.base_use[links.need[look.imports]] + 1e-9
    look.import_good, look.importer = links.good[look.imports], links.importer[look.imports]
    look.import_sold = np.maximum(
        group_sum(look.import_flow, look.import_good, len(facts.goods)), 1e-300
    )


def _read_margins(
    look: Outlook,
    asking: FloatArray,
    newcomer: FloatArray,
    *,
    firms: Firms,
    needs: Needs,
    offers: Offers,
) -> None:
    """Revenue and cost of a tonne of run (USD/kg); slow values follow: x <- x + q / m (X - x),
    q the quarter, m memory of prices (months)."""
    count = len(firms)
    value = offers.lead * offers.yields
    look.asked = group_sum(value * asking[look.side, offers.good], offers.firm, count)
    look.revenue = group_sum(value * newcomer[look.side, offers.good], offers.firm, count)
    look.cost = (
        group_sum(needs.coefficient * needs.replacement, needs.firm, count) + firms.conversion
    )
    if look.first:
        look.slow_revenue, look.slow_cost = look.revenue.copy(), look.cost.copy()
        look.base_revenue = np.maximum(look.asked, 1e-9)
        look.base_cost = np.maximum(look.cost, 1e-9)
        look.first = False
    part = min(QUARTER / PRICE_MEMORY, 1.0)
    look.slow_revenue = look.slow_revenue + part * (look.revenue - look.slow_revenue)
    look.slow_cost = look.slow_cost + part * (look.cost - look.slow_cost)


def _read_demand(
    look: Outlook, *, offers: Offers, links: Links, beliefs: Beliefs, expected: Expectations
) -> None:
    """Demand outside by process (t/month of run): orders of its main good over its yield, or what
    users there would buy if borders let through no more than is believed, and what newcomers may
    win of imports from the exporter: D = orders there + max(s, a d) x imports.

    s what buyers give a second source anyway (0.3), a what full distrust turns (0.6, both assumed),
    d distrust (0-1).
    """
    G = len(offers.facts.goods)
    ordered = group_sum(offers.orders * (look.side == 1), offers.good, G)
    doubt = beliefs.of_exporter(look.importer, look.import_good)
    won = links.orders[look.imports] * np.maximum(COURTED * doubt, SECOND_SOURCE)
    turned = group_sum(won, look.import_good, G)
    ordered = np.maximum(ordered, expected.unserved)
    look.unserved = expected.unserved[look.main] / look.main_yield
    look.demand = (ordered + turned)[look.main] / look.main_yield


def _read_rivals(look: Outlook, building: FloatArray, *, firms: Firms) -> None:
    """Capacity outside, built and under way (t/month of run), and its mean growth, by process."""
    facts = firms.facts
    makers, kind = look.makers, look.kind
    weight = firms.capacity[makers]
    look.rivals = group_sum(weight + building[makers], kind, facts.first_sector)
    look.growth = group_sum(weight * firms.trend[makers], kind, facts.first_sector) / np.maximum(
        group_sum(weight, kind, facts.first_sector), 1e-12
    )


def _read_costs(needs: Needs, *, firms: Firms) -> None:
    """A plant that stands still and does not buy reads what buying would cost."""
    still = ((firms.run < IDLE * firms.capacity) | (firms.status != OPEN))[needs.firm]
    needs.paid = np.where(still & ~needs.of_end, needs.replacement, needs.paid)


def _call_on_customers(links: Links, *, p: Parameters, on: Switches) -> None:
    """A new plant's sellers call on its customers, who test its goods for a quarter more."""
    rows = links.courted_rows
    links.seek[rows] += QUARTER
    if on["M3"]:
        links.qualified[rows] = links.seek[rows] >= links.qualify[rows] * p.qualification_time
