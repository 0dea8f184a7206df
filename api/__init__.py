"""Coercivity: an agent-based model of rare-earth supply chains, and of the governments and firms
that fight over them.

    from coercivity import load_scenario, run, compare
    result = run(load_scenario("japan-2026"), seed=1)

What the command line can do has a function here of the same name: `sweep`, `sensitivity`,
`leverage`, `claims`, `backtest`, `calibrate`; tables that ship come as frames: `parameters`,
`scenarios`, `table`. Wrong input is an `InputError` of one line.

The names are loaded when first used (PEP 562), so that `coercivity --help` does not pay for Mesa
and pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coercivity.agents.firms.end_user import EndUser
    from coercivity.agents.firms.maker import Maker
    from coercivity.agents.firms.miner import Miner
    from coercivity.agents.firms.processor import Processor
    from coercivity.agents.governments.government import Government
    from coercivity.experiments.questions.leverage import leverage
    from coercivity.experiments.questions.licence_flows import licence_flows
    from coercivity.experiments.studies.backtest import backtest
    from coercivity.experiments.studies.calibration import calibrate, read_calibration
    from coercivity.experiments.studies.claims import claims
    from coercivity.experiments.studies.sensitivity import sensitivity
    from coercivity.experiments.studies.sweep import sweep
    from coercivity.experiments.studies.tables import parameters, scenarios, table
    from coercivity.experiments.sweep.atomic import SweepStopped
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.parts import read_sweep
    from coercivity.experiments.worlds.compare import compare
    from coercivity.experiments.worlds.ensemble import ensemble
    from coercivity.experiments.worlds.run import run, run_worlds
    from coercivity.model.basis.errors import InputError
    from coercivity.model.scenario.scenario import Scenario, load_scenario
    from coercivity.model.world import World

__version__ = "0.5.0"

_HOMES = {
    "EndUser": "coercivity.agents.firms.end_user",
    "Government": "coercivity.agents.governments.government",
    "InputError": "coercivity.model.basis.errors",
    "Maker": "coercivity.agents.firms.maker",
    "Miner": "coercivity.agents.firms.miner",
    "Processor": "coercivity.agents.firms.processor",
    "Scenario": "coercivity.model.scenario.scenario",
    "SweepStopped": "coercivity.experiments.sweep.atomic",
    "World": "coercivity.model.world",
    "backtest": "coercivity.experiments.studies.backtest",
    "calibrate": "coercivity.experiments.studies.calibration",
    "claims": "coercivity.experiments.studies.claims",
    "compare": "coercivity.experiments.worlds.compare",
    "ensemble": "coercivity.experiments.worlds.ensemble",
    "leverage": "coercivity.experiments.questions.leverage",
    "licence_flows": "coercivity.experiments.questions.licence_flows",
    "load_design": "coercivity.experiments.sweep.design",
    "load_scenario": "coercivity.model.scenario.scenario",
    "parameters": "coercivity.experiments.studies.tables",
    "read_calibration": "coercivity.experiments.studies.calibration",
    "read_sweep": "coercivity.experiments.sweep.parts",
    "run": "coercivity.experiments.worlds.run",
    "run_worlds": "coercivity.experiments.worlds.run",
    "scenarios": "coercivity.experiments.studies.tables",
    "sensitivity": "coercivity.experiments.studies.sensitivity",
    "sweep": "coercivity.experiments.studies.sweep",
    "table": "coercivity.experiments.studies.tables",
}

__all__ = [
    "EndUser",
    "Government",
    "InputError",
    "Maker",
    "Miner",
    "Processor",
    "Scenario",
    "SweepStopped",
    "World",
    "__version__",
    "backtest",
    "calibrate",
    "claims",
    "compare",
    "ensemble",
    "leverage",
    "licence_flows",
    "load_design",
    "load_scenario",
    "parameters",
    "read_calibration",
    "read_sweep",
    "run",
    "run_worlds",
    "scenarios",
    "sensitivity",
    "sweep",
    "table",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the room that makes it, the first time that it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'coercivity' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
