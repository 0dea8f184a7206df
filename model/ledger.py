"""The ledger keeps copies of the month's columns; every table of a result is made from them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.model.parts.lanes import Lanes

if TYPE_CHECKING:
    from coercivity.model.world import World


def record(world: World) -> None:
    """Copy the columns that tables need, and sum the links by lane."""
    ledger = world.ledger
    if not ledger.record_columns:
        return
    ledger.lanes = ledger.lanes or Lanes(world.links, world.needs)
    values = columns(world) | ledger.lanes.sums(world.links, world.offers)
    paid = world.money.book.month if world.money.book else np.zeros(0)
    acts = tuple((event.id, event.kind) for event in world.politics.in_force)
    ledger.write(values, world.clock.months, paid, world.leaks.lines, acts)


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
