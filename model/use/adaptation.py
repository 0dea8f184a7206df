"""Adaptation in use: intensity answers price reversibly, thrifting and innovation for good; diffusion lowers Dy and Tb year by year (M11)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.firms import manufacturer
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.goods import FIRST_SECTOR, GOOD, PROCESS
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.elements import Elements
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.recycling import Recycling
from coercivity.model.trade.market import remember_prices
from coercivity.model.trade.ordering import update_relationships
from coercivity.model.use.recycling import recycle

BULK = ("lanthanum_oxide", "cerium_oxide", "yttrium_oxide", "seg_oxide")
HEAVY = ("dysprosium_oxide", "terbium_oxide")


def use_kinds(needs: Needs, *, firms: Firms, p: Parameters) -> None:
    """Rows of needs for Dy and Tb in heat-resistant magnets; of these and of end users; per need, elasticity of use and thrifting rate (per year)."""
    process = firms.process[needs.firm]
    end = process >= FIRST_SECTOR
    heavy = (process == PROCESS["make_magnet_heat_resistant"]) & np.isin(
        needs.good, [GOOD[g] for g in HEAVY]
    )
    bulk = np.isin(needs.good, [GOOD[g] for g in BULK]) & end
    needs.elasticity = np.where(
        bulk, p.elasticity_bulk, np.where(end | heavy, p.elasticity_end_use, 0.0)
    )
    needs.thrift_rate = np.where(
        heavy,
        p.thrift_rate_heavy,
        np.where(bulk, p.thrift_rate_bulk, np.where(end, p.thrift_rate_light, 0.0)),
    )
    needs.heavy_rows, needs.adapting_rows = np.flatnonzero(heavy), np.flatnonzero(heavy | end)


def adapt(
    needs: Needs,
    links: Links,
    elements: Elements,
    recycling: Recycling,
    money: Money,
    *,
    market: Market,
    p: Parameters,
    on: Switches,
) -> None:
    """Recipes and relationships move: coefficient = recipe x thrift x innovation x r^-e, r the nine-month-old price over its slow mean.

    Thrifting is engineering with known means, fast while an input is dear; innovation finds new ones, years later and also out of fear.
    """
    remember_prices(needs, p=p)
    if on["M3"]:
        update_relationships(links, p=p)
    if not on["M11"]:
        return
    recycle(needs, elements, recycling, money, market=market, p=p)
    heavy, users = needs.heavy_rows, needs.adapting_rows
    ratio = needs.lagged / needs.reference
    needs.thrift = manufacturer.thrifted(
        needs.thrift, ratio, needs.thrift_rate, p.thrift_band, p.thrift_floor
    )
    needs.thrift[heavy] = manufacturer.diffused(
        needs.thrift[heavy], p.diffusion_trend, p.thrift_floor
    )
    push = manufacturer.research_push(
        ratio[users], needs.alarm[users], p.thrift_band, p.innovation_alarm_band, p.innovation_alarm
    )
    needs.research[users] = manufacturer.research(needs.research[users], push, p.innovation_months)
    needs.saving[users] = manufacturer.innovated(
        needs.saving[users], needs.research[users], p.innovation_rate, p.innovation_floor
    )
    needs.coefficient = (
        needs.recipe
        * needs.thrift
        * needs.saving
        * manufacturer.elastic_intensity(ratio, needs.elasticity)
    )
