"""How far a target depends on a sender, read from the trace of one world."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.watch import Trace


def dependence(trace: Trace, first: int, months: int = 12) -> float:
    """China's share of the target's imports of oxides and metal by tonnage and place of shipment, %
    (over some months from the first).
    """
    bought = trace["raw_imports"][first : first + months].sum()
    return (
        100.0 * float(trace["raw_from_sender"][first : first + months].sum() / bought)
        if bought > 0
        else float("nan")
    )


def yearly_dependence(trace: Trace) -> FloatArray:
    """The same for every whole year of the run."""
    return np.array(
        [dependence(trace, 12 * year) for year in range(len(trace["raw_imports"]) // 12)]
    )
