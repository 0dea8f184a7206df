"""Governments that decide: each looks, weighs and chooses once a month; what it chose becomes an
act, what it saw and rejected is written down (M12).

The rules are in agents/governments/sender.py, target.py and ally.py; here they meet the world.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments import sender
from coercivity.agents.governments.deliberation import QUARTER, Deliberation, Rules
from coercivity.agents.governments.government import Government
from coercivity.agents.governments.government_view import Choice, Decision, View
from coercivity.agents.governments.sender import (
    HAZARD_CAPABILITY,
    HAZARD_POWER,
    LADDER_INERTIA,
    Temper,
)
from coercivity.model.basis.calendar import days_in_month, month_name
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.memory import ECONOMIC, YEAR
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.world_view import WorldView
from coercivity.model.politics import allies
from coercivity.model.politics.memory import author_of
from coercivity.model.politics.views import Scene, Survey, covers_now, own_states
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict


@cached_by_facts
def rows_of(facts: Facts) -> dict[str, tuple[int, ...]]:
    """Rows of the states that each government decides for."""
    return {name: own_states(facts, name) for name in facts.governments}


@cached_by_facts
def mean_over(facts: Facts) -> FloatArray:
    """Weights by which values by state become means by government."""
    S = len(facts.states)
    rows = rows_of(facts)
    return np.array(
        [
            [1.0 / len(rows[name]) if state in rows[name] else 0.0 for state in range(S)]
            for name in facts.governments
        ]
    )


def decide(politics: Politics, ledger: Ledger, *, seen: WorldView) -> list[Event]:
    """Every autonomous government looks, weighs and chooses; returns the acts it enacts, to be
    announced this month.
    """
    geo, clock, p = politics.memory, seen.clock, seen.p
    if not (seen.on["M12"] and geo.deciding):
        return []
    rule_now = [g for g in politics.governments if g.name in geo.deciding]
    if geo.survey is None or clock.month % QUARTER == 0:
        geo.survey = Survey(seen, rule_now)
    remember_beginnings(politics, {government.name for government in rule_now}, clock=clock)
    rules = rules_of(politics=politics, p=p)
    scene = Scene(seen)
    views = [scene.view_of(government) for government in rule_now]
    acts: list[Event] = []
    for government, view in zip(rule_now, views, strict=True):
        luck = clock.uniforms(f"government {view.name}", len(p.facts.governments))
        pacts = allies.pacts(seen, view) if clock.month % QUARTER == 0 else None
        said = government.decide(view, luck, geo, rules=rules, pacts=pacts)
        ledger.decisions += [written_down(view, deliberation) for deliberation in said]
        chosen = [choice for deliberation in said for choice in deliberation.chosen]
        acts += [
            to_event(view.name, deliberation, acts, politics=politics, clock=clock)
            for deliberation in chosen
        ]
    for event in acts:
        politics.enact(event)
    return acts


def observe_world(
    aside: Politics, government: Government, *, clock: Clock, seen: WorldView
) -> View:
    """What one government can observe now, whether or not it decides. aside: a copy of the world's
    politics, which *seen* shows: to look leaves no trace.
    """
    aside.memory.survey = Survey(seen, [government])
    remember_beginnings(aside, {government.name}, clock=clock)
    return Scene(seen).view_of(government)


def rules_of(*, politics: Politics, p: Parameters) -> Rules:
    """What is the same for all governments of a run."""
    facts = p.facts
    return Rules(
        facts.governments,
        rows_of(facts),
        mean_over(facts),
        (facts.china, facts.states[facts.china]),
        politics.memory.ladder,
        ECONOMIC,
        temper_of(p),
        allies.TERMS,
        p.dispute_odds_security,
        lambda act: author_of(act, politics=politics),
    )


def temper_of(p: Parameters) -> Temper:
    """The weights of the rule of senders."""
    return Temper(
        p.hazard_base,
        p.hazard_trigger,
        HAZARD_CAPABILITY,
        HAZARD_POWER,
        p.weight_future,
        p.weight_retaliation,
        LADDER_INERTIA,
    )


def written_down(view: View, deliberation: Deliberation) -> Decision:
    """What was seen, chosen and rejected."""
    chose, *rejected = map(weighed_choice, deliberation.options)
    return Decision(view.month, view.name, deliberation.saw, chose, tuple(rejected))


def remember_beginnings(politics: Politics, names: set[str], *, clock: Clock) -> None:
    """Since when acts that governments look at have stood, and how they are pleaded, is settled
    when they are first looked at.
    """
    month, start = clock.month, clock.start
    suspended = {
        str(e.get("of"))
        for e in politics.dates(start).by_kind.get("suspension", ())
        if e.actor in names and covers_now(e, clock=clock)
    }
    in_force, began = {event.id for event in politics.in_force}, politics.memory.began
    for event in [event for event in politics.script if event.id not in began and event.actor]:
        sent = event.kind in sender.SIGNALS and 0 <= month - event.month_index(start) < YEAR
        if event.id in in_force or (event.actor in names and (sent or event.id in suspended)):
            politics.memory.known(event, politics.script, politics.governments, start)


def weighed_choice(choice: Choice) -> Phrase:
    """'licensing on controlled_2025 towards World (score +0.040, for security)'."""
    return Phrase.of(
        "{what} (score {score}, {why})",
        what=_choice(choice, choice.goods),
        score=f"{choice.score:+.3f}",
        why=choice.why,
        kind=choice.kind,
    )


def _choice(choice: Choice, goods: tuple[str, ...] | tuple[Phrase, ...]) -> Phrase:
    """'dual use ban on rare earth magnets towards Japan': what is chosen, on these goods."""
    kind, targets = Phrase.name(kind=choice.kind), choice.targets
    if goods and targets:
        return Phrase.of(
            "{kind} on {goods} towards {targets}", kind=kind, goods=goods, targets=targets
        )
    if goods:
        return Phrase.of("{kind} on {goods}", kind=kind, goods=goods)
    if targets:
        return Phrase.of("{kind} towards {targets}", kind=kind, targets=targets)
    return Phrase.of("{kind}", kind=kind)


def to_event(
    actor: str, choice: Choice, before: list[Event], *, politics: Politics, clock: Clock
) -> Event:
    """The act that a choice enacts: dated the last day of this month, lasting as long as was
    chosen, checked like any act of a scenario.
    """
    now = month_name(clock.start, clock.month)
    ident = f"{actor}-{now}-{choice.kind}"
    same = sum(event.id.startswith(ident) for event in before)
    ident += f"-{same + 1}" if same else ""
    told = Phrase(
        "{who} decides: {what} ({why})",
        {
            "who": actor,
            "what": _choice(choice, tuple(Phrase.name(good=good) for good in choice.goods)),
            "why": choice.why,
            "id": ident,
        },
    )
    raw: dict[str, Any] = {
        "date": f"{now}-{days_in_month(now):02d}",
        "id": ident,
        "kind": choice.kind,
        "actor": actor,
        "text": str(told),
        **dict(choice.fields),
    }
    if choice.targets:
        raw["targets"] = list(choice.targets)
    if choice.goods:
        raw["goods"] = list(choice.goods)
    if choice.months:
        last = month_name(clock.start, clock.month + choice.months - 1)
        raw["end"] = f"{last}-{days_in_month(last):02d}"
    event = event_from_dict(
        politics.facts,
        raw,
        "decision",
        len(before) + 1,
        {event.id: event for event in (*politics.script, *before)},
    )
    return replace(event, told=told)
