"""The ledger keeps copies of the month's columns; every table of a result is made from them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from coercivity.agents.state import Decision
    from coercivity.model.world import World


class Ledger:
    """Monthly copies of columns (when recording) and the events in words (always)."""

    def __init__(self, record: bool) -> None:
        self.record_columns = record
        self.months: dict[str, list[Any]] = {}
        self.events: list[tuple[int, str, str, str]] = []
        self.decisions: list[Decision] = []
        self.acts: list[tuple[tuple[str, str], ...]] = []
        self.leaks: list[list[tuple[int, Any, Any]]] = []  # route, via, to and good, t
        self.payments: list[list[tuple[str, Any, Any]]] = []  # month by month: kind, payer and payee groups, USD million

    def copy(self) -> Ledger:
        """A ledger that may go its own way; the months written so far are shared, as they never change."""
        other = Ledger(self.record_columns)
        other.months = {name: list(values) for name, values in self.months.items()}
        other.leaks, other.decisions = list(self.leaks), list(self.decisions)
        other.events, other.acts, other.payments = list(self.events), list(self.acts), list(self.payments)
        return other

    def event(self, world: World, actor: str, kind: str, text: str) -> None:
        """Note in words what happened this month."""
        self.events.append((world.month, actor, kind, text))

    def record(self, world: World) -> None:
        """Copy the columns that tables need."""
        if not self.record_columns:
            return
        for name, values in columns(world).items():
            self.months.setdefault(name, []).append(values.copy())
        self.payments.append(world.money.lines)
        self.leaks.append(world.leaks.lines)
        self.acts.append(tuple((event.id, event.kind) for event in world.in_force))

    def arrays(self) -> dict[str, np.ndarray]:
        """Months x columns, read-only."""
        out = {name: np.array(values) for name, values in self.months.items()}
        for array in out.values():
            array.setflags(write=False)
        return out


def columns(world: World) -> dict[str, np.ndarray]:
    """This month's columns from which tables are made, by name; most are the world's own arrays and move on with it."""
    firms, needs, offers, links, border = world.firms, world.needs, world.offers, world.links, world.border
    wish = np.where(world.is_end, firms.plan, firms.capacity)
    return {
        "run": firms.run, "plan": wish, "lasts": world.lasts, "capacity": firms.capacity, "building": world.pipeline.building,
        "cancelled": world.pipeline.cancelled, "margin": firms.margin,
        "made": offers.made, "offer_stock": offers.stock, "ask": offers.ask, "need_stock": needs.stock, "expected": needs.expected, "used": world.used,
        "paid": needs.paid, "reference": needs.reference, "shipped": world.shipped, "pending": links.pending, "lacking": world.lacking,
        "premium": border.premium, "duty": border.duty, "applied": border.applied, "approved": border.approved, "rent": np.array([border.rent]),
        "gone": world.loss["gone"], "made_up": world.loss["made_up"], "stockpile": world.supply.stockpile, "hoard": world.hoard,
        "linkage": world.loss["linkage"], "postponed": world.loss["postponed"],
        "quota": np.array([world.supply.light]), "alarm": world.beliefs.alarm[:, 0], "distrust": world.beliefs.distrust[:, 0], "cost": links.cost,
        "support_paid": world.support.paid, "support_back": world.support.back, "reserve": world.reserve.reshape(-1),
    }  # fmt: skip
