"""How likely the record is under the vector that is shipped now, by the measure of a calibration
that is on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.evidence_targets import (
    load_targets,
    months_needed,
    run_evidence,
)
from coercivity.experiments.calibration.implausibility import (
    fit_targets,
    implausibility,
    log_likelihood,
)
from coercivity.experiments.calibration.licence_targets import Task, fit_objective, run_licences
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario, with_changes

if TYPE_CHECKING:
    from coercivity.experiments.backtest.evidence_targets import Target


def judge_shipped(
    record: Mapping[str, Any], values: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Run the targets of `calibration.json` with the parameter table as it stands, or with these
    values in it, with as many seeds as the calibration took: values of the calibrated parameters,
    likely (log of the likelihood), and by target the mean over seeds and the implausibility
    (`targets`, `each`). A target that the calibration did not have counts nothing.
    """
    instead = dict(values or {})
    rows = {row["id"]: row for row in record["targets"]}
    targets = fit_targets(load_targets())
    objective = fit_objective(targets)
    runs = run_targets(targets, instead, record["setting"]["seeds"])
    mean = objective.scaled(runs).mean(axis=0)
    luck = np.array([rows[name]["sd_luck"] if name in rows else np.inf for name in objective.ids])
    each = implausibility(objective, mean[None], luck**2)
    table = load_parameters()
    return {
        "values": {
            row["name"]: instead.get(row["name"], table[row["name"]].value)
            for row in record["parameters"]
        },
        "likely": float(log_likelihood(each)[0]),
        "targets": {
            name: float(value) if np.isfinite(value) else None
            for name, value in zip(objective.ids, objective.unscaled(mean), strict=True)
        },
        "each": dict(zip(objective.ids, each[0].tolist(), strict=True)),
    }


def run_targets(targets: Sequence[Target], values: Mapping[str, float], seeds: int) -> FloatArray:
    """Model values of these targets and then of those of licences, with these values in the
    parameter table, but for what a scenario sets: seeds x targets, NaN where undefined.
    """
    runs = np.full((seeds, len(targets)), np.nan)
    for seed, place in enumerate(runs, start=1):
        found: dict[str, float | None] = {}
        for name in sorted({row.scenario for row in targets}):
            asked = [row for row in targets if row.scenario == name]
            scenario = load_scenario(name)
            months = months_needed(scenario.start, asked)
            own = {**values, **dict(scenario.parameters)}
            found |= run_evidence(
                with_changes(scenario, months=months, parameters=own), seed, asked
            )
        known = [found[row.id] for row in targets]
        place[:] = [np.nan if value is None else value for value in known]
    task = Task(tuple(values.items()), tuple(range(1, seeds + 1)))
    return np.hstack([runs, run_licences(task)])
