"""What is kept is judged by luck that it was not chosen by.

Every vector of every wave is run with the same few seeds, and the best of many are the best by
their luck as well (decision 0053: of 27 that were not ruled out by two seeds eleven were not by two
others). So the least implausible are run with as many fresh seeds and judged by all of them, until
each that is kept has been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.implausibility import (
    CUT,
    implausibility,
    overall_implausibility,
)
from coercivity.experiments.calibration.waves import LEAST_KEPT, MatchedRuns

# vectors in their units, number of the round -> vectors x seeds x targets, of seeds not used before
Fresh = Callable[[FloatArray, int], FloatArray]


@dataclass(frozen=True)
class FreshSeedCheck:
    """How many vectors were not ruled out by the seeds that the waves used (before), how many of
    these are not by as many fresh ones alone (alone), how many by all (together), and how many were
    run again (runs).
    """

    before: int
    alone: int
    together: int
    runs: int


def judge_again(
    matched: MatchedRuns, simulate: Fresh, seeds: int, count: int = LEAST_KEPT
) -> tuple[MatchedRuns, FreshSeedCheck]:
    """Run with fresh seeds whatever is not ruled out or among the `count` least implausible, round
    by round, until all of these have been; each then has the mean over both lots of seeds, and luck
    v (1 + 1 / 2R).

    seeds: R, of either lot.
    """
    judged, alone = np.zeros(len(matched.worst), dtype=bool), np.full(len(matched.worst), np.inf)
    luck = matched.luck * (1.0 + 0.5 / seeds) / (1.0 + 1.0 / seeds)
    mean, each, worst = matched.mean.copy(), matched.each.copy(), matched.worst.copy()
    for number in range(len(worst)):
        near = np.argsort(worst, kind="stable")[: max(count, int((worst <= CUT).sum()))]
        near = near[np.isfinite(worst[near])]  # not what was ruled out before
        new = near[~judged[near]]
        if not len(new):
            break
        runs = simulate(matched.space.values(matched.unit[new]), number)
        other = matched.objective.scaled(runs).mean(axis=1)
        mean[new] = (matched.mean[new] + other) / 2.0
        each[new] = implausibility(matched.objective, mean[new], luck)
        worst[new] = overall_implausibility(matched.objective, each[new])
        by_itself = implausibility(matched.objective, other, matched.luck)
        alone[new] = overall_implausibility(matched.objective, by_itself)
        judged[new] = True
    was = matched.worst <= CUT
    told = FreshSeedCheck(
        int(was.sum()), int((alone[was] <= CUT).sum()), int((worst <= CUT).sum()), int(judged.sum())
    )
    return replace(matched, mean=mean, each=each, worst=worst), told
