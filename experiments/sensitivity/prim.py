"""A compact PRIM, the patient rule induction method (Friedman and Fisher 1999), with the measures
of scenario discovery (Bryant and Lempert 2010).

Own code because the EMA workbench, which has a PRIM, brings scikit-learn, statsmodels and seaborn
with it (0.6 GB) and warns when it is imported; `ema_export.py` writes what it reads, so that its
own PRIM can be put beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray

PEEL: Final = 0.05  # share of the points in the box that one peel takes away: patience
SMALLEST: Final = 0.05  # share of all points below which peeling ends
MOST_PARAMETERS: Final = 4  # more than this nobody reads
LEAST_GAIN: Final = 0.9  # a bound is dropped when the simpler box keeps this much of the lift
QUASI_P: Final = 0.05


@dataclass(frozen=True)
class Box:
    """A box (d x 2 bounds, infinite where free) over points: coverage (share of hits inside),
    density (share of hits among those inside), mass.
    """

    limits: FloatArray
    inside: BoolArray
    coverage: float
    density: float
    mass: float
    lift: float  # coverage less the share of misses inside: 0 for luck, 1 for a perfect box

    @property
    def restricted(self) -> list[int]:
        """Positions of the parameters that the box bounds."""
        return [index for index, pair in enumerate(self.limits) if np.isfinite(pair).any()]


def measure(limits: FloatArray, points: FloatArray, hit: BoolArray) -> Box:
    """Return the box with its measures over points (n x d) of which *hit* are of interest."""
    inside = is_in_box(limits, points)
    hits, count = int((inside & hit).sum()), int(inside.sum())
    coverage, missed = hits / max(1, int(hit.sum())), (count - hits) / max(1, int((~hit).sum()))
    return Box(
        limits, inside, coverage, hits / max(1, count), count / len(points), coverage - missed
    )


def is_in_box(limits: FloatArray, points: FloatArray) -> BoolArray:
    """Which points lie in the box, bounds included."""
    return np.asarray(((points >= limits[:, 0]) & (points <= limits[:, 1])).all(axis=1))


def peeling_trajectory(points: FloatArray, hit: BoolArray) -> list[FloatArray]:
    """The bounds of the boxes of a peeling trajectory, from all points to SMALLEST of them: each
    peel leaves the highest share of hits.
    """
    free = np.column_stack([np.full(points.shape[1], -np.inf), np.full(points.shape[1], np.inf)])
    trajectory, inside, target = [free], np.ones(len(points), dtype=bool), hit.astype(float)
    while inside.sum() > SMALLEST * len(points):
        part, wanted = points[inside], target[inside]
        edges = np.quantile(part, (PEEL, 1.0 - PEEL), axis=0, method="nearest")
        best: tuple[float, int, int] | None = None
        for side, kept in enumerate((part > edges[0], part < edges[1])):
            counts = kept.sum(axis=0)
            shares = np.where(
                (counts > 0) & (counts < len(part)), wanted @ kept / np.maximum(1, counts), -1.0
            )
            best_cut = int(shares.argmax())
            if shares[best_cut] >= 0.0 and (best is None or shares[best_cut] > best[0]):
                best = (float(shares[best_cut]), best_cut, side)
        if best is None or best[0] < wanted.mean():
            break
        _, best_cut, side = best
        limits = trajectory[-1].copy()
        stays = (
            part[:, best_cut] > edges[0, best_cut]
            if side == 0
            else part[:, best_cut] < edges[1, best_cut]
        )
        limits[best_cut, side] = (
            part[stays, best_cut].min() if side == 0 else part[stays, best_cut].max()
        )
        trajectory.append(limits)
        inside &= is_in_box(limits, points)
    return trajectory


def find_box(points: FloatArray, hit: BoolArray) -> Box:
    """The box of the trajectory with the greatest lift, on as few parameters as keep LEAST_GAIN of
    it, every bound passing its test.

    The box is all of the space where nothing is gained.
    """
    boxes = [measure(limits, points, hit) for limits in peeling_trajectory(points, hit)]
    box = max(boxes, key=lambda candidate: candidate.lift)
    floor = LEAST_GAIN * box.lift
    while box.restricted:
        simpler = [
            measure(_drop_bound(box.limits, index, side), points, hit)
            for index, side in bounds_of(box)
        ]
        best = max(simpler, key=lambda candidate: candidate.lift)
        weak = [
            candidate
            for candidate, p in zip(simpler, quasi_p(box, points, hit).values(), strict=True)
            if p > QUASI_P
        ]
        if weak:
            box = max(weak, key=lambda candidate: candidate.lift)
        elif best.lift >= floor or len(box.restricted) > MOST_PARAMETERS:
            box = best
        else:
            break
    return paste(box, points, hit)


def paste(box: Box, points: FloatArray, hit: BoolArray) -> Box:
    """Move bounds outwards while that raises the lift: peeling may have cut too far while other
    bounds were still wide.
    """
    improved = True
    while improved:
        improved = False
        for index, side in bounds_of(box):
            limits = box.limits.copy()
            limits[index, side] = -np.inf if side == 0 else np.inf
            beyond = np.sort(points[is_in_box(limits, points) & ~box.inside, index])
            step = max(1, int(PEEL * box.inside.sum()))
            if not len(beyond):
                continue
            limits[index, side] = (
                beyond[max(0, len(beyond) - step)]
                if side == 0
                else beyond[min(step, len(beyond)) - 1]
            )
            wider = measure(limits, points, hit)
            if wider.lift > box.lift:
                box, improved = wider, True
    return box


def bounds_of(box: Box) -> list[tuple[int, int]]:
    """(position of the parameter, 0 low or 1 high) of each finite bound."""
    return [
        (index, side)
        for index in box.restricted
        for side in (0, 1)
        if np.isfinite(box.limits[index, side])
    ]


def quasi_p(box: Box, points: FloatArray, hit: BoolArray) -> dict[tuple[int, int], float]:
    """For each bound: the chance of as many hits in the box if the bound did nothing (binomial with
    the density of the box without it).
    """
    from scipy.stats import binom

    count = int(box.inside.sum())
    hits = int((box.inside & hit).sum())
    chances = {}
    for index, side in bounds_of(box):
        without = measure(_drop_bound(box.limits, index, side), points, hit)
        chances[index, side] = float(binom.sf(hits - 1, count, without.density))
    return chances


def _drop_bound(limits: FloatArray, index: int, side: int) -> FloatArray:
    freed = limits.copy()
    freed[index, side] = -np.inf if side == 0 else np.inf
    return freed
