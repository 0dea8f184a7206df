"""What waits for a licence, and what a licensing office makes of it: applications are filed and
decided, licences are used up and run out (M6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.governments import office as rules
from coercivity.agents.governments.office import LicensingOffice
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.goods import STATE, goods
from coercivity.model.basis.names import STAGES, STATES
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import CASES, FLAGS, Border, Line, Reach, Spell
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.politics import Politics
from coercivity.model.politics.views import own_states

ASKING = tuple(kind for kind, flags in FLAGS.items() if "licensed" in flags)
MAGNET = STAGES.index("magnet")
# month of an office's first licences for a metal, which it has learnt on ever since (gallium and
# germanium; timeline.csv, T030)
FIRST_RULE = {"China": "2023-08"}
LOST_AS = np.zeros(6, dtype=np.int64)  # row of TURNED_DOWN for what an office does not grant
LOST_AS[[rules.REFUSED, rules.RETURNED, rules.GRANTED, rules.PASSED_OVER]] = 0, 1, 2, 2


@dataclass
class Desk:
    """Links that wait or need a licence, and what stands on their days; all by place in the
    queue.
    """

    line: Line
    opens: FloatArray  # share of the month's days on which an office decides about it
    let_go: BoolArray  # on some day nothing holds it any more
    asks: BoolArray  # on the month's last day a licence is needed
    ripe: FloatArray  # part of what waits that can go, where it may
    left: FloatArray  # part of what waits that has not been returned by the month's end
    eased: BoolArray  # under a truce or a general licence
    alike: FloatArray  # part of what needs no licence that customs hold
    watched: FloatArray  # part of the user that is on a watch list
    dual_use: FloatArray  # a ban on military use is in force on the month's last day (0/1)


def queue(
    needs: Needs,
    links: Links,
    border: Border,
    reach: Reach,
    applied: FloatArray,
    at_port: FloatArray,
    elsewhere: FloatArray,
    kept: tuple[FloatArray, ...],
    *,
    firms: Firms,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """Offices decide what is ripe; what waits and what is ordered ships as far as licences go, the
    rest waits, as far as it can be applied for; who will run out of licences applies.

    ships = min(pending + orders, L / m);  where nothing holds it any more, all that waits

    L tonnes that may still go under a licence, m months for which it is still good: a contract in
    monthly lots, so that nobody fills up under licences. What smugglers and traders bring
    (`elsewhere`) waits no more, nor what is more than use while an application is decided and the
    month in which it is filed. A buyer counts on one lot of what waits, no more (decision 0041).
    What is given by link (t; kept: a share) is by place in the queue.
    """
    desk = _look(border.spells(firms), reach.line, kept, p=p)
    rows, asks = reach.line.rows, border.licensed.take(reach.line.channel) > 0
    pending = links.pending.take(rows) - elsewhere
    _run_out(links, desk, clock=clock)
    border.no_applications()
    for state in np.bincount(reach.line.exporter[asks]).nonzero()[0].tolist():
        border.open_office(state, len(links), _first_rule(state, clock=clock))
    if clock.month == 0:
        _carry_over(links, border, desk, needs=needs, politics=politics, clock=clock, p=p)
    counters = [
        (office, (desk.asks & (reach.line.exporter == STATE[state])).nonzero()[0])
        for state, office in border.offices.items()
    ]
    for office, here in counters:
        _look_again(office, links, desk, here, politics=politics, clock=clock, p=p)
        _decide(office, links, border, desk, firms=firms, politics=politics, clock=clock, p=p)
    until, licence = links.licence_until.take(rows), links.licence.take(rows)
    ripe = pending * desk.ripe
    months = np.maximum(until - clock.month, 1)
    lot = licence / months
    ships = np.minimum(ripe + applied, lot * desk.ripe)
    goes = np.where(desk.let_go, ripe * (1.0 - desk.alike), 0.0)
    granted = np.maximum(ships, goes)
    shown = _shown(rows, needs=needs, links=links, p=p)
    _note_speed(border, desk, shown, until > clock.month)
    old = np.minimum(granted, ripe)  # what had waited goes first
    waits = np.maximum(pending * desk.left - old, 0.0) + applied - (granted - old)
    most = shown * (p.licence_clock_months + 1.0)
    waits = np.where(asks, np.minimum(waits, most), waits)
    links.pending[rows] = held = waits + at_port
    needs.pending = group_sum(held, reach.line.need, len(needs))
    needs.counted = group_sum(np.minimum(waits, lot) + at_port, reach.line.need, len(needs))
    links.allowed[rows] += granted
    links.licensed[rows] = granted
    links.under_licence[rows] = under = np.where(goes > ships, 0.0, ships)
    # a ban takes back its part of what is left
    links.licence[rows] = under + np.maximum(licence - under, 0.0) * desk.left
    for office, here in counters:
        _apply(office, links, border, desk, shown, here, politics=politics, clock=clock, p=p)
    border.cases = _count_cases(border, clock=clock)
    for office in border.offices.values():
        border.open += _by_channel(border, office.link, office.tonnes)


def _count_cases(border: Border, *, clock: Clock) -> FloatArray:
    """Applications by what the month made of them (CASES) and channel."""
    size = border.size
    found = np.zeros((len(CASES), size))
    for office in border.offices.values():
        link = np.fromiter(office.decided, dtype=np.int64, count=len(office.decided))
        fate = np.fromiter(office.decided.values(), dtype=np.int64, count=len(office.decided))
        told = (fate < rules.LAPSED).nonzero()[0]
        case = fate[told] * size + border.channel[link[told]]
        found += np.bincount(case, minlength=found.size).reshape(found.shape)
        channel = border.channel[office.link]
        found[0] += np.bincount(channel[office.filed == clock.month], minlength=size)
        found[-1] += np.bincount(channel, minlength=size)
    return found


def overdue(
    reach: Reach, *, needs: Needs, links: Links, border: Border, clock: Clock, p: Parameters
) -> FloatArray:
    """What waits for a licence beyond the statutory time, by place in the queue (t): max(0, w - T
    u) where no licence is in hand.

    w tonnes that wait, T statutory time (months), u a month's expected use of this supplier's.
    """
    line = reach.line
    month = links.share.take(line.rows) * needs.expected.take(line.need)
    late = np.maximum(links.pending.take(line.rows) - p.licence_clock_months * month, 0.0)
    empty = links.licence_until.take(line.rows) <= clock.month
    return np.asarray(late * empty * (border.licensed.take(line.channel) > 0.0))


def _look(
    spells: tuple[Spell, ...], line: Line, kept: tuple[FloatArray, ...], *, p: Parameters
) -> Desk:
    """The queue of the month; an office decides on the days on which it is open and customs halt
    nothing.
    """
    channel, count = line.channel, len(line.rows)
    opens, ripe, goes, watched, eased, alike, dual_use = np.zeros((7, count))
    free, left = np.zeros(count, dtype=bool), np.ones(count)
    asks = free
    for spell, left in zip(spells, kept, strict=True):
        asks, passes = spell.licensed.take(channel) > 0, spell.halted.take(channel) <= 0
        open_ = asks & passes
        opens += spell.share * open_
        ripe += spell.share * left * open_
        passes &= ~asks
        goes = np.where(passes & ~free, left, goes)
        free |= passes
        watched += spell.share * spell.listing.take(channel) * spell.watched.take(line.user)
        alike += spell.share * p.lookalike_hold * spell.alike.take(channel) * ~asks
        eased += spell.share * (spell.eased.take(channel) > 0)
        dual_use = spell.dual_use.take(channel)
    return Desk(
        line,
        opens,
        free,
        asks,
        np.where(free, goes, ripe),
        left,
        eased > 0.5,
        alike,
        watched,
        dual_use,
    )


def _run_out(links: Links, desk: Desk, *, clock: Clock) -> None:
    """A licence is good for some months, and worth nothing where none is needed."""
    rows = desk.line.rows
    good = (links.licence_until.take(rows) > clock.month) & (desk.asks | (desk.opens > 0))
    links.licence[rows] = left = links.licence.take(rows) * good
    # who has nothing left of a licence that was taken back has none in hand, and may apply
    gone = rows[left <= 0.0]
    links.licence_until[gone] = np.minimum(links.licence_until[gone], clock.month)


def _carry_over(
    links: Links,
    border: Border,
    desk: Desk,
    *,
    needs: Needs,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """A run that begins under rules of before, as old as the statutory time, finds an office that
    knows who applies, and licences in hand: d k tonnes for k months more, k = 1 to v in equal parts
    by luck.

    d use that a buyer can show for this supplier (t/month), v months that a licence is good for.
    """
    begun: dict[int, list[int]] = {}
    for event in politics.in_force:
        for state in own_states(event.actor) if event.kind in ASKING else ():
            begun.setdefault(state, []).append(event.month_index(clock.start))
    luck = clock.uniforms("licence age", len(links))
    for name, office in border.offices.items():
        dates = begun.get(STATE[name], [0])
        if max(dates) > -p.licence_clock_months:
            continue  # a rule as young as that has no licences yet; beside an old one neither has
        here = desk.asks & (desk.line.exporter == STATE[name])
        rows = desk.line.rows[here]
        months = np.floor(luck[rows] * whole_months(p)) + 1.0
        links.licence[rows] = _shown(rows, needs=needs, links=links, p=p) * months
        links.licence_until[rows] = clock.month + months.astype(np.int64)
        office.opened = min(office.opened, *dates)
        office.prepare(rows, whole_months(p))
        office.complete[rows] = True
        office.civil[rows] = desk.dual_use[here] > 0.0  # a ban that old has been met


def _first_rule(exporter: int, *, clock: Clock) -> int:
    """Month of an exporter's first rule, from the start of the run on; negative before it."""
    first = FIRST_RULE.get(STATES[exporter])
    return min(clock.month, month_index(clock.start, first) if first else clock.month)


def _tension(link: IntArray, *, links: Links, politics: Politics) -> FloatArray:
    """Tension of the exporter's government towards the importer, by link (0-1)."""
    table = np.array([government.tension for government in politics.government_of_state])
    return np.asarray(table[links.exporter[link], links.importer[link]])


def _look_again(
    office: LicensingOffice,
    links: Links,
    desk: Desk,
    here: IntArray,
    *,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """A ban on military use that comes to a lane under licence: whoever has applied shows anew that
    the use is civil, and a licence in hand is taken back where u >= a. What stands on the month's
    last day counts.

    u luck (0-1), a what the ban leaves to civilians (`civilian_access`). See decision 0044.
    """
    rows, dual_use = desk.line.rows[here], desk.dual_use[here]
    if not dual_use.any() and not office.civil.any():
        return
    anew = office.ask_for_civil_use(rows, dual_use > 0.0, clock.month)
    if not len(anew):
        return
    hostile = _tension(anew, links=links, politics=politics)
    access = rules.civilian_access(np.ones(len(anew)), hostile, p.over_compliance)
    taken = anew[clock.uniforms("licence recall", len(links))[anew] >= access]
    links.licence[taken] = 0.0
    links.licence_until[taken] = np.minimum(links.licence_until[taken], clock.month)


def _decide(
    office: LicensingOffice,
    links: Links,
    border: Border,
    desk: Desk,
    *,
    firms: Firms,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """The office looks at applications in order of rank (`office.rank`), as far as its attention
    goes, once the statutory time has passed.

    attention = staff x k(t);  k of `office_capacity`
    """
    at = _still_asked(office, border, desk)
    if not len(at):
        return
    due = clock.month - p.licence_clock_months
    favoured = office.favour <= due
    military = firms.military[desk.line.user[at]]
    hostile = _hostility(office, favoured, links=links, politics=politics)
    office.standing = rules.rank(
        hostile,
        goods().stage[border.good[desk.line.channel[at]]] < MAGNET,
        military,
        favoured,
        office.luck,
        _weights(p),
    )
    age = float(clock.month - office.opened)
    able = rules.office_capacity(
        np.array(age), p.licence_office_start, p.licence_office_full, p.licence_office_months
    )
    open_days = float(desk.opens[at].max())
    attention = office.staff * float(able) * open_days + min(office.left_over, 1.0)
    ripe = (office.filed <= due) & (desk.opens[at] > 0)
    seen, office.left_over = rules.looked_at(
        office.standing, ripe, favoured, attention, p.licence_easy
    )
    access = rules.civilian_access(desk.dual_use[at], hostile, p.over_compliance)
    refused = rules.refusal(military, hostile, access)[seen]
    answered = rules.answered(desk.watched[at], hostile, p.licence_watched)[seen]
    _answer(office, links, border, seen, refused, answered, clock=clock, p=p)


def _weights(p: Parameters) -> rules.Weights:
    """What moves an application in the queue."""
    return rules.Weights(
        p.licence_rank_tension,
        p.licence_rank_raw,
        p.licence_rank_military,
        p.licence_rank_favoured,
    )


def _still_asked(office: LicensingOffice, border: Border, desk: Desk) -> IntArray:
    """Places at the desk of what is in the queue, once what needs no licence any more, or what a
    ban has taken back, has lapsed.
    """
    at = desk.line.place[office.link]
    gone = (at < 0) | ~desk.asks[at] | (desk.left[at] <= 0.0)
    if not gone.any():
        return at
    _lapse(office, border, gone)
    return np.asarray(at[~gone])


def close_offices(border: Border) -> None:
    """Nobody needs a licence: what was applied for lapses."""
    border.no_applications()
    for office in border.offices.values():
        _lapse(office, border, np.ones(len(office.link), dtype=bool))


def _lapse(office: LicensingOffice, border: Border, gone: BoolArray) -> None:
    """Some of what is in the queue ends undecided."""
    border.turned_down[-1] += _by_channel(border, office.link[gone], office.tonnes[gone])
    office.end(gone, np.full(int(gone.sum()), rules.LAPSED))


def _hostility(
    office: LicensingOffice, favoured: BoolArray, *, links: Links, politics: Politics
) -> FloatArray:
    """Tension as it counts for what is in the queue (0-1): as it was when that was filed, and as it
    is where it has grown or a truce favours it.
    """
    now = _tension(office.link, links=links, politics=politics)
    return np.where(favoured, now, np.maximum(now, office.hostile))


def _answer(
    office: LicensingOffice,
    links: Links,
    border: Border,
    seen: IntArray,
    refused: FloatArray,
    answered: FloatArray,
    *,
    clock: Clock,
    p: Parameters,
) -> None:
    """What is looked at is granted, as far as it is answered at all (`office.answered`), refused or
    returned (`office.outcome`) and leaves the queue; a licence that is granted begins when the one
    in hand has run out. Of which nothing is answered is passed over, and applies again as one that
    was refused does.
    """
    link, asked = office.link, office.tonnes[seen]
    luck = clock.uniforms("licence outcome", len(links))[link[seen]]
    fate = rules.outcome(luck, refused, ~office.complete[link[seen]], p.licence_returned)
    nothing = asked * answered <= links.nothing[link[seen]]
    fate[(fate == rules.GRANTED) & nothing] = rules.PASSED_OVER
    granted = fate == rules.GRANTED
    won = link[seen[granted]]
    tonnes = asked * answered * granted
    links.licence[won] += tonnes[granted]
    begins = np.maximum(links.licence_until[won], clock.month)
    links.licence_until[won] = begins + whole_months(p)
    border.approved += _by_channel(border, link[seen], tonnes)
    lost = LOST_AS[fate] * border.size + border.channel[link[seen]]
    border.turned_down += group_sum(asked - tonnes, lost, border.turned_down.size).reshape(
        border.turned_down.shape
    )
    again = (fate == rules.REFUSED) | (fate == rules.PASSED_OVER)
    office.silent[link[seen[again]]] = clock.month + round(p.licence_again)
    office.complete[link[seen]] = True
    done = np.zeros(len(link), dtype=bool)
    done[seen] = True
    office.end(done, fate[np.argsort(seen)])


def _by_channel(border: Border, rows: IntArray, tonnes: FloatArray) -> FloatArray:
    """Tonnes of some links (rows) by channel."""
    return np.asarray(np.bincount(border.channel[rows], weights=tonnes, minlength=border.size))


def _apply(
    office: LicensingOffice,
    links: Links,
    border: Border,
    desk: Desk,
    shown: FloatArray,
    here: IntArray,
    *,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> None:
    """Who needs a licence and will have none left by the time that one takes applies for what it
    can show to have used: d v, for the v months after those that it is licensed for.

    d use that a buyer can show for this supplier (t/month), v months that a licence is good for.
    One application a link at a time; one that a truce or a general licence finds waiting is in
    favour once the statutory time has passed again.
    """
    rows, shown = desk.line.rows[here], shown[here]
    waiting = np.zeros(len(links), dtype=bool)
    waiting[office.link] = True
    eased = np.zeros(len(links), dtype=bool)
    eased[rows] = desk.eased[here]
    since = np.minimum(office.favour, clock.month)
    office.favour = np.where(eased[office.link], since, rules.NEVER)
    still, nothing = links.licence_until.take(rows) - clock.month, links.nothing.take(rows)
    asks = (
        ~waiting.take(rows)
        & (office.silent.take(rows) <= clock.month)
        & (links.pending.take(rows) + links.licensed.take(rows) > nothing)
        & (still <= p.licence_clock_months + 1.0)
        & (shown > nothing)
    )
    new = rows[asks]
    tonnes = shown[asks] * whole_months(p)
    luck = clock.uniforms("licence rank", len(links))[new]
    if office.known.any():
        office.learn(len(new), len(office.link), p.licence_memory, p.licence_clearing)
    office.prepare(new, whole_months(p))
    favour = np.where(eased[new], clock.month, rules.NEVER)
    hostile = _tension(new, links=links, politics=politics)
    office.take_in(new, tonnes, luck, hostile, favour, clock.month)
    border.applied += _by_channel(border, new, tonnes)


def whole_months(p: Parameters) -> int:
    """Months that a licence is good for: `licence_months`, to the nearest whole one."""
    return round(p.licence_months)


def _shown(rows: IntArray, *, needs: Needs, links: Links, p: Parameters) -> FloatArray:
    """Use that an application covers, by link (t/month): g max(s, w0) times what is shown
    (`shown_use`), g room for growth, s part that comes from this supplier, w0 habit: who was driven
    to look elsewhere and found nothing can still show whom it bought of.
    """
    part = np.maximum(links.share.take(rows), links.habit.take(rows))
    return np.asarray(p.licence_room * part * shown_use(links.need.take(rows), needs=needs, p=p))


def shown_use(rows: IntArray, *, needs: Needs, p: Parameters) -> FloatArray:
    """Use that a buyer can show, by need (t/month): max(d, b e).

    d documented use, e what it expects to use, b part of a plan that is believed, so that a new
    plant is let in.
    """
    planned = p.licence_plan * needs.expected.take(rows)
    return np.asarray(np.maximum(needs.documented.take(rows), planned))


def _note_speed(border: Border, desk: Desk, shown: FloatArray, licensed: BoolArray) -> None:
    """Chance that an order goes within the month, as buyers perceive it by channel over a quarter
    (0.05 to 1): the part of what they use that is under a licence.
    """
    at, stand = desk.line.channels, desk.line.stand
    use, under, opens = (
        group_sum(values, stand, len(at)) for values in (shown, shown * licensed, desk.opens)
    )
    days = opens / np.bincount(stand, minlength=len(at))
    seen = np.where(use > 1e-9, under / np.maximum(use, 1e-300), border.speed[at])
    moved = border.speed[at] + days * (seen.clip(0.05, 1.0) - border.speed[at]) / 3.0
    border.speed[at] = np.where(border.licensed[at] > 0, moved, 1.0)
