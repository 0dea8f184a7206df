"""Runs without tables: a world is stepped under a watch; its headlines and series are kept."""

from __future__ import annotations

from collections.abc import Sequence

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.headlines import FOCUS, headlines_of
from coercivity.experiments.quantities.outcomes import HeadlineWatch, check_since
from coercivity.experiments.quantities.series import join_series
from coercivity.experiments.worlds.user_class_errors import own_faults
from coercivity.experiments.worlds.world_class import SHIPPED, class_for, make_world
from coercivity.model.basis.calendar import month_names
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World


def run_headlines(
    scenario: Scenario,
    seed: int,
    wanted: Sequence[str] | None = None,
    since: str | None = None,
    target: str = FOCUS,
    kind: type[World] | str = SHIPPED,
) -> dict[str, float | None]:
    """Run one world of a checked scenario without tables and return {id: value or None}, equal to
    those of ``run(...).headlines()``, seen from a target state. kind: the class, or its name.

    Raises InputError before the run for an unknown headline, or a day *since* that lies outside of
    the run.
    """
    if since is not None:
        check_since(since, month_names(scenario.start, scenario.months))
    with own_faults(class_for(kind)):
        world = make_world(kind, scenario, seed, record=False, collect=False)
        watch = HeadlineWatch(world, wanted, target=target)
        for _ in range(scenario.months):
            world.step()
            watch.read(world)
    return watch.values(since)


def run_series(
    scenario: Scenario,
    seed: int,
    since: str,
    target: str = FOCUS,
    kind: type[World] | str = SHIPPED,
) -> tuple[dict[str, float | None], FloatArray]:
    """Run one world without tables: its headlines, counted from the day *since*, and every series
    (months x series), as `join_series` gives them, seen from a target state. kind: the class, or
    its name.
    """
    with own_faults(class_for(kind)):
        world = make_world(kind, scenario, seed, record=False, collect=False)
        watch = HeadlineWatch(world, more=("planned", "stock", "expected"), target=target)
        for _ in range(scenario.months):
            world.step()
            watch.read(world)
    source = watch.source()
    return headlines_of(source, since, watch.wanted), join_series(source.recorded)
