"""Parliaments: where a state of the game has one with people in it, a concession to China needs its
backing, more for it than against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.table import GOVERNMENT, seats
from coercivity.viz.classroom.rooms.pieces import BOARD
from coercivity.viz.classroom.rooms.state import RoomState

CONCEDES: Final = "concession"  # the card
CONCEDES_IN: Final = "licences"  # the deal, for its other party


def back(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
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
