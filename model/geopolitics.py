"""Geopolitics: provocations, tension and memory; governments that decide, and disputes that are ruled (M12).

A government is scripted (dated acts), autonomous (its rule decides each month) or played (its choices are written in the scenario). What is decided in a
month is announced after all scripted acts of that month, in the order of GOVERNMENTS, so that nobody answers within the month what another decides in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents import sender, target
from coercivity.agents.columns import FloatArray
from coercivity.agents.state import Choice, Decision, Government, View
from coercivity.model import allies
from coercivity.model.calendar import days_in_month, month_name
from coercivity.model.events import Event, event_from_dict
from coercivity.model.goods import CHINA
from coercivity.model.luck import uniforms
from coercivity.model.names import GOVERNMENTS, STATES
from coercivity.model.signals import SEVERITY
from coercivity.model.views import GOVERNMENT_OF, Survey, facts_of, firm_value, ladder, laws, own_states, view_of

if TYPE_CHECKING:
    from coercivity.model.parameters import Parameters
    from coercivity.model.world import World

S = len(STATES)
YEAR, QUARTER = 12, 3
ROWS = {name: own_states(name) for name in GOVERNMENTS}
MEAN_OVER = np.array([[1.0 / len(ROWS[name]) if state in ROWS[name] else 0.0 for state in range(S)] for name in GOVERNMENTS])  # states to governments
PRACTICE = 0.05  # rise of capability with each own measure; assumed
ECONOMIC = ("quota", "export_duty")  # always pleaded as conservation of resources
PROVOKES = {"trigger": 1.0, "remark": 1.0}  # weight of their severity as a provocation


class Geopolitics:
    """What the politics of a run has to keep in mind beside each government's own tension, memory and capability."""

    def __init__(self, world: World) -> None:
        self.ladder = ladder()
        self.laws = laws(world.start_name)
        self.deciding = [g.name for g in world.governments if g.mode == "autonomous"]
        self.played = {g.name for g in world.governments if g.mode == "played"}
        self.history: list[tuple[int, str, tuple[str, ...], float, str, str]] = []  # month, actor, governments hit, severity, trigger|control, issue
        self.concessions: list[tuple[int, str, tuple[str, ...], float, str, str]] = []
        self.disputes: list[tuple[int, str, str, str]] = []  # month of the ruling, id of the case, id of the act, who brought it
        self.ended: dict[tuple[str, str], int] = {}  # (actor, kind) -> month in which a ruling ended such acts
        self.ruled: dict[str, int] = {}  # cases decided -> month
        self.answered: dict[tuple[str, str], int] = {}  # (government, act or sender) -> month of its last answer
        self.struck: dict[tuple[str, str], int] = {}  # (government, act) -> month in which it retaliated
        self.began: dict[str, tuple[int, str]] = {}
        self.losses = np.zeros((YEAR, S))  # USD million of output lost, by months ago
        self.survey: Any = None
        self.value: FloatArray | None = None
        start = "capability_2009" if world.start_name < "2015" else "capability_2024"
        for government in world.governments:
            government.capability = float(facts_of(government.name)[start])

    def copy(self) -> Geopolitics:
        """A memory that may go its own way."""
        other = Geopolitics.__new__(Geopolitics)
        for name, value in self.__dict__.items():
            other.__dict__[name] = value.copy() if isinstance(value, (list, dict, np.ndarray)) else value
        return other

    def known(self, world: World, event: Event) -> tuple[int, str]:
        """(month in which acts of this kind by this actor began without a break, how they are pleaded)."""
        if event.id not in self.began:
            first = event.month_index(world.start_name)
            alike = [e for e in world.script if e.kind == event.kind and e.actor == event.actor]
            for other in sorted(alike, key=lambda e: e.date, reverse=True):
                end = other.end_index(world.start_name)
                if other.month_index(world.start_name) < first and (end is None or end >= first - 1):
                    first = other.month_index(world.start_name)
            able = next(g.capability for g in world.governments if g.name == event.actor)
            self.began[event.id] = (first, event.get("framing") or ("conservation" if event.kind in ECONOMIC else sender.framing(able)))
        return self.began[event.id]


def held_back(world: World, event: Event) -> bool:
    """Whether an act is a player's choice: it is announced with what others decide in the month, not before."""
    return event.actor in world.geo.played and any(choice.id == event.id for choice in world.cfg.choices)


def cool(world: World) -> None:
    """Tension and memory fade; losses move into the past; capability rises with the law."""
    if not world.on["M12"]:
        return
    geo, p = world.geo, world.p
    for government in world.governments:
        government.cool(p.tension_half_life)
        government.forget(p.memory_half_life)
    for when, level in geo.laws:
        if when <= world.month:
            able = world.government_of_state[CHINA]
            able.capability = max(able.capability, level)
    geo.history = [entry for entry in geo.history if world.month - entry[0] < YEAR]
    if not geo.deciding:
        return
    if geo.value is None or len(geo.value) != len(world.firms):
        geo.value = firm_value(world)
    geo.losses = np.roll(geo.losses, 1, axis=0)
    geo.losses[0] = np.bincount(world.firms.state, weights=world.loss["gone"] * geo.value, minlength=S)


def take_note(world: World, event: Event) -> None:
    """What an act leaves behind: a provocation for those it hits, a memory of coercion, practice for its author, a case at court."""
    if not world.on["M12"] or not event.actor:
        return
    geo = world.geo
    hit = tuple(dict.fromkeys(GOVERNMENT_OF[STATES.index(state)] for state in event.target_states())) if event.targets else ()
    severity = event.get("severity", SEVERITY.get(event.kind, 0.0)) if event.kind in PROVOKES else SEVERITY.get(event.kind, 0.0)
    issue = event.get("issue", "sovereignty" if event.kind == "remark" else "trade")
    if event.kind in PROVOKES:
        geo.history.append((world.month, event.actor, hit, float(severity), "trigger", str(issue)))
    elif event.kind == "concession":
        geo.concessions.append((world.month, event.actor, hit, 1.0, "concession", "trade"))
    elif event.kind == "dispute":
        geo.disputes.append((world.month + round(world.p.dispute_months), event.id, event.get("of"), event.actor))
        geo.history.append((world.month, event.actor, tuple(_author(world, event.get("of"))), 0.2, "trigger", "trade"))
    elif event.kind == "import_tariff" or (severity > 0 and event.kind not in ("threat", "review")):
        weight = 0.4 if event.kind == "import_tariff" else float(severity)
        geo.history.append((world.month, event.actor, hit, weight, "control", "trade"))
        by_name = {g.name: g for g in world.governments}
        author = by_name[event.actor]
        rows = [STATES.index(state) for state in event.target_states()]
        routine = event.kind in ECONOMIC
        if not routine:
            author.last_measure[rows] = world.month
            author.learn(PRACTICE * (event.kind != "import_tariff"))
            pause = next((tool.pause for tool in geo.ladder if tool.kind == event.kind), 0)
            author.busy_until[rows] = np.maximum(author.busy_until[rows], world.month + pause)
        for name in hit:
            by_name[name].remember(list(own_states(event.actor)), weight * (0.2 if routine else 1.0) * (0.5 if len(hit) > 8 else 1.0))


def _author(world: World, act: str) -> list[str]:
    return [event.actor for event in world.script if event.id == act]


def rule_disputes(world: World) -> None:
    """A case is decided when its time is up: with the odds of its framing the acts of that kind by that actor end, else they stand."""
    geo = world.geo
    for when, case, act, who in [d for d in geo.disputes if d[0] <= world.month]:
        geo.disputes.remove((when, case, act, who))
        geo.ruled[case] = world.month
        found = next((event for event in world.script if event.id == act), None)
        if found is None:
            continue
        odds = target.odds_at_court(geo.known(world, found)[1], world.p.dispute_odds_security)
        won = float(uniforms(world.seed, f"dispute {case}", 0, 1)[0]) < odds
        if won:
            geo.ended[found.actor, found.kind] = world.month
        verdict = f"rules for {who}: {found.kind} by {found.actor} has to end" if won else f"brings {who} no relief: {found.kind} by {found.actor} stands"
        world.ledger.event(world, who, "ruling", f"The WTO {verdict}")


def decide(world: World) -> list[Event]:
    """Every autonomous government looks, weighs and chooses; returns the acts it enacts, to be announced this month."""
    geo = world.geo
    if not (world.on["M12"] and geo.deciding):
        return []
    rule_now = [g for g in world.governments if g.name in geo.deciding]
    if geo.survey is None or world.month % QUARTER == 0:
        geo.survey = Survey(world, rule_now)
    views = [view_of(world, government) for government in rule_now]
    acts: list[Event] = []
    for government, view in zip(rule_now, views, strict=True):
        chosen = [*as_sender(world, government, view), *as_target(world, view), *as_ally(world, view)]
        acts += [to_event(world, view.name, choice, acts) for choice in chosen]
    for event in acts:
        world.enact(event)
    return acts


def temper_of(p: Parameters) -> sender.Temper:
    """The weights of the rule."""
    return sender.Temper(p.hazard_base, p.hazard_trigger, p.hazard_capability, p.hazard_power, p.weight_future, p.weight_retaliation, p.ladder_inertia,
                         p.credibility_step)  # fmt: skip


def as_sender(world: World, government: Government, view: View) -> list[Choice]:
    """A matter may come up against one target (the gravest first); else a measure may be given back. At most one new measure a month."""
    mood, found = temper_of(world.p), []
    chance = MEAN_OVER @ sender.comes_up(view, mood)
    if not chance.any():
        return []
    luck = uniforms(world.seed, f"government {view.name}", world.month, len(GOVERNMENTS))
    gravest = sender.provocation(view)
    rows = ROWS
    due = [name for i, name in enumerate(GOVERNMENTS) if luck[i] < chance[i] and government.busy_until[rows[name][0]] <= world.month]
    if due:
        name = max(due, key=lambda n: (float(gravest[rows[n][0]]), float(view.power[list(rows[n])].mean())))
        options = sender.candidates(view, mood, world.geo.ladder, name, rows[name])
        state = rows[name][0]
        saw = (f"{name}: tension {view.tension[state]:.2f}, power {view.power[state]:.2f}, provocation {gravest[state]:.1f}, capability {view.capability:.2f}, "
               f"counter-leverage {view.counter_leverage[state]:.2f}, rival capacity under way {view.rival_building:.0%}, "
               f"credibility {view.credibility:.2f}")  # fmt: skip
        note_decision(world, view.name, saw, options)
        if options[0].kind != "nothing":
            return [options[0]]
    if world.month % QUARTER == 0 or view.gave_way:
        weight = MEAN_OVER @ (view.tension * view.power)
        foremost = GOVERNMENTS[int(weight.argmax())]
        for name, where in rows.items():
            if name == view.name:
                continue
            back = sender.give_back(view, mood, world.geo.ladder, name, where, name == foremost)
            if back is None:
                continue
            struck = [act for act in view.acts_against if act.actor == name and act.kind == "import_tariff"]
            saw = f"{name}: tension {view.tension[where[0]]:.2f}, power {view.power[where[0]]:.2f}; {back.why}"
            note_decision(world, view.name, saw, [back, Choice("nothing", (name,), score=0.0, why="keep every measure")])
            found.append(back)
            if struck:
                found.append(Choice("truce", (name,), (), (), YEAR, back.score, "both sides hold back"))
            break
    return found


def as_target(world: World, view: View) -> list[Choice]:
    """The newest measure against it is answered when it is new, and every half-year while it lasts."""
    geo, p = world.geo, world.p
    bites = {tool.kind: tool.bite for tool in geo.ladder}
    hurt = [act for act in view.acts_against if act.actor not in ("", view.name) and SEVERITY.get(act.kind, 0.0) >= 0.3 and act.actor in GOVERNMENTS]
    open_now = [act for act in hurt if world.month - geo.answered.get((view.name, f"{act.actor} {act.kind}"), -99) >= 6]
    if not open_now:
        return []
    act = min(open_now, key=lambda a: (a.months, a.id))
    geo.answered[view.name, f"{act.actor} {act.kind}"] = world.month
    at_court = any(who == view.name and act.actor in _author(world, of) for _, _, of, who in geo.disputes) or (act.actor, act.kind) in geo.ended
    conceded = world.month - geo.answered.get((view.name, f"conceded {act.actor}"), -99) < YEAR
    options = target.answers(view, act, act.actor, own_states(act.actor), bites.get(act.kind, SEVERITY.get(act.kind, 0.3)), p.dispute_odds_security,
                             p.weight_retaliation, at_court, world.month - geo.struck.get((view.name, act.id), -99) < YEAR)  # fmt: skip
    options = [option for option in options if option.kind != "concession" or not conceded]
    state = own_states(act.actor)[0]
    saw = (f"{act.kind} by {act.actor} in month {act.months}, for {act.framing}: loss {view.loss_share_12:.2%} of GDP in a year, "
           f"{view.power_under[state]:.2f} under its power, tension {view.tension[state]:.2f}")  # fmt: skip
    note_decision(world, view.name, saw, options)
    best = options[0]
    if best.kind == "endure":
        return []
    if best.kind == "concession":
        geo.answered[view.name, f"conceded {act.actor}"] = world.month
    if best.kind in ("import_tariff", "trigger"):
        geo.struck[view.name, act.id] = world.month
    return [best]


def as_ally(world: World, view: View) -> list[Choice]:
    """Each quarter, the best use of public money if it is worth its cost (allies.py)."""
    options = allies.options(world, view) if world.month % QUARTER == 0 else []
    if not options or options[0].kind == "nothing":
        return []
    cover = ", ".join(f"{good.replace('_', ' ')} {months:.1f}" for good, months in view.cover.items())
    saw = (f"{STATES[CHINA]}: tension {view.tension_from[CHINA]:.2f}, memory of coercion {view.memory[CHINA]:.2f}, exposure {view.exposure[CHINA]:.2%} of GDP, "
           f"loss {view.loss_share_12:.3%} in a year; support: USD {view.budget_left:,.0f} million left, {view.budget_spent:,.0f} spent; "
           f"months of cover: {cover}")  # fmt: skip
    note_decision(world, view.name, saw, options)
    return [options[0]]


def note_decision(world: World, name: str, saw: str, options: list[Choice]) -> None:
    """Write down what was seen, chosen and rejected."""
    rejected = "; ".join(in_words(option) for option in options[1:])
    world.ledger.decisions.append(Decision(world.month, name, saw, in_words(options[0]), rejected))


def in_words(choice: Choice) -> str:
    """'licensing on controlled_2025 towards World (score +0.04, for security)'."""
    on = f" on {', '.join(choice.goods)}" if choice.goods else ""
    to = f" towards {', '.join(choice.targets)}" if choice.targets else ""
    return f"{choice.kind.replace('_', ' ')}{on}{to} (score {choice.score:+.3f}, {choice.why})"


def to_event(world: World, actor: str, choice: Choice, before: list[Event]) -> Event:
    """The act that a choice enacts: dated the last day of this month, lasting as long as was chosen, checked like any act of a scenario."""
    now = month_name(world.start_name, world.month)
    ident = f"{actor}-{now}-{choice.kind}"
    same = sum(event.id.startswith(ident) for event in before)
    on = f" on {', '.join(choice.goods).replace('_', ' ')}" if choice.goods else ""
    to = f" towards {' and '.join(choice.targets)}" if choice.targets else ""
    raw: dict[str, Any] = {"date": f"{now}-{days_in_month(now):02d}", "id": ident + (f"-{same + 1}" if same else ""), "kind": choice.kind, "actor": actor,
                           "text": f"{actor} decides: {choice.kind.replace('_', ' ')}{on}{to} ({choice.why})", **dict(choice.fields)}  # fmt: skip
    if choice.targets:
        raw["targets"] = list(choice.targets)
    if choice.goods:
        raw["goods"] = list(choice.goods)
    if choice.months:
        last = month_name(world.start_name, world.month + choice.months - 1)
        raw["end"] = f"{last}-{days_in_month(last):02d}"
    return event_from_dict(raw, "decision", len(before) + 1, (*world.script, *before))


def is_ended(world: World, event: Event) -> bool:
    """Whether a ruling has ended an act, or a case has been decided."""
    geo = world.geo
    if event.id in geo.ruled:
        return True
    when = geo.ended.get((event.actor, event.kind))
    return when is not None and event.month_index(world.start_name) <= when
