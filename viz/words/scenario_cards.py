"""What a notebook shows of a scenario and of a world: what it is, who does what when, which
parameters are others than the shipped ones, how far it has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.experiments.lab.acts import Act, in_words
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import parameters_of
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import Scenario, load_shipped
from coercivity.viz.words.card_html import Html, card, code, paragraph, shortened_table, table

MOST_ACTS: Final = 12  # that are seen at once
NO_UNIT: Final = ("", "1", "-", "none")


def scenario_card(scenario: Scenario) -> str:
    """The card of a scenario."""
    about = [
        scenario.name,
        f"{scenario.start} to {month_name(scenario.start, scenario.months - 1)} "
        f"({scenario.months} months)",
        f"fingerprint {scenario.fingerprint()}",
    ]
    parts = [
        paragraph(scenario.why),
        _acts(scenario),
        _parameters(scenario),
        *map(paragraph, _settings(scenario)),
        code(
            f'coercivity.run("{scenario.name}", seed=1)'
            if _is_shipped(scenario)
            else "coercivity.run(scenario, seed=1)",
            ".to_yaml()",
        ),
    ]
    return card("Scenario", scenario.title or scenario.name, about, parts)


def world_card(
    kind: str, scenario: Scenario, seed: int, month: int, months: int, agents: Mapping[str, int]
) -> str:
    """The card of a world: how many months are over, and its agents by type."""
    reached = (
        f"{month} of {months} months are over, the last {month_name(scenario.start, month - 1)}"
        if month
        else f"not begun: {months} months from {scenario.start}"
    )
    about = [scenario.name, f"seed {seed}", reached]
    parts = [
        table(("agents", "number"), [(name, f"{count:,}") for name, count in agents.items()]),
        code("world.step()", "world.run_model()", 'world.government("Japan")', "world.fork()"),
    ]
    return card(kind, scenario.title or scenario.name, about, parts)


def act_words(event: Event) -> str:
    """An act in words: as its scenario tells it, else its kind and what is said of it."""
    if event.text:
        return event.text
    taken = {
        name: field.default for name, field in kinds_of(Facts.default())[event.kind].fields.items()
    }
    said = tuple(
        (name, value)
        for name, value in event.fields
        if value != taken.get(name) and value not in ("", ())
    )
    goods = (event.group,) if event.group else event.goods
    return in_words(Act(event.kind, event.date, event.end, event.actor, event.targets, goods, said))


def _acts(scenario: Scenario) -> Html:
    """Events and choices in the order of their dates."""
    acts = sorted((*scenario.events, *scenario.choices), key=lambda event: event.date)
    if not acts:
        return paragraph("No acts: governments and firms go on as they do.")
    rows = [
        (f"{act.date} to {act.end}" if act.end else act.date, act.actor or "–", act_words(act))
        for act in acts
    ]
    return shortened_table("acts", ("date", "who", "what"), rows, MOST_ACTS)


def _parameters(scenario: Scenario) -> Html:
    """Changed parameters beside the shipped values."""
    known = parameters_of(scenario.facts)
    rows = [
        (
            name,
            f"{value:g}",
            f"{known[name].value:g}",
            known[name].unit if known[name].unit not in NO_UNIT else "",
        )
        for name, value in scenario.parameters
    ]
    return table(("parameter", "here", "shipped", "unit"), rows) if rows else Html("")


def _settings(scenario: Scenario) -> list[str]:
    """What else is said: switches, who decides, rows of its own, sources."""
    off = [name for name, on in scenario.mechanisms if not on]
    added = [mechanism.name for mechanism in scenario.added]
    deciding = [f"{name} ({mode})" for name, mode in scenario.governments if mode != "scripted"]
    own = [f"{len(rows)} of {name.replace('_', ' ')}" for name, rows in scenario.tables]
    told = {
        "Mechanisms switched off": off,
        "Mechanisms of packages": added,
        "Governments that decide": deciding,
        "Rows of its own over shipped tables": own,
    }
    return [f"{label}: {', '.join(names)}." for label, names in told.items() if names]


def _is_shipped(scenario: Scenario) -> bool:
    """Whether its name loads this very scenario."""
    facts = scenario.facts
    return scenario.name in list_scenarios(facts) and load_shipped(scenario.name, facts) == scenario
