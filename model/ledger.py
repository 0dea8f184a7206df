"""The ledger keeps copies of the month's columns; every table of a result is made from them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from coercivity.model.world import World


class Ledger:
    """Monthly copies of columns (when recording) and the events in words (always)."""

    def __init__(self, record: bool) -> None:
        self.record_columns = record
        self.months: dict[str, list[Any]] = {}
        self.events: list[tuple[int, str, str, str]] = []
        self.acts: list[tuple[tuple[str, str], ...]] = []

    def copy(self) -> Ledger:
        """A ledger that may go its own way; the months written so far are shared, as they never change."""
        other = Ledger(self.record_columns)
        other.months = {name: list(values) for name, values in self.months.items()}
        other.events, other.acts = list(self.events), list(self.acts)
        return other

    def event(self, world: World, actor: str, kind: str, text: str) -> None:
        """Note in words what happened this month."""
        self.events.append((world.month, actor, kind, text))

    def record(self, world: World) -> None:
        """Copy the columns that tables need."""
        if not self.record_columns:
            return
        firms, needs, offers, links, border = world.firms, world.needs, world.offers, world.links, world.border
        wish = np.where(world.is_end, firms.plan, firms.capacity)
        row = {
            "run": firms.run, "plan": wish, "lasts": world.lasts, "capacity": firms.capacity, "building": world.pipeline.building, "margin": firms.margin,
            "made": offers.made, "offer_stock": offers.stock, "ask": offers.ask, "need_stock": needs.stock, "expected": needs.expected, "used": world.used,
            "paid": needs.paid, "reference": needs.reference, "shipped": world.shipped, "pending": links.pending, "lacking": world.lacking,
            "premium": border.premium, "duty": border.duty, "applied": border.applied, "approved": border.approved, "rent": np.array([border.rent]),
            "gone": world.loss["gone"], "made_up": world.loss["made_up"], "stockpile": world.supply.stockpile, "hoard": world.hoard,
            "quota": np.array([world.supply.light]), "alarm": world.beliefs.alarm[:, 0], "distrust": world.beliefs.distrust[:, 0], "cost": links.cost,
        }  # fmt: skip
        for name, values in row.items():
            self.months.setdefault(name, []).append(values.copy())
        self.acts.append(tuple((event.id, event.kind) for event in world.in_force))

    def arrays(self) -> dict[str, np.ndarray]:
        """Months x columns, read-only."""
        out = {name: np.array(values) for name, values in self.months.items()}
        for array in out.values():
            array.setflags(write=False)
        return out
