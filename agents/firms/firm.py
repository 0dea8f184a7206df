"""Firms as Mesa agents: each is a row of the world's columns, with what a person asks of it by
name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, NoReturn

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.base.mesa import BaseAgent, BaseModel
from coercivity.agents.base.table import Column, nearest_hint
from coercivity.agents.firms.closing import CLOSE, FAIL, REOPEN
from coercivity.agents.firms.investor import BEGIN, GIVE_UP
from coercivity.agents.firms.roles import Everyone


@lru_cache(maxsize=256)
def _nearest_name_hint(kind: Any, name: str) -> str:
    """What of a firm, a column or what is made of one, a new name is nearly, in words."""
    parts = ((own, getattr(kind, own, None)) for own in dir(kind))
    return nearest_hint(
        name, [own for own, part in parts if isinstance(part, (Column, property))], 0.85
    )


VERDICTS = {CLOSE: "stand still", FAIL: "give up", REOPEN: "run again"}
PROJECTS = {BEGIN: "begin to build", GIVE_UP: "give the project up"}


class Firm(BaseAgent):
    """A firm is its row: `firm.run` is read from, and written to, the column of all firms (t/month
    of run; end users: share of their start).

    What it decides are methods without arguments; they are those of a set of one row, and a
    subclass may put its own in their place: the month then asks these firms one by one. To call one
    by hand changes the world: try it on `world.fork()`.
    """

    many: ClassVar[type[Everyone]] = Everyone
    own_rules: ClassVar[frozenset[str]] = frozenset()

    state = Column("firms")
    process = Column("firms")
    sector = Column("firms")
    capacity = Column("firms")
    desired = Column("firms")
    wish = Column("firms")
    run = Column("firms")
    plan = Column("firms")
    backlog = Column("firms")
    margin = Column("firms")
    cost = Column("firms")
    cash = Column("firms")
    available = Column("firms")
    barred = Column("firms")
    watched = Column("firms")
    addition = Column("firms")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.own_rules = frozenset(
            name
            for name in Everyone.DECISIONS
            if getattr(cls, name, None) is not getattr(Firm, name)
        )

    def __init__(self, model: BaseModel, row: int, name: str) -> None:
        world: Any = model
        world.complete_agents()
        made, names = world.actors.agents, world.firms.names
        if row != len(made) or row >= len(names):
            known = row in range(len(made))
            raise ValueError(
                f"firm {row} is {names[row]} and has its agent: world.firm({row})"
                if known
                else f"no row {row} of world.firms waits for an agent"
                "; agents of firms are made by the world, from its `kinds`"
            )
        super().__init__(model)
        self.row = row
        self.name = name

    @classmethod
    def create_agents(cls, model: Any, n: int, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused with ValueError: firms are rows of the world."""
        raise ValueError(
            f"{cls.__name__}: firms are rows of world.firms and the world makes their agents, from "
            "its `kinds`; a scenario adds plants by an event of kind firm_build"
        )

    def __setattr__(self, name: str, value: Any) -> None:
        """What somebody keeps on an agent may have any name but one that is nearly a column's."""
        if name in COLUMNS:
            super().__setattr__(name, value)
            if (shared := self.model.actors.shared) is not None:
                shared.written.add(self.row)
            return
        kind: Any = type(self)
        if not (name in vars(self) or name.startswith("_") or hasattr(kind, name)):
            hint = _nearest_name_hint(kind, name)
            if hint:
                raise AttributeError(
                    f"{kind.__name__} has no '{name}'; {hint}What you keep on a firm takes "
                    "another name, or one that begins with an underscore"
                )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, {self.state_name}>"

    @property
    def alone(self) -> Everyone:
        """The set of this firm and no other."""
        everyone: Everyone = self.model.everyone
        alone: dict[int, Everyone] = self.model.actors.alone
        if self.row not in alone:
            alone[self.row] = self.many(*everyone.tables, np.array([self.row]))
        return alone[self.row]

    # ---- what it decides

    def plan_run(self) -> None:
        """Decide how hard to run this month."""
        self._decide("plan_run")

    def order(self) -> None:
        """Decide what to buy from whom."""
        self._decide("order")

    def post_prices(self) -> None:
        """Decide what to ask for each product."""
        self._decide("post_prices")

    def document_use(self) -> None:
        """Take note of what was paid."""
        self._decide("document_use")

    def renew_relationships(self) -> None:
        """Let relationships follow trade."""
        self._decide("renew_relationships")

    def adapt_recipes(self) -> None:
        """Use less of what is dear or unsafe."""
        self._decide("adapt_recipes")

    def review(self) -> None:
        """Look at what the plant earned in the quarter: go on, stand still, give up, run again."""
        self._decide("review")

    def expand(self) -> None:
        """Decide on more capacity, in the month of the year in which it does."""
        self._decide("expand")

    def weigh_project(self) -> None:
        """Decide whether to begin a planned plant, or to give up one under way."""
        self._decide("weigh_project")

    def _decide(self, decision: str) -> None:
        actors = self.model.actors
        if actors.shared is None or not actors.shared.give(self.row, decision, actors.owned):
            self.model.hear(self.alone, decision)

    def remove(self) -> None:
        """Close the plant for good, from the next month on, and take it out of Mesa's sets; its row
        stays on the books with what it holds and owes.

        Raises ValueError for an end user and for a holder of the exporter's quota: the world has no
        rule for a market without them. A second time does nothing.
        """
        if self not in self.model.agents:
            return
        firms = self.model.everyone.tables[0]
        if firms.is_end[self.row] or firms.has_quota[self.row]:
            what = "an end user" if firms.is_end[self.row] else "a holder of the mining quota"
            raise ValueError(
                f"{self.name} is {what} and cannot be removed: nothing says who would buy or dig "
                "in its place; set its capacity or plan instead"
            )
        self.model.close_for_good(self.row)
        super().remove()

    # ---- what it is and has, by name

    @property
    def state_name(self) -> str:
        """Where it stands."""
        return str(self.model.facts.states[self.state])

    @property
    def process_name(self) -> str:
        """What it does: a process, or the sector of an end user."""
        return str([*self.model.facts.process_row][self.process])

    @property
    def stock(self) -> dict[str, float]:
        """Tonnes of what it sells, by good."""
        return self._by_good("offers", "stock")

    @property
    def inputs(self) -> dict[str, float]:
        """Tonnes of what it uses, by good."""
        return self._by_good("needs", "stock")

    @property
    def price(self) -> dict[str, float]:
        """What it asks, by good (USD/kg)."""
        return self._by_good("offers", "ask")

    @property
    def paid(self) -> dict[str, float]:
        """What it pays, by good, delivered and smoothed (USD/kg)."""
        return self._by_good("needs", "paid")

    @property
    def orders(self) -> dict[str, float]:
        """What it orders this month, by good (t)."""
        return self._by_good("needs", "wanted")

    def suppliers(self, good: str = "") -> dict[Firm, float]:
        """Whom it buys a good from (any, where none is named), and the share of its orders that
        goes to each.
        """
        everyone = self.model.everyone
        _, offers, needs, links = everyone.tables
        own = needs.firm[links.need] == self.row
        asked = links.good == self.model.good(good) if good else True
        rows = np.flatnonzero(own & (links.share > 0.0) & asked)
        return self._by_firm(offers.firm[links.offer[rows]], links.share[rows])

    @property
    def customers(self) -> dict[Firm, float]:
        """Who orders from it this month, and how much (t)."""
        _, offers, needs, links = self.model.everyone.tables
        own = offers.firm[links.offer] == self.row
        rows = np.flatnonzero(own & (links.orders > 0.0))
        return self._by_firm(needs.firm[links.need[rows]], links.orders[rows])

    @property
    def decided(self) -> dict[str, Any]:
        """What it last decided: how hard to run, what to order and to ask, what to add, and what
        becomes of the plant.
        """
        firms = self.model.everyone.tables[0]
        said = {
            "run": self.wish,
            "orders": self.orders,
            "ask": self.price,
            "add": self.addition,
            "plant": VERDICTS.get(int(firms.verdict[self.row]), ""),
            "project": PROJECTS.get(int(firms.project[self.row]), ""),
        }
        return {name: value for name, value in said.items() if value not in ("", {}, 0.0)}

    def _by_good(self, table: str, column: str) -> dict[str, float]:
        of_all, names = getattr(self.model, table), self.model.facts.goods
        rows = np.flatnonzero(of_all.firm == self.row)
        own = zip(of_all.good[rows], getattr(of_all, column)[rows], strict=True)
        return {names[good]: float(value) for good, value in own}

    def _by_firm(self, rows: IntArray, values: Any) -> dict[Firm, float]:
        out: dict[Firm, float] = {}
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            if row in self.model.actors.removed:
                continue
            firm = self.model.firm(row)
            out[firm] = out.get(firm, 0.0) + value
        return out


# names under which a firm's row is written
COLUMNS = frozenset(name for name, own in vars(Firm).items() if isinstance(own, Column))
