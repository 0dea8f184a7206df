"""Runs that questions and claims share: each world is run once for all who ask about it, and only
the numbers that they read are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coercivity.experiments.quantities.watch import Trace, Watch
from coercivity.experiments.questions.leverage import cut_off
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

Reader = Callable[[Trace], Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Ask:
    """One question to one world: a reader of its trace at the end, or (lever) a cut-off of Japan by
    China in that month, in USD million.
    """

    scenario: Scenario
    seed: int
    reader: Reader | None = None
    lever: int | None = None


@dataclass(frozen=True)
class Task:
    """One world and everything that is asked of it; numbers in brackets say whose question it
    is.
    """

    scenario: Scenario
    seed: int
    readers: tuple[tuple[int, Reader], ...]
    levers: tuple[tuple[int, int], ...]  # whose, month


def gather(asks: Sequence[Ask]) -> list[Task]:
    """Questions to one and the same world (scenario, with its parameters, and seed) made one task,
    in the order of their first appearance.
    """
    worlds: dict[tuple[Scenario, int], tuple[list[tuple[int, Reader]], list[tuple[int, int]]]] = {}
    for whose, ask in enumerate(asks):
        readers, levers = worlds.setdefault((ask.scenario, ask.seed), ([], []))
        if ask.reader is not None:
            readers.append((whose, ask.reader))
        if ask.lever is not None:
            levers.append((whose, ask.lever))
    return [
        Task(scenario, seed, tuple(readers), tuple(levers))
        for (scenario, seed), (readers, levers) in worlds.items()
    ]


def run_task(task: Task) -> list[tuple[int, Any]]:
    """Run one world under a watch, fork it where leverage is asked for, and answer: (whose
    question, numbers).
    """
    world = World(task.scenario, task.seed, record=False, collect=False)
    watch, answers = Watch(world), []
    last = task.scenario.months if task.readers else max(month for _, month in task.levers) + 1
    for month in range(last):
        due = [whose for whose, when in task.levers if when == month]
        if due:
            cut = cut_off(world)
            answers += [(whose, cut) for whose in due]
            if not task.readers and month == last - 1:
                break
        world.step()
        if task.readers:
            watch.read(world)
    if task.readers:
        trace = watch.trace(world)
        answers += [(whose, reader(trace)) for whose, reader in task.readers]
    return answers


def answer_all(
    asks: Sequence[Ask], workers: int = 1, progress: Progress | None = None
) -> list[Any]:
    """Answers in the order of the questions, whatever finished first. workers: processes; 0 takes
    one for each usable core.
    """
    tasks = gather(asks)
    answers: list[Any] = [None] * len(asks)
    if progress is not None:
        progress(0, len(tasks))
    for done, answered in enumerate(
        _iterate_answers(tasks, count_workers(workers, max(len(tasks), 1))), 1
    ):
        for whose, numbers in answered:
            answers[whose] = numbers
        if progress is not None:
            progress(done, len(tasks))
    return answers


def _iterate_answers(tasks: Sequence[Task], workers: int) -> Iterator[list[tuple[int, Any]]]:
    if workers == 1:
        yield from map(run_task, tasks)
        return
    from concurrent.futures import as_completed

    work = as_loaded(run_task, (task.scenario for task in tasks))
    with helpers(workers) as pool:
        for done in as_completed([pool.submit(work, task) for task in tasks]):
            yield done.result()
