"""The runs of an ensemble: each is one task, and workers take several at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.headlines import FOCUS, headline_table
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.run import Progress
from coercivity.experiments.worlds.world_class import SHIPPED
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from coercivity.model.world import World

BATCH: Final = 4  # runs that a worker takes at once


@dataclass(frozen=True)
class Task:
    """One run: scenario with its vector, seed, the day from which headlines count, whether series
    are kept, the state that they are seen from, the class of world or its name.
    """

    scenario: Scenario
    seed: int
    since: str
    series: bool
    state: str = FOCUS
    kind: type[World] | str = SHIPPED


def run_task(task: Task) -> tuple[FloatArray, FloatArray]:
    """One run: headlines in the order of their table, and months x series (empty when not kept);
    NaN where undefined.
    """
    from coercivity.experiments.worlds.bare_runs import run_headlines, run_series

    lines = np.empty((0, 0))
    try:
        if task.series:
            values, lines = run_series(task.scenario, task.seed, task.since, task.state, task.kind)
        else:
            values = run_headlines(
                task.scenario, task.seed, since=task.since, target=task.state, kind=task.kind
            )
    except Exception as error:  # a fault of ours: say which run makes it again
        error.add_note(
            f"in the run of scenario {task.scenario.name}, seed {task.seed}, parameters "
            f"{dict(task.scenario.parameters)}"
        )
        raise
    rows = headline_table(task.scenario.facts, task.state)
    return np.array(
        [np.nan if values[row.id] is None else values[row.id] for row in rows], dtype=float
    ), lines


def run_batch(tasks: Sequence[Task]) -> list[tuple[FloatArray, FloatArray]]:
    """Several runs, one after the other."""
    return [run_task(task) for task in tasks]


def run_tasks(
    tasks: Sequence[Task], workers: int, progress: Progress | None = None
) -> list[tuple[FloatArray, FloatArray]]:
    """Answers in the order of the tasks, whatever finished first."""
    results: list[tuple[FloatArray, FloatArray] | None] = [None] * len(tasks)
    done = 0
    for first, answers in _iterate_batches(tasks, workers):
        results[first : first + len(answers)] = answers
        done += len(answers)
        if progress is not None:
            progress(done, len(tasks))
    return [answer for answer in results if answer is not None]


def _iterate_batches(
    tasks: Sequence[Task], workers: int
) -> Iterator[tuple[int, list[tuple[FloatArray, FloatArray]]]]:
    if workers == 1:
        for number, task in enumerate(tasks):
            yield number, [run_task(task)]
        return
    from concurrent.futures import as_completed

    kind = tasks[0].kind  # of all of them
    work = as_loaded(run_batch, (task.scenario for task in tasks), kind)
    with helpers(workers) as pool:
        waiting = {
            pool.submit(work, tasks[at : at + BATCH]): at for at in range(0, len(tasks), BATCH)
        }
        for ready in as_completed(waiting):
            yield waiting[ready], ready.result()
