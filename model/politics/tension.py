"""Tension between governments: acts bring it, and acts that stand keep a part of it alive (M12)."""

from __future__ import annotations

from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.politics import Politics
from coercivity.model.politics.views import own_states
from coercivity.model.scenario.event import Event

TENSION = {
    "remark": 0.1,
    "threat": 0.3,
    "review": 0.2,
    "licensing": 0.1,
    "dual_use_ban": 0.6,
    "entity_list": 0.3,
    "blanket_ban": 0.8,
    "cut": 0.8,  # times its share
    "customs_halt": 0.6,
    "extraterritorial": 0.3,
    "technology_ban": 0.1,
    "quota": 0.05,
    "truce": -0.6,
    "suspension": -0.3,
    "general_licence": -0.2,
    "trigger": 0.8,
    "concession": -0.5,
    "import_tariff": 0.2,
    "dispute": 0.1,
    "breach": 0.6,
}


def sour_relations(
    politics: Politics, event: Event, targets: list[int], own: tuple[str, ...]
) -> None:
    """Relations: an act moves its author's tension towards those it acts on and theirs towards it;
    a trigger or a concession only theirs.

    h <- h + w (1 - h), or h <- h (1 + w) for w < 0; half as much for a rule that names no country.
    Steps w by kind are assumed (TENSION).
    """
    facts = event.facts
    step = TENSION.get(event.kind, 0.0)
    if event.kind in ("trigger", "breach"):
        step *= event.get("severity")
    elif event.kind == "cut":
        step *= event.get("share")
    named, weight = _named_targets(event, targets)
    if event.kind not in ("trigger", "concession"):
        politics.government_of_state[facts.state_row[own[0]]].provoke(
            named or targets, weight * step
        )
    for government in dict.fromkeys(politics.government_of_state[state] for state in targets):
        government.provoke([facts.state_row[s] for s in own], weight * step)


def keep_tension_alive(politics: Politics, *, p: Parameters) -> None:
    """A measure that stands keeps a part of the tension alive that it brought, on both sides."""
    facts = p.facts
    place = {government.name: k for k, government in enumerate(politics.governments)}
    row_of = [place[name] for name in facts.government_by_state]
    kept = [[0.0] * len(facts.states) for _ in place]  # of each government, towards each state
    for event in politics.in_force:
        step = p.tension_kept * max(TENSION.get(event.kind, 0.0), 0.0)
        if not event.actor or not event.targets or step == 0.0:
            continue
        if event.kind == "cut":
            step *= event.get("share")
        hit = [facts.state_row[t] for t in event.target_states()]
        own = own_states(facts, event.actor)
        named, weight = _named_targets(event, hit)
        pairs = [
            pair
            for target in named or hit
            for pair in ((own[0], target), *((target, state) for state in own))
        ]
        for of, towards in pairs:
            mind = kept[row_of[of]]
            mind[towards] = max(mind[towards], weight * step)
    politics.minds.of(politics.governments)[politics.minds.names.index("floor")] = kept


def _named_targets(event: Event, targets: list[int]) -> tuple[list[int], float]:
    """Targets that an act names, and its weight for them: half where it names no country."""
    named = [
        t
        for t, name in zip(targets, event.target_states(), strict=True)
        if "World" not in event.targets or name in event.targets
    ]
    return named, 1.0 if named else 0.5
