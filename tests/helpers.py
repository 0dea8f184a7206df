"""Shared by the tests of the model: what must hold after every month of any run, and the quantities
that tests read off a world.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.world import World
from tests.facts import FACTS


def floats(*values: Any) -> np.ndarray:
    """The values as an array of floats."""
    return np.array(values, dtype=float)


def an_event(
    kind: str, ident: str = "", actor: str = "China", date: str = "2024-06-10", **fields: Any
) -> Event:
    """An act as a scenario writes it; *earlier* are acts that it may name."""
    earlier = fields.pop("earlier", {})
    raw = {"date": date, "kind": kind, "id": ident or kind, "actor": actor, **fields}
    return event_from_dict(FACTS, raw, "test", 1, earlier)


def apply_rule(rule: Callable[..., Any], world: Any, **own: Any) -> Any:
    """Call a mechanism with the parts of a world, or of what stands in for one, that it names;
    those in *own* in place of the world's.
    """
    names = inspect.signature(rule).parameters
    return rule(**{name: own[name] if name in own else getattr(world, name) for name in names})


def live(world: World, months: int) -> dict[str, np.ndarray]:
    """Step a world and return what its links shipped, cost and had waiting, months x links: the
    ledger keeps only their sums by lane.
    """
    kept: dict[str, list[np.ndarray]] = {"shipped": [], "cost": [], "spot": [], "pending": []}
    for _ in range(months):
        world.step()
        for name, values in (
            ("shipped", world.links.shipped),
            ("cost", world.links.cost),
            ("spot", world.links.spot),
            ("pending", world.links.pending),
        ):
            kept[name].append(values.copy())
    return {name: np.array(values) for name, values in kept.items()}
