"""The band around a line: further draws of parameter vector and seed together, as in
``experiments/worlds/draws.py``, added up as they come.

What the visitor set stays as it is set; everything else that is assumed, estimated or calibrated is
drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import numpy as np

from coercivity.experiments.lab.history import DRAWN, Lines
from coercivity.experiments.quantities.catalogue import columns_of
from coercivity.experiments.quantities.recording import Recording
from coercivity.experiments.worlds.draws import Draw, draws
from coercivity.model.scenario.scenario import Scenario, with_changes
from coercivity.model.world import World

DRAWS: Final = 20
SHOWN: Final = (0.1, 0.9)  # the band leaves a tenth of the draws below it and a tenth above
FEWEST: Final = 4  # of fewer draws no band is shown


@cache
def lab_draws() -> tuple[Draw, ...]:
    """The draws of every band: the same for all settings, so that two bands differ by the setting
    alone.
    """
    return tuple(draws(DRAWS))


def drawn_scenario(scenario: Scenario, fixed: tuple[str, ...], number: int) -> tuple[Scenario, int]:
    """The scenario with the vector of one draw, and its seed. Parameters that the scenario or the
    visitor sets (*fixed*) are kept.
    """
    one = lab_draws()[number]
    set_by_hand = {*fixed, *dict(scenario.parameters)}
    vector = {name: value for name, value in one.parameters if name not in set_by_hand}
    return with_changes(scenario, parameters=vector), one.seed


def drawn_lines(
    scenario: Scenario,
    fixed: tuple[str, ...],
    number: int,
    check: Callable[[], None] | None = None,
) -> Lines:
    """What one draw adds to the bands: of its world only that is recorded. check: called before
    each month; what it raises ends the run.
    """
    other, seed = drawn_scenario(scenario, fixed, number)
    world = World(other, seed, record=False, collect=False)
    recording = Recording(world, columns_of(DRAWN))
    try:
        for _ in range(other.months):
            if check is not None:
                check()
            world.step()
            recording.read(world)
        return Lines(recording.records())
    finally:
        world.let_go()


class Band:
    """Draws that have come so far, and the band that they make."""

    def __init__(self) -> None:
        self._draws: list[Mapping[str, np.ndarray]] = []

    def add(self, draw: Mapping[str, np.ndarray]) -> None:
        """One more draw: {series: values by month}."""
        self._draws.append(draw)

    def __len__(self) -> int:
        return len(self._draws)

    def of(self, series: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Lower and upper edge by month of one series; None while the draws that have it are too
        few. A month undefined in a draw leaves that draw out.
        """
        lines = [draw[series] for draw in self._draws if series in draw]
        if len(lines) < FEWEST:
            return None
        stack = np.array(lines, dtype=float)
        edges = np.full((2, stack.shape[1]), np.nan)
        known = np.isfinite(stack).any(axis=0)
        edges[:, known] = np.nanquantile(stack[:, known], SHOWN, axis=0)
        return edges[0], edges[1]
