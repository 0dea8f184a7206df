"""What a calibration taught: how far each parameter's range shrank, its profile, and whether known
truths are found again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.experiments.calibration.emulator import fit_emulator
from coercivity.experiments.calibration.implausibility import (
    Objective,
    implausibility,
    log_likelihood,
)
from coercivity.experiments.calibration.waves import MatchedRuns, propose
from coercivity.model.basis.luck import stream

BINS: Final = 10
# a parameter counts as identified when the 5-95% range of what is left is below this share of the
# documented 5-95% range
IDENTIFIED: Final = 0.5
TRUTHS: Final = 24
TRUTH_CHAINS, TRUTH_STEPS = 40, 800
BOUND: Final = 0.05
FEWEST: Final = 20  # vectors left, below which their percentiles say nothing


@dataclass(frozen=True)
class ParameterIdentification:
    """One calibrated parameter: the 5th, 50th and 95th percentile of the collection, the range left
    as a share of the documented one, and its profile.

    profile: by tenth of the documented range, by how much the likeliest vector that was run there
    is less likely than the likeliest of all (natural log; None where none was run). at_bound: the
    5th or 95th percentile lies within a twentieth of the range from its end, so that the range, not
    the record, may be what stops it.
    """

    name: str
    p05: float | None
    median: float | None
    p95: float | None
    left: float | None
    identified: bool
    profile: tuple[float | None, ...]
    at_bound: str  # "", "low", "high" or "both"


def identify_parameters(matched: MatchedRuns) -> tuple[ParameterIdentification, ...]:
    """What the runs say of each parameter."""
    left_units, best = matched.unit[matched.kept], matched.likely.max()
    out = []
    for index, name in enumerate(matched.space.names[: matched.space.calibrated]):
        place = np.minimum((matched.unit[:, index] * BINS).astype(int), BINS - 1)
        profile = tuple(
            float(best - matched.likely[place == cell].max()) if (place == cell).any() else None
            for cell in range(BINS)
        )
        low, high = matched.space.low[index], matched.space.high[index]
        if len(left_units) < FEWEST:
            out.append(ParameterIdentification(name, None, None, None, None, False, profile, ""))
            continue
        p05, median, p95 = np.quantile(left_units[:, index], (0.05, 0.5, 0.95))
        left, ends = float((p95 - p05) / 0.9), (p05 < BOUND, p95 > 1.0 - BOUND)
        bound = {(True, True): "both", (True, False): "low", (False, True): "high"}.get(ends, "")
        p05, median, p95 = (float(low + q * (high - low)) for q in (p05, median, p95))
        out.append(
            ParameterIdentification(name, p05, median, p95, left, left < IDENTIFIED, profile, bound)
        )
    return tuple(out)


@dataclass(frozen=True)
class Recovery:
    """Known vectors put in the record's place: whether what is left holds the truth, and how far
    the range of each parameter shrinks around it.

    inside: by parameter, share of truths inside the 10-90% range of what is left; four fifths if
    that is what it says it is. left: by parameter, median range left as a share of the documented
    one. correlation: by parameter, over truths, between the truth and the median of what is left,
    None where that is the same for all truths.
    """

    truths: int
    inside: tuple[float, ...]
    left: tuple[float, ...]
    correlation: tuple[float | None, ...]


def truths_of(matched: MatchedRuns, count: int = TRUTHS, seed: int = 0) -> IntArray:
    """Which vectors of the first wave are put in the record's place."""
    return stream(seed, "calibration truths").permutation(np.flatnonzero(matched.wave == 0))[:count]


def recover(
    matched: MatchedRuns, chosen: IntArray, histories: FloatArray, seed: int = 0
) -> Recovery:
    """Put known vectors in the record's place, one after another, and draw anew what is left, by
    shorter chains through one emulator that has not seen them.

    chosen: rows of `matched`, from `truths_of`; histories: truths x targets in the targets' scales,
    one history each with a seed that the fit did not use and an error of the record, NaN where
    undefined (that target is then left out). No waves are run: the error of the emulator is that of
    the first wave, which lies where the truths do.
    """
    others = np.setdiff1d(np.arange(len(matched.unit)), chosen)
    first = others[matched.wave[others] == 0]
    emulator = fit_emulator(matched.unit[others], matched.mean[others])
    emulator = replace(emulator, residuals=emulator.residuals[matched.wave[others] == 0])
    bands = []
    for number, history in enumerate(histories):
        record = _substitute_record(matched.objective, history)
        likely = log_likelihood(implausibility(record, matched.mean[first], matched.luck))
        around = replace(matched, objective=record, unit=matched.unit[first], likely=likely)
        ends = propose(around, emulator, TRUTH_CHAINS, seed + number, TRUTH_STEPS)
        bands.append(np.quantile(ends, (0.1, 0.5, 0.9), axis=0))
    of = matched.space.calibrated
    truth = matched.unit[chosen, :of]
    low, median, high = np.array(bands)[:, :, :of].swapaxes(0, 1)
    return Recovery(
        len(chosen),
        tuple(np.mean((truth >= low) & (truth <= high), axis=0).tolist()),
        tuple(np.median((high - low) / 0.8, axis=0).tolist()),
        tuple(_correlation(*pair) for pair in zip(truth.T, median.T, strict=True)),
    )


def _correlation(truth: FloatArray, median: FloatArray) -> float | None:
    """None where one of them does not move at all: there is nothing to correlate."""
    if not (np.ptp(truth) and np.ptp(median)):
        return None
    return float(np.corrcoef(truth, median)[0, 1])


def _substitute_record(objective: Objective, history: FloatArray) -> Objective:
    """The objective with a history for the record; a target that the history does not define is
    met by anything.
    """
    known = np.isfinite(history)
    record = objective.with_values(objective.unscaled(np.where(known, history, 0.0)))
    return replace(record, sd=np.where(known, record.sd, np.inf))
