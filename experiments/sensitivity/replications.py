"""From runs to one number a point: undefined values settled, replications averaged, and how much of
the variance of single runs is luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.luck import stream

MOST_UNDEFINED: Final = (
    0.05  # of the points; with more, an index would describe the points that happen to be defined
)
LUCK_RESAMPLES: Final = 500


@dataclass(frozen=True)
class Luck:
    """Share of the variance of single runs that is due to the seed, with its 95% interval; *left*:
    share of the variance of point means that still is.
    """

    share: float
    low: float
    high: float
    left: float
    seeds: int


@dataclass(frozen=True)
class OutcomeMeans:
    """One outcome, one number a point (NaN: undefined), the runs behind it (points x seeds), and
    what was done to get there.
    """

    means: FloatArray
    runs: FloatArray
    undefined: float  # share of the points
    notes: tuple[str, ...]


def settle(
    values: FloatArray, unit: str, days: float, failed: BoolArray | None = None
) -> OutcomeMeans:
    """Average points x seeds (NaN: undefined) over seeds.

    A day of a stop that never comes becomes *days*, the length of the run. Of anything else a point
    counts as undefined when fewer than half of its runs are defined. failed: runs with an error, or
    not there: they are never taken for "no stop".
    """
    runs, notes = np.array(values, dtype=float), []
    lost = np.zeros(runs.shape, dtype=bool) if failed is None else failed
    never = np.isnan(runs) & ~lost if unit == "days" else np.zeros(runs.shape, dtype=bool)
    if never.any():
        runs[never] = days
        share = never.sum() / max(1, (~lost).sum())
        notes.append(
            f"nothing stops in {percent(share)} of the runs; the length of the run, "
            f"{days:.0f} days, stands in for the day of a stop that never comes"
        )
    if lost.any():
        notes.append(
            f"{percent(lost.mean())} of the runs failed or are not there; they are left "
            "out of the mean of their point"
        )
    missing = np.isnan(runs) & ~lost
    if missing.any():
        notes.append(
            f"the outcome is undefined in {percent(missing.mean())} of the runs; they are "
            "left out of the mean of their point"
        )
    defined = ~np.isnan(runs)
    enough = 2 * defined.sum(axis=1) >= max(1, runs.shape[1])
    sums = np.where(defined, runs, 0.0).sum(axis=1)
    means = np.where(
        enough & defined.any(axis=1), sums / np.maximum(1, defined.sum(axis=1)), np.nan
    )
    return OutcomeMeans(means, runs, float(np.isnan(means).mean()), tuple(notes))


def check_defined(settled: OutcomeMeans) -> None:
    """Raises InputError where more than MOST_UNDEFINED of the points are undefined."""
    if settled.undefined > MOST_UNDEFINED:
        raise InputError(
            "the outcome is undefined in {share} of the points (at most {high} may be)",
            "choose an outcome that is defined everywhere (a share, a total), or months "
            "long enough for it",
            share=f"{settled.undefined:.0%}",
            high=f"{MOST_UNDEFINED:.0%}",
        )


def luck_share(runs: FloatArray, block: int = 1) -> Luck | None:
    """Share of luck in the variance of single runs, points x seeds, every point run with the same
    seeds.

    Two-way random effects (Searle, Casella and McCulloch, Variance Components, 1992, ch. 4): run =
    mean + point + seed + rest. What the seeds have in common over all points cancels in a
    comparison of points; the rest does not. The interval: a bootstrap over blocks of *block* points
    that were drawn together, and for the few seeds a draw of their variance given what was seen
    (chi-squared with seeds - 1 degrees of freedom). None with one seed, or where nothing varies.
    Points with an undefined run are left out.
    """
    whole = len(runs) // block * block
    grouped = runs[:whole].reshape(-1, block, runs.shape[1])
    grouped = grouped[~np.isnan(grouped).any(axis=(1, 2))]
    seeds = runs.shape[1]
    if seeds < 2 or len(grouped) < 2 or not np.ptp(grouped):
        return None
    share, left = _shares(grouped.reshape(-1, seeds))
    draw = stream(1, "luck bootstrap")
    drawn = []
    for rows in draw.integers(len(grouped), size=(LUCK_RESAMPLES, len(grouped))):
        widened = (seeds - 1) / float(draw.chisquare(seeds - 1))
        drawn.append(_shares(grouped[rows].reshape(-1, seeds), widened)[0])
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Luck(share, min(share, float(low)), max(share, float(high)), left, seeds)


def _shares(runs: FloatArray, widened: float = 1.0) -> tuple[float, float]:
    """Share of luck in single runs, and in the means of all seeds of a point. widened: factor on
    the mean square of the seeds.
    """
    points, seeds = runs.shape
    of_points, of_seeds, mean = runs.mean(axis=1), runs.mean(axis=0), runs.mean()
    rest = float(
        ((runs - of_points[:, None] - of_seeds + mean) ** 2).sum() / ((points - 1) * (seeds - 1))
    )
    seed = max(0.0, widened * float(of_seeds.var(ddof=1)) - rest / points)
    point = max(0.0, float(of_points.var(ddof=1)) - rest / seeds)
    total = point + seed + rest
    if total <= 0.0:
        return float("nan"), float("nan")
    return (seed + rest) / total, (rest / seeds) / max(rest / seeds + point, 1e-300)


def whole_blocks(means: FloatArray, block: int) -> BoolArray:
    """Positions of the points in blocks (base samples, trajectories) of which every point is
    defined, as a boolean array over points.

    Raises InputError when fewer than half of the blocks are left.
    """
    defined = np.asarray(~np.isnan(means.reshape(-1, block)).any(axis=1))
    if 2 * defined.sum() < len(defined):
        raise InputError(
            "undefined points spoil {spoiled} of {count} groups of {block} points that belong "
            "together",
            "choose an outcome that is defined everywhere",
            spoiled=len(defined) - int(defined.sum()),
            count=len(defined),
            block=block,
        )
    return np.repeat(defined, block)


def percent(share: float) -> str:
    """A share in words: a small one is never shown as none, nor a large one as all."""
    if 0.0 < share < 0.005 or 0.995 < share < 1.0:
        return f"{share:.2%}"
    return f"{share:.0%}"
