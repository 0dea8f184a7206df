"""What those without a seat do. A parliament with people in it backs concessions to China, more for
one than against; the press prints headlines about the half-year that comes; traders bet on its
numbers. Headlines and bets are public, and settled by the model after the reveal (engine/press.py,
engine/market.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.errors import shorten
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, seats
from coercivity.viz.classroom.engine.market import Bet, check_bet
from coercivity.viz.classroom.engine.press import Headline, check_headline
from coercivity.viz.classroom.rooms.state import BOARD, MARKET, PRESS, Person, RoomState, clean_line

CONCEDES: Final = "concession"  # the card
CONCEDES_IN: Final = "licences"  # the deal, for its other party


def back_concession(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A member of a parliament backs a concession of this round, or (no) refuses it, or (None) says
    neither.
    """
    room.wants("brief", "talk")
    person, yes = room.person_of(event), event.get("yes")
    if not person.place.startswith(BOARD):
        raise InputError(
            "'{value}' is in no parliament, and only its members vote there",
            "look at the page again",
            value=person.name,
        )
    backs = room.backs.setdefault(person.place.removeprefix(BOARD), {})
    if yes is None:
        backs.pop(person.number, None)
    elif isinstance(yes, bool):
        backs[person.number] = yes
    else:
        raise InputError("vote '{value}' is neither yes nor no", "use one of the two", value=yes)


def has_board(room: RoomState, seat: str) -> bool:
    """Whether anybody sits in the parliament of a seat."""
    return bool(room.at(BOARD + seat))


def count(room: RoomState, seat: str) -> tuple[int, int]:
    """Votes for a concession, and against it."""
    votes = list(room.backs.get(seat, {}).values())
    return sum(votes), len(votes) - sum(votes)


def is_backed(room: RoomState, seat: str) -> bool:
    """Whether a seat may concede: its parliament is empty, or more are for it than against."""
    yes, no = count(room, seat)
    return not has_board(room, seat) or yes > no


def check_backed(room: RoomState, seat: str, moves: Iterable[Mapping[str, Any]]) -> None:
    """Refuse moves that the parliament has not backed. Raises InputError."""
    if any(move.get("card") == CONCEDES for move in moves):
        _check(room, seat)


def check_deal_backed(room: RoomState, deal: Mapping[str, Any]) -> None:
    """Refuse a deal in which a seat concedes what its parliament has not backed. Raises
    InputError.
    """
    if deal.get("kind") == CONCEDES_IN and deal.get("other") in GOVERNMENT:
        _check(room, str(deal["other"]))


def _check(room: RoomState, seat: str) -> None:
    if is_backed(room, seat):
        return
    yes, no = count(room, seat)
    raise InputError(
        "the parliament of {government} has not backed a concession ({yes} for, {no} against)",
        "let it vote, or leave the concession out",
        government=seats()[seat].name,
        yes=yes,
        no=no,
    )


def headline(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """The press prints a headline: what will be true by the end of the half-year, how sure it is,
    and the words of the paper.
    """
    room.wants("brief", "talk")
    person = _person_at(room, event, PRESS)
    text = clean_line(event.get("text"))
    printed = Headline(
        room.game.played + 1, person.number, _word(event.get("claim")), event.get("sure"), text
    )
    check_headline(printed, room.headlines)
    room.headlines.append(printed)


def take_back_headline(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A headline of this round is taken back, by who wrote it."""
    room.wants("brief", "talk")
    person, claim = _person_at(room, event, PRESS), event.get("claim")
    for one in room.headlines:
        if (one.round, one.person, one.claim) == (room.game.played + 1, person.number, claim):
            room.headlines.remove(one)
            return
    raise InputError(
        "headline '{value}' is none of yours of this round", "look at the page again", value=claim
    )


def blank_headline(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
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
    person = _person_at(room, event, MARKET)
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


def _person_at(room: RoomState, event: Mapping[str, Any], place: str) -> Person:
    person = room.person_of(event)
    if person.place != place:
        raise InputError(
            "'{value}' sits in another place, where this is not done",
            "look at the page again",
            value=person.name,
        )
    return person
