"""What pages offer to pick from."""

from __future__ import annotations

from functools import cache

from coercivity.model.scenario.scenario import list_scenarios, load_scenario


@cache
def scenario_choices() -> list[dict[str, str]]:
    """Name and title of each scenario that the project ships."""
    return [{"id": name, "title": load_scenario(name).title or name} for name in list_scenarios()]
