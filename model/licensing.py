"""Licences, bans and lists: which orders may cross which border, and when (M6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents import office as rules
from coercivity.agents.columns import group_sum
from coercivity.model.charges import charge
from coercivity.model.export_quota import ration_by_quota
from coercivity.model.leakage import leak

if TYPE_CHECKING:
    from coercivity.model.world import World

OFFICE_MEMORY = 18.0  # months over which an office is staffed for what is applied for; assumed


def license(world: World) -> None:
    """Split each order into what may ship now, what waits for a licence, what is blocked and leaks; charge duties, premia and the quota's rent.

    Sets world.allowed (t per link) and links.blocked (share of an order that a measure holds back); updates pending and delivered costs.
    """
    border, links, p, orders = world.border, world.links, world.p, world.orders
    channel = border.channel
    world.leaks.still()
    world.allowed = orders.copy()
    world.licensed = np.zeros(len(links))  # t per link that ship under a licence granted this month
    links.blocked = np.zeros(len(links))
    if not world.on["M6"]:
        charge(world)
        return
    firms, needs = world.firms, world.needs
    border.licensed_since += (border.licensed_since >= 0) & (border.licensed == 0)  # a closed office stays as old as it was, and reopens with what it learnt
    restricted = (border.banned + border.licensed + border.dual_use + border.listing).any() or links.pending.any() or border.third.any()
    if restricted:
        touched = border.banned + border.licensed + border.dual_use + border.third + border.listing > 0
        rows = np.flatnonzero(touched[channel] | (links.pending > 0))  # other orders are free
        channel, asked, pending = channel[rows], orders[rows], links.pending[rows]
        user = links.user[rows]
        hostile = np.array([g.tension for g in world.government_of_state])
        access = rules.civilian_access(border.dual_use, hostile[border.exporter, border.importer], p.over_compliance)
        listing = border.listing[channel]
        refused = 1.0 - (1.0 - border.dual_use[channel] * firms.military[user]) * access[channel]
        blocked = np.maximum(border.banned[channel], refused)
        blocked = np.maximum(blocked, listing * firms.barred[user])
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
        slow = 1.0 - listing * firms.watched[user] * (1.0 - p.watch_list_hazard)
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
            world.allowed[rows] += leak(world, rows, asked * blocked)
        border.was_bound = ((border.banned > 0) | (border.licensed > 0) | (group_sum(blocked, channel, border.size) > 0)).astype(np.float64)
    elif border.applied.any() or border.approved.any():
        border.applied, border.approved = np.zeros(border.size), np.zeros(border.size)
    if border.quota.any():
        ration_by_quota(world)
    elif border.rent > 0 or border.usable > 0:
        border.rent, border.usable, border.smuggled_share = 0.0, 0.0, 0.0
    charge(world)
