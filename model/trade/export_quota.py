"""The exporter's tonnage quotas: rights by the month, smuggling past them, and their rents
(M6, M8).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum, with_rows
from coercivity.agents.dealers import trader
from coercivity.agents.tables import Links, Offers
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.market import Market
from coercivity.model.parts.quota import Quota
from coercivity.model.trade.leakage import enforcement

SMUGGLERS_MONTHS = 12.0  # in which smugglers find or lose their ways (assumed; 3 to 24)
# tonnes of an export quota (product weight) per tonne of oxide or metal (t/t; product weight over
# oxide content; history matching on outcomes to 2024 (docs/calibration.md); 1 to 1.4)
QUOTA_WEIGHT = 1.01
ROUNDS = 50  # in which quotas that share channels find what each lets pass


def ration_by_quotas(
    links: Links,
    border: Border,
    *,
    offers: Offers,
    market: Market,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> None:
    """Each tonnage quota has monthly rights from what is left of its half-year, smuggling past it,
    and a rent per kg that is the same for every good under it because licences trade. A lane under
    two quotas needs rights of both: it ships what both let pass, and pays both rents.

    rent of q: (r + 3) <- (r + 3) exp(lambda clip(ln(W / R), -1, 1)), 0 <= r <= B;  W what would go
    under q (t) if only the others bound, R what may go by right and past it (`_set_limits`), B what
    bounds the rent (`marginal_rent`)
    f = product over its quotas of (1 - w + w x), x = min(1, R / W);  f what a channel lets pass of
    its orders, w share of the month's days under q
    Rights are shared pro rata to orders and not by what users bear: B bounds the rent alone.
    Smugglers sell first, because they pay neither right nor tax. See decisions 0021, 0027 and 0099.
    """
    quotas = list(border.quotas.values())
    under = np.zeros(border.size, dtype=bool)
    for quota in quotas:
        under[quota.channels] = True
    rows = under.take(border.channel).nonzero()[0]
    channel, allowed = border.channel[rows], links.allowed[rows]
    orders = group_sum(allowed, channel, border.size)
    asked = group_sum(allowed * offers.ask[links.offer[rows]], channel, border.size)
    taxed = asked * (1.0 + border.vat + border.duty)
    for quota in quotas:
        _set_limits(quota, orders, asked, taxed, border=border, clock=clock, p=p, on=on)
    rooms = np.array([quota.usable + quota.smuggling_capacity for quota in quotas])
    passes, wanted = share_rights(quotas, orders * QUOTA_WEIGHT, rooms)
    border.rent, border.past = np.zeros(border.size), np.zeros(border.size)
    bears = market.bearable[border.good] - asked / np.maximum(orders, 1e-300)
    for quota, want, room, scale in zip(quotas, wanted, rooms, passes, strict=True):
        pressure = float(np.clip(np.log(max(want, 1e-9) / max(room, 1e-9)), -1.0, 1.0))
        rent = (quota.rent + 3.0) * float(np.exp(p.rent_speed * pressure)) - 3.0
        bound = quota.channels
        most = marginal_rent(orders[bound] * quota.share * QUOTA_WEIGHT, bears[bound], room)
        quota.rent = max(min(rent, most), 0.0)
        border.rent[quota.channels] += quota.share * quota.rent
        quota.part = quota.share * scale / max(1.0 - quota.share + quota.share * scale, 1e-9)
        smuggled = min(quota.smuggling_capacity / max(min(float(want), float(room)), 1e-9), 1.0)
        past = quota.part * smuggled
        border.past[quota.channels] = np.maximum(border.past[quota.channels], past)
    border.rationed = _factor(quotas, passes, border.size)
    links.allowed = with_rows(links.allowed, rows, allowed * border.rationed.take(channel))


def _set_limits(
    quota: Quota,
    orders: FloatArray,
    asked: FloatArray,
    taxed: FloatArray,
    *,
    border: Border,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> None:
    """Set what may go under a quota this month, by right and past it (t of product).

    R = u + w k N,  k <- k + (s (1 - E) (1 - exp(-c max(0, (rent + tax) / home price - t))) - k) / T

    u rights of the month (t of product), N trade of the start under the quota (t/month), w product
    per tonne, k part of it that smugglers carry, s most of it, E pursuit, c response, t cost and T
    months (12) in which they find or lose their ways. They save the right and the tax; home price
    and tax are those of what is ordered under the quota (rule `trader.pull`).
    """
    quota.usable = quota.rights(clock.month, clock.start)
    ordered = max(float(orders[quota.channels].sum()), 1e-9)
    home = float(asked[quota.channels].sum()) / ordered
    saved = quota.rent + float(taxed[quota.channels].sum()) / ordered - home
    drawn = trader.pull(
        np.array([1.0 + max(saved, 0.0) / max(home, 1.0)]),
        trader.SMUGGLING_COST,
        p.smuggling_response,
    )
    most = trader.smuggled_share(p.smuggle_share, drawn, enforcement(clock=clock, p=p))
    ceiling = float(most[0]) if on["M8"] else 0.0
    if quota.smuggling_ratio is None:  # what the tax alone has drawn before there was a quota
        quota.smuggling_ratio = ceiling
    quota.smuggling_ratio += (ceiling - quota.smuggling_ratio) / SMUGGLERS_MONTHS
    usual = float(border.normal[quota.channels].sum()) * quota.share * QUOTA_WEIGHT
    quota.smuggling_capacity = quota.smuggling_ratio * usual


def draw_rights(border: Border, *, links: Links) -> None:
    """What has left by right is taken from the pool of each quota: neither what was smuggled nor
    what a seller could not bring.

    pool <- pool - w sum over channels of x (q - s);  x what left (t), q part of it under the quota,
    s part of it that was smuggled, w product per tonne.
    """
    if not border.quotas:
        return
    left = group_sum(links.shipped, border.channel, border.size)
    for quota in border.quotas.values():
        rows = quota.channels
        by_right = left[rows] * np.maximum(quota.part - border.past[rows], 0.0)
        quota.pool = max(quota.pool - QUOTA_WEIGHT * float(by_right.sum()), 0.0)


def share_rights(
    quotas: list[Quota], orders: FloatArray, rooms: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(part of its days' orders that each quota lets pass, what would go under it if only the
    others bound, t): in turn each is set to what keeps its own limit, until none moves.

    x_q = min(1, R_q / W_q),  W_q = sum over its channels of w O times the factors of the others
    O orders (t by channel), R_q room (t). Source: scaling to limits in turn, as a table is fitted
    to its sums (Deming & Stephan 1940). Quotas without a common channel need one round.
    """
    passes, wanted = np.ones(len(quotas)), np.zeros(len(quotas))
    for _ in range(ROUNDS if len(quotas) > 1 else 1):
        before = passes.copy()
        for at, quota in enumerate(quotas):
            others, theirs = quotas[:at] + quotas[at + 1 :], np.delete(passes, at)
            left = (orders * _factor(others, theirs, len(orders)))[quota.channels]
            wanted[at] = quota.share * float(left.sum())
            passes[at] = min(1.0, rooms[at] / max(wanted[at], 1e-9))
        if np.abs(passes - before).max(initial=0.0) < 1e-12:
            break
    return passes, wanted


def marginal_rent(wanted: FloatArray, bears: FloatArray, room: float) -> float:
    """The most that the rent of a quota may be (USD/kg): what a right would be worth to the last of
    those who fill it, if rights went to who pays most; at a higher rent they would stay unused.
    They do not go that way here: tonnes are shared pro rata to orders (`ration_by_quotas`), and B
    is a bound on the price alone.

    B = max{b: sum of wanted over channels with bears >= b >= room}; the least that anybody bears
    where all of them do not fill it.

    wanted (t) and bears (USD/kg: what users can pay less the asking price) by channel; room (t).
    Export tax, tariffs and freight are not taken off what users can pay, so where they are high B
    is too loose a bound by as much.
    See decision 0027.
    """
    wanting = wanted > 0.0
    if not wanting.any():
        return np.inf
    wanted, bears = wanted[wanting], bears[wanting]
    order = np.argsort(-bears, kind="stable")
    filled = np.cumsum(wanted[order])
    last = min(int(np.searchsorted(filled, room)), len(order) - 1)
    return float(bears[order[last]])


def _factor(quotas: list[Quota], passes: FloatArray, size: int) -> FloatArray:
    """What each channel lets pass under all of these quotas (0-1)."""
    factor = np.ones(size)
    for quota, scale in zip(quotas, passes, strict=True):
        factor[quota.channels] *= 1.0 - quota.share + quota.share * scale
    return factor


def export_rent(border: Border) -> FloatArray:
    """What a right to export is worth, mean over the exporter's trade of the start in each good
    (USD/kg); zero without a quota, for a licence cannot be sold.
    """
    facts = border.facts
    goods = len(facts.goods)
    if not border.rent.any():
        return np.zeros(goods)
    ours = np.flatnonzero((border.exporter == facts.china) & (border.importer != facts.china))
    normal, good = border.normal[ours], border.good[ours]
    whole = np.maximum(group_sum(normal, good, goods), 1e-12)
    return group_sum(normal * border.rent[ours], good, goods) / whole
