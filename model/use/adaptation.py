"""Adaptation in use: intensity answers price reversibly, thrifting and innovation for good;
diffusion lowers Dy and Tb year by year (M11).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.tables import Firms, Needs
from coercivity.model.basis.goods import FIRST_SECTOR, GOOD, PROCESS
from coercivity.model.basis.parameters import Parameters

BULK = ("lanthanum_oxide", "cerium_oxide", "yttrium_oxide", "seg_oxide")
HEAVY = ("dysprosium_oxide", "terbium_oxide")


def use_kinds(needs: Needs, *, firms: Firms, p: Parameters) -> None:
    """Rows of needs for Dy and Tb in heat-resistant magnets; of these and of end users; per need,
    elasticity of use and thrifting rate (per year).
    """
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
