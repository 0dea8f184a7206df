"""The border: which orders may cross, when, and at what charge (M6), and what leaks past it (M8 as fixed shares).

A channel is an exporter, an importer and a good. Measures set flags and rates on channels; links look them up. Bans and leaks are caps in tonnes, never
weights: shares renormalise and make a weighted ban inert (tried).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import state as rules
from coercivity.agents.columns import FloatArray, IntArray, Table, group_sum
from coercivity.model.goods import GOOD, STATE, goods
from coercivity.model.names import GOODS, STATES

if TYPE_CHECKING:
    from coercivity.model.events import Event
    from coercivity.model.world import World

S, G = len(STATES), len(GOODS)
CONTROL, WATCH = 2, 1
TRANCHE = 6  # months of a quota handed out at once
OFFICE_MEMORY = 18.0  # months over which an office is staffed for what is applied for; assumed


class Border:
    """Channels in use and the measures on them. `channel` per link; channel 0 is every home link."""

    duty: FloatArray  # ad valorem, by channel, like all of these
    tariff: FloatArray
    licensed: FloatArray  # 0/1
    eased: FloatArray  # 0/1 general licences
    dual_use: FloatArray  # 0/1 military use barred
    banned: FloatArray  # 0/1
    third: FloatArray  # 0/1 sellers in third states need the exporter's licence
    listing: FloatArray  # 0/1 firms on a list are barred or watched
    quota: FloatArray  # 0/1 under the export quota
    premium: FloatArray  # log
    was_bound: FloatArray  # 0/1

    def __init__(self, links: Table, needs: Table) -> None:
        key = np.where(links.exporter != links.importer, 1 + (links.exporter * S + links.importer) * G + links.good, 0)
        self.keys, self.channel = np.unique(np.concatenate([[0], key]), return_inverse=True)
        self.channel = self.channel[1:]
        self.size = len(self.keys)
        rest = np.maximum(self.keys - 1, 0)
        self.good, self.importer, self.exporter = rest % G, rest // G % S, rest // (G * S)
        self.normal = group_sum(links.share * needs.base_use[links.need], self.channel, self.size)  # t/month that the office is staffed for
        for name in ("duty", "tariff", "licensed", "eased", "dual_use", "banned", "third", "listing", "quota", "premium", "was_bound"):
            setattr(self, name, np.zeros(self.size))
        self.licensed_since = np.full(self.size, -1.0)
        self.speed = np.ones(self.size)  # perceived monthly approval hazard
        self.pool = self.usable = self.rent = self.smuggled_share = 0.0
        self.quota_end = -1
        self.quota_given = ("", -1)  # the act and its half-year that the pool is from
        self.applied, self.approved = np.zeros(self.size), np.zeros(self.size)

    ARRAYS = ("duty", "tariff", "licensed", "eased", "dual_use", "banned", "third", "listing", "quota", "premium", "was_bound", "licensed_since",
              "speed", "applied", "approved", "normal")  # fmt: skip

    def copy(self) -> Border:
        """A border with measures of its own."""
        other = Border.__new__(Border)
        other.__dict__.update(self.__dict__)
        for name in self.ARRAYS:
            setattr(other, name, getattr(self, name).copy())
        return other

    def clear_measures(self) -> None:
        """Forget flags before the acts in force are applied again."""
        for name in ("duty", "tariff", "licensed", "eased", "dual_use", "banned", "third", "listing", "quota"):
            getattr(self, name)[:] = 0.0

    def covers(self, exporter: int, targets: tuple[str, ...], of_goods: tuple[str, ...]) -> np.ndarray:
        """Channels of an exporter to the targets in the goods."""
        into = np.zeros(S, dtype=bool)
        into[[STATE[t] for t in targets]] = True
        kinds = np.zeros(G, dtype=bool)
        kinds[[GOOD[g] for g in of_goods]] = True
        return (self.keys > 0) & (self.exporter == exporter) & into[self.importer] & kinds[self.good]

    def apply(self, event: Event, exporter: int, month: int, start: str) -> None:
        """Put one act that is in force on its channels."""
        targets = event.target_states()
        rows = self.covers(exporter, targets, event.goods)
        kind = event.kind
        if kind == "export_duty":
            self.duty[rows] = np.maximum(self.duty[rows], event.get("rate"))
        elif kind == "import_tariff":  # the actor taxes what comes from its targets
            into = self.importer == exporter
            taxed = np.zeros(S, dtype=bool)
            taxed[[STATE[t] for t in targets]] = True
            of = np.zeros(G, dtype=bool)
            of[[GOOD[g] for g in event.goods]] = True
            self.tariff[(self.keys > 0) & into & taxed[self.exporter] & of[self.good]] = event.get("rate")
        elif kind == "licensing":
            self.licensed[rows] = 1.0
        elif kind == "general_licence":
            self.eased[rows] = 1.0
        elif kind == "truce":  # while it holds, each side moves the other's licences faster
            partners = np.zeros(S, dtype=bool)
            partners[[STATE[t] for t in targets]] = True
            self.eased[(self.exporter == exporter) & partners[self.importer] | partners[self.exporter] & (self.importer == exporter)] = 1.0
        elif kind == "dual_use_ban":
            self.dual_use[rows] = 1.0
            self.licensed[rows] = 1.0  # an end-user certificate is what tells civilian from military
        elif kind == "entity_list":
            self.listing[rows] = 1.0
        elif kind in ("blanket_ban", "customs_halt"):
            self.banned[rows] = 1.0
        elif kind == "extraterritorial":  # sellers in third states need the exporter's licence for goods made from its material
            into, of = np.zeros(S, dtype=bool), np.zeros(G, dtype=bool)
            into[[STATE[t] for t in targets]] = True
            of[[GOOD[g] for g in event.goods]] = True
            self.third[(self.keys > 0) & (self.exporter != exporter) & into[self.importer] & of[self.good]] = 1.0
        elif kind == "quota":
            self.quota[rows] = 1.0
            first, end = event.month_index(start), event.end_index(start)
            last = first + 11 if end is None else end
            half = (month - first) // TRANCHE
            if self.quota_given != (event.id, half):  # a yearly quota is handed out in halves, as China did; what is unused lapses
                self.quota_given = (event.id, half)
                self.quota_end = min(first + TRANCHE * (half + 1) - 1, last)
                self.pool = event.get("tonnes") * (self.quota_end - month + 1) / (last - first + 1)

    def wait(self, links: Table) -> FloatArray:
        """Months that buyers expect to wait for a licence, per link: min(1/h - 1, 6) where a licence is needed."""
        needed = np.where(self.licensed > 0, np.minimum(1.0 / np.maximum(self.speed, 0.05) - 1.0, 6.0), 0.0)
        return needed[self.channel]


def license(world: World) -> None:
    """Split each order into what may ship now, what waits for a licence, what is blocked and leaks; charge duties, premia and the quota's rent.

    Sets world.allowed (t per link) and links.blocked (share of an order that a measure holds back); updates pending and delivered costs.
    """
    border, links, p, orders = world.border, world.links, world.p, world.orders
    channel = border.channel
    world.allowed = orders.copy()
    world.licensed = np.zeros(len(links))  # t per link that ship under a licence granted this month
    links.blocked = np.zeros(len(links))
    if not world.on["M6"]:
        _charge(world)
        return
    firms, needs = world.firms, world.needs
    restricted = (border.banned + border.licensed + border.dual_use + border.listing).any() or links.pending.any() or border.third.any()
    if restricted:
        touched = border.banned + border.licensed + border.dual_use + border.third + border.listing > 0
        rows = np.flatnonzero(touched[channel] | (links.pending > 0))  # other orders are free
        channel, asked, pending = channel[rows], orders[rows], links.pending[rows]
        user = links.user[rows]
        hostile = np.array([g.hostility for g in world.government_of_state])
        access = rules.civilian_access(border.dual_use, hostile[border.exporter, border.importer], p.over_compliance)
        listed = np.where(border.listing[channel] > 0, firms.listed[user], 0)
        refused = 1.0 - (1.0 - border.dual_use[channel] * firms.military[user]) * access[channel]
        blocked = np.maximum(border.banned[channel], refused)
        blocked = np.where(listed == CONTROL, 1.0, blocked)
        third = border.third[channel] * p.extraterritorial_compliance
        blocked = np.maximum(blocked, third * firms.military[user])
        free = asked * (1.0 - blocked)
        queue = (border.licensed[channel] > 0) & (blocked < 1.0)
        # The queue: what was pending is decided first, then this month's applications join it (the clock).
        age = np.where(border.licensed_since >= 0, world.month - border.licensed_since, 0.0)
        office = rules.office_capacity(age, p.licence_office_start, p.licence_office_full, p.licence_office_months)
        office = np.where(border.eased > 0, np.maximum(office, 1.5), office)
        hazard = np.where(border.eased > 0, 0.9, 1.0 / p.licence_clock_months)
        hazard = np.where(border.licensed > 0, hazard, 1.0)
        room = np.where(border.licensed > 0, office * np.maximum(border.normal, 1e-9), np.inf)
        slow = np.where(listed == WATCH, p.watch_list_hazard, 1.0)
        granted = np.minimum(rules.approvals(pending * slow, hazard, room, channel, border.size), pending)
        granted = np.where(blocked >= 1.0, 0.0, granted)  # a ban stops the queue too
        border.applied = group_sum(np.where(queue, free, 0.0), channel, border.size)
        border.approved = group_sum(granted, channel, border.size)
        waiting = group_sum(pending, channel, border.size)
        load = border.applied + waiting / 12.0  # what comes in, and what waits cleared within a year: without the second a backlog starves its own office
        border.normal = np.where(border.licensed > 0, border.normal + (load - border.normal) / OFFICE_MEMORY, border.normal)
        seen = np.where(waiting > 1e-9, border.approved / np.maximum(waiting, 1e-300), border.speed)
        border.speed = np.where(border.licensed > 0, border.speed + (np.clip(seen, 0.05, 1.0) - border.speed) / 3.0, 1.0)
        links.pending[rows] = np.where(blocked >= 1.0, 0.0, pending - granted + np.where(queue, free, 0.0))
        needs.pending = group_sum(links.pending[rows], links.need[rows], len(needs))
        links.blocked[rows] = blocked
        world.allowed[rows] = np.where(queue, granted, free + granted)
        world.licensed[rows] = granted
        if world.on["M8"]:
            world.allowed[rows] += _leak(world, rows, asked * blocked)
        border.was_bound = ((border.banned > 0) | (border.licensed > 0) | (group_sum(blocked, channel, border.size) > 0)).astype(np.float64)
    elif border.applied.any() or border.approved.any():
        border.applied, border.approved = np.zeros(border.size), np.zeros(border.size)
    if border.quota.any():
        _quota(world)
    elif border.rent > 0 or border.usable > 0:
        border.rent, border.usable, border.smuggled_share = 0.0, 0.0, 0.0
    _charge(world)


def _leak(world: World, rows: IntArray, held: FloatArray) -> FloatArray:
    """Blocked orders that leak: L_g [leak (1 - exp(-(e^m - 1))) + third (1 - obey)] of a month's use, t per link; L_g 1 powders, 0.5 Dy/Tb, 0.15 magnets.

    Of a month's use, not of the orders: panic inflates orders, not the smugglers' boats.
    """
    border, p, needs, links = world.border, world.p, world.needs, world.links
    held = np.minimum(held, links.share[rows] * needs.expected[links.need[rows]])
    pull = 1.0 - np.exp(-(np.exp(border.premium) - 1.0))
    direct = p.leak_share * pull
    routed = p.third_country_share * np.where(border.third > 0, 1.0 - p.extraterritorial_compliance, 1.0)
    return held * (goods().leak[border.good] * (direct + routed))[border.channel[rows]]


def _quota(world: World) -> None:
    """A tonnage quota: monthly rights from what is left of the half-year, smuggling, and a rent per kg that is the same for every good because licences trade.

    Smuggled share of all exports moves in nine months towards s (1 - exp(-rent / home price)).

    usable = 1.25 pool / months left (all of it in the last);  rent: (r + 3) <- (r + 3) exp(lambda clip(ln(orders / (usable + smuggled)), -1, 1)), r >= 0.
    """
    border, links, p = world.border, world.links, world.p
    rows = border.quota[border.channel] > 0
    left = max(border.quota_end - world.month + 1, 1)
    border.usable = border.pool / left * (1.25 if left > 1 else 1.0)
    wanted = float(world.allowed[rows].sum()) * p.quota_weight
    tonnes = world.allowed * rows
    home = float((tonnes * world.offers.ask[links.offer]).sum() / max(tonnes.sum(), 1e-9))
    ceiling = p.smuggle_share * (1.0 - np.exp(-border.rent / max(home, 1.0))) if world.on["M8"] else 0.0
    border.smuggled_share += (ceiling - border.smuggled_share) / 9.0
    smuggled = border.smuggled_share / max(1.0 - border.smuggled_share, 0.1) * border.usable
    room = border.usable + smuggled
    pressure = float(np.clip(np.log(max(wanted, 1e-9) / max(room, 1e-9)), -1.0, 1.0))
    border.rent = max((border.rent + 3.0) * np.exp(p.rent_speed * pressure) - 3.0, 0.0)
    scale = min(1.0, room / max(wanted, 1e-9))
    world.allowed[rows] *= scale
    border.pool = max(border.pool - min(wanted, border.usable), 0.0)


def _charge(world: World) -> None:
    """Delivered cost: ask e^m (1 + duty + VAT) (1 + tariff) + rent + freight (USD/kg)."""
    border, links = world.border, world.links
    channel = border.channel
    asked = world.offers.ask.take(links.offer) * links.taxed
    if not (border.premium.any() or border.duty.any() or border.tariff.any() or border.rent):
        links.cost = asked + links.freight
        return
    rent = border.quota[channel] * border.rent
    wedge = 1.0 + links.vat + border.duty[channel]
    links.cost = world.offers.ask[links.offer] * np.exp(border.premium[channel]) * wedge * (1.0 + border.tariff[channel]) + rent + links.freight


def move_premia(world: World) -> None:
    """Where a border holds goods back a premium grows; when it opens the premium goes: m <- clip(0.85 m + k ln(wanted/shipped), 0, 2.5), or 0.2 m at once."""
    border = world.border
    if not (border.was_bound.any() or border.premium.any()):
        return
    wanted = group_sum(world.orders, border.channel, border.size)
    shipped = group_sum(world.shipped, border.channel, border.size)
    tight = np.log(np.clip(wanted / np.maximum(shipped, 1e-9), 0.2, 50.0))
    grown = np.clip(0.85 * border.premium + world.p.premium_gain * tight, 0.0, 2.5)
    bound = (border.was_bound > 0) & (wanted > 1e-9)
    border.premium = np.where(bound, grown, 0.2 * border.premium)
    border.premium[border.premium < 1e-4] = 0.0
    if not (border.licensed.any() or border.banned.any() or border.dual_use.any()):
        border.was_bound[:] = 0.0
