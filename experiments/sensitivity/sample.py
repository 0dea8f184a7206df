"""A sweep as arrays: points of the design, and each outcome as points x seeds with the runs that
are not there or failed marked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError, suggest
from coercivity.model.basis.facts import Facts

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.sweep.design import Design
    from coercivity.experiments.sweep.sampling import Points

OWN_COLUMNS: Final = (
    "run",
    "scenario",
    "seed",
    "point",
    "status",
    "message",
)  # of a row, beside parameters and outcomes
ORDERED: Final = ("sobol", "morris")  # methods whose rows mean something by their order alone


@dataclass(frozen=True)
class Sample:
    """One scenario of a sweep. values: outcome -> points x seeds, NaN where undefined; lost: points
    x seeds, runs that failed or are not there.
    """

    scenario: str
    method: str
    problem: Mapping[str, Any]  # of SALib: names, bounds, num_vars
    points: FloatArray
    samples: int
    seeds: tuple[int, ...]
    values: Mapping[str, FloatArray]
    lost: BoolArray
    there: BoolArray  # points x seeds: the sweep holds a row
    days: float  # length of the run
    months: int
    fingerprint: str = ""
    version: str = ""
    other_model: bool = False  # the rows were made by another model than the one here
    facts: Facts = field(default_factory=Facts.default)

    @property
    def names(self) -> tuple[str, ...]:
        """Swept parameters, in the order of the columns of points."""
        return tuple(self.problem["names"])

    def unit(self, outcome: str) -> str:
        """Unit of an outcome."""
        return outcome_unit(self.facts, outcome)

    @property
    def missing(self) -> int:
        """Runs that are not there yet."""
        return int((~self.there).sum())

    @property
    def block(self) -> int:
        """How many points in a row were drawn together: a base sample of Sobol', a trajectory of
        Morris, else one.
        """
        if self.method not in ("sobol", "morris") or not self.samples:
            return 1
        return max(1, len(self.points) // self.samples)

    def independent(self) -> BoolArray:
        """Points drawn independently of each other: all of them, but of a Sobol' design only the
        two base points of each sample.
        """
        own_rows = np.ones(len(self.points), dtype=bool)
        if self.method == "sobol":
            place = np.arange(len(self.points)) % self.block
            own_rows = (place == 0) | (place == self.block - 1)
        return own_rows


def read_sample(folder: str | Path, scenario: str | None = None) -> Sample:
    """Return the sample of one scenario of a sweep folder, complete or not. Points are read
    from the rows, not drawn again.

    Raises InputError for a scenario that is not in it, or for none named where there are several;
    for rows of one point that differ in a parameter; and, with method sobol or morris, for rows
    that are not those of the design in its order, without which SALib's indices mean nothing.
    """
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.finished_parts import read_sweep
    from coercivity.experiments.sweep.sampling import points

    frame = read_sweep(folder)
    design = load_design({**frame.attrs["design"], "world": ""})  # nothing is run
    chosen = _choose(design.scenarios, scenario)
    planned, scenario_named = points(design), design.contents[design.scenarios.index(chosen)]
    shape = (len(planned), len(design.seeds))
    rows = frame[frame["scenario"] == chosen]
    names, values_held, bounds = _read_points(rows, design, planned, str(folder))
    rows_at = (
        rows["point"].to_numpy(),
        rows["seed"].map({seed: number for number, seed in enumerate(design.seeds)}).to_numpy(),
    )
    there, lost = np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    there[rows_at], lost[rows_at] = True, (rows["status"] != "done").to_numpy()
    values = {}
    for outcome in design.outcomes:
        values[outcome] = np.full(shape, np.nan)
        values[outcome][rows_at] = rows[outcome].to_numpy(dtype=float)
    return Sample(
        scenario=chosen,
        method=design.method,
        problem={"num_vars": len(names), "names": names, "bounds": bounds},
        points=values_held,
        samples=design.samples,
        seeds=design.seeds,
        values=values,
        lost=lost,
        there=there,
        days=run_days(scenario_named.start, scenario_named.months),
        months=scenario_named.months,
        fingerprint=str(frame.attrs["fingerprint"]),
        version=str(frame.attrs["version"]),
        other_model=bool(frame.attrs.get("other_model", False)),
        facts=design.facts,
    )


def _read_points(
    rows: pd.DataFrame, design: Design, planned: Points, folder: str
) -> tuple[list[str], FloatArray, list[list[float]]]:
    """Names, points and bounds as the rows hold them. Points without a row are the design's where
    the others are, else NaN.

    What a scenario sets is no parameter of a collection: its column holds one value.
    """
    names = [str(name) for name in rows.columns if name not in (*OWN_COLUMNS, *design.outcomes)]
    values, point_of_row = rows[names].to_numpy(dtype=float), rows["point"].to_numpy()
    values_held = np.full((len(planned), len(names)), np.nan)
    values_held[point_of_row] = values
    odd = np.argwhere(values_held[point_of_row] != values)
    if len(odd):
        row, column = odd[0]
        raise InputError(
            "folder '{value}': rows of point {point} differ in {column} ({one} and "
            "{other}), and all seeds of a point have one value",
            "run the sweep again in a new folder",
            value=folder,
            point=point_of_row[row],
            column=names[column],
            one=f"{values_held[point_of_row[row], column]:g}",
            other=f"{values[row, column]:g}",
        )
    there = np.unique(point_of_row)
    fits = tuple(names) == planned.names and bool(
        np.allclose(values_held[there], planned.values[there], rtol=1e-9, atol=0.0)
    )
    if design.method in ORDERED and not fits:
        raise InputError(
            "folder '{value}': its rows are not the points that method {method} makes "
            "here, whose order the indices need",
            "read it with the versions of coercivity and SALib that ran it (sweep.json names them)",
            value=folder,
            method=design.method,
        )
    if fits:
        values_held = np.where(np.isnan(values_held), planned.values, values_held)
    known = dict(zip(planned.names, planned.bounds, strict=True))
    bounds = [
        list(known.get(name) or _range(values[:, column])) for column, name in enumerate(names)
    ]
    moves = [
        column
        for column in range(len(names))
        if design.method != "collection"
        or len(there) < 2
        or np.ptp(values_held[there, column]) > 0.0
    ]
    return (
        [names[column] for column in moves],
        values_held[:, moves],
        [bounds[column] for column in moves],
    )


def _range(values: FloatArray) -> tuple[float, float]:
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def run_days(start: str, months: int) -> float:
    """Days from the first day of the month *start* ('YYYY-MM') to the end of a run of so many
    months.
    """
    first, after = (
        dt.date.fromisoformat(f"{start[:7]}-01"),
        dt.date.fromisoformat(f"{month_name(start[:7], months)}-01"),
    )
    return float((after - first).days)


def outcome_unit(facts: Facts, outcome: str) -> str:
    """Unit of an outcome: that of the headline, 'days' for evidence that is a first day, else
    nothing.
    """
    return next((row.unit for row in headline_table(facts) if row.id == outcome), "")


def outcome_label(facts: Facts, outcome: str) -> str:
    """Label of an outcome: that of the headline, else its id."""
    return next((row.label for row in headline_table(facts) if row.id == outcome), outcome)


def _choose(scenarios: Sequence[str], wanted: str | None) -> str:
    if wanted is None and len(scenarios) > 1:
        raise InputError(
            "the sweep holds {count} scenarios",
            "choose one with --scenario, of: {names}",
            count=len(scenarios),
            names=tuple(scenarios),
        )
    if wanted is not None and wanted not in scenarios:
        raise InputError(
            "--scenario '{value}' is not in this sweep", suggest(wanted, scenarios), value=wanted
        )
    return wanted or scenarios[0]
