"""What the wall of a class plays of a half-year, as one JSON string of plain numbers and names; the
page puts words to it (words/wall_text.py).

    {round, months: [YYYY-MM, 7 of them, the first the month before],
     map: what viz/data/worldmap.js draws (map_data.py): {months, states, firms, plants, stops,
       building, dependence, chosen, groups: [{id, separated, covered, most, flows}]},
     from_china: {group: {government: [t a month]}},
     stock: {government: [months of use, or null]}, full_stock: months of use of a full bar,
     standing: {government: [lines]},
     prices: {good: [USD/kg]}, stops: [{frame, day, government, name, missing}],
     opened: [{frame, state, name}], broken: [{by, other, kind, id}], scores: {seat: points}}
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from coercivity.model.basis.facts import Facts
from coercivity.viz.classroom.engine.game_state import ROUND_MONTHS
from coercivity.viz.classroom.engine.replay import BUYERS, FLOWS, Replay
from coercivity.viz.page_data.map_data import largest_flows

# Of a bar, months of use: the same in every half-year of every game, so that a bar falls where a
# stock does. What lasts for a half-year or longer fills it.
FULL_STOCK: Final = ROUND_MONTHS


def half_data(told: Replay) -> dict[str, Any]:
    """The half-year as plain values."""
    return {
        "round": told.round,
        "months": list(told.months),
        "map": map_of(told),
        "from_china": {
            group: {name: told.from_china(group, name) for name in BUYERS} for group in FLOWS
        },
        "stock": told.stock,
        "full_stock": FULL_STOCK,
        "standing": told.standing,
        "prices": told.prices,
        "stops": [asdict(stop) for stop in told.stops],
        "opened": [asdict(one) for one in told.opened],
        "broken": [
            {
                "by": one.by,
                "other": next(seat for seat in one.deal.parties if seat != one.by),
                "kind": one.deal.kind,
                "id": one.id,
            }
            for one in told.broken
        ],
        "scores": told.scores,
    }


def map_of(told: Replay) -> dict[str, Any]:
    """What the map draws by frame: flows, lines that stand, plants that open."""
    facts = Facts.default()  # those of every class
    firms: list[list[Any]] = []
    stops: list[list[Any]] = []
    plants: list[list[Any]] = []
    for line in told.lines:
        stops.append([line.first, line.last, len(firms), line.missing, 100])
        firms.append([line.name, facts.state_row[line.state], line.name])
    for one in told.opened:
        plants.append([one.frame, len(firms), "opens"])
        firms.append([one.name, facts.state_row[one.state], one.name])
    return {
        "months": list(told.months),
        "states": list(facts.states),
        "firms": firms,
        "plants": plants,
        "stops": stops,
        "building": {},
        "dependence": {},
        "chosen": told.chosen,
        "groups": [
            {"id": name, **largest_flows(facts, told.flows[name], separated=True)} for name in FLOWS
        ],
    }
