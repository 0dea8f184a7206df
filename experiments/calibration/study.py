"""The calibration of this model: screening, waves and what was learned, run as sweeps that a crash
cannot lose.

Everything lies in one folder: `screen/`, `wave-0/` ... hold a sweep a scenario and, in `licences/`,
tables of the licences for other metals, so the same command takes up where it stopped, and each can
be looked at by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.evidence_targets import LINE, load_targets
from coercivity.experiments.calibration.calm_world import MOST_LOST, leave_out, lost_in_calm
from coercivity.experiments.calibration.identifiability import (
    Recovery,
    identify_parameters,
    recover,
    truths_of,
)
from coercivity.experiments.calibration.implausibility import FAR, Objective, fit_targets
from coercivity.experiments.calibration.inactive_parameters import (
    find_inactive_parameters,
    redraw_parameters,
)
from coercivity.experiments.calibration.licence_targets import fit_objective, simulate_licences
from coercivity.experiments.calibration.waves import MatchedRuns, Space, match, space_of
from coercivity.experiments.worlds.draws import drawn_parameters
from coercivity.experiments.worlds.output_tables import check_new_folder
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.extras import require_packages
from coercivity.model.basis.inputs import path_of
from coercivity.model.basis.luck import stream
from coercivity.model.scenario.files import scenario_folder
from coercivity.model.scenario.scenario import load_scenario

if TYPE_CHECKING:
    from coercivity.experiments.backtest.evidence_targets import Target

MOST: Final = 30  # parameters that are calibrated
TRAJECTORIES: Final = 6
MARK: Final = "setting.json"
LICENCES: Final = "licences"  # folder of their runs, beside those of the scenarios
SEED: Final = 1  # of the first history of a vector
Say = Callable[[str], None]


@dataclass(frozen=True)
class Setting:
    """How large a calibration is."""

    vectors: int = 500
    waves: int = 4
    seeds: int = 2
    trajectories: int = TRAJECTORIES
    design_seed: int = 0


@dataclass(frozen=True, eq=False)
class Study:
    """What a calibration found."""

    found: MatchedRuns
    importance: dict[str, float]  # mean share of the movement of the targets, by screened parameter
    setting: Setting
    recovery: Recovery
    restless: int  # members that were left out as their calm world loses
    unfelt: tuple[str, ...]  # parameters that no target feels, drawn anew for each member
    members: FloatArray  # vectors that are kept, in the parameters' units, the likeliest first
    calm: FloatArray  # USD bn that each of them loses in calm

    def collection(self) -> tuple[tuple[str, ...], FloatArray]:
        """Names of the parameters, and the members."""
        return self.found.space.names, self.members

    def to_dict(self) -> dict[str, Any]:
        """Plain values for `calibration.json`."""
        found, ids = self.found, self.found.objective.ids
        return {
            "setting": asdict(self.setting),
            "line": LINE,
            "far": FAR,
            "screening": self.importance,
            "targets": target_rows(found),
            "parameters": [asdict(parameter) for parameter in identify_parameters(found)],
            "runs": len(found.likely),
            "kept": int(found.kept.sum()),
            "likely": [
                _range(found.likely[found.wave == wave])
                for wave in range(int(found.wave.max()) + 1)
            ],
            "members_likely": _range(found.likely[found.kept]),
            "shipped": {"likely": float(found.likely[0])},
            "emulator": [
                {
                    "explained": dict(zip(ids, one.explained.tolist(), strict=True)),
                    "covered": dict(zip(ids, one.covered.tolist(), strict=True)),
                }
                for one in found.checks
            ],
            "recovery": asdict(self.recovery),
            "restless": self.restless,
            "calm": {**(_range(self.calm) or {}), "most": float(self.calm.max())},
            "unfelt": list(self.unfelt),
        }


def target_rows(matched: MatchedRuns) -> list[dict[str, Any]]:
    """One row a target: the record, the shipped vector, the range of the collection, the sizes of
    both errors, and how near any run came.
    """
    rows = []
    left = matched.objective.unscaled(matched.mean[matched.kept]) if matched.kept.any() else None
    every = matched.objective.unscaled(matched.mean)
    for column, name in enumerate(matched.objective.ids):
        runs = every[matched.wave == 0, column]
        rows.append(
            {
                "id": name,
                "record": float(matched.objective.values[column]),
                "kind": matched.objective.kinds[column],
                "shipped": _number(every[0, column]),
                "wide": _range(runs),
                "kept": _range(left[:, column]) if left is not None else None,
                "sd_record": float(matched.objective.sd[column]),
                "sd_luck": float(np.sqrt(matched.luck[column])),
                "inside": _inside(
                    matched.objective.values[column], left[:, column] if left is not None else None
                ),
                "least": float(matched.each[:, column].min()),
                "met": float((matched.each[matched.wave == 0, column] <= FAR).mean()),
            }
        )
    return rows


def calibrate(
    out: str | Path, setting: Setting | None = None, workers: int = 0, say: Say = print
) -> Study:
    """Screen, then run the waves. Raises InputError where the folder does not fit."""
    require_packages(("SALib", "pyarrow"), "sweep", "a calibration")
    setting, folder = setting or Setting(), path_of(out, "--out")
    targets = fit_targets(load_targets())
    objective = fit_objective(targets)
    claim_folder(folder, setting)
    say(f"{len(objective)} targets to {LINE}; screening {len(drawn_parameters())} parameters")
    importance = screen(folder / "screen", objective, targets, setting, workers)
    names = choose(importance)
    say(f"calibrated: {', '.join(names)}")
    space = whole_space(names)

    def simulate(values: FloatArray, wave: int) -> FloatArray:
        say(f"wave {wave}: {len(values)} vectors, {setting.seeds} seeds")
        place = folder / f"wave-{wave}"
        return simulate_targets(place, targets, space.names, values, setting.seeds, workers)

    def once(values: FloatArray, name: str) -> FloatArray:
        place = folder / f"unfelt-{name}"
        return simulate_targets(place, targets, space.names, values, 1, workers)[:, 0]

    matched = match(
        space,
        objective,
        simulate,
        vectors=setting.vectors,
        waves=setting.waves,
        seed=setting.design_seed,
    )
    unmoved = find_inactive_parameters(
        space,
        matched.collection(),
        [name for name in space.names[space.calibrated :] if not importance.get(name)],
        once,
    )
    say(f"drawn anew, as no target feels them: {', '.join(unmoved) or 'none'}")
    ends = redraw_parameters(space, matched.collection(), unmoved, setting.design_seed)
    lost = lost_in_calm(space.names, ends, workers)
    matched, calm = leave_out(matched, lost), lost <= MOST_LOST
    say(f"{calm.sum()} members; {(~calm).sum()} lose more than {MOST_LOST:g} bn in calm")
    chosen = truths_of(matched, seed=setting.design_seed)
    values = space.values(matched.unit[chosen])
    histories = objective.scaled(
        simulate_targets(
            folder / "truths", targets, space.names, values, 1, workers, SEED + setting.seeds
        )[:, 0]
    )
    error = stream(setting.design_seed, "calibration truths, error of the record")
    histories += objective.sd * error.standard_normal(histories.shape)
    again = recover(matched, chosen, histories, setting.design_seed)
    restless = int((~calm).sum())
    return Study(matched, importance, setting, again, restless, unmoved, ends[calm], lost[calm])


def claim_folder(folder: Path, setting: Setting) -> None:
    """Write what this calibration is into its folder, or check that it is the one which has begun
    there. Raises InputError before anything runs.
    """
    wanted = json.dumps(asdict(setting), sort_keys=True)
    mark = folder / MARK
    try:
        there = mark.read_text(encoding="utf-8", errors="replace") if mark.is_file() else None
        if there is None:
            check_new_folder(folder).mkdir(parents=True, exist_ok=True)
            mark.write_text(wanted, encoding="utf-8")
    except OSError as error:
        raise InputError(
            "--out '{folder}' cannot be written ({reason})",
            "give a folder where you may write",
            folder=folder,
            reason=error.strerror,
        ) from None
    if there not in (None, wanted):
        raise InputError(
            "--out '{folder}' holds a calibration of another size ({size})",
            "use a new folder",
            folder=folder,
            size=Phrase(shorten(there, 120)),
        )


def choose(importance: Mapping[str, float]) -> tuple[str, ...]:
    """The parameters that move the targets most, without those that a shipped scenario sets: they
    are what that scenario is about.
    """
    levers = {
        name
        for file in scenario_folder().glob("*.yaml")
        for name, _ in load_scenario(file.stem).parameters
    }
    return tuple(
        sorted(
            (name for name in importance if name not in levers), key=lambda name: -importance[name]
        )[:MOST]
    )


def whole_space(names: Sequence[str]) -> Space:
    """Ranges and shipped values of these parameters, which are calibrated, and then of all others
    that a draw moves. Among the others are those that a shipped scenario sets (`enforcement`): they
    are drawn with each vector, and a run of that scenario alone goes by the scenario's value.
    """
    others = [row.name for row in drawn_parameters() if row.name not in names]
    return space_of((*names, *others), len(names))


def screen(
    folder: Path, objective: Objective, targets: Sequence[Target], setting: Setting, workers: int
) -> dict[str, float]:
    """Elementary effects of every drawn parameter (Morris 1991) on every target: mean over targets,
    by weight, of mu*_i / sum_j mu*_j, by parameter. A target of licences has a weight of one.

    A target that no parameter moves by a standard deviation of its tolerance over its whole range
    can rule nothing out and is left out of the mean.
    """
    from SALib.analyze import morris

    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.sampling import MORRIS_LEVELS, points

    names = [row.name for row in drawn_parameters()]
    wanted = {
        "method": "morris",
        "samples": setting.trajectories,
        "design_seed": setting.design_seed,
        "seeds": [SEED],
        "parameters": names,
    }
    grid = points(load_design({**wanted, "scenario": targets[0].scenario}))
    evidence = _run(folder, wanted, targets, len(grid.values), 1, workers)
    licences = simulate_licences(folder / LICENCES, grid.names, grid.values, [SEED], workers)
    runs = objective.scaled(np.concatenate([evidence, licences], axis=2)[:, 0])
    weights = np.ones(len(objective))
    weights[: len(targets)] = [row.fit_weight for row in targets]
    share, weight = [], []
    for column in range(len(objective)):
        known = runs[:, column]
        if not np.isfinite(known).any():
            continue
        filled = np.where(np.isfinite(known), known, np.nanmedian(known))
        effect = np.asarray(
            morris.analyze(
                grid.salib_problem(),
                grid.values,
                filled,
                num_levels=MORRIS_LEVELS,
                seed=setting.design_seed,
            )["mu_star"],
            dtype=float,
        )
        if effect.max() > objective.sd[column]:
            share.append(effect / effect.sum())
            weight.append(weights[column])
    return dict(zip(grid.names, np.average(share, axis=0, weights=weight).tolist(), strict=True))


def simulate_targets(
    folder: Path,
    targets: Sequence[Target],
    names: Sequence[str],
    values: FloatArray,
    seeds: int,
    workers: int,
    first: int = SEED,
) -> FloatArray:
    """Model values of these targets and then of those of licences, for vectors of parameters:
    vectors x seeds x targets, NaN where undefined. What is in `folder` is not run again.
    """
    columns = {name: values[:, column].tolist() for column, name in enumerate(names)}
    of_seeds = list(range(first, first + seeds))
    wanted = {"method": "list", "seeds": of_seeds, "parameters": columns}
    evidence = _run(folder, wanted, targets, len(values), seeds, workers)
    licences = simulate_licences(folder / LICENCES, names, values, of_seeds, workers)
    return np.concatenate([evidence, licences], axis=2)


def _run(
    folder: Path,
    wanted: dict[str, Any],
    targets: Sequence[Target],
    count: int,
    seeds: int,
    workers: int,
) -> FloatArray:
    """One sweep a scenario, as long as its targets need."""
    from coercivity.experiments.backtest.evidence_targets import months_needed
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.finished_parts import read_sweep
    from coercivity.experiments.sweep.run_sweep import run_sweep

    out = np.full((count, seeds, len(targets)), np.nan)
    for scenario in sorted({row.scenario for row in targets}):
        rows_of_scenario = [row for row in targets if row.scenario == scenario]
        months = months_needed(load_scenario(scenario).start, rows_of_scenario)
        own = dict(load_scenario(scenario).parameters)  # what it sets is its question and stays
        asked = wanted["parameters"]
        if isinstance(asked, dict):
            asked = {name: column for name, column in asked.items() if name not in own}
        design = load_design(
            {
                **wanted,
                "parameters": asked,
                "scenario": scenario,
                "months": months,
                "outcomes": [f"evidence:{row.id}" for row in rows_of_scenario],
            }
        )
        run_sweep(design, folder / scenario, workers=workers)
        frame = read_sweep(folder / scenario, complete=True).sort_values("run")
        for row in rows_of_scenario:
            out[:, :, list(targets).index(row)] = (
                frame[f"evidence:{row.id}"].to_numpy(dtype=float).reshape(count, seeds)
            )
    return out


def _range(values: FloatArray) -> dict[str, float] | None:
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return {"p05": float(low), "median": float(middle), "p95": float(high)}


def _inside(value: float, left_units: FloatArray | None) -> bool:
    """Whether the record lies within the 5-95% range of what is left."""
    bounds = None if left_units is None else _range(left_units)
    return bounds is not None and bool(bounds["p05"] <= value <= bounds["p95"])


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
