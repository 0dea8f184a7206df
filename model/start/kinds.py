"""What kind of firm each is, as masks over firms."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import BoolArray, IntArray
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS, processes
from coercivity.model.basis.names import STAGES


@lru_cache(maxsize=4)
def _flagged(column: str) -> BoolArray:
    """Processes and sectors with a 1 in a column of processes.csv."""
    out = np.zeros(len(PROCESS), dtype=bool)
    for row in load_table("processes"):
        out[PROCESS[row["process"]]] = bool(row[column])
    out.setflags(write=False)
    return out


def needs_technology(process: IntArray) -> BoolArray:
    """What China's technology bans name (timeline: December 2023, October 2025): of rare earths
    separation, metal and magnets (processes.csv).
    """
    return _flagged("controlled_technology")[process]


def kinds(process: IntArray, state: IntArray, swing: int) -> dict[str, BoolArray]:
    """Masks over firms: mines, separators, presses of magnets, end users, makers on orders, the
    fringe
    (mines and separators outside the exporter), holders of the exporter's mining quota,
    firms inside the exporter, and plants that need its technology.
    """
    stage, end = processes().stage[process], process >= FIRST_SECTOR
    mines, plants = stage == STAGES.index("mining"), stage == STAGES.index("separation")
    return {
        "is_mine": mines,
        "is_separator": plants,
        "is_press": ~end & (stage >= STAGES.index("magnet")),
        "is_end": end,
        "is_maker": ~end & (stage >= STAGES.index("metal")),
        "is_fringe": (mines | plants) & (state != swing),
        "has_quota": _flagged("mining_quota")[process] & (state == swing),
        "inside": state == swing,
        "needs_technology": needs_technology(process),
    }
