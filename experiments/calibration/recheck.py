"""Whether a calibration holds for the code that runs now: members of its collection, run again,
give what they gave when they were kept.

Rules that nothing fitted feels (an act of 2026, a faster step) change the fingerprint of the code
and no target; a rule that one feels shows in the first members. Targets with another value or
tolerance, other ranges and another record of licences are another calibration, whatever the members
give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.evidence_targets import load_targets
from coercivity.experiments.calibration.implausibility import fit_targets
from coercivity.experiments.calibration.licence_record import record_rows
from coercivity.experiments.calibration.licence_targets import fit_objective
from coercivity.experiments.calibration.shipped import run_targets
from coercivity.experiments.worlds.draws import drawn_parameters

MEMBERS: Final = 10  # run again, evenly over the collection
ALIKE: Final = 1e-4  # relative: what the order of a sum moves is no other rule
DIGITS: Final = 9
Vectors = Mapping[str, Mapping[str, float]]  # values of parameters by member
Rows = list[list[float | None]]  # seeds x targets, None where undefined


def choose_members(ids: Sequence[str], count: int = MEMBERS) -> list[str]:
    """The members that are run again: evenly from the least implausible to the last."""
    step = max(len(ids) // count, 1)
    return list(ids[::step][:count])


def recheck_fingerprint() -> str:
    """Fingerprint of what was asked: targets of the fit with their tolerances, the record of
    licences, the parameters that a draw moves with their ranges.
    """
    objective = fit_objective(fit_targets(load_targets()))
    numbers = objective.values.tolist(), objective.sd.tolist()
    targets = list(zip(objective.ids, objective.kinds, *numbers, strict=True))
    ranges = [(row.name, row.low, row.high) for row in drawn_parameters()]
    text = f"{targets} {ranges} {[tuple(row) for row in record_rows()]}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def recheck_record(members: Vectors, seeds: int) -> dict[str, Any]:
    """What `calibration.json` holds of them."""
    ids = choose_members(list(members))
    targets = fit_targets(load_targets())
    return {
        "asked": recheck_fingerprint(),
        "targets": {
            name: _rounded_rows(run_targets(targets, members[name], seeds)) for name in ids
        },
    }


def differing_members(record: Mapping[str, Any], members: Vectors) -> list[str]:
    """Which of the members that `calibration.json` remembers do not give the same now; all of them
    where something else is asked.
    """
    again, seeds = record["again"], record["setting"]["seeds"]
    if again["asked"] != recheck_fingerprint():
        return list(again["targets"])
    now = recheck_record({name: members[name] for name in again["targets"]}, seeds)
    return [
        name
        for name, values in again["targets"].items()
        if not _same_values(values, now["targets"][name])
    ]


def _same_values(before: Rows, now: Rows) -> bool:
    old, new = (np.array(values, dtype=float) for values in (before, now))
    return old.shape == new.shape and np.allclose(old, new, rtol=ALIKE, atol=1e-9, equal_nan=True)


def _rounded_rows(values: FloatArray) -> Rows:
    return [
        [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in line]
        for line in values.tolist()
    ]
