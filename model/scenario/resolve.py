"""What somebody asks of a world, however it is written: a name, a file, a Scenario or one of
Mesa's, a seed by either name, parameters by keyword.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from coercivity.agents.base.mesa import MesaScenario, batch_iteration
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.luck import MOST_SEED, check_seed
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes


class ResolvedScenario(NamedTuple):
    """A scenario with everything on top of it, and a seed."""

    scenario: Scenario
    seed: int


def resolve_scenario(
    scenario: Scenario | str | Path | Mapping[str, Any] | Any,
    seed: int | str | None = None,
    rng: int | str | None = None,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
) -> ResolvedScenario:
    """Read what is asked. Raises InputError, one line, for what does not fit."""
    parameters = dict(parameters or {})
    if MesaScenario is not None and isinstance(scenario, MesaScenario):
        fields = dict(scenario)
        its_own = fields.pop("rng", None)
        if hasattr(scenario, "initial_rng_state"):  # Mesa 4 keeps no seed, but what came of it
            its_own = int(scenario.initial_rng_state["state"]["state"]) % MOST_SEED
        rng = its_own if rng is None else rng
        if "scenario" not in fields:
            raise InputError(
                "a Mesa Scenario has no field 'scenario'",
                "write which one to run, for example scenario='japan-2026'",
            )
        scenario = fields.pop("scenario")
        seed, months = fields.pop("seed", seed), fields.pop("months", months)
        parameters = {**fields, **parameters}
    if seed is not None and rng is not None and seed != rng:
        raise InputError(
            "seed '{value}' and rng '{other}' are two names of one thing",
            "give one of them",
            value=seed,
            other=rng,
        )
    chosen: Any = seed if seed is not None else rng if rng is not None else 1 + batch_iteration()
    if isinstance(chosen, str) and chosen.isdecimal():  # typed into a text field of SolaraViz
        chosen = int(chosen)
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if months is not None or parameters:
        loaded = with_changes(loaded, months=months, parameters=parameters)
    return ResolvedScenario(loaded, check_seed(chosen))
