"""Geopolitics: provocations, memory, capability, and disputes that are ruled (M12). What
governments decide is in chancellery.py.

A government is scripted (dated acts), autonomous (its rule decides each month) or played (its
choices are written in the scenario). What is decided in a month is announced after all scripted
acts of that month, in the order of GOVERNMENTS, so that nobody answers within the month what
another decides in it.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments import target
from coercivity.agents.governments.government import Government, cooled_tension, faded_memory
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.luck import uniforms
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.memory import ECONOMIC, YEAR, FeltAct, Geopolitics
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.world_view import WorldView
from coercivity.model.politics.alarm_and_distrust import SEVERITY
from coercivity.model.politics.views import facts_of, firm_value, ladder, laws, own_states
from coercivity.model.scenario.event import Event

PRACTICE = 0.05  # rise of capability with each own measure; assumed
PROVOKES = ("trigger", "remark")
# from a complaint at the WTO to the final ruling; DS431: consultations in March 2012, the Appellate
# Body in August 2014
DISPUTE_MONTHS = 29
# half-life of a government's memory of being coerced (months; behaviour rules 2.4 (3-5 years); 24
# to 60)
MEMORY_HALF_LIFE = 42.0


def remember(facts: Facts, governments: list[Government], start: str) -> Geopolitics:
    """A memory of nothing yet, with each government's capability as it was at the start."""
    column = "capability_2009" if start < "2015" else "capability_2024"
    for government in governments:
        government.capability = float(facts_of(facts, government.name)[column])
    return Geopolitics(facts, ladder(facts), laws(facts, start), governments)


def held_back(event: Event, *, politics: Politics) -> bool:
    """Whether an act is a player's choice: it is announced with what others decide in the month,
    not before.
    """
    return event.actor in politics.memory.played and event.id in politics.choices


def update_political_memory(politics: Politics, *, seen: WorldView) -> None:
    """Tension and memory fade; losses move into the past; capability rises with the law."""
    if not seen.on["M12"]:
        return
    facts, firms, month, geo = seen.facts, seen.firms, seen.clock.month, politics.memory
    minds = politics.minds.of(politics.governments)
    if minds.any():  # else nobody is angry and nobody has been coerced
        tension, floor, memory = minds
        tension[:] = cooled_tension(tension, floor, seen.p.tension_half_life)
        memory[:] = faded_memory(memory, MEMORY_HALF_LIFE)
    for when, level in geo.laws:
        if when <= month:
            able = politics.government_of_state[facts.china]
            able.capability = max(able.capability, level)
    binds = seen.border.rent.any()
    geo.bound_since = -1 if not binds else geo.bound_since if geo.bound_since >= 0 else month
    geo.history = [entry for entry in geo.history if month - entry[0] < YEAR]
    if not geo.deciding:
        return
    if geo.value is None or len(geo.value) != len(firms):
        geo.value = firm_value(seen)
    geo.losses[1:] = geo.losses[:-1]
    geo.losses[0] = np.bincount(
        firms.state, weights=firms.loss_gone * geo.value, minlength=len(facts.states)
    )


def take_note(politics: Politics, event: Event, *, border: Border, clock: Clock) -> None:
    """What an act leaves behind: a provocation for those it hits, a memory of coercion, practice
    for its author, a case at court."""
    geo, kind, month = politics.memory, event.kind, clock.month
    hit = governments_hit(event)
    severity = SEVERITY.get(kind, 0.0)
    if kind in PROVOKES:
        severity = float(event.get("severity", severity))
        issue = event.get("issue", "sovereignty" if kind == "remark" else "trade")
        geo.history.append(FeltAct(month, event.actor, hit, severity, "trigger", str(issue)))
    elif kind == "concession":
        geo.concessions.append(FeltAct(month, event.actor, hit, 1.0, "concession", "trade"))
    elif kind == "dispute":
        subject = event.get("of")
        authors = tuple(author_of(subject, politics=politics))
        geo.disputes.append((month + DISPUTE_MONTHS, event.id, subject, event.actor))
        geo.history.append(FeltAct(month, event.actor, authors, 0.2, "trigger", "trade"))
    elif kind == "import_tariff" or (severity > 0 and kind not in ("threat", "review")):
        if kind in ECONOMIC and not border.rent.any():
            return  # a quota or duty that binds nobody is routine
        weight = 0.4 if kind == "import_tariff" else float(severity)
        geo.history.append(FeltAct(month, event.actor, hit, weight, "control", "trade"))
        note_measure(politics, event, hit, weight)


def governments_hit(event: Event) -> tuple[str, ...]:
    """Governments of the states that an act is aimed at, each once."""
    if not event.targets:
        return ()
    return tuple(dict.fromkeys(map(event.facts.government_of, event.target_states())))


def note_measure(politics: Politics, event: Event, hit: tuple[str, ...], weight: float) -> None:
    """A measure is practice for its author and is remembered by those it hits: by weight w, 0.2 w
    where it is routine (a quota or duty), half of it where it hits more than 8."""
    facts = event.facts
    by_name = {g.name: g for g in politics.governments}
    routine = event.kind in ECONOMIC
    if not routine:
        by_name[event.actor].learn(PRACTICE * (event.kind != "import_tariff"))
    for name in hit:
        by_name[name].remember(
            list(own_states(facts, event.actor)),
            weight * (0.2 if routine else 1.0) * (0.5 if len(hit) > 8 else 1.0),
        )


def author_of(act: str, *, politics: Politics) -> list[str]:
    """The government behind an act, in a list; an empty one where no such act was written."""
    return [event.actor for event in politics.script if event.id == act]


def rule_disputes(politics: Politics, ledger: Ledger, *, clock: Clock, p: Parameters) -> None:
    """A case is decided when its time is up: with the odds of its framing the acts of that kind by
    that actor end, else they stand.
    """
    geo = politics.memory
    for when, case, act, who in [d for d in geo.disputes if d[0] <= clock.month]:
        geo.disputes.remove((when, case, act, who))
        geo.ruled[case] = clock.month
        disputed = next((event for event in politics.script if event.id == act), None)
        if disputed is None:
            continue
        odds = target.odds_at_court(
            geo.known(disputed, politics.script, politics.governments, clock.start)[1],
            p.dispute_odds_security,
        )
        won = float(uniforms(clock.seed, f"dispute {case}", 0, 1)[0]) < odds
        if won:
            geo.ended[disputed.actor, disputed.kind] = clock.month
        else:
            geo.lost[who, disputed.actor, disputed.kind] = clock.month
        told = Phrase.of(
            "The WTO rules for {who}: {kind} by {other} has to end"
            if won
            else "The WTO brings {who} no relief: {kind} by {other} stands",
            who=who,
            kind=disputed.kind,
            other=disputed.actor,
        )
        ledger.event(clock.month, who, "ruling", told)


def is_ended(event: Event, *, politics: Politics, clock: Clock) -> bool:
    """Whether a ruling has ended an act, or a case has been decided."""
    geo = politics.memory
    if event.id in geo.ruled:
        return True
    when = geo.ended.get((event.actor, event.kind))
    return when is not None and event.month_index(clock.start) <= when
