"""Which numbers of the office are shipped: those of the table, where the record of licences does
not ask for others.

Rule. S is the sum of squared implausibilities over the targets of `office.py`, none left out, by
seeds that the match did not use. Each number that the record feels is tried at the 5th, 50th and
95th percentile of the kept vectors (three digits), alone. It is a reason to move where S falls by
more than 4, as chance moves it by 3.84 in one case of twenty, and by more than twice the standard
error of that fall over seeds (jackknife). The largest such fall is taken, and all others are tried
again beside it, until there is none. A number whose value a source states stays (SOURCED). A first
form looked only at numbers with a rank correlation with the implausibility; see decision 0052.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.objective import implausibility
from coercivity.experiments.calibration.office import histories_of, targets_told
from coercivity.experiments.calibration.waves import Matched

SEEDS: Final = tuple(range(11, 19))
SOURCED: Final = ("licence_months",)  # six months: the act on graphite (licence_practice.csv)
# no world of the record feels them by a bit (decision 0048); lists came later
NOT_FELT: Final = ("licence_easy", "licence_rank_favoured", "licence_rank_raw", "licence_watched")
PLACES: Final = (0.05, 0.5, 0.95)
FALL: Final = 4.0


class Trial(NamedTuple):
    """A number at a value that was tried: how far S falls, and the standard error of that."""

    name: str
    value: float
    fall: float
    error: float

    @property
    def asks(self) -> bool:
        """The record asks for this value."""
        return self.fall > max(FALL, 2.0 * self.error)


class Moved(NamedTuple):
    """What is shipped by the rule: S at the table, what was tried in each round, and the trial that
    was taken at the end of each round but the last.
    """

    before: float
    rounds: tuple[tuple[Trial, ...], ...]
    taken: tuple[Trial, ...]


def move(office: Matched, seeds: tuple[int, ...] = SEEDS) -> Moved:
    """Try the numbers of the office until the record asks for no other value."""
    values = dict(zip(office.space.names, office.space.shipped.tolist(), strict=True))
    best = sums(office, values, seeds)
    before = float(best[0])
    rounds: list[tuple[Trial, ...]] = []
    taken: list[Trial] = []
    while True:
        trials = [
            _try(office, values, best, name, value, seeds)
            for name in values
            if name not in (*SOURCED, *NOT_FELT, *(one.name for one in taken))
            for value in places(office, name)
        ]
        rounds.append(tuple(trials))
        asking = [trial for trial in trials if trial.asks]
        if not asking:
            return Moved(before, tuple(rounds), tuple(taken))
        taken.append(max(asking, key=lambda trial: trial.fall))
        values[taken[-1].name] = taken[-1].value
        best = sums(office, values, seeds)


def places(office: Matched, name: str) -> tuple[float, ...]:
    """Values at which a number is tried."""
    kept = office.space.values(office.unit)[office.kept, office.space.names.index(name)]
    return tuple(float(f"{value:.3g}") for value in np.quantile(kept, PLACES))


def _try(
    office: Matched,
    values: Mapping[str, float],
    best: FloatArray,
    name: str,
    value: float,
    seeds: tuple[int, ...],
) -> Trial:
    found = best - sums(office, {**values, name: value}, seeds)
    return Trial(name, value, float(found[0]), jackknife(found[1:]))


def sums(office: Matched, values: Mapping[str, float], seeds: tuple[int, ...]) -> FloatArray:
    """S over all seeds, and then with each seed left out."""
    histories = histories_of(values, seeds)
    subsets = [list(range(len(seeds)))] + [
        [at for at in range(len(seeds)) if at != out] for out in range(len(seeds))
    ]
    found = []
    for subset in subsets:
        told = targets_told({case: [runs[at] for at in subset] for case, runs in histories.items()})
        mean = office.objective.scaled(told).mean(axis=0)
        found.append((implausibility(office.objective, mean[None], office.luck) ** 2).sum())
    return np.array(found)


def jackknife(left_out: FloatArray) -> float:
    """Standard error of a figure from its values with each seed left out."""
    count = len(left_out)
    return float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))
