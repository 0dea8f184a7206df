"""A run recorded for whoever reads it month by month: quantities of the catalogue and columns by
name, the stops of makers, and what moves between states by who separated it.

    run = run_recorded(scenario, 1, quantities=("output_lost_by_state",), columns=("run",))
    run["output_lost_by_state"], run.records["run"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.experiments.lab.histories import drawn_scenario
from coercivity.experiments.quantities.catalogue import TRACED, RecordedQuantities, columns_of
from coercivity.experiments.quantities.flows import flows_by_separator
from coercivity.experiments.quantities.recording import Recording
from coercivity.experiments.quantities.static_quantities import ground_of
from coercivity.model.results.event_tables import Stop, maker_stops
from coercivity.model.results.separation_tracer import separated_in
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World


class RecordedRun(RecordedQuantities):
    """A run that is over. status_before: of each firm before the first month."""

    def __init__(self, recording: Recording, status_before: IntArray) -> None:
        super().__init__(recording.records(), ground=ground_of(recording.world))
        self.status_before = status_before

    def stops(self) -> list[Stop]:
        """Spells in which the line of a maker stood; of a run with flows."""
        return maker_stops(self.records)

    def flows(self, goods: tuple[str, ...]) -> FloatArray:
        """Tonnes of some goods a month between states by the state that separated them: months x
        from x to x separating state; of a run with flows.
        """
        return flows_by_separator(self.records, self._separated, goods)

    @cached_property
    def _separated(self) -> FloatArray:
        return separated_in(self.records)


def run_recorded(
    scenario: Scenario,
    seed: int,
    quantities: Iterable[str],
    columns: Iterable[str] = (),
    flows: bool = False,
    draw: int | None = None,
    check: Callable[[], None] | None = None,
) -> RecordedRun:
    """Run a scenario from its first month and return what was recorded. draw: in the world of this
    draw of the lab, with its vector and seed. check: called before each month; what it raises ends
    the run.
    """
    if draw is not None:
        scenario, seed = drawn_scenario(scenario, (), draw)
    world = World(scenario, seed, record=False, collect=False)
    try:
        also = (*TRACED, "strain") if flows else ()
        recording = Recording(world, (*columns_of(quantities), *columns, *also))
        before = world.firms.status.copy()
        for _ in range(scenario.months):
            if check is not None:
                check()
            world.step()
            recording.read(world)
        return RecordedRun(recording, before)
    finally:
        world.let_go()
