"""Export quotas for which there is nothing to ration: each costs one clear message."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from coercivity.model.basis.errors import InputError, Phrase, wrong_field
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.overlay import NO_ROWS, Beginning, OwnRows
from coercivity.model.scenario.event import Event, event_place
from coercivity.model.start.population import census


def sold_in(
    actor: str, facts: Facts, start: str, firms_per_sector: int, own: OwnRows = NO_ROWS
) -> tuple[str, ...]:
    """Goods that plants in a government's states sell at a start, or would if they were built."""
    people = census(facts, start, firms_per_sector, own)
    places = [facts.state_row[state] for state in facts.states_of(actor)]
    theirs = np.isin(people.firms.state[people.offers.firm], places)
    return tuple(facts.goods[good] for good in np.unique(people.offers.good[theirs]))


def check_quotas(events: Iterable[Event], begin: Beginning, where: str | Phrase) -> None:
    """Refuse a quota on goods of which nobody in the actor's states can sell any in a world that
    begins so. Raises InputError with one line. Costs nothing where there are no quotas.
    """
    for event in events:
        if event.kind != "quota":
            continue
        sold = sold_in(event.actor, *begin)
        if not set(event.goods) & set(sold):
            raise InputError(
                "{field} '{value}': nobody in {state} sells any in a world of {low}, so a quota "
                "there binds nothing",
                Phrase.of("name some of {names}", names=sold)
                if sold
                else "choose another government",
                **wrong_field(event_place(where, event.id), "goods", ", ".join(event.goods)),
                state=event.actor,
                low=begin.start,
            )
