"""What kind of firm each is, as masks over firms."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import BoolArray, IntArray
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes


@lru_cache(maxsize=4)
def _flagged_rows(facts: Facts, column: str) -> BoolArray:
    """Processes and sectors with a 1 in a column of processes.csv or of sectors.csv."""
    out = np.zeros(len(facts.process_row), dtype=bool)
    for table, key in (("processes", "process"), ("sectors", "sector")):
        for row in facts.table(table):
            out[facts.process_row[row[key]]] = row.get(column) == 1
    out.setflags(write=False)
    return out


def needs_technology(facts: Facts, process: IntArray) -> BoolArray:
    """What China's technology bans name (timeline: December 2023, October 2025): of rare earths
    separation, metal and magnets (processes.csv).
    """
    return _flagged_rows(facts, "controlled_technology")[process]


def kind_masks(
    facts: Facts, process: IntArray, state: IntArray, swing: int
) -> dict[str, BoolArray]:
    """Masks over firms: mines, separators, presses of magnets, end users, those of them that work
    overtime, makers on orders, the fringe (mines and separators outside the exporter), holders of
    the exporter's mining quota, firms inside the exporter, and plants that need its technology.
    """
    stage, end = processes(facts).stage[process], process >= facts.first_sector
    mines, plants = stage == STAGES.index("mining"), stage == STAGES.index("separation")
    return {
        "is_mine": mines,
        "is_separator": plants,
        "is_press": ~end & (stage >= STAGES.index("magnet")),
        "is_end": end,
        "adds_hours": end & ~_flagged_rows(facts, "continuous")[process],
        "is_maker": ~end & (stage >= STAGES.index("metal")),
        "is_fringe": (mines | plants) & (state != swing),
        "has_quota": _flagged_rows(facts, "mining_quota")[process] & (state == swing),
        "inside": state == swing,
        "needs_technology": needs_technology(facts, process),
    }
