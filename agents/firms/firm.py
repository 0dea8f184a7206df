"""Firms as Mesa agents: each is a row of the world's columns, readable by name."""

from __future__ import annotations

from coercivity.agents.base.mesa import BaseAgent, BaseModel
from coercivity.agents.base.table import Column


class Firm(BaseAgent):
    """A firm is its row. `firm.run` is read from, and written to, the column of all firms (t/month of run; end users: share of their start)."""

    state = Column("firms")
    process = Column("firms")
    sector = Column("firms")
    capacity = Column("firms")
    desired = Column("firms")
    run = Column("firms")
    plan = Column("firms")
    backlog = Column("firms")
    margin = Column("firms")
    available = Column("firms")
    barred = Column("firms")
    watched = Column("firms")

    def __init__(self, model: BaseModel, row: int, name: str) -> None:
        super().__init__(model)
        self.row = row
        self.name = name


class Miner(Firm):
    """Digs and concentrates ore."""


class Processor(Firm):
    """Separates oxides, or reduces them to metal."""


class Manufacturer(Firm):
    """Makes magnets or motors, or puts them into products."""
