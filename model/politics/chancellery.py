"""Governments that decide: each looks, weighs and chooses once a month; what it chose becomes an act, what it saw and rejected is written down (M12).

The rules are in agents/governments/sender.py, target.py and ally.py; here they meet the world.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents.governments import sender, target
from coercivity.agents.governments.government import Government
from coercivity.agents.governments.view import Choice, Decision, View
from coercivity.model.basis.calendar import days_in_month, month_name
from coercivity.model.basis.goods import CHINA
from coercivity.model.basis.luck import uniforms
from coercivity.model.basis.names import GOVERNMENTS, STATES, Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.memory import ECONOMIC, YEAR
from coercivity.model.parts.politics import Politics
from coercivity.model.politics import allies
from coercivity.model.politics.memory import author_of
from coercivity.model.politics.signals import SEVERITY
from coercivity.model.politics.views import Survey, covers_now, own_states, view_of
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.reading import event_from_dict
from coercivity.model.seen import Seen

if TYPE_CHECKING:
    from coercivity.model.basis.parameters import Parameters

S, QUARTER = len(STATES), 3
ROWS = {name: own_states(name) for name in GOVERNMENTS}
MEAN_OVER = np.array(
    [
        [1.0 / len(ROWS[name]) if state in ROWS[name] else 0.0 for state in range(S)]
        for name in GOVERNMENTS
    ]
)  # states to governments


def decide(
    politics: Politics, ledger: Ledger, *, clock: Clock, p: Parameters, on: Switches, seen: Seen
) -> list[Event]:
    """Every autonomous government looks, weighs and chooses; returns the acts it enacts, to be announced this month."""
    geo = politics.memory
    if not (on["M12"] and geo.deciding):
        return []
    rule_now = [g for g in politics.governments if g.name in geo.deciding]
    if geo.survey is None or clock.month % QUARTER == 0:
        geo.survey = Survey(seen, rule_now)
    remember_beginnings(politics, {government.name for government in rule_now}, clock=clock)
    views = [view_of(seen, government) for government in rule_now]
    acts: list[Event] = []
    for government, view in zip(rule_now, views, strict=True):
        chosen = [
            *as_sender(ledger, government, view, politics=politics, clock=clock, p=p),
            *as_target(politics, ledger, view, clock=clock, p=p),
            *as_ally(ledger, view, clock=clock, seen=seen),
        ]
        acts += [
            to_event(view.name, choice, acts, politics=politics, clock=clock) for choice in chosen
        ]
    for event in acts:
        politics.enact(event)
    return acts


def remember_beginnings(politics: Politics, names: set[str], *, clock: Clock) -> None:
    """Since when acts that governments look at have stood, and how they are pleaded, is settled when they are first looked at."""
    month, start = clock.month, clock.start
    held = {
        str(e.get("of"))
        for e in politics.script
        if e.kind == "suspension" and e.actor in names and covers_now(e, clock=clock)
    }
    in_force = {event.id for event in politics.in_force}
    for event in politics.script:
        if event.id in politics.memory.began:
            continue
        sent = (
            event.kind in sender.SIGNALS
            and event.actor in names
            and 0 <= month - event.month_index(start) < YEAR
        )
        if (
            sent
            or (event.id in held and event.actor in names)
            or (event.actor and event.id in in_force)
        ):
            politics.memory.known(event, politics.script, politics.governments, start)


def temper_of(p: Parameters) -> sender.Temper:
    """The weights of the rule."""
    return sender.Temper(
        p.hazard_base,
        p.hazard_trigger,
        p.hazard_capability,
        p.hazard_power,
        p.weight_future,
        p.weight_retaliation,
        p.ladder_inertia,
        p.credibility_step,
    )


def as_sender(
    ledger: Ledger,
    government: Government,
    view: View,
    *,
    politics: Politics,
    clock: Clock,
    p: Parameters,
) -> list[Choice]:
    """A matter may come up against one target (the gravest first); else a measure may be given back. At most one new measure a month."""
    mood, found = temper_of(p), []
    chance = MEAN_OVER @ sender.comes_up(view, mood)
    if not chance.any():
        return []
    luck = uniforms(clock.seed, f"government {view.name}", clock.month, len(GOVERNMENTS))
    gravest = sender.provocation(view)
    due = [
        name
        for i, name in enumerate(GOVERNMENTS)
        if luck[i] < chance[i] and government.busy_until[ROWS[name][0]] <= clock.month
    ]
    if due:
        name = max(
            due, key=lambda n: (float(gravest[ROWS[n][0]]), float(view.power[list(ROWS[n])].mean()))
        )
        options = sender.candidates(view, mood, politics.memory.ladder, name, ROWS[name])
        state = ROWS[name][0]
        saw = (
            f"{name}: tension {view.tension[state]:.2f}, power {view.power[state]:.2f}, provocation {gravest[state]:.1f}, capability {view.capability:.2f}, "
            f"counter-leverage {view.counter_leverage[state]:.2f}, rival capacity under way {view.rival_building:.0%}, "
            f"credibility {view.credibility:.2f}"
        )
        note_decision(ledger, view.name, saw, options, clock=clock)
        if options[0].kind != "nothing":
            return [options[0]]
    if clock.month % QUARTER == 0 or view.gave_way:
        weight = MEAN_OVER @ (view.tension * view.power)
        foremost = GOVERNMENTS[int(weight.argmax())]
        for name, where in ROWS.items():
            if name == view.name:
                continue
            back = sender.give_back(
                view, mood, politics.memory.ladder, name, where, name == foremost
            )
            if back is None:
                continue
            struck = [
                act
                for act in view.acts_against
                if act.actor == name and act.kind == "import_tariff"
            ]
            saw = f"{name}: tension {view.tension[where[0]]:.2f}, power {view.power[where[0]]:.2f}; {back.why}"
            note_decision(
                ledger,
                view.name,
                saw,
                [back, Choice("nothing", (name,), score=0.0, why="keep every measure")],
                clock=clock,
            )
            found.append(back)
            if struck:
                found.append(
                    Choice("truce", (name,), (), (), YEAR, back.score, "both sides hold back")
                )
            break
    return found


def as_target(
    politics: Politics, ledger: Ledger, view: View, *, clock: Clock, p: Parameters
) -> list[Choice]:
    """The newest measure against it is answered when it is new, and every half-year while it lasts."""
    geo = politics.memory
    bites = {tool.kind: tool.bite for tool in geo.ladder}
    hurt = [
        act
        for act in view.acts_against
        if act.actor not in ("", view.name)
        and SEVERITY.get(act.kind, 0.0) >= 0.3
        and act.actor in GOVERNMENTS
    ]
    bound = clock.month - geo.bound_since if geo.bound_since >= 0 else -1
    hurt = [
        replace(act, months=bound) if act.kind in ECONOMIC else act
        for act in hurt
        if act.kind not in ECONOMIC or bound >= 0
    ]
    open_now = [
        act
        for act in hurt
        if clock.month - geo.answered.get((view.name, f"{act.actor} {act.kind}"), -99) >= 6
    ]
    if not open_now:
        return []
    act = min(open_now, key=lambda a: (a.months, a.id))
    geo.answered[view.name, f"{act.actor} {act.kind}"] = clock.month
    at_court = any(
        who == view.name and act.actor in author_of(of, politics=politics)
        for _, _, of, who in geo.disputes
    )
    at_court = (
        at_court
        or (act.actor, act.kind) in geo.ended
        or (view.name, act.actor, act.kind) in geo.lost
    )
    conceded = clock.month - geo.answered.get((view.name, f"conceded {act.actor}"), -99) < YEAR
    options = target.answers(
        view,
        act,
        act.actor,
        own_states(act.actor),
        bites.get(act.kind, SEVERITY.get(act.kind, 0.3)),
        p.dispute_odds_security,
        p.weight_retaliation,
        at_court,
        clock.month - geo.struck.get((view.name, f"{act.actor} {act.kind}"), -99) < YEAR,
    )
    options = [option for option in options if option.kind != "concession" or not conceded]
    state = own_states(act.actor)[0]
    saw = (
        f"{act.kind} by {act.actor} in month {act.months}, for {act.framing}: loss {view.loss_share_12:.2%} of GDP in a year, "
        f"{view.power_under[state]:.2f} under its power, tension {view.tension[state]:.2f}"
    )
    note_decision(ledger, view.name, saw, options, clock=clock)
    best = options[0]
    if best.kind == "endure":
        return []
    if best.kind == "concession":
        geo.answered[view.name, f"conceded {act.actor}"] = clock.month
    if best.kind in ("import_tariff", "trigger"):
        geo.struck[view.name, f"{act.actor} {act.kind}"] = clock.month
    return [best]


def as_ally(ledger: Ledger, view: View, *, clock: Clock, seen: Seen) -> list[Choice]:
    """Each quarter, the best use of public money if it is worth its cost (allies.py)."""
    options = allies.options(seen, view) if clock.month % QUARTER == 0 else []
    if not options or options[0].kind == "nothing":
        return []
    cover = ", ".join(
        f"{good.replace('_', ' ')} {months:.1f}" for good, months in view.cover.items()
    )
    saw = (
        f"{STATES[CHINA]}: tension {view.tension_from[CHINA]:.2f}, memory of coercion {view.memory[CHINA]:.2f}, exposure {view.exposure[CHINA]:.2%} of GDP, "
        f"loss {view.loss_share_12:.3%} in a year; support: USD {view.budget_left:,.0f} million left, {view.budget_spent:,.0f} spent; "
        f"months of cover: {cover}"
    )
    note_decision(ledger, view.name, saw, options, clock=clock)
    return [options[0]]


def note_decision(
    ledger: Ledger, name: str, saw: str, options: list[Choice], *, clock: Clock
) -> None:
    """Write down what was seen, chosen and rejected."""
    rejected = "; ".join(in_words(option) for option in options[1:])
    ledger.decisions.append(Decision(clock.month, name, saw, in_words(options[0]), rejected))


def in_words(choice: Choice) -> str:
    """'licensing on controlled_2025 towards World (score +0.04, for security)'."""
    on = f" on {', '.join(choice.goods)}" if choice.goods else ""
    to = f" towards {', '.join(choice.targets)}" if choice.targets else ""
    return f"{choice.kind.replace('_', ' ')}{on}{to} (score {choice.score:+.3f}, {choice.why})"


def to_event(
    actor: str, choice: Choice, before: list[Event], *, politics: Politics, clock: Clock
) -> Event:
    """The act that a choice enacts: dated the last day of this month, lasting as long as was chosen, checked like any act of a scenario."""
    now = month_name(clock.start, clock.month)
    ident = f"{actor}-{now}-{choice.kind}"
    same = sum(event.id.startswith(ident) for event in before)
    on = f" on {', '.join(choice.goods).replace('_', ' ')}" if choice.goods else ""
    to = f" towards {' and '.join(choice.targets)}" if choice.targets else ""
    raw: dict[str, Any] = {
        "date": f"{now}-{days_in_month(now):02d}",
        "id": ident + (f"-{same + 1}" if same else ""),
        "kind": choice.kind,
        "actor": actor,
        "text": f"{actor} decides: {choice.kind.replace('_', ' ')}{on}{to} ({choice.why})",
        **dict(choice.fields),
    }
    if choice.targets:
        raw["targets"] = list(choice.targets)
    if choice.goods:
        raw["goods"] = list(choice.goods)
    if choice.months:
        last = month_name(clock.start, clock.month + choice.months - 1)
        raw["end"] = f"{last}-{days_in_month(last):02d}"
    return event_from_dict(
        raw, "decision", len(before) + 1, {event.id: event for event in (*politics.script, *before)}
    )
