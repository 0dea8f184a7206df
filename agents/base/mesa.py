"""Mesa behind one thin module: the subset that Mesa 3.3 and 3.5 share, with the leak of 3.3.1 mended."""

from __future__ import annotations

from typing import Any

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


class BaseModel(mesa.Model):
    """A Mesa model. Its own luck comes from `coercivity.model.basis.luck`; Mesa's generators are seeded but unused."""

    def __init__(self, *, rng: int | None = None) -> None:
        self._ids_iter: Any = _Counter()
        super().__init__(rng=rng)

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
