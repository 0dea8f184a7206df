"""What those without a seat do: the press prints headlines about the half-year that comes, traders
bet on its numbers. Both are public, and settled by the model after the reveal
(engine/press.py, engine/market.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coercivity.model.basis.errors import InputError, shorten
from coercivity.viz.classroom.engine.market import Bet, check_bet
from coercivity.viz.classroom.engine.press import Headline, check_headline
from coercivity.viz.classroom.rooms.pieces import MARKET, PRESS, Person, clean_line
from coercivity.viz.classroom.rooms.state import RoomState


def headline(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """The press prints a headline: what will be true by the end of the half-year, how sure it is,
    and the words of the paper.
    """
    room.wants("brief", "talk")
    person = _in(room, event, PRESS)
    text = clean_line(event.get("text"))
    printed = Headline(
        room.game.played + 1, person.number, _word(event.get("claim")), event.get("sure"), text
    )
    check_headline(printed, room.headlines)
    room.headlines.append(printed)


def unprint(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A headline of this round is taken back, by who wrote it."""
    room.wants("brief", "talk")
    person, claim = _in(room, event, PRESS), event.get("claim")
    for one in room.headlines:
        if (one.round, one.person, one.claim) == (room.game.played + 1, person.number, claim):
            room.headlines.remove(one)
            return
    raise InputError(
        "headline '{value}' is none of yours of this round", "look at the page again", value=claim
    )


def plain(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """The facilitator takes the words of a headline off, in any phase, also when its author has
    left: it stands with its claim's own, and is scored as before.
    """
    which = (event.get("round"), event.get("author"), event.get("claim"))
    for place, one in enumerate(room.headlines):
        if one.text and (one.round, one.person, one.claim) == which:
            room.headlines[place] = replace(one, text="")
            return
    raise InputError("this headline has no words of its own to take off", "look at the page again")


def bet(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A trader stakes coins on one side of a number of the coming half-year; another bet on the
    same number replaces it, none (0) takes it back.
    """
    room.wants("brief", "talk")
    person = _in(room, event, MARKET)
    placed = Bet(
        room.game.played + 1,
        person.number,
        _word(event.get("market")),
        event.get("side"),
        event.get("coins"),
    )
    others = [
        one
        for one in room.bets
        if (one.round, one.person, one.market) != (placed.round, placed.person, placed.market)
    ]
    check_bet(placed, others)
    room.bets[:] = others
    if placed.coins:
        room.bets.append(replace(placed, coins=int(placed.coins)))


def _word(value: object) -> str:
    """A name that somebody sent, as text whatever it is."""
    return value if isinstance(value, str) else shorten(value)


def _in(room: RoomState, event: Mapping[str, Any], place: str) -> Person:
    person = room.person_of(event)
    if person.place != place:
        raise InputError(
            "'{value}' sits in another place, where this is not done",
            "look at the page again",
            value=person.name,
        )
    return person
