"""The ledger keeps copies of the month's columns; every table of a result is made from them
afterwards.
"""

from __future__ import annotations

import numpy as np

from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.ledger import Ledger
from coercivity.model.seen import Seen


def record(ledger: Ledger, *, seen: Seen) -> None:
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


def columns(seen: Seen) -> dict[str, np.ndarray]:
    """This month's columns from which tables are made, by name; most are the world's own arrays and
    move on with it.
    """
    firms, needs, offers, border = seen.firms, seen.needs, seen.offers, seen.border
    pipeline, supply, beliefs, support = (
        seen.works.pipeline,
        seen.supply,
        seen.beliefs,
        seen.support,
    )
    wish = np.where(firms.is_end, firms.plan, firms.capacity)
    return {
        "run": firms.run,
        "plan": wish,
        "lasts": firms.lasts,
        "capacity": firms.capacity,
        "building": pipeline.building,
        "cancelled": pipeline.cancelled,
        "margin": firms.margin,
        "made": offers.made,
        "sold": offers.sold,
        "offer_stock": offers.stock,
        "ask": offers.ask,
        "need_stock": needs.stock,
        "expected": needs.expected,
        "used": needs.used,
        "paid": needs.paid,
        "reference": needs.reference,
        "lacking": needs.lacking,
        "premium": border.premium,
        "duty": border.duty,
        "applied": border.applied,
        "approved": border.approved,
        "rent": np.array([border.rent]),
        "gone": firms.loss_gone,
        "made_up": firms.loss_made_up,
        "stockpile": supply.stockpile,
        "hoard": supply.hoard,
        "linkage": firms.loss_linkage,
        "postponed": firms.loss_postponed,
        "quota": np.array([supply.light]),
        "alarm": beliefs.alarm[:, 0],
        "distrust": beliefs.distrust[:, 0],
        "support_paid": support.paid,
        "support_back": support.back,
        "reserve": support.reserve.reshape(-1),
    }
