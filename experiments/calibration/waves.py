"""Waves of a calibration: run the model, learn what moves it, run it where the record is likely.

The model comes in as a function, so that a test can put a formula in its place and a cluster can
put a sweep there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.experiments.calibration.emulator import Emulator, fit_emulator
from coercivity.experiments.calibration.implausibility import (
    Objective,
    implausibility,
    log_likelihood,
)
from coercivity.experiments.worlds.draws import triangular, triangular_share
from coercivity.model.basis.luck import stream
from coercivity.model.basis.parameters import load_parameters

# vectors x parameters (in their units), number of the wave -> vectors x seeds x targets, as the
# table of evidence has them; NaN where undefined
Simulator = Callable[[FloatArray, int], FloatArray]
STEPS: Final = 2_500  # of the chains through the emulator that propose a wave
SHARES: Final = (0.3, 0.8)  # of what parts two other chains, in a step of a chain
NUDGE: Final = 0.02  # standard deviation of what is added to a step, of a parameter's range
MOVED: Final = 0.3  # of the parameters, in a step


@dataclass(frozen=True, eq=False)
class Space:
    """All parameters that a draw moves: names, the ranges that the parameter table documents,
    shipped values. The first *calibrated* of them move the targets most and are spread evenly over
    their ranges; the others are spread as every draw spreads them, densest at the shipped value,
    and a vector holds on to what it has drawn.
    """

    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    shipped: FloatArray
    calibrated: int

    def values(self, unit: FloatArray) -> FloatArray:
        """Vectors in 0-1 to vectors in the parameters' units."""
        out = self.low + np.asarray(unit) * (self.high - self.low)
        for at in range(self.calibrated, len(self.names)):
            low, mode, high = self.low[at], self.shipped[at], self.high[at]
            out[..., at] = triangular(np.asarray(unit)[..., at], low, mode, high)
        return out

    def unit(self, values: FloatArray) -> FloatArray:
        """Vectors in the parameters' units to 0-1: the way back."""
        out = (np.asarray(values, dtype=float) - self.low) / (self.high - self.low)
        for at in range(self.calibrated, len(self.names)):
            low, mode, high = self.low[at], self.shipped[at], self.high[at]
            out[..., at] = triangular_share(np.asarray(values)[..., at], low, mode, high)
        return out


def space_of(names: Sequence[str], calibrated: int) -> Space:
    """The space of these parameters, by the parameter table; the first so many are calibrated."""
    table = load_parameters()
    rows = [table[name] for name in names]
    return Space(
        tuple(names),
        np.array([row.low for row in rows]),
        np.array([row.high for row in rows]),
        np.array([row.value for row in rows]),
        calibrated,
    )


@dataclass(frozen=True, eq=False)
class Check:
    """What the stand-in said of a wave before it was run, by target: share of the variance between
    the vectors of that wave that it explains, and share of vectors within two of its own standard
    errors (95% if it is honest).
    """

    explained: FloatArray
    covered: FloatArray


@dataclass(frozen=True, eq=False)
class MatchedRuns:
    """All runs of all waves and what was made of them.

    unit: vectors x parameters in 0-1; wave: of each vector; mean: vectors x targets over seeds,
    luck: v (1 + 1 / R) by target, in the targets' scales; each: implausibility, vectors x targets;
    likely: log of the likelihood, one number a vector; left_out: vectors that are no members for
    another reason than the record.
    """

    space: Space
    objective: Objective
    unit: FloatArray
    wave: np.ndarray
    mean: FloatArray
    luck: FloatArray
    each: FloatArray
    likely: FloatArray
    left_out: BoolArray
    checks: tuple[Check, ...] = ()

    @property
    def kept(self) -> BoolArray:
        """Vectors of the collection: those that the last wave's chains ended at (`propose`)."""
        return np.asarray((self.wave == self.wave.max()) & ~self.left_out)

    def members(self) -> IntArray:
        """Rows of the vectors that are kept, the likeliest first."""
        order = np.argsort(-self.likely, kind="stable")
        return order[self.kept[order]]

    def collection(self) -> FloatArray:
        """Vectors that are kept, in the parameters' units, the likeliest first."""
        return self.space.values(self.unit[self.members()])


def match(
    space: Space,
    objective: Objective,
    simulate: Simulator,
    *,
    vectors: int,
    waves: int,
    seed: int = 0,
) -> MatchedRuns:
    """Run some waves of `vectors` vectors each; the first is a Latin hypercube over all parameters
    with the shipped vector in its first row.
    """
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(space.names), rng=seed).random(vectors)
    unit[0] = space.unit(space.shipped)
    units, waves_of, runs = (
        [unit],
        [np.zeros(vectors, dtype=int)],
        [simulate(space.values(unit), 0)],
    )
    matched = judge(space, objective, units, waves_of, runs)
    checks: list[Check] = []
    for wave in range(1, waves):
        emulator = fit_emulator(matched.unit, matched.mean)
        unit = propose(matched, emulator, vectors, seed + wave)
        units.append(unit)
        waves_of.append(np.full(len(unit), wave))
        runs.append(simulate(space.values(unit), wave))
        matched = judge(space, matched.objective, units, waves_of, runs)
        checks.append(check(emulator, unit, matched.mean[matched.wave == wave]))
    return replace(matched, checks=tuple(checks))


def check(emulator: Emulator, unit: FloatArray, mean: FloatArray) -> Check:
    """Return how well the emulator foretells runs that it has not seen (vectors x targets, NaN
    where undefined).
    """
    missed = mean - emulator.predict(unit)
    known = np.isfinite(missed)
    count = np.maximum(known.sum(axis=0), 1)
    square = np.where(known, missed, 0.0) ** 2
    spread = np.nanvar(np.where(known.any(axis=0), mean, 0.0), axis=0)
    within = known & (square <= 4.0 * emulator.error())
    return Check(
        1.0 - square.sum(axis=0) / count / np.maximum(spread, 1e-300), within.sum(axis=0) / count
    )


def judge(
    space: Space,
    objective: Objective,
    units: list[FloatArray],
    waves_of: list[np.ndarray],
    runs: list[FloatArray],
) -> MatchedRuns:
    """How far off and how likely everything is that has been run.

    Luck is pooled: v is the mean over vectors of the variance between seeds (a median of variances
    of two seeds would be less than half of it), and the record is one history as well, so v (1 + 1
    / R).
    """
    scaled = objective.scaled(np.concatenate(runs))
    seeds = scaled.shape[1]
    mean = scaled.mean(axis=1)
    defined = np.isfinite(mean)
    between = np.where(defined, scaled.var(axis=1, ddof=min(seeds - 1, 1)), 0.0)
    pooled = between.sum(axis=0) / np.maximum(defined.sum(axis=0), 1)
    luck = pooled * (1.0 + 1.0 / seeds)
    each = implausibility(objective, mean, luck)
    unit = np.concatenate(units)
    return MatchedRuns(
        space,
        objective,
        unit,
        np.concatenate(waves_of),
        mean,
        luck,
        each,
        log_likelihood(each),
        np.zeros(len(unit), dtype=bool),
    )


def propose(
    matched: MatchedRuns, emulator: Emulator, count: int, seed: int, steps: int = STEPS
) -> FloatArray:
    """Vectors for the next wave: as many chains as vectors, which begin at the likeliest runs and
    end where they are after some steps through the likelihood of emulated outcomes (differential
    evolution, ter Braak 2006: a step is a share of what parts two other chains; all chains step at
    once). I ends at its cap, and every parameter is as likely over the whole of its range
    beforehand. So they are drawn from what the record leaves, as far as the emulator knows it.

    The emulator's own error is added to the variance, so that its mistakes rule nothing out; the
    luck of means over seeds is in both, which errs on that side as well.
    At least three vectors.
    """
    rng = stream(seed, "calibration proposals")
    best_first = np.argsort(-matched.likely, kind="stable")
    chains = matched.unit[best_first[np.arange(count) % len(matched.unit)]]
    own, luck = np.arange(count), matched.luck + emulator.error()

    def likelihood(unit: FloatArray) -> FloatArray:
        return log_likelihood(implausibility(matched.objective, emulator.predict(unit), luck))

    log = likelihood(chains)
    for _ in range(steps):
        first, second = rng.integers(1, count, count), rng.integers(1, count - 1, count)
        second += second >= first  # two others, and not the same
        apart = chains[(own + first) % count] - chains[(own + second) % count]
        step = rng.choice(SHARES) * apart + NUDGE * rng.standard_normal(chains.shape)
        moved = rng.random(chains.shape) < MOVED
        offered = chains + np.where(moved, step, 0.0)
        offered = np.clip(np.abs(1.0 - np.abs(1.0 - offered)), 0.0, 1.0)  # reflected at 0 and 1
        likely = likelihood(offered)
        taken = np.log(rng.random(count)) < likely - log
        chains[taken], log[taken] = offered[taken], likely[taken]
    return np.asarray(chains)
