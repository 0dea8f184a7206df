"""Mesa behind one thin module: what Mesa 3.3 to 4 share, with the leak of 3.3.1 mended and ids that
are unique.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import cache, lru_cache
from types import FrameType, SimpleNamespace
from typing import Any

import mesa
from mesa.agent import AgentSet

from coercivity.agents.base.arrays import Unpickled
from coercivity.agents.base.table import nearest_hint

try:  # Mesa has scenarios of its own from 3.4 on
    from mesa.experimental.scenarios import Scenario as MesaScenario
except ImportError:
    MesaScenario = None


class _Counter:
    """A picklable, copyable source of agent ids."""

    def __init__(self) -> None:
        self.last = 0

    def __next__(self) -> int:
        self.last += 1
        return self.last


class _ModelIds:
    """Mesa 3.3.1 keeps every model alive in `Agent._ids`; this keeps the counter on the model
    instead.
    """

    def __getitem__(self, model: BaseModel) -> _Counter:
        return model._ids_iter


class BaseAgent(Unpickled, mesa.Agent):
    """A Mesa agent whose ids belong to its model."""

    _ids = _ModelIds()

    def __init__(self, model: BaseModel) -> None:
        model.complete_agents()  # they come first, and their ids too
        super().__init__(model)


@lru_cache(maxsize=256)
def star_parameters(rule: Callable[..., Any]) -> tuple[str, ...]:
    """What a decision reads of the world: the names behind the star of its signature."""
    parameters = inspect.signature(rule).parameters.values()
    return tuple(
        parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY
    )


class BaseModel(mesa.Model):
    """A Mesa model. Its own luck comes from `coercivity.model.basis.luck`; Mesa's generators are
    seeded but unused.
    """

    facts: Any

    def __init__(self, *, rng: int | None = None) -> None:
        self._ids_iter: Any = _Counter()
        super().__init__(rng=rng)

    @property
    def scenario(self) -> Any:
        """What is run. Mesa's SolaraViz finds None: from Mesa 3.5 on it puts an empty scenario of
        Mesa's in the place of any other.
        """
        caller = sys._getframe(1).f_globals.get("__name__")
        return None if caller == "mesa.visualization.solara_viz" else vars(self).get("asked")

    @scenario.setter
    def scenario(self, value: Any) -> None:
        """Mesa 3.4 and later set one of their own; it is kept aside."""
        self.__dict__["_scenario"] = value

    def register_agent(self, agent: mesa.Agent) -> None:
        """As in Mesa; the model's own agents come first, and no two have the same id, whoever wrote
        them.
        """
        if not isinstance(agent, BaseAgent):
            self.complete_agents()
            if not hasattr(self, "agent_id_counter"):
                agent.unique_id = next(self._ids_iter)
        super().register_agent(agent)

    def run_for(self, duration: int) -> None:
        """Steps for some months, or until the run ends."""
        for _ in range(duration):
            if not self.running:
                return
            self.step()

    def go_on_from(self, other: BaseModel | SimpleNamespace) -> None:
        """Take over what Mesa counts and draws: steps, time where it has one, its generators."""
        new: Any = self
        old: Any = other
        if hasattr(new, "_default_schedule"):  # Mesa 3.5 and later run a step as an event
            from mesa.time import Priority, Schedule

            step = new._do_step if hasattr(new, "_do_step") else new._user_step
            new._default_schedule.stop()
            new.time = old.time
            new._default_schedule = new.schedule_recurring(
                step, Schedule(interval=1.0, start=old.time + 1.0), priority=Priority.HIGH
            )
        elif hasattr(new, "time"):
            new.time = old.time
        if hasattr(old, "steps"):
            new.steps = old.steps
        new.running = old.running
        new.random.setstate(old.random.getstate())
        new.rng.bit_generator.state = old.rng.bit_generator.state

    @property
    def counts(self) -> SimpleNamespace:
        """What `go_on_from` reads of a model, to be kept without it."""
        names = ("running", "steps", "time", "random", "rng")
        return SimpleNamespace(**{n: getattr(self, n) for n in names if hasattr(self, n)})

    def hear(self, actors: Any, decision: str) -> None:
        """Let a set of actors decide: give it what the decision reads of the world, by name."""
        rule = getattr(type(actors), decision)
        own = vars(self)
        try:
            parts = {name: own[name] for name in star_parameters(rule)}
        except KeyError as missing:
            name = str(missing.args[0])
            raise AttributeError(
                f"{type(actors).__name__}.{decision} reads '{name}' behind the star, which is no "
                f"part of the world; {nearest_hint(name, own)}parts are the public names of "
                "vars(world)"
            ) from None
        rule(actors, **parts)

    def complete_agents(self) -> None:
        """Make the agents that a model makes only when somebody looks; by default there are
        none.
        """

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

    def join(self, agent: mesa.Agent, known: int) -> None:
        """Take in an agent that has this id already."""
        me: Any = self
        agent.unique_id = known  # Mesa logs it
        mesa.Model.register_agent(self, agent)
        agent.unique_id = known
        self._ids_iter.last = max(self._ids_iter.last, known)
        if hasattr(me, "agent_id_counter"):
            me.agent_id_counter = max(me.agent_id_counter, known + 1)


def batch_iteration() -> int:
    """Return which iteration of Mesa's `batch_run` makes a model now, 0 outside of it. Mesa gives
    all iterations the same keywords and no seed, so the number is read from its frame.
    """
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__") == "mesa.batchrunner":
            return int(frame.f_locals.get("iteration", 0))
        frame = frame.f_back
    return 0


@cache
def names_of_mesa() -> frozenset[str]:
    """Return what a model has in its dictionary before anything of its own."""
    return frozenset(vars(BaseModel(rng=1)))


def own_state(agent: mesa.Agent) -> dict[str, Any]:
    """What somebody has written on an agent, copied. Raises ValueError where it points to agents or
    to a model: a copy would point there too.
    """
    state = {}
    for name, value in vars(agent).items():
        if name in HELD or name.startswith("_mesa"):
            continue
        if any(isinstance(part, (mesa.Agent, mesa.Model, AgentSet)) for part in inside(value)):
            raise ValueError(
                f"{name} of {type(agent).__name__} {agent.unique_id} points to agents or to the "
                "model, and a copy of the world cannot tell whom it means there; keep ids or names "
                "instead"
            )
        state[name] = deepcopy(value)
    return state


HELD = ("model", "unique_id", "row", "name", "pos")  # what Mesa or the world sets itself


def inside(value: Any) -> Iterable[Any]:
    """A value, and what stands in it where it is a container."""
    yield value
    if isinstance(value, dict):
        value = (*value, *value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from inside(item)
