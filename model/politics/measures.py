"""The measures in force, laid on the border and on the firms that they name (M6)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.tables import Firms
from coercivity.model.basis.calendar import days_in_month
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.luck import uniforms
from coercivity.model.parts.border import LAID, Border, Spell
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.politics import Politics
from coercivity.model.scenario.event import Event

NEEDS_LICENCE = ("licensing", "dual_use_ban")
# Months until customs tell what looks like a licensed good from it: under the rule of 4 April 2025
# they held what has its heading until a procedure of 16 June gave sellers seven working days for
# their papers (General Administration of Customs, by https://news.metal.com/newscontent/103380510).
SETTLES = 3


def lay_measures(
    firms: Firms, border: Border, politics: Politics, *, clock: Clock, on: Switches
) -> None:
    """Rebuild the border's flags and the lists of firms from the acts in force, part of the month
    by part; what stands on the border is the mean over the days of the month.

    x = sum over parts k of w_k x_k;  w_k share of the days, x_k flag (0/1) or rate of part k
    A month's orders are spread evenly over its days, so that a mean of rates is what they pay on
    average. See decision 0021.
    """
    before = None if border.days or border.relaid else border.as_laid(1.0, firms)
    border.clear_measures()
    firms.barred[:] = 0.0
    firms.watched[:] = 0.0
    if not on["M6"]:
        return
    politics.technology_ban = any(event.kind == "technology_ban" for event in politics.in_force)
    laid: list[Spell] = []
    stand: list[Event] = []  # what is laid of the part before
    for days in politics.spells:
        acts = [event for event in days.acts if event.kind in LAID]
        if laid and acts == stand:
            laid.append(laid[-1]._replace(share=days.share))
            continue
        if laid:
            border.clear_measures()
            firms.barred[:] = 0.0
            firms.watched[:] = 0.0
        stand = acts
        for event in acts:
            if event.actor:
                for state in border.facts.states_of(event.actor):
                    border.apply(event, border.facts.state_row[state])
                if event.kind == "entity_list":
                    list_firms(firms, politics, event, clock=clock)
                _hold_alike(border, event, politics=politics, clock=clock)
            elif event.kind == "sales_end":
                border.part_with(event)
        if politics.cut:
            laid.append(border.as_laid(days.share, firms))
    if laid:
        border.lay_mean(tuple(laid))
        firms.barred[:] = sum(spell.share * spell.barred for spell in laid)
        firms.watched[:] = sum(spell.share * spell.watched for spell in laid)
    elif before:
        border.lay_again(before, firms)
    quotas = [e for e in politics.in_force if e.kind == "quota" and e.actor]
    border.hold_quotas([(e, politics.share(e)) for e in quotas], clock.month, clock.start)


def _hold_alike(border: Border, event: Event, *, politics: Politics, clock: Clock) -> None:
    """In its first three months customs stop what looks like an act's goods, but for those that an
    older act has long put under a licence for the same targets.
    """
    facts = border.facts

    def age(one: Event) -> int:
        return clock.month - one.month_index(clock.start)

    if event.kind not in NEEDS_LICENCE or age(event) >= SETTLES:
        return
    known = {
        good
        for one in politics.in_force
        if one.kind in NEEDS_LICENCE
        and one.actor == event.actor
        and age(one) >= SETTLES
        and set(event.target_states()) <= set(one.target_states())
        for good in one.goods
    }
    new = tuple(good for good in event.goods if good not in known)
    for state in facts.states_of(event.actor):
        border.hold_alike(event, facts.state_row[state], new)


def list_firms(firms: Firms, politics: Politics, event: Event, *, clock: Clock) -> None:
    """The firms on an entity list are barred or watched; of two lists the longer holds."""
    if event not in politics.listed:
        politics.listed[event] = who_is_listed(event, firms=firms, clock=clock)
    rows, part = politics.listed[event]
    column = firms.barred if event.get("list") == "control" else firms.watched
    np.maximum.at(column, rows, part)


def who_is_listed(event: Event, *, firms: Firms, clock: Clock) -> tuple[IntArray, FloatArray]:
    """Rows of firms on an entity list, and the part of each that is covered: a share of the firms
    of each sector and target state, in an order drawn once by the act's own luck.

    Part of a firm that is covered: clip(share x firms - rank, 0, 1), firms and rank within its
    sector and state. A firm here stands for many, so a short list covers a part of one. See
    decision 0012.
    """
    facts = firms.facts
    wanted = [facts.sectors.index(s) for s in event.get("sectors")]
    rows = np.flatnonzero(
        firms.is_end
        & np.isin(firms.state, [facts.state_row[t] for t in event.target_states()])
        & np.isin(firms.sector, wanted)
    )
    luck = uniforms(clock.seed, f"list {event.id}", 0, len(firms))[rows]
    _, group, size = np.unique(
        firms.state[rows] * len(facts.sectors) + firms.sector[rows],
        return_inverse=True,
        return_counts=True,
    )
    drawn = np.lexsort((luck, group))
    rank = np.empty(len(rows))
    rank[drawn] = np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)
    return rows, np.clip(event.get("share") * size[group] - rank, 0.0, 1.0)


def start_duty(
    facts: Facts, script: tuple[Event, ...], start: str, goods: tuple[str, ...]
) -> np.ndarray:
    """Export duties of China already in force in the first month, by good (rates; of one that
    begins or ends in it the mean over its days).
    """
    length = days_in_month(start)
    duty = np.zeros((length, len(goods)))  # by day
    for event in script:
        begin, end = event.days(start, 0)
        of_china = event.kind == "export_duty" and event.actor == facts.government_of(
            facts.states[facts.china]
        )
        if of_china:
            for good in event.goods:
                of_good = duty[begin:end, goods.index(good)]
                np.maximum(of_good, event.get("rate"), out=of_good)
    return np.where(duty.min(axis=0) == duty.max(axis=0), duty[0], duty.mean(axis=0))
