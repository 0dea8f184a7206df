"""Scenario discovery: in which corner of the ranges does something happen? A condition on outcomes,
a box on few parameters, and what luck would find.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.sensitivity.indices import check_points
from coercivity.experiments.sensitivity.prim import bounds_of, find_box, measure, quasi_p
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.luck import stream

SHUFFLES: Final = 99  # targets drawn at random: the smallest share that can be told is 1%
HALVES: Final = 20  # boxes found on a random half and measured on the other
TOO_GOOD: Final = (
    0.05  # a box is believed when at most this share of shuffled targets gives one as good
)
FEWEST: Final = 10  # hits, and misses, without which there is no corner to find
_TERM: Final = re.compile(
    r"\s*([A-Za-z_][A-Za-z0-9_:.\-]*)\s*(<=|>=|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*",
    re.ASCII,
)
_TESTS: Final[Mapping[str, Callable[[FloatArray, float], Any]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Condition:
    """`outcome > threshold`."""

    outcome: str
    sign: str
    threshold: float

    def met(self, values: FloatArray) -> BoolArray:
        """Where the condition holds; never at NaN."""
        return np.asarray(_TESTS[self.sign](values, self.threshold), dtype=bool)

    def __str__(self) -> str:
        return f"{self.outcome} {self.sign} {self.threshold:g}"


def read_corner(text: str, outcomes: Sequence[str]) -> tuple[Condition, ...]:
    """Conditions of 'firms_stopped_share>0.3', or of several joined by 'and'. Raises InputError
    naming what does not fit.
    """
    conditions = []
    for term in re.split(r"\s+and\s+|\s*&\s*", text.strip()):
        match = _TERM.fullmatch(term)
        if match is None:
            raise InputError(
                "--corner '{value}' does not fit",
                "write OUTCOME>NUMBER or OUTCOME<NUMBER, for example 'firms_stopped_share>0.3'",
                value=term,
            )
        name, sign, number = match.groups()
        if name not in outcomes:
            raise InputError(
                "outcome '{value}' is not in this sweep",
                suggest(name, outcomes),
                where=f"--corner '{shorten(term)}'",
                value=name,
            )
        conditions.append(Condition(name, sign, float(number)))
    return tuple(conditions)


@dataclass(frozen=True)
class CornerBound:
    """One bound of the corner: parameter, low or high, its value, its quasi-p, and in what share of
    half samples the same bound is found again.
    """

    parameter: str
    side: str
    value: float
    quasi_p: float
    again: float


@dataclass(frozen=True)
class Corner:
    """What was found. *bounds* is empty where no box beats a shuffled target. held_out: median of
    boxes found on one half, measured on the other.
    """

    condition: str
    points: int
    hits: int
    bounds: tuple[CornerBound, ...]
    coverage: float
    density: float
    mass: float
    held_out_coverage: float
    held_out_density: float
    as_good: float  # share of shuffled targets (this one counted) whose box is as good
    notes: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is a box that luck seldom gives."""
        return bool(self.bounds)

    @property
    def base_rate(self) -> float:
        """Share of all points that meet the condition."""
        return self.hits / self.points


def find_corner(
    names: Sequence[str],
    points: FloatArray,
    hit: BoolArray,
    condition: str = "hit",
    notes: Sequence[str] = (),
) -> Corner:
    """The box on few of the parameters *names* in which points (n x d, drawn independently) are
    *hit*. Raises InputError where no box can be looked for.
    """
    check_points(len(points))
    hits = int(hit.sum())
    if not FEWEST <= hits <= len(hit) - FEWEST:
        raise InputError(
            "'{value}' holds in {hits} of {count} points",
            "a corner needs {low} that meet it and {low} that do not: move the threshold",
            value=condition,
            hits=hits,
            count=len(hit),
            low=FEWEST,
        )
    box = find_box(points, hit)
    draw = stream(1, "corner")
    shuffled = (find_box(points, draw.permutation(hit)).lift >= box.lift for _ in range(SHUFFLES))
    as_good = (1 + sum(shuffled)) / (SHUFFLES + 1) if box.restricted else 1.0
    held_coverage, held_density, again = _halves(points, hit, draw)
    tests = quasi_p(box, points, hit)
    believed = as_good <= TOO_GOOD and box.lift > 0
    bounds = [
        CornerBound(
            names[index],
            ("low", "high")[side],
            float(box.limits[index, side]),
            tests[index, side],
            again.get((index, side), 0) / HALVES,
        )
        for index, side in bounds_of(box)
    ]
    strongest = sorted(bounds, key=lambda bound: (bound.quasi_p, -bound.again, bound.parameter))
    return Corner(
        condition,
        len(points),
        hits,
        tuple(strongest) if believed else (),
        box.coverage,
        box.density,
        box.mass,
        held_coverage,
        held_density,
        as_good,
        tuple(notes),
    )


def _halves(
    points: FloatArray, hit: BoolArray, draw: np.random.Generator
) -> tuple[float, float, dict[tuple[int, int], int]]:
    """Median coverage and density on the half that did not make the box, and how often each bound
    is found.
    """
    measured, again = [], dict[tuple[int, int], int]()
    for _ in range(HALVES):
        first = np.zeros(len(hit), dtype=bool)
        first[draw.permutation(len(hit))[: len(hit) // 2]] = True
        if not hit[first].any() or not hit[~first].any():
            continue
        box = find_box(points[first], hit[first])
        outside = measure(box.limits, points[~first], hit[~first])
        measured.append((outside.coverage, outside.density))
        for bound in bounds_of(box):
            again[bound] = again.get(bound, 0) + 1
    coverage, density = np.median(measured, axis=0) if measured else (float("nan"), float("nan"))
    return float(coverage), float(density), again
