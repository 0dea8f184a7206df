"""Freight: what was shipped arrives after the days of its lane, in the same month or later (M1)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import group_sum, run_sum
from coercivity.agents.tables import Links, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import LAGS, Freight
from coercivity.model.parts.leaks import Leaks


def arrive(needs: Needs, freight: Freight, *, clock: Clock) -> None:
    """Freight due this month reaches its buyers."""
    slot = clock.month % len(freight.transit)
    needs.receive(freight.transit[slot])
    freight.transit[slot] = 0.0


def ship(
    needs: Needs,
    offers: Offers,
    links: Links,
    freight: Freight,
    *,
    leaks: Leaks,
    clock: Clock,
    p: Parameters,
) -> None:
    """Granted tonnes leave the sellers; fills and paid prices are updated from what really moved.

    Of a lane of L = days / 30 months the part 1 - (L - floor L) arrives after floor L months, the
    rest a month later; what arrives in the same month can be used in it.
    paid_n <- paid_n + 0.5 (volume-weighted delivered cost - paid_n) where something was bought.
    """
    shipped = links.shipped
    offers.sold = out = group_sum(shipped, links.offer, len(offers))
    rows = (links.licensed > 0).nonzero()[0]
    if len(rows):  # a licence that its seller could not fill is kept, not lost
        sent, under = shipped.take(rows), links.under_licence.take(rows)
        unsent = (links.allowed.take(rows) - sent).clip(0.0, links.licensed.take(rows))
        links.pending[rows] += unsent
        links.under_licence[rows] = went = np.minimum((under - unsent).clip(0.0), sent)
        links.licence[rows] -= went
        unsent = group_sum(unsent, links.need.take(rows), len(needs))
        needs.pending, needs.counted = needs.pending + unsent, needs.counted + unsent
    offers.opening = offers.stock
    offers.take(out)
    offers.sales += (out - offers.sales) / p.order_memory
    due = group_sum(shipped, links.due, LAGS * len(needs))
    put_off = group_sum(shipped * links.late, links.due, LAGS * len(needs))
    due -= put_off
    due[len(needs) :] += put_off[: -len(needs)]  # a month later is the next lag
    by_lag, lags = due.reshape(LAGS, -1), len(freight.transit)
    now, got = by_lag[0], by_lag.sum(axis=0)
    freight.transit[[(clock.month + lag) % lags for lag in range(1, LAGS)]] += by_lag[1:]
    needs.send(got)
    needs.receive(now, needs.arrived)
    needs.bill = value = run_sum(shipped * links.cost, needs.link_first)
    if leaks.active:  # what third countries re-sold counts for its buyer like any other delivery
        got, value = got + leaks.bought, value + leaks.cost
    needs.paid = np.where(
        got > 1e-9 * needs.base_use,
        needs.paid + 0.5 * (value / (got + 1e-300) - needs.paid),
        needs.paid,
    )
    # the part that was delivered
    step = (shipped / (links.orders + 1e-300)).clip(0.0, 1.0)
    step -= links.fill
    step *= 0.25 * (links.orders > 1e-12)
    links.fill = links.fill + step
    served = np.where(needs.wanted > 1e-12, got / (needs.wanted + 1e-300), 1.0)
    needs.fill += (np.minimum(served, 1.0) - needs.fill) / 2.0
