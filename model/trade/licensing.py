"""Licences, bans and lists: which orders may cross which border, and when (M6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.governments import office as rules
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import BANNED, LICENSED, Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.trade.charges import charge
from coercivity.model.trade.export_quota import ration_by_quota
from coercivity.model.trade.leakage import leak

if TYPE_CHECKING:
    from coercivity.model.parts.border import Reach

OFFICE_MEMORY = 18.0  # months over which an office is staffed for what is applied for; assumed


def license(
    needs: Needs,
    offers: Offers,
    links: Links,
    freight: Freight,
    border: Border,
    leaks: Leaks,
    money: Money,
    *,
    firms: Firms,
    beliefs: Beliefs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> None:
    """Split each order into what may ship now, what waits for a licence, what is blocked and leaks;
    charge duties, premia and the quota's rent."""
    leaks.still()
    _let_all_ship(links)
    if not on["M6"]:
        charge(offers, links, border)
        return
    # a closed office stays as old as it was, and reopens with what it learnt
    border.licensed_since += (border.licensed_since >= 0) & (border.licensed == 0)
    reach = border.touched(links)
    if len(reach.links) and (reach.code.any() or links.pending[reach.links].any()):
        _examine(
            needs,
            links,
            freight,
            border,
            leaks,
            money,
            reach,
            firms=firms,
            beliefs=beliefs,
            politics=politics,
            clock=clock,
            p=p,
            on=on,
        )
    elif border.applied.any() or border.approved.any():
        border.no_applications()
    if border.quota.any():
        ration_by_quota(links, border, offers=offers, clock=clock, p=p, on=on)
    else:
        border.no_quota()
    charge(offers, links, border)


def _let_all_ship(links: Links) -> None:
    """Before any measure is looked at, every order may ship, and none is blocked or licensed."""
    links.allowed = links.orders.copy()  # t per link
    links.licensed = np.zeros(len(links))  # t per link that ship under a licence granted this month
    links.blocked = np.zeros(len(links))  # share of an order that a measure holds back


def _examine(
    needs: Needs,
    links: Links,
    freight: Freight,
    border: Border,
    leaks: Leaks,
    money: Money,
    reach: Reach,
    *,
    firms: Firms,
    beliefs: Beliefs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> None:
    """Orders under a measure, all others being free: part is blocked, part waits in the queue, the
    rest may ship; what is blocked may leak.
    """
    rows = reach.links
    ordered = links.orders[rows]
    blocked = share_blocked(reach, firms=firms, border=border, politics=politics, p=p)
    links.allowed[rows] = free = ordered * (1.0 - blocked)
    if len(reach.queue):
        _queue(needs, links, border, reach, free, blocked, firms=firms, clock=clock, p=p)
    else:
        border.no_applications()
    border.speed[border.licensed == 0] = 1.0
    links.blocked[rows] = blocked
    if on["M8"]:
        blocked_rows = np.flatnonzero(blocked > 0.0)
        links.allowed[rows[blocked_rows]] += leak(
            needs,
            freight,
            leaks,
            money,
            reach,
            blocked_rows,
            ordered[blocked_rows] * blocked[blocked_rows],
            firms=firms,
            links=links,
            border=border,
            beliefs=beliefs,
            politics=politics,
            clock=clock,
            p=p,
        )
    bound = reach.code.astype(np.int64) & (BANNED | LICENSED) > 0
    border.was_bound = (bound | (group_sum(blocked, reach.channel, border.size) > 0)).astype(
        np.float64
    )


def share_blocked(
    reach: Reach, *, firms: Firms, border: Border, politics: Politics, p: Parameters
) -> FloatArray:
    """Share of each order that a measure blocks (0-1): the gravest of a ban, a ban on military use,
    a list of firms, and a rule for sellers in third states.
    """
    blocked = border.banned.take(reach.channel)
    if len(reach.dual_use):
        channel = reach.channel[reach.dual_use]
        hostile = np.array([g.tension for g in politics.government_of_state])[
            border.exporter[channel], border.importer[channel]
        ]
        access = rules.civilian_access(border.dual_use[channel], hostile, p.over_compliance)
        refused = (
            1.0
            - (1.0 - border.dual_use[channel] * firms.military[reach.user[reach.dual_use]]) * access
        )
        blocked[reach.dual_use] = np.maximum(blocked[reach.dual_use], refused)
    if len(reach.listed):
        blocked[reach.listed] = np.maximum(
            blocked[reach.listed], firms.barred[reach.user[reach.listed]]
        )
    if len(reach.third):
        blocked[reach.third] = np.maximum(
            blocked[reach.third],
            p.extraterritorial_compliance * firms.military[reach.user[reach.third]],
        )
    return blocked


def _queue(
    needs: Needs,
    links: Links,
    border: Border,
    reach: Reach,
    free: FloatArray,
    blocked: FloatArray,
    *,
    firms: Firms,
    clock: Clock,
    p: Parameters,
) -> None:
    """What was pending is decided first, then this month's applications join it (the clock); a ban
    stops the queue too.

    load = applications + pending / 12: what comes in, and what waits cleared within a year; without
    the second a backlog starves its own office.
    """
    place, desk, at = reach.queue, reach.desk, reach.office
    rows, count = reach.links[place], len(at)
    open_, eased, since = border.licensed[at] > 0, border.eased[at] > 0, border.licensed_since[at]
    pending, shut = links.pending[rows], blocked[place] >= 1.0
    applies = np.where(reach.under_licence & ~shut, free[place], 0.0)
    office = rules.office_capacity(
        np.where(since >= 0, clock.month - since, 0.0),
        p.licence_office_start,
        p.licence_office_full,
        p.licence_office_months,
    )
    office = np.where(eased, np.maximum(office, 1.5), office)
    hazard = np.where(open_, np.where(eased, 0.9, 1.0 / p.licence_clock_months), 1.0)
    room = np.where(open_, office * np.maximum(border.normal[at], 1e-9), np.inf)
    slow = 1.0 - border.listing[reach.channel[place]] * firms.watched[reach.user[place]] * (
        1.0 - p.watch_list_hazard
    )
    granted = np.minimum(rules.approvals(pending * slow, hazard, room, desk, count), pending)
    granted = np.where(shut, 0.0, granted)
    applied, approved, waiting = (
        group_sum(tonnes, desk, count) for tonnes in (applies, granted, pending)
    )
    border.no_applications()
    border.applied[at], border.approved[at] = applied, approved
    normal, speed = border.normal[at], border.speed[at]
    border.normal[at] = np.where(
        open_, normal + (applied + waiting / 12.0 - normal) / OFFICE_MEMORY, normal
    )
    seen = np.where(waiting > 1e-9, approved / np.maximum(waiting, 1e-300), speed)
    border.speed[at] = np.where(open_, speed + (seen.clip(0.05, 1.0) - speed) / 3.0, 1.0)
    links.pending[rows] = np.where(shut, 0.0, pending - granted + applies)
    needs.pending = group_sum(links.pending[rows], reach.need[place], len(needs))
    links.allowed[rows] = np.where(reach.under_licence & ~shut, granted, free[place] + granted)
    links.licensed[rows] = granted
