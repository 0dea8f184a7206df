"""What an ally can see of coalitions, and the terms on which it reckons: the bridge from the world
to agents/governments/ally.py (M10).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.governments.ally import Pact, Terms
from coercivity.agents.governments.government_view import View
from coercivity.model.parts.world_view import WorldView
from coercivity.model.support.programmes import coalitions
from coercivity.model.use.exposure import exposure, gdp

# part of its exposure that an ally expects one programme to remove within ten years (assumed, 0.01
# to 0.3)
EFFECT = 0.05
# part of the value of a coalition that reaches who stays outside: new capacity sells to all
# (assumed, 0.2 to 0.95; behaviour rules 3.3)
SPILL = 0.6
# chance of a cut in a year that an ally reckons with at full threat (per year; behaviour rules 1.4:
# 0.24 measures a year 2006-22; 0.05 to 0.6)
CUT_CHANCE = 0.24
# budget of one programme (share of yearly GDP; packages of 2025-26: USD 1-12bn of 30,000bn, JPY
# 39bn of 600,000bn; 0.00002 to 0.0005)
BUDGET = 0.0001
TERMS = Terms(CUT_CHANCE, EFFECT, BUDGET, SPILL)


def pacts(seen: WorldView, view: View) -> list[Pact] | None:
    """Coalitions in force that a government is not in: members, GDP, what they have at stake, money
    left, and the joiner's yearly price wedge x use. None where friend-shoring is switched off, and
    for the exporter itself: they decide on no money.

    Wedge x use: what its plants and users would pay more a year if they bought all of a floor's
    good at the floor of the coalition, not at the quote.
    """
    facts = seen.facts
    if not seen.on["M10"] or facts.china in view.states:
        return None
    groups = [group for group in coalitions(seen.politics.in_force) if view.name not in group]
    if not groups:
        return []
    wealth = gdp(facts, seen.clock.start)
    at_stake = wealth * exposure(seen, (facts.china,))[0][:, 0]
    pacts_found = []
    for group in groups:
        members = tuple(name for name in facts.governments if name in group)
        rows = [facts.state_row[state] for name in members for state in facts.states_of(name)]
        running = [
            programme
            for programme in seen.support.programmes.values()
            if programme.open and programme.event.actor in group
        ]
        budget = sum(programme.left for programme in running)
        wedge = sum(
            _wedge(seen, view, programme.event.get("good"), programme.event.get("floor"))
            for programme in running
            if programme.kind == "price_floor"
        )
        name = next(
            event.id
            for event in seen.politics.in_force
            if event.kind == "coalition" and set(event.get("members")) <= group
        )
        pacts_found.append(
            Pact(
                name,
                members,
                float(wealth[rows].sum()),
                float(at_stake[rows].sum()),
                budget,
                wedge,
            )
        )
    return pacts_found


def _wedge(seen: WorldView, view: View, good: str, floor: float) -> float:
    needs, row = seen.needs, seen.facts.good_row[good]
    rows = (needs.good == row) & np.isin(seen.firms.state[needs.firm], view.states)
    gap = max(floor - float(seen.market.quote[row]), 0.0)
    return 12.0 * float(needs.expected[rows].sum()) * gap / 1000.0
