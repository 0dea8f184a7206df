"""Which numbers of the office the record of licences asks to move from where the table has them.

Rule. S is the sum of squared implausibilities over the targets of `office_fit.py`, none left out,
by seeds that the match did not use, each with luck v (1 + 1 / R) for the R of these. Each number
that the record feels is tried at the 5th, 50th and 95th percentile of the kept vectors (three
digits), alone. It is a reason to move where S falls by more than 4, as chance moves it by 3.84 in
one case of twenty, and by more than twice the standard error of that fall over seeds (jackknife).
The largest such fall is taken, and all others are tried again beside it, until there is none. A
number whose value a source states stays (SOURCED). A first form looked only at numbers with a rank
correlation with the implausibility; see decision 0052.

`python -m tools.docs.adopt_calibration --office` asks; what it finds stands on the page of the
calibration. The table is moved by hand, with a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.implausibility import implausibility
from coercivity.experiments.calibration.office_fit import (
    histories_of,
    office_objective,
    office_space,
    office_targets,
)
from coercivity.experiments.worlds.processes import map_tasks
from coercivity.experiments.worlds.run import count_workers

SEEDS: Final = tuple(range(11, 19))
SOURCED: Final = ("licence_months",)  # six months: the act on graphite (licence_practice.csv)
PLACES: Final = ("p05", "median", "p95")
FALL: Final = 4.0
Office = Mapping[str, Any]  # the section of `calibration.json` on the office


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
    """What the rule finds: S at the table, what was tried in each round, and the trial that was
    taken at the end of each round but the last.
    """

    before: float
    rounds: tuple[tuple[Trial, ...], ...]
    taken: tuple[Trial, ...]


def move(office: Office, seeds: Sequence[int] = SEEDS, workers: int = 1) -> Moved:
    """Try the numbers of the office until the record asks for no other value."""
    space = office_space()
    values = dict(zip(space.names, space.shipped.tolist(), strict=True))
    best = sums(values, office, seeds)
    before = float(best[0])
    rounds: list[tuple[Trial, ...]] = []
    taken: list[Trial] = []
    while True:
        moved = [
            (name, value)
            for name, tried in places(office).items()
            if name not in (*SOURCED, *(one.name for one in taken))
            for value in tried
        ]
        vectors = [values | {name: value} for name, value in moved]
        found = map_tasks(
            partial(sums, office=office, seeds=seeds), vectors, count_workers(workers, len(vectors))
        )
        trials = [
            Trial(name, value, float(best[0] - there[0]), jackknife(best[1:] - there[1:]))
            for (name, value), there in zip(moved, found, strict=True)
        ]
        rounds.append(tuple(trials))
        asking = [trial for trial in trials if trial.asks]
        if not asking:
            return Moved(before, tuple(rounds), tuple(taken))
        taken.append(max(asking, key=lambda trial: trial.fall))
        values[taken[-1].name] = taken[-1].value
        best = sums(values, office, seeds)


def places(office: Office) -> dict[str, tuple[float, ...]]:
    """Values at which each number is tried."""
    return {
        row["name"]: tuple(float(f"{row['after'][place]:.3g}") for place in PLACES)
        for row in office["parameters"]
    }


def luck_of(office: Office, seeds: int) -> FloatArray:
    """v (1 + 1 / R) by target, for as many seeds R, of a match that had others."""
    rows = {row["id"]: row["sd_luck"] for row in office["targets"]}
    matched = np.array([rows[name] for name in office_objective().ids]) ** 2
    return np.asarray(matched / (1.0 + 1.0 / office["setting"]["seeds"]) * (1.0 + 1.0 / seeds))


def sums(values: Mapping[str, float], office: Office, seeds: Sequence[int]) -> FloatArray:
    """S over all seeds, and then with each seed left out."""
    histories, objective = histories_of(values, seeds), office_objective()
    every = range(len(seeds))
    found = []
    for subset in (list(every), *([at for at in every if at != out] for out in every)):
        told = office_targets(
            {case: [runs[at] for at in subset] for case, runs in histories.items()}
        )
        mean, luck = objective.scaled(told).mean(axis=0), luck_of(office, len(subset))
        found.append((implausibility(objective, mean[None], luck) ** 2).sum())
    return np.array(found)


def jackknife(left_out: FloatArray) -> float:
    """Standard error of a figure from its values with each seed left out."""
    count = len(left_out)
    return float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))


def asked(office: Office, workers: int = 0) -> dict[str, Any]:
    """What the record of a calibration holds of it: S at the table, the values that the record of
    licences asks for, and each number of the first round where S falls most.
    """
    found = move(office, SEEDS, workers)
    nearest: dict[str, Trial] = {}
    for trial in sorted(found.rounds[0], key=lambda trial: -trial.fall):
        nearest.setdefault(trial.name, trial)
    space = office_space()
    return {
        "seeds": list(SEEDS),
        "table": dict(zip(space.names, space.shipped.tolist(), strict=True)),
        "before": round(found.before, 2),
        "taken": [_told(trial) for trial in found.taken],
        "nearest": [_told(trial) for trial in nearest.values()],
    }


def _told(trial: Trial) -> dict[str, Any]:
    return trial._asdict() | {"fall": round(trial.fall, 2), "error": round(trial.error, 2)}
