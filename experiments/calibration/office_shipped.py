"""Which numbers of the office are shipped: those of the table, where the record of licences does
not ask for others.

Rule, written before the match was looked at. S is the sum of squared implausibilities over the
targets of `office.py`, none left out, by seeds that the match did not use. A number is looked at
where its rank correlation with the implausibility of all vectors is beyond three standard errors,
the strongest first, each beside what has been moved before it. It is moved to the quartile of the
kept vectors (of three, two digits) with the least S where S falls by more than 4, as chance moves
it by 3.84 in one case of twenty, and by more than twice the standard error of that fall over seeds
(jackknife). A number whose value a source states stays (SOURCED).
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
FALL: Final = 4.0
ERRORS: Final = 3.0  # standard errors of a rank correlation


class Move(NamedTuple):
    """A number that was looked at: values tried, how far S falls at each and the standard error of
    the fall, and the value taken (the table's where it stays).
    """

    name: str
    tried: tuple[float, ...]
    falls: tuple[float, ...]
    errors: tuple[float, ...]
    taken: float


class Moved(NamedTuple):
    """What is shipped by the rule: S at the table and at the end, and all that was looked at."""

    before: float
    after: float
    moves: tuple[Move, ...]


def move(office: Matched, seeds: tuple[int, ...] = SEEDS) -> Moved:
    """Look at the numbers of the office one after another."""
    values = dict(zip(office.space.names, office.space.shipped.tolist(), strict=True))
    best = sums(office, values, seeds)
    before, moves = float(best[0]), []
    for name in looked_at(office):
        at = office.space.names.index(name)
        kept = office.space.values(office.unit)[office.kept, at]
        tried = [float(f"{value:.2g}") for value in np.quantile(kept, (0.25, 0.5, 0.75))]
        tried = [value for value in dict.fromkeys(tried) if value != values[name]]
        found = [sums(office, values | {name: value}, seeds) for value in tried]
        falls = [float(best[0] - one[0]) for one in found]
        errors = [jackknife(best[1:] - one[1:]) for one in found]
        passing = [at for at in range(len(tried)) if falls[at] > max(FALL, 2.0 * errors[at])]
        if passing:
            chosen = max(passing, key=lambda at: falls[at])
            values[name], best = tried[chosen], found[chosen]
        moves.append(Move(name, tuple(tried), tuple(falls), tuple(errors), values[name]))
    return Moved(before, float(best[0]), tuple(moves))


def looked_at(office: Matched) -> tuple[str, ...]:
    """Numbers that move the implausibility, the strongest first, without those of a source."""
    from scipy.stats import spearmanr

    columns = office.space.values(office.unit).T
    side = {
        name: abs(float(spearmanr(column, office.worst).statistic))
        for name, column in zip(office.space.names, columns, strict=True)
    }
    least = ERRORS / np.sqrt(len(office.worst) - 1)
    felt = [name for name, one in side.items() if one > least and name not in SOURCED]
    return tuple(sorted(felt, key=lambda name: -side[name]))


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
