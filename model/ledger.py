"""The ledger keeps copies of the month's columns; every table of a result is made from them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import FloatArray, IntArray
from coercivity.agents.part import Part
from coercivity.model.lanes import Lanes

if TYPE_CHECKING:
    from coercivity.agents.state import Decision
    from coercivity.model.world import World

YEAR = 12


class Ledger(Part):
    """Monthly copies of columns (when recording) and the events in words (always)."""

    def __init__(self, record: bool) -> None:
        self.record_columns = record
        self.lanes: Lanes | None = None  # looked up when the first month is recorded
        self.page: dict[str, np.ndarray] = {}  # months x columns with room for more months; as many rows as `acts` are written
        self.events: list[tuple[int, str, str, str]] = []
        self.decisions: list[Decision] = []
        self.acts: list[tuple[tuple[str, str], ...]] = []
        self.leaks: list[list[tuple[int, IntArray, FloatArray]]] = []  # route, via, to and good, t
        self.payments: list[FloatArray] = []  # month by month: columns of the payment book, USD million

    def copy(self) -> Ledger:
        """A ledger that may go its own way."""
        other = Ledger(self.record_columns)
        other.lanes, other.page = self.lanes, {name: self._moved(array, len(array)) for name, array in self.page.items()}
        other.leaks, other.decisions = list(self.leaks), list(self.decisions)
        other.events, other.acts, other.payments = list(self.events), list(self.acts), list(self.payments)
        return other

    def event(self, world: World, actor: str, kind: str, text: str) -> None:
        """Note in words what happened this month."""
        self.events.append((world.month, actor, kind, text))

    def record(self, world: World) -> None:
        """Copy the columns that tables need, and sum the links by lane."""
        if not self.record_columns:
            return
        self.lanes = self.lanes or Lanes(world)
        values, row = columns(world) | self.lanes.sums(world), len(self.acts)
        if not self.page or row == len(self.page["run"]):
            room = max(world.cfg.months, row + YEAR)
            self.page = {name: self._moved(self.page.get(name, array[None, :]), room) for name, array in values.items()}
        for name, array in self.page.items():
            array[row] = values[name]
        self.payments.append(world.money.book.month if world.money.book else np.zeros(0))
        self.leaks.append(world.leaks.lines)
        self.acts.append(tuple((event.id, event.kind) for event in world.politics.in_force))

    def arrays(self) -> dict[str, np.ndarray]:
        """Months x columns, read-only."""
        out = {name: array[: len(self.acts)] for name, array in self.page.items()}
        for array in out.values():
            array.setflags(write=False)
        return out

    def _moved(self, array: np.ndarray, months: int) -> np.ndarray:
        """What was written of an array, in a new one with room for so many months."""
        new = np.empty((months, array.shape[1]), array.dtype)
        new[: len(self.acts)] = array[: len(self.acts)]
        return new


def columns(world: World) -> dict[str, np.ndarray]:
    """This month's columns from which tables are made, by name; most are the world's own arrays and move on with it."""
    firms, needs, offers, border = world.firms, world.needs, world.offers, world.border
    wish = np.where(world.firms.is_end, firms.plan, firms.capacity)
    return {
        "run": firms.run, "plan": wish, "lasts": world.firms.lasts, "capacity": firms.capacity, "building": world.works.pipeline.building,
        "cancelled": world.works.pipeline.cancelled, "margin": firms.margin, "made": offers.made, "sold": world.offers.sold, "offer_stock": offers.stock,
        "ask": offers.ask, "need_stock": needs.stock, "expected": needs.expected, "used": world.needs.used, "paid": needs.paid, "reference": needs.reference,
        "lacking": world.needs.lacking, "premium": border.premium, "duty": border.duty, "applied": border.applied, "approved": border.approved,
        "rent": np.array([border.rent]), "gone": world.firms.loss_gone, "made_up": world.firms.loss_made_up, "stockpile": world.supply.stockpile,
        "hoard": world.supply.hoard, "linkage": world.firms.loss_linkage, "postponed": world.firms.loss_postponed, "quota": np.array([world.supply.light]),
        "alarm": world.beliefs.alarm[:, 0], "distrust": world.beliefs.distrust[:, 0], "support_paid": world.support.paid,
        "support_back": world.support.back, "reserve": world.support.reserve.reshape(-1),
    }  # fmt: skip
