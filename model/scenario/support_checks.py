"""Contradictions in acts of support, in acts against oneself and in acts about other acts: each
costs one clear message (M10).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.names import MOMENTS, WORLD, states_of

if TYPE_CHECKING:
    from coercivity.model.scenario.event import Event

SENDER: Final = "China"
SUPPORT: Final = ("grant", "loan", "equity", "tax_credit", "price_floor", "offtake", "stockpile")


def check_event(event: Event, where: str) -> None:
    """What one act can get wrong by itself. Raises InputError with one line."""
    own = states_of(event.actor) if event.actor else ()
    for target in event.targets:
        if target != WORLD and set(states_of(target)) <= set(own):
            raise InputError(
                f"{where}: targets '{shorten(target)}' is the actor's own; an act by "
                f"{event.actor} can only aim at others, leave it out"
            )
    if event.kind == "ore_in_quota" and event.actor != SENDER:
        raise InputError(
            f"{where}: actor '{event.actor}' sets no quota of separation; write actor: {SENDER}"
        )
    if event.kind == "sales_end" and event.actor:
        raise InputError(
            f"{where}: actor '{event.actor}' is named, but sellers end their sales themselves; "
            "leave it out, or write kind: blanket_ban"
        )
    if event.kind == "sales_end" and event.get("state") in event.get("to"):
        raise InputError(
            f"{where}: to '{event.get('state')}' is the state that sells; name other states"
        )
    if event.kind == "coalition":
        _check_members(event, where)
    elif event.kind in SUPPORT:
        if event.actor == SENDER:
            raise InputError(
                f"{where}: actor '{SENDER}' is the exporter that support is to make others "
                "independent of; write another actor"
            )
        if SENDER in (event.get("hosts") or ()):
            raise InputError(
                f"{where}: hosts '{SENDER}' is the rival that the support is against; name "
                f"states outside {SENDER}"
            )
        if event.kind == "price_floor" and event.get("ceiling") < event.get("floor"):
            raise InputError(
                f"{where}: ceiling '{event.get('ceiling'):g}' is below the floor of "
                f"{event.get('floor'):g} USD/kg; use {event.get('floor'):g} or more"
            )


def check_of(event: Event, act: Event, where: str) -> None:
    """What a suspension or a case at the WTO can get wrong about the act that it is *of*. Raises
    InputError with one line.

    A case is ruled against the government that acted, and what it ends or a suspension interrupts
    has to last.
    """
    if event.kind == "dispute" and act.actor == event.actor:
        raise InputError(
            f"{where}: of '{act.id}' is an act of {event.actor} itself; name an act of "
            "another government"
        )
    if event.kind == "dispute" and not act.actor:
        raise InputError(
            f"{where}: of '{act.id}' is a {act.kind}, behind which no government stands; "
            "name an act of another government"
        )
    if act.kind in MOMENTS or act.kind == "suspension":
        raise InputError(
            f"{where}: of '{act.id}' is a {act.kind}, which is never in force, so a "
            f"{event.kind} cannot end it; name a measure"
        )


def _check_members(event: Event, where: str) -> None:
    members = event.get("members")
    both = [name for name in members if name in event.get("outside")]
    if both:
        raise InputError(
            f"{where}: outside '{both[0]}' is a member of the coalition too; name it in "
            "members or in outside, not in both"
        )
    if SENDER in members:
        raise InputError(
            f"{where}: members '{SENDER}' is the exporter that the coalition is about; leave it out"
        )
    if event.actor not in members:
        raise InputError(
            f"{where}: actor '{event.actor}' is not a member of its coalition; write "
            f"actor: {members[0]} or add it to members"
        )


def check_together(events: Iterable[Event], start: str, where: str) -> None:
    """What acts can get wrong in a scenario: a budget in the past, a member of two coalitions at
    once, a case against an act that is listed after it.

    Raises InputError with one line.

    A coalition that holds all members of an earlier one is its enlargement and may run beside it.
    """
    pacts = []
    events = tuple(events)
    by_id = {event.id: event for event in events}
    for event in events:
        if (
            event.get("of") in by_id
        ):  # again: a name that a government could give in a run may be that of an act further down
            check_of(event, by_id[event.get("of")], f"{where}, event {event.id}")
        if event.kind not in SUPPORT and event.kind != "coalition":
            continue
        if event.end and month_index(start, event.end) < 0:
            what = "coalition" if event.kind == "coalition" else "budget"
            raise InputError(
                f"{where}, event {event.id}: end '{event.end}' is a {what} in the past: "
                f"the scenario begins in {start}; use a later end"
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
                    f"{where}, event {pact.id}: members '{shared[0]}' is a member of coalition "
                    f"{other.id} at the same time; end one before the other begins, "
                    "or name all its members here to enlarge it"
                )
