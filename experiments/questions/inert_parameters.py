"""Which parameters does a world not feel? Each at its low and at its high with the same luck, and
the headlines that leave their value.

`tornado` (experiments/sensitivity) ranks parameters by one outcome; here the question is which
could be constants. See decision 0026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.worlds.bare_runs import run_headlines
from coercivity.experiments.worlds.run import Source
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario, with_changes

PART: Final = 0.01  # of a headline, below which a move is called small
# what a move is measured against where the headline itself is smaller; others against themselves
LEAST: Final[Mapping[str, float]] = {"days": 100.0, "share": 0.1, "firms": 10.0, "USD bn": 1.0}
APPEARS: Final = float("inf")  # a headline that is undefined at one of the two values
NOT_ASKED: Final = ("firms_per_sector",)  # the size of a world, no rule
Headlines = Mapping[str, float | None]


@dataclass(frozen=True)
class RangeEndEffect:
    """What one parameter at one end of its range does to one world."""

    parameter: str
    scenario: str
    value: float
    moves: Mapping[
        str, float
    ]  # size of each headline's move; those that stay to the last digit out

    @property
    def large(self) -> tuple[str, ...]:
        """Headlines that move by more than a hundredth."""
        return tuple(name for name, size in self.moves.items() if size > PART)


def moves(before: Headlines, after: Headlines) -> dict[str, float]:
    """|y - x| / max(|x|, least of its unit) for each headline that is not the same to the last
    digit; APPEARS where it is undefined on one side.
    """
    units = {row.id: row.unit for row in headline_table(Facts.default())}
    found = {}
    for name, old in before.items():
        new = after[name]
        if new == old:
            continue
        if old is None or new is None:
            found[name] = APPEARS
        else:
            found[name] = abs(new - old) / max(abs(old), LEAST.get(units[name], 1e-12))
    return found


def measure_range_ends(
    source: Source, names: Sequence[str] | None = None, months: int | None = None, seed: int = 1
) -> Iterator[RangeEndEffect]:
    """Each parameter (all without *names*) at the ends of its range in one world, in their order.
    An end at which the scenario stands already is left out. Raises InputError for an unknown name.
    """
    table = load_parameters()
    scenario = with_changes(load_scenario(source), months=months)
    shipped = scenario.parameter_values().to_dict()
    base = run_headlines(scenario, seed)
    for name in names if names is not None else table.names:
        row = table[name]
        if name in NOT_ASKED:
            continue
        for value in dict.fromkeys((row.low, row.high)):
            if value != shipped[name]:
                changed = with_changes(scenario, parameters={name: value})
                yield RangeEndEffect(
                    name, scenario.name, value, moves(base, run_headlines(changed, seed))
                )


def find_inert_parameters(found: Sequence[RangeEndEffect]) -> tuple[list[str], list[str]]:
    """(parameters under which no headline changes a digit, those under which none moves by more
    than a hundredth though some change), in all worlds asked.
    """
    names = list(dict.fromkeys(one.parameter for one in found))
    touched = {one.parameter for one in found if one.moves}
    moved = {one.parameter for one in found if one.large}
    return [name for name in names if name not in touched], [
        name for name in names if name in touched - moved
    ]
