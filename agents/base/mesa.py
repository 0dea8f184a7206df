"""Mesa behind one thin module: the subset that Mesa 3.3 and 3.5 share, with the leak of 3.3.1 mended."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import mesa
from mesa.agent import AgentSet


class _Counter:
    """A picklable, copyable source of agent ids."""

    def __init__(self) -> None:
        self.last = 0

    def __next__(self) -> int:
        self.last += 1
        return self.last


class _ModelIds:
    """Mesa 3.3.1 keeps every model alive in `Agent._ids`; this keeps the counter on the model instead."""

    def __getitem__(self, model: BaseModel) -> _Counter:
        return model._ids_iter


class BaseAgent(mesa.Agent):
    """A Mesa agent whose ids belong to its model."""

    _ids = _ModelIds()

    def __init__(self, model: BaseModel) -> None:
        model.complete_agents()  # they come first, and their ids too
        super().__init__(model)


@lru_cache(maxsize=256)
def reads(rule: Callable[..., Any]) -> tuple[str, ...]:
    """What a decision reads of the world: the names behind the star of its signature."""
    parameters = inspect.signature(rule).parameters.values()
    return tuple(one.name for one in parameters if one.kind is one.KEYWORD_ONLY)


class BaseModel(mesa.Model):
    """A Mesa model. Its own luck comes from `coercivity.model.basis.luck`; Mesa's generators are seeded but unused."""

    state_names: ClassVar[tuple[str, ...]] = ()
    good_names: ClassVar[tuple[str, ...]] = ()
    process_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, rng: int | None = None) -> None:
        self._ids_iter: Any = _Counter()
        super().__init__(rng=rng)

    def hear(self, actors: Any, decision: str) -> None:
        """Let a set of actors decide: give it what the decision reads of the world, by name."""
        rule = getattr(type(actors), decision)
        own = vars(self)
        rule(actors, **{name: own[name] for name in reads(rule)})

    def complete_agents(self) -> None:
        """Make the agents that a model makes only when somebody looks; by default there are none."""

    @property
    def agents(self) -> AgentSet:
        """All agents, as in Mesa."""
        self.complete_agents()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """The agents of each class, as in Mesa."""
        self.complete_agents()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents, as in Mesa."""
        self.complete_agents()
        return super().agent_types

    def remove_all_agents(self) -> None:
        """As in Mesa."""
        self.complete_agents()
        super().remove_all_agents()
