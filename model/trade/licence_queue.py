"""What waits for a licence, and what a licensing office makes of it: applications are filed and
decided, licences are used up and run out (M6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.governments import licensing_office as rules
from coercivity.agents.governments.licensing_office import LicensingOffice
from coercivity.agents.tables import Links, Needs
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.terms import Desk, QueuedLinks
from coercivity.model.politics.views import own_states

# month of an office's first licences for a metal, which it has learnt on ever since (gallium and
# germanium; timeline.csv, T030)
FIRST_RULE = {"China": "2023-08"}
LOST_AS = np.zeros(6, dtype=np.int64)  # row of TURNED_DOWN for what an office does not grant
LOST_AS[[rules.REFUSED, rules.RETURNED, rules.GRANTED, rules.PASSED_OVER]] = 0, 1, 2, 2
ASKS_AGAIN = np.zeros(6, dtype=bool)  # of these outcomes
ASKS_AGAIN[[rules.REFUSED, rules.PASSED_OVER]] = True
NOWHERE = np.zeros(0, dtype=np.int64)
# part of the applications of firms on a watch list that are not answered under full tension; the
# less, the better relations are (share; assumed; the time limit of the review is disapplied for
# firms on a watch list (MOFCOM announcement 12/2026, Art. 17(1);
# https://gmteight.com/flash/detail/1216250); 0 to 1)
LICENCE_WATCHED = 1.0
# time over which an office comes to be staffed for what is applied for (months; assumed; 6 to 48)
LICENCE_MEMORY = 18.0
# time in which an office means to clear what waits (months; assumed; 6 to 36)
LICENCE_CLEARING = 12.0
# part of what a buyer expects to use that its papers make believable where it has not used as much
# (share; assumed, so that a new plant is let in; 0 to 1)
LICENCE_PLAN = 0.5
# what a raw material, not yet a magnet or part, adds to the rank of an application, where luck adds
# 0 to 1 (rank; assumed; the order is that of behaviour rules 1.7, the step is not known; 0 to 2)
LICENCE_RANK_RAW = 0.5
# applications that an office can decide a month when it opens, per application that it is staffed
# for (x normal flow; gallium, germanium and antimony 2023-24 (licence_outcomes.csv); 0.02 to 0.5)
LICENCE_OFFICE_START = 0.1
# attention that an application under a truce or a general licence takes, of that of another (ratio;
# assumed; 0.05 to 1)
LICENCE_EASY = 0.25
# months before who was refused a licence applies again (months; assumed; 1 to 9)
LICENCE_AGAIN = 3


@dataclass
class Papers:
    """What waits and what is in hand, by place in the queue."""

    pending: FloatArray  # t
    licence: FloatArray  # t that may still go under a licence
    until: IntArray  # month in which it has run out

    @classmethod
    def of(cls, links: Links, queued: QueuedLinks) -> Papers:
        """Of the links in a queue."""
        rows = queued.rows
        pending, licence = links.pending.take(rows), links.licence.take(rows)
        return cls(pending, licence, links.licence_until.take(rows))


class Hearing(NamedTuple):
    """What offices decide on in a month, where that is written down, and what they look at."""

    border: Border
    desk: Desk
    papers: Papers
    links: Links
    politics: Politics
    clock: Clock
    p: Parameters


def queue(
    needs: Needs,
    hearing: Hearing,
    applied: FloatArray,
    at_port: FloatArray | float,
    elsewhere: FloatArray | float,
    room: FloatArray | None,
    *,
    anew: bool,
) -> None:
    """Offices decide what is ripe; what waits and what is ordered ships as far as licences go, the
    rest waits, as far as it can be applied for; who will run out of licences applies.

    ships = min(pending + orders, L / m);  where nothing holds it any more, all that waits

    L tonnes that may still go under a licence, m months for which it is still good: a contract in
    monthly lots, so that nobody fills up under licences. What smugglers and traders bring
    (`elsewhere`) waits no more, nor what is more than use while an application is decided and the
    month in which it is filed, or than the buyer still lacks. A buyer counts on one lot of what
    waits, no more (decision 0041).
    What is given by link (t) is by place in the queue; `room`, under a cut, is what may still go by
    channel (t), which those that wait share pro rata. `anew`: the desk is not that of the month
    before.
    """
    border, desk, papers, links, _, clock, p = hearing
    facts = p.facts
    queued, rows = desk.queued, desk.queued.rows
    pending = papers.pending - elsewhere
    _run_out(papers, desk, clock=clock)
    for state in desk.here if anew else ():
        first = FIRST_RULE.get(facts.states[state])  # from the start of the run on, perhaps before
        month = month_index(clock.start, first) if first else clock.month
        border.open_office(state, len(links), min(clock.month, month))
    shown = _covered_use(queued, needs=needs, links=links, p=p)
    if clock.month == 0:
        _carry_over(hearing, shown)
    counters = [(facts.state_row[name], office) for name, office in border.offices.items()]
    for state, office in counters:
        if anew:
            _recheck_queue(office, hearing, state)
        _decide(office, hearing, state)
    ripe = pending * desk.ripe
    lot = papers.licence / np.maximum(papers.until - clock.month, 1)
    ships = np.minimum(ripe + applied, lot * desk.ripe)
    goes = ripe * desk.let_go
    if room is not None:
        asked = group_sum(np.maximum(ships, goes), queued.channel, border.size)
        fits = (room / np.maximum(asked, 1e-300)).clip(0.0, 1.0).take(queued.channel)
        ships, goes = ships * fits, goes * fits
    granted = np.maximum(ships, goes)
    _note_speed(border, desk, shown, papers.until > clock.month)
    old = np.minimum(granted, ripe)  # what had waited goes first
    left = desk.kept[-1]
    # the rest comes from this month's orders; by rounding (ripe + applied) - ripe may exceed them
    new = np.minimum(granted - old, applied)
    waits = np.maximum(pending * left - old, 0.0) + applied - new
    review = border.review_months(queued.channel, p.licence_clock_months)
    wanted = needs.wanted.take(queued.need)
    lack = needs.lack.take(queued.need) * links.orders.take(rows) / (wanted + 1e-300)
    lack = np.where(wanted > 0.0, lack, papers.pending)  # who orders nothing takes nothing back
    most = np.minimum(shown * (review + 1.0), np.maximum(lack - granted, 0.0))
    waits = np.where(desk.asked, np.minimum(waits, most), waits)
    under = np.where(goes > ships, 0.0, ships)
    # a ban takes back its part of what is left
    licence = under + np.maximum(papers.licence - under, 0.0) * left
    held = waits + at_port
    links.pending[rows], links.licensed[rows], links.under_licence[rows] = held, granted, under
    links.licence[rows], links.licence_until[rows] = licence, papers.until
    links.allowed[rows] += granted
    needs.pending = group_sum(held, queued.need, len(needs))
    needs.counted = group_sum(np.minimum(waits, lot) + at_port, queued.need, len(needs))
    asks = (
        (held + granted > desk.nothing)
        & (papers.until <= clock.month + review + 1.0)
        & (shown > desk.nothing)
    )
    for state, office in counters:
        _apply(office, hearing, asks, shown, state)
        _count_files(office, border, clock=clock)


def _count_files(office: LicensingOffice, border: Border, *, clock: Clock) -> None:
    """Applications of an office by what the month made of them (CASES) and channel."""
    channel, count = border.channel.take(office.link), border.cases.size
    filed, still = channel[office.filed == clock.month], channel + (count - border.size)
    border.cases += np.bincount(np.concatenate((filed, still)), minlength=count).reshape(
        border.cases.shape
    )
    border.open += group_sum(office.tonnes, channel, border.size)


def overdue(hearing: Hearing, use: FloatArray) -> FloatArray:
    """What waits for a licence beyond the statutory time, by place in the queue (t): max(0, w - T
    u) where no licence is in hand.

    w tonnes that wait, T statutory time (months; `Border.review_months`), u a month's expected use
    of this supplier's.
    """
    border, desk, papers, _, _, clock, p = hearing
    review = border.review_months(desk.queued.channel, p.licence_clock_months)
    late = np.maximum(papers.pending - review * use, 0.0)
    return np.asarray(late * (desk.asked & (papers.until <= clock.month)))


def _run_out(papers: Papers, desk: Desk, *, clock: Clock) -> None:
    """A licence is good for some months, and worth nothing where none is needed."""
    papers.licence = papers.licence * (desk.good & (papers.until > clock.month))
    # who has nothing left of a licence that was taken back has none in hand, and may apply
    gone = np.minimum(papers.until, clock.month)
    papers.until = np.where(papers.licence <= 0.0, gone, papers.until)


def _carry_over(hearing: Hearing, shown: FloatArray) -> None:
    """A run that begins under rules of before, as old as the statutory time, finds an office that
    knows who applies, and licences in hand: d k tonnes for k months more, k = 1 to v in equal parts
    by luck. So on every lane under such a rule, also where a younger one has come; who applies has
    met a ban on military use that is as old.

    d use that a buyer can show for this supplier (t/month), v months that a licence is good for.
    """
    border, desk, papers, links, politics, clock, p = hearing
    facts = p.facts
    of_before, ban_met = np.zeros((2, border.size), dtype=bool)  # by channel
    since: dict[str, int] = {}  # month of the first of these rules, by state
    old = border.rules_of_before(politics.in_force, clock.start, p.licence_clock_months)
    for event, age, review, bound in old:
        if age < review:
            continue  # a rule as young as that has no licences yet
        of_before[bound] = True
        ban_met[bound] |= event.kind == "dual_use_ban"  # a ban that old has been met
        for state in own_states(facts, event.actor):
            name = facts.states[state]
            since[name] = min(-age, since.get(name, 0))
    luck = clock.uniforms("licence age", len(links))
    for name, office in border.offices.items():
        if name not in since:
            continue
        here = desk.here.get(facts.state_row[name], NOWHERE)
        here = here[of_before[desk.queued.channel[here]]]
        rows = desk.queued.rows[here]
        months = np.floor(luck[rows] * whole_months(p)) + 1.0
        papers.licence[here] = shown[here] * months
        papers.until[here] = clock.month + months.astype(np.int64)
        office.opened = min(office.opened, since[name])
        office.prepare(rows, whole_months(p))
        office.complete[rows] = True
        office.civil[rows] = ban_met[desk.queued.channel[here]]


def _tension(link: IntArray, *, exporter: int, links: Links, politics: Politics) -> FloatArray:
    """Tension of the exporter's government towards the importer, by link (0-1)."""
    towards = politics.government_of_state[exporter].tension
    return np.asarray(towards.take(links.importer.take(link)))


def _recheck_queue(office: LicensingOffice, hearing: Hearing, exporter: int) -> None:
    """A ban on military use that comes to a lane under licence: whoever has applied shows anew that
    the use is civil, and a licence in hand is taken back where u >= a. What stands on the month's
    last day counts.

    u luck (0-1), a what the ban leaves to civilians (`civilian_access`). See decision 0044.
    """
    _, desk, papers, links, politics, clock, p = hearing
    here = desk.here.get(exporter, NOWHERE)
    rows, banned = desk.queued.rows[here], desk.dual_use[here] > 0.0
    if not banned.any() and not office.civil.any():
        return
    meets = here[office.ask_for_civil_use(rows, banned, clock.month)]
    if not len(meets):
        return
    anew = desk.queued.rows[meets]
    hostile = _tension(anew, exporter=exporter, links=links, politics=politics)
    access = rules.civilian_access(np.ones(len(anew)), hostile, p.over_compliance)
    taken = meets[clock.uniforms("licence recall", len(links))[anew] >= access]
    papers.licence[taken] = 0.0
    papers.until[taken] = np.minimum(papers.until[taken], clock.month)


def _decide(office: LicensingOffice, hearing: Hearing, exporter: int) -> None:
    """The office looks at applications in order of rank (`office.rank`), as far as its attention
    goes, once the statutory time has passed.

    attention = staff x k(t);  k of `office_capacity`
    The statutory time is that of the lane (`Border.review_months`).
    """
    border, desk, _, links, politics, clock, p = hearing
    at = _pending_places(office, border, desk)
    if not len(at):
        return
    due = clock.month - border.review_months(desk.queued.channel.take(at), p.licence_clock_months)
    favoured = office.favour <= due
    military, raw, opens = desk.military.take(at), desk.raw.take(at), desk.opens.take(at)
    # tension as it was when that was filed, and as it is where it has grown or a truce favours it
    now = _tension(office.link, exporter=exporter, links=links, politics=politics)
    hostile = np.where(favoured, now, np.maximum(now, office.hostile))
    office.standing = rules.rank(hostile, raw, military, favoured, office.luck, _weights(p))
    able = rules.office_capacity(
        float(clock.month - office.opened),
        LICENCE_OFFICE_START,
        p.licence_office_full,
        p.licence_office_months,
    )
    attention = office.staff * able * float(opens.max()) + min(office.left_over, 1.0)
    ripe = (office.filed <= due) & (opens > 0)
    seen, office.left_over = rules.looked_at(
        office.standing, ripe, favoured, attention, LICENCE_EASY
    )
    if len(seen):
        _answer(office, hearing, seen, at.take(seen), hostile.take(seen))


def _weights(p: Parameters) -> rules.Weights:
    """What moves an application in the queue."""
    return rules.Weights(
        p.licence_rank_tension,
        LICENCE_RANK_RAW,
        rules.MILITARY_STEP * p.licence_rank_tension,
        rules.FAVOURED_STEP * p.licence_rank_tension,
    )


def _pending_places(office: LicensingOffice, border: Border, desk: Desk) -> IntArray:
    """Places at the desk of what is in the queue, once what needs no licence any more, or what a
    ban has taken back, has lapsed.
    """
    at = desk.place.take(office.link)
    gone = at < 0
    if not gone.any():
        return at
    _lapse(office, border, gone.nonzero()[0])
    return np.asarray(at[~gone])


def close_offices(border: Border) -> None:
    """Nobody needs a licence: what was applied for lapses."""
    border.no_applications()
    for office in border.offices.values():
        _lapse(office, border, np.arange(len(office.link)))


def _lapse(office: LicensingOffice, border: Border, gone: IntArray) -> None:
    """Some of what is in the queue ends undecided."""
    channel = border.channel[office.link[gone]]
    border.turned_down[-1] += group_sum(office.tonnes[gone], channel, border.size)
    office.end(gone, np.full(len(gone), rules.LAPSED))


def _answer(
    office: LicensingOffice, hearing: Hearing, seen: IntArray, place: IntArray, hostile: FloatArray
) -> None:
    """What is looked at is granted, as far as it is answered at all (`office.answered_share`),
    refused or returned (`office.outcome`) and leaves the queue; a licence that is granted begins
    when the one in hand has run out. Of which nothing is answered is passed over, and applies again
    as one that was refused does.

    seen: which of the applications; place of each at the desk, and the tension towards it.
    """
    border, desk, papers, links, _, clock, p = hearing
    rows, size, asked = office.link.take(seen), border.size, office.tonnes.take(seen)
    access = rules.civilian_access(desk.dual_use.take(place), hostile, p.over_compliance)
    tonnes = asked * rules.answered_share(desk.watched.take(place), hostile, LICENCE_WATCHED)
    fate = rules.outcome(
        clock.uniforms("licence outcome", len(links)).take(rows),
        rules.refusal(desk.military.take(place), hostile, access),
        ~office.complete.take(rows),
        tonnes > desk.nothing.take(place),
        p.licence_returned,
    )
    granted = fate == rules.GRANTED
    tonnes = tonnes * granted
    papers.licence[place] += tonnes
    until = papers.until.take(place)
    begins = np.maximum(until, clock.month)
    papers.until[place] = np.where(granted, begins + whole_months(p), until)
    channel = desk.queued.channel.take(place)
    border.approved += group_sum(tonnes, channel, size)
    lost = border.turned_down
    row = LOST_AS.take(fate) * size + channel
    lost += group_sum(asked - tonnes, row, lost.size).reshape(lost.shape)
    cases = np.bincount(fate * size + channel, minlength=border.cases.size)  # passed over: beyond
    border.cases += cases[: border.cases.size].reshape(border.cases.shape)
    office.silent[rows[ASKS_AGAIN.take(fate)]] = clock.month + LICENCE_AGAIN
    office.complete[rows] = True
    office.end(seen, fate)


def _apply(
    office: LicensingOffice, hearing: Hearing, asks: BoolArray, shown: FloatArray, exporter: int
) -> None:
    """Who needs a licence and will have none left by the time that one takes applies for what it
    can show to have used: d v, for the v months after those that it is licensed for.

    d use that a buyer can show for this supplier (t/month), v months that a licence is good for.
    One application a link at a time; one that a truce or a general licence finds waiting is in
    favour once the statutory time has passed again. `asks`: by place, who would apply of those that
    need a licence; those who wait for one are struck off.
    """
    border, desk, _, links, politics, clock, p = hearing
    here, at = desk.here.get(exporter, NOWHERE), desk.place.take(office.link)
    eased = desk.eased.take(at)
    office.favour = np.where(eased, np.minimum(office.favour, clock.month), rules.NEVER)
    asks[at] = False  # one application a link
    new = here[asks.take(here)]
    rows = desk.queued.rows.take(new)
    speaks = office.silent.take(rows) <= clock.month
    new, rows = new[speaks], rows[speaks]
    tonnes = shown.take(new) * whole_months(p)
    luck = clock.uniforms("licence rank", len(links)).take(rows)
    if office.known.any():
        office.learn(len(new), len(at), LICENCE_MEMORY, LICENCE_CLEARING)
    office.prepare(rows, whole_months(p))
    favour = np.where(desk.eased.take(new), clock.month, rules.NEVER)
    hostile = _tension(rows, exporter=exporter, links=links, politics=politics)
    office.take_in(rows, tonnes, luck, hostile, favour, clock.month)
    border.applied += group_sum(tonnes, desk.queued.channel.take(new), border.size)


def whole_months(p: Parameters) -> int:
    """Months that a licence is good for: `licence_months`, to the nearest whole one."""
    return round(p.licence_months)


def _covered_use(queued: QueuedLinks, *, needs: Needs, links: Links, p: Parameters) -> FloatArray:
    """Use that an application covers, by place in the queue (t/month): g max(s, w0) max(d, b e).

    g room for growth, s part that comes from this supplier, w0 habit: who was driven to look
    elsewhere and found nothing can still show whom it bought of. d documented use, e what a buyer
    expects to use, b part of a plan that is believed, so that a new plant is let in.
    """
    part = np.maximum(links.share.take(queued.rows), links.habit.take(queued.rows))
    planned = LICENCE_PLAN * needs.expected.take(queued.need)
    shown = np.maximum(needs.documented.take(queued.need), planned)
    return np.asarray(p.licence_room * part * shown)


def _note_speed(border: Border, desk: Desk, shown: FloatArray, licensed: BoolArray) -> None:
    """Chance that an order goes within the month, as buyers perceive it by channel over a quarter
    (0.05 to 1): the part of what they use that is under a licence.
    """
    at, stand = desk.queued.channels, desk.queued.stand
    use, under = (group_sum(values, stand, len(at)) for values in (shown, shown * licensed))
    before = border.speed[at]
    seen = np.where(use > 1e-9, under / np.maximum(use, 1e-300), before)
    moved = before + desk.days * (seen.clip(0.05, 1.0) - before) / 3.0
    border.speed[at] = np.where(desk.under, moved, 1.0)
