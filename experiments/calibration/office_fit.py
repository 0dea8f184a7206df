"""The numbers of the licensing office, matched with the record of licences in 2023 and 2024.

No rare earth needed a licence before 2025, so the waves over rare earths (`study.py`) do not feel
the office at all, and what a metal under licence shows does not depend on much else. The two are
matched apart: vectors of the office's numbers, all else as shipped, are run against the record of
`licence_record.py`, and each member of the collection is given the office of one that is kept
(`join_office_vectors`). What it then says of rare earths to 2024 is what it was, to the last bit.

Rule, written before the first run (decision 0052). The targets below are met by a vector as in
`implausibility.py`: I = |f - z| / sqrt((t / 2)^2 + v (1 + 1 / R)), ruled out where the second
largest is above 3, or where all but the largest are too far off together. Tolerances, a 95%
interval each, are of what two goods under one rule show. Gallium and germanium differ by 0.34 in a
month (root mean square), by 0.28 over months 11 to 16 and by 0.03 over the first year, flake and
spherical graphite by 0.11 over three months; a year is met within a quarter, as a test has demanded
since decision 0048. One destination of one metal is a few firms in both worlds: the model's own
luck says how much. Errors by month are those of the mean over seeds, which the truth itself would
have as well: two metals under one rule are two histories of one expectation, each off by the root
of two less than they differ. Gallium and germanium differ by 0.233 in a month (mean of the
absolute, 17 months), over the root of two 0.1645, in two digits 0.16. What was matched has 0.17
(FLOOR), more by a tenth of the standard deviation of the nearer of the two errors; it stays, as the
fit used it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.implausibility import (
    Objective,
    implausibility,
    overall_implausibility,
    structural_misses,
)
from coercivity.experiments.calibration.licence_record import (
    RULES,
    Row,
    all_destination_rows,
    miss,
    predicted_share,
    record_rows,
    simulate_exports,
    single_destination_rows,
)
from coercivity.experiments.calibration.waves import MatchedRuns, Space, judge, space_of
from coercivity.experiments.sweep.sweep_folder import model_code
from coercivity.experiments.worlds.atomic import write_whole
from coercivity.experiments.worlds.draws import COLLECTION, drawn_parameters, draws, members
from coercivity.experiments.worlds.processes import map_tasks
from coercivity.experiments.worlds.run import count_workers

PREFIX: Final = "licence_"  # of the office's numbers in the parameter table
KEPT_TENSION: Final = "tension_kept"  # moves what the office is told of relations, and its record
FLOOR: Final = 0.17  # error by month of what both metals expect; 0.1645 by the table (above)
CHUNK: Final = 10  # vectors in a file of a folder
WINDOWS: Final = {  # case, goods, destination, first month since the rule, months, tolerance
    "first year": ("gallium-germanium-2023", ("gallium", "germanium"), "all", 0, 12, 0.11),
    "months 11 to 16": ("gallium-germanium-2023", ("gallium", "germanium"), "all", 11, 6, 0.3),
    "graphite, months 0 to 2": (
        "graphite-2023",
        ("graphite_flake", "graphite_spherical"),
        "all",
        0,
        3,
        0.25,
    ),
    "antimony, months 1 to 3": ("antimony-2024", ("antimony",), "all", 1, 3, 0.25),
    "United States, months 5 to 16": (
        "gallium-germanium-2023",
        ("gallium", "germanium"),
        "United States",
        5,
        12,
        0.2,
    ),
    "United States, antimony, months 1 to 3": (
        "antimony-2024",
        ("antimony",),
        "United States",
        1,
        3,
        0.25,
    ),
    "EU, antimony, months 1 to 3": ("antimony-2024", ("antimony",), "EU", 1, 3, 0.25),
    "Japan, first year": ("gallium-germanium-2023", ("gallium",), "Japan", 0, 12, 0.3),
    "South Korea, graphite, months 1 and 2": (
        "graphite-2023",
        ("graphite_spherical",),
        "South Korea",
        1,
        2,
        0.25,
    ),
}
ERRORS: Final = {"error by month, all": 0.1, "error by month, one destination": 0.2}


class Setting(NamedTuple):
    """How many vectors of the office are run, and with how many seeds each."""

    vectors: int = 300
    seeds: int = 4
    design_seed: int = 0


def office_objective() -> Objective:
    """The targets of the office: the record's share in each window, and the errors."""
    values = [recorded_share(name) for name in WINDOWS] + [FLOOR] * len(ERRORS)
    wide = [window[-1] for window in WINDOWS.values()] + list(ERRORS.values())
    names = (*WINDOWS, *ERRORS)
    size = len(names)
    return Objective(
        names,
        ("absolute",) * size,
        np.array(values),
        np.ones(size),
        np.array(wide) / 2.0,
        np.zeros(size, dtype=bool),
    )


def recorded_share(name: str) -> float:
    """Share of usual trade that the record has in a window: mean of its rows, each weighing as
    many months as it has there.
    """
    case, goods, to, first, months, _ = WINDOWS[name]
    share, weight = 0.0, 0
    for row in record_rows():
        if row.case == case and row.good in goods and row.to == to:
            inside = min(row.since + row.months, first + months) - max(row.since, first)
            share += row.share * max(inside, 0)
            weight += max(inside, 0)
    return share / weight


def office_targets(histories: dict[str, list[FloatArray]]) -> FloatArray:
    """Values of the targets: seeds x targets; an error is that of the mean over seeds."""
    seeds = len(next(iter(histories.values())))
    windows = [
        [
            predicted_share(Row(case, goods[0], to, first, months, 0.0), [histories[case][seed]])
            for case, goods, to, first, months, _ in WINDOWS.values()
        ]
        for seed in range(seeds)
    ]
    errors = [
        miss(rows, [predicted_share(row, histories[row.case]) for row in rows]) for rows in _parts()
    ]
    return np.column_stack([np.array(windows), np.tile(errors, (seeds, 1))])


def _parts() -> tuple[list[Row], list[Row]]:
    return all_destination_rows(), single_destination_rows()


class Task(NamedTuple):
    """A vector of the office's numbers, by name, and how many seeds it is run with."""

    parameters: tuple[tuple[str, float], ...]
    seeds: int


def run_office(task: Task) -> FloatArray:
    """The targets of one vector: seeds x targets."""
    return office_targets(histories_of(dict(task.parameters), tuple(range(1, task.seeds + 1))))


def histories_of(
    parameters: Mapping[str, float], seeds: Sequence[int]
) -> dict[str, list[FloatArray]]:
    """What left China after the rule of each case, by seed."""
    return {case: [simulate_exports(case, seed, parameters) for seed in seeds] for case in RULES}


def office_names() -> tuple[str, ...]:
    """The numbers of the office that a draw moves, whether the record feels them or not."""
    names = (row.name for row in drawn_parameters())
    return tuple(name for name in names if is_office_parameter(name))


def office_space() -> Space:
    """Ranges and shipped values of the office's numbers."""
    names = office_names()
    return space_of(names, len(names))


def office_vectors(setting: Setting) -> FloatArray:
    """The shipped vector, then vectors as every draw has them, densest at the shipped values."""
    drawn = draws(setting.vectors, setting.design_seed, fitted=False)
    names = office_names()
    values = np.array([[dict(draw.parameters)[name] for name in names] for draw in drawn])
    values[0] = office_space().shipped
    return values


def fit_office(folder: Path, setting: Setting, workers: int = 1) -> MatchedRuns:
    """Run the vectors, each against the whole record, and judge them. What is in the folder is not
    run again.
    """
    values, names = office_vectors(setting), office_names()
    runs = [simulate_office(folder, "office", names, values, setting.seeds, workers)]
    space, objective = office_space(), office_objective()
    units, of_wave = [space.unit(values)], [np.zeros(len(values), dtype=int)]
    matched = judge(space, objective, units, of_wave, runs)
    missed = structural_misses(matched.each)
    return judge(space, objective.with_structural(missed), units, of_wave, runs)


def judge_joined(
    office: MatchedRuns,
    folder: Path,
    names: Sequence[str],
    values: FloatArray,
    seeds: int,
    workers: int = 1,
) -> FloatArray:
    """Implausibility by the record of licences of whole vectors (rows), as they stand: the office
    was matched with all else as shipped.
    """
    runs = simulate_office(folder, "joined", names, values, seeds, workers)
    each_target = implausibility(
        office.objective, office.objective.scaled(runs).mean(axis=1), office.luck
    )
    return overall_implausibility(office.objective, each_target)


def simulate_office(
    folder: Path,
    stem: str,
    names: Sequence[str],
    values: FloatArray,
    seeds: int,
    workers: int,
) -> FloatArray:
    """Targets of vectors of parameters: vectors x seeds x targets; some vectors a file, whose name
    says of which code and vectors it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for at in range(0, len(values), CHUNK):
        rows = values[at : at + CHUNK].tolist()
        asked = f"{model_code(COLLECTION)} {seeds} {list(names)} {rows}"
        mark = hashlib.sha256(asked.encode()).hexdigest()[:8]
        part = folder / f"{stem}-{at // CHUNK:03d}-{mark}.npy"
        if not part.is_file():
            tasks = [Task(tuple(zip(names, row, strict=True)), seeds) for row in rows]
            found = np.array(map_tasks(run_office, tasks, count_workers(workers, len(tasks))))
            write_whole(part, partial(_save, values=found))
        runs.append(np.load(part))
    return np.concatenate(runs)


def is_office_parameter(name: str) -> bool:
    """Whether a parameter is a number of the office."""
    return name.startswith(PREFIX) or name == KEPT_TENSION


def join_office_vectors(
    names: Sequence[str], values: FloatArray, office: MatchedRuns, design_seed: int = 0
) -> tuple[tuple[str, ...], FloatArray]:
    """Names and vectors of a collection, each with the numbers of an office that is kept in the
    place of its own; offices are shuffled and each is used equally often (to one).
    """
    others = [at for at, name in enumerate(names) if not is_office_parameter(name)]
    offices = office.collection()
    chosen = members(len(values), len(offices), design_seed)
    return (
        (*(names[at] for at in others), *office.space.names),
        np.column_stack([values[:, others], offices[chosen]]),
    )


def narrowing_rows(office: MatchedRuns) -> list[dict[str, Any]]:
    """One row a number of the office: value shipped, 5th, 50th and 95th percentile of all vectors
    and of those that are kept, and the second range as a share of the first.
    """
    rows = []
    for at, name in enumerate(office.space.names):
        column = office.space.values(office.unit)[:, at]
        before, after = (np.quantile(of, (0.05, 0.5, 0.95)) for of in (column, column[office.kept]))
        rows.append(
            {
                "name": name,
                "shipped": float(office.space.shipped[at]),
                "before": dict(zip(("p05", "median", "p95"), before.tolist(), strict=True)),
                "after": dict(zip(("p05", "median", "p95"), after.tolist(), strict=True)),
                "left": float((after[2] - after[0]) / (before[2] - before[0])),
            }
        )
    return rows


def _save(path: Path, values: FloatArray) -> None:
    with path.open("wb") as file:
        np.save(file, values)
