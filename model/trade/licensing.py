"""Licences, bans and lists: which orders may cross which border, and when (M6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, with_rows
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border, Spell
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.trade.charges import charge
from coercivity.model.trade.export_quota import ration_by_quotas
from coercivity.model.trade.leakage import leak
from coercivity.model.trade.licence_queue import close_offices, overdue, queue, shown_use

if TYPE_CHECKING:
    from coercivity.model.parts.border import Reach


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
    market: Market,
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
    for office in border.offices.values():
        office.new_month()
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
    else:
        close_offices(border)
    if border.quotas:
        ration_by_quotas(links, border, offers=offers, market=market, clock=clock, p=p, on=on)
    else:
        border.no_quota()
    charge(offers, links, border)


def _let_all_ship(links: Links) -> None:
    """Before any measure is looked at, every order may ship, and none is blocked or licensed."""
    links.allowed = links.orders  # t per link; the same array while nothing is held back
    links.licensed = np.zeros(len(links))  # t per link that had waited, or ship under a licence
    links.under_licence = np.zeros(len(links))  # t of these that use up a licence
    links.blocked = np.zeros(len(links))  # share of an order that a measure holds back
    links.applies = np.zeros(len(links))  # share of an order that waits for a licence


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
    """Orders under a measure, all others being free: part is refused, part waits at the port or for
    a licence, the rest may ship; what is refused or halted may leak.
    """
    rows = reach.links
    ordered = links.orders[rows]
    usual = np.zeros(0)
    if len(reach.held_down):
        part = np.maximum(links.share[rows], links.habit[rows])
        usual = part * shown_use(reach.need, needs=needs, p=p) / np.maximum(ordered, 1e-300)
    fate = by_days(reach, border.spells(firms), usual, firms=firms, p=p)
    blocked = fate.refused + fate.halted
    links.allowed = with_rows(links.orders, rows, ordered * fate.free)
    links.blocked[rows], links.applies[rows] = blocked, fate.applies
    before = links.refused.take(reach.line.rows)
    returns = fate.by_part
    if len(reach.held_down):  # of what waits a cut returns its share once, whatever is ordered
        whole = np.ones(len(rows))
        returns = tuple(
            share_blocked(reach, spell, whole, firms=firms, p=p) for spell in border.spells(firms)
        )
    refused = np.zeros(len(links))
    refused[rows] = returns[-1]
    links.refused = refused
    at_port = ordered * fate.halted
    elsewhere = np.zeros(len(rows))  # t of what waits that comes by other ways
    if on["M8"]:
        late = np.zeros(len(rows))
        late[reach.queue] = overdue(
            reach, needs=needs, links=links, border=border, clock=clock, p=p
        )
        place = ((blocked > 0.0) | (late > 0.0)).nonzero()[0]
        held_back = ordered[place] * blocked[place]
        leaked = leak(
            needs,
            freight,
            leaks,
            money,
            reach,
            place,
            held_back,
            late[place],
            firms=firms,
            links=links,
            border=border,
            beliefs=beliefs,
            politics=politics,
            clock=clock,
            p=p,
        )
        links.allowed[rows[place]] += leaked.ordered + leaked.waited
        at_port[place] *= 1.0 - leaked.ordered / np.maximum(held_back, 1e-300)
        elsewhere[place] = leaked.waited + leaked.resold
    if len(reach.queue):
        waiting = reach.queue
        queue(
            needs,
            links,
            border,
            reach,
            (ordered * fate.applies)[waiting],
            at_port[waiting],
            elsewhere[waiting],
            still_wanted(tuple(part[waiting] for part in returns), before),
            firms=firms,
            politics=politics,
            clock=clock,
            p=p,
        )
    else:
        close_offices(border)
    border.speed[border.licensed == 0] = 1.0
    partly = group_sum(blocked, reach.channel, border.size) > 0
    border.was_bound = (reach.bound | partly).astype(np.float64)


class Fate(NamedTuple):
    """What becomes of the orders of a month on links under a measure, shares that sum to one."""

    free: FloatArray  # may ship
    refused: FloatArray  # by a ban, a list or a rule
    halted: FloatArray  # at the port, until customs let it pass
    applies: FloatArray  # for a licence
    by_part: tuple[FloatArray, ...]  # blocked share in each part of the month


def by_days(
    reach: Reach,
    spells: tuple[Spell, ...],
    usual: FloatArray,
    *,
    firms: Firms,
    p: Parameters,
) -> Fate:
    """Orders are spread evenly over the days of the month; what is asked on a day meets what stands
    on that day: it is refused, or waits for a licence or at the port, or goes. What waits goes on
    the first day on which nothing holds it; a ban that comes before refuses it.

    refused = sum_k w_k b_k, with max_{j >= k} b_j for b_k where the border stays held from part k
    to the month's end;  waits = sum of w_k (1 - that) there;  w_k share of the days, b_k blocked
    share (share_blocked) of part k of the month. See decision 0021.
    """
    channel = reach.channel
    alike = tuple(_held_alike(spell, channel, p=p) for spell in spells)
    by_part = tuple(share_blocked(reach, spell, usual, firms=firms, p=p) for spell in spells)
    if len(spells) == 1 and spells[0].share == 1.0:
        return _all_month(spells[0], channel, alike[0], by_part)
    free, refused, halted, applies, worst = np.zeros((5, len(reach.links)))
    held = np.ones(len(reach.links), dtype=bool)  # from this part to the end of the month
    for spell, held_up, blocked in zip(
        reversed(spells), reversed(alike), reversed(by_part), strict=True
    ):
        worst = np.maximum(worst, blocked)
        stops, asks = spell.halted.take(channel) > 0, spell.licensed.take(channel) > 0
        held &= stops | asks
        lost = np.where(held, worst, blocked)
        refused += spell.share * lost
        free += spell.share * np.where(held, 0.0, (1.0 - lost) * (1.0 - held_up))
        halted += spell.share * np.where(held & stops, 1.0 - lost, 0.0)
        halted += spell.share * np.where(held, 0.0, (1.0 - lost) * held_up)
        applies += spell.share * np.where(held & ~stops, 1.0 - lost, 0.0)
    return Fate(free, refused, halted, applies, by_part)


def _held_alike(spell: Spell, channel: IntArray, *, p: Parameters) -> FloatArray:
    """Part of what needs no licence that customs hold at the port, as they cannot tell it from what
    needs one (0-1).
    """
    return p.lookalike_hold * spell.alike.take(channel) * (spell.licensed.take(channel) == 0)


def _all_month(
    spell: Spell, channel: IntArray, held_up: FloatArray, by_part: tuple[FloatArray, ...]
) -> Fate:
    """What becomes of orders where nothing changes within the month."""
    blocked = by_part[0]
    stops, asks = spell.halted.take(channel) > 0, spell.licensed.take(channel) > 0
    rest = 1.0 - blocked
    free = np.where(stops | asks, 0.0, rest * (1.0 - held_up))
    halted = np.where(stops, rest, np.where(asks, 0.0, rest * held_up))
    return Fate(free, blocked, halted, np.where(asks & ~stops, rest, 0.0), by_part)


def still_wanted(by_part: tuple[FloatArray, ...], before: FloatArray) -> tuple[FloatArray, ...]:
    """Share of what waits from earlier months that each part of the month leaves waiting (0-1): a
    rule that refuses more than when it was last looked at refuses as much of what waits, which is
    returned. A ban returns all of it; a list, or a ban on military use, its part. What was returned
    does not come back: it is applied for anew.

    k <- min(k, (1 - b) / (1 - b0)), k = 1 at first;  b blocked share of the part (share_blocked),
    b0 of the last day of the month before. See decision 0021.
    """
    kept, parts = np.ones(len(before)), []
    for blocked in by_part:
        kept = np.minimum(kept, (1.0 - blocked) / np.maximum(1.0 - before, 1e-300))
        parts.append(kept)
    return tuple(parts)


def share_blocked(
    reach: Reach,
    spell: Spell,
    usual: FloatArray,
    *,
    firms: Firms,
    p: Parameters,
) -> FloatArray:
    """Share of each order that a measure blocks (0-1) on the days of a part of the month: the
    gravest of a ban, a cut, a ban on military use, a list of firms, and a rule for sellers in third
    states. (What officials hold back beyond a ban on military use they refuse by application:
    licence_queue.py.) A cut lets (1 - c) u / o go, c its share, u what a user can show to have used
    of this supplier's goods when it was used to it, o its order (usual: u / o).
    """
    blocked = spell.banned.take(reach.channel)
    if len(reach.held_down):
        held = spell.cut[reach.channel[reach.held_down]]
        over = 1.0 - np.minimum((1.0 - held) * usual[reach.held_down], 1.0)
        worst = np.maximum(blocked[reach.held_down], np.where(held > 0.0, over, 0.0))
        blocked[reach.held_down] = worst
    if len(reach.dual_use):
        ban = spell.dual_use[reach.channel[reach.dual_use]]
        refused = ban * firms.military[reach.user[reach.dual_use]]
        blocked[reach.dual_use] = np.maximum(blocked[reach.dual_use], refused)
    if len(reach.listed):
        on_list = (
            spell.listing[reach.channel[reach.listed]] * spell.barred[reach.user[reach.listed]]
        )
        blocked[reach.listed] = np.maximum(blocked[reach.listed], on_list)
    if len(reach.third):
        obeyed = p.extraterritorial_compliance * spell.third[reach.channel[reach.third]]
        blocked[reach.third] = np.maximum(
            blocked[reach.third], obeyed * firms.military[reach.user[reach.third]]
        )
    return blocked
