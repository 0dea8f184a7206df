"""Coercivity: an agent-based model of rare-earth supply chains, and of the governments and firms
that fight over them.

    from coercivity import load_scenario, run, compare
    result = run(load_scenario("japan-2026"), seed=1)

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
    from coercivity.experiments.worlds.compare import compare
    from coercivity.experiments.worlds.ensemble import ensemble
    from coercivity.experiments.worlds.run import run, run_worlds
    from coercivity.model.basis.layers import use_data
    from coercivity.model.scenario.scenario import Scenario, load_scenario
    from coercivity.model.world import World

__version__ = "0.5.0"

_HOMES = {
    "EndUser": "coercivity.agents.firms.end_user",
    "Government": "coercivity.agents.governments.government",
    "Maker": "coercivity.agents.firms.maker",
    "Miner": "coercivity.agents.firms.miner",
    "Processor": "coercivity.agents.firms.processor",
    "Scenario": "coercivity.model.scenario.scenario",
    "World": "coercivity.model.world",
    "compare": "coercivity.experiments.worlds.compare",
    "ensemble": "coercivity.experiments.worlds.ensemble",
    "load_scenario": "coercivity.model.scenario.scenario",
    "run": "coercivity.experiments.worlds.run",
    "run_worlds": "coercivity.experiments.worlds.run",
    "use_data": "coercivity.model.basis.layers",
}

__all__ = [
    "EndUser",
    "Government",
    "Maker",
    "Miner",
    "Processor",
    "Scenario",
    "World",
    "__version__",
    "compare",
    "ensemble",
    "load_scenario",
    "run",
    "run_worlds",
    "use_data",
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
