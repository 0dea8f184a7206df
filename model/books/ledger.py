"""The ledger keeps copies of the month's columns, from which all tables of a result are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np

from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.world_view import WorldView


def record(ledger: Ledger, *, seen: WorldView) -> None:
    """Copy the columns that tables need, and sum the links by lane."""
    if not ledger.record_columns:
        return
    ledger.lanes = ledger.lanes or Lanes(seen.links, seen.needs)
    values = columns(seen) | ledger.lanes.sums(seen.links, seen.offers)
    book = seen.money.book
    acts = tuple((event.id, event.kind) for event in seen.politics.in_force)
    ledger.write(
        values,
        seen.clock.months,
        np.zeros(0) if book is None else book.month,
        list(seen.leaks.lines),
        acts,
    )


def _plan(seen: WorldView) -> np.ndarray:
    """What end users plan, and what plants could run."""
    return np.where(seen.firms.is_end, seen.firms.plan, seen.firms.capacity)


COLUMNS: Final[Mapping[str, Callable[[WorldView], np.ndarray]]] = {  # what a month leaves on record
    "run": lambda seen: seen.firms.run,
    "plan": _plan,
    "lasts": lambda seen: seen.firms.lasts,
    "capacity": lambda seen: seen.firms.capacity,
    "building": lambda seen: seen.works.pipeline.building,
    "cancelled": lambda seen: seen.works.pipeline.cancelled,
    "margin": lambda seen: seen.firms.margin,
    "made": lambda seen: seen.offers.made,
    "sold": lambda seen: seen.offers.sold,
    "offer_stock": lambda seen: seen.offers.stock,
    "ask": lambda seen: seen.offers.ask,
    "need_stock": lambda seen: seen.needs.stock,
    "expected": lambda seen: seen.needs.expected,
    "used": lambda seen: seen.needs.used,
    "paid": lambda seen: seen.needs.paid,
    "reference": lambda seen: seen.needs.price_start * seen.market.rise,
    "lacking": lambda seen: seen.needs.lacking,
    "strain": lambda seen: seen.needs.strain,
    "premium": lambda seen: seen.border.premium,
    "premium_charged": lambda seen: seen.border.premium_charged,
    "duty": lambda seen: seen.border.duty,
    "applied": lambda seen: seen.border.applied,
    "approved": lambda seen: seen.border.approved,
    "cases": lambda seen: seen.border.cases.reshape(-1),
    "open_tonnes": lambda seen: seen.border.open,
    "turned_down": lambda seen: seen.border.turned_down.reshape(-1),
    "watched": lambda seen: seen.firms.watched,
    "rent": lambda seen: seen.border.rent,
    "gone": lambda seen: seen.firms.loss_gone,
    "made_up": lambda seen: seen.firms.loss_made_up,
    "linkage": lambda seen: seen.firms.loss_linkage,
    "postponed": lambda seen: seen.firms.loss_postponed,
    "quota": lambda seen: np.array([seen.supply.light]),
    "alarm": lambda seen: seen.beliefs.alarm[:, 0],
    "distrust": lambda seen: seen.beliefs.distrust[:, 0],
    "support_paid": lambda seen: seen.support.paid,
    "support_back": lambda seen: seen.support.back,
    "reserve": lambda seen: seen.support.reserve.reshape(-1),
}


def columns(seen: WorldView, names: Iterable[str] = COLUMNS) -> dict[str, np.ndarray]:
    """This month's columns by name, all or some; most are the world's own arrays and move on."""
    return {name: COLUMNS[name](seen) for name in names}
