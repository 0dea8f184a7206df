"""Politics: dated acts fall due, and beliefs and tension answer the news (M6, M7); `measures.py`
lays on the border what is in force.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import numpy as np

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.sender import SIGNALS
from coercivity.agents.tables import Firms
from coercivity.model.basis.calendar import days_in_month, month_name
from coercivity.model.basis.fixed_names import MOMENTS
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import ActsInForce, Days, Politics
from coercivity.model.parts.quota import TRANCHE
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.parts.world_view import WorldView
from coercivity.model.plants.firm_acts import actor_of, event_phrase, lay_firm_acts
from coercivity.model.politics.chancellery import decide
from coercivity.model.politics.measures import NEEDS_LICENCE, SETTLES, lay_measures
from coercivity.model.politics.memory import (
    held_back,
    is_ended,
    rule_disputes,
    take_note,
    update_political_memory,
)
from coercivity.model.politics.news import severity_of, weight_of_news
from coercivity.model.politics.shocks import apply_shocks
from coercivity.model.politics.supply_policy import by_orders, count_imports, decide_supply
from coercivity.model.politics.tension import keep_tension_alive, sour_relations
from coercivity.model.politics.threats import break_word, carry_out, lapse_threats
from coercivity.model.politics.views import covers_now
from coercivity.model.scenario.event import Event
from coercivity.model.support.promise_support import lay_support

# part of the belief in an order that output without a quota ends that is gone with every month (per
# month; outcomes to 2024 (decisions 0100 and 0101); 0.02 to 0.15)
ORDER_FADES = 0.1
# part of what orders ended that is dug again with every month (per month; 27% of output was illegal
# again in 2014 (supply_acts.csv); outcomes to 2024 ask for less; 0 to 0.08)
ORDER_RETURNS = 0.015


def hold_politics(
    firms: Firms,
    border: Border,
    beliefs: Beliefs,
    politics: Politics,
    supply: SupplyPolicy,
    support: Support,
    ledger: Ledger,
    *,
    clock: Clock,
    seen: WorldView,
) -> None:
    """The month's acts become news and measures; shocks strike; the exporter sets its supply."""
    p, on, links = seen.p, seen.on, seen.links
    update_political_memory(politics, seen=seen)
    due = politics.dates(clock.start).due.get(clock.month, [])
    decided = hear_acts(beliefs, politics, ledger, due, seen=seen)
    rule_disputes(politics, ledger, clock=clock, p=p)
    lapse_threats(beliefs, politics, ledger, clock=clock)
    changed = renew_acts_in_force(politics, ledger, clock=clock, p=p)
    if changed or due or decided:
        lay_measures(firms, border, politics, clock=clock, on=on)
        lay_support(politics, support, seen=seen)
        lay_firm_acts(politics, due, firms=firms, needs=seen.needs, links=links, on=on)
    apply_shocks(firms, politics=politics, on=on)
    count_imports(supply, links=links, politics=politics, clock=clock)
    hear_orders(supply, politics=politics, clock=clock, p=p)
    decide_supply(firms, supply, ledger, seen=seen)


def hear_orders(supply: SupplyPolicy, *, politics: Politics, clock: Clock, p: Parameters) -> None:
    """What orders end of what is dug without a quota (E), and what holders of goods believe that
    goes of today's: what orders end over the months they look ahead (E'), and what they fear (F)
    besides: 1 - (1 - E') (1 - F) / (1 - E). When a campaign is over more is dug than today.
    """

    def ended(part: float, fades: float, ahead: float) -> float:
        return by_orders(part, fades, ahead, politics=politics, clock=clock)

    supply.ended = ended(p.order_done, ORDER_RETURNS, 1.0)
    kept = 1.0 - ended(p.order_done, ORDER_RETURNS, p.look_ahead_months)
    kept *= 1.0 - ended(p.order_believed, ORDER_FADES, p.look_ahead_months)
    supply.believed_to_end = 1.0 - kept / (1.0 - supply.ended)


def hear_acts(
    beliefs: Beliefs, politics: Politics, ledger: Ledger, due: list[Event], *, seen: WorldView
) -> list[Event]:
    """News of the acts that fall due, then of what governments and players decide this month, in
    the order of GOVERNMENTS; the latter are returned."""
    for event in due:
        if not held_back(event, politics=politics):
            announce(beliefs, politics, ledger, event, seen=seen)
    decided = [
        *decide(politics, ledger, seen=seen),
        *(event for event in due if held_back(event, politics=politics)),
    ]
    for event in sorted(decided, key=lambda event: seen.facts.governments.index(event.actor)):
        announce(beliefs, politics, ledger, event, seen=seen)
    return decided


def acts_of_month(politics: Politics, *, clock: Clock) -> ActsInForce:
    """What is in force this month; read from the script after each turn of the agenda."""
    agenda = politics.dates(clock.start)
    turns = bisect_right(agenda.turns, clock.month)
    if turns not in agenda.known:
        spells = cut_by_days(politics, clock=clock)
        acts = {id(event) for days in spells for event in days.acts}
        agenda.known[turns] = ActsInForce(
            tuple(event for event in politics.script if id(event) in acts),
            spells if len(spells) > 1 else (),
        )
    return agenda.known[turns]


def renew_acts_in_force(politics: Politics, ledger: Ledger, *, clock: Clock, p: Parameters) -> bool:
    """Acts come into force and end; true where any does, or is to be looked at again."""
    in_force, cut = acts_of_month(politics, clock=clock)
    due = any(_looked_at_again(event, clock=clock) for event in in_force)
    changed = in_force != politics.in_force or cut != politics.cut
    for event in set_difference(politics.in_force, in_force) if changed else ():
        told = Phrase.of("Ends: {what}", what=event_phrase(event))
        ledger.event(clock.month, actor_of(event), f"end of {event.kind}", told)
    politics.in_force, politics.cut = in_force, cut
    if changed:
        keep_tension_alive(politics, p=p)
    return changed or due


def _looked_at_again(event: Event, *, clock: Clock) -> bool:
    """Whether a tranche of a quota is due, or certificates have settled what looks alike."""
    if event.kind != "quota" and event.kind not in NEEDS_LICENCE:
        return False
    age = clock.month - event.month_index(clock.start)
    return age % TRANCHE == 0 if event.kind == "quota" else age == SETTLES


def cut_by_days(politics: Politics, *, clock: Clock) -> tuple[Days, ...]:
    """The month cut where an act or a suspension begins or ends: each part has the acts in force on
    all of its days, and its share of the days of the month. Parts that follow each other with the
    same acts are one.
    """
    covering = [event for event in politics.script if covers_now(event, clock=clock)]
    acts = [
        event
        for event in covering
        if event.kind not in (*MOMENTS, "suspension")
        and not is_ended(event, politics=politics, clock=clock)
    ]
    pauses = [event for event in covering if event.kind == "suspension"]
    length = days_in_month(month_name(clock.start, clock.month))
    when = {id(e): e.days(clock.start, clock.month) for e in (*acts, *pauses)}
    edges = sorted({0, length, *(day for e in (*acts, *pauses) for day in when[id(e)])})
    parts: list[Days] = []
    for begin, end in pairwise(edges):
        binds = {key for key, (first, last) in when.items() if first <= begin and end <= last}
        suspended = {event.get("of") for event in pauses if id(event) in binds}
        now = tuple(e for e in acts if id(e) in binds and e.id not in suspended)
        share = (end - begin) / length
        if parts and parts[-1].acts == now:
            share += parts.pop().share
        parts.append(Days(share, now))
    return tuple(parts)


def set_difference(before: tuple[Event, ...], now: tuple[Event, ...]) -> list[Event]:
    """Acts that were in force and are no longer, in their order."""
    return [event for event in before if event not in now and event.kind not in SIGNALS]


def announce(
    beliefs: Beliefs, politics: Politics, ledger: Ledger, event: Event, *, seen: WorldView
) -> None:
    """News of one act: targets take alarm, bystanders less; signals count by the sender's
    credibility; tension rises, or falls with a truce.
    """
    facts, p, on, clock = seen.facts, seen.p, seen.on, seen.clock
    ledger.event(clock.month, actor_of(event), event.kind, event_phrase(event))
    if event.kind in ("mine_closure", "plant_fire") or not event.actor:
        return
    own = facts.states_of(event.actor)
    targets = [facts.state_row[t] for t in event.target_states()] if event.targets else []
    sender = facts.state_row[own[0]]
    if on["M12"]:
        sour_relations(politics, event, targets, own)
        take_note(politics, event, border=seen.border, clock=clock)
    if not on["M7"] or (event.kind in MOMENTS and event.kind not in (*SIGNALS, "breach")):
        return
    if event.kind == "breach":
        break_word(beliefs, event, targets, p=p)
        return
    severity = severity_of(event)
    if event.kind == "threat":
        politics.threats.append((sender, tuple(targets), clock.month))
    elif event.kind == "quota":
        severity *= _quota_cut(politics, event, clock=clock)
    if severity == 0.0:
        return
    weight = weight_of_news(event, severity, beliefs.credibility, facts=facts, p=p)
    if event.kind not in SIGNALS:
        carry_out(beliefs, politics, sender, targets)
    beliefs.news(sender, weight, [facts.good_row[good] for good in event.goods])


def _quota_cut(politics: Politics, event: Event, *, clock: Clock) -> float:
    """How much smaller a quota is than the one before, per month (0-1): a routine renewal is no
    news.
    """
    end = event.end_index(clock.start)
    first = event.month_index(clock.start)
    rate = event.get("tonnes") / (12 if end is None else event.months(clock.start, first, end))
    before, politics.quota_rate = politics.quota_rate or rate, rate
    return float(np.clip(1.0 - rate / before, 0.0, 1.0)) if before > 0 else 0.0
