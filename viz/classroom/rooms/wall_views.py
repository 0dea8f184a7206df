"""What the wall of a room shows, as plain values: what everybody in the class may see, and nothing
that is anybody's own. No token, no sheet, no offer that is not accepted, no proposal, no vote.
"""

from __future__ import annotations

from typing import Any, Final

from coercivity import InputError
from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.game import play_round
from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.rooms.place_views import label
from coercivity.viz.classroom.rooms.press_and_market_jobs import SettledRounds
from coercivity.viz.classroom.rooms.role_views import OPEN, name_of, public_gallery
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import is_role
from coercivity.viz.classroom.rooms.views import all_predictions, clock_of, common_view, last_round
from coercivity.viz.classroom.words.game_text import seat_name

Plain = dict[str, Any]
SHOWN: Final = (  # of what everybody sees
    *("code", "phase", "round", "length", "from", "to", "deals", "agreed", "broken", "over"),
)


def wall_of(room: Room) -> Plain:
    """What stands on the wall besides the map."""
    told, phase = common_view(room), room.phase
    return {
        **{name: told[name] for name in SHOWN},
        "clock": clock_of(room),
        "seats": [
            {name: one[name] for name in ("seat", "actor", "sealed")} for one in told["seats"]
        ],
        "places": places(room),
        **boards(room),
        "last": last_round(room.game)["rounds"][-1]
        if phase == "reveal" and room.game.played
        else None,
        "question": told["question"] if phase == "debrief" else "",
        "predictions": all_predictions(room, room.is_told) if phase == "debrief" else [],
        "unsaid": [seat_name(seat) for seat in room.unsaid]
        if phase == "debrief" and not room.is_told
        else [],
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


def boards(room: Room) -> Plain:
    """What the press prints of the coming half-year, the newest first, and what the market gives
    for "up" on each number that somebody bets on, most coins first. Of the round that is on alone.
    """
    gallery = public_gallery(room)
    if room.phase not in OPEN:
        return {"headlines": [], "odds": []}
    bets = [one for one in gallery["odds"] if one["coins"]]
    return {
        "headlines": [
            {name: one[name] for name in ("text", "sure")} for one in reversed(gallery["headlines"])
        ],
        "odds": sorted(
            (
                {name: one[name] for name in ("market", "label", "hint", "chance", "coins")}
                for one in bets
            ),
            key=lambda one: -one["coins"],
        ),
    }


def own_worded_headlines(room: Room) -> list[Plain]:
    """For the facilitator: this round's headlines that stand on the wall in words of their own."""
    return [
        {
            "round": one.round,
            "author": one.person,
            "claim": one.claim,
            "paper": name_of(room, one.person),
            "text": one.text,
        }
        for one in room.headlines
        if one.round == room.round and one.text
    ]


def best_of_round(room: Room, settled: SettledRounds) -> Plain:
    """Whom the last round proved right: {press: [name, points], market: [name, coins]}, each None
    where nobody has gained.
    """
    last = room.game.played
    came = {last: settled.came[last]} if last in settled.came else {}
    outcomes = {last: settled.outcomes[last]} if last in settled.outcomes else {}
    return {
        "press": _leading_gain(room, press.sums(room.headlines, came)),
        "market": _leading_gain(room, market.sums(room.bets, outcomes)),
    }


def upcoming_game(room: Room) -> Game | None:
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


def _leading_gain(room: Room, gained: dict[int, float]) -> list[Any] | None:
    """The name of who has gained most, and how much."""
    for _, number, value in market.rank_sums(gained)[:1]:
        if value > 0:
            return [name_of(room, number), round(value)]
    return None
