"""Contradictions in acts of support, in acts against oneself and in acts about other acts: each
costs one clear message (M10).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, Phrase, wrong_field
from coercivity.model.basis.fixed_names import MOMENTS, WORLD
from coercivity.model.scenario.event import Event, event_place

SENDER: Final = "China"
SUPPORT: Final = ("grant", "loan", "equity", "tax_credit", "price_floor", "offtake", "stockpile")


def check_event(event: Event, where: Phrase) -> None:
    """What one act can get wrong by itself. Raises InputError with one line."""
    facts = event.facts
    own = facts.states_of(event.actor) if event.actor else ()
    for target in event.targets:
        if target != WORLD and set(facts.states_of(target)) <= set(own):
            raise InputError(
                "{field} '{value}' is the actor's own",
                "an act by {state} can only aim at others, leave it out",
                **wrong_field(where, "targets", target),
                state=event.actor,
            )
    if event.kind in ("ore_in_quota", "supply_order") and event.actor != SENDER:
        raise InputError(
            "{field} '{value}' sets no quota of mining or separation",
            "write {field}: {state}",
            **wrong_field(where, "actor", event.actor),
            state=SENDER,
        )
    if event.kind == "sales_end" and event.actor:
        raise InputError(
            "{field} '{value}' is named, but sellers end their sales themselves",
            "leave it out, or write kind: {kind}",
            **wrong_field(where, "actor", event.actor),
            kind="blanket_ban",
        )
    if event.kind == "sales_end" and event.get("state") in event.get("to"):
        raise InputError(
            "{field} '{value}' is the state that sells",
            "name other states",
            **wrong_field(where, "to", event.get("state")),
        )
    if event.kind == "coalition":
        _check_members(event, where)
    elif event.kind in SUPPORT:
        if event.actor == SENDER:
            raise InputError(
                "{field} '{value}' is the exporter that support is to make others independent of",
                "choose another government",
                **wrong_field(where, "actor", SENDER),
            )
        if SENDER in (event.get("hosts") or ()):
            raise InputError(
                "{field} '{value}' is the rival that the support is against",
                "name states outside {state}",
                **wrong_field(where, "hosts", SENDER),
                state=SENDER,
            )
        if event.kind == "price_floor" and event.get("ceiling") < event.get("floor"):
            raise InputError(
                "{field} '{value}' is below the floor of {low} USD/kg",
                "use {low} or more",
                **wrong_field(where, "ceiling", f"{event.get('ceiling'):g}"),
                low=f"{event.get('floor'):g}",
            )


def check_of(event: Event, act: Event, where: Phrase) -> None:
    """What a suspension or a case at the WTO can get wrong about the act that it is *of*. Raises
    InputError with one line.

    A case is ruled against the government that acted, and what it ends or a suspension interrupts
    has to last.
    """
    if event.kind == "dispute" and act.actor == event.actor:
        raise InputError(
            "{field} '{value}' is an act of {state} itself",
            "name an act of another government",
            **wrong_field(where, "of", act.id),
            state=event.actor,
        )
    if event.kind == "dispute" and not act.actor:
        raise InputError(
            "{field} '{value}' is of kind '{kind}', behind which no government stands",
            "name an act of another government",
            **wrong_field(where, "of", act.id),
            kind=act.kind,
        )
    if act.kind in MOMENTS or act.kind == "suspension":
        raise InputError(
            "{field} '{value}' is of kind '{kind}', which is never in force, so nothing can end it",
            "name a measure",
            **wrong_field(where, "of", act.id),
            kind=act.kind,
        )


def _check_members(event: Event, where: Phrase) -> None:
    members = event.get("members")
    both = [name for name in members if name in event.get("outside")]
    if both:
        raise InputError(
            "{field} '{value}' is a member of the coalition too",
            "name it in {members} or in {field}, not in both",
            **wrong_field(where, "outside", both[0]),
            members=Phrase.of("{field}", field="members"),
        )
    if SENDER in members:
        raise InputError(
            "{field} '{value}' is the exporter that the coalition is about",
            "leave it out",
            **wrong_field(where, "members", SENDER),
        )
    if event.actor not in members:
        raise InputError(
            "{field} '{value}' is not a member of its coalition",
            "write {field}: {state} or add it to members",
            **wrong_field(where, "actor", event.actor),
            state=members[0],
        )


def check_together(events: Iterable[Event], start: str, where: str | Phrase) -> None:
    """What acts can get wrong in a scenario: a budget in the past, a member of two coalitions at
    once, a case against an act that is listed after it.

    Raises InputError with one line.

    A coalition that holds all members of an earlier one is its enlargement and may run beside it.
    """
    pacts = []
    events = tuple(events)
    by_id = {event.id: event for event in events}
    for event in events:
        # again: a name that a government could give in a run may be that of an act further down
        if event.get("of") in by_id:
            check_of(event, by_id[event.get("of")], event_place(where, event.id))
        if event.kind not in SUPPORT and event.kind != "coalition":
            continue
        if event.end and month_index(start, event.end) < 0:
            raise InputError(
                "{field} '{value}' is a coalition in the past: the scenario begins in {low}"
                if event.kind == "coalition"
                else "{field} '{value}' is a budget in the past: the scenario begins in {low}",
                "use a later end",
                **wrong_field(event_place(where, event.id), "end", event.end),
                low=start,
            )
        if event.kind == "coalition":
            pacts.append(event)
    for k, pact in enumerate(pacts):
        for other in pacts[:k]:
            first, second = set(pact.get("members")), set(other.get("members"))
            shared = [name for name in pact.get("members") if name in second]
            apart = (pact.end and pact.end < other.date) or (other.end and other.end < pact.date)
            if shared and not apart and not (first <= second or second <= first):
                raise InputError(
                    "{field} '{value}' is a member of coalition {low} at the same time",
                    "end one before the other begins, or name all its members here to enlarge it",
                    **wrong_field(event_place(where, pact.id), "members", shared[0]),
                    low=other.id,
                )
