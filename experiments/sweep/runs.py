"""The runs of a design, numbered: all seeds of a point beside each other, all points of a scenario
beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import index as whole

from coercivity.experiments.sweep.design import Design
from coercivity.experiments.sweep.sampling import points
from coercivity.model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """One run: its number, the scenario with the point's parameters applied, the scenario as the
    design writes it, seed, point, and its parameters as run.
    """

    index: int
    scenario: Scenario
    name: str
    seed: int
    point: int
    parameters: dict[str, float]


class Runs:
    """The runs of a design as a sequence: `len(runs)`, `runs[i]`; a Run is made when it is asked
    for, and nothing is kept.

    index = (scenario number x points + point) x seeds + seed number; every point is run with the
    same seeds.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.points = points(design)

    def __len__(self) -> int:
        return len(self.design.scenarios) * len(self.points) * len(self.design.seeds)

    def __getitem__(self, index: int) -> Run:
        """Return run *index*. Raises IndexError unless it is from 0 to len - 1."""
        number, point, seed = self.place(index)
        row = dict(zip(self.points.names, self.points.values[point].tolist(), strict=True))
        base = self.design.contents[number]
        if (
            self.design.method == "collection"
        ):  # drawn < scenario: what the scenario sets is the question and stays
            row |= {name: float(value) for name, value in base.parameters if name in row}
        # Scenario and points were checked when the design was read: replace costs a hundredth of
        # with_changes, and gives an equal scenario (tested).
        scenario = (
            replace(base, parameters=tuple(sorted({**dict(base.parameters), **row}.items())))
            if row
            else base
        )
        return Run(
            whole(index),
            scenario,
            self.design.scenarios[number],
            self.design.seeds[seed],
            point,
            row,
        )

    def __iter__(self) -> Iterator[Run]:
        return (self[index] for index in range(len(self)))

    def place(self, index: int) -> tuple[int, int, int]:
        """Return scenario number, point and seed number of run *index*. Raises IndexError unless it
        is from 0 to len - 1.
        """
        position = whole(index)
        if not 0 <= position < len(self):
            raise IndexError(
                f"run {position} is not one of the {len(self)} runs of this design; use 0 to "
                f"{len(self) - 1}"
            )
        rest, seed = divmod(position, len(self.design.seeds))
        number, point = divmod(rest, len(self.points))
        return number, point, seed

    def index(self, scenario: int, point: int, seed: int) -> int:
        """Return the run of a scenario number, a point and a seed number (its place among the
        seeds, not the seed itself).
        """
        return (scenario * len(self.points) + point) * len(self.design.seeds) + seed
