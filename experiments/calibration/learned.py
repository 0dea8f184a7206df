"""What a calibration taught: how far each parameter's range shrank, its profile, and whether known truths are found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.columns import FloatArray
from coercivity.experiments.calibration.emulator import fit_emulator
from coercivity.experiments.calibration.objective import CUT, implausibility, overall
from coercivity.experiments.calibration.waves import Matched, emulated
from coercivity.model.luck import stream

BINS: Final = 10
IDENTIFIED: Final = 0.5  # a parameter counts as identified when the 5-95% range of what is left is below this share of the documented 5-95% range
TRUTHS: Final = 20


@dataclass(frozen=True)
class Learned:
    """One calibrated parameter: the 5th, 50th and 95th percentile of the collection, the range left as a share of the documented one, and its profile.

    profile: by tenth of the documented range, the least implausibility of any vector run there (None where none was run). side: rank correlation of the
    parameter with the implausibility of all runs of the first wave.
    """

    name: str
    p05: float | None
    median: float | None
    p95: float | None
    left: float | None
    identified: bool
    profile: tuple[float | None, ...]
    side: float


def learned(found: Matched) -> tuple[Learned, ...]:
    """What the runs say of each parameter."""
    from scipy.stats import spearmanr

    kept = found.unit[found.kept]
    first = found.wave == 0
    out = []
    for at, name in enumerate(found.space.names):
        place = np.minimum((found.unit[:, at] * BINS).astype(int), BINS - 1)
        profile = tuple(float(found.worst[place == one].min()) if (place == one).any() else None for one in range(BINS))
        side = float(spearmanr(found.unit[first, at], found.worst[first]).statistic)
        low, high = found.space.low[at], found.space.high[at]
        if len(kept) < 5:
            out.append(Learned(name, None, None, None, None, False, profile, side))
            continue
        p05, median, p95 = np.quantile(kept[:, at], (0.05, 0.5, 0.95))
        left = float((p95 - p05) / 0.9)
        p05, median, p95 = (float(low + q * (high - low)) for q in (p05, median, p95))
        out.append(Learned(name, p05, median, p95, left, left < IDENTIFIED, profile, side))
    return tuple(out)


@dataclass(frozen=True)
class Recovery:
    """Known vectors put in the record's place: how often the truth is not ruled out, and how far the range of each parameter shrinks around it.

    ruled_out: share of truths that were ruled out, by their own runs against synthetic data of other seeds. inside: by parameter, share of truths inside the
    5-95% range of what is left. left: by parameter, median range left as a share of the documented one. correlation: by parameter, over truths, between
    the truth and the median of what is left.
    """

    truths: int
    ruled_out: float
    inside: tuple[float, ...]
    left: tuple[float, ...]
    correlation: tuple[float, ...]


def recover(found: Matched, seed_values: FloatArray, truths: int = TRUTHS, seed: int = 0) -> Recovery:
    """Put known vectors of the first wave in the record's place, one after another, and match again through the emulator.

    seed_values: vectors x targets in the targets' scales, of one seed of each vector: what a record of one history would have been. No new runs are made: the
    emulator, fitted without the truth, rules out 5,000 candidate vectors. The parameters that are not calibrated stand at their shipped values in both, so
    no variance is added for them.
    """
    from scipy.stats import qmc

    rng = stream(seed, "calibration truths")
    usable = np.flatnonzero(np.isfinite(seed_values).all(axis=1) & (found.wave == 0))
    chosen = rng.permutation(usable)[:truths]
    candidates = qmc.LatinHypercube(found.unit.shape[1], rng=seed).random(5_000)
    out, inside, left, medians = [], [], [], []
    for at in chosen:
        others = np.arange(len(found.unit)) != at
        synthetic = found.objective.with_values(found.objective.unscaled(seed_values[at]))
        alike = Matched(
            found.space, synthetic, found.unit[others], found.wave[others], found.mean[others], found.luck, np.zeros_like(found.rest), found.each, found.worst
        )  # fmt: skip
        single = found.luck * 2.0  # the truth's own mean and the one history of the record both carry luck
        out.append(overall(synthetic, implausibility(synthetic, found.mean[at : at + 1], single, alike.rest))[0] > CUT)
        worst = emulated(alike, fit_emulator(alike.unit, alike.mean), candidates)
        kept = candidates[worst <= CUT]
        if len(kept) < 5:
            kept = candidates[np.argsort(worst)[:5]]
        low, middle, high = np.quantile(kept, (0.05, 0.5, 0.95), axis=0)
        inside.append((found.unit[at] >= low) & (found.unit[at] <= high))
        left.append((high - low) / 0.9)
        medians.append(middle)
    truth = found.unit[chosen]
    correlation = tuple(float(np.corrcoef(truth[:, k], np.array(medians)[:, k])[0, 1]) for k in range(truth.shape[1]))
    return Recovery(
        len(chosen), float(np.mean(out)), tuple(np.mean(inside, axis=0).tolist()), tuple(np.median(left, axis=0).tolist()), correlation
    )  # fmt: skip
