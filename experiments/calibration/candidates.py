"""Vectors that could be shipped: the calibrated parameters where the record leaves them, all others
at their values in the parameter table, which have sources of their own.

A member of the collection is a value of every parameter, most of them drawn; taken apart, its
calibrated values beside the table's are a vector that nobody has run. So some waves more are run
where only the calibrated ones move, and judged by the same measure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from coercivity.experiments.calibration.emulator import fit_emulator
from coercivity.experiments.calibration.implausibility import implausibility, overall_implausibility
from coercivity.experiments.calibration.waves import MatchedRuns, Simulator, propose

WAVES: Final = 2
SHOWN: Final = 20  # candidates that are written, the least implausible first


def search_beside_table(
    matched: MatchedRuns, simulate: Simulator, *, vectors: int, waves: int = WAVES, seed: int = 0
) -> MatchedRuns:
    """Run some waves of *vectors* vectors whose parameters stand at their shipped values but for
    the calibrated ones; what is returned holds these alone. Luck is that of all runs before.
    """
    held = matched.space.unit(matched.space.shipped)[matched.space.calibrated :].tolist()
    first, every = int(matched.wave.max()) + 1, matched
    for wave in range(first, first + waves):
        emulator = fit_emulator(every.unit, every.mean)
        unit = propose(every, emulator, vectors, seed + wave, held)
        scaled = matched.objective.scaled(simulate(matched.space.values(unit), wave))
        every = _append_wave(every, unit, wave, scaled.mean(axis=1))
    own = every.wave >= first
    return replace(
        every,
        unit=every.unit[own],
        wave=every.wave[own],
        mean=every.mean[own],
        each=every.each[own],
        worst=every.worst[own],
        checks=(),
    )


def candidate_rows(beside: MatchedRuns) -> list[dict[str, Any]]:
    """The least implausible of them: id, one number, value of each calibrated parameter."""
    order = np.argsort(beside.worst, kind="stable")[:SHOWN]
    names = beside.space.names[: beside.space.calibrated]
    return [
        {
            "id": f"t{place:03d}",
            "worst": float(beside.worst[at]),
            "values": dict(zip(names, vector.tolist(), strict=False)),
        }
        for place, (at, vector) in enumerate(
            zip(order, beside.space.values(beside.unit[order]), strict=True), start=1
        )
    ]


def _append_wave(
    matched: MatchedRuns, unit: np.ndarray, wave: int, mean: np.ndarray
) -> MatchedRuns:
    """All runs so far and those of one wave more, whose means over seeds are given."""
    each = implausibility(matched.objective, mean, matched.luck)
    return replace(
        matched,
        unit=np.vstack([matched.unit, unit]),
        wave=np.concatenate([matched.wave, np.full(len(unit), wave)]),
        mean=np.vstack([matched.mean, mean]),
        each=np.vstack([matched.each, each]),
        worst=np.concatenate([matched.worst, overall_implausibility(matched.objective, each)]),
    )
