"""What a calibration taught: how far each parameter's range shrank, its profile, and whether known
truths are found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.experiments.calibration.emulator import fit_emulator
from coercivity.experiments.calibration.implausibility import (
    CUT,
    Objective,
    implausibility,
    overall_implausibility,
)
from coercivity.experiments.calibration.waves import MatchedRuns
from coercivity.model.basis.luck import stream

BINS: Final = 10
# a parameter counts as identified when the 5-95% range of what is left is below this share of the
# documented 5-95% range
IDENTIFIED: Final = 0.5
TRUTHS: Final = 50
BOUND: Final = 0.05
FEWEST: Final = 20  # vectors left, below which their percentiles say nothing
FEWEST_LEFT: Final = 5  # candidates of a known vector, of which percentiles are taken


@dataclass(frozen=True)
class ParameterIdentification:
    """One calibrated parameter: the 5th, 50th and 95th percentile of the collection, the range left
    as a share of the documented one, and its profile.

    profile: by tenth of the documented range, the least implausibility of any vector run there
    (None where none was run). at_bound: the 5th or 95th percentile lies within a twentieth of the
    range from its end, so that the range, not the record, may be what stops it. Percentiles are of
    the vectors that were run and kept, and later waves run where it fits.
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
    left_units = matched.unit[matched.kept]
    out = []
    for index, name in enumerate(matched.space.names[: matched.space.calibrated]):
        place = np.minimum((matched.unit[:, index] * BINS).astype(int), BINS - 1)
        profile = tuple(
            float(matched.worst[place == cell].min()) if (place == cell).any() else None
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
    """Known vectors put in the record's place: how often the truth is not ruled out, and how far
    the range of each parameter shrinks around it.

    ruled_out: share of truths that were ruled out, by their own runs against synthetic data of
    other seeds. inside: by parameter, share of truths inside the 10-90% range of what is left.
    left: by parameter, median range left as a share of the documented one. correlation: by
    parameter, over truths, between the truth and the median of what is left, None where that is the
    same for all truths.
    """

    truths: int
    ruled_out: float
    inside: tuple[float, ...]
    left: tuple[float, ...]
    correlation: tuple[float | None, ...]


def truths_of(matched: MatchedRuns, count: int = TRUTHS, seed: int = 0) -> IntArray:
    """Which vectors of the first wave are put in the record's place."""
    return stream(seed, "calibration truths").permutation(np.flatnonzero(matched.wave == 0))[:count]


def recover(
    matched: MatchedRuns, chosen: IntArray, histories: FloatArray, seed: int = 0
) -> Recovery:
    """Put known vectors in the record's place, one after another, and match again through the
    emulator.

    chosen: rows of `matched`, from `truths_of`; histories: truths x targets in the targets' scales,
    one history each with a seed that the fit did not use and an error of the record, NaN where
    undefined (that target is then
    left out). No waves are run: the emulator, fitted without the truths, rules out 5,000 candidate
    vectors; its error is that of the first wave, which lies where they do.
    """
    from scipy.stats import qmc

    candidates = qmc.LatinHypercube(matched.unit.shape[1], rng=seed).random(5_000)
    others = np.setdiff1d(np.arange(len(matched.unit)), chosen)
    emulator = fit_emulator(matched.unit[others], matched.mean[others])
    emulated = emulator.predict(candidates)
    luck = matched.luck + emulator.error(matched.wave[others] == 0)
    again = [
        _match_again(matched, index, history, candidates, emulated, luck)
        for index, history in zip(chosen, histories, strict=True)
    ]
    of = matched.space.calibrated
    truth = matched.unit[chosen, :of]
    low, median, high = (
        np.array([getattr(cell, name)[:of] for cell in again]) for name in ("low", "median", "high")
    )
    return Recovery(
        len(chosen),
        float(np.mean([cell.ruled_out for cell in again])),
        tuple(np.mean((truth >= low) & (truth <= high), axis=0).tolist()),
        tuple(np.median((high - low) / 0.8, axis=0).tolist()),
        tuple(_correlation(*pair) for pair in zip(truth.T, median.T, strict=True)),
    )


def _correlation(truth: FloatArray, median: FloatArray) -> float | None:
    """None where one of them does not move at all: there is nothing to correlate."""
    if not (np.ptp(truth) and np.ptp(median)):
        return None
    return float(np.corrcoef(truth, median)[0, 1])


class _TruthRecovery(NamedTuple):
    """One known vector matched again: whether it was ruled out, and percentiles 10, 50 and 90 of
    what is left.
    """

    ruled_out: bool
    low: FloatArray
    median: FloatArray
    high: FloatArray


def _match_again(
    matched: MatchedRuns,
    index: int,
    history: FloatArray,
    candidates: FloatArray,
    emulated: FloatArray,
    luck: FloatArray,
) -> _TruthRecovery:
    """Match against the history of one vector: candidates by what is emulated of them."""
    record = _substitute_record(matched.objective, history)
    own = implausibility(record, matched.mean[index : index + 1], matched.luck)
    each = implausibility(record, emulated, luck)
    left = _remaining_candidates(candidates, overall_implausibility(record, each))
    low, median, high = np.quantile(left, (0.1, 0.5, 0.9), axis=0)
    return _TruthRecovery(bool(overall_implausibility(record, own)[0] > CUT), low, median, high)


def _substitute_record(objective: Objective, history: FloatArray) -> Objective:
    """The objective with a history for the record; a target that the history does not define is
    left out.
    """
    known = np.isfinite(history)
    record = objective.with_values(objective.unscaled(np.where(known, history, 0.0)))
    return record.with_structural(objective.structural | ~known)


def _remaining_candidates(candidates: FloatArray, worst: FloatArray) -> FloatArray:
    """The candidates that are not ruled out, or the best few where too few are left."""
    left = candidates[worst <= CUT]
    return left if len(left) >= FEWEST_LEFT else candidates[np.argsort(worst)[:FEWEST_LEFT]]
