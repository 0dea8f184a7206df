"""Acts as a scenario writes them, and worlds that tests of the model live through."""

from __future__ import annotations

from typing import Any

from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World


def act(kind: str, date: str = "2024-03-01", actor: str = "China", **fields: Any) -> dict[str, Any]:
    """An act, named after its kind; acts of firms and accidents have no actor."""
    who = {"actor": actor} if actor else {}
    return {"date": date, "id": kind, "kind": kind, **who, **fields}


def begun(
    name: str | dict[str, Any],
    months: int,
    *acts: dict[str, Any],
    seed: int = 1,
    record: bool = False,
    **more: Any,
) -> World:
    """A world of a scenario with acts and other changes, before its first month."""
    scenario = with_changes(load_scenario(name), months=months, choices=acts, **more)
    return World(scenario, seed, record=record, collect=record)


def lived(
    name: str | dict[str, Any],
    months: int,
    *acts: dict[str, Any],
    seed: int = 1,
    record: bool = False,
    **more: Any,
) -> World:
    """The same after so many months."""
    world = begun(name, months, *acts, seed=seed, record=record, **more)
    world.run_for(months)
    return world
