"""What the wall of a room shows, as plain values: what everybody in the class may see, and nothing
that is anybody's own. No token, no sheet, no offer that is not accepted, no proposal, no vote.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from coercivity.experiments.game.game import play_round
from coercivity.experiments.game.market import HOUSE, MARKETS, Outcome, chance, gains, pools
from coercivity.experiments.game.pieces import Game
from coercivity.experiments.game.press import CLAIMS, points
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_pieces import is_role
from coercivity.viz.classroom.room_places import label
from coercivity.viz.classroom.room_views import all_predictions, common
from coercivity.viz.words.game_text import number_label
from coercivity.viz.words.language import say

Plain = dict[str, Any]
SHOWN: Final = (  # of what everybody sees
    *("code", "phase", "round", "length", "from", "to", "clock", "deals", "agreed", "over"),
)


def wall_of(room: Room) -> Plain:
    """What stands on the wall besides the map."""
    told, phase = common(room), room.phase
    return {
        **{name: told[name] for name in SHOWN},
        "seats": [
            {name: one[name] for name in ("seat", "actor", "sealed")} for one in told["seats"]
        ],
        "places": places(room),
        "headlines": headlines(room),
        "odds": odds(room),
        "last": told["rounds"][-1] if phase == "reveal" and told["rounds"] else None,
        "question": told["question"] if phase == "debrief" else "",
        "predictions": all_predictions(room) if phase == "debrief" else [],
    }


def places(room: Room) -> list[Plain]:
    """Who sits where: every seat, and the roles that somebody has taken."""
    found: dict[str, list[str]] = {seat: [] for seat in room.game.seats}
    for person in list(room.people.values()):
        found.setdefault(person.place, []).append(person.name)
    return [
        {"place": place, "name": label(place), "people": names, "role": is_role(place)}
        for place, names in found.items()
    ]


def headlines(room: Room) -> list[Plain]:
    """What the press prints of the coming half-year, the newest first."""
    coming = room.game.played + 1
    return [
        {"text": one.text or say(CLAIMS[one.claim].label), "sure": one.sure}
        for one in reversed(room.headlines)
        if one.round == coming
    ]


def odds(room: Room) -> list[Plain]:
    """What the market gives for "up" on each number that somebody bets on, most coins first."""
    held = pools(room.bets, room.game.played + 1)
    told = [
        {
            "market": name,
            "label": number_label(MARKETS[name].asked),
            "up": chance(pool),
            "coins": sum(pool.values()) - 2 * HOUSE,
        }
        for name, pool in held.items()
    ]
    return sorted((one for one in told if one["coins"]), key=lambda one: -one["coins"])


def best(room: Room, came: dict[str, bool], sides: dict[str, str]) -> Plain:
    """Whom the last round proved right: {press: [name, points], market: [name, coins]}, each None
    where nobody has gained.
    """
    number = room.game.played
    printed: dict[int, float] = defaultdict(float)
    for one in room.headlines:
        if one.round == number:
            printed[one.person] += points(one.sure, came[one.claim])
    found = {name: Outcome(0.0, 0.0, side) for name, side in sides.items()}
    return {
        "press": _first(room, printed),
        "market": _first(room, gains(room.bets, number, found)),
    }


def coming(room: Room) -> Game | None:
    """The game as it will be once the round that is closed is revealed, with the sheets that are
    in; None in any other phase. It is for the server alone: no page gets anything of it.
    """
    if room.phase != "sealed":
        return None
    try:
        return play_round(
            room.game,
            {seat: sheet.moves for seat, sheet in room.sheets.items()},
            room.accepted(),
        )
    except InputError:
        return None  # the reveal will say why


def _first(room: Room, gained: dict[int, float]) -> list[Any] | None:
    """The name of who has gained most, and how much; who has left has no name any more."""
    there = {number: value for number, value in gained.items() if number in room.people}
    number = max(there, key=lambda one: there[one], default=0)
    if not number or there[number] <= 0:
        return None
    return [room.people[number].name, round(there[number])]
