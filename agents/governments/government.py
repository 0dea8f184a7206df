"""A government: what it remembers, and how it decides as a sender, a target and an ally (M12).

The rules that it goes by stand beside it: sender.py, target.py and ally.py; licensing_office.py and
supply.py are those of its offices. A government is scripted (dated acts only), autonomous (its rule
decides) or played (its choices are written in the scenario).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.mesa import BaseAgent, BaseModel
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments import ally, sender, target
from coercivity.agents.governments.deliberation import QUARTER, YEAR, Deliberation, Record, Rules
from coercivity.agents.governments.government_view import Act, Choice, View


def cooled_tension(tension: FloatArray, floor: FloatArray, half_life: float) -> FloatArray:
    """Tension fades, and not below what standing measures keep alive; what a truce or a concession
    takes away stays away: h <- max(h 2^(-1/T), min(h, floor)), T half-life.
    """
    return np.maximum(tension * 0.5 ** (1.0 / half_life), np.minimum(tension, floor))


def faded_memory(memory: FloatArray, half_life: float) -> FloatArray:
    """Memory of being coerced fades: m <- m 2^(-1/T), T half-life. Source: behaviour rules 2.4,
    half-life of 3 to 5 years.
    """
    return memory * 0.5 ** (1.0 / half_life)


class Government(BaseAgent):
    """A government: its name, how it is led in this run, its tension towards each state and its
    memory of being coerced by each (0-1).
    """

    def __init__(self, model: BaseModel, name: str, mode: str, states: int) -> None:
        super().__init__(model)
        self.name = name
        self.mode = mode
        self.tension = np.zeros(states)
        self.floor = np.zeros(states)  # tension that standing measures keep alive
        self.memory = np.zeros(states)
        self.capability = 0.0  # legal and institutional means, 0-1; only rises
        self.budget = 0.0  # USD million left for support
        self.spent = 0.0

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, {self.mode}>"

    def take_over(self, other: Government) -> None:
        """The state of mind of the same government in another world."""
        self.tension, self.memory = other.tension.copy(), other.memory.copy()
        self.floor = other.floor.copy()
        self.capability, self.budget, self.spent = other.capability, other.budget, other.spent

    def remember(self, states: list[int], weight: float) -> None:
        """Being coerced leaves a memory that fades: m <- m + w (1 - m)."""
        before = self.memory[states]
        self.memory[states] = before + weight * (1.0 - before)

    def learn(self, step: float) -> None:
        """Capability only rises: K <- K + step (1 - K). Source: behaviour rules 1.2."""
        self.capability += step * (1.0 - self.capability)

    def provoke(self, targets: list[int], weight: float) -> None:
        """An act of weight w towards states closes that part of the gap to open hostility (w > 0),
        or takes it away (w < 0, a truce).
        """
        for state in targets:
            before = self.tension[state]
            self.tension[state] = before + weight * (1.0 - before if weight > 0 else before)

    def remove(self) -> None:
        """Refused with ValueError: a state keeps its government. Give it mode 'scripted' to have it
        do nothing of its own.
        """
        raise ValueError(
            f"{self.name} is a government and cannot be removed; set its mode to "
            "'scripted' to have it do nothing of its own"
        )

    def look(self) -> View:
        """What it can observe now."""
        return self.model.view_of(self)

    def decide(
        self,
        view: View,
        luck: FloatArray,
        memory: Record,
        *,
        rules: Rules,
        pacts: Sequence[ally.Pact] | None,
    ) -> list[Deliberation]:
        """As a sender, as a target and as an ally.

        luck: a number from 0 to 1 for each government; pacts: coalitions that it could join, None:
        it decides on no money.
        """
        return [
            *self.as_sender(view, luck, rules=rules),
            *self.as_target(view, memory, rules=rules),
            *self.as_ally(view, rules=rules, pacts=pacts),
        ]

    def as_sender(self, view: View, luck: FloatArray, *, rules: Rules) -> list[Deliberation]:
        """A matter may come up against one target (the gravest first), or come up again after
        words; else a measure may be given back. At most one new measure a month.
        """
        chance = (rules.mean @ sender.comes_up(view, rules.temper)).tolist()
        if not any(chance):
            return []
        said, drawn = [], luck.tolist()
        due = [
            name
            for i, name in enumerate(rules.names)
            if drawn[i] < chance[i]
            or (chance[i] and sender.comes_up_again(view, rules.ladder, name, rules.rows[name]))
        ]
        if due:
            measure = self.take_up(view, due, rules=rules)
            said.append(measure)
            if measure.chosen:
                return said
        if view.month % QUARTER == 0 or view.gave_way:
            said += self.give_back(view, rules=rules)
        return said

    def take_up(self, view: View, due: list[str], *, rules: Rules) -> Deliberation:
        """Of those against whom a matter has come up, the one that provoked most; then the
        instrument that is worth most, or none.
        """
        gravest, rows = sender.provocation(view), rules.rows
        name = max(
            due, key=lambda n: (float(gravest[rows[n][0]]), float(view.power[list(rows[n])].mean()))
        )
        options = tuple(sender.candidates(view, rules.temper, rules.ladder, name, rows[name]))
        state = rows[name][0]
        saw = Phrase.of(
            "{who}: tension {tension}, power {power}, provocation {provocation}, "
            "capability {capability}, counter-leverage {leverage}, "
            "rival capacity under way {building}, credibility {credibility}",
            who=name,
            tension=f"{view.tension[state]:.2f}",
            power=f"{view.power[state]:.2f}",
            provocation=f"{gravest[state]:.1f}",
            capability=f"{view.capability:.2f}",
            leverage=f"{view.counter_leverage[state]:.2f}",
            building=f"{view.rival_building:.0%}",
            credibility=f"{view.credibility:.2f}",
        )
        return Deliberation(saw, options, options[:1] if options[0].kind != "nothing" else ())

    def give_back(self, view: View, *, rules: Rules) -> list[Deliberation]:
        """A measure is lifted or suspended towards one government, where that is worth more than to
        keep it.
        """
        weight = rules.mean @ (view.tension * view.power)
        foremost = rules.names[int(weight.argmax())]
        for name, where in rules.rows.items():
            if name == view.name:
                continue
            back = sender.give_back(view, rules.temper, rules.ladder, name, where, name == foremost)
            if back is None:
                continue
            struck = any(
                act.actor == name and act.kind == "import_tariff" for act in view.acts_against
            )
            saw = Phrase.of(
                "{who}: tension {tension}, power {power}; {why}",
                who=name,
                tension=f"{view.tension[where[0]]:.2f}",
                power=f"{view.power[where[0]]:.2f}",
                why=back.why,
            )
            keep = Choice("nothing", (name,), score=0.0, why=Phrase("keep every measure"))
            both = Phrase("both sides hold back")
            truce = Choice("truce", (name,), (), (), YEAR, back.score, both)
            return [Deliberation(saw, (back, keep), (back, truce) if struck else (back,))]
        return []

    def as_target(self, view: View, memory: Record, *, rules: Rules) -> list[Deliberation]:
        """The newest measure against it is answered when it is new, and every half-year while it
        lasts.
        """
        month, answered = view.month, memory.answered
        hurt = self.measures_that_hurt(view, memory, rules=rules)
        unanswered = [
            act
            for act in hurt
            if month - answered.get((view.name, f"{act.actor} {act.kind}"), -99) >= 6
        ]
        if not unanswered:
            return []
        act = min(unanswered, key=lambda a: (a.months, a.id))
        this = view.name, f"{act.actor} {act.kind}"
        answered[this] = month
        conceded, state = (view.name, f"conceded {act.actor}"), rules.rows[act.actor][0]
        options = target.answers(
            view,
            act,
            state,
            {tool.kind: tool.bite for tool in rules.ladder}.get(act.kind, act.severity),
            rules.dispute_odds,
            rules.temper.weight_retaliation,
            self.is_at_court(view, act, memory, rules=rules),
            month - memory.struck.get(this, -99) < YEAR,
        )
        lately = month - answered.get(conceded, -99) < YEAR
        options = [option for option in options if option.kind != "concession" or not lately]
        best = options[0]
        saw = Phrase.of(
            "{kind} by {who} in month {months}, for {framing}: loss {share} of GDP in a year, "
            "{power} under its power, tension {tension}",
            kind=act.kind,
            who=act.actor,
            months=act.months,
            framing=act.framing,
            share=f"{view.loss_share_12:.2%}",
            power=f"{view.power_under[state]:.2f}",
            tension=f"{view.tension[state]:.2f}",
        )
        if best.kind == "concession":
            answered[conceded] = month
        if best.kind in ("import_tariff", "trigger"):
            memory.struck[this] = month
        return [Deliberation(saw, tuple(options), () if best.kind == "endure" else (best,))]

    def measures_that_hurt(self, view: View, memory: Record, *, rules: Rules) -> list[Act]:
        """Acts of other governments against it that are grave; those that work by price count from
        the month in which they bind.
        """
        since = memory.bound_since
        bound = view.month - since if since >= 0 else -1
        grave = [
            act
            for act in view.acts_against
            if act.actor not in ("", view.name) and act.severity >= 0.3 and act.actor in rules.names
        ]
        return [
            replace(act, months=bound) if act.kind in rules.economic else act
            for act in grave
            if act.kind not in rules.economic or bound >= 0
        ]

    def is_at_court(self, view: View, act: Act, memory: Record, *, rules: Rules) -> bool:
        """Whether a case against such an act is pending, was won, or was brought before and
        lost.
        """
        pending = any(
            who == view.name and act.actor in rules.authors(accused)
            for _, _, accused, who in memory.disputes
        )
        won = (act.actor, act.kind) in memory.ended
        return pending or won or (view.name, act.actor, act.kind) in memory.lost

    def as_ally(
        self, view: View, *, rules: Rules, pacts: Sequence[ally.Pact] | None
    ) -> list[Deliberation]:
        """Each quarter, the best use of public money if it is worth its cost."""
        if pacts is None:
            return []
        exporter, name = rules.exporter
        options = tuple(ally.respond(view, rules.terms, exporter, pacts))
        if not options or options[0].kind == "nothing":
            return []
        saw = Phrase.of(
            "{who}: tension {tension}, memory of coercion {memory}, exposure {exposure} of GDP, "
            "loss {share} in a year; support: USD {left} million left, {spent} spent; "
            "months of cover: {cover}",
            who=name,
            tension=f"{view.tension_from[exporter]:.2f}",
            memory=f"{view.memory[exporter]:.2f}",
            exposure=f"{view.exposure[exporter]:.2%}",
            share=f"{view.loss_share_12:.3%}",
            left=f"{view.budget_left:,.0f}",
            spent=f"{view.budget_spent:,.0f}",
            cover=tuple(
                Phrase.of("{good} {months}", good=Phrase.name(good=good), months=f"{months:.1f}")
                for good, months in view.cover.items()
            ),
        )
        return [Deliberation(saw, options, options[:1])]
