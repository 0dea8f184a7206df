"""Run one world or several: a pure function from scenario and seed to a frozen Result.

Precedence, tested: shipped value < scenario file < keyword.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.experiments.worlds.asked_facts import Data, find_facts, read_under
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.user_class_errors import own_faults
from coercivity.experiments.worlds.world_class import SHIPPED, class_for, make_world, name_of
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.luck import read_seeds
from coercivity.model.results.provenance import class_of
from coercivity.model.results.result import Result, model_version
from coercivity.model.scenario.scenario import Scenario, with_changes

if TYPE_CHECKING:
    from coercivity.model.world import World

Source = str | Path | Scenario | Mapping[str, Any]
Progress = Callable[[int, int], None]


def scenario_to_run(
    scenario: Source,
    months: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    facts: Facts | None = None,
) -> Scenario:
    """Return the scenario that will run: what was loaded with keyword changes on top. facts: those
    that it says itself, unless given. Raises InputError before anything runs.
    """
    loaded = read_under(facts or find_facts(None, scenario), scenario)
    return (
        with_changes(loaded, months=months, parameters=parameters)
        if months is not None or parameters
        else loaded
    )


def parameters_of_call(
    parameters: Mapping[str, Any] | None, named: Mapping[str, Any]
) -> dict[str, Any]:
    """Parameters of a call: those of the mapping and those that were given by keyword. Raises
    InputError, one line, for a name that stands in both, and for what is no mapping.
    """
    if parameters is None:
        return dict(named)
    if not isinstance(parameters, Mapping):
        raise InputError(
            "parameters '{value}' is no mapping",
            "write {{name: value}}, or the name as a keyword",
            value=parameters,
        )
    for name in parameters:
        if name in named:
            raise InputError(
                "parameter {parameter} is given twice, in parameters= as '{value}' and "
                "by keyword as '{other}'",
                "keep one of them",
                parameter=name,
                value=parameters[name],
                other=named[name],
            )
    return {**parameters, **named}


def run(
    scenario: Source,
    seed: int = 1,
    *,
    months: int | None = None,
    record: bool = True,
    world: type[World] | str | None = None,
    data: Data = None,
    parameters: Mapping[str, Any] | None = None,
    **named: Any,
) -> Result:
    """Run one world from its first month to its last.

    scenario: a shipped name, the path of a YAML file, a mapping or a Scenario. seed: 0 to 2^32 - 1.
    months: length, else the scenario's own. record=False keeps no tables and is faster. world: a
    class of your own in place of World, also one of a notebook, or its name (module:Class,
    file.py:Class). data: a folder of tables laid over the shipped ones, by path or, of one that
    ships, by name ('gallium-germanium'); else what the scenario says, else that of this process
    (`use_data`). parameters: {name: value}, which win over the file (`coercivity parameters` lists
    them); further keywords are parameters, too.
    Raises InputError, one line, for anything that does not fit.
    """
    values = parameters_of_call(parameters, named)
    asked = scenario_to_run(scenario, months, values, find_facts(data, scenario))
    return run_scenario(asked, seed, record, class_for(world))


def run_scenario(
    scenario: Scenario, seed: int, record: bool = True, kind: type[World] | str = SHIPPED
) -> Result:
    """Run one world of a scenario that is already checked. kind: the class, or its name. Raises
    InputError, one line, where a class of somebody's own raises.
    """
    with own_faults(class_for(kind)):
        world = make_world(kind, scenario, seed, record=record, collect=False)
        for _ in range(scenario.months):
            world.step()
        result = finish(world)
        world.let_go()
    return result


def finish(world: World) -> Result:
    """The result of what a world has lived through so far."""
    from coercivity.model.results.records import gather

    return Result(
        scenario=world.scenario,
        seed=world.seed,
        version=model_version(),
        parameter_hash=world.p.hash,
        months=month_names(world.start_name, world.month),
        records=gather(world.seen) if world.ledger.record_columns else None,
        rule=compute_headlines,
        world=class_of(type(world)),
    )


def run_worlds(
    scenario: Source,
    seeds: Iterable[int],
    *,
    months: int | None = None,
    record: bool = True,
    progress: Progress | None = None,
    workers: int = 1,
    world: type[World] | str | None = None,
    data: Data = None,
    parameters: Mapping[str, Any] | None = None,
    **named: Any,
) -> tuple[Result, ...]:
    """Run one world a seed and return the results in the order of the seeds, whatever finished
    first.

    progress(done, total) is called after each world. world: as for `run`, but with several workers
    a class has to be importable (at the top of a file, not in a notebook). workers: processes; 0
    takes one for each usable core. Results do not depend on it. data and parameters: as for `run`.
    """
    values = parameters_of_call(parameters, named)
    chosen = read_seeds(seeds)
    scenario_asked = scenario_to_run(scenario, months, values, find_facts(data, scenario))
    results = []
    count = count_workers(workers, len(chosen))
    kind = class_for(world) if count == 1 else name_of(world)
    for done, result in enumerate(
        _iterate_results(scenario_asked, chosen, record, count, kind), start=1
    ):
        results.append(result)
        if progress is not None:
            progress(done, len(chosen))
    return tuple(results)


def count_workers(workers: int, tasks: int) -> int:
    """Processes to use: at most one a task; 0 is one for each usable core. Raises InputError for
    less.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 0:
        raise InputError(
            "workers '{value}' does not fit",
            "use a whole number, 1 for this process or 0 for one on each core",
            value=workers,
        )
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, min(workers or cores, tasks))


def _iterate_results(
    scenario: Scenario, seeds: list[int], record: bool, workers: int, kind: type[World] | str
) -> Iterator[Result]:
    if workers == 1:
        for seed in seeds:
            yield run_scenario(scenario, seed, record, kind)
        return
    work = as_loaded(run_scenario, [scenario], kind)
    with helpers(workers) as pool:
        waiting = [pool.submit(work, scenario, seed, record, kind) for seed in seeds]
        for task in waiting:
            yield task.result()
