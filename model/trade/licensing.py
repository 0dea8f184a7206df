"""Licences, bans and lists: which orders may cross which border, and when (M6)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, with_rows
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border, Reach, Spell, open_ways
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.terms import Desk, OrderFate, Terms
from coercivity.model.trade.charges import charge
from coercivity.model.trade.cut import base_of_orders, left_under_cut
from coercivity.model.trade.export_quota import ration_by_quotas
from coercivity.model.trade.leakage import Trading, leak
from coercivity.model.trade.licence_exemptions import measures_by_spell, update_desk
from coercivity.model.trade.licence_queue import Hearing, Papers, close_offices, overdue, queue


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
    links.licensed, links.under_licence = np.zeros(len(links)), np.zeros(len(links))
    if not on["M6"]:
        _let_all_ship(links, border)
        border.ways = open_ways(links, border)
        charge(offers, links, border)
        return
    for office in border.offices.values():
        office.decided = {}
    reach = border.touched(links)
    if len(reach.links) and (reach.code.any() or links.pending[reach.links].any()):
        trading = Trading(
            needs, freight, leaks, money, firms, links, border, beliefs, politics, clock, p
        )
        _examine(links, border, trading, reach, on=on)
    else:
        _let_all_ship(links, border)
        close_offices(border)
    if border.quotas:
        ration_by_quotas(links, border, offers=offers, market=market, clock=clock, p=p, on=on)
    else:
        border.no_quota()
    border.ways = open_ways(links, border)
    charge(offers, links, border)


def _let_all_ship(links: Links, border: Border) -> None:
    """Under no measure every order may ship."""
    links.allowed = links.orders  # t per link; the same array while nothing is held back
    links.blocked = links.applies = border.unheld


def _examine(links: Links, border: Border, trading: Trading, reach: Reach, *, on: Switches) -> None:
    """Orders under a measure, all others being free: part is refused, part waits at the port or for
    a licence, the rest may ship; what is refused or halted may leak.
    """
    needs, firms, p = trading.needs, trading.firms, trading.p
    rows, waiting = reach.links, reach.queue
    ordered = links.orders.take(rows)
    terms = renew_terms(reach, border, ordered, firms=firms, p=p)
    desk, anew = _renew_desk(terms, reach, border, links=links, firms=firms, p=p)
    links.refused = terms.refused
    links.blocked, links.applies = terms.blocked, terms.applies
    may, held_back = ordered * terms.fate.free, ordered * terms.held
    papers = Papers.of(links, desk.queued)
    hearing = Hearing(border, desk, papers, links, trading.politics, trading.clock, p)
    at_port: FloatArray | float = 0.0
    elsewhere: FloatArray | float = 0.0  # t of what waits that comes by other ways
    if terms.halts:
        at_port = (ordered * terms.fate.halted).take(waiting)
    if on["M8"]:
        use = links.share.take(rows) * needs.expected.take(reach.need)
        late = np.zeros(len(rows))
        late[waiting] = overdue(hearing, use.take(waiting))
        leaked = leak(trading, reach, held_back, late, use)
        may += leaked.smuggled
        elsewhere = (leaked.waited + leaked.resold).take(waiting)
        if terms.halts:
            stays = 1.0 - leaked.ordered / np.maximum(held_back, 1e-300)
            at_port = at_port * stays.take(waiting)
    links.allowed = with_rows(links.orders, rows, may)
    if not len(waiting):
        close_offices(border)
        return
    border.no_applications()
    room = None
    if len(reach.held_down):
        going = ordered * terms.fate.free
        room = left_under_cut(border, going, reach.channel, firms=firms)
    applied = (ordered * terms.fate.applies).take(waiting)
    queue(needs, hearing, applied, at_port, elsewhere, room, anew=anew)


def renew_terms(
    reach: Reach, border: Border, ordered: FloatArray, *, firms: Firms, p: Parameters
) -> Terms:
    """Renew what the measures make of orders when they change, and each month under a cut, which
    bounds tonnes and so depends on what is ordered. Channels without a licence go back to normal
    speed. Of what waits a cut returns its share once, whatever is ordered.
    """
    known, cut = border.terms, len(reach.held_down) > 0
    if known is not None and known.p is p and not cut:
        return known
    rows, spells = reach.links, border.spells(firms)
    usual = whole = np.zeros(0)
    if cut:
        usual, whole = base_of_orders(border, ordered, reach.channel), np.ones(len(ordered))
    fate = by_days(reach, spells, usual, firms=firms, p=p)
    returns = share_blocked(reach, spells, whole, firms=firms, p=p) if cut else fate.by_part
    held = fate.refused + fate.halted
    blocked, applies, refused = (
        with_rows(border.unheld, rows, part) for part in (held, fate.applies, returns[-1])
    )
    border.speed[border.licensed == 0] = 1.0
    border.desk = None
    halts = bool(fate.halted.any())
    border.terms = Terms(p, fate, returns, held, blocked, applies, refused, halts)
    return border.terms


def _renew_desk(
    terms: Terms, reach: Reach, border: Border, *, links: Links, firms: Firms, p: Parameters
) -> tuple[Desk, bool]:
    """Renew what stands on the links that wait; return it, and whether it is new. A month after
    measures have changed they return nothing more, as a rule; from then on nothing changes.
    """
    desk = border.desk
    if desk is not None and desk.before is links.refused:
        return desk, False
    returns = terms.returns.take(reach.queue, axis=1)
    kept = still_wanted(returns, links.refused.take(reach.queued.rows))
    anew = desk is None or not np.array_equal(kept, desk.kept)
    if desk is None or anew:
        desk = update_desk(border.spells(firms), reach, kept, border, links=links, firms=firms, p=p)
    border.desk = desk._replace(before=links.refused)
    return border.desk, anew


def by_days(
    reach: Reach,
    spells: tuple[Spell, ...],
    usual: FloatArray,
    *,
    firms: Firms,
    p: Parameters,
) -> OrderFate:
    """Orders are spread evenly over the days of the month; what is asked on a day meets what stands
    on that day: it is refused, or waits for a licence or at the port, or goes. What waits goes on
    the first day on which nothing holds it; a ban that comes before refuses it. Of what needs no
    licence, but looks like what does, sellers do not send a part while customs stop all of it.

    refused = sum_k w_k b_k, with max_{j >= k} b_j for b_k where the border stays held from part k
    to the month's end, else 1 - (1 - b_k) (1 - h);  waits = sum of w_k (1 - that) there;  w_k share
    of the days, b_k blocked share (share_blocked) of part k of the month, h what is not sent of
    what looks alike (LOOKALIKE_HOLD, share). See decisions 0021 and 0113.
    """
    blocked = share_blocked(reach, spells[::-1], usual, firms=firms, p=p)  # the last part first
    halted, licensed, alike = measures_by_spell(
        spells[::-1], ("halted", "licensed", "alike"), reach.channels
    )
    stops, asks = halted > 0, licensed > 0
    unsent = p.lookalike_hold * alike * ~asks
    held = np.logical_and.accumulate(stops | asks)  # from this part to the end of the month
    ways = np.array((~held, held & stops, held & ~stops))  # to go, to the port, to an office
    goes = (1.0 - blocked) * (1.0 - unsent.take(reach.stand, axis=1))
    lost = np.where(held.take(reach.stand, axis=1), np.maximum.accumulate(blocked), 1.0 - goes)[
        :, None
    ]
    rest = (1.0 - lost) * ways.swapaxes(0, 1).take(reach.stand, axis=2)
    share = np.array([spell.share for spell in spells[::-1]]).reshape(-1, 1, 1)
    # parts stand first, so that they are added one after the other however few the links
    refused, free, at_port, applies = (share * np.concatenate((lost, rest), axis=1)).sum(axis=0)
    return OrderFate(free, refused, at_port, applies, blocked[::-1])


def still_wanted(by_part: FloatArray, before: FloatArray) -> FloatArray:
    """Share of what waits from earlier months that each part of the month leaves waiting (0-1; a
    row each): a rule that refuses more than when it was last looked at refuses as much of what
    waits, which is returned. A ban returns all of it; a list, or a ban on military use, its part.
    What was returned does not come back: it is applied for anew.

    k <- min(k, (1 - b) / (1 - b0)), k = 1 at first;  b blocked share of the part (share_blocked),
    b0 of the last day of the month before. See decision 0021.
    """
    kept = (1.0 - by_part) / np.maximum(1.0 - before, 1e-300)
    return np.minimum(np.minimum.accumulate(kept), 1.0)


def share_blocked(
    reach: Reach,
    spells: tuple[Spell, ...],
    usual: FloatArray,
    *,
    firms: Firms,
    p: Parameters,
) -> FloatArray:
    """Share of each order that a measure blocks (0-1), a row for each part of the month: the
    gravest of a ban, a cut, a ban on military use, a list of firms, and a rule for sellers in third
    states. (What officials hold back beyond a ban on military use they refuse by application:
    licence_queue.py.) A cut lets (1 - c) B / O of each order on a channel go, at most all; c its
    share, B what went across the channel in a mean month of the year before (t/month), O what is
    ordered across it this month (t; usual: B / O). See decision 0081.
    """
    names = ("banned", "cut", "dual_use", "listing", "third")
    blocked, cut, dual_use, listing, third = measures_by_spell(spells, names, reach.channel)
    military = firms.military.take(reach.user)
    if len(reach.held_down):
        over = 1.0 - np.minimum((1.0 - cut) * usual, 1.0)
        blocked = np.maximum(blocked, np.where(cut > 0.0, over, 0.0))
    if len(reach.dual_use):
        blocked = np.maximum(blocked, dual_use * military)
    if len(reach.listed):
        barred = np.array([spell.barred for spell in spells]).take(reach.user, axis=1)
        blocked = np.maximum(blocked, listing * barred)
    if len(reach.third):
        blocked = np.maximum(blocked, p.extraterritorial_compliance * third * military)
    return blocked
