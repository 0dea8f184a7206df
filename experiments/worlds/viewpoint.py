"""From which state a run is told: the one that was asked for, else the one that its measure is
against.
"""

from __future__ import annotations

from coercivity.experiments.quantities.headlines import EXPORT_CONTROLS, FOCUS, focal_event
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError, suggest
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario


def state_of(scenario: Scenario) -> str:
    """The state that a scenario is told from where nobody names one: Japan where a measure in
    question names or covers it, else the state that the first export control names alone; Japan
    where there is none.
    """
    months = month_names(scenario.start, scenario.months)
    event = focal_event(scenario, months)
    if event is not None and FOCUS in event.target_states():
        return FOCUS
    acts = (*scenario.events, *scenario.choices)
    measures = sorted(
        (act for act in acts if act.kind in EXPORT_CONTROLS and act.date[:7] <= months[-1]),
        key=lambda act: act.date,
    )
    named = next((act.targets for act in measures), ())
    return named[0] if len(named) == 1 and named[0] in scenario.facts.states else FOCUS


def viewpoint_state(asked: str | None, scenario: Scenario) -> str:
    """The state asked for, else that of the scenario. Raises InputError for one that is none."""
    if asked is None:
        return state_of(scenario)
    return check_state(scenario.facts, asked)


def check_state(facts: Facts, state: str, option: str = "--state") -> str:
    """A state by its name. Raises InputError, one line with a suggestion, for one that is none."""
    if state not in facts.states:
        raise InputError(
            "{field} '{value}' is not a state that exists",
            suggest(state, facts.states),
            field=option,
            value=state,
        )
    return state
