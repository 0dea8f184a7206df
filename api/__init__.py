"""Coercivity: an agent-based model of rare-earth supply chains, and of the governments and firms
that fight over them.

    from coercivity import load_scenario, run, compare
    result = run(load_scenario("japan-2026"), seed=1)

These commands have a function here of the same name: `run`, `compare`, `leverage`, `claims`,
`calibrate`, `backtest`, `ablation`, `sensitivity`, `sweep`, and for tables that ship, as frames,
`scenarios`, `parameters`. Two have one of another name: `licences` is `licence_flows`, `facts` is
`table`. The other commands have none. What the functions give has a public class to annotate with
(`Result`, `Ensemble`). Wrong input is an `InputError` of one line.

The names are loaded when first used (PEP 562), so that `coercivity --help` does not pay for Mesa
and pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from coercivity.model.basis.display import register

if TYPE_CHECKING:
    from coercivity.agents.firms.end_user import EndUser
    from coercivity.agents.firms.maker import Maker
    from coercivity.agents.firms.miner import Miner
    from coercivity.agents.firms.processor import Processor
    from coercivity.agents.governments.government import Government
    from coercivity.experiments.questions.leverage import Leverage, leverage
    from coercivity.experiments.questions.licence_flows import LicenceFlows, licence_flows
    from coercivity.experiments.studies.ablation import Ablation, ablation
    from coercivity.experiments.studies.backtest import Backtest, backtest
    from coercivity.experiments.studies.calibration import Calibration, calibrate, read_calibration
    from coercivity.experiments.studies.claims import Claims, claims
    from coercivity.experiments.studies.sensitivity import Sensitivity, sensitivity
    from coercivity.experiments.studies.sweep import SweepResult, sweep
    from coercivity.experiments.studies.tables import parameters, scenarios, table
    from coercivity.experiments.sweep.design import Design, load_design
    from coercivity.experiments.sweep.finished_parts import read_sweep
    from coercivity.experiments.worlds.atomic import SweepStopped
    from coercivity.experiments.worlds.compare import Comparison, compare
    from coercivity.experiments.worlds.ensemble import Ensemble, ensemble
    from coercivity.experiments.worlds.result_archive import load
    from coercivity.experiments.worlds.run import run, run_worlds
    from coercivity.model.basis.errors import InputError
    from coercivity.model.basis.facts import use_data
    from coercivity.model.basis.layers import OtherFacts
    from coercivity.model.results.explanation_form import Explanation
    from coercivity.model.results.result import Result
    from coercivity.model.scenario.act_fields import Field
    from coercivity.model.scenario.instrument import Instrument
    from coercivity.model.scenario.mechanism import Mechanism
    from coercivity.model.scenario.scenario import Scenario, load_scenario
    from coercivity.model.world import World

__version__ = "0.7.0.dev0"

_HOMES = {
    "Ablation": "coercivity.experiments.studies.ablation",
    "Backtest": "coercivity.experiments.studies.backtest",
    "Calibration": "coercivity.experiments.studies.calibration",
    "Claims": "coercivity.experiments.studies.claims",
    "Comparison": "coercivity.experiments.worlds.compare",
    "Design": "coercivity.experiments.sweep.design",
    "EndUser": "coercivity.agents.firms.end_user",
    "Ensemble": "coercivity.experiments.worlds.ensemble",
    "Explanation": "coercivity.model.results.explanation_form",
    "Field": "coercivity.model.scenario.act_fields",
    "Government": "coercivity.agents.governments.government",
    "InputError": "coercivity.model.basis.errors",
    "Instrument": "coercivity.model.scenario.instrument",
    "Leverage": "coercivity.experiments.questions.leverage",
    "LicenceFlows": "coercivity.experiments.questions.licence_flows",
    "Maker": "coercivity.agents.firms.maker",
    "Mechanism": "coercivity.model.scenario.mechanism",
    "Miner": "coercivity.agents.firms.miner",
    "OtherFacts": "coercivity.model.basis.layers",
    "Processor": "coercivity.agents.firms.processor",
    "Result": "coercivity.model.results.result",
    "Scenario": "coercivity.model.scenario.scenario",
    "Sensitivity": "coercivity.experiments.studies.sensitivity",
    "SweepResult": "coercivity.experiments.studies.sweep",
    "SweepStopped": "coercivity.experiments.worlds.atomic",
    "World": "coercivity.model.world",
    "ablation": "coercivity.experiments.studies.ablation",
    "backtest": "coercivity.experiments.studies.backtest",
    "calibrate": "coercivity.experiments.studies.calibration",
    "claims": "coercivity.experiments.studies.claims",
    "compare": "coercivity.experiments.worlds.compare",
    "ensemble": "coercivity.experiments.worlds.ensemble",
    "leverage": "coercivity.experiments.questions.leverage",
    "licence_flows": "coercivity.experiments.questions.licence_flows",
    "load": "coercivity.experiments.worlds.result_archive",
    "load_design": "coercivity.experiments.sweep.design",
    "load_scenario": "coercivity.model.scenario.scenario",
    "parameters": "coercivity.experiments.studies.tables",
    "read_calibration": "coercivity.experiments.studies.calibration",
    "read_sweep": "coercivity.experiments.sweep.finished_parts",
    "run": "coercivity.experiments.worlds.run",
    "run_worlds": "coercivity.experiments.worlds.run",
    "scenarios": "coercivity.experiments.studies.tables",
    "sensitivity": "coercivity.experiments.studies.sensitivity",
    "sweep": "coercivity.experiments.studies.sweep",
    "table": "coercivity.experiments.studies.tables",
    "use_data": "coercivity.model.basis.facts",
}

# Where what results, scenarios and worlds are shown by stands, each loaded when somebody asks: the
# rooms below do not know the rooms above (model/basis/display.py)
SHOWN: Final = {
    "card of a run": "coercivity.viz.words.cards:run_card",
    "card of a comparison": "coercivity.viz.words.cards:comparison_card",
    "card of a sensitivity": "coercivity.viz.words.study_cards:sensitivity_card",
    "card of an ensemble": "coercivity.viz.words.cards:ensemble_card",
    "card of a sweep": "coercivity.viz.words.sweep_cards:sweep_card",
    "card of a scenario": "coercivity.viz.words.scenario_cards:scenario_card",
    "card of a world": "coercivity.viz.words.scenario_cards:world_card",
    "explanation": "coercivity.viz.words.explanation_text:explain",
    "figure of runs": "coercivity.viz.figures.by_name:run_figure",
    "figure of a sensitivity": "coercivity.viz.figures.by_name:sensitivity_figure",
    "figure of an ensemble": "coercivity.viz.figures.by_name:ensemble_figure",
    "plots of runs": "coercivity.viz.figures.by_name:run_plots",
    "plots of a sensitivity": "coercivity.viz.figures.by_name:sensitivity_plots",
    "plots of an ensemble": "coercivity.viz.figures.by_name:ensemble_plots",
    "files of a run": "coercivity.experiments.worlds.result_archive:save_run",
    "files of a comparison": "coercivity.experiments.worlds.result_archive:save_comparison",
    "files of an ensemble": "coercivity.experiments.worlds.result_archive:save_ensemble",
    "grid of a run": "coercivity.experiments.worlds.xarray_export:run_grid",
    "grid of an ensemble": "coercivity.experiments.worlds.xarray_export:ensemble_grid",
}
register(SHOWN)

__all__ = [
    "Ablation",
    "Backtest",
    "Calibration",
    "Claims",
    "Comparison",
    "Design",
    "EndUser",
    "Ensemble",
    "Explanation",
    "Field",
    "Government",
    "InputError",
    "Instrument",
    "Leverage",
    "LicenceFlows",
    "Maker",
    "Mechanism",
    "Miner",
    "OtherFacts",
    "Processor",
    "Result",
    "Scenario",
    "Sensitivity",
    "SweepResult",
    "SweepStopped",
    "World",
    "__version__",
    "ablation",
    "backtest",
    "calibrate",
    "claims",
    "compare",
    "ensemble",
    "leverage",
    "licence_flows",
    "load",
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
    "use_data",
]


if not TYPE_CHECKING:  # a checker finds what is imported above, and refuses any other name

    def __getattr__(name: str) -> Any:
        """Load a public name from the room that makes it, the first time that it is asked for."""
        if name not in _HOMES:
            raise AttributeError(f"module 'coercivity' has no attribute {name!r}")
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
