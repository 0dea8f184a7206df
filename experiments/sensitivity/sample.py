"""A sweep as arrays: points of the design, and each outcome as points x seeds with the runs that are not there or failed marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.agents.columns import BoolArray, FloatArray
from coercivity.experiments.headlines import headline_table
from coercivity.model.calendar import month_name
from coercivity.model.errors import InputError, shorten, suggest


@dataclass(frozen=True)
class Sample:
    """One scenario of a sweep. values: outcome -> points x seeds, NaN where undefined; lost: points x seeds, runs that failed or are not there."""

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

    @property
    def names(self) -> tuple[str, ...]:
        """Swept parameters, in the order of the columns of points."""
        return tuple(self.problem["names"])

    @property
    def missing(self) -> int:
        """Runs that are not there yet."""
        return int((~self.there).sum())

    @property
    def block(self) -> int:
        """How many points in a row were drawn together: a base sample of Sobol', a trajectory of Morris, else one."""
        if self.method not in ("sobol", "morris") or not self.samples:
            return 1
        return max(1, len(self.points) // self.samples)

    def independent(self) -> BoolArray:
        """Points drawn independently of each other: all of them, but of a Sobol' design only the two base points of each sample."""
        kept = np.ones(len(self.points), dtype=bool)
        if self.method == "sobol":
            place = np.arange(len(self.points)) % self.block
            kept = (place == 0) | (place == self.block - 1)
        return kept


def read_sample(folder: str | Path, scenario: str | None = None) -> Sample:
    """Return the sample of one scenario of a sweep folder, complete or not. Raises InputError for a scenario that is not in it, or several and none chosen."""
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.parts import read_sweep
    from coercivity.experiments.sweep.sampling import points

    frame = read_sweep(folder)
    design = load_design(frame.attrs["design"])
    chosen = _choose(design.scenarios, scenario)
    made, asked = points(design), design.contents[design.scenarios.index(chosen)]
    shape = (len(made.values), len(design.seeds))
    rows = frame[frame["scenario"] == chosen]
    at = rows["point"].to_numpy(), rows["seed"].map({seed: number for number, seed in enumerate(design.seeds)}).to_numpy()
    there, lost = np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    there[at], lost[at] = True, (rows["status"] != "done").to_numpy()
    values = {}
    for outcome in design.outcomes:
        values[outcome] = np.full(shape, np.nan)
        values[outcome][at] = rows[outcome].to_numpy(dtype=float)
    return Sample(
        scenario=chosen, method=design.method, problem=made.salib_problem(), points=np.asarray(made.values), samples=design.samples, seeds=design.seeds,
        values=values, lost=lost, there=there, days=run_days(asked.start, asked.months), months=asked.months,
        fingerprint=str(frame.attrs["fingerprint"]), version=str(frame.attrs["version"]),
        other_model=bool(frame.attrs.get("other_model", False)),
    )  # fmt: skip


def run_days(start: str, months: int) -> float:
    """Days from the first day of the month *start* ('YYYY-MM') to the end of a run of so many months."""
    first, after = dt.date.fromisoformat(f"{start[:7]}-01"), dt.date.fromisoformat(f"{month_name(start[:7], months)}-01")
    return float((after - first).days)


def outcome_unit(outcome: str) -> str:
    """Unit of an outcome: that of the headline, 'days' for evidence that is a first day, else nothing."""
    return next((row.unit for row in headline_table() if row.id == outcome), "")


def outcome_label(outcome: str) -> str:
    """Label of an outcome: that of the headline, else its id."""
    return next((row.label for row in headline_table() if row.id == outcome), outcome)


def _choose(scenarios: Sequence[str], wanted: str | None) -> str:
    if wanted is None and len(scenarios) > 1:
        raise InputError(f"the sweep holds {len(scenarios)} scenarios; choose one with --scenario, of: {', '.join(scenarios)}")
    if wanted is not None and wanted not in scenarios:
        raise InputError(f"--scenario '{shorten(wanted)}' is not in this sweep; {suggest(wanted, scenarios)}")
    return wanted or scenarios[0]
