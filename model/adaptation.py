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


def need_kinds(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Masks over needs: of end users; for Dy and Tb in heat-resistant magnets; of end users for bulk oxides."""
    needs = world.needs
    process = world.firms.process[needs.firm]
    end = process >= FIRST_SECTOR
    heavy = (process == PROCESS["make_magnet_heat_resistant"]) & np.isin(needs.good, [GOOD[g] for g in HEAVY])
    return end, heavy, np.isin(needs.good, [GOOD[g] for g in BULK]) & end


def adapt(world: World) -> None:
    """Recipes and relationships move: coefficient = recipe x thrift x r^-e, r the nine-month-old price over its slow mean."""
    remember_prices(world)
    if world.on["M3"]:
        update_relationships(world)
    if not world.on["M11"]:
        return
    needs, p = world.needs, world.p
    end, heavy, bulk = world.need_kinds
    elasticity = np.where(bulk, p.elasticity_bulk, np.where(end, p.elasticity_end_use, np.where(heavy, p.elasticity_end_use, 0.0)))
    ratio = needs.lagged / needs.reference
    rate = np.where(heavy, p.thrift_rate_heavy, np.where(bulk, p.thrift_rate_bulk, np.where(end, p.thrift_rate_light, 0.0)))
    needs.thrift = manufacturer.thrifted(needs.thrift, ratio, rate, p.thrift_band, p.thrift_floor)
    needs.thrift = np.where(heavy, manufacturer.diffused(needs.thrift, p.diffusion_trend, p.thrift_floor), needs.thrift)
    needs.coefficient = needs.recipe * needs.thrift * manufacturer.elastic_intensity(ratio, elasticity)
