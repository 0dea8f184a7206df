"""The act `cut`: a share of the trade of the year before may not go (decision 0081)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.tables import Firms, Links
from coercivity.model.parts.border import MEASURES, Border


def note_trade(border: Border, *, links: Links, month: int) -> None:
    """Keep the month's trade across each channel in place of the same month a year ago (t).

    The lesser of orders and shipments counts: in a shortage either is many times the other. A month
    with a day of a ban, a cut or a halt keeps what stood there, so the base stands still.
    """
    rows, channel = border.crossing
    orders, shipped = (
        group_sum(tonnes.take(rows), channel, border.size)
        for tonnes in (links.orders, links.shipped)
    )
    free = border.banned + border.cut + border.halted == 0.0
    np.copyto(border.went[month % len(border.went)], np.minimum(orders, shipped), where=free)


def base_tonnage(border: Border) -> FloatArray:
    """Return the base of a cut, by channel: B, mean of the twelve months kept (t/month)."""
    return np.asarray(border.went.mean(axis=0))


def base_of_orders(border: Border, ordered: FloatArray, channel: IntArray) -> FloatArray:
    """Return the base as a part of what is ordered now, by order: B / O; O orders of the channel
    (t).
    """
    orders = group_sum(ordered, channel, border.size)
    return (base_tonnage(border) / np.maximum(orders, 1e-300)).take(channel)


def left_under_cut(
    border: Border, going: FloatArray, channel: IntArray, *, firms: Firms
) -> FloatArray:
    """Return what may still go beside the tonnes that are going, by channel: (1 - c) B less these
    (t); c the cut, mean over the days. Infinite where the cut does not stand on every day.
    """
    at = MEASURES.index("cut")
    stands = np.min([spell.measures[at] for spell in border.spells(firms)], axis=0) > 0.0
    most = np.where(stands, (1.0 - border.cut) * base_tonnage(border), np.inf)
    return most - group_sum(going, channel, border.size)
