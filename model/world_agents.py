"""A world with firms and governments as agents: who decides, and how it is forked."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from inspect import signature
from typing import Any, ClassVar, Self

import numpy as np

from coercivity.agents.base.mesa import (
    BaseAgent,
    BaseModel,
    names_of_mesa,
    own_state,
    star_parameters,
)
from coercivity.agents.base.part import copy_containers
from coercivity.agents.firms.actors import Actors
from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.processor import Processor
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.firms.shared_decision import SharedDecision
from coercivity.agents.governments.government import Government
from coercivity.agents.governments.government_view import View
from coercivity.agents.tables import BANKRUPT
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.own_rules import check_kinds, check_left
from coercivity.model.parts.world_view import PARTS, WorldParts, WorldView
from coercivity.model.plugin_world import class_with_mechanisms
from coercivity.model.politics.chancellery import observe_world

# Mines, separation, end use; what lies between are makers.
KIND_OF_STAGE = np.array(
    [{"mining": 0, "separation": 1, "end_use": 3}.get(stage, 2) for stage in STAGES]
)
BESIDE = ("asked",)  # what a world has beside its parts, and a fork shares


@lru_cache(maxsize=256)
def parts_of_rule(rule: Callable[..., None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what a rule changes of the world, what it reads): the names before its star, and behind."""
    read = star_parameters(rule)
    return tuple(name for name in signature(rule).parameters if name not in read), read


class PopulatedModel(BaseModel, WorldParts):
    """A world as Mesa sees it: governments are agents, and firms once somebody asks for them."""

    kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, Processor, Maker, EndUser)
    actors: Actors = None  # type: ignore[assignment]
    datacollector: Any

    def carry_out(self, *rules: Callable[..., None]) -> None:
        """Let rules of the month act in turn, each on the parts that its signature names."""
        for rule in rules:
            changed, read = parts_of_rule(rule)
            rule(
                *(getattr(self, name) for name in changed),
                **{name: getattr(self, name) for name in read},
            )

    def ask(self, actors: Everyone, decision: str) -> None:
        """Let firms decide: all at once, but a kind whose set is somebody's own by itself, and
        those whose class has a rule of its own one by one, as agents. What they leave is checked;
        what is left of a removed firm goes by the rule of all.
        """
        if decision not in self.actors.own_rules:
            raise unknown_value_error("decision", decision, Everyone.DECISIONS)
        if not hasattr(type(actors), decision):  # each kind has a rule of its own
            for kind in self.actors.by_kind:
                rows = np.intersect1d(kind.rows, actors.rows)
                if len(rows):
                    self.ask(kind if len(rows) == len(kind) else kind.only(rows), decision)
            return
        own = self.actors.own_rules[decision]
        if not own:
            self.hear(actors, decision)
            return
        rest = actors.rows
        for k in own:
            made_by, many = self.kinds[k], self.actors.by_kind[k]
            rows = np.intersect1d(many.rows, rest)
            alone = decision in made_by.own_rules
            if alone:
                rows = np.setdiff1d(rows, list(self.actors.removed))
                self._ask_each(many if len(rows) == len(many) else many.only(rows), decision)
            elif len(rows):
                self.hear(many if len(rows) == len(many) else many.only(rows), decision)
            by = made_by.__name__ if alone else made_by.many.__name__
            tables = self.firms, self.offers, self.needs, self.links
            check_left(f"{by}.{decision}", rows, *tables)
            rest = np.setdiff1d(rest, rows)
        if len(rest):
            self.hear(actors if len(rest) == len(actors) else actors.only(rest), decision)

    def _ask_each(self, many: Everyone, decision: str) -> None:
        """Let firms decide one by one; the shipped rule, where called, is reckoned once for all."""
        agents, actors = self.firm_agents, self.actors
        actors.shared = SharedDecision(many, decision, lambda firms: self.hear(firms, decision))
        try:
            for row in many.rows.tolist():
                getattr(agents[row], decision)()
        finally:
            actors.shared = None

    def _make_agents(self) -> None:
        """Make governments, which act every month; firms become Mesa agents when somebody asks."""
        facts = self.facts
        check_kinds(type(self).__name__, self.kinds)
        self.actors = None  # type: ignore[assignment]
        politics = self.politics
        politics.governments = [
            Government(self, name, self.scenario.mode_of(name), len(facts.states))
            for name in facts.governments
        ]
        by_name = {g.name: g for g in politics.governments}
        politics.government_of_state = [
            by_name[facts.government_of(state)] for state in facts.states
        ]
        self._make_sets()

    def _make_sets(self) -> None:
        """Make the sets of firms that decide at once."""
        kind = KIND_OF_STAGE[processes(self.facts).stage[self.firms.process]]
        self.actors = Actors(
            self.firms, self.offers, self.needs, self.links, kind=kind, kinds=self.kinds
        )

    def complete_agents(self) -> None:
        """Make the firms' agents, in the order of their rows, unless they are there; those that
        were removed leave at once, so that the others have the ids that they had.
        """
        actors = self.actors
        if actors is None or actors.agents is not None:
            return
        actors.agents = []
        for row, name in enumerate(self.firms.names):
            actors.agents.append(self.kinds[actors.kind[row]](self, row, name))
        for row in sorted(actors.removed):
            BaseAgent.remove(actors.agents[row])

    @property
    def firm_agents(self) -> list[Firm]:
        """The firms as agents, by row."""
        self.complete_agents()
        return self.actors.agents or []

    @property
    def everyone(self) -> Everyone:
        """All firms, to decide at once."""
        return self.actors.everyone

    @property
    def miners(self) -> Everyone:
        """All mines."""
        return self.actors.by_kind[0]

    @property
    def processors(self) -> Everyone:
        """All separation plants."""
        return self.actors.by_kind[1]

    @property
    def makers(self) -> Everyone:
        """All makers of metal, magnets and motors."""
        return self.actors.by_kind[2]

    @property
    def end_users(self) -> Everyone:
        """All end users."""
        return self.actors.by_kind[3]

    def close_for_good(self, row: int) -> None:
        """A plant gives up from the next month on, and is no agent any more."""
        if row in self.actors.removed:
            return
        self.actors.removed.add(row)
        self.works.closing = [*self.works.closing, (np.array([row]), BANKRUPT)]

    def government(self, name: str) -> Government:
        """A government as an agent, by name. Raises InputError for an unknown name."""
        facts = self.facts
        if name not in facts.governments:
            raise unknown_value_error("government", name, facts.governments)
        return self.politics.governments[facts.governments.index(name)]

    def view_of(self, government: Government) -> View:
        """What a government can observe now."""
        aside = self.politics.copy()
        seen = WorldView({**vars(self), "politics": aside})
        return observe_world(aside, government, clock=self.clock, seen=seen)

    def firm(self, which: int | str) -> Firm:
        """A firm as an agent, by row or name. Raises InputError for an unknown or removed one."""
        if isinstance(which, (int, np.integer)):
            row = int(which)
            if not 0 <= row < len(self.firms):
                raise InputError(
                    "firm {value} is not known",
                    "rows of world.firms go from 0 to {high}",
                    value=which,
                    high=len(self.firms) - 1,
                )
        elif which in self.firms.names:
            row = self.firms.names.index(which)
        else:
            raise unknown_value_error("firm", which, self.firms.names)
        if row in self.actors.removed:
            raise InputError(
                "firm '{value}' was removed and is no agent any more",
                "what it left is in row {row} of world.firms",
                value=self.firms.names[row],
                row=row,
            )
        return self.firm_agents[row]

    def good(self, name: str) -> int:
        """The row of a good, by name. Raises InputError for a name that no good has."""
        facts = self.facts
        if name not in facts.goods:
            raise unknown_value_error("good", name, facts.goods)
        return facts.goods.index(name)

    def fork(self) -> Self:
        """A world of its own in the same state: arrays are copied, agents rebuilt, those of the
        user and what the user wrote on the world copied. Same luck from here on.

        Raises ValueError for an agent of the user that points to other agents or to the model, for
        it would go on pointing into this world, and for what cannot be copied, such as a file.
        `copy.deepcopy` copies such agents too, and takes longer.
        """
        guests = [agent for agent in self._all_agents if not isinstance(agent, BaseAgent)]
        copies = [own_state(agent) for agent in guests]
        other = type(self).__new__(type(self))
        BaseModel.__init__(other, rng=self.seed)
        skip = set(vars(other)) | {"datacollector", "actors"}
        for name in (*PARTS, *BESIDE):
            if name in vars(self):
                other.__dict__[name] = copy_containers(vars(self)[name])
        other._make_agents()
        other.actors.removed = set(self.actors.removed)
        for mine, theirs in zip(self.politics.governments, other.politics.governments, strict=True):
            theirs.take_over(mine)
        other.datacollector = deepcopy(self.datacollector)
        other.go_on_from(self)
        if self.actors.agents is not None:
            for mine, theirs in zip(self.firm_agents, other.firm_agents, strict=True):
                theirs.__dict__.update(own_state(mine))
        for agent, state in zip(guests, copies, strict=True):
            twin: Any = object.__new__(type(agent))
            twin.__dict__.update(state, model=other)
            other.join(twin, agent.unique_id)
        notes = {name: vars(self)[name] for name in vars(self) if name not in skip}
        other._take_notes({n: v for n, v in notes.items() if n not in vars(other)}, self)
        return other

    def __copy__(self) -> Self:
        return self.fork()

    def __reduce__(self) -> tuple[Any, ...]:
        """Let `pickle` and `deepcopy` take the parts, the agents and what the user wrote.
        `__setstate__` makes the rest anew: Mesa's registers, the sets of firms, the class with
        mechanisms of packages.
        """
        kind = type(self)
        if vars(kind).get("added"):
            kind = kind.__bases__[0]
        left = names_of_mesa() | {"actors"}
        own = {name: value for name, value in vars(self).items() if name not in left}
        agents = [(agent, agent.unique_id) for agent in self._all_agents]
        state = own, agents, self.actors.agents, self.actors.removed, self.counts
        return object.__new__, (kind,), state

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Put a world together."""
        own, agents, firms, removed, counts = state
        BaseModel.__init__(self, rng=own["clock"].seed)
        self.__dict__.update(own)
        self._make_sets()
        self.actors.agents, self.actors.removed = firms, removed
        for agent, known in agents:
            self.join(agent, known)
        self.go_on_from(counts)
        self.__class__ = class_with_mechanisms(type(self), self.scenario.added, vars(self))

    def _take_notes(self, notes: dict[str, Any], other: PopulatedModel) -> None:
        """Copy what a user wrote on another world; what it points to there becomes this world's."""
        if not notes:
            return
        known: dict[int, Any] = {id(other): self}
        known |= {id(vars(other)[name]): vars(self)[name] for name in (*PARTS, *BESIDE)}
        if other.actors.agents is not None:
            twins = {agent.unique_id: agent for agent in self.agents}
            known |= {id(agent): twins[agent.unique_id] for agent in other.agents}
        for name, value in notes.items():
            try:
                self.__dict__[name] = deepcopy(value, known)
            except TypeError as wrong:
                raise ValueError(
                    f"world.{name} cannot be copied ({wrong}), and a fork would share it; take it "
                    "off the world before"
                ) from None
