"""Where the width of a band comes from: parameters or luck, and of the parameters the calibrated
ones or the rest.

With N vectors and R >= 2 seeds for each, outcome y of vector i and seed j is taken apart as y =
mean + a_i + e_ij (one-way random effects, Searle, Casella and McCulloch, Variance Components, 1992,
ch. 3): var(a) is what the parameters give, var(e) what luck gives. Shares are of variance; they add
up to one, as widths would not. With one seed a vector the two cannot be told apart, and this is
said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.luck import uniforms

FEWEST: Final = 4  # vectors below which nothing is said
SPARE: Final = 10  # vectors beyond the calibrated parameters that a regression needs
RESAMPLES: Final = 400
SAME: Final = 1e-12  # relative: a spread below this is rounding


@dataclass(frozen=True)
class Shares:
    """Shares of the variance of one outcome, 0-1; None where they cannot be told, and `why` says
    why not.

    parameters (with its 95% interval low, high) and luck add up to one; calibrated, where it can be
    told, is the part of `parameters` that the calibrated ones explain, and rest = parameters -
    calibrated. vectors: how many of them entered.
    """

    parameters: float | None
    low: float | None
    high: float | None
    luck: float | None
    calibrated: float | None
    rest: float | None
    vectors: int
    replications: int
    why: str = ""


def shares(values: FloatArray, calibrated: FloatArray | None = None) -> Shares:
    """Take one outcome apart. values: vectors x seeds, NaN where undefined; calibrated: vectors x
    calibrated parameters.

    A vector enters where its outcome is defined with every seed. The interval is that of
    `interval`. The calibrated part is the adjusted R-squared of the vectors' means on the
    calibrated parameters (linear): what bends, or works only together with others, counts as rest.
    """
    whole = np.isfinite(values).all(axis=1)
    values = values[whole]
    count, seeds = values.shape
    if seeds < 2:
        return _undetermined_shares(
            count,
            seeds,
            (
                "one seed a vector: parameters and luck cannot be told apart; ask for 2 or "
                "more replications"
            ),
        )
    if count < FEWEST:
        return _undetermined_shares(
            count,
            seeds,
            f"defined with every seed in {count} vectors; fewer than {FEWEST} say nothing",
        )
    between, within = components(values[:, :, None])
    total = float(between[0] + within[0])
    if total <= SAME * max(float(np.abs(values).max()), 1e-300) ** 2:
        return _undetermined_shares(count, seeds, "the same in every run")
    share = float(between[0]) / total
    low, high = interval(values)
    explained = (
        None
        if calibrated is None
        else _explained_share(values.mean(axis=1), calibrated[whole], total, share)
    )
    return Shares(
        share,
        low,
        high,
        1.0 - share,
        explained,
        None if explained is None else share - explained,
        count,
        seeds,
    )


def components(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Variances between and within vectors. values: vectors x seeds x columns, all defined -> two
    arrays of columns; none is below zero.
    """
    _, seeds, _ = values.shape
    means = values.mean(axis=1)
    within = values.var(axis=1, ddof=1).mean(axis=0)
    return np.maximum(means.var(axis=0, ddof=1) - within / seeds, 0.0), within


def parameter_share(values: FloatArray) -> FloatArray:
    """Share of variance that the parameters give, column by column. values: vectors x seeds x
    columns; NaN where it cannot be told.
    """
    _, seeds, columns = values.shape
    out = np.full(columns, np.nan)
    if seeds < 2:
        return out
    whole = np.isfinite(values).all(axis=1)  # vectors x columns
    for pattern in np.unique(whole, axis=1).T:
        chosen = np.flatnonzero((whole == pattern[:, None]).all(axis=0))
        if pattern.sum() < FEWEST:
            continue
        chosen_values = values[pattern][:, :, chosen]
        between, within = components(chosen_values)
        scale = SAME * np.maximum(np.abs(chosen_values).max(axis=(0, 1)), 1e-300) ** 2
        out[chosen] = np.divide(
            between,
            between + within,
            out=np.full(len(chosen), np.nan),
            where=between + within > scale,
        )
    return out


def interval(values: FloatArray) -> tuple[float, float]:
    """95% interval of the share of the parameters: the wider end, each side, of two. One is from
    the F distribution of the two mean squares, exact where both parts are normal; the other a
    bootstrap over vectors, for outcomes with long tails. In trials with 12 and 32 vectors the two
    together held the true share 95 to 97% of the time where both parts were normal, 82 to 96% where
    both were log-normal (F alone 59 to 91%).
    """
    from scipy.stats import f

    count, seeds = values.shape
    means, spreads = values.mean(axis=1), values.var(axis=1, ddof=1)
    if spreads.mean() <= 0.0:
        return 1.0, 1.0
    above, below = count - 1, count * (seeds - 1)
    ratio = seeds * float(means.var(ddof=1)) / float(spreads.mean())
    ends = np.array([ratio / f.ppf(0.975, above, below), ratio / f.ppf(0.025, above, below)])
    exact = np.clip((ends - 1.0) / (ends + seeds - 1.0), 0.0, 1.0)
    again = (uniforms(0, "bootstrap", 0, (RESAMPLES, count)) * count).astype(np.int64)
    within = spreads[again].mean(axis=1)
    between = np.maximum(means[again].var(axis=1, ddof=1) - within / seeds, 0.0)
    both = between + within
    found = np.quantile((between / np.where(both > 0.0, both, 1.0))[both > 0.0], (0.025, 0.975))
    return float(min(exact[0], found[0])), float(max(exact[1], found[1]))


def _explained_share(
    means: FloatArray, calibrated: FloatArray, total: float, share: float
) -> float | None:
    """Part of the total variance that a linear regression of the means on the calibrated parameters
    explains, adjusted for their number; 0 to `share`.
    """
    moved = calibrated[:, np.ptp(calibrated, axis=0) > 0.0]
    spare = len(means) - moved.shape[1] - 1
    if not moved.shape[1] or spare < SPARE:
        return None
    scaled = (moved - moved.mean(axis=0)) / moved.std(axis=0)
    gap = means - means.mean()
    left = gap - scaled @ np.linalg.lstsq(scaled, gap, rcond=None)[0]
    explained = float(gap @ gap) / (len(means) - 1) - float(left @ left) / spare
    return float(np.clip(explained / total, 0.0, share))


def _undetermined_shares(vectors: int, seeds: int, why: str) -> Shares:
    return Shares(None, None, None, None, None, None, vectors, seeds, why)
