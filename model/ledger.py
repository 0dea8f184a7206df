"""The ledger keeps copies of the month's columns; every table of a result is made from them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import FloatArray, IntArray
from coercivity.model.lanes import Lanes

if TYPE_CHECKING:
    from coercivity.agents.state import Decision
    from coercivity.model.world import World

YEAR = 12


class Page:
    """Arrays of months x columns that are filled row by row; a row that is written never changes."""

    def __init__(self, first: dict[str, np.ndarray], months: int) -> None:
        self.arrays = {name: np.zeros((months, len(values)), values.dtype) for name, values in first.items()}
        self.room = months

    def write(self, row: int, values: dict[str, np.ndarray]) -> None:
        """Fill one row."""
        for name, array in self.arrays.items():
            array[row] = values[name]


class Ledger:
    """Monthly copies of columns (when recording) and the events in words (always)."""

    def __init__(self, record: bool) -> None:
        self.record_columns = record
        self.lanes: Lanes | None = None  # looked up when the first month is recorded
        self.pages: list[tuple[Page, int]] = []  # each with how many of its rows are of this history
        self.events: list[tuple[int, str, str, str]] = []
        self.decisions: list[Decision] = []
        self.acts: list[tuple[tuple[str, str], ...]] = []
        self.leaks: list[list[tuple[int, IntArray, FloatArray]]] = []  # route, via, to and good, t
        self.payments: list[FloatArray] = []  # month by month: columns of the payment book, USD million
        self.shared = False  # the last page is another ledger's too

    def copy(self) -> Ledger:
        """A ledger that may go its own way; the months written so far are shared, and each turns to a page of its own for the next."""
        other = Ledger(self.record_columns)
        self.shared = other.shared = bool(self.pages)
        other.lanes, other.pages = self.lanes, list(self.pages)
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
        values = columns(world) | self.lanes.sums(world)
        if self.shared or not self.pages or self.pages[-1][1] == self.pages[-1][0].room:
            self.pages.append((Page(values, max(world.cfg.months - len(self.acts), YEAR)), 0))
            self.shared = False
        page, row = self.pages[-1]
        page.write(row, values)
        self.pages[-1] = page, row + 1
        self.payments.append(world.money.book.month if world.money.book else np.zeros(0))
        self.leaks.append(world.leaks.lines)
        self.acts.append(tuple((event.id, event.kind) for event in world.in_force))

    def arrays(self) -> dict[str, np.ndarray]:
        """Months x columns, read-only."""
        names = self.pages[0][0].arrays if self.pages else {}
        written = {name: [page.arrays[name][:rows] for page, rows in self.pages] for name in names}
        out = {name: np.concatenate(parts) if len(parts) > 1 else parts[0] for name, parts in written.items()}
        for array in out.values():
            array.setflags(write=False)
        return out


def columns(world: World) -> dict[str, np.ndarray]:
    """This month's columns from which tables are made, by name; most are the world's own arrays and move on with it."""
    firms, needs, offers, border = world.firms, world.needs, world.offers, world.border
    wish = np.where(world.is_end, firms.plan, firms.capacity)
    return {
        "run": firms.run, "plan": wish, "lasts": world.lasts, "capacity": firms.capacity, "building": world.pipeline.building,
        "cancelled": world.pipeline.cancelled, "margin": firms.margin, "made": offers.made, "sold": world.sold, "offer_stock": offers.stock,
        "ask": offers.ask, "need_stock": needs.stock, "expected": needs.expected, "used": world.used, "paid": needs.paid, "reference": needs.reference,
        "lacking": world.lacking, "premium": border.premium, "duty": border.duty, "applied": border.applied, "approved": border.approved,
        "rent": np.array([border.rent]), "gone": world.loss["gone"], "made_up": world.loss["made_up"], "stockpile": world.supply.stockpile,
        "hoard": world.hoard, "linkage": world.loss["linkage"], "postponed": world.loss["postponed"], "quota": np.array([world.supply.light]),
        "alarm": world.beliefs.alarm[:, 0], "distrust": world.beliefs.distrust[:, 0], "support_paid": world.support.paid,
        "support_back": world.support.back, "reserve": world.reserve.reshape(-1),
    }  # fmt: skip
