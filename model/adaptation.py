"""Adaptation in use: intensity answers price reversibly, thrifting for good, and diffusion lowers Dy and Tb year by year (M11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import manufacturer
from coercivity.model.goods import FIRST_SECTOR, GOOD, PROCESS
from coercivity.model.market import remember_prices
from coercivity.model.ordering import update_relationships

if TYPE_CHECKING:
    from coercivity.model.world import World

BULK = ("lanthanum_oxide", "cerium_oxide", "yttrium_oxide", "seg_oxide")
HEAVY = ("dysprosium_oxide", "terbium_oxide")


def adapt(world: World) -> None:
    """Recipes and relationships move: coefficient = recipe x thrift x r^-e, r the nine-month-old price over its slow mean."""
    remember_prices(world)
    if world.on["M3"]:
        update_relationships(world)
    if not world.on["M11"]:
        return
    needs, firms, p = world.needs, world.firms, world.p
    process = firms.process[needs.firm]
    end = process >= FIRST_SECTOR
    hot = process == PROCESS["make_magnet_heat_resistant"]
    heavy = hot & np.isin(needs.good, [GOOD[g] for g in HEAVY])
    bulk = np.isin(needs.good, [GOOD[g] for g in BULK]) & end
    elasticity = np.where(bulk, p.elasticity_bulk, np.where(end, p.elasticity_end_use, np.where(heavy, p.elasticity_end_use, 0.0)))
    ratio = needs.lagged / needs.reference
    rate = np.where(heavy, p.thrift_rate_heavy, np.where(bulk, p.thrift_rate_bulk, np.where(end, p.thrift_rate_light, 0.0)))
    needs.thrift = manufacturer.thrifted(needs.thrift, ratio, rate, p.thrift_band, p.thrift_floor)
    needs.thrift = np.where(heavy, np.maximum(needs.thrift * (1.0 - p.diffusion_trend / 12.0), p.thrift_floor), needs.thrift)
    needs.coefficient = needs.recipe * needs.thrift * manufacturer.elastic_intensity(ratio, elasticity)
