"""Parameters that no target feels, and fresh draws of them.

A wave is proposed in steps around the best vectors of the one before, in all parameters. What moves
no target is carried along: members share the values of a few ancestors, as if the record had told
them (decision 0053). So each member of the collection draws these anew. It gives every target the
value that it gave: they are those that leave all targets the same, to the last bit, at both ends of
their ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.waves import Space
from coercivity.experiments.worlds.draws import triangular
from coercivity.model.basis.luck import stream

Runs = Callable[[FloatArray, str], FloatArray]  # vectors, what for -> vectors x targets
TOGETHER: Final = 4  # members with which all are moved at once


def find_inactive_parameters(
    space: Space, members: FloatArray, names: Sequence[str], simulate: Runs
) -> tuple[str, ...]:
    """Which of these parameters no target feels: alone at either end with the first member, and all
    at once with some members; none where together they are felt.

    members: vectors in the parameters' units, the least implausible first.
    """
    places = [space.names.index(name) for name in names]
    rows = np.tile(members[0], (1 + 2 * len(places), 1))
    for row, place in enumerate(places):
        rows[1 + 2 * row, place], rows[2 + 2 * row, place] = space.low[place], space.high[place]
    runs = simulate(rows, "alone")
    same = np.array([np.array_equal(run, runs[0], equal_nan=True) for run in runs[1:]])
    alone = [
        place
        for place, low, high in zip(places, same[::2], same[1::2], strict=True)
        if low and high
    ]
    some = members[:: max(len(members) // TOGETHER, 1)][:TOGETHER]
    sets = np.stack([some, some, some])
    sets[1][:, alone], sets[2][:, alone] = space.low[alone], space.high[alone]
    plain, low, high = simulate(sets.reshape(-1, sets.shape[-1]), "together").reshape(
        3, len(some), -1
    )
    if not all(np.array_equal(plain, moved, equal_nan=True) for moved in (low, high)):
        return ()
    return tuple(space.names[place] for place in alone)


def redraw_parameters(
    space: Space, members: FloatArray, names: Sequence[str], seed: int = 0
) -> FloatArray:
    """The members with these parameters drawn as every draw draws them, densest at the shipped
    value.
    """
    out = members.copy()
    luck = stream(seed, "calibration unfelt").random((len(members), len(names)))
    for column, name in enumerate(names):
        at = space.names.index(name)
        low, mode, high = space.low[at], space.shipped[at], space.high[at]
        out[:, at] = triangular(luck[:, column], low, mode, high)
    return out
