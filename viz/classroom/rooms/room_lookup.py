"""Finding a room by its code, and a seat by its token: who guesses is slowed down by his address,
whatever pages he opens.

Wrong tries are counted and right ones are not, so that a class of forty behind one address joins at
once; a right token is let in always, so that nobody locks others out of their seats by guessing
beside them. A code is one of sixteen million: at 200 tries an hour, a room is hit once in ten
years.
"""

from __future__ import annotations

from typing import Final

from coercivity import InputError
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.registry import rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.tokens import read_code
from coercivity.viz.server.visitor import visitor
from coercivity.viz.words.language import noted

CODES: Final = noted("wrong codes")
WRONG: Final = (Brake(30, 60.0, what=CODES), Brake(200, 3600.0, what=CODES))


class ExpiredLink(InputError):
    """An address that opens no seat any more: the seat was freed, or the room is gone."""


def room_of(code: object) -> Room:
    """The room of a code.

    Raises InputError, also where too many codes were wrong of late; what is no code at all tells
    nothing and is not counted.
    """
    wanted, who = read_code(code), visitor()
    for brake in WRONG:
        brake.check(who)
    try:
        return rooms().get(wanted)
    except InputError:
        _count(who)
        raise


def seat_of(code: str, token: str) -> tuple[Room, str]:
    """The room and the seat (or 'facilitator') of a token.

    Raises ExpiredLink, and after too many wrong ones another InputError, which tells nothing of
    the room either.
    """
    wanted = read_code(code)
    try:
        room = rooms().get(wanted)
        if who := room.who(token):
            return room, who
        wrong = ExpiredLink(
            "this address opens no seat of the room (any more)",
            "join with the code, or ask the facilitator",
        )
    except InputError as error:
        wrong = ExpiredLink(error.what, error.fix)
    _count(visitor())
    raise wrong


def _count(who: str) -> None:
    for brake in WRONG:
        brake.check(who)
    for brake in WRONG:
        brake.ask(who)
