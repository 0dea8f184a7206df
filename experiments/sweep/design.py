"""A sweep's design: which scenarios, parameters, seeds and outcomes, read from a YAML file and
checked before any run starts.

Precedence, as everywhere: shipped parameter value < scenario < design. `docs/sweeps.md` explains
every key with an example.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from coercivity.experiments.sweep import keys, sampling
from coercivity.experiments.sweep.axes import Axis, read_axes
from coercivity.experiments.sweep.problem import Problem, problem
from coercivity.experiments.sweep.shipped_designs import (
    design_path,
    list_designs,
    unknown_design_error,
)
from coercivity.experiments.worlds.world_class import class_named
from coercivity.model.basis.errors import InputError, suggest
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.inputs import is_name, path_of
from coercivity.model.basis.yaml_text import parse_yaml, read_bytes
from coercivity.model.results.provenance import class_of
from coercivity.model.scenario.files import read_data
from coercivity.model.scenario.scenario import Scenario

METHODS: Final = ("list", "grid", "lhs", "sobol", "morris", "oat", "collection")
KEYS: Final = (
    "name",
    "why",
    "scenario",
    "data",
    "months",
    "seeds",
    "method",
    "samples",
    "design_seed",
    "second_order",
    "parameters",
    "outcomes",
    "keep",
    "world",
)
TEXT_KEY: Final = "scenario_text"  # written by to_dict alone: the contents of scenario files
MOST_NUMBERS: Final = 100_000_000  # points x parameters, which each worker holds: 0.8 GB
DEFAULT_METHOD: Final = "list"


@dataclass(frozen=True)
class Design:
    """What a sweep is asked, checked: equal designs give equal rows.

    scenarios: as written, shipped names or paths. contents: the scenarios themselves, with the
    months and the fixed values of the design. months: None leaves each scenario its own length.
    parameters: those that move, in the order as written. fixed: those held at one value in every
    run. outcomes: headline ids, then `evidence:ID`. keep: result tables stored for each run.
    world: the class of world that runs, by name (module:Class or file.py:Class); empty for the
    shipped one. data: the data folder of all scenarios (model/basis/layers.py).
    """

    scenarios: tuple[str, ...]
    contents: tuple[Scenario, ...]
    months: int | None = None
    seeds: tuple[int, ...] = (0,)
    method: str = DEFAULT_METHOD
    samples: int = 0
    design_seed: int = 0
    second_order: bool = False
    parameters: tuple[Axis, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()
    outcomes: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    world: str = ""
    data: str = ""
    name: str = ""
    why: str = ""

    @property
    def point_count(self) -> int:
        """Number of parameter vectors, without making them."""
        dimensions = len(self.parameters)
        if self.method == "list":
            return max((len(axis.values) for axis in self.parameters), default=1)
        if self.method == "grid":
            return math.prod(len(axis.values) for axis in self.parameters)
        if self.method == "oat":
            return 2 * dimensions + 1
        per_sample = {
            "sobol": 2 * dimensions + 2 if self.second_order else dimensions + 2,
            "morris": dimensions + 1,
        }
        return self.samples * per_sample.get(self.method, 1)

    @property
    def run_count(self) -> int:
        """Number of runs: scenarios x points x seeds."""
        return len(self.scenarios) * self.point_count * len(self.seeds)

    def fingerprint(self) -> str:
        """Return 16 hex digits (sha256) of everything that can change a row: scenarios that run,
        points and bounds, seeds, outcomes, kept tables, the class of world.

        Name and why do not count, nor how the points came about: what gives the same rows in the
        same order has the same fingerprint. The version of the model is not in it.
        """
        return self._fingerprint

    @property
    def facts(self) -> Facts:
        """The facts of all scenarios."""
        return self.contents[0].facts

    @cached_property
    def _fingerprint(self) -> str:
        points = sampling.points(self)
        order = sorted(
            range(len(points.names)), key=points.names.__getitem__
        )  # the order of columns changes no row
        head = {
            "scenarios": [
                [name, scenario.fingerprint()]
                for name, scenario in zip(self.scenarios, self.contents, strict=True)
            ],
            "outcomes": self.outcomes,
            "keep": self.keep,
            "names": [points.names[column] for column in order],
            "shape": points.values.shape,
            "bounds": [points.bounds[column] for column in order]
            if self.method in (*keys.SAMPLED, "oat")
            else [],
        }
        if self.world:
            head["world"] = class_of(class_named(self.world))
        text = json.dumps(head, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode())
        digest.update(np.array(self.seeds, dtype="<u4").tobytes())
        digest.update(points.values[:, order].astype("<f8").tobytes())
        return digest.hexdigest()[:16]

    def problem(self, groups: bool = False) -> Problem:
        """Return SALib's problem of the parameters that move, in the order of the columns; *groups*
        adds the group of each (problem.py).

        Bounds are those of the design; of methods that take values, those of the parameter table.
        """
        points = sampling.points(self)
        return problem(self.facts, points.names, points.bounds, groups)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that `load_design` reads back to an equal design, without needing the
        scenario files again.
        """
        fixed = dict(self.fixed)
        counted = self.seeds == tuple(range(len(self.seeds)))
        raw: dict[str, Any] = {
            "name": self.name,
            "why": self.why,
            "scenario": list(self.scenarios),
            "months": self.months,
            "seeds": len(self.seeds) if counted else list(self.seeds),
            "method": self.method,
            "samples": self.samples if self.method in keys.SAMPLED else None,
            "design_seed": self.design_seed,
            "second_order": self.second_order if self.method == "sobol" else None,
            "parameters": {axis.name: axis.to_plain() for axis in self.parameters} | fixed,
            "outcomes": list(self.outcomes),
            "keep": list(self.keep),
            "world": self.world,
            "data": self.data,
            TEXT_KEY: {
                name: content.to_dict()
                for name, content in zip(self.scenarios, self.contents, strict=True)
                if not keys.is_shipped(name, content, self.months, fixed)
            },
        }
        return {
            key: value
            for key, value in raw.items()
            if value not in ("", None, {}) and (key, value) != ("keep", [])
        }


def load_design(source: str | Path | Mapping[str, Any]) -> Design:
    """Return the checked design of a shipped name, a YAML file or a mapping with the same keys.
    Raises InputError, one line, for anything that does not fit.

    Scenario files are looked for beside the design file, then where the command runs.
    """
    if isinstance(source, Mapping):
        return _design(source, "design", None)
    if not isinstance(source, (str, Path)):
        raise InputError(
            "design '{value}' is a {type}",
            "give a name, the path of a .yaml file or a mapping",
            value=source,
            type=type(source).__name__,
        )
    shipped = isinstance(source, str) and source in list_designs()
    path = design_path(str(source)) if shipped else path_of(source, "design")
    if path.suffix.lower() not in (".yaml", ".yml") and not os.path.exists(path):
        raise unknown_design_error(source)
    return _design(parse_yaml(read_bytes(path, "design"), path.name), path.name, path.parent)


def _design(raw: object, where: str, folder: Path | None) -> Design:
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is not a design",
            "write keys and values, at least scenario:",
            where=where,
            value=raw,
        )
    for key in raw:
        if not is_name(key, (*KEYS, TEXT_KEY)):
            raise InputError(
                "key '{value}' is not known", suggest(key, KEYS), where=where, value=key
            )
    facts = read_data(raw, where, folder)  # first: they say which names are known
    raw = {
        key: value for key, value in raw.items() if value is not None
    }  # a key with nothing behind it is a key left out
    method = raw.get("method", DEFAULT_METHOD)
    if not is_name(method, METHODS):
        raise InputError(
            "method '{value}' is not known", suggest(method, METHODS), where=where, value=method
        )
    months = keys.read_months(raw.get("months"), where)
    scenarios = keys.read_scenarios(facts, raw, where, folder)
    axes, fixed = read_axes(facts, raw.get("parameters"), method, where)
    design = Design(
        scenarios=tuple(scenarios),
        contents=tuple(
            keys.design_scenario(scenario, months, dict(fixed)) for scenario in scenarios.values()
        ),
        months=months,
        seeds=keys.read_seeds(raw.get("seeds", 1), where),
        method=method,
        samples=keys.read_samples(raw.get("samples"), method, where),
        design_seed=keys.read_design_seed(raw.get("design_seed", 0), where),
        second_order=keys.read_second_order(raw.get("second_order"), method, where),
        parameters=axes,
        fixed=fixed,
        outcomes=keys.read_outcomes(facts, raw.get("outcomes"), where),
        keep=keys.read_keep(raw.get("keep"), where),
        world=keys.read_world(raw.get("world"), where),
        data=facts.data,
        name=keys.read_text(raw.get("name"), "name", where),
        why=keys.read_text(raw.get("why"), "why", where),
    )
    _check_size(design, where)
    if method == "oat":
        sampling.base_point(design, where)
    return design


def _check_size(design: Design, where: str) -> None:
    if design.run_count > keys.MOST_RUNS:
        raise InputError(
            "{scenarios} scenario(s) x {points} points x {seeds} seeds = {count} runs are too many",
            "use at most {high} (use method lhs, or fewer values)"
            if design.method == "grid"
            else "use at most {high} (use fewer samples, values or seeds)",
            where=where,
            scenarios=len(design.scenarios),
            points=f"{design.point_count:,}",
            seeds=f"{len(design.seeds):,}",
            count=f"{design.run_count:,}",
            high=f"{keys.MOST_RUNS:,}",
        )
    numbers = design.point_count * len(design.parameters)
    if numbers > MOST_NUMBERS:
        raise InputError(
            "{points} points x {count} parameters = {numbers} numbers are too many to hold",
            "use at most {high} (fewer samples or fewer parameters)",
            where=where,
            points=f"{design.point_count:,}",
            count=len(design.parameters),
            numbers=f"{numbers:,}",
            high=f"{MOST_NUMBERS:,}",
        )
