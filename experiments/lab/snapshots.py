"""Worlds kept at a month, so that the next scenario that differs only in later acts starts there
and not at the beginning.

A lever moved again and again, a later branch and the rounds of a game ask for the same first months
each time. Those months depend on the seed, the start, the length, parameters, mechanisms, who
decides, own rows of tables, and the acts dated before; nothing in the model looks at a later act.
Where two scenarios part is learnt from what was asked before, and a copy of the world is kept
there. The result is that of a replay, to the last bit.

Measured on japan-2026, 180 months, recorded: from month 24 a run takes 0.8 to 0.9 of a replay, from
month 90 0.5 to 0.6, from month 150 0.2; a copy takes 1 to 3 ms (tools/benchmarks/report.py). So it
saves little where levers act early in a long run, and most in later branches and rounds.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.luck import check_seed
from coercivity.model.results.result import Result
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

MOST: Final = 6  # worlds kept in a process; about 10 MB each, recording ones up to 50 MB
REMEMBERED: Final = 8  # scenarios that are looked back at for where they part

Root: TypeAlias = tuple[object, ...]
Past: TypeAlias = tuple[tuple[Event, ...], tuple[Event, ...]]

_kept: OrderedDict[tuple[Root, int, Past], World] = (
    OrderedDict()
)  # the one used last stands last; no thread but its process's own may run these
_asked: deque[tuple[Root, Scenario]] = deque(maxlen=REMEMBERED)


def run_from_snapshots(
    scenario: Scenario,
    seed: int,
    record: bool = True,
    keep: Iterable[str] = (),
    check: Callable[[], None] | None = None,
    at: int | None = None,
    heard: Callable[[Result], None] | None = None,
) -> Result:
    """Run one world of a checked scenario, from the latest kept world whose past is its own; else
    from the beginning.

    keep: months (YYYY-MM) in which a world is kept whatever was asked before, as the month in which
    the levers act. A world is kept before the month passes. check: called before each month; what
    it raises ends the run. heard: given the result of the months before the at-th, where that is
    run.
    """
    root = _root(scenario, seed, record)
    world, wanted = (
        _latest_snapshot(root, scenario) or World(scenario, seed, record=record, collect=False),
        {month_index(scenario.start, month) for month in keep},
    )
    wanted.add(
        max(
            (
                first_differing_month(scenario, other)
                for question, other in _asked
                if question == root and other != scenario
            ),
            default=0,
        )
    )
    if (root, scenario) in _asked:
        _asked.remove((root, scenario))
    _asked.append((root, scenario))
    try:
        for month in range(world.month, scenario.months):
            if month in wanted and month > 0:
                _keep_snapshot(root, scenario, world)
            if check is not None:
                check()
            if heard is not None and month == at:
                heard(so_far(world))
            world.step()
        return finish(world)
    finally:
        world.let_go()


def so_far(world: World) -> Result:
    """The result of the months that a world has lived through; the world goes on."""
    copy = world.fork()
    try:
        return finish(copy)
    finally:
        copy.let_go()


def forget() -> None:
    """Let go of every kept world."""
    while _kept:
        _kept.popitem()[1].let_go()
    _asked.clear()


def past_of_scenario(scenario: Scenario, month: int) -> Past:
    """Events and choices dated before the month-th month (0 is the first), and those that these
    name, in their order.
    """
    every = (*scenario.events, *scenario.choices)
    named = {event.get("of") for event in every if event.month_index(scenario.start) < month}
    events, choices = (
        tuple(
            event
            for event in acts
            if event.month_index(scenario.start) < month or event.id in named
        )
        for acts in (scenario.events, scenario.choices)
    )
    return events, choices


def first_differing_month(scenario: Scenario, other: Scenario) -> int:
    """The first month in which the acts of two scenarios differ, counted from the start; their
    length where they never do.
    """
    differ = set(scenario.events) ^ set(other.events) | set(scenario.choices) ^ set(other.choices)
    return min((event.month_index(scenario.start) for event in differ), default=scenario.months)


def _root(scenario: Scenario, seed: int, record: bool) -> Root:
    """All but acts that a world's months depend on; months, because plans are laid out for the
    whole length.
    """
    key = (
        scenario.start,
        scenario.months,
        scenario.parameters,
        scenario.mechanisms,
        scenario.governments,
        scenario.tables,
    )
    return (*key, check_seed(seed), record)


def _latest_snapshot(root: Root, scenario: Scenario) -> World | None:
    """A world of its own at the latest month that was kept for this past; None where nothing
    was.
    """
    fits = [key for key in _kept if key[0] == root and key[2] == past_of_scenario(scenario, key[1])]
    if not fits:
        return None
    best = max(fits, key=lambda key: key[1])
    _kept.move_to_end(best)
    world = _kept[best].fork()
    world.follow(scenario)
    return world


def _keep_snapshot(root: Root, scenario: Scenario, world: World) -> None:
    """Keep a copy of a world as it is, and let go of the one that was not used for longest."""
    key = root, world.month, past_of_scenario(scenario, world.month)
    if key not in _kept:
        _kept[key] = world.fork()
        if len(_kept) > MOST:
            _kept.popitem(last=False)[1].let_go()
