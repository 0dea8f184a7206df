"""Put the evidence to the model: every draw of vector and seed runs each scenario once, and one run
serves all targets of its scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.bands import band_rows
from coercivity.experiments.backtest.evidence_targets import (
    PERCENT,
    SAMPLES,
    EvidenceWatch,
    Target,
    load_evidence,
    months_needed,
    run_evidence_watch,
)
from coercivity.experiments.backtest.mixtures import mixture_rows
from coercivity.experiments.backtest.score import (
    Score,
    against_naive,
    against_naive_by_kind,
    by_sample,
    score,
    to_dict,
)
from coercivity.experiments.quantities.record_target import TARGETS, Key, over_window
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.draws import Draw, draws
from coercivity.experiments.worlds.ensemble import with_vector
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.run import count_workers
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.results.result import model_version
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes

DRAWS: Final = 30
QUARTER: Final = 3  # months of a point on a long line
LONG: Final = 48  # months; shorter lines have a point a month
Progress = Callable[[int, int], None]
Line = tuple[str, Key, str]  # scenario, what is read, unit


@dataclass(frozen=True)
class Task:
    """One world, and what is read from it."""

    draw: int
    scenario: Scenario
    seed: int
    targets: tuple[Target, ...]
    lines: bool  # whether whole series are wanted


@dataclass
class Survey:
    """Values by target, in the order of the draws; and per line of a figure, one array a draw, with
    a point a step (see `step_of`).
    """

    targets: tuple[Target, ...]
    draws: int
    values: dict[str, list[float | None]]
    lines: dict[Line, list[FloatArray]] = field(default_factory=dict)

    def scores(self) -> list[Score]:
        """All targets judged."""
        return [score(target, self.values[target.id]) for target in self.targets]


def choose_targets(
    episodes: Iterable[str] = (), sample: str | None = None, targets: Sequence[Target] | None = None
) -> tuple[Target, ...]:
    """Targets of some episodes (all without any) and of one sample (all without one). Raises
    InputError for a name that is not known or nothing to judge.
    """
    found, wanted = (
        tuple(load_evidence() if targets is None else targets),
        tuple(dict.fromkeys(episodes)),
    )
    known = tuple(dict.fromkeys(target.episode for target in found))
    for name in wanted:
        if name not in known:
            raise unknown_value_error("episode", name, known)
    if sample is not None and sample not in SAMPLES:
        raise unknown_value_error("--sample", sample, SAMPLES)
    chosen = tuple(
        t for t in found if (not wanted or t.episode in wanted) and sample in (None, t.sample)
    )
    if not chosen:
        raise InputError(
            "--sample '{value}' has no target in episode {episodes}",
            "leave one of the two out",
            value=sample,
            episodes=tuple(wanted) or "(any)",
        )
    return chosen


def run_survey(
    targets: Sequence[Target],
    chosen: Sequence[Draw] | None = None,
    *,
    workers: int = 1,
    lines: bool = False,
    mechanisms: Mapping[str, bool] | None = None,
    progress: Progress | None = None,
) -> Survey:
    """Values of the targets over draws (DRAWS draws without any). lines=True keeps the series for
    figures; mechanisms: those that are switched beside what scenarios say.

    workers: processes; 0 takes one for each usable core; nothing depends on it. Raises InputError
    for an unknown scenario before anything runs.
    """
    vectors = draws(DRAWS) if chosen is None else list(chosen)
    tasks = plan(targets, vectors, lines, mechanisms)
    survey = Survey(
        tuple(targets), len(vectors), {target.id: [None] * len(vectors) for target in targets}
    )
    if lines:  # in the order of the targets, whatever finishes first
        survey.lines = {
            line_of(target): [np.empty(0)] * len(vectors) for target in targets if has_line(target)
        }
    for done, (draw, values, series) in enumerate(
        _iterate_answers(tasks, count_workers(workers, max(len(tasks), 1))), start=1
    ):
        for name, value in values.items():
            survey.values[name][draw] = value
        for line, points in series.items():
            survey.lines[line][draw] = points
        if progress is not None:
            progress(done, len(tasks))
    return survey


def plan(
    targets: Iterable[Target],
    chosen: Sequence[Draw],
    lines: bool = False,
    mechanisms: Mapping[str, bool] | None = None,
) -> list[Task]:
    """One task a scenario and draw: long scenarios first, so that processes end together. What a
    scenario's file sets wins over the draw.
    """
    by_scenario: dict[str, list[Target]] = {}
    for target in targets:
        by_scenario.setdefault(target.scenario, []).append(target)
    loaded = {name: load_scenario(name) for name in by_scenario}
    length = {name: months_needed(loaded[name].start, of) for name, of in by_scenario.items()}
    for name, targets_of in by_scenario.items():
        early = [
            target.id
            for target in targets_of
            if min(day for day in (target.first, target.base_first) if day) < loaded[name].start
        ]
        if early:
            raise InputError(
                "target '{value}' begins before scenario {scenario}, which starts in {start}",
                "move its window or its scenario",
                value=early[0],
                scenario=name,
                start=loaded[name].start,
            )
    return [
        Task(
            index,
            with_vector(
                with_changes(loaded[name], months=length[name], mechanisms=mechanisms or {}), draw
            ),
            draw.seed,
            tuple(by_scenario[name]),
            lines,
        )
        for name in sorted(by_scenario, key=lambda name: -length[name])
        for index, draw in enumerate(chosen)
    ]


Answer = tuple[int, dict[str, "float | None"], dict[Line, FloatArray]]


def run_task(task: Task) -> Answer:
    """Run one world and read it."""
    watch = run_evidence_watch(task.scenario, task.seed, task.targets, whole=task.lines)
    return task.draw, watch.values(), _lines(watch) if task.lines else {}


def step_of(months: int) -> int:
    """Months that a point on a line stands for, in a run of so many months."""
    return QUARTER if months > LONG else 1


def _lines(watch: EvidenceWatch) -> dict[Line, FloatArray]:
    """Points of each series in the units of the targets on it; flows as yearly rates."""
    lines: dict[Line, FloatArray] = {}
    for target in watch.targets:
        kind = TARGETS[target.quantity].kind
        if not has_line(target):
            continue
        months = np.array([row for _, row in sorted(watch.series[target.key].items())])
        step = step_of(len(months))
        scale = {
            "share": 100.0 if target.unit in PERCENT else 1.0,
            "flow": 12.0 / step,
            "level": 1.0,
        }[kind]
        points = [
            over_window(kind, months[place : place + step])
            for place in range(0, len(months) // step * step, step)
        ]
        lines[line_of(target)] = scale * np.array(points)
    return lines


def has_line(target: Target) -> bool:
    """Whether a target is a point on the line of a series (a level), not a change, a deviation or a
    stop.
    """
    return TARGETS[target.quantity].kind != "stop" and target.statistic in (
        "mean",
        "sum",
        "max",
        "min",
    )


def line_of(target: Target) -> Line:
    """The line that a target is a point on."""
    return target.scenario, target.key, target.unit


def yearly(target: Target, value: float) -> float:
    """A value as its line shows it: sums as yearly rates."""
    months = month_index(target.first, target.last) + 1
    if TARGETS[target.quantity].kind != "flow" or target.statistic in ("max", "min"):
        return value
    return value * (12.0 / months if target.statistic == "sum" else 12.0)


def _iterate_answers(tasks: Sequence[Task], workers: int) -> Iterator[Answer]:
    if workers == 1:
        for task in tasks:
            yield run_task(task)
        return
    from concurrent.futures import as_completed

    work = as_loaded(run_task, (task.scenario for task in tasks))
    with helpers(workers) as pool:
        for done in as_completed([pool.submit(work, task) for task in tasks]):
            yield done.result()


def document(survey: Survey, scores: Sequence[Score] | None = None) -> dict[str, Any]:
    """A finished survey as plain values: targets, samples, benchmarks, and the lines of figures
    where they were kept.
    """
    judged = survey.scores() if scores is None else list(scores)
    content: dict[str, Any] = {
        "version": model_version(),
        "draws": survey.draws,
        "targets": [to_dict(one) for one in judged],
        "samples": by_sample(judged),
        "benchmarks": against_naive(judged),
        "kinds": against_naive_by_kind(judged),
        "bands": band_rows(judged),
        "mixtures": mixture_rows(judged),
    }
    if survey.lines:
        content["lines"] = [_band(survey, line, series) for line, series in survey.lines.items()]
    return content


def _band(survey: Survey, line: Line, series: Sequence[FloatArray]) -> dict[str, Any]:
    """Median and 5th to 95th percentile of the points of a line, and the points of the record on
    it.
    """
    scenario, key, unit = line
    values, start = np.array(series), load_scenario(scenario).start
    step = step_of(
        months_needed(start, [target for target in survey.targets if target.scenario == scenario])
    )
    bands = [_quantiles(column) for column in values.T]
    on_it = [t for t in survey.targets if has_line(t) and line_of(t) == line]
    points = []
    for t in on_it:
        value, low, high = (yearly(t, number) for number in (t.value, *t.interval))
        points.append(
            {
                "id": t.id,
                "from": t.first,
                "to": t.last,
                "sample": t.sample,
                "value": value,
                "low": low,
                "high": high,
            }
        )
    return {
        "scenario": scenario,
        **key._asdict(),
        "unit": unit,
        "flow": TARGETS[key.quantity].kind == "flow",
        "episodes": list(dict.fromkeys(t.episode for t in on_it)),
        "start": start,
        "step": step,
        "p05": [q[0] for q in bands],
        "median": [q[1] for q in bands],
        "p95": [q[2] for q in bands],
        "points": points,
    }


def _quantiles(values: FloatArray) -> tuple[float | None, float | None, float | None]:
    known = values[np.isfinite(values)]
    if not len(known):
        return None, None, None
    low, middle, high = (float(q) for q in np.quantile(known, (0.05, 0.5, 0.95)))
    return low, middle, high
