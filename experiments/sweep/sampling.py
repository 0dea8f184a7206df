"""The points of a design: one parameter vector a row, the same in every process for the same
design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.sweep.axes import Axis
from coercivity.experiments.worlds.draws import drawn_parameters, draws
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.extras import require_packages
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import parameters_of
from coercivity.model.scenario.scenario import Scenario

MORRIS_LEVELS: Final = 4  # the usual choice; whoever analyses the rows has to name the same number
# samples below which `sensitivity` says nothing: of a density measure, resampled intervals of
# Sobol' and the elementary effects of trajectories
LEAST_SAMPLES: Final = {"lhs": 60, "collection": 60, "sobol": 32, "morris": 8}


class SamplingRequest(Protocol):
    """What of a design places its points: how they are made, of which parameters, and where the
    scenarios begin.
    """

    @property
    def method(self) -> str: ...
    @property
    def parameters(self) -> tuple[Axis, ...]: ...
    @property
    def samples(self) -> int: ...
    @property
    def design_seed(self) -> int: ...
    @property
    def second_order(self) -> bool: ...
    @property
    def scenarios(self) -> tuple[str, ...]: ...
    @property
    def contents(self) -> tuple[Scenario, ...]: ...


@dataclass(frozen=True, eq=False)
class Points:
    """names of the d swept parameters; values (n x d, read-only) in their own units; bounds (low,
    high) of each parameter.
    """

    names: tuple[str, ...]
    values: FloatArray
    bounds: tuple[tuple[float, float], ...]

    def __len__(self) -> int:
        return len(self.values)

    def salib_problem(self) -> dict[str, Any]:
        """Return the problem that SALib's samplers and analyzers take: names, bounds, num_vars."""
        return {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [list(pair) for pair in self.bounds],
        }


def points(design: SamplingRequest) -> Points:
    """Return the parameter vectors of a design, n = design.point_count rows; n x 0 where a design
    moves no parameter.

    Deterministic in method, samples, design_seed and parameters. list: columns side by side. grid:
    full product, the last name moves fastest. oat: the base point, then each parameter at its low
    and at its high. lhs: scipy's Latin hypercube. sobol and morris: SALib's samplers, so that
    SALib's analyzers take the rows in order. collection: experiments/worlds/draws.py.
    """
    base = base_point(design) if design.method == "oat" else ()
    return _points(
        design.contents[0].facts,
        design.method,
        design.parameters,
        design.samples,
        design.design_seed,
        design.second_order,
        base,
    )


def base_point(design: SamplingRequest, where: str = "design") -> tuple[float, ...]:
    """Return the values from which one-at-a-time moves start: shipped ones, or what the scenarios
    of the design agree on.

    Raises InputError where scenarios differ in a swept parameter, or where its value lies outside
    the bounds that the design gives.
    """
    base, table = [], parameters_of(design.contents[0].facts)
    for axis in design.parameters:
        by_scenario = {
            name: dict(scenario.parameters).get(axis.name)
            for name, scenario in zip(design.scenarios, design.contents, strict=True)
        }
        values = {
            table[axis.name].value if value is None else value for value in by_scenario.values()
        }
        if len(values) > 1:
            raise InputError(
                "parameter {parameter} starts at {values} in these scenarios",
                "sweep one scenario at a time, or leave it out",
                where=where,
                parameter=axis.name,
                values=" and ".join(f"{value:g}" for value in sorted(values)),
            )
        (value,) = values
        if not axis.low <= value <= axis.high:
            raise InputError(
                "parameter {parameter} starts at {value}, outside its bounds {low} to {high}",
                "widen them, or use method list",
                where=where,
                parameter=axis.name,
                value=f"{value:g}",
                low=f"{axis.low:g}",
                high=f"{axis.high:g}",
            )
        base.append(value)
    return tuple(base)


@lru_cache(maxsize=4)
def _points(
    facts: Facts,
    method: str,
    axes: tuple[Axis, ...],
    samples: int,
    design_seed: int,
    second_order: bool,
    base: tuple[float, ...],
) -> Points:
    if method == "collection":
        vectors = draws(samples, design_seed, facts=facts)
        rows = {row.name: row for row in drawn_parameters(facts)}
        names = tuple(name for name, _ in vectors[0].parameters)
        values = np.array([[value for _, value in vector.parameters] for vector in vectors])
        return _freeze_points(
            Points(names, values, tuple((rows[name].low, rows[name].high) for name in names))
        )
    empty = Points(
        tuple(axis.name for axis in axes),
        np.empty((0, len(axes))),
        tuple((axis.low, axis.high) for axis in axes),
    )
    if method == "list":
        grid = _zipped(axes)
    elif method == "grid":
        grid = _product(axes)
    elif method == "oat":
        grid = _one_at_a_time(axes, base)
    else:
        grid = _draw_points(method, empty.salib_problem(), samples, design_seed, second_order)
        low, high = np.array(empty.bounds).T
        grid = np.clip(grid, low, high)  # low + 1.0 * (high - low) may end one rounding above high
    return _freeze_points(Points(empty.names, grid, empty.bounds))


def _freeze_points(values: Points) -> Points:
    values.values.setflags(write=False)  # shared by whoever asks
    return values


def _zipped(axes: Sequence[Axis]) -> FloatArray:
    count = max((len(axis.values) for axis in axes), default=1)
    columns = [np.broadcast_to(np.array(axis.values), count) for axis in axes]
    return np.stack(columns, axis=1) if columns else np.empty((1, 0))


def _product(axes: Sequence[Axis]) -> FloatArray:
    lengths = [len(axis.values) for axis in axes]
    values = np.empty((int(np.prod(lengths, dtype=int)), len(axes)))
    for column, axis in enumerate(axes):
        inner = int(np.prod(lengths[column + 1 :], dtype=int))
        values[:, column] = np.resize(np.repeat(axis.values, inner), len(values))
    return values


def _one_at_a_time(axes: Sequence[Axis], base: Sequence[float]) -> FloatArray:
    values = np.tile(np.array(base), (2 * len(axes) + 1, 1))
    for column, axis in enumerate(axes):
        values[2 * column + 1, column], values[2 * column + 2, column] = axis.low, axis.high
    return values


def _draw_points(
    method: str, problem: dict[str, Any], samples: int, design_seed: int, second_order: bool
) -> FloatArray:
    if method == "lhs":
        from scipy.stats import qmc

        low, high = np.array(problem["bounds"]).T
        unit = qmc.LatinHypercube(d=len(low), rng=design_seed).random(samples)
        return np.asarray(low + unit * (high - low))
    require_packages("SALib", "sweep", f"method {method}")
    if method == "sobol":
        from SALib.sample import sobol

        return np.asarray(
            sobol.sample(problem, samples, calc_second_order=second_order, seed=design_seed)
        )
    from SALib.sample import morris

    return np.asarray(morris.sample(problem, samples, num_levels=MORRIS_LEVELS, seed=design_seed))
