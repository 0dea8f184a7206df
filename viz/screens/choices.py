"""What pages offer to pick from."""

from __future__ import annotations

from functools import cache

from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.words.language import language, say


def scenario_choices() -> list[dict[str, str]]:
    """Name and title of each scenario that the project ships, in the visitor's language."""
    return _choices(language())


@cache
def _choices(code: str) -> list[dict[str, str]]:
    titles = {name: load_scenario(name).title for name in list_scenarios()}
    return [{"id": name, "title": say(title) if title else name} for name, title in titles.items()]
